package article

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// marksOf are the quotation marks of languages that differ in how they are set.
var marksOf = map[string]Quotes{
	"":   {},
	"en": {Open: "“", Close: "”", OpenSingle: "‘", CloseSingle: "’"},
	"de": {Open: "„", Close: "“", OpenSingle: "‚", CloseSingle: "‘"},
	"fr": {Open: "«\u202f", Close: "\u202f»", OpenSingle: "‹\u202f", CloseSingle: "\u202f›", Space: "\u202f"},
	"<>": {Open: "<<", Close: ">>", OpenSingle: "<", CloseSingle: ">"},
}

// same reads a text quickly and with goldmark, which must give the same tree and the
// same HTML, and tells whether it was read quickly.
func same(t *testing.T, body string) bool {
	t.Helper()
	quick := false
	for language, q := range marksOf {
		r := &run{path: "a.md", body: []byte(body), o: &Options{Quotes: q}, line: 1}
		if tooDeep(r.body) >= 0 || strings.Contains(body, "[^") {
			return false
		}
		from := shelves.Get().(*shelf) // which has been used before
		doc := quickMarkdown(r.body, q.escaped(), from)
		if doc == nil {
			continue
		}
		quick = true
		slow := r.anyMarkdown()
		if got, want := shownTree(doc, r.body), shownTree(slow, r.body); got != want {
			t.Errorf("%q (%s) is read as\n%s\nbut is\n%s", body, language, got, want)
		}
		if got, want := rendering(body, q, doc, !from.special), rendering(body, q, slow, false); got != want {
			t.Errorf("%q (%s) becomes\n%s\nbut is\n%s", body, language, got, want)
		}
		from.clear()
		shelves.Put(from)
	}
	return quick
}

// rendering is all that is made of a tree, with all that is asked and said.
func rendering(body string, q Quotes, doc ast.Node, bare bool) string {
	var b strings.Builder
	leads := func(dest string, line int) (Target, error) {
		fmt.Fprintf(&b, "%s on %d\n", dest, line)
		return Target{URL: dest, Status: Status(len(dest) % 4)}, nil
	}
	r := &run{path: "a.md", body: []byte(body), line: 1, bare: bare, o: &Options{Quotes: q, Dateline: "ROME", Link: leads, Prose: func(p Prose) { fmt.Fprintf(&b, "%+v\n", p) }}}
	b.WriteString(r.rendered(doc))
	for _, p := range r.problems {
		fmt.Fprintf(&b, "%+v\n", p)
	}
	return b.String()
}

// shownTree is all of a tree that anybody looks at. Texts beside each other are one.
func shownTree(n ast.Node, source []byte) string {
	var b strings.Builder
	showNode(&b, n, source, "")
	return b.String()
}

func showNode(b *strings.Builder, n ast.Node, source []byte, indent string) {
	fmt.Fprintf(b, "%s%s at %d", indent, n.Kind(), n.Pos())
	if n.Type() != ast.TypeInline {
		for i := range n.Lines().Len() {
			fmt.Fprintf(b, " %v", n.Lines().At(i))
		}
	}
	for _, a := range n.Attributes() {
		fmt.Fprintf(b, " %s=%q", a.Name, a.Value)
	}
	switch n := n.(type) {
	case *ast.Heading:
		fmt.Fprintf(b, " level %d", n.Level)
	case *ast.List:
		fmt.Fprintf(b, " %c tight %t from %d", n.Marker, n.IsTight, n.Start)
	case *ast.ListItem:
		fmt.Fprintf(b, " offset %d", n.Offset)
	case *ast.Emphasis:
		fmt.Fprintf(b, " level %d", n.Level)
	case *ast.String:
		fmt.Fprintf(b, " %q code %t raw %t", n.Value, n.IsCode(), n.IsRaw())
	case *ast.Link:
		fmt.Fprintf(b, " to %q %#v by %v", n.Destination, string2(n.Title), n.Reference)
	case *ast.Image:
		fmt.Fprintf(b, " to %q %#v by %v", n.Destination, string2(n.Title), n.Reference)
	}
	fmt.Fprintf(b, ", %d\n", countOf(n))
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Parent() != n || c.NextSibling() != nil && c.NextSibling().PreviousSibling() != c {
			fmt.Fprintf(b, "%s a broken chain\n", indent)
		}
		text, ok := c.(*ast.Text)
		if !ok {
			showNode(b, c, source, indent+"  ")
			continue
		}
		segment := text.Segment
		for goesOn(text) {
			c = c.NextSibling()
			text = c.(*ast.Text)
			segment.Stop = text.Segment.Stop
		}
		fmt.Fprintf(b, "%s  Text %v %q soft %t hard %t raw %t\n", indent, segment, segment.Value(source), text.SoftLineBreak(), text.HardLineBreak(), text.IsRaw())
	}
}

