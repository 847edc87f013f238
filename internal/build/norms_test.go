package build_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"stet/internal/build"
	"stet/internal/diag"
)

// TestNorms holds what machines read to the norms of those who read it, each rule
// under its name in section 3 of research/newsroom.md: in the demo newspaper, in a
// paper in two languages, in a stress site and in one that has all there is. And
// each rule must find what its spoilers do to finished files, so that none is blind.
func TestNorms(t *testing.T) {
	t.Parallel() // with the other long ones
	if testing.Short() {
		t.Skip("several papers are made and read")
	}
	editions := []*edition{
		normSite(t, demoTime), stressPaper.read(t), samplePaper.read(t), demoPaper.read(t),
		normSite(t, demoTime.AddDate(0, 0, 20)), finish(t, build.Options{Dir: "../..", Now: demoTime, BaseURL: "https://paper.example/a/b/"}),
	}
	for _, n := range slices.Concat(pageNorms, wordNorms, readerNorms, sitemapNorms, newsNorms, feedNorms, formatNorms, wireNorms, smallNorms) {
		t.Run(n.name, func(t *testing.T) {
			for i, ed := range editions {
				wrong := n.check(ed)
				for _, w := range wrong[:min(8, len(wrong))] {
					t.Errorf("%d, %s: %s", i, ed.base, w)
				}
			}
			if len(n.spoilers) == 0 {
				t.Error("nothing shows that the rule can fail")
			}
			for i, spoil := range n.spoilers {
				if !found(n, spoil, editions) {
					t.Errorf("the rule does not find what spoiler %d spoils, or that spoils nothing", i+1)
				}
			}
		})
	}
}

// A norm is one rule: its check says what breaks it in an edition.
type norm struct {
	name     string
	check    func(ed *edition) (wrong []string)
	spoilers []spoiler
}

// A spoiler makes a small change in finished files that breaks a rule.
type spoiler func(files map[string]string)

// found tells whether a rule finds what a spoiler does to one of the editions.
func found(n norm, spoil spoiler, editions []*edition) bool {
	for _, ed := range editions {
		if other := ed.spoilt(spoil); other != nil && len(n.check(other)) > 0 {
			return true
		}
	}
	return false
}

// edit is a spoiler that replaces the first of a text in a file.
func edit(name, old, now string) spoiler {
	return func(files map[string]string) { files[name] = strings.Replace(files[name], old, now, 1) }
}

// swap is one that replaces what a regular expression finds first in a file.
func swap(name, pattern, now string) spoiler {
	re := regexp.MustCompile(pattern)
	return func(files map[string]string) {
		if at := re.FindStringIndex(files[name]); at != nil {
			files[name] = files[name][:at[0]] + now + files[name][at[1]:]
		}
	}
}

// within is one that replaces, in the first file of a pattern of path.Match that has
// it, what a regular expression finds; "*" is any page. Now may name its parts.
func within(pattern, old, now string) spoiler {
	re := regexp.MustCompile(old)
	return func(files map[string]string) {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if ok, _ := path.Match(pattern, name); !ok && (pattern != "*" || path.Ext(name) != ".html") {
				continue
			}
			if at := re.FindStringSubmatchIndex(files[name]); at != nil {
				files[name] = files[name][:at[0]] + string(re.ExpandString(nil, now, files[name], at)) + files[name][at[1]:]
				return
			}
		}
	}
}

// checking is a rule for pages held against one edition.
type checking struct {
	ed    *edition
	wrong []string
}

// pages is the check of a rule for pages.
func pages(check func(c *checking)) func(ed *edition) []string {
	return func(ed *edition) []string {
		c := &checking{ed: ed}
		check(c)
		return c.wrong
	}
}

// must notes that something is not as the rule wants it.
func (c *checking) must(ok bool, where *finishedPage, format string, args ...any) {
	if !ok {
		c.wrong = append(c.wrong, where.path+": "+fmt.Sprintf(format, args...))
	}
}

// An edition is one as whoever reads it finds it.
type edition struct {
	base      string // where it stands
	now       time.Time
	bare      bool // without its pictures
	files     map[string]string
	published map[string]string        // by path, what its page does not tell
	pages     map[string]*finishedPage // that lead nowhere else
	byURL     map[string]*finishedPage // by canonical address
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

var sitemapLine = regexp.MustCompile(`(?m)^Sitemap: (\S+/)sitemap\.xml$`)

// read reads the edition in a folder.
func read(t *testing.T, dir string, now time.Time) *edition {
	t.Helper()
	ed := &edition{now: now, files: bytesOf(dir), pages: map[string]*finishedPage{}}
	at := sitemapLine.FindStringSubmatch(ed.files["robots.txt"])
	if at == nil {
		t.Fatal("robots.txt does not say where the site is")
	}
	ed.base = at[1]
	for name, text := range ed.files {
		if isPage(name, text) {
			ed.pages[name] = readPage(name, text)
		}
	}
	ed.index()
	return ed
}

// isPage tells of a file whether it is a page for readers.
func isPage(name, text string) bool {
	return path.Ext(name) == ".html" && !strings.Contains(text, `http-equiv="refresh"`)
}

func (ed *edition) index() {
	ed.byURL = map[string]*finishedPage{}
	for _, p := range ed.pages {
		if p.canonical != "" {
			ed.byURL[p.canonical] = p
		}
	}
}

// spoilt is the edition as a spoiler leaves it, nil if that changes nothing.
func (ed *edition) spoilt(spoil spoiler) *edition {
	other := *ed
	other.files, other.pages = maps.Clone(ed.files), maps.Clone(ed.pages)
	spoil(other.files)
	changed := false
	for name, text := range other.files {
		if was, there := ed.files[name]; was == text && (there || text == "") {
			continue
		}
		changed = true
		delete(other.pages, name)
		if isPage(name, text) {
			other.pages[name] = readPage(name, text)
		}
	}
	other.index()
	if !changed {
		return nil
	}
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
	p.each(func(o object) {
		if kind, _ := o["@type"].(string); slices.Contains(types, kind) {
			found = append(found, o)
		}
	})
	return found
}

// each visits every object of the page's JSON-LD, the outer ones first.
func (p *finishedPage) each(visit func(object)) {
	var look func(v any)
	look = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				look(e)
			}
		case object:
			visit(v)
			for _, key := range slices.Sorted(maps.Keys(v)) {
				look(v[key])
			}
		}
	}
	for _, v := range p.data {
		look(v)
	}
}

// articles are the types of stories.
var articles = []string{"NewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "LiveBlogPosting"}

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
	for _, name := range slices.Sorted(maps.Keys(c.ed.pages)) {
		all = append(all, c.ed.pages[name])
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
func finishedSite(t *testing.T, o build.Options) *edition {
	t.Helper()
	rep, problems := build.Run(context.Background(), o)
	if diag.AnyError(problems) {
		var b strings.Builder
		diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
		t.Fatal(b.String())
	}
	return read(t, o.Out, o.Now)
}
