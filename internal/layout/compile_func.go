package layout

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"text/template/parse"
)

// function compiles the call of a function.
func (c *compiler) function(name string, args []parse.Node, piped term) term {
	if f, ok := functions[name]; ok {
		return c.ours(name, f, args, piped)
	}
	given := len(args)
	if piped != nil {
		given++
	}
	b, ok := builtinTerms[name]
	if !ok || given < b.least || b.most >= 0 && given > b.most {
		giveUp()
	}
	return b.compile(c, args, piped)
}

// ours compiles the call of one of our own functions.
func (c *compiler) ours(name string, f function, nodes []parse.Node, piped term) term {
	given := c.plain(nodes, piped)
	if name == "date" && len(nodes) == 2 && piped == nil {
		given = c.dateArgs(nodes)
	}
	return func(m *machine, dot reflect.Value) reflect.Value {
		start := len(m.args)
		args := given(m, dot)
		v, err := f.call(m.r, call{name, args})
		if err != nil {
			giveUp()
		}
		m.args = m.args[:start]
		return reflect.ValueOf(v)
	}
}

// A gatherer evaluates arguments of any type and appends them to those of the
// machine. What it returns is good until the call is over.
type gatherer func(m *machine, dot reflect.Value) []any

func (c *compiler) plain(nodes []parse.Node, piped term) gatherer {
	var terms []func(*machine, reflect.Value) any
	for _, n := range nodes {
		terms = append(terms, c.plainArg(n))
	}
	return func(m *machine, dot reflect.Value) []any {
		start := len(m.args)
		var final any
		if piped != nil {
			final = plainOf(piped(m, dot))
		}
		for _, t := range terms {
			m.args = append(m.args, t(m, dot))
		}
		if piped != nil {
			m.args = append(m.args, final)
		}
		return m.args[start:len(m.args):len(m.args)]
	}
}

func (c *compiler) plainArg(n parse.Node) func(*machine, reflect.Value) any {
	switch n.(type) {
	case *parse.NilNode, *parse.BoolNode, *parse.StringNode, *parse.NumberNode:
		v := literal(n)
		return func(*machine, reflect.Value) any { return v }
	}
	t := c.arg(n)
	return func(m *machine, dot reflect.Value) any { return plainOf(t(m, dot)) }
}

// dateArgs are those of the function date. It takes a pointer to a time as
// well, which need not be copied.
func (c *compiler) dateArgs(nodes []parse.Node) gatherer {
	style, at := c.plainArg(nodes[0]), c.arg(nodes[1])
	return func(m *machine, dot reflect.Value) []any {
		start := len(m.args)
		m.args = append(m.args, style(m, dot))
		v := at(m, dot)
		if v.IsValid() && v.Type() == timeType && v.CanAddr() {
			v = v.Addr()
		}
		m.args = append(m.args, plainOf(v))
		return m.args[start:len(m.args):len(m.args)]
	}
}

// A builtin is a function of text/template, or one of html/template's escapers
// where it is not the end of a pipeline.
type builtin struct {
	least, most int // arguments, with what is piped in
	compile     func(c *compiler, nodes []parse.Node, piped term) term
}

var builtinTerms map[string]builtin

func init() {
	builtinTerms = map[string]builtin{
		"and": {1, -1, func(c *compiler, nodes []parse.Node, piped term) term { return c.until(false, nodes, piped) }},
		"or":  {1, -1, func(c *compiler, nodes []parse.Node, piped term) term { return c.until(true, nodes, piped) }},

		"not":   {1, 1, reckoned(func(v []reflect.Value) reflect.Value { return reflect.ValueOf(!truth(v[0])) })},
		"len":   {1, 1, reckoned(lengthTerm)},
		"index": {1, -1, reckoned(indexTerm)},
		"slice": {1, 4, sliced},

		"eq": {2, -1, reckoned(func(v []reflect.Value) reflect.Value { return reflect.ValueOf(equalAny(v[0], v[1:])) })},
		"ne": {2, 2, compared(func(a, b reflect.Value) bool { return !equal(a, b) })},
		"lt": {2, 2, compared(less)},
		"le": {2, 2, compared(lessOrEqual)},
		"gt": {2, 2, compared(func(a, b reflect.Value) bool { return !lessOrEqual(a, b) })},
		"ge": {2, 2, compared(func(a, b reflect.Value) bool { return !less(a, b) })},

		"print":       {0, -1, spoken1(fmt.Sprint)},
		"println":     {0, -1, spoken1(fmt.Sprintln)},
		"printf":      {1, -1, (*compiler).printf},
		"html":        {0, -1, spoken1(template.HTMLEscaper)},
		"js":          {0, -1, spoken1(template.JSEscaper)},
		"urlquery":    {0, -1, spoken1(template.URLQueryEscaper)},
		"_eval_args_": {0, -1, spoken1(evalArgs)},
	}
	for name, e := range escapers {
		builtinTerms[name] = builtin{1, 1, reckoned(func(v []reflect.Value) reflect.Value { return reflect.ValueOf(e.value(v[0])) })}
	}
}

