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

// prose tells all that a text has.
func (r *run) prose(doc ast.Node) {
	w := &running{body: r.body}
	w.Grow(len(r.body))
	w.all(doc)
	text := w.String()
	for _, p := range w.found {
		line, column := r.at(p.at)
		r.o.Prose(Prose{Text: text[p.from:p.to], Line: line, Column: column})
	}
}

// A running is the text of paragraphs as it is put together.
type running struct {
	strings.Builder
	body     []byte
	found    []stretch
	begun    int  // where in the text the paragraph begins
	from, to int  // where it does in the body, and up to where there is some
	broken   bool // a line ended there
	hard     bool // as it must, in a poem or an address
}

// A stretch is a paragraph: of the text, and where it stands in the body.
type stretch struct{ from, to, at int }

func (w *running) all(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.Kind() {
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading:
			w.begun, w.to, w.broken, w.hard = w.Len(), 0, false, false
			w.in(c)
			if w.Len() > w.begun {
				w.found = append(w.found, stretch{w.begun, w.Len(), w.from})
			}
		default:
			w.all(c)
		}
	}
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
	case w.Len() == w.begun:
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
