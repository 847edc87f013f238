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
func text() Schema { return only("string", "number", "boolean", "null") }

// given is a text that must be there.
func given() Schema {
	s := only("string", "number", "boolean")
	s["minLength"] = 1
	return s
}

// only is a value of some types. They are not written as such, since editors
// would then offer true, false and null wherever there may be a text.
func only(types ...string) Schema {
	return Schema{"if": Schema{"not": Schema{"type": types}}, "then": Schema{"type": types[0]}}
}

// unseen are the signs around a word that fields.Clean takes away. They stand here
// as they are, since patterns of Go and of editors have other names for them.
const unseen = "[\\s\u00a0\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"

// matching is a text of a form, and no number or yes. says is what an editor says
// of another.
func matching(form, says string) Schema { return formed(only("string", "null"), form, says) }

// there is a text of a form that must be there.
func there(form, says string) Schema { return formed(only("string"), form, says) }

// formed has the texts among some values be of a form. Some editors know
// patternErrorMessage; to all others it is nothing.
func formed(s Schema, form, says string) Schema {
	s["pattern"] = "^" + unseen + "(" + form + ")" + unseen + "$"
	s["patternErrorMessage"] = says
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
	return either(Schema{"type": "integer", "minimum": least, "maximum": most}, matching(`[-+−]?[0-9_٠-٩۰-۹]+`, "write a whole number"))
}

// widest is more than anybody counts.
const widest = 1 << 31

// share is what Float takes, between 0 and 1.
func share() Schema {
	return either(Schema{"type": "number", "minimum": 0, "maximum": 1}, matching(`[-+.0-9eE٠-٩۰-۹]+`, "write a number from 0 to 1"))
}

// day is how a date begins, and its time.
const day = `[0-9٠-٩۰-۹]{4}[-‐‑–−][0-9٠-٩۰-۹]{1,2}[-‐‑–−][0-9٠-٩۰-۹]{1,2}([Tt ].*)?`

const likeDay = "write it as 2026-11-22, or with a time as 2026-11-22 14:05"

// date is what When takes.
func date() Schema { return matching(day, likeDay) }

// yes is what Bool takes.
func yes() Schema {
	return either(Schema{"type": "boolean"}, matching(anyCase("true", "false", "yes", "no", "on", "off"), "write true or false"))
}

// no is a switch that can only be turned off.
func no() Schema {
	return either(Schema{"enum": []any{false}}, matching(anyCase("false", "no", "off"), "write false"))
}

// one is what Choice takes: one of these words, in capitals too. Without quotes
// off is a no for some readers of YAML.
func one(words ...string) Schema {
	some := []any{}
	for _, w := range words {
		some = append(some, w)
	}
	rest := matching(anyCase(words...), "write one of: "+strings.Join(words, ", "))
	for _, w := range words {
		if w == "off" {
			rest = either(rest, Schema{"enum": []any{false}})
		}
	}
	return either(Schema{"enum": some}, rest)
}

// exactly is one of these words as it stands.
func exactly(words ...string) Schema {
	return either(Schema{"enum": words}, Schema{"enum": []any{nil}})
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
