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
type Quotes struct {
	Open, Close, OpenSingle, CloseSingle string

	// Space stands in place of one that is typed before : ; ? ! or inside of such
	// quotes, so that no line begins with a sign; "" leaves it. Where none is typed
	// there is none.
	Space string
}

// Set writes a plain text with typographic quotes, dashes and dots.
func (q Quotes) Set(s string) string {
	if q == (Quotes{}) || !marked(s) && (q.Space == "" || !roomy(s)) {
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
	return Quotes{html.EscapeString(q.Open), html.EscapeString(q.Close), html.EscapeString(q.OpenSingle), html.EscapeString(q.CloseSingle), html.EscapeString(q.Space)}
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
	case s[0] == ' ' && q.Space != "":
		return q.spaces(s, before)
	}
	if mark == "" {
		return "", 0
	}
	return mark, 1
}

// high are the signs before which a language may have a space.
const high = ":;?!"

// roomy tells whether a text has a space that may be typed before a sign, or
// inside of quotes.
func roomy[T string | []byte](s T) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == ' ' && (strings.IndexByte(high, s[i+1]) >= 0 || s[i+1] == 0xC2 || i > 1 && s[i-1] == 0xAB && s[i-2] == 0xC2) {
			return true
		}
	}
	return false
}

// spaces is what stands for the spaces with which a text begins, after a letter: what
// the language has before a sign. A sign that a word or an address begins with is
// none: " :smile:", " ?page=2", " ![a picture](…)".
func (q Quotes) spaces(s string, before rune) (mark string, n int) {
	rest := strings.TrimLeft(s, " ")
	n = len(s) - len(rest)
	if sideOf(before) == space {
		return "", 0
	}
	if before == '«' && rest != "" && sideOf(next(rest)) != space || strings.HasPrefix(rest, "»") {
		return q.Space, n
	}
	after := strings.TrimLeft(rest, high)
	if r := next(after); after == rest || sideOf(r) == letter || strings.ContainsRune("[(/\\-=#&%+", r) {
		return "", 0
	}
	return q.Space, n
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
func (q Quotes) signsOf(text []byte) string {
	signs := ""
	if q.Space != "" && roomy(text) {
		signs = " "
	}
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
	if (line[0] == '-' || line[0] == '.') && (len(line) < 2 || line[1] != line[0]) || strings.IndexByte(t.signs, line[0]) < 0 {
		return nil // goldmark asks at the start of a line for whoever is asked at spaces
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
