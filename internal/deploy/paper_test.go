package deploy

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zeebo/xxh3"
	"golang.org/x/crypto/ssh"

	"stet/internal/diag"
)

// A paper is a site to be sent: stories by slug, with their texts. What lists them
// is made of it.
type paper struct {
	stories map[string]string // texts by slug
	style   string
	more    map[string]string // files as they are
}

// arabic is a slug that readers see in their own letters, and decomposed one as a
// Mac writes its files' names.
const (
	arabic     = "حريق-الطاحونة"
	decomposed = "cafe\u0301"
)

// newPaper is one with some stories.
func newPaper(n int) *paper {
	p := &paper{stories: map[string]string{}, style: "body{}", more: map[string]string{"robots.txt": "User-agent: *\n", "_headers": "/*\n", "photo.jpg": "\xff\xd8 a photo"}}
	for i := range n {
		p.stories[fmt.Sprintf("story-%03d", i)] = fmt.Sprintf("This is what story %d says.", i)
	}
	p.stories[arabic], p.stories[decomposed] = "خبر", "Coffee"
	return p
}

func (p *paper) files() map[string]string {
	css := fmt.Sprintf("assets/site.%x.css", sha256.Sum256([]byte(p.style)))[:len("assets/site.")+10] + ".css"
	files := map[string]string{css: p.style}
	for name, data := range p.more {
		files[name] = data
	}
	head := func(title string) string {
		return fmt.Sprintf("<!doctype html><title>%s</title><link rel=stylesheet href=/%s><a href=/>home</a><img src=/photo.jpg>", title, css)
	}
	var list, feed strings.Builder
	for i, slug := range p.slugs() {
		at := storyPath(slug)
		files[at] = head("Headline of "+slug) + p.stories[slug]
		fmt.Fprintf(&list, "<a href=%s>Headline of %s</a>\n", URL("/", at), slug)
		fmt.Fprintf(&feed, "<item>%s</item>\n", URL("/", at))
		if i%10 == 9 { // a list of its own for every ten
			name := fmt.Sprintf("page/%d/index.html", i/10)
			files[name] = head("page") + list.String()
			list.Reset()
			fmt.Fprintf(&list, "<a href=/page/%d/>older</a>\n", i/10)
		}
	}
	files["index.html"] = head("The paper") + list.String()
	files["feed.xml"], files["sitemap.xml"] = feed.String(), feed.String()
	return files
}

func (p *paper) slugs() []string {
	var all []string
	for s := range p.stories {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

func storyPath(slug string) string { return "news/" + slug + "/index.html" }

const base = "https://paper.example/"

// edition is the paper as it would have been built.
func (p *paper) edition() Edition {
	files, tree := p.files(), fstest.MapFS{}
	e := Edition{FS: tree, BaseURL: base, Complete: true}
	for name, data := range files {
		tree[name] = &fstest.MapFile{Data: []byte(data)}
		f := File{Path: name, Size: int64(len(data)), Sum: xxh3.Hash128([]byte(data)).Bytes()}
		if slug, ok := strings.CutPrefix(path.Dir(name), "news/"); ok {
			f.Story = &Story{ID: slug, URL: URL("/", name), Path: name, Headline: "Headline of " + slug}
		}
		f.Kind = KindOf(name, f.Story != nil)
		f.Header = HeaderOf(name, f.Kind, nil)
		e.Files = append(e.Files, f)
	}
	slices.SortFunc(e.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	e.ID = fmt.Sprintf("%x", xxh3.HashString(fmt.Sprint(files)))
	return e
}

var someday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// A place is a target whose files can be seen on this machine's disk.
type place struct {
	name string
	dir  string
	to   string
	env  map[string]string
	home string        // of who deploys
	host ssh.PublicKey // of the server

	refresh func() // has dir be what lies there, where that is another step
}

func (p place) open(t testing.TB) Target {
	t.Helper()
	target, err := Open(context.Background(), p.to, p.means())
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := target.(io.Closer); ok {
		t.Cleanup(func() { c.Close() })
	}
	return target
}

func (p place) means() Means {
	return Means{Env: func(name string) string { return p.env[name] }, Home: cmp.Or(p.home, "/nonexistent")}
}

func (p place) job(t testing.TB, e Edition) Job {
	return Job{Edition: e, Target: p.open(t), Who: "ada@desk", Now: func() time.Time { return someday }, Backoff: time.Millisecond}
}

// send deploys, and what then lies there must be the edition.
func (p place) send(t testing.TB, e Edition) Report {
	t.Helper()
	rep, problems := Send(context.Background(), p.job(t, e))
	clear(t, problems)
	p.equals(t, e)
	return rep
}

func clear(t testing.TB, problems []diag.Problem) {
	t.Helper()
	for _, p := range problems {
		t.Fatalf("%s: %s\n%s", p.Path, p.Text, p.Hint)
	}
}

// seen are the files that lie there, but for Stet's own and assets that stay.
func (p place) seen(t testing.TB) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(p.dir, func(full string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(p.dir, full)
		if err != nil || d.IsDir() {
			if d != nil && (name == Own || strings.HasPrefix(name, ".sgwtmp")) {
				return fs.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(full)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func (p place) equals(t testing.TB, e Edition) {
	t.Helper()
	if p.refresh != nil {
		p.refresh()
	}
	there := p.seen(t)
	for _, f := range e.Files {
		want, err := fs.ReadFile(e.FS, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := there[f.Path]; !ok || got != string(want) {
			t.Errorf("%s is there: %v, and is %q, want %q", f.Path, ok, got, want)
		}
		delete(there, f.Path)
	}
	for name := range there {
		if KindOf(name, false) != Asset && !strings.HasPrefix(name, "foreign") {
			t.Errorf("%s is there, and not in the edition", name)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

var links = regexp.MustCompile(`(?:href|src)=/([^> ]*)`)

// crawl follows all links from the front, and says what is missing. Whoever finds
// a page gone looks whether the page that led there still does.
func (p place) crawl(read func(name string) (string, bool)) (missing []string) {
	queue, known := []string{"index.html"}, map[string]bool{"index.html": true}
	targets := func(text string) (all []string) {
		for _, m := range links.FindAllStringSubmatch(text, -1) {
			name := unescape(m[1])
			if name == "" || strings.HasSuffix(name, "/") {
				name += "index.html"
			}
			all = append(all, name)
		}
		return all
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		text, ok := read(at)
		if !ok {
			continue // it was looked for when the link was met
		}
		for _, to := range targets(text) {
			if known[to] {
				continue
			}
			if _, ok := read(to); !ok {
				again, still := read(at)
				if _, late := read(to); still && !late && slices.Contains(targets(again), to) {
					missing = append(missing, at+" leads to "+to)
				}
				continue
			}
			known[to] = true
			queue = append(queue, to)
		}
	}
	return missing
}

func (p place) onDisk(name string) (string, bool) {
	data, err := os.ReadFile(filepath.Join(p.dir, filepath.FromSlash(name)))
	return string(data), err == nil
}

// lying is what a target knows of an edition that lies there.
func lying(e Edition) *Manifest {
	at := &Manifest{Stories: e.Stories(), BaseURL: base}
	for _, f := range e.Files {
		at.Files = append(at.Files, Entry{Path: f.Path, Size: f.Size, Sum: Sum(f.Sum), Header: f.Header})
	}
	return at
}
