package schema

import (
	"strings"
	"unicode"
)

// Shapes of values, each as the method of fields.Decoder takes it that is named
// with it. Nothing at all is taken everywhere: it is as if the key were not
// there.

// keys are those of a map.
type keys map[string]Schema

// text is what Text takes: a number, a date or a yes is its text.
func text() Schema { return Schema{"type": []string{"string", "number", "boolean", "null"}} }

// given is a text that must be there.
func given() Schema { return Schema{"type": []string{"string", "number", "boolean"}, "minLength": 1} }

// unseen are the signs around a word that fields.Clean takes away. They stand here
// as they are, since patterns of Go and of editors have other names for them.
const unseen = "[\\s\u00a0\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"

// matching is a text of a form, and no number or yes.
func matching(form string) Schema {
	return Schema{"type": []string{"string", "null"}, "pattern": "^" + unseen + "(" + form + ")" + unseen + "$"}
}

// there is a text of a form that must be there.
func there(form string) Schema {
	s := matching(form)
	s["type"] = "string"
	return s
}

// like is a text of a form, which numbers have.
func like(form string) Schema {
	s := matching(form)
	s["type"] = text()["type"]
	return s
}

// word is a text for which there are likely ones.
func word(likely []string) Schema { return offered(likely, text()) }

// needed is a word that must be there.
func needed(likely []string) Schema { return offered(likely, given()) }

// offered is a shape with words that an editor is to offer.
func offered(likely []string, of Schema) Schema {
	if len(likely) == 0 {
		return of
	}
	return either(Schema{"enum": likely}, of)
}

// whole is what Int takes, between two numbers.
func whole(least, most int) Schema {
	return either(Schema{"type": "integer", "minimum": least, "maximum": most}, matching(`[-+−]?[0-9_٠-٩۰-۹]+`))
}

// widest is more than anybody counts.
const widest = 1 << 31

// share is what Float takes, between 0 and 1.
func share() Schema {
	return either(Schema{"type": "number", "minimum": 0, "maximum": 1}, matching(`[-+.0-9eE٠-٩۰-۹]+`))
}

// day is how a date begins, and its time.
const day = `[0-9٠-٩۰-۹]{4}[-‐‑–−][0-9٠-٩۰-۹]{1,2}[-‐‑–−][0-9٠-٩۰-۹]{1,2}([Tt ].*)?`

// date is what When takes.
func date() Schema { return matching(day) }

// yes is what Bool takes.
func yes() Schema {
	return either(Schema{"type": []string{"boolean", "null"}}, matching(anyCase("true", "false", "yes", "no", "on", "off")))
}

// no is a switch that can only be turned off.
func no() Schema {
	return either(Schema{"enum": []any{false, nil}}, matching(anyCase("false", "no", "off")))
}

// one is what Choice takes: one of these words, in capitals too. Without quotes
// off is a no for some readers of YAML.
func one(words ...string) Schema {
	some := []any{}
	for _, w := range words {
		some = append(some, w)
	}
	rest := matching(anyCase(words...))
	for _, w := range words {
		if w == "off" {
			rest = either(rest, Schema{"enum": []any{false}})
		}
	}
	return either(Schema{"enum": some}, rest)
}

// exactly is one of these words as it stands.
func exactly(words ...string) Schema {
	return either(Schema{"enum": words}, Schema{"type": "null"})
}

// anyCase is a pattern of words in small letters and capitals; editors know no
// shorter way.
func anyCase(words ...string) string {
	var b strings.Builder
	for _, w := range words {
		if b.Len() > 0 {
			b.WriteByte('|')
		}
		for _, r := range w {
			if unicode.IsLetter(r) {
				b.WriteString("[" + string(r) + string(unicode.ToUpper(r)) + "]")
			} else {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// either is any of some shapes, those within one another laid flat.
func either(some ...Schema) Schema {
	var flat []Schema
	for _, s := range some {
		if inner, ok := s["anyOf"].([]Schema); ok && len(s) == 1 {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, s)
		}
	}
	return Schema{"anyOf": flat}
}

// list is a list of one shape.
func list(of Schema) Schema { return Schema{"type": []string{"array", "null"}, "items": of} }

// names is what Texts takes: a list of texts, or one text alone.
func names(likely ...string) Schema { return either(list(word(likely)), word(likely)) }

// some is a list of one shape, or one alone.
func some(of func() Schema) Schema { return either(list(of()), of()) }

// parts is a map whose keys are known.
func parts(known keys, needed ...string) Schema {
	s := Schema{"type": []string{"object", "null"}, "properties": known, "additionalProperties": false}
	if needed != nil {
		s["required"] = needed
	}
	return s
}

// open is a map of any keys, each with a value of a shape. Some may be known.
func open(of Schema, known keys) Schema {
	s := Schema{"type": []string{"object", "null"}, "additionalProperties": of}
	if known != nil {
		s["properties"] = known
	}
	return s
}

// anything is every value.
func anything() Schema { return Schema{} }
