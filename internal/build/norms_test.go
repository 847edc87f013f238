package build_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stet/internal/build"
	"stet/internal/diag"
)

// TestNorms holds finished pages to the norms of those who read them by machine,
// each under its name in section 3 of research/newsroom.md. Each rule is held
// against the demo newspaper, a paper in two languages and a stress site; and
// each must find what spoilers do to the pages, so that none is blind.
func TestNorms(t *testing.T) {
	if testing.Short() {
		t.Skip("three papers are made and read")
	}
	editions := map[string]*finished{"two languages": finishedSite(t, sampleSite(t)), "stress": finishedSite(t, stressSite(t))}
	editions["demo"] = read(t, demoEdition(t), "https://pellmouth-lantern.example/")
	for _, r := range norms {
		t.Run(r.name, func(t *testing.T) {
			held := 0
			for name, ed := range editions {
				c := &checking{ed: ed}
				r.check(c)
				held += c.held
				for _, w := range c.wrong[:min(8, len(c.wrong))] {
					t.Errorf("%s: %s", name, w)
				}
			}
			if held == 0 {
				t.Error("the rule found nothing to hold to it")
			}
			if len(r.spoilers) == 0 {
				t.Error("nothing shows that the rule can fail")
			}
			for _, s := range r.spoilers {
				spoil(t, r, s, editions)
			}
		})
	}
}

// A norm is one rule.
type norm struct {
	name     string
	check    func(*checking)
	spoilers []spoiler
}

// A spoiler breaks a rule: in one file of an edition that fits the pattern of the
// path, what the regular expression finds is replaced.
type spoiler struct{ file, old, new string }

// spoil spoils one file of an edition and sees that the rule finds it.
func spoil(t *testing.T, r norm, s spoiler, editions map[string]*finished) {
	t.Helper()
	old := regexp.MustCompile(s.old)
	for _, name := range []string{"stress", "two languages", "demo"} {
		ed := editions[name]
		if ed == nil {
			continue
		}
		for _, file := range ed.names {
			if ok, _ := path.Match(s.file, file); !ok && s.file != "*" {
				continue
			}
			at := old.FindStringSubmatchIndex(ed.files[file])
			if at == nil {
				continue
			}
			text := ed.files[file]
			text = text[:at[0]] + string(old.ExpandString(nil, s.new, text, at)) + text[at[1]:]
			c := &checking{ed: ed.with(file, text)}
			if r.check(c); len(c.wrong) == 0 {
				t.Errorf("%s: in %s %q became %q, and the rule does not see it", name, file, s.old, s.new)
			}
			return
		}
	}
	t.Errorf("no file has what is to be spoiled: %q", s.old)
}

// checking is one rule held against one edition.
type checking struct {
	ed    *finished
	held  int // how often there was something to be held
	wrong []string
}

// must notes that something is as the rule wants it, or is not.
func (c *checking) must(ok bool, where *finishedPage, format string, args ...any) {
	c.held++
	if !ok {
		c.wrong = append(c.wrong, where.path+": "+fmt.Sprintf(format, args...))
	}
}

// finished is an edition as readers get it.
type finished struct {
	base  string
	names []string // of the HTML pages and sitemaps, sorted
	files map[string]string
	other map[string]string // all other files
	pages map[string]*finishedPage
	byURL map[string]*finishedPage // by canonical address
}

// A finishedPage is a page with what its head says.
type finishedPage struct {
	path, text string
	doc        *html.Node
	canonical  string
	metas      map[string][]string
	scripts    []string // of JSON-LD
	data       []any    // the same, parsed; nil where it cannot be
}

func read(t *testing.T, dir, base string) *finished {
	t.Helper()
	ed := &finished{base: base, files: map[string]string{}, other: map[string]string{}, pages: map[string]*finishedPage{}}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, name)
		if rel = filepath.ToSlash(rel); err != nil || d.IsDir() || strings.HasPrefix(rel, ".stet/") {
			return err
		}
		data, err := os.ReadFile(name)
		if ext := path.Ext(rel); ext == ".html" || strings.HasPrefix(rel, "sitemaps/") {
			ed.names, ed.files[rel] = append(ed.names, rel), string(data)
		} else {
			ed.other[rel] = string(data)
		}
		return err
	})
	if err != nil || len(ed.names) < 10 {
		t.Fatal(err, len(ed.names))
	}
	slices.Sort(ed.names)
	for _, name := range ed.names {
		if path.Ext(name) == ".html" && !strings.Contains(ed.files[name], `http-equiv="refresh"`) {
			ed.pages[name] = readPage(name, ed.files[name])
		}
	}
	ed.index()
	return ed
}

