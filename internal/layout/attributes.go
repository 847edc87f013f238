package layout

import (
	"slices"
	"text/template/parse"
)

// Keys are the keys of a map of the dot that a layout looks up by name, sorted.
// It is false if the layout does anything else with the map, such as listing it,
// so that nobody knows which keys it may want.
func (l *Layouts) Keys(name, field string) (keys []string, all bool) {
	s := l.sets[name]
	if s == nil {
		return nil, false
	}
	whole, looked := 0, 0 // the map by itself, and as what a key is looked up in
	for _, n := range s.files {
		l.files[n].each(func(n parse.Node) {
			if c, ok := n.(*parse.CommandNode); ok && len(c.Args) == 3 && c.Args[0].String() == "index" {
				key, literal := c.Args[2].(*parse.StringNode)
				if path := pathIn(c.Args[1]); literal && len(path) > 0 && path[len(path)-1] == field {
					keys = append(keys, key.Text)
					looked++
				}
			}
			path := pathIn(n)
			switch i := slices.Index(path, field); {
			case i < 0:
			case i+1 < len(path):
				keys = append(keys, path[i+1])
			default:
				whole++
			}
		})
	}
	slices.Sort(keys)
	return slices.Compact(keys), whole == looked
}

// pathIn is the path of fields that a node is.
func pathIn(n parse.Node) []string {
	switch n := n.(type) {
	case *parse.FieldNode:
		return n.Ident
	case *parse.VariableNode:
		return n.Ident[1:]
	case *parse.ChainNode:
		return n.Field
	}
	return nil
}
