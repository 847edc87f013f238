package layout

import (
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"stet/internal/diag"
	"stet/internal/page"
)

// The functions that ask nothing: what they give follows from their arguments
// and the page's language. Only a date asks, for the one style it is written in.

func translated(r *renderer, c call) (any, error) {
	key, err := c.text(0, "KEY")
	if err != nil {
		return nil, err
	}
	return r.language.Text(key, c.args[1:]...)
}

// date gives nothing for a time that is not set, so that a template can write
// {{ with date "long" .Updated }}.
func date(r *renderer, c call) (any, error) {
	style, err := c.text(0, "STYLE")
	if err != nil {
		return nil, err
	}
	var at time.Time
	switch v := c.args[1].(type) {
	case time.Time:
		at = v
	case *time.Time:
		if v != nil {
			at = *v
		}
	default:
		return nil, c.wrong(1, "TIME", "a time")
	}
	if at.IsZero() {
		return "", nil
	}
	// A style that the language does not have is the same in all, or an error.
	if _, own := r.styles[style]; own {
		if _, err := r.ask.Digest("style", page.Args(r.lang, style)); err != nil {
			return nil, err
		}
	}
	return r.language.Date(style, at)
}

// param gives a value of the page's params, or nothing. Where no key is
// "a.b", it is the b of a.
func param(r *renderer, c call) (any, error) {
	key, err := c.text(0, "KEY")
	if err != nil {
		return nil, err
	}
	params := paramsOf(r.dot)
	if v, ok := params[key]; ok {
		return v, nil
	}
	var at any = params
	for part := range strings.SplitSeq(key, ".") {
		m, _ := at.(map[string]any)
		at = m[part]
	}
	return at, nil
}

func paramsOf(dot any) map[string]any {
	if m, ok := dot.(map[string]any); ok {
		params, _ := m["Params"].(map[string]any)
		return params
	}
	if f := fieldOf(dot, "Params"); f.IsValid() {
		params, _ := f.Interface().(map[string]any)
		return params
	}
	return nil
}

func dict(_ *renderer, c call) (any, error) {
	if len(c.args)%2 != 0 {
		return nil, misuse{"dict: the last key has no value", "write {{ dict KEY VALUE KEY VALUE }}"}
	}
	m := make(map[string]any, len(c.args)/2)
	for i := 0; i < len(c.args); i += 2 {
		key, err := c.text(i, "KEY")
		if err != nil {
			return nil, err
		}
		m[key] = c.args[i+1]
	}
	return m, nil
}

func add(_ *renderer, c call) (any, error) { return reckon(c, func(a, b int) int { return a + b }) }

func sub(_ *renderer, c call) (any, error) { return reckon(c, func(a, b int) int { return a - b }) }

func reckon(c call, do func(a, b int) int) (any, error) {
	a, err := c.number(0, "the first")
	if err != nil {
		return nil, err
	}
	b, err := c.number(1, "the second")
	return do(a, b), err
}

// textOf reads a value whose kind is text.
func textOf(v any) (string, bool) {
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return r.String(), true
	}
	return "", false
}

// wholeOf reads a value that is a whole number.
func wholeOf(v any) (int, bool) {
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return int(r.Int()), true
	case r.CanUint():
		return int(r.Uint()), true
	case r.CanFloat() && r.Float() == float64(int(r.Float())):
		return int(r.Float()), true
	}
	return 0, false
}

// fieldText is a text, or a field of a struct that is one.
func fieldText(v any, field string) (string, bool) {
	if s, ok := v.(string); ok {
		return s, field == "Src"
	}
	if m, ok := v.(map[string]any); ok {
		s, ok := m[field].(string)
		return s, ok
	}
	f := fieldOf(v, field)
	if f.IsValid() && f.Kind() == reflect.String {
		return f.String(), true
	}
	return "", false
}

// fieldOf is a field of a struct or of what a pointer leads to.
func fieldOf(v any, field string) reflect.Value {
	r := reflect.ValueOf(v)
	for r.Kind() == reflect.Pointer {
		r = r.Elem()
	}
	if r.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	if path := fieldsOf(r.Type())[field]; path != nil {
		if f, err := r.FieldByIndexErr(path); err == nil {
			return f
		}
	}
	return reflect.Value{}
}

// fieldsOf says where the fields of a struct are, those promoted too. To look for
// one among what is embedded takes long, and each page asks for its path.
func fieldsOf(t reflect.Type) map[string][]int {
	if known, ok := fieldPaths.Load(t); ok {
		return known.(map[string][]int)
	}
	paths := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		paths[f.Name] = f.Index
	}
	fieldPaths.Store(t, paths)
	return paths
}

var fieldPaths sync.Map // reflect.Type -> map[string][]int

// kindOf says in plain words what a value is.
func kindOf(v any) string {
	switch r := reflect.ValueOf(v); {
	case v == nil, r.Kind() == reflect.Pointer && r.IsNil():
		return "nothing"
	case r.Kind() == reflect.String:
		return fmt.Sprintf("the text %q", shorten(r.String()))
	case r.CanInt(), r.CanUint(), r.CanFloat():
		return fmt.Sprintf("the number %v", v)
	}
	return typeWords(reflect.TypeOf(v))
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// typeWords says in plain words what values of a type are.
func typeWords(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "a time"
	case t == reflect.TypeFor[template.HTML]():
		return "HTML"
	}
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map:
		return "a map"
	case reflect.Struct:
		return article(t.Name())
	case reflect.Interface:
		return "anything"
	case reflect.Func:
		return "a function"
	}
	return "a number"
}

func article(name string) string {
	if name == "" {
		return "a value"
	}
	if strings.ContainsRune("AEIOU", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

// namesIn lists what a template may write behind the dot of a type's value:
// fields, promoted ones too, and methods.
func namesIn(t reflect.Type) []string {
	var names []string
	for i := range t.NumMethod() {
		names = append(names, t.Method(i).Name)
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() && !f.Anonymous {
				names = append(names, f.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// nearField suggests the field that was meant.
func nearField(field string, t reflect.Type) string {
	names := namesIn(t)
	if near := diag.Nearest(field, names); near != "" {
		return fmt.Sprintf("did you mean .%s?", near)
	}
	if len(names) == 0 {
		return ""
	}
	return "it has ." + strings.Join(names, ", .")
}

func number(r *renderer, c call) (any, error) {
	n, err := c.number(0, "N")
	if err != nil {
		return nil, err
	}
	return r.language.Number(n), nil
}

func upper(r *renderer, c call) (any, error) {
	s, err := c.text(0, "TEXT")
	if err != nil {
		return nil, err
	}
	return r.language.Upper(s), nil
}

// join writes a list as the language does: "a, b and c".
func join(r *renderer, c call) (any, error) {
	v := reflect.ValueOf(c.args[0])
	if c.args[0] != nil && v.Kind() != reflect.Slice {
		return nil, c.wrong(0, "LIST", "a list of texts")
	}
	var items []string
	for i := range lengthOf(v) {
		s, ok := textOf(v.Index(i).Interface())
		if !ok {
			return nil, misuse{fmt.Sprintf("join: element %d of the list is %s, not a text", i+1, kindOf(v.Index(i).Interface())), "a range with a comma in it joins other things"}
		}
		items = append(items, s)
	}
	return r.language.Join(items), nil
}

func lengthOf(v reflect.Value) int {
	if !v.IsValid() {
		return 0
	}
	return v.Len()
}
