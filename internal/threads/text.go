package threads

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a reader has written, as a page shows it. Nothing of it is HTML, and
// nothing reaches beyond where it stands: what turns the direction of the text
// around it, or piles marks upon its letters, is left out.

// Longest is how many characters of one text a page shows, and of one name. The
// service takes fewer; what was brought from elsewhere may have more.
const (
	Longest     = 10000
	LongestName = 120
)

// piled is how many marks in a row a letter may have.
const piled = 8

// Clean is a text without what is no part of it: characters that control
// something, or that turn the direction of what comes after. Lines end with \n.
func Clean(text string) string {
	var b strings.Builder
	marks := 0
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n").Replace(text)
	for _, r := range text {
		if unicode.Is(unicode.M, r) && r != '\ufe0f' && r != '\ufe0e' {
			marks++
		} else {
			marks = 0
		}
		if marks <= piled && !stray(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// stray tells whether a character is none of a text that others read. What joins
// and parts letters is, and so is the mark of a direction, which reaches no further.
func stray(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r == utf8.RuneError:
		return false
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u206f': // embedding, overriding, isolating
		return true
	case r == '\u200b', r == '\u2060', r == '\ufeff', r >= '\u2061' && r <= '\u2064', r >= '\ufff9' && r <= '\ufffb': // that nobody sees
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// CleanName is a name on one line. One of nothing that can be seen is "…".
func CleanName(name string) string {
	name = strings.Join(strings.Fields(Clean(name)), " ")
	if name, cut := short(name, LongestName); cut {
		return strings.TrimSpace(name) + "…"
	}
	if strings.IndexFunc(name, unicode.IsGraphic) < 0 {
		return "…"
	}
	return name
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
	shown, cut = short(strings.TrimSpace(Clean(text)), Longest)
	if cut {
		shown = strings.TrimSpace(shown) + " […]"
	}
	return shown, cut
}

// HTML is what a reader has written as HTML: paragraphs where a line is empty, a
// break at each other end of a line, and links to what begins with http:// or
// https://. All else is text.
func HTML(text string) string {
	text, _ = Shown(text)
	var b strings.Builder
	open := false
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimFunc(line, unicode.IsSpace)
		switch {
		case line == "" && open:
			b.WriteString("</p>\n")
			open = false
			continue
		case line == "":
			continue
		case open:
			b.WriteString("<br>\n")
		default:
			b.WriteString(`<p dir="auto">`)
			open = true
		}
		writeLine(&b, line)
	}
	if open {
		b.WriteString("</p>")
	}
	return b.String()
}

// address is what a link may be made of: anything but spaces, quotes and brackets
// that stand around addresses.
var address = regexp.MustCompile(`(?i)\bhttps?://[^\s\p{Z}<>"“”„«»\x60{}|\\^]+`)

// writeLine writes a line with its links.
func writeLine(b *strings.Builder, line string) {
	at := 0
	for _, m := range address.FindAllStringIndex(line, -1) {
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
