package article

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Nearly all texts of news are written in a small part of Markdown: paragraphs,
// headings, lists on one level, quotations, pictures, links and emphasis. goldmark
// asks a dozen parsers at each sign of a text, and makes each node by itself. So
// this part is read here, into the tree that goldmark would make, and at the first
// sign of anything else goldmark reads the whole again. All that is done with a
// tree is done with either. That both are the same is what FuzzQuick is for.
//
// Two things of goldmark's tree are left out, as nobody asks for them once it is
// made: which blocks have an empty line above, and where it has cut one text into
// several.

// quick reads the plain part of Markdown: blocks in this file, and what is in them
// in quick_inline.go.
type quick struct {
	*shelf
	body   []byte
	quotes Quotes // as HTML
	stops  *[256]byte

	start, end, next int  // the line being read, without its end, and where the next one begins
	upon             bool // a paragraph ends above it, with no empty line between
	bracketed        bool // there are brackets that are no link
	lost             bool // this is not the plain part
	flow
}

// quickMarkdown returns nil if a text is anything but plain. The tree is made of
// nodes of the shelf, and stands until that is cleared.
func quickMarkdown(body []byte, escaped Quotes, from *shelf) ast.Node {
	if foreign(body) {
		return nil
	}
	q := quick{shelf: from, body: body, quotes: escaped, stops: stopsOf(escaped)}
	doc := &from.document
	from.special = escaped == Quotes{} // then nothing stops at what is special
	for q.line(0); q.start < len(body); {
		if q.blank(q.start) {
			q.upon = false
			q.line(q.next)
			continue
		}
		if q.block(doc); q.lost {
			return nil
		}
	}
	if q.bracketed && bytes.Contains(body, []byte("]:")) {
		return nil // they may refer to what that defines
	}
	return doc
}

// foreign tells whether a text has signs that are never in the plain part: those of
// code, HTML, tables, escapes and blocks. To look for them costs next to nothing.
func foreign(body []byte) bool {
	for _, sign := range []byte("`<|\\") {
		if bytes.IndexByte(body, sign) >= 0 {
			return true
		}
	}
	return bytes.Contains(body, []byte(":::"))
}

// line goes to the line that begins at an offset.
func (q *quick) line(at int) {
	q.start, q.end, q.next = at, len(q.body), len(q.body)
	if n := bytes.IndexByte(q.body[at:], '\n'); n >= 0 {
		q.end, q.next = at+n, at+n+1
	}
}

// blank tells whether there are only spaces on the line from an offset on.
func (q *quick) blank(at int) bool {
	for at < q.end && q.body[at] == ' ' {
		at++
	}
	return at == q.end
}

// block reads the block that begins on the line.
func (q *quick) block(doc *ast.Document) {
	switch mark, width := q.marker(); {
	case width > 0:
		q.list(doc, mark)
	case q.body[q.start] == '#':
		q.heading(doc)
	case q.body[q.start] == '>':
		q.quotation(doc)
	default:
		q.paragraph(doc)
	}
}

// paragraph reads lines of text.
func (q *quick) paragraph(doc *ast.Document) {
	p := q.paragraphs.take()
	doc.AppendChild(doc, p)
	for q.upon = false; q.start < len(q.body) && !q.blank(q.start); q.line(q.next) {
		if !q.text(q.start) {
			q.upon = true // what begins here must interrupt a paragraph, or else is not plain
			break
		}
		p.Lines().Append(text.NewSegment(q.start, q.next))
	}
	q.filled(p)
}

// text tells whether a line is mere text from an offset on: it begins in a way in
// which no block does, and no line that would make another of the one above.
func (q *quick) text(at int) bool {
	switch c := q.body[at]; {
	case plainStart[c]:
		return true
	case digit(c):
		for at < q.end && digit(q.body[at]) {
			at++
		}
		return at == q.end || q.body[at] != '.' && q.body[at] != ')' || at+1 < q.end && q.body[at+1] > ' '
	case c == '-' || c == '+':
		return at+1 < q.end && (latin(q.body[at+1]) || digit(q.body[at+1]))
	case c == '*':
		if at+1 < q.end && q.body[at+1] == '*' {
			at++
		}
		return at+1 < q.end && q.body[at+1] > ' ' && q.body[at+1] != '*'
	}
	return false
}

// plainStart are the bytes with which only text begins.
var plainStart = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x80 || latin(byte(c))
	}
	for _, c := range `"'(),.;?!/$%&@[]{}^` {
		t[c] = true
	}
	return t
}()

