package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/diag"
)

// An expected is what the preview should be.
type expected struct {
	files    map[string][]byte
	problems []string
	facts    map[string]facts // of pages
	hidden   []string         // titles of what is not published
	failed   bool
}

func (e expected) wrong() bool { return e.failed || len(e.files) == 0 }

// facts are what the panel is to know of a page.
type facts struct {
	Source, State string
	Words         int
}

// clean builds the site in a folder from nothing, as the preview is built.
func (w *writer) clean(dir string) expected {
	w.Helper()
	out, err := os.MkdirTemp(filepath.Dir(w.dir), "clean")
	if err != nil {
		w.Fatal(err)
	}
	defer os.RemoveAll(out)
	now := w.now
	if now.IsZero() {
		now = time.Now()
	}
	rep, problems := build.Run(context.Background(), build.Options{
		Dir: dir, Out: out, Theme: stet.Theme(), Now: now, BaseURL: w.url, Drafts: true, Adopt: true, Desk: true,
	})
	e := expected{files: map[string][]byte{}, facts: map[string]facts{}, failed: diag.AnyError(problems)}
	for _, p := range problems {
		e.problems = append(e.problems, place{p.Path, p.Line, p.Column, p.Text}.String())
	}
	root := os.DirFS(out)
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if d != nil && name == ".stet" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		e.files[name], err = fs.ReadFile(root, name)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	if rep.Desk == nil {
		return e
	}
	for _, u := range rep.Desk.Unpublished() {
		e.hidden = append(e.hidden, u.Title)
	}
	for name := range e.files {
		if f := rep.Desk.Facts(name); f != nil {
			e.facts[name] = facts{f.Source, strings.TrimPrefix(f.State, "published"), f.Words}
		}
	}
	return e
}

func (p place) String() string { return fmt.Sprintf("%s:%d:%d: %s", p.Path, p.Line, p.Column, p.Text) }

// differs names something in which the preview is not this.
func (w *writer) differs(want expected) string {
	if d := w.differsInFiles(want.files); d != "" {
		return d
	}
	if d := w.differsInRules(want.files["_redirects"]); d != "" {
		return d
	}
	if d := w.differsInWhatIsGone(want.files); d != "" {
		return d
	}
	return w.differsInNews(want)
}

// differsInFiles looks at each file. What was different when it looked last is
// looked at first, as it may be so still.
func (w *writer) differsInFiles(files map[string][]byte) string {
	if d := w.differsAt(w.suspect, files); d != "" {
		return w.suspect + d
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if d := w.differsAt(name, files); d != "" {
			w.suspect = name
			return name + d
		}
	}
	return ""
}

func (w *writer) differsAt(name string, files map[string][]byte) string {
	data, ok := files[name]
	if !ok || ruled(files["_redirects"], w.path()+name) {
		return ""
	}
	address := w.url + escaped(name)
	if folder, ok := strings.CutSuffix(name, "index.html"); ok && w.IntN(2) == 0 && !ruled(files["_redirects"], w.path()+folder) {
		address = w.url + escaped(folder)
	}
	a := w.get(address)
	if name == "_redirects" || name == "_headers" {
		if a.status != http.StatusNotFound {
			return fmt.Sprintf(", which is for hosts only, is %d", a.status)
		}
		return ""
	}
	if d := a.differs(w, name, data); d != "" {
		return d
	}
	if w.IntN(4) == 0 {
		if again := w.get(address, "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
			return fmt.Sprintf(" is %d to whoever has it", again.status)
		}
	}
	if path.Ext(name) == ".png" || path.Ext(name) == ".jpg" {
		part := w.get(address, "Range", "bytes=7-26")
		if part.status != http.StatusPartialContent || !bytes.Equal(part.body, data[7:27]) {
			return fmt.Sprintf(": bytes 7 to 26 are %d %q", part.status, part.body)
		}
	}
	return ""
}

// path is the preview's base path, with slashes around it.
func (w *writer) path() string {
	u, err := url.Parse(w.url)
	if err != nil {
		w.Fatal(err)
	}
	return u.Path
}

