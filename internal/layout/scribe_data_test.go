package layout

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"math"
	"reflect"
	"strings"
	"time"
)

// Random values of random types.

// text is a random text, mostly a hostile one.
func (d *dice) text() string {
	var b strings.Builder
	if d.chance(3) {
		all := hostile()
		return all[d.IntN(len(all))]
	}
	for range d.IntN(6) {
		b.WriteString(d.pick("<b>", "</b>", "\"", "'", "&", "&amp;", "%", "%2f", "javascript:", "http:", "/", "\\", "a", "Z", "0", " ", "\n", "\x00", "\xff", "é", "\u2028", "\ufffe", "<!--", "</script>", "${", "}",
			"expression", "--", "url(", ";", ",", "<em title='x>y'>", "=", "+", "`", "\xed\xa0\x80", "\U0001F600", "*/", "//", ":", "data:", "#", "?", "ZgotmplZ", "\r", "\t", "\v", "\f", "<script", "-->", "]]>", "on"))
	}
	return b.String()
}

// Types whose values say themselves what they are in JSON, and well or badly.
type (
	marshaled struct{ s string }
	pointedJS struct{ s string }
	unjson    struct{ s string }
	texted    struct{ s string }
	listed    []string
	mapped    map[string]int
	level     int
	ratio     float64
)

func (m marshaled) MarshalJSON() ([]byte, error)  { return json.Marshal("json " + m.s) }
func (m marshaled) String() string                { return "stringer " + m.s }
func (m *pointedJS) MarshalJSON() ([]byte, error) { return json.Marshal("pointed " + m.s) }
func (u unjson) MarshalJSON() ([]byte, error)     { return nil, errors.New("*/ </script> <!-- " + u.s) }
func (t texted) MarshalText() ([]byte, error)     { return []byte("text " + t.s), nil }
func (l listed) String() string                   { return "listed " + strings.Join(l, "<") }
func (l level) Error() string                     { return fmt.Sprintf("level <%d>", int(l)) }
func (m mapped) Keys() int                        { return len(m) }

// value is a random value of a random type.
func (d *dice) value(depth int) any {
	n := d.IntN(14)
	if depth <= 0 || d.over() {
		n %= 6
	}
	switch n {
	case 0, 1:
		return d.text()
	case 2:
		return d.content()
	case 3:
		return d.number()
	case 4:
		return d.own()
	case 5:
		return [...]any{true, false, nil, time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), time.Time{}, 9 * time.Nanosecond, (*int)(nil), []byte("b<"), '\a', json.RawMessage("{}"), json.Number("1e3")}[d.IntN(11)]
	case 6:
		return d.slice(depth)
	case 7:
		var all []any
		for range d.IntN(4) {
			all = append(all, d.value(depth-1))
		}
		return all
	case 8, 9:
		m := map[string]any{}
		for range d.IntN(4) {
			m[d.pick("A", "B", "k", "a", "m", d.text())] = d.value(depth - 1)
		}
		return m
	case 10:
		return d.mapOf(depth)
	case 11:
		p := reflect.New(typeOr(d.value(depth - 1)))
		if v := d.value(depth - 1); v != nil && reflect.TypeOf(v) == p.Type().Elem() {
			p.Elem().Set(reflect.ValueOf(v))
		}
		return p.Interface()
	case 12:
		return d.structure(depth)
	}
	return d.odd()
}

// content is a text of which html/template believes something.
func (d *dice) content() any {
	s := d.text()
	return [...]any{template.HTML(s), template.URL(s), template.CSS(s), template.JS(s), template.JSStr(s), template.HTMLAttr(s), template.Srcset(s), word(s)}[d.IntN(8)]
}

