package layout

import (
	"errors"
	"fmt"
	"html/template"
	"iter"
	"math"
	"reflect"
	"time"
)

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

// An odder has methods as templates rarely meet them.
type odder struct {
	Func func() string
	Chan chan int
}

func (odder) Value() reflect.Value            { return reflect.ValueOf("a value") }
func (odder) Takes(v reflect.Value) string    { return "took " + v.String() }
func (odder) Results() (reflect.Value, error) { return reflect.ValueOf("results"), nil }
func (odder) Twice(s string) (string, error)  { return s + s, nil }
func (odder) All(v ...any) int                { return len(v) }
func (odder) Pair() (string, int)             { return "", 0 }
func (odder) None()                           {}
func (o *odder) Nilly() string                { return fmt.Sprint(o == nil) }

// values have something of every kind that a page's data may have, and more.
func values() map[string]any {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	text := "a <b> & \"c\" 'd' + \u2028 é"
	o := &outer{inner{"N<", "/u?a=b&c"}, nil, "own"}
	deep := outer{inner{"N2", "javascript:x"}, &Deep{"far", "n"}, "own2"}
	var none *outer
	var nowhere fmt.Stringer
	yesP := true
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
		"I8":    int8(-8), "I16": int16(-16), "I32": int32(-32), "U16": uint16(16), "U32": uint32(32), "U64": uint64(1 << 63), "Ptr": uintptr(7), "F32": float32(0.1), "C64": complex64(2i), "NaN": math.NaN(), "Inf": math.Inf(-1),
		"BoolP": &yesP, "NilP": (*int)(nil), "NilFunc": (func() string)(nil), "NilChan": (chan int)(nil), "Closed": closed(3), "SendOnly": (chan<- int)(closed(0)),
		"Seq": iter.Seq[string](func(yield func(string) bool) { _ = yield("s<") && yield("t") }), "NoSeq": iter.Seq[int](func(func(int) bool) {}),
		"Seq2": iter.Seq2[string, int](func(yield func(string, int) bool) { _ = yield("k", 1) && yield("l", 2) }),
		"Many": func(sep string, all ...int) string { return fmt.Sprint(sep, all) }, "Failing": func() (string, error) { return "", errors.New("it failed") }, "Bad": func() (string, int) { return "", 1 },
		"Iface": any(stringer{"i"}), "Faces": struct {
			S    fmt.Stringer
			A, B any
			F    func() string
		}{stringer{"face"}, o, map[string]int{"k": 1}, func() string { return "field" }},
		"AnyMap": map[any]string{"b": "2", 1: "1", true: "t"}, "NaNMap": map[float64]string{math.NaN(): "nan"}, "Arrays": &[3]string{"x", "y", "z"}, "Grid": [][]int{{1, 2}, {3}}, "StructMap": map[inner]int{{"a", "b"}: 1},
		"Marshaled": marshaled{"<m>"}, "Unjson": unjson{"e"}, "Texted": texted{"t"}, "Listed": listed{"x"}, "Mapped": mapped{"x": 1, "y": 2}, "Level": level(3), "Value": reflect.ValueOf("inside"), "Err": errors.New("<err>"),
		"Odder": odder{func() string { return "func" }, closed(2)}, "NilOdd": (*odder)(nil),
		"Evil": "javascript:alert(1)", "Quotes": "\"'`", "Script": "</script><!--", "Bidi": "\u202eabc",
	}
}

// closed is a channel with so many numbers in it and no more.
func closed(n int) chan int {
	c := make(chan int, n)
	for i := range n {
		c <- i * 10
	}
	close(c)
	return c
}
