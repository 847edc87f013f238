package article

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A flow is the text of a block while it is read.
type flow struct {
	in     ast.Node // what the text goes into
	limit  int      // where the line ends, its end included
	signs  int      // how many signs have opened the emphasis in which it is; 0 if it is in none
	quoted opened
}

// inlines reads what is on the lines of a block.
func (q *quick) inlines(block ast.Node) {
	if q.lost {
		return
	}
	lines := block.Lines()
	q.flow = flow{in: block}
	for i := range lines.Len() {
		line := lines.At(i)
		to, soft := line.Stop, i+1 < lines.Len()
		if q.limit = line.Stop; soft {
			for to--; to > line.Start && q.body[to-1] == ' '; to-- {
			}
			if line.Stop-to > 2 {
				q.lost = true // such a line may end as it stands
			}
		}
		if q.read(line.Start, to, soft); q.lost {
			return
		}
	}
	if q.signs != 0 {
		q.lost = true
	}
}

// read goes from one offset to another, on one line; soft if the next is to go on with it.
func (q *quick) read(from, to int, soft bool) {
	for at := from; !q.lost; {
		if at += unstopped(q.body[at:to], q.stops); at == to {
			if soft || from < to {
				q.piece(from, to).SetSoftLineBreak(soft)
			}
			return
		}
		n := 0
		switch c := q.body[at]; c {
		case ' ', '\'', '"', '-', '.':
			n = q.mark(from, at)
			q.special = q.special || c == '"' && n == 0
		case '*':
			n = q.emphasis(from, at)
		case '[':
			n = q.bracket(from, at, to)
		case '!':
			if at+1 < to && q.body[at+1] == '[' {
				n = q.bracket(from, at, to)
			}
		case '&', '>':
			q.special = true
		default:
			q.lost = true
		}
		if at += max(n, 1); n > 0 {
			from = at
		}
	}
}

// piece adds a text.
func (q *quick) piece(from, to int) *ast.Text {
	t := q.texts.take()
	t.Segment = text.NewSegment(from, to)
	q.in.AppendChild(q.in, t)
	return t
}

// upTo adds the text before a sign, if there is any.
func (q *quick) upTo(from, at int) {
	if from < at {
		q.piece(from, at)
	}
}

// before is the character before an offset. What is no character is not plain.
func (q *quick) before(at int) rune {
	if at == 0 {
		return '\n'
	}
	r, n := utf8.DecodeLastRune(q.body[:at])
	if r == utf8.RuneError && n == 1 {
		q.lost = true
	}
	return r
}

// mark sets a quotation mark, a dash, dots or a space, and is how many bytes that
// took; 0 if these stay as they are.
func (q *quick) mark(from, at int) int {
	c := q.body[at]
	if (c == '-' || c == '.') && (at+1 >= q.limit || q.body[at+1] != c) {
		return 0
	}
	mark, n := q.quotes.mark(string(q.body[at:min(at+32, q.limit)]), q.before(at), &q.quoted)
	if n == 0 || q.lost {
		return 0
	}
	q.upTo(from, at)
	s := q.strings.take()
	s.Value = util.StringToReadOnlyBytes(mark)
	s.SetCode(true)
	q.in.AppendChild(q.in, s)
	return n
}

// emphasis begins or ends one. It is plain where signs can do only one of both, and
// as many end it as have begun it.
func (q *quick) emphasis(from, at int) int {
	n := 1
	for at+n < q.limit && q.body[at+n] == '*' {
		n++
	}
	after, size := utf8.DecodeRune(q.body[at+n : q.limit])
	if size == 0 {
		after = '\n'
	}
	opens, closes := flanks(q.before(at), after)
	switch {
	case q.lost, opens == closes, after == utf8.RuneError && size == 1, n > 2, closes && n != q.signs, opens && q.signs != 0:
		q.lost = true
	case opens:
		q.upTo(from, at)
		e := q.emphases.take()
		e.Level = n
		e.SetPos(at)
		q.in.AppendChild(q.in, e)
		q.in, q.signs = e, n
	default:
		q.upTo(from, at)
		q.in, q.signs = q.in.Parent(), 0
	}
	return n
}

