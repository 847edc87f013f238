package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// stet build --watch makes the edition again when files change and when the time
// comes at which it changes by itself; what is wrong does not end it, Ctrl-C
// does.
func TestBuildWatch(t *testing.T) {
	k := newShell(t)
	w := k.watch("build", "--watch", "--cache", "../cache")
	page := filepath.Join(k.dir, "public/news/2026/01/s1/index.html")
	w.until("the first edition", func() bool {
		return contains(page, "Text 1.") && strings.Contains(w.said.String(), "watching the site")
	})

	k.write("content/news/s1.md", "---\ntitle: Story 1\ndate: 2026-01-02\n---\nOther words.\n")
	w.until("an edit", func() bool { return contains(page, "Other words.") })

	k.write("content/news/s1.md", "---\ntitle: [Story 1\ndate: 2026-01-02\n---\nThird words.\n")
	w.until("an error", func() bool { return strings.Contains(w.said.String(), "public is as it was") })
	if !contains(page, "Other words.") {
		t.Error("a page was made in spite of an error")
	}
	k.write("content/news/s1.md", "---\ntitle: Story 1\ndate: 2026-01-02\n---\nThird words.\n")
	w.until("the error is mended", func() bool { return contains(page, "Third words.") })

	yaml, err := os.ReadFile(filepath.Join(k.dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	k.write("site.yaml", "")
	w.until("no settings", func() bool { return strings.Contains(w.said.String(), "there is no site.yaml") })
	k.write("site.yaml", string(yaml))

	at := time.Now().Add(4 * time.Second).UTC()
	k.write("content/news/soon.md", "---\ntitle: Soon\ndate: "+at.Format(time.RFC3339)+"\n---\nSoon.\n")
	soon := filepath.Join(k.dir, "public/news", at.Format("2006/01"), "soon/index.html")
	w.until("it is known", func() bool { return strings.Contains(w.said.String(), "soon.md (future") })
	if contains(soon, "") && time.Now().Before(at) {
		t.Error("a story was published before its time")
	}
	w.until("a story's time comes", func() bool { return contains(soon, "Soon.") })
	w.end()
}

// A watched is a stet that runs until it is told to end.
type watched struct {
	*shell
	cmd  *exec.Cmd
	said said
}

// said is what a program prints, which may be read while it does.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (k *shell) watch(args ...string) *watched {
	k.Helper()
	w := &watched{shell: k, cmd: exec.Command(k.stet, args...)}
	w.cmd.Dir, w.cmd.Env = k.dir, append(os.Environ(), "TZ=UTC")
	w.cmd.Stdout, w.cmd.Stderr = io.Writer(&w.said), io.Writer(&w.said)
	if err := w.cmd.Start(); err != nil {
		k.Fatal(err)
	}
	k.Cleanup(func() { w.cmd.Process.Kill() })
	return w
}

// until waits for something to become true.
func (w *watched) until(what string, is func() bool) {
	w.Helper()
	for deadline := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("%s: not after a minute\n%s", what, &w.said)
		}
	}
}

// end is Ctrl-C.
func (w *watched) end() {
	w.Helper()
	if err := w.cmd.Process.Signal(os.Interrupt); err != nil {
		w.Fatal(err)
	}
	if err := w.cmd.Wait(); err != nil {
		w.Errorf("Ctrl-C ends it with %v\n%s", err, &w.said)
	}
}

func contains(name, text string) bool {
	data, err := os.ReadFile(name)
	return err == nil && bytes.Contains(data, []byte(text))
}
