package build_test

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"stet"
	"stet/internal/build"
)

// normSite is the edition of the site of testdata/norms.txtar.
func normSite(t *testing.T, now time.Time) *edition {
	t.Helper()
	a, err := txtar.ParseFile("testdata/norms.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir, published := t.TempDir(), map[string]string{}
	for _, f := range a.Files {
		if f.Name != "published" {
			write(t, dir, f.Name, string(f.Data))
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			at, when, _ := strings.Cut(strings.TrimSpace(line), " ")
			published[at] = when
		}
	}
	write(t, dir, "layouts/languages/zh-Hant.yaml", readDoc(t, "layouts/languages/en.yaml"))
	for i, name := range []string{"mill", "kept", "b", "reserved", "free"} {
		write(t, dir, "content/town/fire/"+name+".jpg", photograph(i+1))
	}
	ed := finish(t, build.Options{Dir: dir, Now: now})
	ed.published = published
	return ed
}

// finish builds an edition without its pictures.
func finish(t *testing.T, o build.Options) *edition {
	t.Helper()
	o.Out, o.Theme, o.Proof = filepath.Join(t.TempDir(), "out"), stet.Theme(), true
	ed := finishedSite(t, o)
	ed.bare = true
	return ed
}

// at are the files whose path fits a pattern of path.Match, or whose name does if
// the pattern has no slash.
func (f *edition) at(pattern string) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		of := name
		if !strings.Contains(pattern, "/") {
			of = path.Base(name)
		}
		if ok, _ := path.Match(pattern, of); ok {
			names = append(names, name)
		}
	}
	return names
}

// page is the file of a URL of the site, "" if that is another's.
func (f *edition) page(address string) string {
	rest, ok := strings.CutPrefix(address, f.base)
	if plain, err := url.PathUnescape(rest); ok && err == nil {
		if plain == "" || strings.HasSuffix(plain, "/") {
			plain += "index.html"
		}
		return plain
	}
	return ""
}

// said is what a story's page tells machines of it.
type said struct {
	Headline, DatePublished, DateModified string
}

func (f *edition) said(address string) (s said) {
	name := f.page(address)
	for _, m := range linkedData.FindAllStringSubmatch(f.files[name], -1) {
		if err := json.Unmarshal([]byte(m[1]), &s); err != nil {
			panic(err)
		}
	}
	s.DatePublished = cmp.Or(f.published[strings.TrimSuffix(name, "index.html")], s.DatePublished)
	return s
}

// A node is an element of XML.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []node     `xml:",any"`
}

func parseXML(doc string) (n node, err error) {
	d := xml.NewDecoder(strings.NewReader(doc))
	if err = d.Decode(&n); err == nil {
		if _, end := d.Token(); end != io.EOF {
			if t, _ := d.Token(); t != nil {
				err = fmt.Errorf("something follows: %v", t)
			}
		}
	}
	return n, err
}

// all are the children of a name, of the name space of their parent or of the one
// that has its prefix below.
func (n node) all(name string) (some []node) {
	space := n.XMLName.Space
	if prefix, local, found := strings.Cut(name, ":"); found {
		space, name = spaces[prefix], local
	}
	for _, c := range n.Nodes {
		if c.XMLName.Local == name && c.XMLName.Space == space {
			some = append(some, c)
		}
	}
	return some
}

func (n node) one(name string) node {
	if some := n.all(name); len(some) > 0 {
		return some[0]
	}
	return node{}
}

func (n node) text(name string) string { return strings.TrimSpace(n.one(name).Text) }

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

var spaces = map[string]string{
	"news": "http://www.google.com/schemas/sitemap-news/0.9", "xhtml": "http://www.w3.org/1999/xhtml", "media": "http://search.yahoo.com/mrss/",
	"content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/", "atom": "http://www.w3.org/2005/Atom",
}

// each runs a check on each XML document of a pattern.
func (f *edition) each(pattern string, check func(name string, doc node) []string) (wrong []string) {
	names := f.at(pattern)
	if len(names) == 0 {
		return []string{"there is no " + pattern}
	}
	for _, name := range names {
		doc, err := parseXML(f.files[name])
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		for _, w := range check(name, doc) {
			wrong = append(wrong, name+": "+w)
		}
	}
	return wrong
}

// w3c reads a time as W3C's note on dates has it.
func w3c(text string) (time.Time, bool) {
	for _, form := range []string{"2006-01-02", "2006-01-02T15:04Z07:00", time.RFC3339, "2006-01-02T15:04:05.9Z07:00"} {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// addressed says what is wrong with an absolute URL as it stands in a document.
func addressed(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return err.Error()
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return fmt.Sprintf("%q is not absolute", address)
	case strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"{}|\\^`", r) }):
		return fmt.Sprintf("%q is not percent-encoded", address)
	case len(address) >= 2048:
		return fmt.Sprintf("%q is too long", address[:80])
	}
	return ""
}
