package fields

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stet/internal/diag"
)

// A Decoder says what values mean to somebody who knows what to expect, and
// gathers what does not fit. Each method of a nil or null value returns the
// zero value without a word: absence is asked for with Value.Get.
type Decoder struct {
	Path     string
	Format   string // "toml" writes hints in TOML; anything else in YAML
	Data     []byte // the file, of which hints are made; nil if it is not at hand
	Strict   bool   // unknown keys are errors, not warnings
	Problems []diag.Problem

	lines []string // of Data, once one was asked for
}

// Error notes an error at a value. Of a value whose line could not be read as it
// is written, that is told already, and what is wrong with the guess is not.
func (d *Decoder) Error(v *Value, hint, format string, args ...any) {
	if v != nil && v.Cured {
		return
	}
	d.note(diag.Error, v, hint, format, args...)
}

// Warn notes a warning at a value.
func (d *Decoder) Warn(v *Value, hint, format string, args ...any) {
	d.note(diag.Warning, v, hint, format, args...)
}

func (d *Decoder) note(severity diag.Severity, v *Value, hint, format string, args ...any) {
	p := diag.Problem{Severity: severity, Path: d.Path, Text: fmt.Sprintf(format, args...), Hint: hint}
	if v != nil {
		p.Line, p.Column, p.Length = v.Line, v.Column, v.Length
	}
	d.Problems = append(d.Problems, p)
}

// Text is a text as written; of a number, a date or a yes, its text.
func (d *Decoder) Text(v *Value) string {
	if v == nil || v.Kind == Null {
		return ""
	}
	if v.Kind == Text {
		return v.Text
	}
	d.Error(v, d.asText(v), "%s must be a text, not %s", called(v), v.Kind.noun())
	return ""
}

// asText is a hint that makes a text of a list or a map.
func (d *Decoder) asText(v *Value) string {
	before, after, found := d.around(v)
	words := strings.Join(flat(v), ", ")
	switch {
	case v.Kind == Map && !found && !v.Flow && d.Format != "toml" && v.Name != "":
		return fmt.Sprintf("write the text behind %s: and begin the lines below it as far left as it begins", v.Name)
	case words != "":
		return d.Line(v, words)
	case found:
		whole := d.source(v.Line)
		return before + quote(whole[len(before):len(whole)-len(after)]) + after
	}
	return "write a text in its place"
}

// flat is all texts in a value, for hints.
func flat(v *Value) (texts []string) {
	if v.Kind == Text {
		return []string{v.Text}
	}
	for _, item := range v.Items {
		texts = append(texts, flat(item)...)
	}
	for _, pair := range v.Pairs {
		texts = append(texts, flat(pair.Value)...)
	}
	return texts
}

func called(v *Value) string {
	if v.Name == "" {
		return "this entry"
	}
	return v.Name
}

func (k Kind) noun() string {
	return [...]string{Null: "nothing", Text: "a text", List: "a list", Map: "a map"}[k]
}

// scalar is a value's text, false if it has none; then d says what it wants.
func (d *Decoder) scalar(v *Value, wanted, example string) (string, bool) {
	if v == nil || v.Kind == Null {
		return "", false
	}
	if v.Kind == Text {
		return Clean(v.Text), true
	}
	d.Error(v, d.Line(v, example), "%s must be %s, not %s", called(v), wanted, v.Kind.noun())
	return "", false
}

// Bool is a yes or no: true, yes and on, false, no and off.
func (d *Decoder) Bool(v *Value) bool {
	text, given := d.scalar(v, "true or false", "true")
	if given && !isTruth(text) {
		d.Error(v, d.Line(v, "true"), "%s must be true or false, not %q", called(v), text)
	}
	return given && truth(text)
}

// Int is a whole number.
func (d *Decoder) Int(v *Value) int {
	text, given := d.scalar(v, "a whole number", "1")
	if !given {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(latinDigits(text), "_", ""))
	if err != nil {
		d.Error(v, d.Line(v, "1"), "%s must be a whole number, not %q", called(v), text)
	}
	return n
}

// Float is a number.
func (d *Decoder) Float(v *Value) float64 {
	text, given := d.scalar(v, "a number", "0.5")
	if !given {
		return 0
	}
	n, err := strconv.ParseFloat(latinDigits(text), 64)
	if err != nil || n != n || n > 1e300 || n < -1e300 {
		d.Error(v, d.Line(v, "0.5"), "%s must be a number, not %q", called(v), text)
		return 0
	}
	return n
}

