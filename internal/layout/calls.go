package layout

import (
	"text/template/parse"

	"stet/internal/diag"
)

// Calls lists where a layout, or what it calls by name, calls one of Stet's own
// functions with this text as its first argument, or with any if that is "". What
// is put in as a fragment is not looked through.
func (l *Layouts) Calls(name, function, first string) (all []diag.Problem) {
	var files []string
	l.reach(name, map[string]bool{}, &files)
	for _, n := range files {
		f := l.files[n]
		f.each(func(node parse.Node) {
			cmd, ok := node.(*parse.CommandNode)
			if !ok {
				return
			}
			id, ok := cmd.Args[0].(*parse.IdentifierNode)
			if !ok || id.Ident != function {
				return
			}
			if first != "" {
				text, ok := append(cmd.Args, id)[1].(*parse.StringNode)
				if !ok || text.Text != first {
					return
				}
			}
			all = append(all, f.problem(int(id.Pos), len(function), "", ""))
		})
	}
	return all
}
