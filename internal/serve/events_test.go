package serve

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// serving is a server that ends after those that listen to it.
func serving(t *testing.T, h http.Handler) *httptest.Server {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

// A listener reads a page's event stream.
type listener struct {
	t    *testing.T
	body io.ReadCloser
	read *bufio.Reader
}

func listen(t *testing.T, url, query string) *listener {
	t.Helper()
	r, err := http.Get(url + "/_stet/events?" + query)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Header.Get("Content-Type"); r.StatusCode != 200 || got != "text/event-stream; charset=utf-8" || r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Fatalf("got %s, %v", r.Status, r.Header)
	}
	t.Cleanup(func() { r.Body.Close() })
	return &listener{t, r.Body, bufio.NewReader(r.Body)}
}

func (l *listener) next() (n news) {
	l.t.Helper()
	for {
		line, err := l.read.ReadString('\n')
		if err != nil {
			l.t.Fatal(err)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			if err := json.Unmarshal([]byte(data), &n); err != nil {
				l.t.Fatal(err)
			}
			return n
		}
	}
}

// A page is told of what it rests on, also of what it missed.
func TestEvents(t *testing.T) {
	p := NewPreview(edition, Options{})
	s := serving(t, p)
	p.Show(Edition{Changed: []string{"a/index.html", "b/index.html", "x.css", "feed.xml"}})
	at := func(n int) string { return fmt.Sprintf("run=%s&edition=%d&", p.run, n) }

	a, b := listen(t, s.URL, at(1)+"file=a/index.html"), listen(t, s.URL, at(1)+"file=404.html&file=b/index.html")
	if n := a.next(); n.Changed || n.Edition != 1 || n.Run != p.run || n.Assets != nil {
		t.Errorf("at first: %+v", n)
	}
	b.next()
	p.Show(Edition{Title: "T", AsOf: "2026", Changed: []string{"a/index.html", "x.css", "y.svg", "feed.xml"}, Unpublished: unpublished, Problems: []Problem{warned, broken}})
	n := a.next()
	if !n.Changed || n.Edition != 2 || n.Title != "T" || n.AsOf != "2026" || n.MayAsk || n.Hidden != 4 || n.Reload {
		t.Errorf("changed: %+v", n)
	}
	if len(n.Problems) != 2 || n.Problems[0].Text != broken.Text || n.Problems[0].Excerpt != broken.Excerpt || n.Problems[0].Place != "content/world/fire.md:4:1" || n.Problems[0].Edit != "" {
		t.Errorf("problems: %+v", n.Problems)
	}
	if n := b.next(); n.Changed || n.Edition != 2 || len(n.Assets) != 2 {
		t.Errorf("not changed: %+v", n)
	}
	p.Show(Edition{Removed: []string{"b/index.html"}})
	if n := b.next(); !n.Changed || n.Assets != nil || len(n.Problems) != 0 {
		t.Errorf("removed: %+v", n)
	}
	for query, want := range map[string]bool{
		at(1) + "file=a/index.html":             true,  // slept through it
		at(2) + "file=a/index.html":             false, // knows it
		at(0) + "file=c/index.html":             false,
		at(2) + "file=b/index.html":             true,
		"run=other&edition=3&file=c/index.html": true,
		"":                                      true,
		at(3) + "":                              false,
		"run=" + p.run + "&edition=x":           true,
	} {
		if n := listen(t, s.URL, query).next(); n.Changed != want || n.Edition != 3 {
			t.Errorf("%s: %+v", query, n)
		}
	}
}

// Much is told in few words.
func TestManyNews(t *testing.T) {
	p := NewPreview(edition, Options{})
	e := Edition{}
	for i := range maxProblems + 7 {
		e.Problems = append(e.Problems, warned)
		for j := range 3 {
			e.Changed = append(e.Changed, fmt.Sprintf("%d-%d.svg", i, j))
		}
	}
	e.Problems = append(e.Problems, broken)
	p.Show(e)
	if n := p.news(nil, 0); len(n.Problems) != maxProblems || n.More != 8 || n.Problems[0].Text != broken.Text || n.Assets != nil || !n.Reload {
		t.Errorf("got %d problems, %d more, %d assets", len(n.Problems), n.More, len(n.Assets))
	}
	if n := p.news(nil, 1); n.Reload {
		t.Error("nothing new loads anew")
	}
}

func (p *Preview) listeners() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.streams)
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("never:", what)
}

// Who is gone, or reads nothing, is dropped; who listens quietly is not.
func TestDropped(t *testing.T) {
	p := NewPreview(edition, Options{})
	p.grace, p.beat = 100*time.Millisecond, 20*time.Millisecond
	s := serving(t, p)
	gone, quiet := listen(t, s.URL, ""), listen(t, s.URL, "")
	gone.next()
	quiet.next()
	gone.body.Close()
	eventually(t, "the gone is dropped", func() bool { return p.listeners() == 1 })
	time.Sleep(3 * p.grace)
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET /_stet/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
	eventually(t, "the slow one listens", func() bool { return p.listeners() == 2 })
	go io.Copy(io.Discard, quiet.read)
	loud := broken
	loud.Excerpt = strings.Repeat("x", 32<<20)
	p.Show(Edition{Problems: []Problem{loud}})
	eventually(t, "the slow one is dropped", func() bool { return p.listeners() == 1 })
}

// A server that ends does not wait for those who listen.
func TestEndOfEvents(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan net.Addr, 1), make(chan error, 1)
	p := NewPreview(edition, Options{})
	go func() { ended <- Listen(ctx, "127.0.0.1:0", p, func(a net.Addr) { ready <- a }) }()
	l := listen(t, "http://"+(<-ready).String(), "")
	l.next()
	start := time.Now()
	cancel()
	if err := <-ended; err != nil || time.Since(start) > patience/2 {
		t.Errorf("it ended after %v with %v", time.Since(start), err)
	}
	eventually(t, "nobody listens", func() bool { return p.listeners() == 0 })
}
