package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/output"
)

// What changes no byte of a page makes no page, says nothing, and has no open
// page load anew; what the preview writes itself does not start it.
func TestGalleyQuiet(t *testing.T) {
	for name, flags := range map[string][]string{"told": nil, "polled": {"--poll", "--no-compile"}} {
		t.Run(name, func(t *testing.T) {
			w := newWriter(t, 1, "").serve(flags...)
			w.settled("the start")
			w.quiet()
			said, before := w.said.String(), w.news("index.html")
			heard := w.hear("index.html", before)
			for _, name := range []string{"content/world/fire.md", "layouts/page.html", "static/photos/a.png", "static/assets/site.css", "data/polls.yaml", "site.yaml"} {
				now := time.Now()
				w.must(os.Chtimes(w.at(name), now, now))
				w.write(name, w.read(name))
			}
			for after := range heard {
				if after.Edition > before.Edition { // it was looked at
					break
				}
			}
			w.quiet()
			if after := w.since("index.html", before); after.Changed || after.Reload || len(after.Assets) > 0 {
				t.Errorf("a page that knows %d is told %+v, though nothing changed", before.Edition, after)
			}
			if now := w.said.String(); now != said {
				t.Errorf("it said %q, though nothing changed", now[len(said):])
			}

			w.write("content/town/new.md", w.newStory())
			w.settled("a new story")
			if after := w.since("index.html", before); !after.Changed {
				t.Errorf("the front page is told %+v, though it changed", after)
			}
			w.end()
		})
	}
}

// since is what a page is told that knows an earlier edition.
func (w *writer) since(file string, known heard) heard {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	var last heard
	if err := listenTo(ctx, w.stream(file, known), func(h heard) bool { last = h; return false }); err != nil {
		w.Fatal(err)
	}
	return last
}

func (w *writer) stream(file string, known heard) string {
	return fmt.Sprintf("%s_stet/events?file=%s&run=%s&edition=%d", w.url, file, known.Run, known.Edition)
}

// hear hears what an open page is told, until the test ends or it is too late.
func (w *writer) hear(file string, known heard) <-chan heard {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	w.Cleanup(cancel)
	all := make(chan heard)
	go func() {
		defer close(all)
		err := listenTo(ctx, w.stream(file, known), func(h heard) bool {
			select {
			case all <- h:
				return true
			case <-ctx.Done():
				return false
			}
		})
		if err != nil && w.Context().Err() == nil && ctx.Err() != nil {
			w.Errorf("the page was told nothing: %v", err)
		}
	}()
	return all
}

