package article

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A Prose is a paragraph, a heading or an entry of a list as it stands in its
// file, for who looks at the words.
type Prose struct {
	// Text has the letters and line ends of the file. Each letter that is no
	// running text (marks, addresses, code, HTML) is a NUL, and each that only
	// begins a line, such as the sign of a quotation, is a space: so whatever is
	// found in it has its line and column.
	Text         string
	Line, Column int // of its first letter
}

// prose tells all that a node has.
func (r *run) prose(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
			w := &running{body: r.body}
			if lines := c.Lines(); lines.Len() > 0 {
				w.Grow(lines.At(lines.Len()-1).Stop - lines.At(0).Start)
			}
			w.in(c)
			if w.Len() > 0 {
				p := Prose{Text: w.String()}
				p.Line, p.Column = r.at(w.from)
				r.o.Prose(p)
			}
		default:
			r.prose(c)
		}
	}
}

// A running is the text of a paragraph as it is put together.
type running struct {
	strings.Builder
	body     []byte
	from, to int  // where the text begins, and up to where there is some
	broken   bool // a line ended there
	hard     bool // as it must, in a poem or an address
}

func (w *running) in(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			w.add(c.Segment.Start, c.Segment.Stop)
			w.broken, w.hard = c.SoftLineBreak() || c.HardLineBreak(), c.HardLineBreak()
		case *ast.CodeSpan, *ast.RawHTML, *ast.Image, *ast.AutoLink, *ast.String:
		default:
			w.in(c)
		}
	}
}

func (w *running) add(from, to int) {
	switch {
	case from >= to:
		return
	case w.Len() == 0:
		w.from = from
	case from < w.to: // of a place that was read before
		return
	default:
		w.gap(string(w.body[w.to:from]))
	}
	w.Write(w.body[from:to])
	w.to = to
}

// gap is what stands between two pieces of text. Quotes, dashes, dots and
// the spaces before signs are text, though not as they are typed.
func (w *running) gap(between string) {
	if !w.broken && strings.Trim(between, `'".- `) == "" {
		w.WriteString(between)
		return
	}
	for i, c := range between {
		switch {
		case w.hard && i == 0:
			w.WriteByte(0)
		case c == '\n':
			w.WriteByte('\n')
		case w.broken:
			w.WriteByte(' ')
		default:
			w.WriteByte(0)
		}
	}
}
