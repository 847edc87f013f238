package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A preview has drafts in it, is never in public/, and ends when it is told to.
func TestServe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "paper")
	s := &system{out: io.Discard, err: io.Discard, env: func(string) string { return "" }, now: time.Now}
	must(t, run(t.Context(), []string{"new", "site", dir, "--title", "The Test"}, s))
	must(t, run(t.Context(), []string{"new", "article", "Not yet", "--section", "news", "-C", dir}, s))

	ctx, end := context.WithCancel(t.Context())
	r, w := io.Pipe()
	s.out = w
	ended := make(chan int)
	cache := t.TempDir()
	go func() { ended <- run(ctx, []string{"serve", "-C", dir, "--addr", "127.0.0.1:0", "--cache", cache}, s) }()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "The Test is at http://127.0.0.1:") {
		t.Fatalf("it says %q, %v", line, err)
	}
	url := strings.Fields(line)[4]
	if body := get(t, url); !strings.Contains(body, "Not yet") || !strings.Contains(body, url) {
		t.Errorf("the front page has no draft, or not the address of the preview:\n%s", body)
	}
	end()
	must(t, <-ended)
	if _, err := os.Stat(filepath.Join(dir, "public")); err == nil {
		t.Error("a preview wrote public/")
	}
}

// A site under a path is previewed under it.
func TestServeBasePath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "paper")
	var errs bytes.Buffer
	s := &system{out: io.Discard, err: &errs, env: func(string) string { return "" }, now: time.Now}
	must(t, run(t.Context(), []string{"new", "site", dir}, s))
	set, err := os.ReadFile(filepath.Join(dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	set = append(set, "base_url: https://example.org/news/\n"...)
	if err := os.WriteFile(filepath.Join(dir, "site.yaml"), set, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	r, w := io.Pipe()
	s.out = w
	ended := make(chan int)
	cache := t.TempDir()
	go func() { ended <- run(ctx, []string{"serve", "-C", dir, "--addr", "127.0.0.1:0", "--cache", cache}, s) }()
	line, _ := bufio.NewReader(r).ReadString('\n')
	if !strings.Contains(line, "/news/ ") {
		t.Errorf("it says %q\n%s", line, errs.String())
	} else if body := get(t, strings.Fields(line)[3]); !strings.Contains(body, `href="/news/`) {
		t.Error("links have no base path")
	}
	end()
	must(t, <-ended)
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return string(body)
}

func must(t *testing.T, status int) {
	t.Helper()
	if status != done {
		t.Fatalf("it ended with %d", status)
	}
}
