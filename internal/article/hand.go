package article

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// goldmark's renderer looks up who writes a node in a table, and asks it twice, before
// and behind what is in the node. What nearly all texts of news are made of is written
// here, as it would be there: paragraphs, headings, lists, quotations, emphasis, links
// and texts. Anything else is for the pen, with all that is in it. That both write the
// same is what FuzzHand is for.
//
// A text that was read quickly needs no second look for what HTML writes in another
// way: reading it stopped there (run.bare).

// write writes a node as HTML.
func (r *run) write(s *sheet, n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		r.writeText(s, n)
		return
	case *ast.String:
		if n.IsCode() {
			_, _ = s.Write(n.Value)
			return
		}
	case *ast.Paragraph:
		if n.Attributes() == nil {
			r.writeWithin(s, n, "<p>", "</p>\n")
			return
		}
	case *ast.Emphasis:
		if n.Attributes() == nil {
			open, end := "<em>", "</em>"
			if n.Level == 2 {
				open, end = "<strong>", "</strong>"
			}
			r.writeWithin(s, n, open, end)
			return
		}
	case *ast.Link:
		_, _ = links{}.link(s, r.body, n, true)
		r.writeWithin(s, n, "", "</a>")
		return
	case *ast.Heading:
		if id, only := onlyID(n); only {
			level := "0123456"[n.Level : n.Level+1]
			_, _ = s.WriteString("<h" + level + ` id="`)
			_, _ = s.Write(util.EscapeHTML(id))
			r.writeWithin(s, n, `">`, "</h"+level+">\n")
			return
		}
	case *ast.List:
		if n.Attributes() == nil && !n.IsOrdered() {
			r.writeWithin(s, n, "<ul>\n", "</ul>\n")
			return
		}
	case *ast.ListItem:
		if only, ok := n.FirstChild().(*ast.TextBlock); ok && n.Attributes() == nil && only.NextSibling() == nil {
			_, _ = s.WriteString("<li>")
			r.writeWithin(s, only, "", "</li>\n")
			return
		}
	case *ast.Blockquote:
		if n.Attributes() == nil {
			r.writeWithin(s, n, "<blockquote>\n", "</blockquote>\n")
			return
		}
	case *ast.Document:
		r.writeWithin(s, n, "", "")
		return
	}
	if err := pen.Render(s, r.body, n); err != nil {
		r.failed(0, err)
	}
}

// writeWithin writes what is in a node, with a tag before it and one behind it.
func (r *run) writeWithin(s *sheet, n ast.Node, open, end string) {
	_, _ = s.WriteString(open)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.write(s, c)
	}
	_, _ = s.WriteString(end)
}

// writeText writes a text as it is, if HTML does.
func (r *run) writeText(s *sheet, n *ast.Text) {
	value := n.Segment.Value(r.body)
	if n.IsRaw() || n.HardLineBreak() || !r.bare && !bare(value) {
		_, _ = links{}.text(s, r.body, n, true)
		return
	}
	_, _ = s.Write(value)
	if n.SoftLineBreak() {
		_ = s.WriteByte('\n')
	}
}
