package article

import (
	"bytes"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// goldmark's own typographer knows English only: it writes the apostrophe with
// the closing single quote, which German and Danish open with, and leaves the
// quotes of languages alone that put no spaces around them.

// Quotes are the quotation marks of a language, as texts, so that French may
// have its spaces inside them. The zero value leaves everything as it is typed,
// dashes and dots too.
type Quotes struct{ Open, Close, OpenSingle, CloseSingle string }

// Set writes a plain text with typographic quotes, dashes and dots.
func (q Quotes) Set(s string) string {
	if q == (Quotes{}) || !marked(s) {
		return s
	}
	var b strings.Builder
	var open opened
	before := ' '
	for at := 0; at < len(s); {
		if mark, n := q.mark(s[at:], before, &open); n > 0 {
			b.WriteString(mark)
			at += n
			before, _ = utf8.DecodeLastRuneInString(s[:at])
			continue
		}
		r, n := utf8.DecodeRuneInString(s[at:])
		b.WriteString(s[at : at+n])
		before, at = r, at+n
	}
	return b.String()
}

// escaped is q as HTML.
func (q Quotes) escaped() Quotes {
	return Quotes{html.EscapeString(q.Open), html.EscapeString(q.Close), html.EscapeString(q.OpenSingle), html.EscapeString(q.CloseSingle)}
}

const apostrophe = "’"

// opened counts the quotes that wait to be closed.
type opened struct{ double, single int }

// marked tells whether a text has anything that Set may change.
func marked(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '"', '\'':
			return true
		case '-', '.':
			if i+1 < len(s) && s[i+1] == s[i] {
				return true
			}
		}
	}
	return false
}

// mark is what stands for the first n bytes of a text that follows a letter; n
// is 0 if they stay.
func (q Quotes) mark(s string, before rune, open *opened) (mark string, n int) {
	switch {
	case s[0] == '-' && strings.HasPrefix(s, "---"):
		return "—", 3
	case s[0] == '-' && strings.HasPrefix(s, "--"):
		return "–", 2
	case s[0] == '.' && strings.HasPrefix(s, "..."):
		return "…", 3
	case s[0] == '"':
		mark = q.double(s[1:], before, open)
	case s[0] == '\'':
		mark = q.single(s[1:], before, open)
	}
	if mark == "" {
		return "", 0
	}
	return mark, 1
}

// A side is what stands next to a quote.
type side uint8

const (
	space side = iota
	sign
	letter
)

func sideOf(r rune) side {
	switch {
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return letter
	case unicode.IsSpace(r):
		return space
	}
	return sign
}

// next is the character with which a text begins, a space at its end.
func next(s string) rune {
	if s == "" {
		return ' '
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func (q Quotes) double(rest string, before rune, open *opened) string {
	after := next(rest)
	left, right := sideOf(before), sideOf(after)
	opens := false
	switch {
	case left == space && right == space:
		return ""
	case left == space:
		opens = true
	case right == space, left == letter && right == sign:
	case left == sign && right == letter:
		opens = open.double == 0 || !strings.ContainsRune(".,!?…;:)]", before)
	default:
		opens = open.double == 0 && (left == sign || unspaced(before) || unspaced(after))
	}
	switch {
	case opens:
		open.double++
		return q.Open
	case open.double > 0:
		open.double--
		return q.Close
	}
	return ""
}

func (q Quotes) single(rest string, before rune, open *opened) string {
	after := next(rest)
	left, right := sideOf(before), sideOf(after)
	opens := false
	switch {
	case left == space && right == space:
		return ""
	case left == letter && right == letter:
		if !unspaced(before) && !unspaced(after) {
			return apostrophe
		}
		opens = open.single == 0
	case left != letter && right == letter:
		if shortened(rest) || left == sign && suffix(rest) {
			return apostrophe
		}
		opens = true
	case left == space, left == sign && right == sign && open.single == 0:
		opens = true
	}
	switch {
	case opens:
		open.single++
		return q.OpenSingle
	case open.single > 0:
		open.single--
		return q.CloseSingle
	case left == letter && !unicode.IsDigit(before):
		return apostrophe
	}
	return ""
}

// unspaced tells which scripts set no spaces between words and quotes.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// shortened tells whether a word lost its start: '90s, 'twas, rock 'n' roll.
func shortened(rest string) bool {
	if len(rest) >= 2 && digit(rest[0]) && digit(rest[1]) && !(len(rest) > 2 && digit(rest[2])) {
		return true
	}
	switch strings.ToLower(firstWord(rest)) {
	case "tis", "twas", "twere", "em", "til", "cause", "bout", "n", "round", "neath":
		return true
	}
	return false
}

// suffix tells whether what follows belongs to the marked-up word before it:
// *Gazette*'s, (they)'ll.
func suffix(rest string) bool {
	switch firstWord(rest) {
	case "s", "t", "d", "m", "ll", "ve", "re":
		return true
	}
	return false
}

func firstWord(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		return s
	}
	return s[:end]
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// A typographer sets quotes while inline Markdown is parsed. It is asked at
// these signs only: goldmark stops at each, and most texts have no dots or
// dashes to set.
type typographer struct {
	quotes Quotes
	signs  string
}

// signsOf are the signs of a text at which there may be something to set.
func signsOf(text []byte) string {
	signs := ""
	if bytes.IndexByte(text, '\'') >= 0 {
		signs += "'"
	}
	if bytes.IndexByte(text, '"') >= 0 {
		signs += `"`
	}
	if bytes.Contains(text, []byte("--")) {
		signs += "-"
	}
	if bytes.Contains(text, []byte("...")) {
		signs += "."
	}
	return signs
}

var openedKey = parser.NewContextKey()

// Trigger tells goldmark where to ask.
func (t typographer) Trigger() []byte { return []byte(t.signs) }

// Parse replaces one sign.
func (t typographer) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if (line[0] == '-' || line[0] == '.') && (len(line) < 2 || line[1] != line[0]) {
		return nil
	}
	open, _ := pc.Get(openedKey).(*opened)
	if open == nil {
		open = new(opened)
		pc.Set(openedKey, open)
	}
	mark, n := t.quotes.mark(string(line[:min(len(line), 32)]), block.PrecendingCharacter(), open)
	if n == 0 {
		return nil
	}
	block.Advance(n)
	node := ast.NewString([]byte(mark))
	node.SetCode(true)
	return node
}

// CloseBlock forgets quotes that were never closed, as where a speech goes on
// in the next paragraph.
func (t typographer) CloseBlock(_ ast.Node, _ text.Reader, pc parser.Context) {
	if open, _ := pc.Get(openedKey).(*opened); open != nil {
		*open = opened{}
	}
}
