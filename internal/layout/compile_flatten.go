package layout

import (
	"bytes"
	"slices"
	"strings"
	"text/template/parse"
	"unicode"
)

// A flattener lays a set out as one tree: where a template is called stands a
// list of what is in it. That is what html/template looks at too, but the
// copies it makes for itself cannot be had.
type flattener struct {
	trees  map[string]*parse.Tree
	root   *parse.ListNode
	calls  map[*parse.ListNode]*called
	order  []*called
	shares map[int]int     // calls that have the body of an earlier one, by number
	open   map[string]bool // the templates that are being laid out
	loops  int             // around the node that is being laid out
	nodes  int

	slashes []*parse.TemplateNode // probes before texts that begin with one
}

// A called template: the call, and what is laid out in its place between two
// probes.
type called struct {
	*parse.TemplateNode
	body          *parse.ListNode
	before, after *parse.TemplateNode
	looped        bool
}

// A probe is the call of a template in which there is nothing. Once html/template
// has escaped it, its name tells where in the HTML it is.
func newProbe() *parse.TemplateNode {
	return &parse.TemplateNode{NodeType: parse.NodeTemplate, Name: probe}
}

// probe is a name that no file has.
const probe = " "

// flatten lays a set out and has html/template escape it.
//
// Of a template that html/template meets where it has met it before, it takes for
// granted that it ends in the HTML where it began, and executes what it has escaped
// then. Where such a template ends elsewhere, what follows is escaped wrongly, or
// is an error; and so it is here: the call has the body of the earlier one, and
// nothing stands in its place.
func flatten(name string, trees map[string]*parse.Tree) *flattener {
	shares := map[int]int{}
	for range manyShares {
		f := &flattener{trees: trees, calls: map[*parse.ListNode]*called{}, open: map[string]bool{}, shares: shares}
		f.root = f.tree(name)
		if !escape(name, f.root) {
			giveUp()
		}
		again, earlier, ok := f.met()
		if !ok {
			// In the second turn of a loop a template is met again in any case. That
			// decides on errors alone, which only html/template itself finds.
			doubted := len(shares) > 0 || slices.ContainsFunc(f.order, func(c *called) bool { return c.looped && f.uneven(c) })
			if doubted && !sound(name, trees) {
				giveUp()
			}
			return f
		}
		shares[again] = earlier
	}
	giveUp()
	return nil
}

// manyShares is how many calls may share a body.
const manyShares = 30

// sound tells whether html/template lets a set pass as it is.
func sound(name string, trees map[string]*parse.Tree) bool {
	t, err := build(name, trees)
	return err == nil && escapes(t) == nil
}

// uneven tells whether a call ends elsewhere in the HTML than it began. Whether a
// slash would divide or begin a regular expression, which nearly every value in a
// script changes, matters only if there is a slash that follows upon an action.
func (f *flattener) uneven(c *called) bool {
	before, after := c.before.Name, c.after.Name
	if before == after || slices.ContainsFunc(f.slashes, inScript) {
		return before != after
	}
	return slashless.Replace(before) != slashless.Replace(after)
}

var slashless = strings.NewReplacer("_jsCtxDivOp", "", "_jsCtxUnknown", "")

// inScript tells whether a probe is amidst of JavaScript, but not of a text in it.
func inScript(probe *parse.TemplateNode) bool {
	return strings.HasPrefix(probe.Name+"_", " $htmltemplate_stateJS_")
}

// slashed tells whether a text begins with a slash, or with what html/template
// passes over in a script before one.
func slashed(text []byte) bool {
	text = bytes.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '{' || r == '}' })
	return len(text) > 0 && text[0] == '/'
}

// met finds the first call that ends elsewhere than it began, and was met there
// before.
func (f *flattener) met() (again, earlier int, ok bool) {
	first := map[[2]string]int{}
	for i, c := range f.order {
		at := [2]string{c.Name, c.before.Name}
		j, met := first[at]
		if !met {
			first[at] = i
		} else if f.uneven(c) {
			return i, j, true
		}
	}
	return 0, 0, false
}

// manyNodes is how large a set may grow when it is laid out.
const manyNodes = 20000

func (f *flattener) tree(name string) *parse.ListNode {
	t := f.trees[name]
	if t == nil || t.Root == nil || f.open[name] {
		giveUp()
	}
	f.open[name] = true
	root := t.Root.CopyList()
	f.list(root)
	f.open[name] = false
	return root
}

func (f *flattener) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	f.nodes += len(l.Nodes)
	if f.nodes > manyNodes {
		giveUp()
	}
	if i := slices.IndexFunc(l.Nodes, leaves); i >= 0 {
		l.Nodes = l.Nodes[:i+1] // what follows is never executed, nor escaped
	}
	for i, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			if slashed(n.Text) {
				f.slashes = append(f.slashes, newProbe())
				l.Nodes[i] = &parse.ListNode{NodeType: parse.NodeList, Nodes: []parse.Node{f.slashes[len(f.slashes)-1], n}}
			}
		case *parse.TemplateNode:
			l.Nodes[i] = f.call(n)
		case *parse.ListNode:
			f.list(n)
		case *parse.IfNode:
			f.branch(&n.BranchNode)
		case *parse.WithNode:
			f.branch(&n.BranchNode)
		case *parse.RangeNode:
			f.loops++
			f.branch(&n.BranchNode)
			f.loops--
		}
	}
}

// leaves tells whether a node leaves the loop or the turn in any case.
func leaves(n parse.Node) bool {
	in := func(l *parse.ListNode) bool { return l != nil && slices.ContainsFunc(l.Nodes, leaves) }
	switch n := n.(type) {
	case *parse.BreakNode, *parse.ContinueNode:
		return true
	case *parse.IfNode:
		return in(n.List) && in(n.ElseList)
	case *parse.WithNode:
		return in(n.List) && in(n.ElseList)
	}
	return false
}

func (f *flattener) call(n *parse.TemplateNode) *parse.ListNode {
	c := &called{n, nil, newProbe(), newProbe(), f.loops > 0}
	earlier, shares := f.shares[len(f.order)]
	f.order = append(f.order, c) // before those in it
	place := &parse.ListNode{NodeType: parse.NodeList}
	if shares {
		c.body, c.after = f.order[earlier].body, c.before
		place.Nodes = []parse.Node{c.before}
	} else {
		c.body = f.tree(n.Name)
		place.Nodes = []parse.Node{c.before, c.body, c.after}
	}
	f.calls[place] = c
	return place
}

func (f *flattener) branch(b *parse.BranchNode) {
	f.list(b.List)
	f.list(b.ElseList)
}