// rules are the lines of _redirects that name one path: from, to, status.
func rules(redirects []byte) (all [][]string) {
	for line := range strings.Lines(string(redirects)) {
		if f := strings.Fields(line); len(f) == 3 && !strings.Contains(f[0], "*") {
			all = append(all, f)
		}
	}
	return all
}

// ruled tells whether a rule leads away from a path.
func ruled(redirects []byte, from string) bool {
	from = strings.TrimSuffix(from, "/")
	return slices.ContainsFunc(rules(redirects), func(r []string) bool { return strings.TrimSuffix(r[0], "/") == from })
}

func (w *writer) differsInRules(redirects []byte) string {
	origin := strings.TrimSuffix(w.url, w.path())
	for _, r := range rules(redirects) {
		if a := w.get(origin + r[0]); fmt.Sprint(a.status) != r[2] || a.header.Get("Location") != r[1] {
			return fmt.Sprintf("%s is %d to %q, not %s", r[0], a.status, a.header.Get("Location"), r[1:])
		}
	}
	if a := w.get(w.url + "was/a/b"); bytes.Contains(redirects, []byte("/was/*")) && a.header.Get("Location") != w.path()+"world/a/b" {
		return fmt.Sprintf("/was/a/b is %d to %q", a.status, a.header.Get("Location"))
	}
	return ""
}

// differsInWhatIsGone holds paths that were in the edition before, and some that
// were in any, against what there is instead: what says that there is nothing.
func (w *writer) differsInWhatIsGone(files map[string][]byte) string {
	for i, name := range slices.Sorted(maps.Keys(w.ever)) {
		if w.right.files[name] == nil && (i+w.n)%10 != 0 {
			continue
		}
		if files[name] != nil || files[name+"/index.html"] != nil || name == "_redirects" {
			continue
		}
		paths := []string{name}
		if folder, ok := strings.CutSuffix(name, "index.html"); ok {
			paths = append(paths, folder)
		}
		for _, p := range paths {
			if ruled(files["_redirects"], w.path()+p) {
				continue
			}
			a := w.get(w.url + escaped(p))
			if a.status != http.StatusNotFound {
				return fmt.Sprintf("%s is gone, and is %d", p, a.status)
			}
			nearest := path.Join(path.Dir(name), "404.html")
			for files[nearest] == nil && nearest != "404.html" {
				nearest = path.Join(path.Dir(path.Dir(nearest)), "404.html")
			}
			if plain, d := a.plain(w.path()); d != "" || !bytes.Equal(plain, files[nearest]) {
				return fmt.Sprintf("instead of %s there is not %s%s", p, nearest, d)
			}
		}
	}
	return ""
}

// differsInNews holds what the pages are told against what a build says.
func (w *writer) differsInNews(want expected) string {
	n := w.news("index.html")
	var told []string
	for _, p := range n.Problems {
		told = append(told, p.String())
	}
	slices.Sort(told)
	if wish := slices.Sorted(slices.Values(want.problems)); !slices.Equal(told, wish) {
		return fmt.Sprintf("pages are told of the problems %q, not %q", told, wish)
	}
	if n.Hidden != len(want.hidden) {
		return fmt.Sprintf("pages are told that %d stories are hidden, not %d", n.Hidden, len(want.hidden))
	}
	list := string(w.get(w.url + "_stet/").body)
	for _, title := range want.hidden {
		if !strings.Contains(list, html.EscapeString(title)) {
			return "the list of what is not published lacks " + title
		}
	}
	for i, name := range slices.Sorted(maps.Keys(want.facts)) {
		wish, got := want.facts[name], facts{}
		if i%(len(want.facts)/100+1) != 0 {
			continue
		}
		if err := json.Unmarshal(w.get(w.url+"_stet/facts?page="+url.QueryEscape(name)).body, &got); err != nil || got != wish {
			return fmt.Sprintf("the panel of %s knows %v (%v), not %v", name, got, err, wish)
		}
	}
	return ""
}

// An answered is an answer to a request.
type answered struct {
	status int
	header http.Header
	body   []byte
}

