package language

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/fields"
)

// Files are the paths in which the words of a language may stand, the widest
// first: de.yaml, and de-AT.yaml, which lies over it.
func Files(tag string) []string {
	var files []string
	for i, r := range tag + "-" {
		if r == '-' {
			files = append(files, "layouts/languages/"+tag[:i]+".yaml")
		}
	}
	return files
}

// Parse reads the message file of a language. What is missing is an error, so
// that no layout finds out later; problems are at path.
func Parse(tag string, v *fields.Value, path string) (*Language, []diag.Problem) {
	p := parser{Decoder: fields.Decoder{Path: path}, Language: &Language{Tag: tag, Digits: "latn", Dir: "ltr", Decimal: ".", Then: "; "}}
	if v == nil || v.Kind != fields.Map {
		p.Error(v, "copy layouts/languages/en.yaml and translate it", "a language must be a map of keys and values")
		return p.Language, p.Problems
	}
	p.Each(v, p.key)
	p.complete(v)
	return p.Language, p.Problems
}

// Over lays a further file over what a language says already, as that of a
// region: it has only what differs.
func (l *Language) Over(v *fields.Value, path string) []diag.Problem {
	p := parser{Decoder: fields.Decoder{Path: path}, Language: l, over: true}
	if v != nil && v.Kind != fields.Null {
		p.Each(v, p.key)
	}
	return p.Problems
}

type parser struct {
	fields.Decoder
	*Language
	over bool // the language has been read, and this is what differs
}

var keys = []string{
	"name", "dir", "capitals", "digits", "group", "decimal", "first", "quotes", "space", "list", "months", "months_short", "days", "days_short",
	"noon", "dates", "byline", "dateline", "roles", "credits", "photo_by", "messages",
}

var bylineNames = map[string][]string{
	"plain":        {"authors"},
	"place":        {"authors", "place"},
	"group":        {"authors", "place"},
	"name_of":      {"name", "of"},
	"name_role":    {"name", "role"},
	"name_role_of": {"name", "role", "of"},
	"name_for":     {"name", "for"},
}

// since are patterns that a language file of an older Stet lacks, with what
// stands in for them.
var since = map[string]string{"name_for": "{name}, {for}"}

var datelineNames = map[string][]string{"plain": {"place"}, "date": {"place", "date"}}

func (p *parser) key(key, v *fields.Value) {
	switch key.Text {
	case "name":
		p.Name = p.Text(v)
	case "dir":
		p.Dir = p.Choice(v, "ltr", "rtl")
	case "capitals":
		p.Capitals = p.Bool(v)
	case "digits":
		p.Digits = p.Choice(v, "latn", "arab", "arabext", "deva")
	case "group":
		p.Group = p.Text(v)
	case "decimal":
		p.Decimal = p.Text(v)
	case "first":
		p.First = p.Text(v)
	case "quotes":
		copy(p.Quotes[:], p.exactly(v, 4))
	case "space":
		if p.Space = p.Text(v); strings.Trim(p.Space, "\u00a0\u2009\u202f\u2060") != "" {
			p.Error(v, "  space: \"\\u202F\"", "what stands for a space before : ; ? ! is a space that no line breaks at, not %q", p.Space)
		}
	case "list":
		p.list(v)
	case "months":
		p.Months = p.exactly(v, 12)
	case "months_short":
		p.MonthsShort = p.exactly(v, 12)
	case "days":
		p.Days = p.exactly(v, 7)
	case "days_short":
		p.DaysShort = p.exactly(v, 7)
	case "noon":
		p.Noon = p.exactly(v, 2)
	case "dates":
		p.dates(v)
	case "byline":
		p.Bylines = p.patterns(v, p.Bylines, bylineNames)
	case "dateline":
		p.Datelines = p.patterns(v, p.Datelines, datelineNames)
	case "roles":
		p.Roles = made(p.Roles)
		p.Each(v, func(key, v *fields.Value) { p.Roles[strings.ToLower(key.Text)] = p.Text(v) })
	case "credits":
		p.Credits = made(p.Credits)
		p.Each(v, func(key, v *fields.Value) {
			p.Credits[strings.ToLower(key.Text)] = p.Text(v)
			p.check(v, []string{"names"})
			if !strings.Contains(p.Text(v), "{names}") {
				p.Error(v, "  "+key.Text+": \""+p.Text(v)+" {names}\"", "the credit %q does not say where the names stand", key.Text)
			}
		})
	case "photo_by":
		p.PhotoBy = p.photoBy(v)
	case "messages":
		p.messages(v)
	default:
		p.Unknown(key, keys, "a language")
	}
}

