package article

import (
	"bytes"
	"sync"
	"unicode"
	"unicode/utf8"
)

// countWords counts the words of a Markdown text, without parsing it: where
// links lead, HTML and marks are left out. Scripts that set no spaces count by
// the letter: Chinese, Japanese.
func countWords(body []byte) (n int) {
	inside := byte(0) // a word
	for i := 0; i < len(body); i++ {
		for ; i+4 <= len(body); i += 4 { // four at a time, while they are plain
			a, b, c, d := class[body[i]], class[body[i+1]], class[body[i+2]], class[body[i+3]]
			if a|b|c|d >= odd {
				break
			}
			n += int(a&^inside + b&^a + c&^b + d&^c)
			inside = d
		}
		if i == len(body) {
			break
		}
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
	switch roleOf(r) {
	case single:
		*n++
	case lettered:
		if !inside {
			*n++
		}
		return true
	case joining:
		return inside
	}
	return false
}

// What a character beyond ASCII is of a word.
const (
	none     byte = iota
	single        // a word
	lettered      // a letter or digit
	joining       // belongs to the letter before it, or joins two
)

// roleOf is what a character is. Those of the alphabets around the Mediterranean and
// the signs of their printers are known by heart, because Unicode's tables are
// searched in many steps.
func roleOf(r rune) byte {
	switch {
	case r < 0x800:
		return alphabets()[r]
	case r == '’':
		return joining
	case r >= 0x2010 && r <= 0x2027:
		return none
	}
	return looked(r)
}

var alphabets = sync.OnceValue(func() *[0x800]byte {
	var t [0x800]byte
	for r := range t {
		t[r] = looked(rune(r))
	}
	return &t
})

// looked is what a character is by Unicode's tables.
func looked(r rune) byte {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return single
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return lettered
	case unicode.IsMark(r), r == '’', unicode.Is(unicode.Cf, r):
		return joining
	}
	return none
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