// Texts is a list of texts, or one text as a list of one. A text with commas
// is an error with the list written out: it is one thing only in a headline.
// Quotes say that it is meant as one; in TOML, where every text has them, they
// say nothing.
func (d *Decoder) Texts(v *Value) []string {
	if v == nil || v.Kind == Null {
		return nil
	}
	switch v.Kind {
	case Text:
		if strings.ContainsAny(v.Text, ",،、") && (v.Style != Quoted || d.Format == "toml") && v.Style != Block {
			d.Error(v, d.List(v, split(v.Text)), "%s is one text with commas, not a list", called(v))
			return nil
		}
		return []string{v.Text}
	case Map:
		d.Error(v, d.List(v, flat(v)), "%s must be a list, not a map", called(v))
		return nil
	}
	texts := make([]string, 0, len(v.Items))
	for _, item := range v.Items {
		if item.Kind == Text {
			texts = append(texts, item.Text)
		} else if item.Kind != Null {
			d.Error(item, d.asEntries(item), "an entry of %s must be a text, not %s", called(v), item.Kind.noun())
		}
	}
	return texts
}

// asEntries is a hint that makes texts of an entry that is a list or a map.
func (d *Decoder) asEntries(item *Value) string {
	texts := flat(item)
	switch before, after, found := d.around(item); {
	case len(texts) == 0:
		return "remove it, or write a text in its place"
	case len(texts) > 1 && found && !item.Flow && d.Format != "toml":
		return before + strings.Join(texts, "\n"+before) + after
	case len(texts) > 1 && item.Flow:
		return d.Put(item, d.entries(item, texts))
	}
	return d.Line(item, strings.Join(texts, " "))
}

func split(s string) (parts []string) {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",،、", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// When is a date, with or without time and zone.
func (d *Decoder) When(v *Value) When {
	text, given := d.scalar(v, "a date", "2026-11-22 14:05")
	if !given {
		return When{}
	}
	w, fits := ParseWhen(text)
	if fits {
		return w
	}
	says := fmt.Sprintf("%s is not a date that can be read: %q", called(v), text)
	if !w.exists() && w.Month >= 1 && w.Month <= 12 && w.Day > daysIn(max(w.Year, 1), w.Month) && w.Day <= 31 {
		says = fmt.Sprintf("%s is a day that does not exist: %q", called(v), text)
	}
	hint := "write it as 2026-11-22, or with a time as 2026-11-22 14:05"
	if likely := likelyDate(text); likely != "" {
		hint = d.Line(v, likely)
	}
	d.Error(v, hint, "%s", says)
	return When{}
}

// Choice is one of the allowed words.
func (d *Decoder) Choice(v *Value, allowed ...string) string {
	text, given := d.scalar(v, "one of "+strings.Join(allowed, ", "), allowed[0])
	if !given {
		return ""
	}
	word := strings.ToLower(text)
	if slices.Contains(allowed, word) {
		return word
	}
	near := diag.Nearest(word, allowed)
	if i := slices.IndexFunc(allowed, func(a string) bool { return strings.HasPrefix(a, word) || strings.HasPrefix(word, a) }); i >= 0 {
		near = allowed[i]
	}
	if near == "" {
		near = allowed[0]
	}
	d.Error(v, d.Line(v, near), "%s must be %s, not %q", called(v), either(allowed), text)
	return ""
}

// either is "a, b or c".
func either(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// Each calls f with the keys of a map, in the order of the file. The example,
// a key and a text, is for the hint where there is no map.
func (d *Decoder) Each(v *Value, f func(key *Value, value *Value), example ...string) {
	if v == nil || v.Kind == Null {
		return
	}
	if v.Kind != Map {
		hint := "write its keys on lines of their own below it, each with a value"
		if example != nil {
			hint = d.Put(v, d.Inline(example...))
		}
		d.Error(v, hint, "%s must be a map of keys and values, not %s", called(v), v.Kind.noun())
		return
	}
	for _, pair := range v.Pairs {
		f(pair.Key, pair.Value)
	}
}

// Unknown reports a key that nobody knows. where is what it stands in, such as
// "image", or "" at the top.
func (d *Decoder) Unknown(key *Value, candidates []string, where string) {
	text := fmt.Sprintf("unknown field %q", key.Text)
	if where != "" {
		text += " in " + where
	}
	hint := "put keys of your own under params"
	if near := diag.Nearest(key.Text, candidates); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if where != "" {
		hint = "known here: " + strings.Join(slices.Sorted(slices.Values(candidates)), ", ")
	}
	severity := diag.Warning
	if d.Strict {
		severity = diag.Error
	}
	d.note(severity, key, hint, "%s", text)
}
