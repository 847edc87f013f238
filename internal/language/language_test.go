package language

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/diag"
	"stet/internal/fields"
)

// read is a language of the theme, with what its region lays over it.
func read(t *testing.T, tag string) *Language {
	t.Helper()
	var l *Language
	for _, path := range Files(tag) {
		data, err := os.ReadFile("../../" + path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		v, problems := fields.YAML(path, data, 1)
		var more []diag.Problem
		if l == nil {
			l, more = Parse(tag, v, path)
		} else {
			more = l.Over(v, path)
		}
		for _, p := range append(problems, more...) {
			t.Errorf("%s: %s", p.Place(), p.Text)
		}
	}
	return l
}

func TestText(t *testing.T) {
	en, ar := read(t, "en"), read(t, "ar")
	for _, c := range []struct {
		l    *Language
		key  string
		args []any
		want string
	}{
		{en, "skip", nil, "Skip to content"},
		{en, "more_in", []any{"section", "World"}, "More in World"},
		{en, "page_n", []any{"n", 1234}, "Page 1,234"},
		{en, "comments_count", []any{"count", 1}, "1 comment"},
		{en, "comments_count", []any{"count", 21}, "21 comments"},
		{en, "comments_count", []any{"count", 0}, "0 comments"},
		{ar, "comments_count", []any{"count", 0}, "لا تعليقات"},
		{ar, "comments_count", []any{"count", 1}, "تعليق واحد"},
		{ar, "comments_count", []any{"count", 2}, "تعليقان"},
		{ar, "comments_count", []any{"count", 3}, "3 تعليقات"},
		{ar, "comments_count", []any{"count", 11}, "11 تعليقًا"},
		{ar, "comments_count", []any{"count", 100}, "100 تعليق"},
		{ar, "comments_count", []any{"count", 103}, "103 تعليقات"},
		{en, "old_article", []any{"count", 1}, "This article is more than a year old"},
		{en, "skipp", nil, `there is no message "skipp" in en; did you mean "skip"?`},
		{en, "xyzzy", nil, `there is no message "xyzzy" in en; add it to layouts/languages/en.yaml`},
		{en, "more_in", nil, `message "more_in": nothing was given for {section}`},
		{en, "more_in", []any{"section"}, `message "more_in": arguments are names and values in turn, and the last has no value`},
		{en, "comments_count", nil, `message "comments_count" wants a number: add "count" and a number`},
	} {
		got, err := c.l.Text(c.key, c.args...)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %q %v: got %q, want %q", c.l.Tag, c.key, c.args, got, c.want)
		}
	}
}

func TestDate(t *testing.T) {
	en, ar := read(t, "en"), read(t, "ar")
	eastern := *ar
	eastern.Digits = "arab"
	at := time.Date(2026, 11, 2, 9, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		l           *Language
		style, want string
	}{
		{en, "long", "2 November 2026"},
		{en, "medium", "2 Nov 2026"},
		{en, "datetime", "2 November 2026, 09:05"},
		{en, "full", "Monday, 2 November 2026"},
		{en, "month", "November 2026"},
		{en, "time", "09:05"},
		{ar, "datetime", "2 نوفمبر 2026، 09:05"},
		{&eastern, "full", "الاثنين ٢ نوفمبر ٢٠٢٦"},
		{&eastern, "iso", "2026-11-02T09:05:00Z"},
		{en, "lang", `there is no date style "lang" in en; did you mean "long"?`},
	} {
		got, err := c.l.Date(c.style, at)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.l.Tag, c.style, got, c.want)
		}
	}
}

