package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// newServing prepares a small run of Stet's side alone.
func newServing(t *testing.T) (*serving, string) {
	t.Helper()
	work := t.TempDir()
	stet, err := buildStet(newSites(work).Bin, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return &serving{options: options{N: 40, Runs: 2, Seed: 1, Keep: true}, stet: stet, lull: 50 * time.Millisecond, spread: time.Millisecond, d: &dice{}, stderr: io.Discard}, work
}

// Each edit of a small archive is served and shown, all are in the pages at the
// end, and the server is ended.
func TestServeASmallArchive(t *testing.T) {
	s, work := newServing(t)
	p, err := s.measure(t.Context(), filepath.Join(work, "40"), s.N)
	if err != nil {
		t.Fatal(err)
	}
	stet := p.all[0]
	for _, line := range p.promises() {
		want := s.Runs
		switch line.name {
		case firstStart:
			want = 1
		case laterStart:
			want = restarts
		}
		if got := stet.took[line.name]; len(got) != want || got.walls()[0] <= 0 {
			t.Errorf("%s: %v, want %d", line.name, got, want)
		}
	}
	if stet.peak < 1e6 && runtime.GOOS != "windows" {
		t.Errorf("its peak is %d bytes", stet.peak)
	}
	if _, err := stet.server.get(t.Context(), "/"); err == nil {
		t.Error("it serves still")
	}
	if len(stet.marks) < 2*s.Runs || stet.anywhere != `<footer class="edit-1007">` {
		t.Errorf("what must be shown: %q, %q", stet.marks, stet.anywhere)
	}

	// A page that does not show an edit, and an editor that breaks off.
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	if err := stet.start(ctx, laterStart); err != nil {
		t.Fatal(err)
	}
	defer stet.server.stop()
	if err := stet.check(ctx); err != nil {
		t.Error(err)
	}
	stet.marks["/"] = []string{"Edit 9."}
	if err := stet.check(ctx); err == nil || err.Error() != `/ does not show "Edit 9." after all edits` {
		t.Errorf("an edit that is lost: %v", err)
	}
	stop()
	select {
	case <-stet.server.ended:
	case <-time.After(farewell):
		t.Error("the server outlives the bench")
	}
	if err := s.round(ctx, p.all, 2); err == nil {
		t.Error("edits were made when the user had broken off")
	}
}

// A server that cannot start is an error that says why.
func TestServerThatEnds(t *testing.T) {
	s, _ := newServing(t)
	_, err := startServer(t.Context(), t.TempDir(), func(string) []string { return []string{s.stet, "serve", "--no-such-flag"} })
	if err == nil || !strings.Contains(err.Error(), "has ended: exit status 2") || !strings.Contains(err.Error(), "no-such-flag") {
		t.Error(err)
	}
}

// A page with the old bytes, one that is not there and one that was sent in
// part are waited for.
func TestAwait(t *testing.T) {
	answers := []string{"old</html>", "", "Edit 1.", "Edit 1.</html>", "never"}
	asked := 0
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-Fetch-Mode") != "navigate" {
			t.Error("the page is asked for as if it were none")
		}
		text := answers[asked]
		asked++
		if text == "" {
			http.NotFound(w, r)
		}
		io.WriteString(w, text)
	}))
	defer host.Close()
	s := &server{url: host.URL, ended: make(chan struct{})}
	if _, err := s.await(t.Context(), "/a/", "Edit 1."); err != nil || asked != 4 {
		t.Errorf("after %d requests: %v", asked, err)
	}
}

// Hugo's pages are told by the LiveReload protocol: greeted first, and then to
// load anew.
func TestLivereload(t *testing.T) {
	edited := make(chan struct{})
	host := httptest.NewServer(websocket.Handler(func(conn *websocket.Conn) {
		var hello string
		if err := websocket.Message.Receive(conn, &hello); err != nil || !strings.Contains(hello, `"command":"hello"`) {
			t.Errorf("%q, %v", hello, err)
		}
		websocket.Message.Send(conn, `{"command": "hello", "serverName": "Hugo"}`)
		if _, open := <-edited; open {
			websocket.Message.Send(conn, `{"command":"reload","path":"/x.js","liveCSS":true}`)
		}
	}))
	defer host.Close()
	s := &server{url: host.URL}
	ear, err := listenLivereload(t.Context(), s, "/")
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-ear.news:
		t.Error("there was news before anything was written")
	case <-time.After(20 * time.Millisecond):
	}
	before := time.Now()
	edited <- struct{}{}
	if at, err := ear.wait(t.Context()); err != nil || at.Before(before) {
		t.Errorf("%v, %v", at, err)
	}
	ear.stop()

	if ear, err = listenLivereload(t.Context(), s, "/"); err != nil {
		t.Fatal(err)
	}
	close(edited)
	if _, err := ear.wait(t.Context()); err == nil {
		t.Error("a preview that hangs up told something")
	}
}

// Pages far away lie in the older half, each another as far as there are so many.
func TestFarPages(t *testing.T) {
	for _, test := range []struct{ n, runs, want int }{{1000, 20, 20}, {40, 2, 2}, {10, 20, 5}} {
		pages, err := farPages(test.n, test.runs, 1)
		if err != nil || len(pages) != test.want {
			t.Errorf("of %d, for %d runs: %q, %v", test.n, test.runs, pages, err)
		}
	}
	if page := storyPage("content/world/2006/01/a-1.md"); page != "/world/2006/01/a-1/" {
		t.Error(page)
	}
}

// The folder is removed at the end, and left there if that is wanted.
func TestWorkFolder(t *testing.T) {
	for _, keep := range []bool{false, true} {
		o := options{Dir: t.TempDir(), Keep: keep}
		work, done, err := o.workFolder(1, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		done()
		if _, err := os.Stat(work); (err == nil) != keep {
			t.Errorf("keep %v: %v", keep, err)
		}
	}
}