func (p *parser) Text(v *fields.Value) string { return p.Decoder.Text(v) }

// made is a map that can be written to.
func made[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

// exactly is a list of n texts.
func (p *parser) exactly(v *fields.Value, n int) []string {
	texts := p.Texts(v)
	if len(texts) != n {
		p.Error(v, fmt.Sprintf("write %d texts", n), "%s must be a list of %d texts, not of %d", v.Name, n, len(texts))
		return make([]string, n)
	}
	return texts
}

func (p *parser) list(v *fields.Value) {
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "two":
			p.Two = p.Text(v)
		case "middle":
			p.Middle = p.Text(v)
		case "last":
			p.Last = p.Text(v)
		case "then":
			p.Then = p.Text(v)
		case "before_i":
			p.BeforeI = p.Text(v)
		default:
			p.Unknown(key, []string{"two", "middle", "last", "then", "before_i"}, "list")
		}
	})
}

func (p *parser) dates(v *fields.Value) {
	p.Dates = made(p.Dates)
	p.Each(v, func(key, v *fields.Value) {
		p.Dates[key.Text] = p.Text(v)
		p.check(v, dateParts)
	})
}

// photoBy are patterns of a picture's credit.
func (p *parser) photoBy(v *fields.Value) []string {
	patterns := p.Texts(v)
	for _, pattern := range patterns {
		if strings.Count(pattern, "{name}") != 1 || strings.Count(pattern, "{") != 1 {
			p.Error(v, "  - \"Photo by {name}\"", "the credit %q does not say where the name stands", pattern)
		}
	}
	return patterns
}

// check reports placeholders that nothing will fill.
func (p *parser) check(v *fields.Value, known []string) {
	for _, piece := range pieces(p.Text(v)) {
		if piece.name == "" || slices.Contains(known, piece.name) {
			continue
		}
		hint := "there are {" + strings.Join(known, "} {") + "}"
		if near := diag.Nearest(piece.name, known); near != "" {
			hint = fmt.Sprintf("did you mean {%s}?", near)
		}
		p.Error(v, hint, "nothing is known for {%s}", piece.name)
	}
}

func (p *parser) patterns(v *fields.Value, patterns map[string]string, names map[string][]string) map[string]string {
	patterns = made(patterns)
	p.Each(v, func(key, v *fields.Value) {
		if names[key.Text] == nil {
			p.Unknown(key, slices.Sorted(maps.Keys(names)), "it")
			return
		}
		patterns[key.Text] = p.Text(v)
		p.check(v, names[key.Text])
	})
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if patterns[name] == "" {
			patterns[name] = since[name]
		}
		if patterns[name] == "" {
			patterns[name] = "{" + strings.Join(names[name], "} {") + "}"
			p.Error(v, "  "+name+": \""+patterns[name]+"\"", "%s has no pattern %q", v.Name, name)
		}
	}
	return patterns
}

var forms = []string{"zero", "one", "two", "few", "many", "other"}

func (p *parser) messages(v *fields.Value) {
	known := p.Keys()
	p.Messages = made(p.Messages)
	p.Each(v, func(key, v *fields.Value) {
		if p.over && !slices.Contains(known, key.Text) && diag.Nearest(key.Text, known) != "" {
			p.Unknown(key, known, "the messages of "+p.Tag)
		}
		if v.Kind != fields.Map {
			p.Messages[key.Text] = Message{Text: p.Text(v)}
			return
		}
		m := Message{Plurals: map[string]string{}}
		p.Each(v, func(form, v *fields.Value) {
			if !slices.Contains(forms, form.Text) {
				p.Unknown(form, forms, "the message "+key.Text)
				return
			}
			m.Plurals[form.Text] = p.Text(v)
		})
		if m.Plurals["other"] == "" {
			p.Error(key, `add other: "…"`, "the message %q has no plural form \"other\"", key.Text)
		}
		p.Messages[key.Text] = m
	})
}

// complete reports what a language cannot be without.
func (p *parser) complete(v *fields.Value) {
	for _, key := range []string{"name", "dir", "months", "days", "dates", "list", "byline", "dateline", "messages"} {
		if v.Get(key).Empty() {
			p.Error(v, "copy it from layouts/languages/en.yaml and translate it", "the language has no %q", key)
		}
	}
	l := p.Language
	fallback(&l.Months, make([]string, 12))
	fallback(&l.Days, make([]string, 7))
	fallback(&l.MonthsShort, l.Months)
	fallback(&l.DaysShort, l.Days)
	fallback(&l.Noon, []string{"am", "pm"})
}

func fallback(list *[]string, other []string) {
	if *list == nil {
		*list = other
	}
}
