package service

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"stet/internal/comments"
	"stet/internal/threads"
)

// The edition is fetched when it is another one, and kept as it was while the
// newspaper is out of reach or says what cannot be meant.
func TestFetch(t *testing.T) {
	var text atomic.Value
	var asked, sent atomic.Int64
	text.Store(editionText)
	press := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		now := text.Load().(string)
		if r.URL.Path != "/paper/comments.json" || now == "" {
			http.Error(w, "no", http.StatusBadGateway)
			return
		}
		tag := `"` + sum(nil, now) + `"`
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent.Add(1)
		w.Write([]byte(now))
	}))
	defer press.Close()
	b := newBench(t, func(o *Options) { o.Edition, o.Paper = nil, press.URL+"/paper" })
	again := func(want string) {
		t.Helper()
		err := b.Refresh(t.Context())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("it says %v, not %q", err, want)
		}
	}
	knows := func(story string, want int) {
		t.Helper()
		b.is(b.get(plainReader, "/token?story="+url.QueryEscape(story)), want)
	}
	again("")
	if asked.Load() != 2 || sent.Load() != 1 {
		t.Errorf("asked %d times, and sent %d", asked.Load(), sent.Load())
	}
	for wrong, want := range map[string]string{
		"": "502 Bad Gateway", "{": "cannot be read", `{"stories": [{"id": "x", "url": "//evil.example/"}]}`: "no story with an address of the newspaper",
		`{"stories": [{"id": "x", "url": "https://evil.example/"}]}`:      "no story",
		`{"stories": [{"id": "x", "url": "/\\evil.example/"}]}`:           "no story",
		`{"stories": [{"id": "", "url": "/x/"}]}`:                         "no story",
		`{"paper": "` + strings.Repeat("x", editionSize) + `"}`:           "has more than 64 MB",
		`{"stories": [{"id": "x", "url": "/x/?next=//evil.example"}]}`:    "no story",
		`{"stories": [{"id": "x", "url": "/x/", "title": {"en": "no"}}]}`: "cannot be read",
	} {
		text.Store(wrong)
		again(want)
		knows(fire, 200)
	}
	const late = "/town/2026/11/flood/"
	text.Store(strings.Replace(editionText, shut, late, 2))
	knows(late, 404) // just asked
	b.wait(editionRest)
	knows(late, 200) // published meanwhile
	knows(shut, 200) // it was there once, and takes nothing any more
	b.is(b.send(plainReader, "/comment", wrote(shut, "Ada", "x")), 409)
	if st, err := b.store.Story(t.Context(), shut); err != nil || st.Title != "The bridge" || st.Open {
		t.Errorf("the store remembers %+v, %v", st, err)
	}
	before := asked.Load()
	for range 50 {
		knows("/nothing/", 404)
	}
	if asked.Load() > before+1 {
		t.Errorf("the newspaper was asked %d times for nothing", asked.Load()-before)
	}
	b.silent("evil.example/x") // the log says what is wrong, and no story
}

// The policy is a page of the newspaper's, or none is linked to.
func TestPolicy(t *testing.T) {
	for policy, want := range map[string]string{"/about/#comments": `href="https://news.example/about/#comments"`, "/p/%D8%AD/": `href="https://news.example/p/%D8%AD/"`,
		"javascript:alert(1)": "", "//evil.example/": "", "https://evil.example/": "", "": ""} {
		b := newBench(t, func(o *Options) {
			o.Edition = fstest.MapFS{threads.EditionFile: {Data: []byte(strings.Replace(editionText, "/comment-policy/", policy, 1))}}
		})
		page := b.send(plainReader, "/comment", wrote(fire, "Ada", "x"))
		if b.is(page, 200, want); strings.Contains(page.text, "Comment policy") != (want != "") || strings.Contains(page.text, "evil") || strings.Contains(page.text, "javascript") {
			t.Errorf("%s: %s", policy, page.text)
		}
	}
}

// A service that begins while the newspaper is out of reach goes by what it knew.
func TestBeginsAlone(t *testing.T) {
	b := newBench(t)
	alone, err := New(t.Context(), Options{Store: b.store, Paper: "http://127.0.0.1:1", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := alone.Refresh(t.Context()); err == nil {
		t.Error("it has reached nothing")
	}
	server := httptest.NewServer(alone)
	defer server.Close()
	b.url = server.URL
	b.is(b.send(plainReader, "/comment", wrote(fire, "Ada", "Still here"), "Origin", "http://127.0.0.1:1"), 200, "Fire at the mill")
	b.is(b.send(plainReader, "/comment", wrote(shut, "Ada", "Still here"), "Origin", "http://127.0.0.1:1"), 409)
	b.is(b.send(plainReader, "/comment", wrote(fire, "the  pellmouth lantern", "We say"), "Origin", "http://127.0.0.1:1"), 422, "The Pellmouth Lantern")
}

// From a folder it is read when the file has changed.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, threads.EditionFile)
	write := func(text string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	write(editionText, time.Unix(1000, 0))
	b := newBench(t, func(o *Options) { o.Edition = os.DirFS(dir) })
	write(`{"stories": []}`, time.Unix(2000, 0))
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.is(b.send(plainReader, "/comment", wrote(fire, "Ada", "x")), 409)
	os.Remove(name)
	if err := b.Refresh(t.Context()); err == nil {
		t.Error("a file that is gone is no error")
	}
}

// Addresses of a service that could not work are said before it starts.
func TestNewWrong(t *testing.T) {
	store, err := comments.Open(t.Context(), filepath.Join(t.TempDir(), "c.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for _, o := range []Options{{Paper: ""}, {Paper: "news.example"}, {Paper: "ftp://news.example"}, {Paper: news1, URL: "/comments"}, {Paper: news1, Origins: []string{"*"}}, {Paper: news1 + "/?x"}, {Paper: "https://me:secret@news.example"}} {
		o.Store, o.Now = store, time.Now
		if _, err := New(t.Context(), o); err == nil || !strings.Contains(err.Error(), "is no address") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
