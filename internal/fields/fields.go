// Package fields reads YAML, TOML, JSON and CSV into one kind of tree that
// knows on which line and in which column everything stands.
//
// Scalars keep their text as it was written: the title 1.10 stays "1.10", and
// a date is not turned into another time by a parser that guesses. What a text
// means is asked later, with a [Decoder], by the room that knows what it
// expects; a text that does not fit becomes a problem whose hint is the line
// rewritten. Nothing here panics, whatever the bytes.
package fields

import (
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"stet/internal/diag"
)

// Kind is what a value is made of.
type Kind uint8

// The kinds of values.
const (
	Null Kind = iota // nothing, or written as null or ~
	Text             // any scalar
	List
	Map
)

// Style is how a text was written, or what its format takes it for.
type Style uint8

// The styles of texts.
const (
	Plain  Style = iota // words without quotes
	Quoted              // in quotes of any sort
	Block               // YAML's | and >, TOML's and JSON's strings never
	Number              // 12, -1.10, 0x1F
	Bool                // true, false; in YAML also yes, no, on and off
	Time                // a date, a time or both
)

// A Value is a node of the tree.
type Value struct {
	Kind  Kind
	Style Style
	Flow  bool   // it stands within brackets, with others on its line
	Cured bool   // its line could not be read as it is written, which is told
	Text  string // of a Text, as written
	Name  string // the key it stands under; "" in a list and at the top
	// Comment is what YAML leaves out of a line behind words without quotes, with
	// its #.
	Comment string
	Items   []*Value // of a List
	Pairs   []Pair   // of a Map, in the order of the file

	Line, Column, Length int // in characters, from 1; Length 0 if unknown
}

// Walk calls f with a value and all that is in it.
func (v *Value) Walk(f func(*Value)) {
	f(v)
	for _, item := range v.Items {
		item.Walk(f)
	}
	for _, pair := range v.Pairs {
		pair.Value.Walk(f)
	}
}

// Entries are those of a list, or the one thing that stands in its place; none
// where there is nothing.
func (v *Value) Entries() []*Value {
	switch {
	case v == nil:
		return nil
	case v.Kind == List:
		return v.Items
	}
	return []*Value{v}
}

// A Pair is a key of a map and its value.
type Pair struct {
	Key   *Value
	Value *Value
}

// Limits of what is read. Newspapers stay far below; whoever reaches them made
// a mistake or means harm.
const (
	MaxDepth = 50      // of lists and maps in one another
	MaxFront = 1 << 20 // bytes of front matter
	MaxBody  = 4 << 20 // bytes of an article below its front matter
)

// maxProblems is how many problems of one file are kept: nobody reads more, and
// a damaged file may have a hundred thousand.
const maxProblems = 100

// Get is the value under a key of a map, nil if there is none. Of a nil value
// nothing can be got.
func (v *Value) Get(key string) *Value {
	if v == nil {
		return nil
	}
	for i := range v.Pairs {
		if v.Pairs[i].Key.Text == key {
			return v.Pairs[i].Value
		}
	}
	return nil
}

// Empty tells whether there is nothing: no value, null, no items, no text.
func (v *Value) Empty() bool {
	return v == nil || v.Text == "" && len(v.Items) == 0 && len(v.Pairs) == 0 || v.Kind == Null
}

// Plain is the tree as ordinary Go values: map[string]any, []any, string, and
// bool, int and float64 where the format says so and nothing is lost by it:
// 1.10 and 007 stay texts, and so do dates. Null is nil.
func (v *Value) Plain() any {
	if v == nil {
		return nil
	}
	switch v.Kind {
	case List:
		list := make([]any, len(v.Items))
		for i, item := range v.Items {
			list[i] = item.Plain()
		}
		return list
	case Map:
		m := make(map[string]any, len(v.Pairs))
		for _, pair := range v.Pairs {
			m[pair.Key.Text] = pair.Value.Plain()
		}
		return m
	case Text:
		return v.scalar()
	}
	return nil
}

func (v *Value) scalar() any {
	switch v.Style {
	case Bool:
		return truth(v.Text)
	case Number:
		if n, err := strconv.Atoi(v.Text); err == nil && strconv.Itoa(n) == v.Text {
			return n
		}
		if f, err := strconv.ParseFloat(v.Text, 64); err == nil && strconv.FormatFloat(f, 'f', -1, 64) == v.Text {
			return f
		}
	}
	return v.Text
}

// Parse reads a data file; its name's ending tells the format.
func Parse(name string, data []byte) (*Value, []diag.Problem) {
	switch strings.ToLower(path.Ext(name)) {
	case ".yaml", ".yml":
		return YAML(name, data, 1)
	case ".toml":
		return TOML(name, data, 1)
	case ".json":
		return JSON(name, data, 1)
	case ".csv":
		return CSV(name, data, 1)
	}
	return nil, []diag.Problem{{
		Severity: diag.Error, Path: name,
		Text: "data in a format that is not known",
		Hint: "name it .yaml, .toml, .json or .csv",
	}}
}

// A reader gathers the problems of one file while it is read.
type reader struct {
	path     string
	first    int // line of the file on which the data begins
	problems []diag.Problem
	cured    map[int]bool // lines of the data
	least    []string     // lines of front matter
}

// read gives a text to the parser of its format, if it is a text.
func read(path string, data []byte, firstLine int, parse func(*reader, []byte) *Value) (v *Value, problems []diag.Problem) {
	r := &reader{path: path, first: firstLine}
	defer func() { problems = r.problems }()
	defer r.rescue(&v)
	if data = r.checkText(data); r.problems != nil {
		return nil, nil
	}
	return parse(r, data), nil
}

// fail notes an error at a line and column of the data.
func (r *reader) fail(line, column, length int, hint, format string, args ...any) {
	if len(r.problems) == maxProblems {
		return
	}
	r.problems = append(r.problems, diag.Problem{
		Severity: diag.Error, Path: r.path,
		Line: line + r.first - 1, Column: column, Length: length,
		Text: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// rescue turns a panic of a format's library into a problem.
func (r *reader) rescue(v **Value) {
	if failure := recover(); failure != nil {
		*v = nil
		r.fail(1, 1, 0, "simplify it; please report the file", "cannot be read: %v", failure)
	}
}

// add puts a pair into a map unless its key is there already.
func (r *reader) add(m *Value, key, value *Value) {
	for _, pair := range m.Pairs {
		if pair.Key.Text == key.Text {
			r.duplicate(key, pair.Key)
			return
		}
	}
	value.Name = key.Text
	m.Pairs = append(m.Pairs, Pair{key, value})
}

// duplicate reports a key that is there twice. Lines of values are the file's.
func (r *reader) duplicate(key, before *Value) {
	r.fail(key.Line-r.first+1, key.Column, key.Length,
		fmt.Sprintf("keep one of them; the first is on line %d", before.Line),
		"the key %q is on lines %d and %d", key.Text, before.Line, key.Line)
}

func runes(s string) int { return utf8.RuneCountInString(s) }
