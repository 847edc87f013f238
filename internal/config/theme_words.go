package config

import (
	"maps"
	"slices"
	"strings"

	"stet/internal/fields"
)

// What the theme says in words and shows in the paper's name may be another in each
// language: {en: Letters, ar: رسائل} in place of one text. What is not said for a
// language is not there in it.

// spoken are values of which each language has its own, by tag.
type spoken map[string]any

// A wording is a text, and the tag of the language that it is for, "" for all.
type wording struct {
	at   *fields.Value
	lang string
}

// wordings are the texts in a value: one for all languages, or one for each that is
// named.
func (p *parser) wordings(v *fields.Value) (all []wording) {
	if v.Kind != fields.Map {
		return []wording{{v, ""}}
	}
	p.Each(v, func(key, v *fields.Value) {
		all = append(all, wording{v, key.Text})
		p.tongues = append(p.tongues, key)
	})
	return all
}

// voices gathers what is said by language.
type voices map[string]map[string]any

// say notes a text for one language, or for all of them, of which it has the
// first: in the others its language is noted too.
func (p *parser) say(said voices, lang, key, text string) {
	for _, l := range p.Languages {
		if lang != "" && lang != l.Tag {
			continue
		}
		if said[l.Tag] == nil {
			said[l.Tag] = map[string]any{}
		}
		said[l.Tag][key] = text
		if isWords := key == "title" || key == "text" || key == "alt"; isWords && lang == "" && l.Tag != p.Languages[0].Tag {
			said[l.Tag][key+"_lang"] = p.Languages[0].Tag
		}
	}
}

// told is what layouts get: of each language what has all that it cannot do without,
// and what else they may ask for.
func (p *parser) told(said voices, need string, usual map[string]any) any {
	all := spoken{}
	for tag, words := range said {
		if words[need] == nil {
			continue
		}
		for key, value := range usual {
			if words[key] == nil {
				words[key] = value
			}
		}
		all[tag] = words
	}
	return all
}

// in is a value as a language has it.
func in(value any, tag string) any {
	switch v := value.(type) {
	case spoken:
		return v[tag]
	case map[string]any:
		var own map[string]any // a copy, if it needs one
		for key, one := range v {
			if each, is := one.(spoken); is {
				if own == nil {
					own = maps.Clone(v)
				}
				own[key] = each[tag]
			}
		}
		if own != nil {
			return own
		}
	}
	return value
}

// logo reads the picture that stands for the paper's name.
func (p *parser) logo(v *fields.Value) any {
	said := voices{}
	picture := func(key string, v *fields.Value) {
		for _, w := range p.wordings(v) {
			named, ok := p.rooted(w.at, "a logo", ".svg", ".png", ".webp", ".avif", ".jpg")
			if rest, asset := strings.CutPrefix(named.Name, FontFolder); ok && asset {
				p.Error(w.at, p.Line(w.at, "/"+rest)+"\nand move the file to static/"+rest, "a logo is a picture, and what lies in static/assets/ is none")
			} else if ok {
				p.Theme.Logos = append(p.Theme.Logos, named)
				p.say(said, w.lang, key, "static"+named.Name)
			}
		}
	}
	if v.Kind != fields.Map {
		picture("light", v)
	} else {
		p.Each(v, func(key, v *fields.Value) {
			switch key.Text {
			case "light", "dark":
				picture(key.Text, v)
			case "alt":
				for _, w := range p.wordings(v) {
					p.say(said, w.lang, "alt", p.Text(w.at))
				}
			default:
				p.Unknown(key, []string{"light", "dark", "alt"}, "theme.logo")
			}
		})
		if v.Get("light").Empty() {
			p.Error(v, p.Add(v, "light", "/logo.svg"), "the logo must be there in the light scheme")
		}
	}
	return p.told(said, "light", map[string]any{"dark": "", "alt": ""})
}

// box reads the words of a box, and where it leads.
func (p *parser) box(v *fields.Value, to, example string, known ...string) any {
	if v.Kind == fields.Null {
		return nil
	}
	said := voices{}
	where := called(v)
	p.Each(v, func(key, v *fields.Value) {
		if !slices.Contains(known, key.Text) {
			p.Unknown(key, known, "theme."+where)
			return
		}
		for _, w := range p.wordings(v) {
			if text := p.boxed(w.at, key.Text, to); text != "" {
				p.say(said, w.lang, key.Text, text)
			}
		}
	}, to, example)
	if v.Kind == fields.Map && v.Get(to).Empty() {
		p.Error(v, p.Add(v, to, example), "it is not said where it leads: %s is missing", to)
	}
	usual := map[string]any{}
	if to == "action" {
		usual["field"] = "email"
	}
	return p.told(said, to, usual)
}

// boxed reads one text of a box.
func (p *parser) boxed(v *fields.Value, key, to string) string {
	text := p.Text(v)
	switch {
	case text == "":
	case key == to && (!address(text) || strings.HasPrefix(text, "http:")):
		hint := "/" + strings.TrimPrefix(text, "./")
		if rest, plain := strings.CutPrefix(text, "http:"); plain {
			hint = "https:" + rest
		} else if host, _, _ := strings.Cut(text, "/"); strings.Contains(host, ".") && !strings.HasPrefix(text, ".") {
			hint = "https://" + text
		}
		p.Error(v, p.Line(v, hint), "an address of theme begins with / or https://, not as %q", text)
		return ""
	case key == "field" && strings.ContainsAny(text, " \t\r\n\"'<>&="):
		p.Error(v, p.Line(v, "email"), "the name of a field has no spaces or signs: %q", text)
		return ""
	}
	return text
}
