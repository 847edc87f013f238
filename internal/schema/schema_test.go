package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"stet"
	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/schema"
)

// A reader is a parser of Stet with the schema of what it reads.
type reader struct {
	what  string
	path  string
	base  []string // lines without which the file has a problem
	parse func(path, text string) []diag.Problem
}

var readers = []reader{
	{"story", "content/town/fire.md", []string{"title: T", "date: 2026-11-22"}, parseArticle},
	{"author", "content/authors/ada.md", []string{"name: A"}, parseArticle},
	{"section", "content/town/_index.md", []string{"title: T"}, parseArticle},
	{"site", "site.yaml", []string{"format: 1", "title: T", "timezone: UTC"}, parseSite},
	{"front", "content/fronts/front.yaml", nil, parseFront},
}

func parseArticle(path, text string) []diag.Problem {
	_, problems := article.Parse(path, []byte("---\n"+text+"---\nText.\n"))
	return problems
}

func parseSite(path, text string) []diag.Problem {
	_, problems := config.Parse(path, []byte(text))
	return problems
}

func parseFront(path, text string) []diag.Problem {
	_, problems := config.ParseFront(path, []byte(text))
	return problems
}

// written is a schema as stet schema writes it, read back.
func written(t *testing.T, what string, n schema.Names) map[string]any {
	t.Helper()
	s, err := schema.Of(what, stet.Docs(), n)
	if err != nil || s == nil {
		t.Fatalf("the schema of %s: %v", what, err)
	}
	data, err := s.Write()
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	return tree
}

