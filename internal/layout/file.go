package layout

import (
	"slices"
	"strings"
	"text/template/parse"
	"unicode/utf8"

	"stet/internal/diag"
)

// A file is one layout file as it was parsed.
type file struct {
	name  string // below layouts/
	text  string
	trees map[string]*parse.Tree // by name: the file's own, and those it defines; none if it is broken
	names []string               // of trees, sorted
	bad   bool                   // it could not be parsed
}

const byteOrderMark = "\ufeff"

// readFile parses a layout. A broken one is kept, so that nobody is told that
// it is missing.
func readFile(name string, data []byte) (*file, []diag.Problem) {
	f := &file{name: name, text: strings.TrimPrefix(string(data), byteOrderMark), trees: map[string]*parse.Tree{}}
	trees, err := parseText(name, f.text)
	if err != nil {
		f.bad = true
		return f, []diag.Problem{f.syntaxProblem(err)}
	}
	f.trees = trees
	for n := range trees {
		f.names = append(f.names, n)
	}
	slices.Sort(f.names)
	return f, nil
}

// parseText parses a template and what it defines. Functions are checked
// afterwards, all at once.
func parseText(name, text string) (map[string]*parse.Tree, error) {
	trees := map[string]*parse.Tree{}
	t := parse.New(name)
	t.Mode = parse.SkipFuncCheck
	_, err := t.Parse(text, "", "", trees)
	return trees, err
}

// each visits all nodes of a file in the order of its trees' names.
func (f *file) each(visit func(parse.Node)) {
	for _, name := range f.names {
		walk(f.trees[name].Root, visit)
	}
}

// problem is an error at an offset of the file.
func (f *file) problem(pos, length int, text, hint string) diag.Problem {
	line, column := position(f.text, pos)
	return diag.Problem{
		Severity: diag.Error, Path: folder + f.name,
		Line: line, Column: column, Length: length, Text: text, Hint: hint,
	}
}

// position turns an offset into a line and a column in characters, both from 1.
func position(text string, pos int) (line, column int) {
	before := text[:min(max(pos, 0), len(text))]
	line = 1 + strings.Count(before, "\n")
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

// offset turns a line and a column in bytes, counted from 0 as text/template
// does, into an offset.
func offset(text string, line, column int) int {
	pos := 0
	for range line - 1 {
		next := strings.IndexByte(text[pos:], '\n')
		if next < 0 {
			break
		}
		pos += next + 1
	}
	return min(pos+column, len(text))
}

// walk visits a node and all below it.
func walk(n parse.Node, visit func(parse.Node)) {
	visit(n)
	for _, below := range nodesIn(n) {
		walk(below, visit)
	}
}

// nodesIn lists the nodes directly below a node, in the order of the text.
func nodesIn(n parse.Node) []parse.Node {
	switch n := n.(type) {
	case *parse.ListNode:
		return n.Nodes
	case *parse.ActionNode:
		return []parse.Node{n.Pipe}
	case *parse.IfNode:
		return branchNodes(&n.BranchNode)
	case *parse.RangeNode:
		return branchNodes(&n.BranchNode)
	case *parse.WithNode:
		return branchNodes(&n.BranchNode)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			return []parse.Node{n.Pipe}
		}
	case *parse.PipeNode:
		var nodes []parse.Node
		for _, c := range n.Cmds {
			nodes = append(nodes, c)
		}
		return nodes
	case *parse.CommandNode:
		return n.Args
	case *parse.ChainNode:
		return []parse.Node{n.Node}
	}
	return nil
}

func branchNodes(b *parse.BranchNode) []parse.Node {
	nodes := []parse.Node{b.Pipe, b.List}
	if b.ElseList != nil {
		nodes = append(nodes, b.ElseList)
	}
	return nodes
}
