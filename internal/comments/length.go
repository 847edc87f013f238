package comments

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"stet/internal/threads"
)

// Most is how long the text of a comment may be, as Length counts.
const Most = threads.Most

// Length counts a text as browsers do for maxlength: in units of UTF-16, and a
// line break, \r\n, \r or \n, as one. So the letters of most scripts are one, an
// emoji is two or more, and the form, the service and the store come to the
// same number.
func Length(text string) (n int) {
	for i, r := range text {
		switch {
		case r == '\n' && i > 0 && text[i-1] == '\r':
		case r > 0xffff:
			n += 2
		default:
			n++
		}
	}
	return n
}

// Normal is a text as it is stored: \n between lines, and U+FFFD for each byte
// that is no UTF-8 and for U+0000, which PostgreSQL does not take. Its Length is
// the same.
func Normal(text string) string {
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return valid(text)
}

// valid is a text that both databases take.
func valid(text string) string {
	if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r == 0 {
			return utf8.RuneError
		}
		return r
	}, text)
}

// Fold is a text as it is compared by people: without case, marks, tatweel,
// and letters that are not seen, in the plain form of each letter.
func Fold(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Cf) || r == 'ـ' {
			return -1
		}
		return r
	}, norm.NFKD.String(valid(text)))
	return norm.NFC.String(cases.Fold().String(text))
}
