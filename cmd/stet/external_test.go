package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/cache"
)

// A strange is a site that answers in every way there is, and notes who asked.
type strange struct {
	mu    sync.Mutex
	asked []string
	busy  int
}

func (s *strange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	if !strings.HasPrefix(r.UserAgent(), "Stet/") {
		http.Error(w, "who are you", 404)
		return
	}
	switch r.URL.Path {
	case "/fine":
	case "/moved":
		http.Redirect(w, r, "/fine", http.StatusMovedPermanently)
	case "/aside":
		http.Redirect(w, r, "/fine", http.StatusFound)
	case "/round":
		http.Redirect(w, r, "/round", http.StatusMovedPermanently)
	case "/gone":
		w.WriteHeader(410)
	case "/nohead":
		if r.Method == http.MethodHead {
			w.WriteHeader(404)
		}
	case "/shut":
		w.WriteHeader(403)
	case "/busy":
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.busy++; s.busy == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(429)
		}
	case "/weary":
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(503)
	case "/slow":
		select {
		case <-r.Context().Done():
		case <-time.After(20 * time.Second):
		}
	case "/hangs-up":
		conn, _, _ := w.(http.Hijacker).Hijack()
		conn.Close()
	default:
		w.WriteHeader(404)
	}
}

func (s *strange) count(what string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.asked {
		if a == what {
			n++
		}
	}
	return n
}

func inquiryOf(base string, keep cache.Folder, at time.Time) *inquiry {
	q := newInquiry(&system{env: func(string) string { return "" }, now: func() time.Time { return at }}, keep, base)
	q.pause, q.client.Timeout = time.Millisecond, time.Second
	return q
}

func TestExternal(t *testing.T) {
	site := &strange{}
	server := httptest.NewServer(site)
	defer server.Close()
	secure := httptest.NewUnstartedServer(site)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + closed.Addr().String()
	closed.Close()
	want := map[string]string{
		server.URL + "/fine":     "fine",
		server.URL + "/moved":    "moved " + server.URL + "/fine",
		server.URL + "/aside":    "fine",
		server.URL + "/round":    "unknown there is no answer",
		server.URL + "/gone":     "dead it answers 410",
		server.URL + "/never":    "dead it answers 404",
		server.URL + "/nohead":   "fine",
		server.URL + "/shut":     "unknown it answers 403",
		server.URL + "/busy":     "fine",
		server.URL + "/slow":     "unknown there is no answer",
		server.URL + "/hangs-up": "unknown there is no answer",
		secure.URL + "/fine":     "dead its certificate cannot be trusted",
		nobody + "/":             "unknown there is no answer",
		"http://no such host/":   "dead it is no address of the web",
		"https://name.invalid/":  "dead there is no site of this name",
	}
	var addresses []string
	for address := range want {
		addresses = append(addresses, address)
	}
	slices.Sort(addresses)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	keep := cache.Folder{Dir: t.TempDir(), Version: "1"}
	q := inquiryOf(server.URL, keep, now)
	q.ask(context.Background(), addresses)
	for _, address := range addresses {
		a := q.answers[address]
		got := strings.TrimSpace(a.Fate + " " + a.Says)
		if strings.Contains(address, ".invalid") && a.Fate == "unknown" {
			continue // a machine without a resolver does not know even that
		}
		if !strings.HasPrefix(got, want[address]) || want[address] == "" {
			t.Errorf("%s: got %s, want %s", address, got, want[address])
		}
	}
	if n := site.count("HEAD /gone"); n != 1 || site.count("GET /fine") > 0 {
		t.Errorf("asked in vain: %v", site.asked)
	}

	// What is known is not asked again, what was dead for a day, what was there for 30.
	for _, c := range []struct {
		after            time.Duration
		fine, gone, shut int
	}{{time.Hour, 0, 0, 1}, {25 * time.Hour, 0, 1, 1}, {31 * 24 * time.Hour, 1, 1, 1}} {
		site.asked = nil
		inquiryOf(server.URL, keep, now.Add(c.after)).ask(context.Background(), []string{server.URL + "/fine", server.URL + "/gone", server.URL + "/shut"})
		if got := [3]int{site.count("HEAD /fine"), site.count("HEAD /gone"), site.count("HEAD /shut")}; got != [3]int{c.fine, c.gone, c.shut} {
			t.Errorf("after %s asked %v", c.after, site.asked)
		}
	}

	// Whoever asks to be let be is.
	site.asked = nil
	q = inquiryOf(server.URL, cache.Folder{}, now)
	q.ask(context.Background(), []string{server.URL + "/weary", server.URL + "/x"})
	if len(site.asked) != 1 || q.counted().Unknown != 2 {
		t.Errorf("let be: asked %v, %v", site.asked, q.answers)
	}

}

// Nobody else can ask this machine, which is not asked, nor led to.
func TestExternalPrivate(t *testing.T) {
	site := &strange{}
	server := httptest.NewServer(site)
	defer server.Close()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, base := range []string{"https://paper.example/", ""} {
		q := inquiryOf(base, cache.Folder{}, now)
		q.ask(context.Background(), []string{server.URL + "/fine", "http://localhost:1/", "http://10.0.0.1/", "http://[::1]/", "http://printer.local/"})
		if len(site.asked) > 0 || q.counted().Private != 5 || q.asked > 0 {
			t.Errorf("private: asked %v, %v", site.asked, q.answers)
		}
		if a, _ := q.try(context.Background(), http.MethodGet, server.URL+"/fine"); a.Fate != "private" {
			t.Errorf("a name that leads to this machine: %v", a)
		}
	}
}

// A check with --external says what is dead where it is written, and what it asked.
func TestCheckExternal(t *testing.T) {
	site := &strange{}
	server := httptest.NewServer(site)
	defer server.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"site.yaml":         "format: 1\ntitle: A\ntimezone: UTC\nbase_url: http://127.0.0.1:1/\n",
		"content/town/a.md": "---\ntitle: A\ndate: 2026-11-01\n---\nThe [one](URL/fine) and [another](URL/never).\n",
		"content/town/b.md": "---\ntitle: B\ndate: 2026-11-01\n---\nThe [same](URL/never).\n",
	} {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(strings.ReplaceAll(text, "URL", server.URL)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	check := func(args ...string) string {
		var out bytes.Buffer
		s := &system{out: &out, err: &out, env: func(string) string { return "" }, now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }}
		run(context.Background(), append([]string{"check", "-C", dir, "--cache", "kept"}, args...), s)
		return out.String()
	}
	if out := check(); strings.Contains(out, "external") || len(site.asked) > 0 {
		t.Errorf("asked without being told to: %v\n%s", site.asked, out)
	}
	out := check("--external")
	for _, want := range []string{
		"content/town/a.md:5:41: warning: the link to " + server.URL + "/never is dead: it answers 404 (link-external)", "content/town/b.md:5:12",
		"asked for 2 links, knew 0 from before", "checked 2 stories: 2 warnings, 0 errors",
	} {
		if want = strings.Replace(want, ":5:41", fmt.Sprintf(":5:%d", len("The [one]("+server.URL+"/fine) and [another](")+1), 1); !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	if out := check("--external", "--json"); !strings.Contains(out, `"known": 2`) || !strings.Contains(out, `"asked": 0`) || site.count("GET /never") != 1 {
		t.Errorf("asked again: %v\n%s", site.asked, out)
	}
}
