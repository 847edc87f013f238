package article

import (
	"testing"

	"github.com/yuin/goldmark/ast"
)

// What is written by hand is what goldmark's renderer writes.
func FuzzHand(f *testing.F) {
	for _, body := range bodiesIn(f, "../../content") {
		f.Add(body)
	}
	for body := range partly {
		f.Add(body)
	}
	for body := range examplesOf(f) {
		f.Add(body)
	}
	for _, body := range []string{
		"# A *b* {.c}\n\n## D & \"e\" {#f&\"g\"}\n\n#\n", "3. a\n4. b\n\n- a\n\n  b\n- > c\n-\n- # d\n", "> a  \n> b\\\n> [c](d \"e & f\") ![g](h)\n",
		":::factbox\n### a\n- b\n:::\n", "a `b` <i>c</i> <https://a.example/>\n\n| a | b |\n|---|:-:|\n| *c* | d |\n", "a[^1]\n\n[^1]: *b*\n\n    c\n", "- [x] ~~a~~ &amp; \x00\n",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if tooDeep([]byte(body)) >= 0 {
			return
		}
		for language, q := range marksOf {
			hand, byHand := worked(body, q)
			pens, byPen := worked(body, q)
			var s, want sheet
			hand.write(&s, byHand)
			if err := pen.Render(&want, pens.body, byPen); err != nil {
				t.Fatal(err)
			}
			if s.String() != want.String() {
				t.Errorf("%q (%s) becomes\n%s\nbut is\n%s", body, language, &s, &want)
			}
		}
	})
}

// worked is a text's tree as it is before it is written.
func worked(body string, q Quotes) (*run, ast.Node) {
	r := &run{path: "a.md", body: []byte(body), o: &Options{Quotes: q, Trusted: true}, line: 1}
	doc := r.tree()
	r.anchors(doc)
	r.walk(doc)
	r.nameNotes(doc)
	return r, doc
}
