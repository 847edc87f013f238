package fields

import (
	"fmt"
	"slices"
	"strings"
)

// Append puts an entry at the end of the list under a key of the top, written
// as the others are: on lines of its own or in brackets, in YAML or TOML. The
// entry is a text, or a map of keys and texts in turn.
func (e *Editor) Append(key string, entry ...string) error {
	for i := range entry {
		entry[i] = e.fit(entry[i])
	}
	v, item := e.front.Fields.Get(key), entryValue(entry)
	want := e.front.Fields.clone()
	all := &Value{Kind: List}
	switch {
	case v.Empty():
	case v.Kind == List:
		all = want.Get(key)
	default:
		all.Items = []*Value{want.Get(key)}
	}
	all.Items = append(all.Items, item)
	want.set(key, all)
	if !e.braces() && e.try(want, e.appended(key, v, entry)...) {
		return nil
	}
	return e.refused(key, "add the entry\n"+e.flow(entry))
}

// appended are the ways in which an entry may be put at the end of a list.
func (e *Editor) appended(key string, v *Value, entry []string) [][]string {
	toml := e.front.Format == "toml"
	from, to := e.extent(key)
	switch {
	case v == nil && toml && len(entry) > 1:
		end := e.trimmed(e.from, e.to)
		return [][]string{e.inserted(end, append([]string{""}, e.table(key, "", entry)...)...)}
	case v == nil:
		return [][]string{e.inserted(e.below("id", "updated", "date", "title"), e.fresh(key, entry)...)}
	case v.Empty() && toml:
		return [][]string{slices.Concat(e.lines[:from], e.ended([]string{e.assigned(key, "["+e.flow(entry)+"]", "")}), e.lines[to:])}
	case v.Empty():
		return [][]string{slices.Concat(e.lines[:from], e.ended(e.fresh(key, entry)), e.lines[to:])}
	case v.Kind == Text:
		return [][]string{e.replaced(v, "["+e.scalar(v.Text, true)+", "+e.flow(entry)+"]")}
	case v.Kind != List:
		return nil
	}
	last := v.Items[len(v.Items)-1]
	switch {
	case last.Flow:
		return [][]string{e.bracketed(v, entry), e.behind(last, entry)}
	case toml:
		line := e.lines[last.Line-1]
		table := append([]string{""}, e.table(key, line[:len(line)-len(strings.TrimLeft(line, " \t"))], entry)...)
		end := e.to
		for _, pair := range e.front.Fields.Pairs {
			if pair.Key.Text != key {
				end = e.nearer(pair.Key.Line-1, last.Line-1, end)
				pair.Value.Walk(func(v *Value) { end = e.nearer(v.Line-1, last.Line-1, end) })
			}
		}
		return e.between(e.trimmed(last.Line, end), end, table)
	}
	lines := dashed(strings.Repeat(" ", v.Column-1), strings.Repeat(" ", max(last.Column-v.Column-1, 1)), e.entryLines(entry))
	return e.between(to, e.next(key), lines)
}

// between are the ways to put lines before one of these: what looks like a
// comment may be part of a text.
func (e *Editor) between(from, to int, lines []string) (all [][]string) {
	for at := from; at <= to; at++ {
		all = append(all, e.inserted(at, lines...))
	}
	return all
}

// entryValue is an entry as it is to be read.
func entryValue(entry []string) *Value {
	if len(entry) == 1 {
		return &Value{Kind: Text, Text: entry[0]}
	}
	v := &Value{Kind: Map}
	for i := 0; i+1 < len(entry); i += 2 {
		v.set(entry[i], &Value{Kind: Text, Text: entry[i+1]})
	}
	return v
}

// fresh is a new list of one entry: texts in brackets, maps on lines of their
// own.
func (e *Editor) fresh(key string, entry []string) []string {
	if len(entry) == 1 || e.front.Format == "toml" {
		return []string{e.assigned(key, "["+e.flow(entry)+"]", "")}
	}
	return append([]string{e.indent() + key + ":"}, dashed(e.indent()+"  ", " ", e.entryLines(entry))...)
}

// dashed are the lines of an entry of a list in YAML.
func dashed(indent, space string, lines []string) []string {
	for i := range lines {
		if i == 0 {
			lines[i] = indent + "-" + space + lines[i]
		} else {
			lines[i] = indent + " " + space + lines[i]
		}
	}
	return lines
}

// entryLines are the lines of an entry without what is before them.
func (e *Editor) entryLines(entry []string) (lines []string) {
	if len(entry) == 1 {
		return []string{e.scalar(entry[0], false)}
	}
	sign := ": "
	if e.front.Format == "toml" {
		sign = " = "
	}
	for i := 0; i+1 < len(entry); i += 2 {
		lines = append(lines, entry[i]+sign+e.scalar(entry[i+1], false))
	}
	return lines
}

// table is an entry as TOML writes it below a header.
func (e *Editor) table(key, indent string, entry []string) []string {
	lines := []string{indent + "[[" + key + "]]"}
	for _, line := range e.entryLines(entry) {
		lines = append(lines, indent+line)
	}
	return lines
}

