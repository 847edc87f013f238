package layout

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"testing"
	"text/template/parse"
	"time"
)

// A verdict is what came of executing a set both ways.
type verdict struct {
	out      string // html/template's
	err      error  // likewise
	compiled bool
	ran      bool // the program did not give up
	got      string
}

// judge executes templates compiled and with html/template.
func judge(t testing.TB, text string, dot any) (v verdict, ok bool) {
	t.Helper()
	trees, err := parseText("main", text)
	if err != nil {
		return v, false
	}
	return judgeTrees(trees, dot), true
}

func judgeTrees(trees map[string]*parse.Tree, dot any) (v verdict) {
	s := &set{name: "main", trees: trees}
	r := &renderer{layouts: &Layouts{}, set: s, lang: "en", language: languages["en"], dot: dot}
	r.machine.r = r
	if p := s.compiled(); p != nil {
		v.compiled = true
		v.ran = p.run(&r.machine, dot)
		v.got = string(r.machine.out)
	}
	var w bytes.Buffer
	if v.err = r.ready(); v.err == nil {
		v.err = r.execute(&w)
	}
	v.out = w.String()
	return v
}

// wrong says what is wrong with a verdict.
func (v verdict) wrong() string {
	switch {
	case v.ran && v.err != nil:
		return fmt.Sprintf("html/template fails: %v\ncompiled it gives %q", v.err, v.got)
	case v.ran && v.got != v.out:
		return fmt.Sprintf("html/template gives\n%q\ncompiled it gives\n%q", v.out, v.got)
	}
	return ""
}

// The values of the tests' templates.
type (
	stringer struct{ s string }
	pointed1 struct{ s string }
	broken   struct{ s string }
	word     string
	yes      bool
	count    uint8
	inner    struct{ Name, URL string }
	outer    struct {
		inner
		*Deep
		Own string
	}
	Deep   struct{ Far, Name2 string }
	hidden struct{ shown, Open string }
)

func (s stringer) String() string     { return "<" + s.s + ">" }
func (p *pointed1) String() string    { return "&" + p.s }
func (b broken) Error() string        { return "broken " + b.s }
func (o outer) Hello(s string) string { return "hello " + s + o.Own }
func (o *outer) Change() string       { return "changed " + o.Own }
func (o outer) Sum(first int, more ...int) int {
	for _, n := range more {
		first += n
	}
	return first
}
func (o outer) Fails(yes bool) (string, error) {
	if yes {
		return "", errors.New("failed")
	}
	return "fine", nil
}
func (o outer) Any(v any) string         { return fmt.Sprintf("%T", v) }
func (o outer) Float(f float64) string   { return fmt.Sprint(f) }
func (o outer) Time(t *time.Time) string { return t.Format("2006") }
func (o outer) Word(w word) word         { return w + "!" }
func (o outer) Panics() string           { panic("out of ink") }
func (o outer) Self() outer              { return o }
func (o outer) Nothing() *outer          { return nil }
func (o outer) Func() func() string      { return func() string { return "called" } }

// values have something of every kind that a page's data may have, and more.
func values() map[string]any {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	text := "a <b> & \"c\" 'd' + \u2028 é"
	o := &outer{inner{"N<", "/u?a=b&c"}, nil, "own"}
	deep := outer{inner{"N2", "javascript:x"}, &Deep{"far", "n"}, "own2"}
	var none *outer
	var nowhere fmt.Stringer
	return map[string]any{
		"Text": text, "Empty": "", "HTML": template.HTML("<em>x</em> &amp; \"y\""), "Odd": template.HTML(`<script>alert("1>0")</script><p title='a>b'>z`),
		"URL": template.URL("javascript:ok()"), "CSS": template.CSS("red; x:'y'"), "JS": template.JS("f(1)"), "JSStr": template.JSStr(`a\'b"c`),
		"Attr": template.HTMLAttr(`dir="ltr"`), "Srcset": template.Srcset("a.jpg 1x, b.jpg 2x"), "Link": "/a b?c=d&e=é%20%zz#f",
		"Word": word("wo<rd"), "Flag": yes(true), "Count": count(7), "Int": 12, "Neg": -3, "Zero": 0, "Big": int64(-300), "Uint": uint(9), "Float": 2.5, "Whole": 3.0,
		"Complex": 1 + 2i, "True": true, "False": false, "Nil": nil, "None": none, "Nowhere": nowhere,
		"Stringer": stringer{"s<"}, "Pointed": &pointed1{"p"}, "Unpointed": pointed1{"q"}, "Error": broken{"<e>"}, "PP": &o, "TextP": &text,
		"Time": at, "TimeP": &at, "Never": time.Time{}, "Outer": o, "Deep": deep, "Hidden": hidden{"x", "y"},
		"List": []string{"a", "b<", "c"}, "Any": []any{1, "x", nil, 2.5, template.HTML("<i>"), []int{1}}, "NoList": []string{}, "Array": [2]int{5, 6}, "Ints": []int{3, 1, 2},
		"Outers": []outer{*o, deep}, "Pointers": []*outer{o, nil},
		"Map": map[string]any{"k": "v<", "a": 1, "n": nil, "m": map[string]any{"deep": "x"}}, "Words": map[word]int{"z": 1, "y": 2},
		"IntMap": map[int]string{3: "c", 1: "a"}, "UintMap": map[uint8]string{1: "a"}, "FloatMap": map[float64]string{1.5: "a", 0.5: "b"}, "BoolMap": map[bool]string{true: "t", false: "f"}, "Texts": map[string]string{"b": "2", "a": "1"},
		"NoMap": map[string]string(nil), "Func": func() string { return "f" }, "Chan": make(chan int), "Bytes": []byte("by<tes"), "Runes": 'x', "Struct": struct{ A, B any }{1, nil},
		"lower": "low",
	}
}
