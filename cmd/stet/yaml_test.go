package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"stet/internal/fields"
)

var headlines = map[string]string{
	`Fire at the mill`:          `Fire at the mill`,
	`Mayor: "No"`:               `'Mayor: "No"'`,
	`Mayor: no`:                 `"Mayor: no"`,
	`It's on`:                   `It's on`,
	`"Quoted" from the start`:   `'"Quoted" from the start'`,
	`"It's on", he said: today`: `'"It''s on", he said: today'`,
	`# is a sign`:               `"# is a sign"`,
	`Number #1`:                 `"Number #1"`,
	`[Sic]`:                     `"[Sic]"`,
	`رئيس البلدية: لا`:          `"رئيس البلدية: لا"`,
	`حريق في المطحنة`:           `حريق في المطحنة`,
	`null`:                      `"null"`,
	`back\slash`:                `back\slash`,
}

func TestYAML(t *testing.T) {
	for headline, want := range headlines {
		if got := yaml(headline); got != want {
			t.Errorf("yaml(%q) = %s, want %s", headline, got, want)
		}
	}
}

// Whatever the headline, it is read back as it was.
func FuzzYAML(f *testing.F) {
	for headline := range headlines {
		f.Add(headline)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.Join(strings.Fields(s), " ")
		if !utf8.ValidString(s) || fields.Clean(s) != s || oneLine(s) != s || strings.ContainsAny(s, "\ufeff\ufffe\uffff") {
			return
		}
		v, problems := fields.YAML("", []byte("title: "+yaml(s)+"\n"), 1)
		if len(problems) > 0 {
			t.Fatalf("%q is written %s: %v", s, yaml(s), problems)
		}
		if got := v.Get("title"); got == nil || got.Text != s {
			t.Fatalf("%q is written %s and read %v", s, yaml(s), got)
		}
	})
}
