// Package language says things in a language: the texts of a theme, dates,
// lists, bylines and numbers.
//
// All it knows comes from one message file, layouts/languages/TAG.yaml, which
// a site may replace, and where the tag names a region from a small one that lies
// over it ([Files]). What is read is plain data, so that whoever used it can
// be told apart from whoever used another version of it by a digest. Only the
// plural rules and the capitals of a script come from Unicode's own data.
package language

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/cases"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"stet/internal/diag"
)

// A Language is what one message file says.
type Language struct {
	Tag      string // BCP 47, such as "en" or "ar"
	Name     string // in the language itself
	Dir      string // "ltr" or "rtl"
	Capitals bool   // the script has them, and a place before the lead is set in them
	Digits   string // "latn", "arab", "arabext" or "deva"
	Group    string // what parts thousands, such as ","
	Decimal  string // what parts a whole number from the rest, such as "."
	First    string // the first day of a month, where that is not 1: "1er"

	Quotes [4]string // “ ” ‘ ’
	Space  string    // what stands for a space that is typed before : ; ? !, or ""

	Two, Middle, Last string // what stands between the entries of a list
	BeforeI           string // instead of Two and Last before the sound i, as Spanish has it; or ""
	Then              string // and between the parts of a byline

	Months, MonthsShort []string // twelve
	Days, DaysShort     []string // seven, from Sunday
	Noon                []string // before noon, after noon

	Dates     map[string]string // patterns by style
	Bylines   map[string]string // patterns: plain, place, group, name_of, name_role, name_role_of, name_for
	Datelines map[string]string // patterns: plain, date
	Roles     map[string]string // words for roles in bylines
	Credits   map[string]string // patterns of what others did for a story, by role: photographs by {names}
	PhotoBy   []string          // patterns of a picture's credit: Photo by {name}
	Messages  map[string]Message
}

// A Message is a text, or one for each plural form that its language has.
type Message struct {
	Text    string
	Plurals map[string]string // by zero, one, two, few, many, other
}

// Keys lists the keys of the messages in order.
func (l *Language) Keys() []string { return slices.Sorted(maps.Keys(l.Messages)) }

// Parts are what the language says, as plain data: all but its styles of dates,
// and these by name.
func (l *Language) Parts() (words any, styles map[string]string) {
	w := *l
	w.Dates = nil
	return &w, l.Dates
}

// Text is a message with its {placeholders} filled in. Arguments are names and
// values in turn; the value of "count" chooses the plural form. A key or a
// placeholder that is not there is an error.
func (l *Language) Text(key string, args ...any) (string, error) {
	message, known := l.Messages[key]
	if !known {
		return "", l.unknown("message", key, l.Keys())
	}
	values, err := l.values(args)
	if err != nil {
		return "", fmt.Errorf("message %q: %w", key, err)
	}
	text := message.Text
	if message.Plurals != nil {
		count, given := countOf(args)
		if !given {
			return "", fmt.Errorf("message %q wants a number: add \"count\" and a number", key)
		}
		text = l.plural(message.Plurals, count)
	}
	filled, err := fill(text, func(name string) (string, bool) {
		value, given := values[name]
		return value, given
	})
	if err != nil {
		return "", fmt.Errorf("message %q: %w", key, err)
	}
	return filled, nil
}

func (l *Language) unknown(what, name string, known []string) error {
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Errorf("there is no %s %q in %s; did you mean %q?", what, name, l.Tag, near)
	}
	return fmt.Errorf("there is no %s %q in %s; add it to layouts/languages/%s.yaml", what, name, l.Tag, l.Tag)
}

func (l *Language) values(args []any) (map[string]string, error) {
	if len(args) == 0 {
		return nil, nil
	}
	if len(args)%2 != 0 {
		return nil, fmt.Errorf("arguments are names and values in turn, and the last has no value")
	}
	values := make(map[string]string, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, isText := args[i].(string)
		if !isText {
			return nil, fmt.Errorf("argument %d must be a name in quotes, not %v", i+1, args[i])
		}
		values[name] = l.show(args[i+1])
	}
	return values, nil
}

func (l *Language) show(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int:
		return l.Number(v)
	case int64:
		return l.Number(int(v))
	case float64:
		return l.decimal(v)
	}
	return fmt.Sprint(value)
}

func countOf(args []any) (int, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != "count" {
			continue
		}
		switch n := args[i+1].(type) {
		case int:
			return n, true
		case int64:
			return int(n), true
		}
	}
	return 0, false
}

var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func (l *Language) plural(forms map[string]string, count int) string {
	if text, known := forms[formOf(l.Tag, count)]; known {
		return text
	}
	return forms["other"]
}

