// Package slug makes the words of addresses from titles and names.
//
// Letters, marks and digits of every script stay, in lower case and Unicode's
// composed form (NFC), so that a headline in Bengali has an address in Bengali.
// Percent-encoding is left to whoever writes HTML or XML.
package slug

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Longest is how many characters a slug has at most, and longestBytes how many
// bytes: a file system takes 255 for a name, and something may be added to it.
const (
	Longest      = 80
	longestBytes = 240
)

// Make is the word that stands for a title or a name in an address and in a
// file name. Whatever is no letter, mark or digit becomes a single hyphen;
// apostrophes and what nobody sees (bidi marks, tatweel, joiners) are dropped.
// A long slug ends at the end of a word, and a name that Windows keeps for
// itself gets a suffix. It is empty only if the title has neither letters nor
// digits, and a slug's slug is the slug itself.
func Make(s string) string {
	made := trim(Anchor(s))
	if reserved(made) {
		return made + "-1"
	}
	return made
}

// Anchor is what stands for a heading in an address, after the #. It is made as
// a slug is, but of any length, as it never becomes the name of a file.
func Anchor(s string) string {
	if done(s) {
		return s
	}
	if plain(s) {
		return foldPlain(s)
	}
	return norm.NFC.String(fold(norm.NFC.String(s)))
}

// done tells whether a text is its own anchor: small letters and digits with
// single hyphens between them.
func done(s string) bool {
	gap := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			gap = false
		case c == '-' && !gap:
			gap = true
		default:
			return false
		}
	}
	return !gap || s == ""
}

func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldPlain does what fold does, with ASCII alone.
func foldPlain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			if gap = false; c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			b.WriteByte(c)
		case c != '\'' && c != '`':
			gap = true
		}
	}
	return b.String()
}

// fold writes the letters in lower case, with one hyphen for what lies between.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap, letter := false, false // letter: a mark may follow
	for _, r := range s {
		switch {
		case r == utf8.RuneError:
			gap, letter = true, false
		case dropped(r):
		case kept(r, letter):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(unicode.ToLower(r))
			gap, letter = false, true
		default:
			gap, letter = true, false
		}
	}
	return b.String()
}

func kept(r rune, afterLetter bool) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || afterLetter && unicode.In(r, unicode.Mn, unicode.Mc)
}

// dropped tells what leaves no gap behind: apostrophes inside words, and what
// only changes how its neighbours look.
func dropped(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʻ', '`', '´', '＇', '׳', '״', 'ـ':
		return true
	}
	return r >= utf8.RuneSelf && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r))
}

// trim cuts a slug that is too long, if possible between two words.
func trim(s string) string {
	end := limit(s)
	if end == len(s) {
		return s
	}
	if s[end] == '-' {
		return s[:end]
	}
	if hyphen := strings.LastIndexByte(s[:end], '-'); hyphen > end/2 {
		return s[:hyphen]
	}
	for end > 1 && (!utf8.RuneStart(s[end]) || unicode.IsMark(first(s[end:]))) {
		end--
	}
	return strings.TrimRight(s[:end], "-")
}

// limit is the offset of the first character that is too much.
func limit(s string) int {
	if len(s) <= Longest {
		return len(s)
	}
	n := 0
	for i, r := range s {
		if n == Longest || i+utf8.RuneLen(r) > longestBytes {
			return i
		}
		n++
	}
	return len(s)
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// reserved tells which names Windows gives to devices.
func reserved(s string) bool {
	switch s {
	case "con", "prn", "aux", "nul":
		return true
	}
	return len(s) == 4 && (s[:3] == "com" || s[:3] == "lpt") && s[3] >= '0' && s[3] <= '9'
}
