package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func well(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// What was sent is read back from where readers get it; what is not as it was sent
// is an error, until it is.
func TestDeployVerify(t *testing.T) {
	dir := t.TempDir()
	www := filepath.Join(dir, "www")
	server := httptest.NewServer(http.FileServer(http.Dir(www)))
	t.Cleanup(server.Close)
	for name, text := range map[string]string{
		"site.yaml":         "format: 1\ntitle: P\ntimezone: UTC\nbase_url: " + server.URL + "/\nredirects: [{from: /old/, to: /news/}]\ndeploy: {live: {to: www}}\n",
		"content/news/a.md": "---\ntitle: A\ndate: 2026-01-01\n---\nA.\n",
	} {
		well(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		well(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	var out, said bytes.Buffer
	s := &system{out: &out, err: &said, now: time.Now, env: func(string) string { return "" }}
	stet := func(want int, args ...string) {
		t.Helper()
		out.Reset()
		said.Reset()
		if status := run(context.Background(), append(args, "-C", dir), s); status != want {
			t.Fatalf("stet %s ends with %d: %s%s", strings.Join(args, " "), status, out.String(), said.String())
		}
	}
	says := func(want string) {
		t.Helper()
		if !strings.Contains(out.String()+said.String(), want) {
			t.Errorf("it does not say %q, but\n%s%s", want, out.String(), said.String())
		}
	}
	stet(0, "build", "--no-cache", "--at", "2026-06-01")
	stet(0, "deploy", "live", "--verify")
	says("the server does not answer with the site's error page")
	says(" files back\n")
	page := filepath.Join(www, "news", "2026", "01", "a", "index.html")
	whole, err := os.ReadFile(page)
	well(t, err)
	well(t, os.WriteFile(page, []byte("tampered"), 0o644))
	stet(1, "deploy", "live", "--verify", "--json")
	var got deployReport
	well(t, json.Unmarshal(out.Bytes(), &got))
	if got.Verified == nil || *got.Verified < 10 || len(got.Problems) != 2 {
		t.Errorf("%+v", got)
	}
	says(server.URL + "/news/2026/01/a/: something else is there than was sent: 8 bytes, sent were ")
	well(t, os.WriteFile(page, whole, 0o644))
	well(t, os.WriteFile(filepath.Join(dir, "content/news/a.md"), []byte("---\ntitle: A\ndate: 2026-01-01\n---\nB.\n"), 0o644))
	stet(0, "build", "--no-cache", "--at", "2026-06-01")
	stet(0, "deploy", "live", "--verify")
	says("back: all is there")
	stet(0, "deploy", "live", "--verify")
	says("of the last deploy back: all is there")
}
