package layout

import (
	"reflect"
	"strings"
	"text/template/parse"
)

// pipe compiles a pipeline that declares nothing.
func (c *compiler) pipe(p *parse.PipeNode) term {
	if len(p.Decl) > 0 {
		giveUp() // it might not be reached before the variable is used
	}
	return c.commands(p.Cmds)
}

// commands compiles commands, each of which gets the value of the one before.
func (c *compiler) commands(cmds []*parse.CommandNode) term {
	var value term
	for _, cmd := range cmds {
		value = c.command(cmd, value)
		if id, _ := cmd.Args[0].(*parse.IdentifierNode); id == nil || functions[id.Ident].call == nil {
			value = opened(value) // ours give none
		}
	}
	if value == nil {
		giveUp()
	}
	return value
}

// opened is a term whose value is not an interface of any kind of value.
func opened(t term) term {
	return func(m *machine, dot reflect.Value) reflect.Value {
		v := t(m, dot)
		if v.Kind() == reflect.Interface && v.NumMethod() == 0 {
			return v.Elem()
		}
		return v
	}
}

// command compiles a command. What is piped into it, if anything, is evaluated
// first.
func (c *compiler) command(cmd *parse.CommandNode, piped term) term {
	args := cmd.Args[1:]
	switch n := cmd.Args[0].(type) {
	case *parse.FieldNode:
		return c.chain(nil, n.Ident, args, piped)
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return c.chain(c.variable(n), n.Ident[1:], args, piped)
		}
	case *parse.ChainNode:
		return c.chain(c.arg(n.Node), n.Field, args, piped)
	case *parse.IdentifierNode:
		return c.function(n.Ident, args, piped)
	case *parse.NilNode:
		giveUp()
	}
	if len(args) > 0 || piped != nil {
		giveUp()
	}
	return c.arg(cmd.Args[0])
}

// arg compiles an argument whose type may be any.
func (c *compiler) arg(n parse.Node) term {
	switch n := n.(type) {
	case *parse.DotNode:
		return func(_ *machine, dot reflect.Value) reflect.Value { return dot }
	case *parse.FieldNode:
		return c.chain(nil, n.Ident, nil, nil)
	case *parse.VariableNode:
		if len(n.Ident) > 1 {
			return c.chain(c.variable(n), n.Ident[1:], nil, nil)
		}
		return c.variable(n)
	case *parse.PipeNode:
		return c.pipe(n)
	case *parse.IdentifierNode:
		return c.function(n.Ident, nil, nil)
	case *parse.ChainNode:
		return c.chain(c.arg(n.Node), n.Field, nil, nil)
	}
	return constant(literal(n))
}

func (c *compiler) variable(n *parse.VariableNode) term {
	slot := c.slot(n.Ident[0])
	return func(m *machine, _ reflect.Value) reflect.Value { return m.vars[slot] }
}

func constant(value any) term {
	v := reflect.ValueOf(value)
	return func(*machine, reflect.Value) reflect.Value { return v }
}

// literal is the value of a literal where nothing says of which type it is.
func literal(n parse.Node) any {
	switch n := n.(type) {
	case *parse.NilNode:
		return nil
	case *parse.BoolNode:
		return n.True
	case *parse.StringNode:
		return n.Text
	case *parse.NumberNode:
		hex := len(n.Text) > 2 && n.Text[0] == '0' && (n.Text[1] == 'x' || n.Text[1] == 'X') && !strings.ContainsAny(n.Text, "pP")
		switch {
		case n.IsComplex:
			return n.Complex128
		case n.IsFloat && !hex && n.Text[0] != '\'' && strings.ContainsAny(n.Text, ".eEpP"):
			return n.Float64
		case n.IsInt && int64(int(n.Int64)) == n.Int64:
			return int(n.Int64)
		}
	}
	giveUp()
	return nil
}

// An operand is an argument of a function whose type is known when it is called.
type operand struct {
	node  parse.Node
	value term // nothing for a literal
}

func (c *compiler) operand(n parse.Node) operand {
	switch n.(type) {
	case *parse.NilNode, *parse.BoolNode, *parse.StringNode, *parse.NumberNode:
		return operand{node: n}
	}
	return operand{n, c.arg(n)}
}

func (c *compiler) operands(nodes []parse.Node) (ops []operand) {
	for _, n := range nodes {
		ops = append(ops, c.operand(n))
	}
	return ops
}

// as evaluates the operand for a parameter.
func (o operand) as(t reflect.Type, m *machine, dot reflect.Value) reflect.Value {
	if o.value != nil {
		return fit(o.value(m, dot), t)
	}
	v := reflect.New(t).Elem()
	switch n := o.node.(type) {
	case *parse.NilNode:
		if !canBeNil(t) {
			giveUp()
		}
		return v
	case *parse.BoolNode:
		if t.Kind() == reflect.Bool {
			v.SetBool(n.True)
			return v
		}
	case *parse.StringNode:
		if t.Kind() == reflect.String {
			v.SetString(n.Text)
			return v
		}
	case *parse.NumberNode:
		if numeral(n, v) {
			return v
		}
	}
	if t.Kind() != reflect.Interface || t.NumMethod() > 0 {
		giveUp()
	}
	return reflect.ValueOf(literal(o.node))
}

// numeral sets v to a number, if that is one of its type.
func numeral(n *parse.NumberNode, v reflect.Value) bool {
	switch k := v.Kind(); {
	case isInt(k) && n.IsInt:
		v.SetInt(n.Int64)
	case isUint(k) && n.IsUint:
		v.SetUint(n.Uint64)
	case (k == reflect.Float32 || k == reflect.Float64) && n.IsFloat:
		v.SetFloat(n.Float64)
	case (k == reflect.Complex64 || k == reflect.Complex128) && n.IsComplex:
		v.SetComplex(n.Complex128)
	default:
		return false
	}
	return true
}
