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
	case "/always":
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(429)
	case "/weary", "/weary/1", "/weary/2":
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
}

// A busy page is put off and the other links of its site are asked for; a site that
// is busy whatever is asked for is let be.
func TestExternalBusy(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		name, paths, want, asked string
	}{
		{"one page", "/weary /fine /gone", "/fine fine, /gone dead it answers 410, /weary unknown it answers 503, and asks to come again in 1 hour", "HEAD /weary, HEAD /fine, HEAD /gone, GET /gone"},
		{"one that says when", "/busy /fine", "/busy fine, /fine fine", "HEAD /busy, HEAD /fine, HEAD /busy"},
		{"one that is always busy", "/always /fine", "/always unknown it answers 429 again, /fine fine", "HEAD /always, HEAD /fine, HEAD /always"},
		{"all of them", "/weary/1 /weary/2 /always /fine /gone",
			"/always unasked its site was busy 3 times in a row, /fine unasked its site was busy 3 times in a row, /gone unasked its site was busy 3 times in a row, /weary/1 unknown it answers 503, and asks to come again in 1 hour, /weary/2 unknown it answers 503, and asks to come again in 1 hour",
			"HEAD /weary/1, HEAD /weary/2, HEAD /always"},
	} {
		t.Run(x.name, func(t *testing.T) {
			site := &strange{}
			server := httptest.NewServer(site)
			defer server.Close()
			var addresses, got []string
			for _, p := range strings.Fields(x.paths) {
				addresses = append(addresses, server.URL+p)
			}
			q := inquiryOf(server.URL, cache.Folder{}, now)
			q.ask(context.Background(), addresses)
			for _, address := range slices.Sorted(slices.Values(addresses)) {
				a := q.answers[address]
				got = append(got, strings.TrimSpace(strings.TrimPrefix(address, server.URL)+" "+a.Fate+" "+a.Says))
			}
			if s := strings.Join(got, ", "); s != x.want {
				t.Errorf("it is known: %s", s)
			}
			if s := strings.Join(site.asked, ", "); s != x.asked {
				t.Errorf("asked: %s", s)
			}
		})
	}
	v := visit{pause: time.Second, left: askWaits}
	var waits []string
	for _, later := range []time.Duration{0, 30 * time.Second, time.Hour, 30 * time.Second, 30 * time.Second, 30 * time.Second, 0} {
		v.busy(later)
		waits = append(waits, v.next().String())
	}
	if s := strings.Join(waits, " "); s != "1s 31s 5s 31s 31s 27s 1s" {
		t.Errorf("it waits %s", s)
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
		if len(site.asked) > 0 || q.counted(func(string) []string { return nil }).Private != 5 || q.asked > 0 {
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
		"content/port/c.md": "---\ntitle: C\ndate: 2026-11-01\n---\nA [third](URL/weary) and a [fourth](URL/fine).\n",
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
	out := check("--external", "content/town")
	if strings.Contains(out, "/weary") || site.count("HEAD /weary") > 0 || site.count("HEAD /fine") != 1 {
		t.Errorf("a path does not limit who is asked: %v\n%s", site.asked, out)
	}
	os.RemoveAll(filepath.Join(dir, "kept"))
	site.asked = nil
	out = check("--external")
	for _, want := range []string{
		"content/town/a.md:5:41: warning: the link to " + server.URL + "/never is dead: it answers 404 (link-external)", "content/town/b.md:5:12",
		"asked for 3 links, knew 0 from before; 1 gave no clear answer", "checked 3 stories: 2 warnings, 0 errors",
		"    no clear answer from " + server.URL + "/weary, in content/port/c.md: it answers 503, and asks to come again in 1 hour\n",
	} {
		if want = strings.Replace(want, ":5:41", fmt.Sprintf(":5:%d", len("The [one]("+server.URL+"/fine) and [another](")+1), 1); !strings.Contains(out, want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	if out := check("--external", "--json"); !strings.Contains(out, `"known": 2`) || !strings.Contains(out, `"asked": 1`) || !strings.Contains(out, `"fate": "unknown"`) || site.count("GET /never") != 1 {
		t.Errorf("asked again: %v\n%s", site.asked, out)
	}
}
