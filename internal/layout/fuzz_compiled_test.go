package layout

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"stet/internal/diag"
)

// A random layout with its data, made of the bytes of a fuzzer.
type random struct {
	text string
	data dice // where it begins to be data
}

func newRandom(bytes string) random {
	if len(bytes) > 4000 {
		bytes = bytes[:4000]
	}
	half := len(bytes) / 2
	s := &scribe{dice: dice{data: bytes[:half]}}
	return random{s.layout(), dice{data: bytes[half:]}}
}

// dot is the layout's data.
func (r random) dot() map[string]any {
	d := r.data
	dot := values()
	for _, name := range []string{"A", "B", "C", "D"} {
		dot[name] = d.value(3)
	}
	dot["Params"] = map[string]any{"mood": d.value(1)}
	return dot
}

// A making is what becomes of a layout as a page is made with it.
type making struct {
	said, out string
	asked     []string // what was asked, in order of the first time
}

// whole makes a page with a layout and what it calls, as a build does.
func whole(text string, dot any, interpret bool) (m making) {
	files := map[string][]byte{"article.html": []byte(text), "partials/f.html": []byte(`<i title="{{ . }}">{{ . }}</i>`)}
	l, problems := New(files, languages)
	if interpret {
		l.Interpret()
	}
	p := &press{layouts: l, dot: dot, asked: func(kind, args string) {
		if q := kind + " " + args; !slices.Contains(m.asked, q) {
			m.asked = append(m.asked, q)
		}
	}}
	problems = append(problems, p.make("world/index.html")...)
	m.said, m.out = address.ReplaceAllString(fmt.Sprintf("%+v", problems), "0x…"), address.ReplaceAllString(p.out["world/index.html"], "0x…")
	if diag.AnyError(problems) {
		m.asked = nil // nothing is kept of it
	}
	return m
}

// compare executes the layout both ways: what is in it alone, and a page made of
// it.
func (r random) compare(t testing.TB) (v verdict, ok bool) {
	t.Helper()
	dot := r.dot()
	if v, ok = judge(t, r.text, dot); !ok {
		return v, false
	}
	wrong := v.wrong()
	if wrong == "" {
		wrong = compareWhole(r.text, dot, dot)
	}
	if wrong != "" {
		t.Errorf("%s\nof\n%s", wrong, r.text)
	}
	return v, true
}

// seeded are bytes from a seed.
func seeded(seed, more uint64, n int) string {
	p := rand.New(rand.NewPCG(seed, more))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(p.Uint32())
	}
	return string(b)
}

// Random layouts with random data give, compiled, what html/template makes of
// them, byte for byte, ask the same, and fail in the same way.
func FuzzCompiled(f *testing.F) {
	for n := range uint64(24) {
		f.Add(seeded(n, n, 200<<(n%4)))
	}
	f.Fuzz(func(t *testing.T, bytes string) { newRandom(bytes).compare(t) })
}

// Most random layouts are compiled and need not be left to html/template.
func TestRandom(t *testing.T) {
	parsed, made, ran, left := 0, 0, 0, 0
	for n := range uint64(1500) {
		r := newRandom(seeded(n, 99, 300<<(n%4)))
		v, ok := r.compare(t)
		if ok {
			parsed++
		}
		switch {
		case v.ran:
			made, ran = made+1, ran+1
		case ok && v.err == nil && v.out != "":
			made++
			if left++; left < 10 {
				t.Logf("left to html/template: %s", r.text)
			}
		}
	}
	t.Logf("%d layouts can be parsed; of %d that can be made %d were compiled", parsed, made, ran)
	if parsed < 1000 || ran < 100 || ran < made*95/100 {
		t.Error("too few")
	}
}

// The fuzzer's layouts come to every escaper and every construct: each of these
// is in what html/template makes of one of them.
func TestRandomReaches(t *testing.T) {
	missing := map[string]bool{"{{else with ": true, "{{else if ": true, "{{break}}": true, "{{continue}}": true, "{{template ": true, "{{define ": true, " = ": true, "{{range $": true, "${ ": true, "{{- ": true, " -}}": true,
		"srcset=": true, "onclick=": true, "style=": true, "<script type=\"application/ld+json\">": true, "<textarea>": true, "<!--": true, "url(": true}
	for name := range escapers {
		missing[name] = true
	}
	for n := range uint64(600) {
		r := newRandom(seeded(n, 98, 1200))
		trees, err := parseText("main", r.text)
		if err != nil {
			continue
		}
		texts := r.text
		texts += escaped(trees)
		for what := range missing {
			if strings.Contains(texts, what) {
				delete(missing, what)
			}
		}
	}
	for what := range missing {
		t.Errorf("none of 600 random layouts has %s", what)
	}
}

// escaped is what html/template makes of a set, if it lets it pass.
func escaped(trees map[string]*parse.Tree) string {
	defer func() { _ = recover() }() // it was given up
	return flatten("main", trees).root.String()
}