// compiled is a schema ready to check, itself checked as draft 7.
func compiled(t *testing.T, what string, n schema.Names) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("stet.json", written(t, what, n)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("stet.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid says what a schema has against a YAML text, read as editors read it: by
// YAML 1.2, and by 1.1, where yes and off are booleans.
func valid(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	v, problems := fields.YAML("x.yaml", []byte(text), 1)
	if len(problems) > 0 {
		t.Fatalf("%v in\n%s", problems, text)
	}
	young, old := plain(v, false), plain(v, true)
	if err := s.Validate(young); err != nil || reflect.DeepEqual(young, old) {
		return err
	}
	return s.Validate(old)
}

func plain(v *fields.Value, old bool) any {
	switch v.Kind {
	case fields.Null:
		return nil
	case fields.List:
		all := []any{}
		for _, item := range v.Items {
			all = append(all, plain(item, old))
		}
		return all
	case fields.Map:
		all := map[string]any{}
		for _, pair := range v.Pairs {
			all[pair.Key.Text] = plain(pair.Value, old)
		}
		return all
	}
	word := strings.ToLower(v.Text)
	var number any
	switch {
	case v.Style == fields.Bool && (word == "true" || word == "false" || old):
		return word == "true" || word == "yes" || word == "on"
	case v.Style == fields.Number && json.Unmarshal([]byte(v.Text), &number) == nil:
		return number
	}
	return v.Text
}

// examples are what docs/ shows of a kind of file, as YAML.
var fenced = regexp.MustCompile("(?ms)^```(yaml|markdown) ?([^\n]*)\n(.*?)^```$")

func readDoc(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// with adds the lines that a text lacks.
func with(text string, base []string) string {
	for _, line := range base {
		key, _, _ := strings.Cut(line, ":")
		if !regexp.MustCompile(`(?m)^` + key + `:`).MatchString(text) {
			text += line + "\n"
		}
	}
	return text
}

// whatOf is the schema for a file of content/.
func whatOf(name string, data []byte) string {
	if article.OfFronts(name) {
		return "front"
	}
	a, _ := article.Parse(name, data)
	switch {
	case a == nil:
		return ""
	case a.Kind == article.Author:
		return "author"
	case a.Kind == article.Story, a.Kind == article.Page:
		return "story"
	}
	return "section"
}

// What docs/ and the demo newspaper write, the schemas take.
func TestExamples(t *testing.T) {
	all := map[string]*jsonschema.Schema{}
	base := map[string][]string{}
	for _, r := range readers {
		all[r.what], base[r.what] = compiled(t, r.what, schema.Names{}), r.base
	}
	count := map[string]int{}
	check := func(where, what, text string) {
		count[what]++
		if err := valid(t, all[what], text); err != nil {
			t.Errorf("%s: %v\n%s", where, err, text)
		}
	}
	front := func(text string) string {
		_, text, _ = strings.Cut(text, "---\n")
		text, _, _ = strings.Cut(text, "\n---")
		return text + "\n"
	}
	for _, name := range []string{"docs/front-matter.md", "docs/site.md", "docs/desk.md", "docs/guide.md", "docs/photos.md", "docs/editors.md"} {
		for _, m := range fenced.FindAllStringSubmatch(readDoc(t, name), -1) {
			file, text := m[2], m[3]
			switch {
			case strings.HasSuffix(file, ".md"):
				check(name, whatOf(file, []byte(text)), front(text))
			case strings.Contains(file, "/fronts/"):
				check(name, "front", text)
			case m[1] == "yaml" && name == "docs/site.md":
				check(name, "site", with(text, base["site"]))
			case m[1] == "yaml" && name == "docs/front-matter.md":
				check(name, "story", with(text, base["story"]))
			}
		}
	}
	root := os.DirFS("../..")
	err := fs.WalkDir(root, "content", func(name string, d fs.DirEntry, err error) error {
		if ext := path.Ext(name); err != nil || d.IsDir() || ext != ".md" && ext != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(root, name)
		if what := whatOf(name, data); what == "front" {
			check(name, what, string(data))
		} else if bytes.HasPrefix(data, []byte("---\n")) {
			check(name, what, front(string(data)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	check("site.yaml", "site", readDoc(t, "site.yaml"))
	for what, least := range map[string]int{"story": 45, "author": 8, "section": 15, "site": 15, "front": 5} {
		if count[what] < least {
			t.Errorf("only %d examples of %s were found", count[what], what)
		}
	}
}

// What is wrong in a way that editors are to show, the schemas refuse.
func TestWrong(t *testing.T) {
	for what, wrong := range map[string][]string{
		"story": {
			"autor: Ada", "draft: maybe", "date: 22 November 2026", "date: [2026-11-22]", "title: [a]", "titles: {tiny: x}", "titles: Short",
			"author: {role: editor}", "author: [{nam: x}]", "dateline: {place: X, show: never}", "type: editorial", "status: kiled", "image: {alt: x}",
			"image: {src: a.jpg, focus: [0.5]}", "image: {src: a.jpg, focus: [2, 0]}", "image: {src: a.jpg, size: huge}", "gallery: [{alt: x}]",
			"series: {part: 2}", "series: {name: x, part: none}", "live: now", "sponsor: {name: x, url: bakery}", "corrections: a text", "corrections: {text: x}",
			"corrections: [{text: x}]", "corrections: [{date: 2026-11-22, text: x, kind: oops}]", "related: true", "related: {a: b}", "comments: perhaps",
			"pin: high", "weight: 1.5", "hide: 3", "tags: {a: b}", "url: news/fire", "language: [en]", "params: x", "ignore: [alt]", "also: {a: b}",
		},
		"author":  {"nam: x", "name: [a]", "active: gone", "photo: {alt: x}", "contact: {email: [a]}", "organisation: 2"},
		"section": {"titel: x", "order: first", "image: {}", "description: [a]"},
		"site": {
			"format: 2", "base_url: example.org", "titles: x", "per_page: 0", "per_page: many", "tags: some", "menus: {main: /a/}", "menus: {main: [{title: x}]}", "style: {datelines: lead}",
			"style: {dateline: top}", "style: {corrections: {corection: top}}", "style: {age_label: {years: 0}}", "images: {widths: [4]}", "images: {quality: 101}", "feeds: {text: all}",
			"archive: weeks", "check: {alt: maybe}", "comments: {close_after: soon}", "redirects: [{to: /x/}]", "allow: {frames: x}", "deploy: {live: /srv}", "deploy: {live: {base_url: https://x.org/}}", "deploy: {live: {to: /srv, redirects: pages}}", "deploy: {live: {to: /srv, cache: {asset: x}}}", "urls: /news/", "publisher: {nme: x}",
			"languages: {ar: {titel: x}}", "timezone: ",
		},
		"front": {
			"slot: []", "slots: lead", "slots: [{title: x}]", "slots: [{name: Big One}]", "slots: [{name: a, count: 0}]", "slots: [{name: a, fill: {kind: poem}}]", "slots: [{name: a, fill: {topic: x}}]",
			"slots: [{name: a, story: [{from: 2026-11-22}]}]", "bar: text", "bar: {label: x}", "bar: {text: a, show: never}", "bar: {text: a, url: news}", "blocks: {a: b}",
		},
	} {
		s := compiled(t, what, schema.Names{})
		for _, text := range wrong {
			r := readers[slices.IndexFunc(readers, func(r reader) bool { return r.what == what })]
			text = with(text+"\n", r.base)
			if err := valid(t, s, text); err == nil {
				t.Errorf("the schema of %s takes\n%s", what, text)
			}
			if len(r.parse(r.path, text)) == 0 {
				t.Errorf("stet takes\n%s", text)
			}
		}
		if err := valid(t, s, "{}"); (err != nil) != (what != "front") {
			t.Errorf("the schema of %s says of a file without keys: %v", what, err)
		}
	}
}

// Names of a site are offered, and others are taken.
func TestNames(t *testing.T) {
	n := schema.Names{
		Sections: []string{"town"}, Authors: []string{"Ada Lovelace"}, Tags: []string{"Mill fire"},
		Series: []string{"The mills"}, Layouts: []string{"longread"}, Languages: []string{"ar"},
	}
	for what, text := range map[string]string{
		"story": "title: T\nsection: culture\nalso: [a]\nauthor: [B, {name: C}]\ntags: [d]\nseries: e\nlayout: f\nlanguage: de\n",
		"front": "slots: [{name: a, fill: {section: b, tag: c, series: d, author: e}}]\nblocks: [f]\n",
		"site":  "format: 1\ntitle: T\ntimezone: UTC\ntrusted: [a]\n",
	} {
		if err := valid(t, compiled(t, what, n), text); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		data := fmt.Sprint(written(t, what, n))
		for _, name := range map[string][]string{
			"story": {"town", "Ada Lovelace", "Mill fire", "The mills", "longread", "ar"},
			"front": {"town", "Ada Lovelace", "Mill fire", "The mills"},
			"site":  {"town"},
		}[what] {
			if !strings.Contains(data, "enum:["+name+"]") {
				t.Errorf("the schema of %s does not offer %s", what, name)
			}
		}
	}
}