// number is none that loops in loops would count up to for seconds.
func (d *dice) number() any {
	n := d.IntN(20) - 10
	u := uint(d.IntN(10))
	return [...]any{n, int8(n), int16(n), int32(n), int64(n), u, uint8(u), uint16(u), uint32(u), uint64(u), uintptr(d.IntN(9)), float32(n) / 3, float64(n) / 7, math.NaN(), math.Inf(1), math.Copysign(0, -1), 1e21, 1e-7,
		complex(float32(n), 1), complex(0, float64(n)), level(n), ratio(n), count(n), math.MinInt64}[d.IntN(24)]
}

// own is of a type with methods.
func (d *dice) own() any {
	s := d.text()
	o := outer{inner{s, "/" + s}, nil, s}
	return [...]any{stringer{s}, &stringer{s}, pointed1{s}, &pointed1{s}, broken{s}, o, &o, hidden{s, s}, marshaled{s}, &marshaled{s}, pointedJS{s}, &pointedJS{s}, unjson{s}, texted{s}, listed{s, "b"}, mapped{s: 1},
		errors.New(s), (*outer)(nil), (*pointed1)(nil), fmt.Stringer(stringer{s})}[d.IntN(20)]
}

// slice has elements of one type, or is an array of them.
func (d *dice) slice(depth int) any {
	t := typeOr(d.value(depth - 1))
	s := reflect.MakeSlice(reflect.SliceOf(t), 0, 3)
	for range d.IntN(4) {
		if v := d.value(depth - 1); v != nil && reflect.TypeOf(v) == t {
			s = reflect.Append(s, reflect.ValueOf(v))
		} else {
			s = reflect.Append(s, reflect.Zero(t))
		}
	}
	if d.chance(3) {
		a := reflect.New(reflect.ArrayOf(s.Len(), t)).Elem()
		reflect.Copy(a, s)
		return a.Interface()
	}
	return s.Interface()
}

// mapOf is a map with keys of one type and elements of one.
func (d *dice) mapOf(depth int) any {
	key, elem := d.value(0), typeOr(d.value(depth-1))
	if key == nil || !reflect.TypeOf(key).Comparable() {
		key = d.text()
	}
	t := reflect.TypeOf(key)
	m := reflect.MakeMap(reflect.MapOf(t, elem))
	for range 1 + d.IntN(3) {
		m.SetMapIndex(reflect.ValueOf(key), reflect.Zero(elem))
		if v := d.value(depth - 1); v != nil && reflect.TypeOf(v) == elem {
			m.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(v))
		}
		if next := d.value(0); next != nil && reflect.TypeOf(next) == t {
			key = next
		}
	}
	return m.Interface()
}

// structure is of a type that nobody has declared.
func (d *dice) structure(depth int) any {
	var fields []reflect.StructField
	var values []any
	for _, name := range []string{"A", "B", "Name"}[:1+d.IntN(3)] {
		v := d.value(depth - 1)
		f := reflect.StructField{Name: name, Type: typeOr(v)}
		if d.chance(3) {
			f.Type = reflect.TypeFor[any]()
		}
		if d.chance(4) {
			f.Tag = `json:"a<b,omitempty"`
		}
		fields, values = append(fields, f), append(values, v)
	}
	v := reflect.New(reflect.StructOf(fields))
	for i, x := range values {
		if x != nil {
			v.Elem().Field(i).Set(reflect.ValueOf(x))
		}
	}
	if d.chance(2) {
		return v.Interface()
	}
	return v.Elem().Interface()
}

// odd is what no page's data has. A channel that can be read would not be the same
// the second time.
func (d *dice) odd() any {
	s := d.text()
	return [...]any{func() string { return s }, make(chan<- int), (chan int)(nil), func(yield func(string) bool) { _ = yield(s) && yield("b") }, func(yield func(int, string) bool) { yield(1, s) }, func() {},
		struct{ F func() string }{func() string { return s }}, reflect.ValueOf(s), (func() string)(nil)}[d.IntN(9)]
}

// typeOr is the type of a value, or that of anything.
func typeOr(v any) reflect.Type {
	if v == nil {
		return reflect.TypeFor[any]()
	}
	return reflect.TypeOf(v)
}
