package main

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Ten thousand files are written while the preview cannot listen, so that the
// system loses count of them, and then a folder that it was never told of. That
// folder is written in, which is seen only by who looked anew after the loss.
func TestGalleyBurst(t *testing.T) {
	if testing.Short() {
		t.Skip("10,000 files take a while")
	}
	const files = 10000 // two events each
	var queue int
	if data, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events"); err == nil {
		fmt.Sscan(string(data), &queue)
	}
	if queue == 0 || queue >= 2*files {
		t.Logf("nothing is lost here: %d events may wait", queue)
	}
	w := newWriter(t, 1, "archive: off\nfeeds: {formats: []}\n")
	w.write("site.yaml", strings.Replace(w.read("site.yaml"), "per_page: 3", "per_page: 500", 1))
	w.serve()
	w.settled("the start")
	w.patience = 5 * time.Minute
	w.must(w.cmd.Process.Signal(syscall.SIGSTOP))
	for i := range files {
		w.write(fmt.Sprintf("content/town/burst-%d.md", i), fmt.Sprintf("---\ntitle: Burst %d\ndate: 2026-01-%02d\n---\nB.\n", i, 1+i%28))
	}
	w.write("content/town/unheard/of/a.md", "---\ntitle: Unheard of\ndate: 2026-02-01\n---\nA.\n")
	w.must(w.cmd.Process.Signal(syscall.SIGCONT))
	w.becomes("the burst", func() string {
		if a := w.get(w.url + "town/2026/02/a/"); a.status != http.StatusOK {
			return fmt.Sprintf("the last file of it is %d", a.status)
		}
		return ""
	})
	w.quiet()
	w.write("content/town/unheard/of/b.md", w.newStory())
	w.settled("an edit in a folder of which nothing was heard")
	w.end()
}
