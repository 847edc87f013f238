package check_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/site"
)

// said is what is found in a paragraph: rule, line, column and length of each.
func said(lang, text string, dates *check.Dates) string {
	rules := map[string]string{}
	for _, name := range config.RuleNames() {
		rules[name] = config.Warn
	}
	s := &site.Story{Card: site.Card{Summary: "S.", Lang: lang}}
	s.Kind = "article"
	story := check.Story{
		Story: s, Rules: rules, Dates: dates, Notes: []string{"Correction", "Editor’s note", "تصحيح"},
		Text: []check.Paragraph{{Text: strings.ReplaceAll(text, "·", "\x00"), Line: 5, Column: 3}},
		Mark: func(string) diag.Problem { return diag.Problem{Path: "a.md", Line: 1, Column: 1, Length: 9} },
	}
	var all []string
	for _, p := range story.Problems() {
		all = append(all, fmt.Sprintf("%s %d:%d+%d", p.Rule, p.Line, p.Column, p.Length))
	}
	return strings.Join(all, ", ")
}

// · is what is no running text.
func TestProse(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"en", "All of the the town.", "word-doubled 5:14+3"},
		{"en", "All of the\nthe town, and and more.", "word-doubled 6:1+3, word-doubled 6:15+3"},
		{"en", "Él río the  \n  the town.", "word-doubled 6:3+3"},
		{"en", "All the the the town.", "word-doubled 5:11+3, word-doubled 5:15+3"},
		{"en", "He had had that that.", ""},
		{"en", "The the town. New York New York, Duran Duran, the, the; a a.", ""},
		{"en", "work in in-house teams, a built-in in kitchen, on the ·the· roof, it’s it it·", ""},
		{"en", "see·see it, was 2 2 and 3a a3", ""},
		{"en-GB", "It was was so so good good.", "word-doubled 5:25+4"},
		{"tr", "yavaş yavaş", ""},
		{"hi", "धीरे धीरे", ""},
		{"de", "dass sie sie und und sah", "word-doubled 5:20+3"},
		{"ar", "في في المدينة", "word-doubled 5:6+2"},
		{"ar", "رويدا رويدا وجدا جدا جدا وشيئًا شيئًا", ""},
		{"ar", "قال إن إنه في البيت", ""},

		{"en", "Correction: It was in a cupboard.", "correction-typed 5:3+10"},
		{"en", "·Correction·, 3 November: It was.", "correction-typed 5:3+24"},
		{"en", "EDITOR'S NOTE: It was.", "correction-typed 5:3+13"},
		{"en", "Editors’ note: It was.", "correction-typed 5:3+13"},
		{"en", "Correction：It was.", "correction-typed 5:3+10"},
		{"ar", "تصحيح: كان", "correction-typed 5:3+5"},
		{"en", "Correction officers said: no.", ""},
		{"en", "Corrections are rare: two a year.", ""},
		{"en", "Correction\nof this: no", ""},
		{"en", "The correction: a word.", ""},
	} {
		if got := said(c.lang, c.text, nil); got != c.want {
			t.Errorf("%q in %s: got %q, want %q", c.text, c.lang, got, c.want)
		}
	}
}

var english = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
var short = []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
var arabic = []string{"كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول"}

func TestDates(t *testing.T) {
	house := func(months []string, day, long string) *check.Dates {
		return check.NewDates(months, short, func(style string, at time.Time) (string, bool) {
			pattern, known := map[string]string{"day": day, "long": long}[style]
			return strings.NewReplacer("D", fmt.Sprint(at.Day()), "M", months[at.Month()-1], "m", short[at.Month()-1], "Y", fmt.Sprint(at.Year())).Replace(pattern), known
		})
	}
	ours, theirs, arab := house(english, "D M", "D M Y"), house(english, "M D", "M D, Y"), house(arabic, "D M", "D M Y")
	german := house(english, "D. M", "D. M Y")
	for _, c := range []struct {
		dates      *check.Dates
		text, want string
	}{
		{ours, "On 22 November 2026 and 3 May. On 1 June.", ""},
		{ours, "on 22nd November", "date-style 5:6+13"},
		{ours, "on the\n22nd of November 2026", "date-style 6:1+21"},
		{ours, "on November 22, 2026", "date-style 5:6+17"},
		{ours, "on Nov. 22 he", "date-style 5:6+7"},
		{ours, "on 22 Nov 2026", "date-style 5:6+11"},
		{ours, "on 22 \nNovember", ""},
		{ours, "in November 2026, in May 1999, on 31 February, 40 May, in 22 Mayors, 122 November", ""},
		{ours, "22 November 22 people, ·5· May ·7·, 5·May 7", ""},
		{ours, "on 22/11/2026, on 11/22/2026, 22.11.2026, 5/6/2026, 1.22/11/2026", "date-style 5:6+10, date-style 5:21+10, date-style 5:33+10"},
		{theirs, "On November 22, 2026, and on May 3.", ""},
		{theirs, "On 22 November 2026", "date-style 5:6+16"},
		{german, "Am 22. November 2026 und 22. November.", ""},
		{german, "Am 22 November", "date-style 5:6+11"},
		{arab, "في 22 تشرين الثاني 2026 و٣ أيار", ""},
		{arab, "في تشرين الثاني 22", "date-style 5:6+15"},
	} {
		if got := said("en", c.text, c.dates); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// Whatever a text holds, what is found is in it.
func FuzzProse(f *testing.F) {
	f.Add("en", "All the the\ntown\x00 town on Nov. 22nd")
	f.Add("ar", "تصحيح: في في ٢٢ تشرين")
	dates := check.NewDates(english, short, func(string, time.Time) (string, bool) { return "22 November", true })
	f.Fuzz(func(t *testing.T, lang, text string) {
		lines := strings.Split(text, "\n")
		for _, found := range strings.Split(said(lang, text, dates), ", ") {
			var rule string
			var line, column, length int
			if n, _ := fmt.Sscanf(found, "%s %d:%d+%d", &rule, &line, &column, &length); n < 4 {
				continue
			}
			if line == 5 {
				column -= 2
			}
			if line < 5 || line-5 >= len(lines) || column < 1 || length < 1 || column+length-1 > len([]rune(lines[line-5])) {
				t.Errorf("%q is not in %q", found, text)
			}
		}
	})
}
