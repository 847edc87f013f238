package article

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// countWords counts the words of a Markdown text, without parsing it: where
// links lead, HTML and marks are left out. Scripts that set no spaces count by
// the letter: Chinese, Japanese.
func countWords(body []byte) (n int) {
	inside := false // a word
	for i := 0; i < len(body); {
		c := body[i]
		switch {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(body[i:])
			inside = countRune(r, inside, &n)
			i += size
			continue
		case c|0x20 >= 'a' && c|0x20 <= 'z' || digit(c):
			if !inside {
				n++
			}
			inside = true
			for i+1 < len(body) && plainLetter[body[i+1]] {
				i++
			}
		case c == '\'' || c == '-' && inside && i+1 < len(body) && body[i+1] != '-':
		case c == ']' && i+1 < len(body) && body[i+1] == '(':
			i += skipped(body[i:], ')')
			inside = false
		case c == '<':
			i += skipped(body[i:], '>')
			inside = false
		case c == ':' && bytes.HasPrefix(body[i:], []byte(":::")):
			i += skipped(body[i:], '\n')
			inside = false
		default:
			inside = false
		}
		i++
	}
	return n
}

// plainLetter is what most words are made of.
var plainLetter = func() (t [256]bool) {
	for c := byte('a'); c <= 'z'; c++ {
		t[c], t[c-0x20] = true, true
	}
	return t
}()

func countRune(r rune, inside bool, n *int) bool {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		*n++
		return false
	case unicode.IsLetter(r), unicode.IsDigit(r):
		if !inside {
			*n++
		}
		return true
	case unicode.IsMark(r), r == '’', unicode.Is(unicode.Cf, r):
		return inside
	}
	return false
}

// skipped is how far it is to the end of a link's address, a tag or a line; 0
// if it does not end.
func skipped(body []byte, end byte) int {
	window := body[:min(len(body), 2000)]
	for i, c := range window {
		if c == end {
			return i
		}
		if c == '\n' && end != '\n' {
			return 0
		}
	}
	return 0
}
