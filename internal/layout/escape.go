package layout

import (
	"fmt"
	"html/template"
	"slices"
	"sort"
	"strings"
	"text/template/parse"

	"stet/internal/diag"
)

// html/template's errors about the HTML around actions often have no place.
// The place is found by cutting the templates: they are laid out in one line,
// each call of a template and each branch that leads to the place replaced by
// what is in it, and cut behind the first node, and the first character, with
// which the error appears.

// escapeProblem is what html/template has against a set, with its place.
func (l *Layouts) escapeProblem(s *set, wrong *template.Error) (diag.Problem, string) {
	s.escape.Do(func() {
		p, way := l.locate(s, wrong)
		s.wrong, s.way = &p, way
	})
	return *s.wrong, s.way
}

// A cutter looks for the place of one error.
type cutter struct {
	set   *set
	code  template.ErrorCode
	end   bool     // the error is that the entry ends amidst of something
	calls []string // the way to the place

	text, hint string // what is wrong
}

func (l *Layouts) locate(s *set, wrong *template.Error) (diag.Problem, string) {
	c := &cutter{set: s, code: wrong.ErrorCode, calls: []string{s.name}}
	c.end = wrong.ErrorCode == template.ErrEndContext && strings.HasPrefix(wrong.Description, "ends in a non-text context")
	c.text, c.hint = explainEscape(wrong)
	file, pos, length, ok := c.find(nil, s.trees[s.name].Root.Nodes, s.trees[s.name].ParseName)
	f := l.files[file]
	if !ok || f == nil {
		return diag.Problem{Path: folder + s.name, Line: wrong.Line, Text: c.text, Hint: c.hint}, ""
	}
	if length == 0 {
		s := spanAt(f.text, pos)
		pos, length = s.from, len([]rune(f.text[s.from:s.to]))
	}
	if c.code == template.ErrNoSuchTemplate {
		name := strings.Trim(strings.TrimPrefix(wrong.Description, "no such template "), `"`)
		c.text, c.hint = fmt.Sprintf("there is no template %q", name), l.meant(name, append(slices.Clone(l.names), mapKeys(s.trees)...))
	}
	return f.problem(pos, length, c.text, c.hint), wayOf(c.calls)
}

func mapKeys(trees map[string]*parse.Tree) []string {
	var names []string
	for n := range trees {
		names = append(names, n)
	}
	return names
}

// fails tells whether the error is in these nodes.
func (c *cutter) fails(nodes []parse.Node) bool {
	wrong := c.escape(nodes)
	if wrong == nil {
		return false
	}
	if c.end {
		return true
	}
	return wrong.ErrorCode == c.code && !strings.HasPrefix(wrong.Description, "ends in a non-text context")
}

// escape runs html/template's escaper over these nodes as if they were a whole
// layout of the set. It would panic over a break whose loop was cut away.
func (c *cutter) escape(nodes []parse.Node) *template.Error {
	const name = "the cut layout"
	nodes = slices.DeleteFunc((&parse.ListNode{NodeType: parse.NodeList, Nodes: nodes}).CopyList().Nodes, leavesLoop)
	trees := map[string]*parse.Tree{name: {Name: name, Root: &parse.ListNode{NodeType: parse.NodeList, Nodes: nodes}}}
	for n, t := range c.set.trees {
		trees[n] = t
	}
	t, err := build(name, trees)
	if err != nil {
		return nil
	}
	return escapes(t)
}

// leavesLoop tells whether a node is a break or continue of a loop around it.
// From branches below it, these are removed.
func leavesLoop(n parse.Node) bool {
	var b *parse.BranchNode
	switch n := n.(type) {
	case *parse.BreakNode, *parse.ContinueNode:
		return true
	case *parse.IfNode:
		b = &n.BranchNode
	case *parse.WithNode:
		b = &n.BranchNode
	case *parse.RangeNode: // of which only the else is outside of its loop
		b = &parse.BranchNode{ElseList: n.ElseList}
	default:
		return false
	}
	for _, list := range []*parse.ListNode{b.List, b.ElseList} {
		if list != nil {
			list.Nodes = slices.DeleteFunc(list.Nodes, leavesLoop)
		}
	}
	return false
}

// find looks for the place in nodes that come behind others. An error that the
// layout ends amidst of something begins behind the last node up to which all
// is well; any other at the first node with which it fails. A length of 0
// stands for the whole action.
func (c *cutter) find(before, nodes []parse.Node, file string) (name string, pos, length int, ok bool) {
	i := 0
	if c.end {
		i = len(nodes)
		for i > 0 && c.fails(chain(before, nodes[:i])) {
			i--
		}
		if i == len(nodes) {
			return "", 0, 0, false
		}
	} else {
		i = sort.Search(len(nodes), func(i int) bool { return c.fails(chain(before, nodes[:i+1])) })
		if i == len(nodes) {
			return "", 0, 0, false
		}
	}
	return c.inside(chain(before, nodes[:i]), nodes[i], file)
}

func chain(a, b []parse.Node) []parse.Node { return append(slices.Clip(slices.Clone(a)), b...) }