var client = &http.Client{
	Timeout:       time.Minute,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (w *writer) get(address string, header ...string) answered {
	w.Helper()
	a, err := ask(address, header...)
	if err != nil {
		w.Fatalf("%v\n%s", err, tail(w.said.String()))
	}
	return a
}

func ask(address string, header ...string) (a answered, err error) {
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return a, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(r)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	a.status, a.header = resp.StatusCode, resp.Header
	a.body, err = io.ReadAll(resp.Body)
	return a, err
}

// differs names in what an answer is not this file.
func (a answered) differs(w *writer, name string, data []byte) string {
	if a.status != http.StatusOK {
		return fmt.Sprintf(" is %d", a.status)
	}
	if kind := kinds[path.Ext(name)]; path.Base(name) != "feed.json" && path.Base(name) != "feed.xml" && path.Base(name) != "atom.xml" && a.header.Get("Content-Type") != kind {
		return fmt.Sprintf(" is of type %q, not %q", a.header.Get("Content-Type"), kind)
	}
	if a.header.Get("ETag") == "" {
		return " has no ETag"
	}
	body := a.body
	if path.Ext(name) == ".html" {
		var d string
		if body, d = a.plain(w.path()); d != "" {
			return d
		}
	}
	if !bytes.Equal(body, data) {
		return fmt.Sprintf(" is not as a build makes it: %s", unlike(body, data))
	}
	return ""
}

// kinds are the types of files, by their endings.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".txt": "text/plain; charset=utf-8", ".xml": "application/xml; charset=utf-8", ".json": "application/json; charset=utf-8",
	".webmanifest": "application/manifest+json; charset=utf-8", ".svg": "image/svg+xml; charset=utf-8", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", "": "application/octet-stream", ".bck": "application/octet-stream",
}

var script = regexp.MustCompile(`<script type="module" src="([^"]*)_stet/live\.js" data-stet="([^"]*)_stet/" data-run="(\w+)" data-edition="(\d+)" data-status="(\d+)" data-files="[^"]*"></script>\n`)

// plain is a page without the one element that the preview puts into it.
func (a answered) plain(base string) (page []byte, difference string) {
	found := script.FindAllSubmatchIndex(a.body, -1)
	if len(found) != 1 {
		return nil, fmt.Sprintf(" has %d of the preview's scripts", len(found))
	}
	part := func(i int) string { return string(a.body[found[0][2*i]:found[0][2*i+1]]) }
	if part(1) != base || part(2) != base || part(5) != fmt.Sprint(a.status) {
		return nil, " has the script " + part(0)
	}
	return slices.Concat(a.body[:found[0][0]], a.body[found[0][1]:]), ""
}

// unlike shows where two texts begin to differ.
func unlike(a, b []byte) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	from := max(0, n-30)
	return fmt.Sprintf("%.80q instead of %.80q", a[min(from, len(a)):], b[min(from, len(b)):])
}

// escaped is a path as a URL has it.
func escaped(name string) string { return (&url.URL{Path: name}).EscapedPath() }

// A heard is what a page is told.
type heard struct {
	Run      string
	Edition  int
	Changed  bool
	Reload   bool
	Assets   []string
	Hidden   int
	Problems []place
}

// A place is where something is wrong, and what.
type place struct {
	Path         string
	Line, Column int
	Text         string
}

// news is what a page that rests on a file is told now.
func (w *writer) news(file string) heard {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var n heard
	if err := listenTo(ctx, w.url+"_stet/events?file="+url.QueryEscape(file), func(m heard) bool { n = m; return false }); err != nil {
		w.Fatalf("%v\n%s", err, tail(w.said.String()))
	}
	return n
}

// listenTo hears what the preview tells until it is enough.
func listenTo(ctx context.Context, address string, more func(heard) bool) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	for lines := bufio.NewReader(resp.Body); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		if !ok {
			continue
		}
		var n heard
		if err := json.Unmarshal(data, &n); err != nil {
			return err
		}
		if !more(n) {
			return nil
		}
	}
}