// flow is an entry as it stands in brackets.
func (e *Editor) flow(entry []string) string {
	if len(entry) == 1 {
		return e.scalar(entry[0], true)
	}
	sign := ": "
	if e.front.Format == "toml" {
		sign = " = "
	}
	var parts []string
	for i := 0; i+1 < len(entry); i += 2 {
		parts = append(parts, entry[i]+sign+e.scalar(entry[i+1], true))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// bracketed is the lines with an entry before the bracket that closes a list, if
// all of it is on one line.
func (e *Editor) bracketed(v *Value, entry []string) []string {
	before, after, found := e.values.around(v)
	if !found {
		return nil
	}
	whole := e.values.source(v.Line)
	inside := strings.TrimRight(whole[len(before):len(whole)-len(after)-1], " \t")
	space := whole[len(before)+len(inside) : len(whole)-len(after)-1]
	if inside = strings.TrimSuffix(inside, ","); inside != "[" {
		inside += ", "
	}
	return e.line(v.Line, before+inside+e.flow(entry)+space+"]"+after)
}

// behind is the lines with an entry behind the last one of a list in brackets.
func (e *Editor) behind(last *Value, entry []string) []string {
	_, after, found := e.values.around(last)
	if !found {
		return nil
	}
	whole := e.values.source(last.Line)
	return e.line(last.Line, whole[:len(whole)-len(after)]+", "+e.flow(entry)+after)
}

// line is the lines with another text on one of them.
func (e *Editor) line(number int, text string) []string {
	lines := slices.Clone(e.lines)
	lines[number-1] = text + lineEnd(lines[number-1])
	return lines
}

// Drop takes an entry, counted from 0, out of the list under a key of the top.
// With the last one goes the key. A text is a list of one.
func (e *Editor) Drop(key string, entry int) error {
	v := e.front.Fields.Get(key)
	if v == nil {
		return nil
	}
	if v.Kind != List || len(v.Items) == 1 {
		return e.Remove(key)
	}
	want := e.front.Fields.clone()
	all := want.Get(key)
	all.Items = slices.Delete(all.Items, entry, entry+1)
	item := v.Items[entry]
	var ways [][]string
	if before, after, found := e.values.around(item); item.Flow && found {
		if strings.TrimSpace(before) == "" && strings.TrimLeft(after, " \t,") == "" {
			ways = append(ways, slices.Concat(e.lines[:item.Line-1], e.lines[item.Line:])) // it has a line to itself
		}
		if rest, comma := strings.CutPrefix(strings.TrimLeft(after, " \t"), ","); comma {
			ways = append(ways, e.line(item.Line, before+strings.TrimLeft(rest, " \t")))
		} else {
			ways = append(ways, e.line(item.Line, strings.TrimSuffix(strings.TrimRight(before, " \t"), ",")+after))
		}
	} else if !item.Flow {
		_, to := e.extent(key)
		if entry+1 < len(v.Items) {
			to = e.trimmed(item.Line, v.Items[entry+1].Line-1)
		}
		ways = append(ways, slices.Concat(e.lines[:item.Line-1], e.lines[to:]))
	}
	if e.try(want, ways...) {
		return nil
	}
	return e.refused(key, "remove "+item.Text+" from it")
}

// fit is a text as the format has it: a time of day in TOML has its seconds.
func (e *Editor) fit(text string) string {
	if w, isDate := ParseWhen(text); e.front.Format == "toml" && isDate && w.Clock && len(text) == len("2026-11-22 14:05") {
		return text + ":00"
	}
	return text
}

func (e *Editor) scalar(text string, flow bool) string { return Scalar(e.front.Format, text, flow) }

// written is a text as it may stand in the place of a value: in quotes if that
// has them.
func (e *Editor) written(v *Value, text string) string {
	if line := e.values.source(v.Line); v.Style == Quoted && line != "" {
		sign := line[offset(line, v.Column):]
		if sign != "" && (sign[0] == '"' || sign[0] == '\'') {
			if form := sign[:1] + text + sign[:1]; says(e.front.Format, form, text, v.Flow) {
				return form
			}
		}
	}
	return e.scalar(text, v.Flow)
}

// Scalar writes a text as a value of YAML, or of TOML if that is the format: as
// it is if that is read back as the same text, else in quotes. flow is for a
// value within brackets.
func Scalar(format, text string, flow bool) string {
	double := `"` + escaped(text) + `"`
	single := "'" + text + "'"
	forms := []string{text, double, "'" + strings.ReplaceAll(text, "'", "''") + "'"}
	if strings.Contains(text, `"`) {
		forms[1], forms[2] = forms[2], forms[1]
	}
	if format == "toml" {
		forms = []string{double}
		if strings.ContainsAny(text, `"\`) {
			forms = []string{single, double}
		}
		if _, isDate := ParseWhen(text); isDate {
			forms = append([]string{text}, forms...)
		}
	}
	for _, form := range forms {
		if says(format, form, text, flow) {
			return form
		}
	}
	return double
}

// escaped is a text as it stands in double quotes.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// says tells whether a form of a text is read as this text.
func says(format, form, text string, flow bool) bool {
	source := "x: " + form + "\ny: 1\n"
	read := YAML
	switch {
	case format == "toml":
		source, read = "x = "+form+"\ny = 1\n", TOML
	case flow:
		source = "x: [" + form + ", z]\ny: 1\n"
	}
	v, problems := read("", []byte(source), 1)
	if v == nil || len(problems) > 0 || len(v.Pairs) != 2 || v.Get("y") == nil {
		return false
	}
	got := v.Get("x")
	if flow && format != "toml" {
		if got == nil || len(got.Items) != 2 {
			return false
		}
		got = got.Items[0]
	}
	return got != nil && got.Kind == Text && got.Text == text
}