// goesOn tells whether the text behind one goes on with it.
func goesOn(t *ast.Text) bool {
	next, ok := t.NextSibling().(*ast.Text)
	return ok && t.Segment.Stop == next.Segment.Start && t.Segment.Padding == 0 && next.Segment.Padding == 0 && t.IsRaw() == next.IsRaw() && !t.SoftLineBreak() && !t.HardLineBreak()
}

// countOf is how many children a node says it has, texts that join counted once.
func countOf(n ast.Node) int {
	count := n.ChildCount()
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok && goesOn(t) {
			count--
		}
	}
	return count
}

// string2 tells no title from an empty one.
func string2(b []byte) any {
	if b == nil {
		return nil
	}
	return string(b)
}

// What is read quickly is what goldmark reads.
func FuzzQuick(f *testing.F) {
	for _, body := range bodiesIn(f, "../../content") {
		f.Add(body)
	}
	for body := range partly {
		f.Add(body)
	}
	for body := range examplesOf(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) { same(t, body) })
}

// bodiesIn are the texts of a folder's articles.
func bodiesIn(t testing.TB, folder string) (all []string) {
	err := filepath.WalkDir(folder, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".md" {
			return err
		}
		data, err := os.ReadFile(name)
		if a, _ := Parse("content/a/b.md", data); a != nil && a.HasBody {
			all = append(all, string(Body(data, a.BodyLine)))
		}
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatal("no articles in ", folder, err)
	}
	return all
}

// examplesOf are those of the specifications of Markdown; none where they do not lie.
func examplesOf(t testing.TB) map[string]bool {
	all := map[string]bool{}
	names, _ := filepath.Glob("../../../shared/conformance/*/*.json")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var examples []struct{ Markdown string }
		if json.Unmarshal(data, &examples) != nil {
			continue // it is about something else
		}
		for _, e := range examples {
			all[e.Markdown] = true
		}
	}
	return all
}

// The examples of the specifications are read the same.
func TestQuickExamples(t *testing.T) {
	t.Parallel()
	quick, all := 0, examplesOf(t)
	if len(all) == 0 {
		t.Skip("the examples of the specifications are not here")
	}
	for body := range all {
		if same(t, body) {
			quick++
		}
	}
	t.Logf("%d of %d", quick, len(all))
	if quick < len(all)/12 {
		t.Errorf("of %d examples only %d were read quickly", len(all), quick)
	}
}

// Most of the demo newspaper's stories are read quickly.
func TestQuickDemo(t *testing.T) {
	t.Parallel()
	quick, stories := 0, bodiesIn(t, "../../content")
	for _, body := range stories {
		if same(t, body) {
			quick++
		}
	}
	t.Logf("%d of %d", quick, len(stories))
	if quick < len(stories)*2/3 {
		t.Errorf("of %d stories only %d were read quickly", len(stories), quick)
	}
}

// No text is read otherwise that is made of few signs, whichever and in whatever
// order.
func TestQuickAll(t *testing.T) {
	t.Parallel()
	most := 4
	if testing.Short() {
		most = 3
	}
	for _, signs := range []string{"a\n -*", "a\n >#", "a\n1.)", "a*\" '", "a[]()!", "a\n:|-=", "a*_.é", "a ;«»\n"} {
		read, plain := 0, 0
		for _, before := range []string{"", "a\n", "- a\n", "> a\n"} {
			var on func(string, int)
			on = func(body string, more int) {
				if read++; same(t, body) {
					plain++
				}
				if more == 0 || t.Failed() {
					return
				}
				for _, c := range signs {
					on(body+string(c), more-1)
				}
			}
			on(before, most)
		}
		if plain < 50 {
			t.Errorf("of %d texts made of %q only %d were read quickly", read, signs, plain)
		}
		t.Logf("%q: %d of %d", signs, plain, read)
	}
}

