package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"stet/internal/comments"
	"stet/internal/service"
	"stet/internal/threads"
)

const (
	millStory = "/town/2026/11/mill-fire/"
	testKey   = "0123456789abcdef"
)

// A pulls is a site, and the store and the service from which it pulls.
type pulls struct {
	testing.TB
	dir      string
	store    *comments.Store
	url      string
	down     atomic.Bool
	out, err bytes.Buffer
}

func newPulls(t testing.TB) *pulls {
	t.Helper()
	p := &pulls{TB: t, dir: t.TempDir()}
	for name, text := range map[string]string{
		"site.yaml":                 "format: 1\ntitle: The Lantern\nbase_url: https://news.example/\nlanguage: en\ntimezone: UTC\n",
		"content/town/mill-fire.md": "---\ntitle: Fire\ndate: 2026-11-01\n---\nIt burnt.\n",
		"content/town/harbour.md":   "---\ntitle: Harbour\ndate: 2026-11-01\n---\nIt froze.\n",
	} {
		if err := create(p.dir, name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if p.store, err = comments.Open(t.Context(), filepath.Join(t.TempDir(), "comments.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.store.Close() })
	edition := `{"paper": "The Lantern", "languages": {"en": {"paper": "The Lantern", "dir": "ltr", "url": "/"}}, "length": 1500, "stories": []}`
	sv, err := service.New(t.Context(), service.Options{Store: p.store, Paper: "https://news.example", Key: testKey, Now: time.Now, Edition: fstest.MapFS{"comments.json": {Data: []byte(edition)}}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down.Load() {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		sv.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func (p *pulls) system() *system {
	p.out.Reset()
	p.err.Reset()
	return &system{out: &p.out, err: &p.err, env: func(name string) string { return map[string]string{keyName: testKey}[name] },
		now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }}
}

// stet runs a command and returns what it says.
func (p *pulls) stet(want int, args ...string) string {
	p.Helper()
	if got := run(p.Context(), append(args, "-C", p.dir), p.system()); got != want {
		p.Fatalf("%q ended with %d: %s%s", args, got, &p.out, &p.err)
	}
	return p.out.String() + p.err.String()
}

// pull pulls, and sees that a build takes what came of it.
func (p *pulls) pull(want string, args ...string) {
	p.Helper()
	cache := filepath.Join(p.dir, ".cache")
	if got := p.stet(done, append([]string{"comments", "pull", "--from", p.url, "--cache", cache}, args...)...); got != want+"\n" {
		p.Errorf("pull says %q, not %q", got, want)
	}
	if said := p.stet(done, "build", "--no-cache"); strings.Contains(said, "error") {
		p.Error(said)
	}
}

func (p *pulls) file(name string) string {
	data, _ := os.ReadFile(filepath.Join(p.dir, filepath.FromSlash(name)))
	return string(data)
}

func (p *pulls) add(name, email, text string) comments.Comment {
	p.Helper()
	c, _, err := p.store.Add(p.Context(), comments.Comment{Story: millStory, Name: name, Email: email, Text: text, Sent: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)}, "")
	if err == nil {
		c, err = p.store.Decide(p.Context(), "desk", c.ID, comments.Approved)
	}
	if err != nil {
		p.Fatal(err)
	}
	return c
}

// What the desk does is in the files after a pull, and nothing else.
func TestPullService(t *testing.T) {
	p := newPulls(t)
	ctx := t.Context()
	p.pull("nothing changed")
	waiting, _, _ := p.store.Add(ctx, comments.Comment{Story: millStory, Name: "Wait", Email: "w@mail.example", Text: "Waits"}, "")
	ada, bo := p.add("Ada", "ada@mail.example", "One <b>\n\nquite"), p.add("Bo", "bo@mail.example", "Two")
	for _, voter := range []string{"a", "b", "c"} {
		if _, err := p.store.Rate(ctx, millStory, voter != "c", comments.Voter{Cookie: voter, Address: voter}); err != nil {
			t.Fatal(err)
		}
	}
	p.pull("1 thread and 1 tally changed")
	thread := p.file(threads.Path(millStory))
	if all, problems := threads.Parse("x", []byte(thread)); len(problems) > 0 || len(all) != 2 || strings.Contains(thread, "mail.example") || strings.Contains(thread, waiting.ID) {
		t.Errorf("the thread is %s", thread)
	}
	if got := p.file(threads.RatingPath(millStory)); got != "{\"yes\":2,\"no\":1}\n" {
		t.Errorf("the tally is %q", got)
	}
	if page := p.file("public" + millStory + "index.html"); !strings.Contains(page, `id="comment-`+ada.ID+`"`) || !strings.Contains(page, "One &lt;b&gt;") {
		t.Error("the page does not show what was pulled")
	}
	p.pull("nothing changed")

	if _, err := p.store.Edit(ctx, "desk", ada.ID, "One […]"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.store.Decide(ctx, "desk", bo.ID, comments.Rejected); err != nil {
		t.Fatal(err)
	}
	p.pull("1 thread changed")
	if got := p.file(threads.Path(millStory)); !strings.Contains(got, `"text":"One […]"`) || strings.Contains(got, bo.ID) {
		t.Errorf("the thread is %s", got)
	}
	if _, err := p.store.Forget(ctx, "desk", "ada@mail.example"); err != nil {
		t.Fatal(err)
	}
	p.pull("1 thread changed")
	if exists(filepath.Join(p.dir, "data/comments/town")) {
		t.Error("an empty thread, or its folder, is still there")
	}
}

// A backup in the place of the store is noticed also when its numbers have passed
// those that were pulled: the service has started since.
func TestPullRestored(t *testing.T) {
	p := newPulls(t)
	ctx := t.Context()
	ada := p.add("Ada", "ada@mail.example", "One")
	bo := p.add("Bo", "bo@mail.example", "Two")
	p.pull("1 thread changed")
	lost := p.file(threads.Path(millStory))
	// In the backup the number that was pulled is one of later changes.
	for range 3 {
		for _, to := range []comments.State{comments.Rejected, comments.Approved} {
			if _, err := p.store.Decide(ctx, "desk", ada.ID, to); err != nil {
				t.Fatal(err)
			}
			if _, err := p.store.Changes(ctx, 0, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(p.dir, threads.Path(millStory)), []byte(strings.ReplaceAll(lost, bo.ID, "other")), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := p.store.Restarted(ctx); err != nil {
		t.Fatal(err)
	}
	p.pull("1 thread changed")
	if got := p.file(threads.Path(millStory)); !strings.Contains(got, bo.ID) {
		t.Errorf("what was approved before is missing: %s", got)
	}
	p.pull("nothing changed")
}

// Thousands come in several answers.
func TestPullMany(t *testing.T) {
	p := newPulls(t)
	var all []threads.Comment
	for n := range 2500 {
		all = append(all, threads.Comment{ID: fmt.Sprintf("c%d", n), Time: time.Unix(1795170667+int64(n), 0), Name: "Ada", Text: "x"})
	}
	if _, err := p.store.Import(t.Context(), millStory, all); err != nil {
		t.Fatal(err)
	}
	p.pull("1 thread changed")
	if got := p.file(threads.Path(millStory)); got != string(threads.Format(all)) {
		t.Errorf("%d bytes were written", len(got))
	}
}

// Two pulls at once, while the desk works: nothing is lost, and nothing comes back.
func TestPullTogether(t *testing.T) {
	p := newPulls(t)
	var some sync.WaitGroup
	ended := make(chan bool)
	for n := range 2 {
		some.Go(func() {
			from, err := newExport(p.system(), p.url)
			if err != nil {
				t.Error(err)
				return
			}
			one := &puller{s: &system{out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: time.Now}, f: siteFlags{dir: p.dir, cache: filepath.Join(t.TempDir(), fmt.Sprint(n))}, name: from.url, ask: from.changes}
			for last := false; !last; {
				select {
				case <-ended:
					last = true
				default:
				}
				if got, err := one.once(t.Context()); err != nil || len(got.Problems) > 0 {
					t.Error(err, got.Problems)
				}
			}
		})
	}
	for n := range 60 {
		c := p.add("Ada", fmt.Sprintf("%d@mail.example", n%5), fmt.Sprint("Text ", n))
		if n%3 == 0 {
			if _, err := p.store.Decide(t.Context(), "desk", c.ID, comments.Spam); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(ended)
	some.Wait()
	got := p.file(threads.Path(millStory))
	os.RemoveAll(filepath.Join(p.dir, "data"))
	p.pull("1 thread changed", "--all")
	if want := p.file(threads.Path(millStory)); got != want || strings.Count(want, "\n") != 42 {
		t.Errorf("two at once wrote\n%s\none alone\n%s", got, want)
	}
}

// What one pull was answered before another is not written after that.
func TestPullOrder(t *testing.T) {
	p := newPulls(t)
	c := p.add("Ada", "ada@mail.example", "One")
	from, err := newExport(p.system(), p.url)
	if err != nil {
		t.Fatal(err)
	}
	one := func(ask func(context.Context, int64) (threads.Changes, error)) {
		w := &puller{s: &system{out: &bytes.Buffer{}, err: &bytes.Buffer{}, now: time.Now}, f: siteFlags{dir: p.dir, noCache: true}, name: from.url, ask: ask}
		if _, err := w.once(t.Context()); err != nil {
			t.Error(err)
		}
	}
	var other sync.WaitGroup
	one(func(ctx context.Context, since int64) (threads.Changes, error) {
		all, err := from.changes(ctx, since)
		if _, err := p.store.Decide(ctx, "desk", c.ID, comments.Rejected); err != nil {
			t.Error(err)
		}
		other.Go(func() { one(from.changes) })
		time.Sleep(100 * time.Millisecond)
		return all, err
	})
	other.Wait()
	if got := p.file(threads.Path(millStory)); got != "" {
		t.Errorf("what the desk took out is back: %s", got)
	}
}

// With --watch a service that does not answer is waited for, and that is said once.
func TestPullWatch(t *testing.T) {
	p := newPulls(t)
	s := p.system()
	from, err := newExport(s, p.url)
	if err != nil {
		t.Fatal(err)
	}
	out, said := &lockedBuffer{}, &lockedBuffer{}
	s.out, s.err = out, said
	w := &puller{s: s, f: siteFlags{dir: p.dir, noCache: true}, name: from.url, ask: from.changes, every: time.Millisecond}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	p.down.Store(true)
	go func() { ended <- w.watch(ctx) }()
	wait := func(b *lockedBuffer, text string) {
		t.Helper()
		for range 1000 {
			if strings.Contains(b.String(), text) {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Fatalf("nobody says %q: %s%s", text, out, said)
	}
	wait(said, "answers 502")
	time.Sleep(30 * time.Millisecond)
	p.down.Store(false)
	wait(said, "answers again")
	p.add("Ada", "ada@mail.example", "One")
	wait(out, "1 thread changed")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if strings.Count(said.String(), "\n") != 3 { // with its hint
		t.Errorf("it says\n%s", said)
	}
}

// A service on the same machine writes the files itself.
func TestServeData(t *testing.T) {
	p := newPulls(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	file := filepath.Join(t.TempDir(), "own.db")
	out := &lockedBuffer{}
	s := p.system()
	s.out, s.err = out, out
	ended := make(chan int)
	go func() {
		ended <- run(ctx, []string{"comments", "serve", "--db", file, "--addr", "127.0.0.1:0", "--paper", "https://news.example", "--edition", t.TempDir(), "--data", p.dir}, s)
	}()
	for n := 0; !exists(file) && n < 1000; n++ {
		time.Sleep(5 * time.Millisecond)
	}
	var err error
	if p.store, err = comments.Open(ctx, file); err != nil {
		t.Fatal(err)
	}
	defer p.store.Close()
	p.add("Ada", "ada@mail.example", "One")
	for n := 0; p.file(threads.Path(millStory)) == "" && n < 2000; n++ {
		time.Sleep(5 * time.Millisecond)
	}
	if got := p.file(threads.Path(millStory)); !strings.Contains(got, `"text":"One"`) {
		t.Errorf("the thread is %q; it says %s", got, out)
	}
	stop()
	if got := <-ended; got != done {
		t.Errorf("it ended with %d: %s", got, out)
	}
	if got := run(t.Context(), []string{"comments", "serve", "--db", file, "--paper", "https://news.example", "--data", t.TempDir()}, p.system()); got != siteError || !strings.Contains(p.err.String(), "there is no site.yaml") {
		t.Errorf("without a site it ended with %d: %s", got, &p.err)
	}
}

// A lockedBuffer is written to by one and read by another.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Whatever answers, it is said what is wrong, and no file is made.
func TestPullWrong(t *testing.T) {
	p := newPulls(t)
	answer := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Location", "https://other.example/")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		want string
	}{
		"key":    {answer(401, "application/json", `{"error": "…"}`), "does not take the key"},
		"page":   {answer(200, "text/html", "<h1>Hello</h1>"), "is no service of Stet"},
		"none":   {answer(404, "text/plain", "404"), "is no service of Stet"},
		"other":  {answer(200, "application/json", `{}`), "is no service of Stet"},
		"list":   {answer(200, "application/json", `[]`), "is no service of Stet"},
		"newer":  {answer(200, "application/json", `{"seq": 1, "photos": []}`), "is of a later Stet"},
		"leads":  {answer(302, "text/html", ""), "leads to https://other.example/"},
		"down":   {answer(503, "text/plain", ""), "answers 503 Service Unavailable"},
		"cut":    {answer(200, "application/json", `{"seq": 1, "threads": [`), "is no service of Stet"},
		"large":  {answer(200, "application/json", `{"seq": 1`+strings.Repeat(" ", longestExport)+`}`), "more than 64 MB"},
		"endles": {answer(200, "application/json", `{"seq": 0, "more": true}`), "gives nothing"},
		"broken": {func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }, "cannot be reached"},
	} {
		server := httptest.NewServer(c.h)
		said := p.stet(siteError, "comments", "pull", "--from", server.URL+"/comments/", "--no-cache")
		server.Close()
		if !strings.Contains(said, c.want) || !strings.Contains(said, "\n    ") || strings.Contains(said, testKey) {
			t.Errorf("%s: it says %s", name, said)
		}
		if exists(filepath.Join(p.dir, "data")) {
			t.Fatalf("%s: data/ was made", name)
		}
	}
}

// Only what a build takes becomes a file, whatever a service sends.
func TestPullHostile(t *testing.T) {
	p := newPulls(t)
	good := threads.Comment{ID: "good", Time: time.Unix(1795170667, 0).UTC(), Name: "Ada", Text: "\u202ex\x00"}
	bad := good
	bad.ID, bad.Name = "../x", ""
	long := "/" + strings.Repeat("long/", 100)
	c := threads.Changes{Seq: 3, Threads: []threads.Change{
		{Story: millStory, Put: []threads.Comment{good, bad, {}}, Gone: []string{"", "../../site.yaml"}},
		{Story: "/../../../etc/passwd/", Put: []threads.Comment{good}, Gone: []string{"x"}},
		{Story: "", Put: []threads.Comment{good}},
		{Story: long, Put: []threads.Comment{good}},
	}, Ratings: []threads.Rating{{Story: millStory, Tally: threads.Tally{Yes: -3, No: 2}}, {Story: long, Tally: threads.Tally{Yes: 1}}}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/deep/export" || r.Header.Get("Authorization") != "Bearer "+testKey {
			t.Errorf("asked is %s with %q", r.URL, r.Header)
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(c)
	}))
	defer server.Close()
	said := p.stet(done, "comments", "pull", "--from", server.URL+"/deep", "--no-cache")
	if !strings.HasPrefix(said, "1 thread and 1 tally changed\n") || strings.Count(said, "was left out") != 2 || strings.Count(said, "no story of this site") != 3 {
		t.Error(said)
	}
	if got := p.file(threads.RatingPath(millStory)); got != "{\"yes\":0,\"no\":2}\n" {
		t.Errorf("the tally is %q", got)
	}
	if said := p.stet(done, "build", "--no-cache"); strings.Contains(said, "error") {
		t.Error(said)
	}
	var files []string
	filepath.Walk(filepath.Join(p.dir, "data"), func(name string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			files = append(files, info.Name())
		}
		return err
	})
	if len(files) != 2 {
		t.Errorf("the files are %q", files)
	}
}
