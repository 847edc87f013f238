package fields

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"stet/internal/diag"
)

// An Editor changes values of front matter, or of a file of YAML, and nothing
// else: every other byte of the file stays as it is, byte order mark, ends of
// lines, comments and order. Each change is read back. If what is then read is
// not what was meant, or anything else reads as another thing, the change is
// refused with what to write by hand, and the file is as it was.
type Editor struct {
	path   string
	data   []byte
	front  Front
	lines  []string // of the file with their ends; no byte order mark
	bom    bool
	from   int // the first line that may be edited, counted from 0
	to     int // the line after the last
	values Decoder
}

// Edit reads a file to change it. With an error among the problems it is not to
// be changed, and the Editor is nil.
func Edit(name string, data []byte) (*Editor, []diag.Problem) {
	e := &Editor{path: name, data: data}
	e.lines, e.bom = rawLines(data)
	var problems []diag.Problem
	if path.Ext(name) == ".md" {
		e.front, problems = SplitFront(name, data)
		for e.from < len(e.lines) && strings.TrimRight(e.lines[e.from], "\r\n") == "" {
			e.from++
		}
		e.from, e.to = e.from+1, e.front.BodyLine-2
	} else {
		read := YAML
		if e.front.Format, e.to = "yaml", len(e.lines); path.Ext(name) == ".toml" {
			e.front.Format, read = "toml", TOML
		}
		e.front.Fields, problems = read(name, data, 1)
	}
	if diag.AnyError(problems) || e.front.Fields == nil {
		return nil, problems
	}
	e.values = Decoder{Path: name, Format: e.front.Format, Data: data}
	return e, problems
}

// rawLines are the lines of a file with their ends, as checkText sees them.
func rawLines(data []byte) (lines []string, bom bool) {
	text := string(data)
	text, bom = strings.CutPrefix(text, "\ufeff")
	for text != "" {
		n := strings.IndexAny(text, "\r\n") + 1
		if n == 0 {
			n = len(text)
		} else if strings.HasPrefix(text[n-1:], "\r\n") {
			n++
		}
		lines, text = append(lines, text[:n]), text[n:]
	}
	return lines, bom
}

func lineEnd(line string) string { return line[len(strings.TrimRight(line, "\r\n")):] }

// Bytes is the file as it is now.
func (e *Editor) Bytes() []byte { return e.data }

// Fields is what the file says now.
func (e *Editor) Fields() *Value { return e.front.Fields }

// Set gives a key of the top a text. A key that is not there yet is written
// below the first of those it is to follow that is, else at the end.
func (e *Editor) Set(key, text string, after ...string) error {
	text = e.fit(text)
	want := e.front.Fields.clone()
	want.set(key, &Value{Kind: Text, Text: text})
	if v := e.front.Fields.Get(key); v != nil {
		from, to := e.extent(key)
		whole := slices.Concat(e.lines[:from], []string{e.assigned(key, e.scalar(text, false), e.lines[from])}, e.lines[to:])
		if e.try(want, e.replaced(v, e.written(v, text)), whole) {
			return nil
		}
	} else if !e.braces() {
		at := e.below(after...)
		if e.try(want, e.inserted(at, e.assigned(key, e.scalar(text, false), ""))) {
			return nil
		}
	}
	return e.refused(key, "write the line\n"+strings.TrimSpace(e.assigned(key, e.scalar(text, false), "")))
}

// Remove takes a key of the top away, with its lines.
func (e *Editor) Remove(key string) error {
	if e.front.Fields.Get(key) == nil {
		return nil
	}
	want := e.front.Fields.clone()
	want.remove(key)
	from, to := e.extent(key)
	if !e.braces() && e.try(want, slices.Concat(e.lines[:from], e.lines[to:]), slices.Concat(e.lines[:from], e.lines[e.next(key):])) {
		return nil
	}
	return e.refused(key, "remove "+key+" from the front matter")
}

// Rewrite gives a text that stands anywhere another text.
func (e *Editor) Rewrite(v *Value, text string) error {
	text = e.fit(text)
	want := e.front.Fields.cloneWith(func(old, made *Value) {
		if old == v {
			made.Text = text
		}
	})
	if v.Kind == Text && e.try(want, e.replaced(v, e.written(v, text))) {
		return nil
	}
	return diag.Problem{Severity: diag.Error, Path: e.path, Line: v.Line, Column: v.Column, Length: v.Length,
		Text: fmt.Sprintf("%s cannot be changed by itself", called(v)), Hint: "write " + text + " in its place"}
}

// try takes over the first of these that reads as is wanted, and leaves all
// that follows the front matter as it is. nil is none.
func (e *Editor) try(want *Value, all ...[]string) bool {
	for _, lines := range all {
		if lines == nil {
			continue
		}
		text := strings.Join(lines, "")
		if e.bom {
			text = "\ufeff" + text
		}
		next, problems := Edit(e.path, []byte(text))
		if next == nil || len(problems) > 0 || !next.front.Fields.alike(want) || !bytes.Equal(next.front.Body, e.front.Body) {
			continue
		}
		*e = *next
		return true
	}
	return false
}

func (e *Editor) refused(key, hint string) error {
	p := diag.Problem{Severity: diag.Error, Path: e.path, Line: e.from, Column: 1, Hint: hint,
		Text: key + " cannot be written here without changing more than its own lines"}
	if v := e.front.Fields.Get(key); v != nil {
		p.Line, p.Column, p.Length = v.Line, v.Column, v.Length
	}
	if e.braces() {
		p.Hint = "the front matter is in braces: take them away and write each key on a line of its own"
	}
	return p
}

