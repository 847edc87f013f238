package config

import (
	"strings"

	"golang.org/x/text/language"

	"stet/internal/fields"
)

// languages reads `language` or `languages`, and gives each what is the
// site's.
func (p *parser) languages(v *fields.Value) {
	one, many := v.Get("language"), v.Get("languages")
	switch {
	case one != nil && many != nil:
		p.Error(one, "remove language; the first of languages is at the root", "both language and languages are there")
	case one != nil && one.Kind == fields.List && len(one.Items) == 1:
		p.Text(one)
	case one != nil:
		p.Languages = nil
		p.language(one, p.Text(one), nil)
	case many != nil && many.Kind == fields.List:
		p.Languages = nil
		for _, item := range many.Items {
			p.language(item, p.Text(item), nil)
		}
	case many != nil && many.Kind == fields.Text:
		p.Error(many, p.List(many, strings.FieldsFunc(many.Text, func(r rune) bool { return r == ',' || r == ' ' })), "languages must be a list or a map")
	case many != nil:
		p.Languages = nil
		p.Each(many, func(key, v *fields.Value) { p.language(key, key.Text, v) })
	}
	if len(p.Languages) == 0 {
		p.Languages = New().Languages
	}
	p.missing(many)
	for i := range p.Languages {
		p.inherit(&p.Languages[i])
	}
}

func (p *parser) inherit(l *Language) {
	if l.Title == "" {
		l.Title = p.Title
	}
	if l.Description == "" {
		l.Description = p.Description
	}
	if l.Menus == nil {
		l.Menus = p.Menus
		return
	}
	for name, links := range p.Menus {
		if l.Menus[name] == nil {
			l.Menus[name] = links
		}
	}
}

// language reads one language; where is what names it.
func (p *parser) language(where *fields.Value, tag string, v *fields.Value) {
	if _, err := language.Parse(tag); err != nil || tag == "" || strings.ContainsAny(tag, "_ /") {
		p.Error(where, "use a tag of BCP 47, such as en, ar or pt-BR", "%q is not a language", tag)
		return
	}
	l := Language{Tag: tag}
	if len(p.Languages) > 0 {
		l.Prefix = strings.ToLower(tag)
	}
	for _, other := range p.Languages {
		if strings.EqualFold(other.Tag, tag) {
			p.Error(where, "remove one", "the language %q is there twice", tag)
			return
		}
	}
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "title":
			l.Title = p.Text(v)
		case "description":
			l.Description = p.Text(v)
		case "menus":
			l.Menus = p.menus(v)
		case "missing": // when all are known
		default:
			p.Unknown(key, []string{"title", "description", "menus", "missing"}, "the language "+tag)
		}
	})
	p.Languages = append(p.Languages, l)
}

// missing reads of each language what becomes of stories that it has no version
// of.
func (p *parser) missing(languages *fields.Value) {
	for i := range p.Languages {
		l := &p.Languages[i]
		v := languages.Get(l.Tag).Get("missing")
		if v == nil {
			continue
		}
		allowed, tags := []string{"omit"}, map[string]string{}
		for _, other := range p.Languages {
			if tag := strings.ToLower(other.Tag); other.Tag != l.Tag {
				allowed, tags[tag] = append(allowed, tag), other.Tag
			}
		}
		l.Missing = tags[p.Choice(v, allowed...)]
	}
}
