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
	inside := byte(0) // a word
	for i := 0; i < len(body); i++ {
		k := class[body[i]]
		if k < odd {
			n += int(k &^ inside)
			inside = k
			continue
		}
		in := inside == within
		i, in = uncommon(body, i, in, &n)
		inside = 0
		if in {
			inside = within
		}
	}
	return n
}

// uncommon goes over what is neither a plain letter nor a plain space: it
// returns the last byte it took, and whether a word goes on after it.
func uncommon(body []byte, i int, inside bool, n *int) (int, bool) {
	c := body[i]
	switch {
	case c >= utf8.RuneSelf:
		r, size := utf8.DecodeRune(body[i:])
		return i + size - 1, countRune(r, inside, n)
	case c == '\'' || c == '-' && inside && i+1 < len(body) && body[i+1] != '-':
		return i, inside
	case c == ']' && i+1 < len(body) && body[i+1] == '(':
		return i + skipped(body[i:], ')'), false
	case c == '<':
		return i + skipped(body[i:], '>'), false
	case c == ':' && bytes.HasPrefix(body[i:], []byte(":::")):
		return i + skipped(body[i:], '\n'), false
	}
	return i, false
}

// The classes of bytes.
const (
	outside byte = 0
	within  byte = 1
	odd     byte = 2
)

var class = func() (t [256]byte) {
	for c := range t {
		switch {
		case c >= utf8.RuneSelf, c == '\'', c == '-', c == ']', c == '<', c == ':':
			t[c] = odd
		case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z':
			t[c] = within
		}
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