// What lies on a shelf from long texts is not in those that follow.
func TestQuickLong(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 31, 32, 33, 600, 3} {
		for _, body := range []string{"A *b* \"c\" [d](e).\n\n", "# a\n\n", "- a\n", "> a\n", "![a](b)\n\n", "a\n"} {
			if !same(t, strings.Repeat(body, n)) {
				t.Errorf("%d of %q are not read quickly", n, body)
			}
		}
	}
}

// partly are texts, and whether they are read quickly. Any of them is read as
// goldmark reads it.
var partly = map[string]bool{
	"A word.\n\nAnother *one*, and **two of them**\nover lines.\n": true,
	"# A\n## B\nText\n### C\n\n\n###### D  \n":                     true,
	"- one\n- *two* \"three\"\n\n1. a\n2. b\n":                     false, // one list below another
	"- one\n- *two* \"three\"\n\nText:\n1) a\n7) b\n":              true,
	"Text:\n- one\n- two\n# A\n* three\n* four\n":                  true,
	"\"a\n\nb\" c":                                          true,
	"> a\n>  \n> b":                                         true,
	"+ a\n\n> b\n> c\n>\n> d\n\n> e\n":                      true,
	"12. a\n13. b":                                          true,
	"2026 was -5 degrees\n-6, +7\n3.5 percent\n":            true,
	"![a *b*](c.jpg \"d [e]\")\n\n![](f)\n":                 true,
	"![a](b.jpg 'c'){focus=left} [d](/e_f?g=1&h#i) [sic]\n": true,
	"[a](b) *c [d](e) f* [*g* \"h\"](i)\n":                  true,
	"She said \"it's\" -- '90s ... « ah » !\n":              true,
	"He wrote * in Q&A, 5 > 3 {a} %b $c 10^2 #d @e a/b\n":   false, // a star that stands alone
	"He wrote in Q&A, 5 > 3 {a} %b $c 10^2 #d @e a/b\n":     true,
	"é*ü*-*خ*, 「*新*」 *a*b\n":                                false, // the last could do both
	"(*ü*) «*خ*», 「*新*」 \u00a0*a*\u3000\n":                  true,
	"a                    ! «                    b":         true,
	"a \nb \n c":           false,
	"a \nb \nc  ":          true,
	"\n \n\na\n   \nb\n\n": true,
	"":                     true,
	"\x80«\x80  a":         true,
	"\x80 ! a":             true,
	"'s Gravenhage":        true, // nothing is before the mark

	"a  \nb":          false,
	" a":              false,
	"    a":           false,
	"a\tb":            false,
	"3.\t":            false,
	"*\t":             false,
	"a\x00":           false,
	"a\r\nb":          false,
	"a\\*b":           false,
	"a `b`":           false,
	"a_b":             false,
	"~~a~~":           false,
	"<b>a</b>":        false,
	"a\n---\n":        false,
	"a\n===\n":        false,
	"---\n":           false,
	"* * *\n":         false,
	"***a***":         false,
	"a ***b***":       false,
	"*a **b** c*":     false,
	"*a":              false,
	"a* b":            false,
	"*a\n\nb*":        false,
	"[*a](b)":         false,
	"[*a](b)*":        false,
	"*[a*](b)":        false,
	"[a]: b\n\n[a]":   false,
	"[a][b]":          false,
	"[a]":             true,
	"![a]":            false,
	"[a":              false,
	"a] [b](c)":       true,
	"[a [b] c](d)":    false,
	"[a [b](c)](d)":   false,
	"[![a](b)](c)":    false,
	"[a](b>~c_d&e*f)": true,
	"[a](b(c))":       false,
	"[a](<b>)":        false,
	"[a](b \"c\"d)":   false,
	"[a](b \"c)":      false,
	"[a](b\n\"c\")":   false,
	"[a]()":           false,
	"[a\nb](c)":       false,
	"- [ ] a":         false,
	"- [x](y)":        false,
	"- a\n\n- b":      false,
	"- a\n  b":        false,
	"- a\nb":          false,
	"- a\n- # b":      false,
	"- - a":           false,
	"-  a":            false,
	"- ":              false,
	"-":               false,
	"a\n- ":           false,
	"a\n0. b":         false,
	"a\n2. b":         false,
	"- a\n* b":        false,
	"1. a\n2) b":      false,
	"1234567890. a":   false,
	">a":              false,
	"> a\nb":          false,
	">\n> a":          false,
	"> # a":           false,
	"> > a":           false,
	"> - a":           false,
	"#":               false,
	"# ":              false,
	"#a":              false,
	"# a #":           false,
	"# a {#b}":        false,
	"####### a":       false,
	"a | b":           false,
	"| a |\n|---|\n":  false,
	"a\n:-":           false,
	":::a\n:::":       false,
	"::a":             false,
	"[^a]\n\n[^a]: b": false,
}