func (ed *finished) index() {
	ed.byURL = map[string]*finishedPage{}
	for _, p := range ed.pages {
		if p.canonical != "" {
			ed.byURL[p.canonical] = p
		}
	}
}

// with is the edition with another text in a file.
func (ed *finished) with(name, text string) *finished {
	other := *ed
	other.files, other.pages = map[string]string{}, map[string]*finishedPage{}
	for n, was := range ed.files {
		other.files[n] = was
	}
	for n, p := range ed.pages {
		other.pages[n] = p
	}
	other.files[name] = text
	if ed.pages[name] != nil {
		other.pages[name] = readPage(name, text)
	}
	other.index()
	return &other
}

func readPage(name, text string) *finishedPage {
	p := &finishedPage{path: name, text: text, metas: map[string][]string{}}
	p.doc, _ = html.Parse(strings.NewReader(text)) // which takes everything
	for n := range p.doc.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "meta":
			key := attr(n, "property") + attr(n, "name")
			p.metas[key] = append(p.metas[key], attr(n, "content"))
		case n.Data == "link" && attr(n, "rel") == "canonical":
			p.canonical = attr(n, "href")
		case n.Data == "script" && attr(n, "type") == "application/ld+json":
			script := textOf(n)
			var v any
			if json.Unmarshal([]byte(script), &v) != nil {
				v = nil
			}
			p.scripts, p.data = append(p.scripts, script), append(p.data, v)
		}
	}
	return p
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b bytes.Buffer
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// all are the elements of a name, with a class if one is given.
func (p *finishedPage) all(name, class string) (found []*html.Node) {
	return elements(p.doc, name, class)
}

func elements(in *html.Node, name, class string) (found []*html.Node) {
	for n := range in.Descendants() {
		if n.Type == html.ElementNode && n.Data == name && (class == "" || slices.Contains(strings.Fields(attr(n, "class")), class)) {
			found = append(found, n)
		}
	}
	return found
}

func (p *finishedPage) meta(key string) string {
	if len(p.metas[key]) == 0 {
		return ""
	}
	return p.metas[key][0]
}

// object is an object of JSON.
type object = map[string]any

// objects are all objects of the page's JSON-LD of a type, however deep.
func (p *finishedPage) objects(types ...string) (found []object) {
	var look func(v any)
	look = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				look(e)
			}
		case object:
			if kind, _ := v["@type"].(string); slices.Contains(types, kind) {
				found = append(found, v)
			}
			for _, e := range v {
				look(e)
			}
		}
	}
	for _, v := range p.data {
		look(v)
	}
	return found
}

// articles are the types of stories.
var articles = []string{"NewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle"}

// story is the JSON-LD of the story that a page is, nil if it is none. What is
// visible tells.
func (p *finishedPage) story() (story object, is bool) {
	for _, n := range p.all("article", "story") {
		if slices.Contains(strings.Fields(attr(n, "class")), "story-page") || len(p.all("p", "notice")) > 0 {
			continue
		}
		if all := p.objects(articles...); len(all) == 1 {
			return all[0], true
		}
		return object{}, true
	}
	return nil, false
}

// stories visits the pages of stories.
func (c *checking) stories(visit func(p *finishedPage, story object)) {
	for _, p := range c.all() {
		if story, is := p.story(); is {
			visit(p, story)
		}
	}
}

// all are the pages, in order.
func (c *checking) all() (all []*finishedPage) {
	for _, name := range c.ed.names {
		if p := c.ed.pages[name]; p != nil {
			all = append(all, p)
		}
	}
	return all
}

// listOf is a value of JSON-LD as a list: one alone is a list of one.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// text is a value of an object that is a text, "" if it is none.
func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// finishedSite builds a site and reads what comes of it.
func finishedSite(t *testing.T, o build.Options) *finished {
	t.Helper()
	rep, problems := build.Run(context.Background(), o)
	if diag.AnyError(problems) {
		var b strings.Builder
		diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
		t.Fatal(b.String())
	}
	return read(t, o.Out, "https://paper.example/news/")
}
