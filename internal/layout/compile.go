package layout

import (
	"html/template"
	"reflect"
	"text/template/parse"
)

// html/template spends most of its time on reflection. So a set is compiled: it
// is laid out as one tree, html/template escapes that tree, and each node of
// what it made becomes a Go function.
//
// html/template stays the authority. What escapes where is its decision alone;
// a set that holds anything the compiler does not know is executed by it; and
// so is, from the beginning, a page with which anything is wrong or unusual.
// Compiled layouts hence say nothing about errors: they only give up.

// A program is a compiled set. It is shared by all renderers of the set.
type program struct {
	main  step
	slots int // variables of all its templates
}

// A step is a compiled node.
type step func(m *machine, dot reflect.Value) signal

// A term is a compiled part of a pipeline. It stands for the value that
// text/template has at the same place, but for interfaces, which may be opened.
type term func(m *machine, dot reflect.Value) reflect.Value

// A signal tells a loop how to go on.
type signal int

const (
	goOn signal = iota
	nextTurn
	leaveLoop
)

// A machine is what one execution of a program works with.
type machine struct {
	r    *renderer
	out  []byte
	vars []reflect.Value
	args []any           // of the calls that are being prepared
	vals []reflect.Value // likewise, of text/template's own functions
}

// givenUp is the panic with which the compiler, or a program, leaves its work
// to html/template.
type givenUp struct{}

func giveUp() { panic(givenUp{}) }

// compile makes a program of a set, or nothing if html/template must execute it.
func compile(name string, trees map[string]*parse.Tree) (p *program) {
	defer func() {
		if recover() != nil {
			p = nil
		}
	}()
	f := flatten(name, trees)
	c := &compiler{calls: f.calls}
	c.declare("$")
	return &program{main: c.template(f.root, 0), slots: c.slots}
}

// escape has html/template escape a tree in place. It runs none of it: the text
// put in front cannot be written.
func escape(name string, root *parse.ListNode) bool {
	start := &parse.TextNode{NodeType: parse.NodeText, Text: []byte(" ")}
	whole := &parse.ListNode{NodeType: parse.NodeList, Nodes: []parse.Node{start, root}}
	t := template.New(name).Funcs(stubs).Option("missingkey=error")
	for name, root := range map[string]*parse.ListNode{name: whole, probe: {NodeType: parse.NodeList}} {
		if _, err := t.AddParseTree(name, &parse.Tree{Name: name, ParseName: name, Root: root}); err != nil {
			return false
		}
	}
	return escapes(t.Lookup(name)) == nil
}

// run executes the program and appends the page to the machine's output. It
// reports whether html/template would have made the same.
func (p *program) run(m *machine, dot any) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	m.prepare(p.slots)
	v := reflect.ValueOf(dot)
	if _, odd := dot.(reflect.Value); odd {
		return false
	}
	m.vars[0] = v
	p.main(m, v)
	return true
}

func (m *machine) prepare(slots int) {
	if len(m.vars) < slots {
		m.vars = make([]reflect.Value, slots)
		m.args = make([]any, 0, 16)
	}
	m.out = m.out[:0]
	m.args, m.vals = m.args[:0], m.vals[:0]
}

// release drops what was executed, and keeps the room it took.
func (m *machine) release() {
	clear(m.vars)
	clear(m.args[:cap(m.args)])
	clear(m.vals[:cap(m.vals)])
	if cap(m.out) > 1<<18 {
		m.out = nil
	}
}