func TestQuick(t *testing.T) {
	for body, want := range partly {
		if got := same(t, body); got != want {
			t.Errorf("%q is read quickly: %t, want %t", body, got, want)
		}
	}
}

// So it is for what is made of the signs that mean something.
func FuzzQuickSigns(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, data []byte) {
		var body strings.Builder
		for _, c := range data {
			body.WriteString(signs[int(c)%len(signs)])
		}
		same(t, body.String())
	})
}

var signs = []string{
	"\n", "\n\n", "a", "b c", "x", " ", "  ", "*", "**", "_", "`", "<", ">", "> ", "# ", "#", "## ", "- ", "-", "* ", "+ ", "1. ", "2) ", "12", ".", "...", "--", "---", "===",
	"'", "\"", "“", "»", "«", "é", "خ", "新", "\u00a0", "\u3000", "🔥", "!", "![", "[", "](", "](x)", "]", "(", ")", "[a](b)", "![a](b)", "![a](b \"c\")", "[ ] ", "[x](y)", "]:", ": ", ":", ";", "?",
	"&", "&amp;", "\\", "|", "~", "~~", "{", "}", "{#a}", "%", "$", "/", "@", "^", "=", "\t", "\r", "\x00", "\x80", "\xc2", ",", "    ", "a\n", "- a\n", "> a\n", "1. a\n", "# a\n", "\n- ", "\n> ", "\n# ", " \n", "  \n", "http://x.example/", "it's", "'90s", "\"a\"", "*a*", "**a**", "::", ":::", "\v", "\f",
}

// So it is for lines as people write them, with what is hostile strewn in.
func TestQuickMixed(t *testing.T) {
	t.Parallel()
	texts := 20000
	if testing.Short() {
		texts = 2000
	}
	if n, err := strconv.Atoi(os.Getenv("STET_MIXED")); err == nil {
		texts = n
	}
	random := rand.New(rand.NewPCG(uint64(texts), 1))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	quick := 0
	for range texts {
		var body strings.Builder
		for range 1 + random.IntN(5) {
			body.WriteString(pick(beginnings))
			for range random.IntN(8) {
				if random.IntN(6) == 0 {
					body.WriteString(pick(signs))
				} else {
					body.WriteString(pick(pieces))
				}
			}
			body.WriteString(pick(lineEnds))
		}
		if same(t, body.String()) {
			quick++
		}
		if t.Failed() {
			return
		}
	}
	if quick < texts/20 {
		t.Errorf("of %d texts only %d were read quickly", texts, quick)
	}
	t.Logf("%d of %d", quick, texts)
}

// Lines are made of a beginning, pieces and an end.
var (
	beginnings = []string{"", "", "", "", "- ", "- ", "1. ", "2) ", "> ", "> ", ">", "# ", "## ", "* ", "+ ", "-", "*", "12", "3.", " "}
	pieces     = []string{
		"a", "word", " ", " ", " ", ", ", ". ", "Ende", "é", "خبر", "新", "*a*", "**b c**", "*", "**", "[a](b)", "[a b](/c?d=e_f&g#h)", "[sic]", "![a](b.jpg)", "![a *b*](b.jpg \"c [d]\")",
		"[a](b 'c')", "\"a\"", "\"", "'", "it's", "'90s", "(a)", "-", "--", "...", "!", " !", "« ", " »", "&", "C#", "10 %", "1.5", "[*a* \"b\"](c)", "*[a](b) c*", " ;", "\u00a0", "—", "…", "|", ">",
	}
	lineEnds = []string{"\n", "\n", "\n\n", "\n\n", "\n\n", "", " \n", "  \n", "\n \n", "\n\n\n", "\n>\n"}
)
