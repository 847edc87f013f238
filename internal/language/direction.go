package language

import (
	"sync"

	"golang.org/x/text/language"
)

// Direction is the direction a language is written in, "rtl" or "ltr", by its
// usual script, for a language that has no message file.
func Direction(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return "ltr"
	}
	script, _ := t.Script()
	switch script.String() {
	case "Arab", "Aran", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr":
		return "rtl"
	}
	return "ltr"
}

// Locale is a language with its territory as Open Graph writes it, "en_GB". One
// that does not say for where has the territory in which most people write it.
func Locale(tag string) string {
	if known, ok := locales.Load(tag); ok {
		return known.(string)
	}
	l := locale(tag)
	locales.Store(tag, l)
	return l
}

// locales are those of the tags that were asked for, which are few: each page
// asks.
var locales sync.Map

func locale(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	base, _ := t.Base()
	region, _ := t.Region()
	return base.String() + "_" + region.String()
}
