package check

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Dates knows how the paper writes dates, and how else they may be written in
// its language.
type Dates struct {
	months map[string]time.Month
	forms  []*regexp.Regexp // with the groups d, m or n, and y
	write  func(style string, day time.Time) (string, bool)
}

// Styles of dates that may stand in a text, that with the day and the month alone
// first; of those with the year, the first is advised.
const dayStyle = "day"

var yearStyles = []string{"long", "medium", "short"}

// NewDates are those of a language with these months, from January, long and
// short. write is a day in a style of the paper; false if there is no such style.
func NewDates(months, short []string, write func(style string, day time.Time) (string, bool)) *Dates {
	d := &Dates{months: map[string]time.Month{}, write: write}
	var names []string
	for _, some := range [][]string{months, short} {
		for i, name := range some {
			name = strings.TrimSuffix(name, ".")
			if name != "" && strings.ContainsFunc(name, unicode.IsLetter) {
				d.months[strings.ToLower(name)] = time.Month(i + 1)
				names = append(names, regexp.QuoteMeta(name))
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	const day = `(?P<d>\p{Nd}{1,2})(?:st|nd|rd|th|er|º|ª|\.)?`
	month := `(?P<m>` + strings.Join(names, "|") + `)\.?`
	const year = `(?:,?\s+(?P<y>\p{Nd}{4}))?`
	d.forms = []*regexp.Regexp{
		regexp.MustCompile(day + `\s+(?:of\s+|de\s+)?` + month + year),
		regexp.MustCompile(month + `\s+` + day + year),
		regexp.MustCompile(`(?P<d>\p{Nd}{1,2})[./](?P<n>\p{Nd}{1,2})[./](?P<y>\p{Nd}{4})`),
	}
	if len(names) == 0 {
		d.forms = d.forms[2:]
	}
	return d
}

// dates finds those that are written in another style than the paper's.
func (c *checker) dates(p Paragraph) {
	for i, form := range c.Dates.forms {
		for _, m := range form.FindAllStringSubmatchIndex(p.Text, -1) {
			written := p.Text[m[0]:m[1]]
			if apart(p.Text[:m[0]], p.Text[m[1]:]) {
				if better := c.Dates.other(form, p.Text, m); better != "" && !(i > 0 && c.Dates.inside(p.Text, m)) {
					c.say("date-style", c.place(p, m[0], len(written)), "the date "+quoted(strings.Join(strings.Fields(written), " "))+" is not written in the paper's style", "write "+better)
				}
			}
		}
	}
}

// apart tells whether what stands between two texts is no part of a longer number
// or word.
func apart(before, after string) bool {
	b, _ := utf8.DecodeLastRuneInString(before)
	a, _ := utf8.DecodeRuneInString(after)
	part := func(r rune, signs string) bool { return isWord(r) || r == 0 || strings.ContainsRune(signs, r) }
	return (before == "" || !part(b, "/-–.")) && (after == "" || !part(a, "/-–"))
}

// inside tells whether a match begins within a date whose day stands before it:
// the month and the year of "22 November 2026" are no date by themselves.
func (d *Dates) inside(text string, m []int) bool {
	before := strings.TrimRightFunc(text[:m[0]], unicode.IsSpace)
	last, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsDigit(last)
}

// other is a date as the paper writes it, "" if it is written so, or is none.
func (d *Dates) other(form *regexp.Regexp, text string, m []int) string {
	group := func(name string) string {
		if i := form.SubexpIndex(name); i >= 0 && m[2*i] >= 0 {
			return text[m[2*i]:m[2*i+1]]
		}
		return ""
	}
	number := func(name string) int {
		n, _ := strconv.Atoi(latin(group(name)))
		return n
	}
	day, month, year := number("d"), d.months[strings.ToLower(group("m"))], number("y")
	if group("n") != "" { // 11/22 or 22/11, as far as that is sure
		switch n := number("n"); {
		case n > 12 && day <= 12:
			day, month = n, time.Month(day)
		case n <= 12 && day > 12:
			month = time.Month(n)
		default:
			return ""
		}
	}
	styles := yearStyles
	if year == 0 {
		styles, year = []string{dayStyle}, 2000 // which has each day
	}
	at := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
	if month == 0 || at.Day() != day {
		return ""
	}
	first, written := "", strings.Join(strings.Fields(latin(text[m[0]:m[1]])), " ")
	for _, style := range styles {
		house, known := d.write(style, at)
		if !known {
			continue
		}
		if written == latin(house) || strings.TrimSuffix(written, ".") == latin(house) { // at the end of a sentence
			return ""
		}
		first = cmp.Or(first, house)
	}
	return first
}

// latin is a text with the digits of every script as 0 to 9.
func latin(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 || !unicode.Is(unicode.Nd, r) {
			return r
		}
		zero := r
		for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
			zero--
		}
		return '0' + (r-zero)%10
	}, text)
}
