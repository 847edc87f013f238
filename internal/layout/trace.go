package layout

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
)

// Go's templates do not tell by which way an error was reached, nor which
// action wrote what. So after an error the layout is executed once more, in a
// copy that notes each call of a template and each value before it is printed.
// The notes are assignments to a variable, which html/template leaves alone
// wherever they stand.

const (
	enterFunc = "stetEnter"
	leaveFunc = "stetLeave"
	markFunc  = "stetMark"
	traceVar  = "$stetTrace"
)

// A trace is what was noted in one execution.
type trace struct {
	spots []spot
	calls []string // the templates that are being executed, outermost first
	marks []mark
	types []reflect.Type // of what questions were answered with
	out   *bytes.Buffer
}

// A spot is a node that is noted.
type spot struct {
	file, text string
	pos        int
}

// A mark is a value that is about to be printed at this offset of the output.
type mark struct {
	spot  int
	at    int
	value any
	way   string
}

// traced makes a renderer of the set that notes what it does.
func (l *Layouts) traced(s *set) (*renderer, error) {
	var spots []spot
	trees := map[string]*parse.Tree{}
	for _, n := range slices.Sorted(maps.Keys(s.trees)) {
		trees[n] = s.trees[n].Copy()
		instrument(trees[n].Root, trees[n].ParseName, &spots)
	}
	t, err := build(s.name, trees)
	if err != nil {
		return nil, err
	}
	r := &renderer{layouts: l, set: s}
	r.bind(t)
	r.trace = &trace{spots: spots, calls: []string{s.name}}
	return r, nil
}

// bindTrace gives a renderer the functions that note.
func (r *renderer) bindTrace(funcs template.FuncMap) {
	funcs[enterFunc] = func(name string) string {
		r.trace.calls = append(r.trace.calls, name)
		return ""
	}
	funcs[leaveFunc] = func() string {
		r.trace.calls = r.trace.calls[:len(r.trace.calls)-1]
		return ""
	}
	funcs[markFunc] = func(spot int, value ...any) string {
		for _, v := range value {
			r.trace.marks = append(r.trace.marks, mark{spot, r.trace.out.Len(), v, r.trace.way()})
		}
		return ""
	}
}

// instrument puts notes into a list of nodes and all lists below it.
func instrument(list *parse.ListNode, file string, spots *[]spot) {
	if list == nil {
		return
	}
	var nodes []parse.Node
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if len(n.Pipe.Decl) == 0 {
				*spots = append(*spots, spot{file, n.Pipe.String(), int(n.Pipe.Pos)})
				nodes = append(nodes, marking(n, len(*spots)-1))
			}
			nodes = append(nodes, n)
			continue
		case *parse.TemplateNode:
			nodes = append(nodes, noting(enterFunc+" "+strconv.Quote(n.Name)), n, noting(leaveFunc))
			continue
		case *parse.IfNode:
			instrumentBranch(&n.BranchNode, file, spots)
		case *parse.RangeNode:
			instrumentBranch(&n.BranchNode, file, spots)
		case *parse.WithNode:
			instrumentBranch(&n.BranchNode, file, spots)
		}
		nodes = append(nodes, n)
	}
	list.Nodes = nodes
}

func instrumentBranch(b *parse.BranchNode, file string, spots *[]spot) {
	instrument(b.List, file, spots)
	instrument(b.ElseList, file, spots)
}

// noting is an action that calls one of the noting functions.
func noting(call string) *parse.ActionNode {
	trees, err := parseText("trace", "{{"+traceVar+" := "+call+"}}")
	if err != nil {
		panic(err)
	}
	return trees["trace"].Root.Nodes[0].(*parse.ActionNode)
}

// marking is an action that notes the value which n is about to print.
func marking(n *parse.ActionNode, spot int) *parse.ActionNode {
	note := noting(fmt.Sprintf("%s %d", markFunc, spot))
	pipe := n.Pipe.CopyPipe()
	last := pipe.Cmds[len(pipe.Cmds)-1]
	if id, ok := last.Args[0].(*parse.IdentifierNode); ok && (id.Ident == "html" || id.Ident == "urlquery") {
		return note // an escaper may only stand last
	}
	pipe.Decl = note.Pipe.Decl
	pipe.Cmds = append(pipe.Cmds, note.Pipe.Cmds...)
	note.Pipe = pipe
	return note
}

// retrace executes once more and returns what was noted and came of it.
func (l *Layouts) retrace(r *renderer, w *bytes.Buffer) (*trace, error) {
	again, err := l.traced(r.set)
	if err != nil {
		return nil, err
	}
	again.ask, again.lang, again.language, again.styles, again.dot = r.ask, r.lang, r.language, r.styles, r.dot
	again.trace.out = w
	err = again.execute(w)
	return again.trace, err
}

// way is how the failing template was reached, or "" if it is the entry itself.
func (t *trace) way() string {
	if t == nil {
		return ""
	}
	return wayOf(t.calls)
}

// wayOf writes templates that called one another, shortened if one of them
// calls itself without end.
func wayOf(calls []string) string {
	switch {
	case len(calls) < 2:
		return ""
	case len(calls) > 16:
		return strings.Join(calls[:8], " > ") + " > … > " + strings.Join(calls[len(calls)-2:], " > ")
	}
	return strings.Join(calls, " > ")
}

// markAt is the note of the value that was printed at an offset.
func (t *trace) markAt(at int) *mark {
	for i := len(t.marks) - 1; i >= 0; i-- {
		if t.marks[i].at <= at {
			return &t.marks[i]
		}
	}
	return nil
}
