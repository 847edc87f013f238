package layout

import (
	"bytes"
	"text/template/parse"
)

// Silent tells whether a layout can write nothing: it defines blocks at most,
// and calls none. Who forgets to begin with {{ template "base.html" . }} has
// such a one.
func (l *Layouts) Silent(name string) bool {
	f := l.files[name]
	if f == nil {
		return false
	}
	t := f.trees[name]
	if t == nil || t.Root == nil {
		return true
	}
	for _, n := range t.Root.Nodes {
		switch n := n.(type) {
		case *parse.CommentNode:
		case *parse.TextNode:
			if len(bytes.TrimSpace(n.Text)) > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}