// With yesterday's edition in the cache the first page is there before anything
// is made: another program holds the lock on the edition's folder, so that
// nothing can be.
func TestGalleyRestart(t *testing.T) {
	w := newWriter(t, 1, "")
	port := freePort(t)
	w.serve("--addr", port)
	w.settled("the start")
	w.end()

	w.write("content/world/fire.md", w.read("content/world/fire.md")+"\nOvernight.\n")
	lock, err := output.Begin(t.Context(), filepath.Join(w.cache, "galley"), output.Options{})
	w.must(err)
	w.start("--addr", port)
	w.until("the first page", func() bool {
		a, err := ask(w.url)
		return err == nil && a.differs(w, "index.html", w.right.files["index.html"]) == ""
	})
	if d := w.differsInFiles(w.right.files); d != "" {
		t.Errorf("yesterday's edition is not as it was: %s", d)
	}
	if said := w.said.String(); strings.Contains(said, "made") {
		t.Errorf("it says %q while another program holds the folder", said)
	}
	w.must(lock.Discard())
	w.arrived()
	w.settled("the night")
	w.end()

	w.start("--addr", port)
	w.arrived()
	w.settled("the second night")
	if !strings.Contains(w.said.String(), "made 0 pages") {
		t.Errorf("of the same site pages were made again: %s", &w.said)
	}
	w.end()
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Two previews of one site do not disturb each other, whoever ends first.
func TestGalleyTwo(t *testing.T) {
	one := newWriter(t, 1, "").serve()
	two := &writer{watched: one.watched, ever: map[string]bool{}, cache: one.cache}
	two.serve("--addr", strings.TrimSuffix(strings.TrimPrefix(one.url, "http://"), "/")) // which is taken
	both := func(after string) {
		t.Helper()
		one.settled(after)
		two.settled(after)
		one.quiet()
		two.quiet()
		one.settled(after)
	}
	both("the start")
	one.write("content/world/fire.md", one.read("content/world/fire.md")+"\nFor both.\n")
	both("an edit")
	one.end()
	one.write("content/world/fire.md", one.read("content/world/fire.md")+"\nFor the second.\n")
	two.settled("the first has ended")
	one.serve()
	both("the first is back")
	one.end()
	two.end()
}

// A site that is wrong when the preview starts is shown as soon as it is right,
// and until then pages say what is wrong.
func TestGalleyStart(t *testing.T) {
	t.Run("wrong settings", func(t *testing.T) {
		w := newWriter(t, 1, "")
		right := w.read("site.yaml")
		w.write("site.yaml", right+"nonsense: 1\n")
		w.serve()
		a := w.get(w.url)
		if _, d := a.plain("/"); d != "" || a.status != http.StatusNotFound {
			t.Errorf("where there is nothing yet, the answer is %d and%s", a.status, d)
		}
		if n := w.news("index.html"); !slices.ContainsFunc(n.Problems, func(p place) bool { return p.Path == "site.yaml" }) {
			t.Errorf("pages are told of %v", n.Problems)
		}
		w.write("site.yaml", right)
		w.settled("the settings are right")
		w.end()
	})
	t.Run("wrong layouts", func(t *testing.T) {
		w := newWriter(t, 1, "")
		right := w.read("layouts/page.html")
		w.write("layouts/page.html", "{{ nonsense }}")
		w.serve()
		if n := w.news("index.html"); !slices.ContainsFunc(n.Problems, func(p place) bool { return p.Path == "layouts/page.html" }) {
			t.Errorf("pages are told of %v", n.Problems)
		}
		w.write("layouts/page.html", right)
		w.settled("the layouts are right")
		w.end()
	})
	t.Run("no content", func(t *testing.T) {
		w := newWriter(t, 1, "")
		w.must(os.RemoveAll(w.at("content")))
		w.write("site.yaml", "format: 1\ntitle: The Paper\ntimezone: UTC\n")
		w.serve("--no-cache", "--cache=")
		w.settled("the start")
		w.write("content/town/first.md", w.newStory())
		w.becomes("a first story", func() string {
			if strings.Contains(string(w.get(w.url).body), "New 0") {
				return ""
			}
			return "it is not on the front page"
		})
		w.end()
	})
}

// Ctrl-C ends it at any time: while the first edition is being made, with
// somebody waiting for it, too.
func TestGalleyInterrupted(t *testing.T) {
	w := newWriter(t, 1, "")
	for i := range 3000 {
		w.write(fmt.Sprintf("content/world/s%d.md", i), w.newStory())
	}
	port := freePort(t)
	w.start("--addr", port)
	waits := make(chan error, 1)
	w.until("somebody is let in", func() bool {
		c, err := net.Dial("tcp", port)
		if err != nil {
			return false
		}
		c.Close()
		go func() {
			_, err := ask("http://" + port + "/")
			waits <- err
		}()
		return true
	})
	w.end()
	select {
	case <-waits:
	case <-time.After(soon):
		t.Error("who waited for the first page still waits")
	}
}

// A preview as of another time is made once, not again and again because what was
// to come then has come.
func TestGalleyAsOf(t *testing.T) {
	w := newWriter(t, 1, "").serve()
	w.settled("the start")
	w.asOf(time.Date(2025, 2, 15, 0, 0, 0, 0, time.UTC))
	w.settled("another time was asked for")
	if w.right.files["town/2025/02/over/index.html"] == nil || w.right.files["town/2025/02/over/410.txt"] != nil {
		t.Error("a story that had not expired then is not shown")
	}
	w.quiet()
	w.write("content/world/fire.md", w.read("content/world/fire.md")+"\nThen.\n")
	w.settled("an edit")
	w.asOf(time.Time{})
	w.settled("now is asked for")
	if w.right.files["town/2025/02/over/410.txt"] == nil {
		t.Error("a story that has expired is shown")
	}
	w.quiet()
	w.end()

	w.start("--at", "2025-02-15 00:00")
	w.arrived()
	w.now = time.Date(2025, 2, 15, 0, 0, 0, 0, time.UTC)
	w.settled("--at")
	w.quiet()
	w.end()
}

// asOf asks for a time, as the panel does.
func (w *writer) asOf(when time.Time) {
	w.Helper()
	form := url.Values{"when": {""}}
	if w.now = when; !when.IsZero() {
		form.Set("when", when.Format("2006-01-02T15:04"))
	}
	resp, err := client.PostForm(w.url+"_stet/as-of", form)
	w.must(err)
	if resp.Body.Close(); resp.StatusCode != http.StatusNoContent {
		w.Errorf("a time is answered with %s", resp.Status)
	}
}

// Who comes from another machine must have the token.
func TestGalleyToken(t *testing.T) {
	w := newWriter(t, 1, "").serve("--addr", "0.0.0.0:0")
	address, token, ok := strings.Cut(strings.TrimSuffix(w.url, "/"), "?token=")
	if !ok || len(token) < 20 {
		t.Fatalf("it says %s", w.url)
	}
	if a := w.get(address); a.status != http.StatusForbidden {
		t.Errorf("without a token the answer is %d", a.status)
	}
	a := w.get(address + "?token=" + token)
	if a.status != http.StatusOK {
		t.Errorf("with the token the answer is %d", a.status)
	}
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if a := w.get(address+"about/", "Cookie", cookie); a.status != http.StatusOK {
		t.Errorf("with the cookie the answer is %d", a.status)
	}
	w.end()
}

// What is damaged in the preview's own folder while it runs is mended by the
// next change, whatever that touches.
func TestGalleyDamaged(t *testing.T) {
	w := newWriter(t, 1, "").serve()
	w.settled("the start")
	w.quiet()
	file, err := filepath.Glob(filepath.Join(w.cache, "*", "about", "index.html"))
	w.must(err)
	for _, damage := range []func() error{
		func() error { return os.Remove(file[0]) },
		func() error { return os.WriteFile(file[0], []byte("not ours"), 0o644) },
	} {
		w.must(damage())
		w.write("content/world/fire.md", w.read("content/world/fire.md")+"\nMore.\n")
		w.settled("the damage")
		w.quiet()
	}
	w.end()
}
