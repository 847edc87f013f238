package threads

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// What a reader has written, as a page shows it and as the service keeps it.
// Nothing of it is HTML, and nothing reaches beyond where it stands: what turns the
// direction of the text around it, or piles marks upon its letters, is left out.

// Longest is how many characters of one text a page shows, and of one name. The
// service takes fewer; what was brought from elsewhere may have more.
const (
	Longest     = 10000
	LongestName = 120
)

// piled is how many marks in a row a letter may have: as many as any script has.
const piled = 8

// ends are those that lines may have.
var ends = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n")

// Clean is a text without what is no part of it: characters that control
// something, that nobody sees, or that turn the direction of what comes after.
// Lines end with \n. Cleaned again it is the same.
func Clean(text string) string {
	marks := 0
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case stray(r):
			return -1
		case unicode.Is(unicode.M, r):
			marks++
		case !unicode.Is(unicode.Cf, r): // what joins letters begins none
			marks = 0
		}
		if marks > piled {
			return -1
		}
		if r != '\n' && unicode.IsControl(r) {
			return ' '
		}
		return r
	}, ends.Replace(text)))
}

// stray tells whether a character is none of a text that others read. What joins
// and parts letters is, and so is the mark of a direction, which reaches no further.
func stray(r rune) bool {
	switch {
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u206f': // embedding, overriding, isolating
		return true
	case r == '\u00ad', r == '\u200b', r >= '\u2060' && r <= '\u2065', r == '\ufeff', r >= '\ufff9' && r <= '\ufffb': // that nobody sees
		return true
	case r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0': // letters that are none
		return true
	}
	return unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// CleanName is a name on one line, without marks of direction, which it stands
// apart of; "" if nothing is left.
func CleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == '\u200e' || r == '\u200f' || r == '\u061c' {
			return -1
		}
		return r
	}, Clean(name))
	return strings.Join(strings.Fields(name), " ")
}

// ShownName is what a page shows of a name: cleaned, and as long as that may be.
// One of nothing that can be seen is "…".
func ShownName(name string) string {
	name, cut := short(CleanName(name), LongestName)
	switch {
	case !Legible(name):
		return "…"
	case cut:
		return strings.TrimSpace(name) + "…"
	}
	return name
}

// Legible tells whether there is anything to be seen.
func Legible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Cf, r) && r != utf8.RuneError && r != '\u2800'
	})
}

// short is a text of so many characters at most, and tells whether it was longer.
func short(text string, most int) (string, bool) {
	if len(text) <= most {
		return text, false
	}
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i], true
		}
	}
	return text, false
}

// Shown is what a page shows of a text: cleaned, and as long as that may be. It
// tells whether something was left out, for which […] stands then.
func Shown(text string) (shown string, cut bool) {
	shown, cut = short(Clean(text), Longest)
	if cut {
		shown = strings.TrimSpace(shown) + " […]"
	}
	return shown, cut
}

// Paragraphs are those of a text that is cleaned, each with its lines. They are
// parted by lines in which nothing stands.
func Paragraphs(text string) (all [][]string) {
	open := false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			open = false
			continue
		case !open:
			all = append(all, nil)
			open = true
		}
		all[len(all)-1] = append(all[len(all)-1], line)
	}
	return all
}

// HTML is what a reader has written as HTML: paragraphs, a break at each end of a
// line within them, and links to what begins with http:// or https://. All else is
// text.
func HTML(text string) string {
	text, _ = Shown(text)
	var b strings.Builder
	for i, lines := range Paragraphs(text) {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(`<p dir="auto">`)
		for n, line := range lines {
			if n > 0 {
				b.WriteString("<br>\n")
			}
			writeLine(&b, line)
		}
		b.WriteString("</p>")
	}
	return b.String()
}

// address is what a link may be made of: anything but spaces, quotes and brackets
// that stand around addresses.
var address = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\bhttps?://[^\s\p{Z}<>"“”„«»\x60{}|\\^]+`)
})

// writeLine writes a line with its links.
func writeLine(b *strings.Builder, line string) {
	at := 0
	for _, m := range address().FindAllStringIndex(line, -1) {
		written := bare(line[m[0]:m[1]])
		href := hrefOf(written)
		if href == "" {
			continue
		}
		b.WriteString(html.EscapeString(line[at:m[0]]))
		b.WriteString(`<a href="` + html.EscapeString(href) + `" rel="ugc nofollow noopener" dir="ltr">` + html.EscapeString(written) + `</a>`)
		at = m[0] + len(written)
	}
	b.WriteString(html.EscapeString(line[at:]))
}

// bare is an address without what ends the sentence it stands in, or closes a
// bracket that was opened before it.
func bare(written string) string {
	for {
		last, n := utf8.DecodeLastRuneInString(written)
		switch {
		case strings.ContainsRune(".,;:!?'*_~’‘…،؛؟。」』", last):
		case last == ')' && strings.Count(written, "(") < strings.Count(written, ")"):
		case last == ']' && strings.Count(written, "[") < strings.Count(written, "]"):
		default:
			return written
		}
		written = written[:len(written)-n]
	}
}

// hrefOf is where a link leads, "" if it is none: it names a host, and nobody's
// name before it, by which it would seem to lead to another.
func hrefOf(written string) string {
	u, err := url.Parse(written)
	if err != nil || u.Hostname() == "" || u.User != nil || !strings.Contains(u.Hostname(), ".") {
		return ""
	}
	if u.Scheme = strings.ToLower(u.Scheme); u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}