// inside looks for the place in one node.
func (c *cutter) inside(before []parse.Node, n parse.Node, file string) (string, int, int, bool) {
	switch n := n.(type) {
	case *parse.TextNode:
		at := c.cutText(before, n)
		return file, int(n.Pos) + at, 1, true
	case *parse.TemplateNode:
		if t := c.set.trees[n.Name]; t != nil && len(c.calls) < 50 {
			c.calls = append(c.calls, n.Name)
			if name, pos, length, ok := c.find(before, t.Root.Nodes, t.ParseName); ok {
				return name, pos, length, true
			}
			c.calls = c.calls[:len(c.calls)-1]
		}
	case *parse.IfNode:
		return c.branch(before, &n.BranchNode, file)
	case *parse.RangeNode:
		return c.branch(before, &n.BranchNode, file)
	case *parse.WithNode:
		return c.branch(before, &n.BranchNode, file)
	}
	return file, int(n.Position()), 0, true
}

func (c *cutter) branch(before []parse.Node, b *parse.BranchNode, file string) (string, int, int, bool) {
	for _, list := range []*parse.ListNode{b.List, b.ElseList} {
		if list == nil {
			continue
		}
		if name, pos, length, ok := c.find(before, list.Nodes, file); ok {
			return name, pos, length, true
		}
	}
	if name, pos, length, ok := c.unclosed(before, b, file); ok {
		return name, pos, length, true
	}
	return file, int(b.Position()), 0, true
}

// unclosed looks for what a branch opens and leaves open, where all was well
// before it.
func (c *cutter) unclosed(before []parse.Node, b *parse.BranchNode, file string) (string, int, int, bool) {
	e := &cutter{set: c.set, code: template.ErrEndContext, end: true, calls: slices.Clone(c.calls)}
	if c.code != template.ErrBranchEnd || e.fails(before) {
		return "", 0, 0, false
	}
	for _, list := range []*parse.ListNode{b.List, b.ElseList} {
		if list == nil {
			continue
		}
		wrong := e.escape(chain(before, list.Nodes))
		name, pos, length, ok := e.find(before, list.Nodes, file)
		if ok && wrong != nil && wrong.ErrorCode == template.ErrEndContext {
			c.calls = e.calls
			c.text, c.hint = explainEscape(wrong)
			return name, pos, length, true
		}
	}
	return "", 0, 0, false
}

// cutText finds the offset in a text. For an end that is missing, that is where
// what is never closed begins.
func (c *cutter) cutText(before []parse.Node, n *parse.TextNode) int {
	cut := func(to int) bool {
		part := &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: n.Text[:to]}
		return c.fails(chain(before, []parse.Node{part}))
	}
	if !c.end {
		return max(sort.Search(len(n.Text), cut)-1, 0)
	}
	for at := len(n.Text); at >= 0; at-- {
		if at == 0 || at < len(n.Text) && n.Text[at] == '<' && !cut(at) {
			return at
		}
	}
	return 0
}

// explainEscape says what html/template means, and what to do.
func explainEscape(wrong *template.Error) (text, hint string) {
	said := wrong.Description
	switch wrong.ErrorCode {
	case template.ErrAmbigContext:
		return "it depends on an {{ if }} which part of a URL this is", `write the whole address in each branch: <a href="{{ if .C }}/path/{{ .X }}{{ else }}/search?q={{ .X }}{{ end }}">`
	case template.ErrBadHTML:
		return badHTML(said)
	case template.ErrBranchEnd:
		return "the branches end in different places of the HTML", "close in each branch what it opens: quotes, tags, scripts; or write whole tags in both"
	case template.ErrEndContext:
		return endContext(said)
	case template.ErrOutputContext:
		return "the template calls itself, and does not end where in the HTML it began", "close in it what it opens: quotes and tags"
	case template.ErrPartialCharset:
		return "a value stands inside of [ ] of a regular expression", "put the whole expression into a data attribute"
	case template.ErrPartialEscape:
		return `a backslash stands in front of {{`, `remove it; values are escaped where they stand`
	case template.ErrRangeLoopReentry:
		return "a turn of {{ range }} ends in another place of the HTML than it began", "close inside of the range what is opened in it: quotes, tags"
	case template.ErrSlashAmbig:
		return "it is not clear whether this / divides or begins a regular expression", "put a semicolon or brackets around it, or the value into a data attribute"
	case template.ErrPredefinedEscaper:
		return "values are escaped where they stand; html, js and urlquery cannot stand here", "remove it"
	}
	return said, "look for a quote or a bracket that is not closed"
}

func badHTML(said string) (text, hint string) {
	switch {
	case strings.Contains(said, "in unquoted attr"):
		return "a value without quotes has a character that needs them", `quote it: href="…"`
	case strings.Contains(said, "in attribute name"):
		return "this cannot be the name of an attribute", "look for a quote that is missing or too many, before this"
	case strings.Contains(said, "expected space, attr name, or end of tag"):
		return "the tag goes on with something that is no attribute", "look for a quote that is missing or too many, before this"
	}
	return said, "look for a quote or a bracket that is not closed, before this"
}

func endContext(said string) (text, hint string) {
	has := func(word string) bool { return strings.Contains(said, word) }
	switch {
	case has("unfinished escape"):
		return "a backslash stands in front of {{", "remove it; values are escaped where they stand"
	case has("stateJS") || has("elementScript"):
		return "the script that begins here is never closed", "add </script>"
	case has("stateCSS") || has("elementStyle"):
		return "the style that begins here is never closed", "add </style>"
	case has("elementTextarea"):
		return "the textarea that begins here is never closed", "add </textarea>"
	case has("elementTitle"):
		return "the title that begins here is never closed", "add </title>"
	case has("Cmt"):
		return "the comment that begins here is never closed", "add -->"
	case has("delimDoubleQuote"), has("delimSingleQuote"):
		return "the tag that begins here has an attribute that is never closed", `add the closing quote`
	}
	return "the tag that begins here is never closed", "add >"
}
