package service

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"stet/internal/comments"
	"stet/internal/threads"
)

const (
	news1 = "https://news.example"
	fire  = "/town/2026/11/mill-fire/"
	harbr = "/ar/town/2026/11/حريق/"
	shut  = "/town/2026/11/bridge/"
)

const editionText = `{"paper": "The Pellmouth Lantern", "languages": {
"en": {"paper": "The Pellmouth Lantern", "dir": "ltr", "url": "/", "policy": "/comment-policy/"},
"ar": {"paper": "فانوس بلماوث", "dir": "rtl", "url": "/ar/", "policy": ""}}, "length": 1500,
"stories": [
{"id": "/town/2026/11/mill-fire/", "url": "/town/2026/11/mill-fire/", "title": "Fire at the mill", "lang": "en", "comments": true, "rating": true},
{"id": "/town/2026/11/bridge/", "url": "/town/2026/11/bridge/", "title": "The bridge", "lang": "en", "comments": false, "rating": true},
{"id": "/ar/town/2026/11/حريق/", "url": "/ar/town/2026/11/حريق/", "title": "حريق في الطاحونة", "lang": "ar", "comments": true, "rating": false}
]}`

// A bench has a service with a store of its own, on a server.
type bench struct {
	testing.TB
	*Service
	url string

	mu    sync.Mutex
	log   []string
	late  atomic.Int64              // by how much the clock is ahead
	still atomic.Pointer[time.Time] // where it stands, if it does
}

// newBench starts a service; options may change what it is.
func newBench(t testing.TB, options ...func(*Options)) *bench {
	t.Helper()
	b := &bench{TB: t}
	store, err := comments.Open(t.Context(), filepath.Join(t.TempDir(), "comments.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	o := Options{Store: store, Paper: news1, Edition: fstest.MapFS{threads.EditionFile: {Data: []byte(editionText)}}, Key: "0123456789abcdef",
		Now: b.now,
		Log: func(line string) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.log = append(b.log, line)
		}, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	for _, change := range options {
		change(&o)
	}
	if b.Service, err = New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(b.Service)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *bench) now() time.Time {
	now := time.Now()
	if at := b.still.Load(); at != nil {
		now = *at
	}
	return now.Add(time.Duration(b.late.Load()))
}

func (b *bench) wait(d time.Duration) { b.late.Add(int64(d)) }

// stop stops the clock, for what takes longer on a slow machine than readers are
// made to wait.
func (b *bench) stop() { b.still.Store(new(time.Now())) }

// A reply is what the service has said.
type reply struct {
	*http.Response
	text string
}

// reader is a browser without script: it follows no redirect, and may keep cookies.
func reader(cookies bool) *http.Client {
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if cookies {
		c.Jar, _ = cookiejar.New(nil)
	}
	return c
}

var plainReader = reader(false)

// send sends a form as a page of the newspaper does, or as the headers say.
func (b *bench) send(c *http.Client, path string, form url.Values, headers ...string) reply {
	b.Helper()
	r, err := http.NewRequest(http.MethodPost, b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", origin(b.paper))
	return b.do(c, r, headers)
}

func (b *bench) get(c *http.Client, path string, headers ...string) reply {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, b.url+path, nil)
	if err != nil {
		b.Fatal(err)
	}
	return b.do(c, r, headers)
}

func (b *bench) do(c *http.Client, r *http.Request, headers []string) reply {
	b.Helper()
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	w, err := c.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer w.Body.Close()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		b.Fatal(err)
	}
	return reply{w, string(text)}
}

// is fails unless an answer has a status and these texts in it.
func (b *bench) is(got reply, status int, texts ...string) {
	b.Helper()
	if got.StatusCode != status {
		b.Fatalf("%s %s is answered %d, not %d: %s", got.Request.Method, got.Request.URL.Path, got.StatusCode, status, got.text)
	}
	for _, text := range texts {
		if !strings.Contains(got.text, text) {
			b.Errorf("%s %s: there is no %q in\n%s", got.Request.Method, got.Request.URL.Path, text, got.text)
		}
	}
}

func wrote(story, name, text string) url.Values {
	return url.Values{"story": {story}, "lang": {"en"}, "name": {name}, "email": {"ada@example.org"}, "text": {text}, "website": {""}}
}

var field = regexp.MustCompile(`<input type="hidden" name="(token|key)" value="([^"]+)">`)

// carry puts the token and the key of a page into a form.
func (b *bench) carry(form url.Values, page reply) url.Values {
	b.Helper()
	found := field.FindAllStringSubmatch(page.text, -1)
	if len(found) != 2 {
		b.Fatalf("the page has no token and key:\n%s", page.text)
	}
	for _, f := range found {
		form.Set(f[1], f[2])
	}
	return form
}

// with puts a fresh token into a form, old enough to be sent.
func (b *bench) with(form url.Values) url.Values {
	b.Helper()
	var t struct{ Token, Key string }
	got := b.get(plainReader, "/token?story="+url.QueryEscape(form.Get("story")), "Origin", news1)
	b.is(got, 200)
	if err := json.Unmarshal([]byte(got.text), &t); err != nil {
		b.Fatal(err)
	}
	form.Set("token", t.Token)
	form.Set("key", t.Key)
	b.wait(young)
	return form
}

// stored lists what the store has, the oldest first.
func (b *bench) stored() []comments.Comment {
	b.Helper()
	all, err := b.store.Find(b.Context(), comments.Query{OldestFirst: true, Limit: 1000})
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// approved stores a comment that may be answered.
func (b *bench) approved(story, text string) comments.Comment {
	b.Helper()
	c, _, err := b.store.Add(b.Context(), comments.Comment{Story: story, Name: "Bert", Email: "bert@example.org", Text: text, Lang: "en", Sent: b.Now()}, "")
	if err == nil {
		c, err = b.store.Decide(b.Context(), "desk", c.ID, comments.Approved)
	}
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// silent fails if the log has told one of these.
func (b *bench) silent(secrets ...string) {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.log {
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				b.Errorf("the log tells %q: %s", secret, line)
			}
		}
	}
	if len(b.log) == 0 {
		b.Error("nothing was logged")
	}
}