// spoken1 compiles a function of arguments of any type that gives a text.
func spoken1(f func(...any) string) func(*compiler, []parse.Node, term) term {
	return func(c *compiler, nodes []parse.Node, piped term) term {
		given := c.plain(nodes, piped)
		return func(m *machine, dot reflect.Value) reflect.Value {
			start := len(m.args)
			s := f(given(m, dot)...)
			m.args = m.args[:start]
			return reflect.ValueOf(s)
		}
	}
}

// evalArgs joins what is given to a function that html/template has replaced.
func evalArgs(args ...any) string {
	if len(args) == 1 {
		if s, ok := args[0].(string); ok {
			return s
		}
	}
	for i, a := range args {
		args[i] = speaker(a)
	}
	return fmt.Sprint(args...)
}

func (c *compiler) printf(nodes []parse.Node, piped term) term {
	if len(nodes) == 0 {
		return func(m *machine, dot reflect.Value) reflect.Value {
			f, none := fit(piped(m, dot), stringType).String(), []any{}
			return reflect.ValueOf(fmt.Sprintf(f, none...))
		}
	}
	format, given := c.operand(nodes[0]), c.plain(nodes[1:], nil)
	return func(m *machine, dot reflect.Value) reflect.Value {
		start := len(m.args)
		var final any
		if piped != nil {
			final = plainOf(piped(m, dot))
		}
		f := format.as(stringType, m, dot).String()
		args := given(m, dot)
		if piped != nil {
			args = append(args, final)
		}
		s := fmt.Sprintf(f, args...)
		m.args = m.args[:start]
		return reflect.ValueOf(s)
	}
}

// until compiles and, or or: the first value that is true, or false, or else
// the last.
func (c *compiler) until(stop bool, nodes []parse.Node, piped term) term {
	var terms []term
	for _, n := range nodes {
		terms = append(terms, c.arg(n))
	}
	return func(m *machine, dot reflect.Value) reflect.Value {
		var final, v reflect.Value
		if piped != nil {
			final = known(piped(m, dot))
		}
		for _, t := range terms {
			v = known(t(m, dot))
			if truth(v) == stop {
				return v
			}
		}
		if piped != nil {
			return final
		}
		return v
	}
}

// reckoned compiles a function of values.
func reckoned(f func([]reflect.Value) reflect.Value) func(*compiler, []parse.Node, term) term {
	return func(c *compiler, nodes []parse.Node, piped term) term {
		var terms []term
		for _, n := range nodes {
			terms = append(terms, c.arg(n))
		}
		return func(m *machine, dot reflect.Value) reflect.Value {
			start := len(m.vals)
			var final reflect.Value
			if piped != nil {
				final = known(piped(m, dot))
			}
			for _, t := range terms {
				v := known(t(m, dot))
				m.vals = append(m.vals, v)
			}
			if piped != nil {
				m.vals = append(m.vals, final)
			}
			v := f(m.vals[start:])
			m.vals = m.vals[:start]
			return v
		}
	}
}

// sliced compiles slice with indexes that are written as numbers. Of others
// text/template takes an int and refuses the same int out of a map, which here
// look alike.
func sliced(c *compiler, nodes []parse.Node, piped term) term {
	for i, n := range nodes {
		if _, number := n.(*parse.NumberNode); !number && i > 0 {
			giveUp()
		}
	}
	if piped != nil && len(nodes) > 0 {
		giveUp()
	}
	return reckoned(sliceTerm)(c, nodes, piped)
}

func compared(f func(a, b reflect.Value) bool) func(*compiler, []parse.Node, term) term {
	return reckoned(func(v []reflect.Value) reflect.Value { return reflect.ValueOf(f(v[0], v[1])) })
}

func isEscaper(cmd *parse.CommandNode) (string, bool) {
	id, ok := cmd.Args[0].(*parse.IdentifierNode)
	return identOf(id), ok && len(cmd.Args) == 1 && strings.HasPrefix(id.Ident, "_html_template_")
}

func identOf(id *parse.IdentifierNode) string {
	if id == nil {
		return ""
	}
	return id.Ident
}
