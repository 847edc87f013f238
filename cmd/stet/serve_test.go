package main

import (
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
	var out said
	s.out = &out
	ended := make(chan int)
	cache := t.TempDir()
	go func() { ended <- run(ctx, []string{"serve", "-C", dir, "--addr", "127.0.0.1:0", "--cache", cache}, s) }()
	url := address(t, &out, "The Test")
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
	var out said
	s.out = &out
	ended := make(chan int)
	cache := t.TempDir()
	go func() { ended <- run(ctx, []string{"serve", "-C", dir, "--addr", "127.0.0.1:0", "--cache", cache}, s) }()
	url := address(t, &out, "Paper")
	if !strings.HasSuffix(url, "/news/") {
		t.Errorf("it is at %s\n%s", url, errs.String())
	} else if body := get(t, url); !strings.Contains(body, `href="/news/`) {
		t.Error("links have no base path")
	}
	end()
	must(t, <-ended)
}

// address waits for the preview to say where it is.
func address(t *testing.T, out *said, title string) string {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, rest, ok := strings.Cut(out.String(), title+" is at "); ok {
			url, _, _ := strings.Cut(rest, " ")
			return url
		}
	}
	t.Fatalf("it says %q", out)
	return ""
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
