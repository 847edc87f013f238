package fields

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"stet/internal/diag"
)

// A hint is the line of the file with the faulty part written anew, so that
// whoever pastes it over the line loses nothing else that stands there. What
// takes several lines, or cannot be told apart from what is around it, is
// written as its key alone; within brackets, where such a line would break what
// is around it, the hint is in words.

// Line is the line of a value with another text in its place, ready to paste.
// A text that takes in what was a comment has it no more behind it.
func (d *Decoder) Line(v *Value, text string) string {
	line := d.Put(v, d.scalarFor(v, text))
	if _, after, _ := d.around(v); strings.HasPrefix(strings.TrimLeft(after, " \t"), "#") && strings.HasSuffix(text, strings.TrimSpace(after)) {
		return strings.TrimSuffix(line, after)
	}
	return line
}

// Put is the line of a value with something else in its place, written as the
// format of the file has it.
func (d *Decoder) Put(v *Value, written string) string {
	before, after, found := d.around(v)
	switch {
	case found && v.Kind == Null && before != "" && before[len(before)-1] == ':':
		return before + " " + written + after
	case found:
		return before + written + after
	case v.Flow:
		return "write " + written + " in its place"
	case v.Name == "" && d.Format == "toml":
		return written
	case v.Name == "":
		return "- " + written
	case d.Format == "toml":
		return v.Name + " = " + written
	}
	if l := readLine([]string{d.source(v.Line)}, 0); l.key == v.Name {
		return l.with(written)
	}
	return v.Name + ": " + written
}

// List is the line of a value with a list in its place, in as many lines as it
// takes.
func (d *Decoder) List(v *Value, items []string) string {
	if d.Format == "toml" || v.Flow {
		return d.Put(v, "["+d.entries(v, items)+"]")
	}
	before, after, found := d.around(v)
	if !found {
		before, after = v.Name+":", ""
	}
	text := strings.TrimRight(before, " ") + after
	indent := strings.ReplaceAll(readLine([]string{before}, 0).indent, "-", " ")
	for _, item := range items {
		text += "\n" + indent + "  - " + yamlScalar(item)
	}
	return text
}

// entries is texts as they stand in a list in brackets.
func (d *Decoder) entries(v *Value, texts []string) string {
	inside := *v
	inside.Flow = true
	written := make([]string, len(texts))
	for i, text := range texts {
		written[i] = d.scalarFor(&inside, text)
	}
	return strings.Join(written, ", ")
}

// Inline is a map on one line, of keys and texts in turn.
func (d *Decoder) Inline(pairs ...string) string {
	sign := ": "
	if d.Format == "toml" {
		sign = " = "
	}
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, pairs[i]+sign+d.scalarFor(&Value{Flow: true}, pairs[i+1]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// Add is what to write so that a map has a key that it lacks or that says nothing, or
// has it in the place of one that was probably meant to be it.
func (d *Decoder) Add(v *Value, key, text string) string {
	if there := v.Get(key); there != nil {
		return d.Line(there, text)
	}
	for _, pair := range v.Pairs {
		if k := pair.Key; diag.Nearest(k.Text, []string{key}) != "" && d.source(k.Line) != "" {
			whole := d.source(k.Line)
			if at := offset(whole, k.Column); strings.HasPrefix(whole[at:], k.Text) {
				return whole[:at] + key + whole[at+len(k.Text):]
			}
		}
	}
	before, after, found := d.around(v)
	written := strings.Trim(d.Inline(key, text), "{}")
	if found && v.Kind == Map {
		inside := strings.TrimLeft(d.source(v.Line)[len(before)+1:], " ")
		if !strings.HasPrefix(inside, "}") {
			return before + "{" + written + ", " + inside
		}
		return before + "{" + written + "}" + after
	}
	if v.Flow || d.Format == "toml" {
		return "add " + written
	}
	return "add a line such as\n" + strings.Repeat(" ", max(v.Column-1, 0)) + key + ": " + d.scalarFor(&Value{}, text)
}

// scalarFor writes a text as it may stand where a value stands.
func (d *Decoder) scalarFor(v *Value, text string) string {
	switch {
	case d.Format == "toml":
		return tomlScalar(text)
	case v.Flow && strings.ContainsAny(text, ",[]{}") && !strings.Contains(text, "\n"):
		return quote(text)
	}
	return yamlScalar(text)
}

// source is a line of the file, "" if there is none.
func (d *Decoder) source(line int) string {
	if d.lines == nil && d.Data != nil {
		r := reader{}
		d.lines = strings.Split(string(r.checkText(d.Data)), "\n")
	}
	if line < 1 || line > len(d.lines) {
		return ""
	}
	return d.lines[line-1]
}

// around is what stands before and after a value on its line, if all of it
// stands there.
func (d *Decoder) around(v *Value) (before, after string, found bool) {
	whole := d.source(v.Line)
	at := offset(whole, v.Column)
	if d.Format == "toml" && (v.Kind == List || v.Kind == Map) && v.Name != "" && strings.HasPrefix(whole[at:], v.Name) {
		rest := strings.TrimLeft(whole[at+len(v.Name):], " ")
		if rest = strings.TrimLeft(strings.TrimPrefix(rest, "="), " "); rest != "" {
			at = len(whole) - len(rest)
		}
	}
	n := v.extent(whole[at:])
	if whole == "" || n < 0 {
		return "", "", false
	}
	return whole[:at], whole[at+n:], true
}

// offset is where a column of a line begins, in bytes.
func offset(line string, column int) (at int) {
	for ; column > 1 && at < len(line); column-- {
		_, n := utf8.DecodeRuneInString(line[at:])
		at += n
	}
	return at
}

// extent is how many bytes of its line a value takes, -1 if it does not end
// there or is not written there as it is read.
func (v *Value) extent(rest string) int {
	n := -1
	switch {
	case v.Kind == Null:
		n = min(v.Length, len(rest))
	case rest == "":
	case v.Kind != Text:
		if rest[0] == '[' || rest[0] == '{' {
			n = bracketEnd(rest)
		}
	case v.Style == Block:
	case v.Style == Quoted:
		if rest[0] == '"' || rest[0] == '\'' && !strings.HasPrefix(rest, `"""`) && !strings.HasPrefix(rest, "'''") {
			n = closing(rest)
		}
	case strings.HasPrefix(rest, v.Text):
		n = len(v.Text)
	}
	if n < 0 || n < len(rest) && !strings.ContainsRune(" \t,]}", rune(rest[n])) {
		return -1
	}
	return n
}

// yamlScalar writes a text so that YAML reads it back, in quotes if it must.
func yamlScalar(s string) string {
	switch {
	case s == "" || s != strings.TrimSpace(s) || strings.ContainsAny(s, "\n\t"):
		return strconv.Quote(s)
	case strings.ContainsAny(s[:1], "\"'[]{}@`%*&!|>#,"), s == "-" || strings.HasPrefix(s, "- "), s == "?" || strings.HasPrefix(s, "? "),
		s[0] == ':', keyLength(s) > 0, strings.Contains(s, " #"):
		return quote(s)
	}
	return s
}

func tomlScalar(s string) string {
	_, date := ParseWhen(s)
	if _, err := strconv.ParseFloat(s, 64); err == nil || date || s == "true" || s == "false" {
		return s
	}
	return tomlQuote(s)
}
