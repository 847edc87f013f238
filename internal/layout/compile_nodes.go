package layout

import (
	"reflect"
	"text/template/parse"
)

// A compiler makes steps of escaped nodes. Each variable has a slot of its own:
// no template calls itself, so none is alive twice.
type compiler struct {
	calls map[*parse.ListNode]*called
	scope []variable
	slots int
}

// A variable of a template.
type variable struct {
	name string
	slot int
}

func (c *compiler) declare(name string) int {
	c.scope = append(c.scope, variable{name, c.slots})
	c.slots++
	return c.slots - 1
}

func (c *compiler) slot(name string) int {
	for i := len(c.scope) - 1; i >= 0; i-- {
		if c.scope[i].name == name {
			return c.scope[i].slot
		}
	}
	giveUp()
	return 0
}

// template compiles what is in a template, whose dot is in a slot.
func (c *compiler) template(body *parse.ListNode, slot int) step {
	outer := c.scope
	c.scope = []variable{{"$", slot}}
	s := c.nodes(body.Nodes)
	c.scope = outer
	return s
}

// list compiles nodes whose variables end with them.
func (c *compiler) list(l *parse.ListNode) step {
	if l == nil {
		return nothing
	}
	depth := len(c.scope)
	s := c.nodes(l.Nodes)
	c.scope = c.scope[:depth]
	return s
}

func nothing(*machine, reflect.Value) signal { return goOn }

func (c *compiler) nodes(nodes []parse.Node) step {
	var steps []step
	for _, n := range nodes {
		if s := c.node(n); s != nil {
			steps = append(steps, s)
		}
	}
	switch len(steps) {
	case 0:
		return nothing
	case 1:
		return steps[0]
	}
	return func(m *machine, dot reflect.Value) signal {
		for _, s := range steps {
			if sig := s(m, dot); sig != goOn {
				return sig
			}
		}
		return goOn
	}
}

func (c *compiler) node(n parse.Node) step {
	switch n := n.(type) {
	case *parse.TextNode:
		return text(n.Text)
	case *parse.ActionNode:
		if len(n.Pipe.Decl) > 0 {
			value, set := c.declared(n.Pipe)
			return func(m *machine, dot reflect.Value) signal {
				set(m, value(m, dot))
				return goOn
			}
		}
		return c.print(n.Pipe)
	case *parse.IfNode:
		return c.branch(&n.BranchNode, false)
	case *parse.WithNode:
		return c.branch(&n.BranchNode, true)
	case *parse.RangeNode:
		return c.loop(&n.BranchNode)
	case *parse.ListNode:
		if call := c.calls[n]; call != nil {
			return c.call(call.body, call.TemplateNode)
		}
		return c.nodes(n.Nodes)
	case *parse.BreakNode:
		return func(*machine, reflect.Value) signal { return leaveLoop }
	case *parse.ContinueNode:
		return func(*machine, reflect.Value) signal { return nextTurn }
	case *parse.CommentNode, *parse.TemplateNode: // a probe
		return nil
	}
	giveUp()
	return nil
}

func text(text []byte) step {
	if len(text) == 0 {
		return nil
	}
	return func(m *machine, _ reflect.Value) signal {
		m.out = append(m.out, text...)
		return goOn
	}
}

// call compiles a call of a template that is laid out in its place.
func (c *compiler) call(body *parse.ListNode, n *parse.TemplateNode) step {
	slot := c.slots
	c.slots++
	if n.Pipe == nil {
		main := c.template(body, slot)
		return func(m *machine, _ reflect.Value) signal {
			m.vars[slot] = reflect.Value{}
			return main(m, reflect.Value{})
		}
	}
	value := c.pipe(n.Pipe)
	main := c.template(body, slot)
	return func(m *machine, dot reflect.Value) signal {
		v := value(m, dot)
		m.vars[slot] = v
		return main(m, v)
	}
}

func (c *compiler) branch(b *parse.BranchNode, with bool) step {
	depth := len(c.scope)
	defer func() { c.scope = c.scope[:depth] }()
	value, set := c.declared(b.Pipe)
	yes, no := c.list(b.List), c.list(b.ElseList)
	return func(m *machine, dot reflect.Value) signal {
		v := value(m, dot)
		if set != nil {
			set(m, v)
		}
		switch {
		case !truth(v):
			return no(m, dot)
		case with:
			return yes(m, v)
		}
		return yes(m, dot)
	}
}

// declared compiles a pipeline and what its value is assigned to, if anything.
func (c *compiler) declared(p *parse.PipeNode) (value term, set func(*machine, reflect.Value)) {
	value = c.commands(p.Cmds)
	slots := c.targets(p)
	if len(slots) == 0 {
		return value, nil
	}
	return value, func(m *machine, v reflect.Value) {
		for _, slot := range slots {
			m.vars[slot] = v
		}
	}
}

// targets are the slots of the variables that a pipeline declares or assigns.
func (c *compiler) targets(p *parse.PipeNode) (slots []int) {
	for _, v := range p.Decl {
		if len(v.Ident) != 1 {
			giveUp()
		}
		if p.IsAssign {
			slots = append(slots, c.slot(v.Ident[0]))
		} else {
			slots = append(slots, c.declare(v.Ident[0]))
		}
	}
	return slots
}