// filled trims the lines of a paragraph, and reads what is on them.
func (q *quick) filled(n ast.Node) {
	lines := n.Lines()
	if lines.Len() == 0 {
		q.lost = true
		return
	}
	last := lines.At(lines.Len() - 1)
	for last.Stop > last.Start && (q.body[last.Stop-1] == ' ' || q.body[last.Stop-1] == '\n') {
		last.Stop--
	}
	lines.Set(lines.Len()-1, last)
	q.inlines(n)
}

// heading reads one that begins with signs of number.
func (q *quick) heading(doc *ast.Document) {
	level := 0
	for q.start+level < q.end && q.body[q.start+level] == '#' {
		level++
	}
	from, to := q.start+level, q.end
	for from < to && q.body[from] == ' ' {
		from++
	}
	for to > from && q.body[to-1] == ' ' {
		to--
	}
	words := q.body[from:to]
	if level > 6 || from == q.start+level || len(words) == 0 || words[len(words)-1] == '#' || bytes.IndexByte(words, '{') >= 0 {
		q.lost = true
		return
	}
	h := q.headings.take()
	h.Level = level
	h.SetPos(q.start)
	h.Lines().Append(text.NewSegment(from, to))
	doc.AppendChild(doc, h)
	q.inlines(h)
	q.upon = false
	q.line(q.next)
}

// marker is the sign of an entry of a list with which the line begins, and how long
// it is with the one space behind it; 0 if it begins otherwise.
func (q *quick) marker() (mark byte, width int) {
	at := q.start
	for at < q.end && digit(q.body[at]) {
		at++
	}
	if at+2 >= q.end || q.body[at+1] != ' ' || at-q.start > 9 {
		return 0, 0
	}
	switch c := q.body[at]; {
	case at > q.start && (c == '.' || c == ')'), at == q.start && (c == '-' || c == '*' || c == '+'):
		return c, at + 2 - q.start
	}
	return 0, 0
}

// list reads entries of one line each, with nothing between them.
func (q *quick) list(doc *ast.Document, mark byte) {
	l := q.lists.take()
	l.Marker, l.IsTight = mark, true
	if l.IsOrdered() {
		for _, c := range q.body[q.start:] {
			if !digit(c) {
				break
			}
			l.Start = l.Start*10 + int(c-'0')
		}
		if q.upon && l.Start != 1 {
			q.lost = true
			return
		}
	}
	l.SetPos(q.start)
	doc.AppendChild(doc, l)
	for q.upon = false; q.start < len(q.body) && !q.blank(q.start); q.line(q.next) {
		m, width := q.marker()
		if m != mark {
			q.lost = q.body[q.start] != '#'
			return
		}
		if q.entry(l, q.start+width); q.lost {
			return
		}
	}
	q.below()
}

// entry reads an entry of a list whose text begins at an offset.
func (q *quick) entry(l *ast.List, at int) {
	if !q.text(at) || q.body[at] == '[' && at+2 < q.end && q.body[at+2] == ']' {
		q.lost = true
		return
	}
	e := q.entries.take()
	e.Offset = at - q.start
	e.SetPos(q.start)
	l.AppendChild(l, e)
	words := q.words.take()
	words.Lines().Append(text.NewSegment(at, q.end))
	e.AppendChild(e, words)
	q.filled(words)
}

// below looks at what follows a list and empty lines: nothing that may belong to it.
func (q *quick) below() {
	for q.start < len(q.body) && q.blank(q.start) {
		q.line(q.next)
	}
	if _, width := q.marker(); width > 0 {
		q.lost = true
	}
}

// quotation reads paragraphs each of whose lines begins with the sign of one.
func (q *quick) quotation(doc *ast.Document) {
	b := q.quotations.take()
	b.SetPos(q.start)
	doc.AppendChild(doc, b)
	var p *ast.Paragraph
	for q.upon = false; q.start < len(q.body) && !q.blank(q.start); q.line(q.next) {
		at := q.start + 1
		switch {
		case q.body[q.start] == '>' && p != nil && q.blank(at):
			q.filled(p)
			p = nil
		case q.body[q.start] != '>' || at+1 >= q.end || q.body[at] != ' ' || !q.text(at+1):
			q.lost = true
		default:
			if p == nil {
				p = q.paragraphs.take()
				b.AppendChild(b, p)
			}
			p.Lines().Append(text.NewSegment(at+1, q.next))
		}
		if q.lost {
			return
		}
	}
	if p != nil {
		q.filled(p)
	}
}
