package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// While one run is under way another leaves at once and says nothing, until the
// first has taken too long.
func TestRunLock(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"site.yaml":         "format: 1\ntitle: P\ntimezone: UTC\nbase_url: https://example.org/\ndeploy: {live: {to: www}}\n",
		"content/news/a.md": "---\ntitle: A\ndate: 2026-01-01\n---\nA.\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	var out, wrong bytes.Buffer
	s := &system{out: &out, err: &wrong, now: func() time.Time { return now }, env: func(string) string { return "" }}
	f := &runFlags{siteFlags: siteFlags{dir: dir, cache: "c"}, out: "public"}
	free, err := f.lock(s)
	if err != nil || free == nil {
		t.Fatal("the first gets it", err)
	}
	again := func() int {
		out.Reset()
		wrong.Reset()
		return run(context.Background(), []string{"run", "live", "-C", dir, "--cache", "c"}, s)
	}
	if status := again(); status != 0 || out.Len()+wrong.Len() > 0 {
		t.Errorf("the second ends with %d and says %q %q", status, out.String(), wrong.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "www")); err == nil {
		t.Error("the second has sent something")
	}
	now = now.Add(2 * longest)
	if status := again(); status != 1 || !strings.Contains(wrong.String(), "another run is under way since") {
		t.Errorf("after two hours it ends with %d and says %q", status, wrong.String())
	}
	free()
	if status := again(); status != 0 || !strings.HasPrefix(out.String(), "live: edition 1") {
		t.Errorf("when the first has ended it ends with %d and says %q %q", status, out.String(), wrong.String())
	}
}
