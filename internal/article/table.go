package article

import (
	"bytes"

	extast "github.com/yuin/goldmark/extension/ast"
)

// head makes an empty cell of a table's head, as in the corner, one that heads
// nothing: readers who hear the page would be told of a heading without a name.
func (r *run) head(head *extast.TableHeader) {
	r.walk(head)
	for c := head.FirstChild(); c != nil && !r.o.NoRule; {
		following := c.NextSibling()
		if cell, ok := c.(*extast.TableCell); ok && !cell.HasChildren() {
			align := ""
			if cell.Alignment != extast.AlignNone {
				align = ` align="` + cell.Alignment.String() + `"`
			}
			replace(cell, "<td"+align+"></td>\n")
		}
		c = following
	}
}

// row reports the cells of a table's row that its head has no place for: they are
// left out.
func (r *run) row(row *extast.TableRow) {
	r.walk(row)
	last, ok := row.LastChild().(*extast.TableCell)
	if !ok || row.ChildCount() < len(row.Alignments) || last.Lines().Len() == 0 {
		return
	}
	end := last.Lines().At(last.Lines().Len() - 1).Stop
	rest, _, _ := bytes.Cut(r.body[end:], []byte("\n"))
	rest = bytes.TrimLeft(rest, " \t")
	over := bytes.TrimPrefix(rest, []byte("|"))
	if cell := bytes.Trim(over, " \t\r|"); len(cell) > 0 {
		at := end + bytes.Index(r.body[end:], cell)
		r.warn(at, len([]rune(string(cell))), "give the head of the table another cell, or write \\| for a | that is part of the text",
			"the row has more cells than the head of its table, so this is left out")
	}
}
