package article

import (
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// A shelf has nodes for the trees of plain texts, one text after the other: a tree is
// wanted only until its HTML is written.
type shelf struct {
	document   ast.Document
	paragraphs stack[ast.Paragraph]
	headings   stack[ast.Heading]
	lists      stack[ast.List]
	entries    stack[ast.ListItem]
	words      stack[ast.TextBlock]
	quotations stack[ast.Blockquote]
	texts      stack[ast.Text]
	strings    stack[ast.String]
	emphases   stack[ast.Emphasis]
	links      stack[ast.Link]
	images     stack[ast.Image]
	lines      text.Segments // of the node that is being cleared
	special    bool          // there may be texts that HTML writes in another way
}

var shelves = sync.Pool{New: func() any { return new(shelf) }}

// clear takes all nodes back.
func (s *shelf) clear() {
	clearLined(&s.paragraphs, &s.lines)
	clearLined(&s.headings, &s.lines)
	clearLined(&s.words, &s.lines)
	s.lines = text.Segments{}
	s.document = ast.Document{}
	s.lists.clear()
	s.entries.clear()
	s.quotations.clear()
	s.texts.clear()
	s.strings.clear()
	s.emphases.clear()
	s.links.clear()
	s.images.clear()
}

// A stack is nodes of one kind, many beside each other.
type stack[T any] struct {
	rows [][]T
	used int
}

// A row has so many nodes. So many rows are kept, and in a node the room of so many
// lines: what a longer text took is let go.
const (
	inRow     = 32
	mostRows  = 16
	mostLines = 128
)

// take is an empty node.
func (s *stack[T]) take() *T {
	row := s.used / inRow
	if row == len(s.rows) {
		s.rows = append(s.rows, make([]T, inRow))
	}
	s.used++
	return &s.rows[row][(s.used-1)%inRow]
}

// clear empties the nodes that were taken.
func (s *stack[T]) clear() {
	for at := 0; at < s.used; at += inRow {
		clear(s.rows[at/inRow][:min(s.used-at, inRow)])
	}
	s.back()
}

// back takes the nodes back, which are empty.
func (s *stack[T]) back() {
	s.used = 0
	if len(s.rows) > mostRows {
		clear(s.rows[mostRows:])
		s.rows = s.rows[:mostRows]
	}
}

// clearLined does the same for nodes that have lines, but for the room that these take.
func clearLined[T any, N interface {
	*T
	Lines() *text.Segments
	SetLines(*text.Segments)
}](s *stack[T], lines *text.Segments) {
	for i := range s.used {
		n := N(&s.rows[i/inRow][i%inRow])
		if *lines = *n.Lines(); lines.Len() > mostLines {
			lines.Clear()
		}
		lines.SetSliced(0, 0)
		var empty T
		*n = empty
		n.SetLines(lines)
	}
	s.back()
}