func TestByline(t *testing.T) {
	en, ar := read(t, "en"), read(t, "ar")
	ada := Credit{Name: "Ada Lovelace", URL: "/authors/ada/"}
	bob := Credit{Name: "Bob Ray", Role: "photographer"}
	cal := Credit{Name: "Cal Eng", Of: "Example Wire", In: "Tripoli"}
	layla := Credit{Name: "ليلى حداد", URL: "/ar/authors/layla/"}
	for _, c := range []struct {
		l       *Language
		authors []Credit
		place   string
		want    string
	}{
		{en, nil, "Baghdad", ""},
		{en, []Credit{ada}, "", "By [Ada Lovelace]"},
		{en, []Credit{ada}, "Baghdad", "By [Ada Lovelace] in <Baghdad>"},
		{en, []Credit{ada, bob}, "Baghdad", "By [Ada Lovelace] in <Baghdad>; photographs by [Bob Ray]"},
		{en, []Credit{ada, bob, cal}, "Baghdad", "By [Ada Lovelace] in <Baghdad> and [Cal Eng] of Example Wire in <Tripoli>; photographs by [Bob Ray]"},
		{en, []Credit{bob}, "", "Photographs by [Bob Ray]"},
		{en, []Credit{bob}, "Baghdad", "Photographs by [Bob Ray] in <Baghdad>"},
		{en, []Credit{ada, bob, {Name: "Di Fox", Role: "Photographer", In: "Tripoli"}}, "", "By [Ada Lovelace]; photographs by [Bob Ray] and [Di Fox] in <Tripoli>"},
		{en, []Credit{{Name: "Eve Lin", Role: "translator"}, bob}, "Baghdad", "Translated by [Eve Lin] in <Baghdad>; photographs by [Bob Ray]"},
		{en, []Credit{{Name: "Eve Lin", Role: "chief reporter"}}, "", "By [Eve Lin] (chief reporter)"},
		{en, []Credit{{Name: "Example Press", Organisation: true}}, "Baghdad", "By {Example Press} in <Baghdad>"},
		{en, []Credit{{Name: "Eve Lin", Of: "Votes", For: "The Courier"}, ada}, "", "By [Eve Lin] of Votes for The Courier and [Ada Lovelace]"},
		{ar, []Credit{layla, {Name: "علي", Role: "photographer"}}, "بغداد", "<بغداد> – [ليلى حداد]؛ تصوير [علي]"},
		{en, []Credit{cal}, "Baghdad", "By [Cal Eng] of Example Wire in <Tripoli>"},
		{en, []Credit{ada, cal}, "", "By [Ada Lovelace] and [Cal Eng] of Example Wire in <Tripoli>"},
		{ar, []Credit{layla}, "بغداد", "<بغداد> – [ليلى حداد]"},
		{ar, []Credit{layla, layla, layla}, "", "بقلم [ليلى حداد]، [ليلى حداد] و[ليلى حداد]"},
	} {
		var b strings.Builder
		for _, part := range c.l.Byline(c.authors, c.place) {
			switch part.Kind {
			case "author":
				b.WriteString("[" + part.Text + "]")
			case "organisation":
				b.WriteString("{" + part.Text + "}")
			case "place":
				b.WriteString("<" + part.Text + ">")
			default:
				b.WriteString(part.Text)
			}
		}
		if b.String() != c.want {
			t.Errorf("got %q, want %q", b.String(), c.want)
		}
	}
	if got := en.Byline([]Credit{ada}, "")[1].URL; got != "/authors/ada/" {
		t.Errorf("the author's link is %q", got)
	}
}

func TestWords(t *testing.T) {
	en, ar := read(t, "en"), read(t, "ar")
	tr := *en
	tr.Tag = "tr"
	for got, want := range map[string]string{
		en.Dateline("Baghdad", ""):                     "BAGHDAD —",
		en.Dateline("Baghdad", "22 Nov"):               "BAGHDAD, 22 Nov —",
		ar.Dateline("بغداد", ""):                       "بغداد —",
		tr.Upper("izmir"):                              "İZMİR",
		en.Join([]string{"A"}):                         "A",
		en.Join([]string{"A", "B"}):                    "A and B",
		en.Join([]string{"A", "B", "C"}):               "A, B and C",
		en.Number(-1234567):                            "-1,234,567",
		en.Number(999):                                 "999",
		strings.Join(en.Joins(make([]string, 4)), "|"): ", |, | and ",
		strings.Join(ar.Quotes[:], ""):                 "«»“”",
		strings.Join(en.Joins(nil), "") + "empty":      "empty",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestBroken(t *testing.T) {
	for text, want := range map[string]string{
		"just text":                       "1:1 a language must be a map of keys and values",
		"months: [a, b]":                  "1:9 months must be a list of 12 texts, not of 2",
		"dates: {long: \"{dya}\"}":        "1:15 nothing is known for {dya} (did you mean {day}?)",
		"byline: {plain: \"x {autors}\"}": "1:17 nothing is known for {autors} (did you mean {authors}?)",
		"mesages: {a: b}":                 "1:1 unknown field \"mesages\" in a language (did you mean \"messages\"?)",
		"messages: {a: {one: b}}":         "1:12 the message \"a\" has no plural form \"other\"",
		"dir: up":                         "1:6 dir must be ltr or rtl, not \"up\"",
	} {
		v, _ := fields.YAML("x.yaml", []byte(text), 1)
		_, problems := Parse("x", v, "x.yaml")
		var all []string
		for _, p := range problems {
			line := strings.TrimPrefix(p.Place(), "x.yaml:") + " " + p.Text
			all = append(all, line, line+" ("+p.Hint+")")
		}
		if !slices.Contains(all, want) {
			t.Errorf("%q: no %q in\n%s", text, want, strings.Join(all, "\n"))
		}
	}
}

func FuzzPieces(f *testing.F) {
	f.Add("By {authors} in {place}")
	f.Add("{}{a}}{")
	f.Fuzz(func(t *testing.T, pattern string) {
		var b strings.Builder
		for _, p := range pieces(pattern) {
			if p.name != "" {
				b.WriteString("{" + p.name + "}")
			}
			b.WriteString(p.text)
		}
		if b.String() != pattern {
			t.Errorf("%q came back as %q", pattern, b.String())
		}
	})
}
