package article_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"

	"stet/internal/article"
)

const conformance = "../../../shared/conformance/"

// specs are the examples we are measured by.
var specs = []string{"commonmark/spec-0.31.2", "gfm/gfm-0.29-spec", "gfm/gfm-extensions", "gfm/gfm-regression"}

// An example is one of a specification.
type example struct {
	Markdown string
	HTML     string
	Example  int
}

func examples(t testing.TB, spec string) (list []example) {
	t.Helper()
	data, err := os.ReadFile(conformance + spec + ".json")
	if os.IsNotExist(err) {
		t.Skipf("the examples of %s are not here; they are looked for in %s", spec, conformance)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// bare are the options with every rule of the house off.
var bare = article.Options{NoIDs: true, NoFigures: true, NoRule: true}

// rules are the rules, each alone.
var rules = []struct {
	name    string
	options article.Options
}{
	{"ids", article.Options{NoFigures: true, NoRule: true}},
	{"figures", article.Options{NoIDs: true, NoRule: true}},
	{"quotes", article.Options{NoIDs: true, NoFigures: true, NoRule: true, Quotes: quotes["en"]}},
	{"html", article.Options{NoIDs: true, NoFigures: true}},
}

func rendered(markdown string, o article.Options) string {
	html, _ := article.Render("content/x.md", []byte(markdown), o)
	return unboxed.Replace(html)
}

// unboxed takes tables out of the boxes in which they scroll.
var unboxed = strings.NewReplacer("<div class=\"table\">\n<table", "<table", "</table>\n</div>", "</table>")

// same lets <br /> be <br>.
func same(a, b string) bool {
	plain := strings.NewReplacer(" />", ">", "/>", ">")
	return plain.Replace(a) == plain.Replace(b)
}

// With the rules off, whatever goldmark passes, passes.
func TestConformance(t *testing.T) {
	plain := goldmark.New(
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
			extension.Strikethrough, extension.TaskList, extension.Footnote),
		goldmark.WithParserOptions(parser.WithAttribute()),
		goldmark.WithRendererOptions(html.WithUnsafe()))
	for _, spec := range specs {
		t.Run(spec, func(t *testing.T) {
			passed := 0
			list := examples(t, spec)
			for _, e := range list {
				var b bytes.Buffer
				if err := plain.Convert([]byte(e.Markdown), &b); err != nil {
					t.Fatal(err)
				}
				got := rendered(e.Markdown, bare)
				if got != b.String() && !(same(b.String(), e.HTML) && same(got, e.HTML)) {
					t.Errorf("example %d: %q became\n%s\ngoldmark makes\n%s", e.Example, e.Markdown, got, b.String())
				}
				if same(got, e.HTML) {
					passed++
				}
			}
			t.Logf("%d of %d pass", passed, len(list))
		})
	}
}

// With the rules on, testdata/conformance.txt lists the examples that come out
// otherwise, each with the rules that make the difference alone. One that no
// rule explains fails.
func TestDifferences(t *testing.T) {
	var listed strings.Builder
	for _, spec := range specs {
		for _, e := range examples(t, spec) {
			plain := rendered(e.Markdown, bare)
			if rendered(e.Markdown, article.Options{Quotes: quotes["en"]}) == plain {
				continue
			}
			var because []string
			for _, rule := range rules {
				if rendered(e.Markdown, rule.options) != plain {
					because = append(because, rule.name)
				}
			}
			if because == nil {
				t.Errorf("%s %d differs for no reason that is known: %q", spec, e.Example, e.Markdown)
			}
			fmt.Fprintf(&listed, "%s %d: %s\n", spec, e.Example, strings.Join(because, ", "))
		}
	}
	const file = "testdata/conformance.txt"
	if *update {
		if err := os.WriteFile(file, []byte(listed.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(want)) {
		known[line] = true
	}
	for line := range strings.Lines(listed.String()) {
		if !known[line] {
			t.Errorf("a difference that is not listed: %s", line)
		}
		delete(known, line)
	}
	for line := range known {
		t.Errorf("a difference that is no more: %s", line)
	}
}