// flanks tells whether signs of emphasis may begin one and whether they may end one,
// by the characters around them.
func flanks(before, after rune) (opens, closes bool) {
	spaceBefore, spaceAfter := util.IsSpaceRune(before), util.IsSpaceRune(after)
	signBefore, signAfter := util.IsPunctRune(before), util.IsPunctRune(after)
	opens = !spaceAfter && (!signAfter || spaceBefore || signBefore)
	closes = !spaceBefore && (!signBefore || spaceAfter || signAfter)
	return opens, closes
}

// bracket reads a link or a picture, both whole on one line, and is how long it is.
// Brackets that are neither stay as they are.
func (q *quick) bracket(from, at, to int) int {
	label := at + 1
	if q.body[at] == '!' {
		label++
	}
	n := bytes.IndexByte(q.body[label:to], ']')
	if n < 0 || bytes.IndexByte(q.body[label:label+n], '[') >= 0 {
		q.lost = true
		return 0
	}
	stop, next := label+n, byte('\n')
	if stop+1 < q.limit {
		next = q.body[stop+1]
	}
	if next != '(' {
		q.bracketed = true
		q.lost = q.body[at] == '!' || next == '['
		return 0
	}
	dest, title, end := q.address(stop+2, to)
	if end == 0 {
		q.lost = true
		return 0
	}
	q.upTo(from, at)
	if q.body[at] == '!' {
		image := q.images.take()
		image.Destination, image.Title = dest, title
		q.within(image, at, label, stop)
	} else {
		link := q.links.take()
		link.Destination, link.Title = dest, title
		q.within(link, at, label, stop)
	}
	return end - at
}

// within adds a node, and reads what it holds.
func (q *quick) within(n ast.Node, at, from, to int) {
	n.SetPos(at)
	q.in.AppendChild(q.in, n)
	in, signs := q.in, q.signs
	q.in, q.signs = n, 0
	q.read(from, to, false)
	q.lost = q.lost || q.signs != 0
	q.in, q.signs = in, signs
}

// address reads where a link leads, its title and the parenthesis that ends it; end
// is 0 if that is not plain.
func (q *quick) address(at, to int) (dest, title []byte, end int) {
	from := at
	for at < to && inAddress[q.body[at]] {
		at++
	}
	if dest = q.body[from:at]; len(dest) == 0 {
		return nil, nil, 0
	}
	for at < to && q.body[at] == ' ' {
		at++
	}
	if at < to && (q.body[at] == '"' || q.body[at] == '\'') {
		n := bytes.IndexByte(q.body[at+1:to], q.body[at])
		if n < 0 {
			return nil, nil, 0
		}
		title = q.body[at+1 : at+1+n]
		for _, c := range title {
			if c < ' ' {
				return nil, nil, 0
			}
		}
		for at += n + 2; at < to && q.body[at] == ' '; at++ {
		}
	}
	if at == to || q.body[at] != ')' {
		return nil, nil, 0
	}
	return dest, title, at + 1
}

// unstopped is how much of a text comes before the first byte that stops, four bytes at a
// time while none does.
func unstopped(text []byte, stops *[256]byte) (n int) {
	for ; n+4 <= len(text); n += 4 {
		if stops[text[n]]|stops[text[n+1]]|stops[text[n+2]]|stops[text[n+3]] != 0 {
			break
		}
	}
	for n < len(text) && stops[text[n]] == 0 {
		n++
	}
	return n
}

// inAddress are the bytes of which plain addresses are made.
var inAddress = func() (t [256]bool) {
	for c := range t {
		t[c] = c > ' ' && bytes.IndexByte([]byte("()[]"), byte(c)) < 0
	}
	return t
}()

// What stops a run: in a text whose quotes are left as typed, in one in which they are
// set, and in one in which spaces are too.
var stopsBare, stopsQuotes, stopsSpaces = stopping(""), stopping(`'"-.&>`), stopping(`'"-.&> `)

func stopping(signs string) *[256]byte {
	var t [256]byte
	for c := range byte(' ') {
		t[c] = 1
	}
	for _, c := range "*_[!~" + signs {
		t[c] = 1
	}
	return &t
}

func stopsOf(q Quotes) *[256]byte {
	switch {
	case q == (Quotes{}):
		return stopsBare
	case q.Space == "":
		return stopsQuotes
	}
	return stopsSpaces
}