// braces tells whether all front matter is one map in braces.
func (e *Editor) braces() bool {
	top := e.front.Fields
	return len(top.Pairs) > 0 && top.Pairs[0].Value.Flow && e.front.Format != "toml"
}

// inserted is the lines with others before one of them. These have the end of
// the line that opens the front matter.
func (e *Editor) inserted(at int, more ...string) []string {
	return slices.Concat(e.lines[:at], e.ended(more), e.lines[at:])
}

func (e *Editor) ended(lines []string) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = strings.TrimRight(line, "\r\n") + lineEnd(e.lines[max(e.from-1, 0)])
	}
	return all
}

// replaced is the lines with something else where a value is written; nil if it
// is not written on one line, as it is read.
func (e *Editor) replaced(v *Value, written string) []string {
	before, after, found := e.values.around(v)
	if !found {
		return nil
	}
	if strings.HasSuffix(before, ":") {
		before += " "
	}
	lines := slices.Clone(e.lines)
	lines[v.Line-1] = before + written + after + lineEnd(lines[v.Line-1])
	return lines
}

// assigned is a line that gives a key a value, as far in as the other keys of
// the top, with the end of a line.
func (e *Editor) assigned(key, written, old string) string {
	sign := ": "
	if e.front.Format == "toml" {
		sign = " = "
	}
	end := lineEnd(old)
	if end == "" {
		end = "\n"
	}
	return e.indent() + key + sign + written + end
}

// indent is what stands before the keys of the top.
func (e *Editor) indent() string {
	if pairs := e.front.Fields.Pairs; len(pairs) > 0 && e.front.Format != "toml" {
		return strings.Repeat(" ", max(pairs[0].Key.Column-1, 0))
	}
	return ""
}

// below is where a new key goes: after the first of these that is there, else
// after all, which is before the first table in TOML.
func (e *Editor) below(after ...string) int {
	end := e.to
	if e.front.Format == "toml" {
		for _, pair := range e.front.Fields.Pairs {
			for v := pair.Value; v != nil; v = first(v) {
				if line := e.lines[v.Line-1]; strings.HasPrefix(strings.TrimLeft(line, " \t"), "[") && !v.Flow {
					end = min(end, e.trimmed(e.from, v.Line-1))
				}
			}
		}
	}
	for _, key := range after {
		if e.front.Fields.Get(key) == nil {
			continue
		}
		if _, to := e.extent(key); to <= end {
			return to
		}
	}
	return end
}

func first(v *Value) *Value {
	if len(v.Items) > 0 {
		return v.Items[0]
	}
	return nil
}

// extent is the lines of a key of the top with its value, from and to: without
// what is empty or a comment below.
func (e *Editor) extent(key string) (from, to int) {
	from = e.lineOf(key)
	return from, e.trimmed(from+1, e.next(key))
}

func (e *Editor) lineOf(key string) int {
	for _, pair := range e.front.Fields.Pairs {
		if pair.Key.Text == key {
			return pair.Key.Line - 1
		}
	}
	return e.to
}

// next is the line on which something else begins, below a key of the top.
func (e *Editor) next(key string) int {
	from, to := e.lineOf(key), e.to
	for _, pair := range e.front.Fields.Pairs {
		if pair.Key.Text != key {
			to = e.nearer(pair.Key.Line-1, from, to)
			if e.front.Format == "toml" {
				pair.Value.Walk(func(v *Value) { to = e.nearer(v.Line-1, from, to) })
			}
		}
	}
	return to
}

func (e *Editor) nearer(line, from, to int) int {
	if line > from && line < to {
		return line
	}
	return to
}

// trimmed is the end of these lines without those at their end that are empty
// or comments.
func (e *Editor) trimmed(from, to int) int {
	for to > from {
		if line := strings.TrimSpace(e.lines[to-1]); line != "" && line[0] != '#' {
			break
		}
		to--
	}
	return to
}

func (v *Value) clone() *Value { return v.cloneWith(func(_, _ *Value) {}) }

// cloneWith is a copy of a tree, of each value of which f is told.
func (v *Value) cloneWith(f func(old, made *Value)) *Value {
	made := *v
	made.Items, made.Pairs = nil, nil
	for _, item := range v.Items {
		made.Items = append(made.Items, item.cloneWith(f))
	}
	for _, pair := range v.Pairs {
		made.Pairs = append(made.Pairs, Pair{pair.Key, pair.Value.cloneWith(f)})
	}
	f(v, &made)
	return &made
}

func (v *Value) set(key string, value *Value) {
	for i := range v.Pairs {
		if v.Pairs[i].Key.Text == key {
			v.Pairs[i].Value = value
			return
		}
	}
	v.Pairs = append(v.Pairs, Pair{&Value{Kind: Text, Text: key}, value})
}

func (v *Value) remove(key string) {
	v.Pairs = slices.DeleteFunc(v.Pairs, func(p Pair) bool { return p.Key.Text == key })
}

// alike tells whether two trees say the same, wherever that is written.
func (v *Value) alike(other *Value) bool {
	if v.Kind != other.Kind || v.Text != other.Text || len(v.Items) != len(other.Items) || len(v.Pairs) != len(other.Pairs) {
		return false
	}
	for i := range v.Items {
		if !v.Items[i].alike(other.Items[i]) {
			return false
		}
	}
	for i := range v.Pairs {
		if same := other.Get(v.Pairs[i].Key.Text); same == nil || !v.Pairs[i].Value.alike(same) {
			return false
		}
	}
	return true
}