// formOf is the plural form of a whole number. Full millions are many where they
// want a word before what is counted ("un million de lecteurs"), which CLDR has
// known since version 38, and the library has not yet.
func formOf(tag string, count int) string {
	n := uint(count)
	if count < 0 {
		n = -n
	}
	t := language.Make(tag)
	if base, _ := t.Base(); n > 0 && n%1_000_000 == 0 && slices.Contains([]string{"ca", "es", "fr", "it", "pt"}, base.String()) {
		return "many"
	}
	if n >= 10_000_000 {
		n = n%10_000_000 + 10_000_000 // and not 0, which is a form of its own in some
	}
	return formNames[plural.Cardinal.MatchPlural(t, int(n), 0, 0, 0, 0)]
}

// fill replaces {name} in a text by what value says.
func fill(text string, value func(name string) (string, bool)) (string, error) {
	if strings.IndexByte(text, '{') < 0 {
		return text, nil
	}
	b := make([]byte, 0, 64) // nearly all are shorter, such as dates
	for _, part := range pieces(text) {
		if part.name == "" {
			b = append(b, part.text...)
			continue
		}
		filled, known := value(part.name)
		if !known {
			return "", fmt.Errorf("nothing was given for {%s}", part.name)
		}
		b = append(b, filled...)
	}
	return string(b), nil
}

// A piece of a pattern is text, or the name of a placeholder.
type piece struct{ text, name string }

// pieces takes a pattern apart. The patterns are few and used for each story,
// so that what became of each is kept.
func pieces(pattern string) []piece {
	if known, ok := taken.Load(pattern); ok {
		return known.([]piece)
	}
	all := takeApart(pattern)
	taken.Store(strings.Clone(pattern), all)
	return all
}

var taken sync.Map // pattern -> []piece

func takeApart(pattern string) (all []piece) {
	for pattern != "" {
		open := strings.IndexByte(pattern, '{')
		end := strings.IndexByte(pattern[max(open, 0):], '}')
		if open < 0 || end < 2 {
			return append(all, piece{text: pattern})
		}
		if open > 0 {
			all = append(all, piece{text: pattern[:open]})
		}
		all = append(all, piece{name: pattern[open+1 : open+end]})
		pattern = pattern[open+end+1:]
	}
	return all
}

// Number writes a number with the language's digits and thousands.
func (l *Language) Number(n int) string { return l.grouped(strconv.Itoa(n)) }

// decimal writes a number that need not be whole.
func (l *Language) decimal(f float64) string {
	whole, rest, broken := strings.Cut(strconv.FormatFloat(f, 'f', -1, 64), ".")
	if !broken {
		return l.grouped(whole)
	}
	return l.grouped(whole) + l.Decimal + l.digits(rest)
}

func (l *Language) grouped(digits string) string {
	sign := ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + l.Group + digits[i:]
	}
	return sign + l.digits(digits)
}

var zeros = map[string]rune{"arab": '٠', "arabext": '۰', "deva": '०'}

// digits writes the digits of s as the language does.
func (l *Language) digits(s string) string {
	zero, other := zeros[l.Digits]
	if !other {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + zero
		}
		return r
	}, s)
}

// Upper sets a text in capitals, in the way of the language, if its script has
// them.
func (l *Language) Upper(s string) string {
	if !l.Capitals {
		return s
	}
	return cases.Upper(language.Make(l.Tag)).String(s)
}

// Dateline is the place before the first paragraph: "BAGHDAD —". date may be
// empty.
func (l *Language) Dateline(place, date string) string {
	style := "plain"
	if date != "" {
		style = "date"
	}
	values := map[string]string{"place": l.Upper(place), "date": date}
	line, _ := fill(l.Datelines[style], func(name string) (string, bool) { return values[name], true })
	return line
}

// Joins is what stands between the entries of a list: one text less than there are
// entries.
func (l *Language) Joins(items []string) []string {
	n := len(items)
	if n < 2 {
		return nil
	}
	joins := make([]string, n-1)
	for i := range joins {
		joins[i] = l.Middle
	}
	joins[n-2] = l.Last
	if n == 2 {
		joins[0] = l.Two
	}
	if l.BeforeI != "" && soundsI(items[n-1]) {
		joins[n-2] = l.BeforeI
	}
	return joins
}

// soundsI tells whether a word begins with the sound i, and not with that of
// "hielo" or "Ian".
func soundsI(word string) bool {
	word = strings.TrimPrefix(strings.ToLower(word), "h")
	rest, short := strings.CutPrefix(word, "i")
	return short && !strings.HasPrefix(rest, "a") && !strings.HasPrefix(rest, "e") && !strings.HasPrefix(rest, "o") || strings.HasPrefix(word, "í")
}

// Join is a list in words: "A, B and C".
func (l *Language) Join(items []string) string {
	var b strings.Builder
	joins := l.Joins(items)
	for i, item := range items {
		if i > 0 {
			b.WriteString(joins[i-1])
		}
		b.WriteString(item)
	}
	return b.String()
}
