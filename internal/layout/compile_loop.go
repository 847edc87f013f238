package layout

import (
	"cmp"
	"reflect"
	"slices"
	"text/template/parse"
)

// A loop is a compiled range.
type loop struct {
	body    step
	index   int // slot of the variable, or -1
	element int
}

func (c *compiler) loop(b *parse.BranchNode) step {
	depth := len(c.scope)
	defer func() { c.scope = c.scope[:depth] }()
	value := c.commands(b.Pipe.Cmds)
	slots := c.targets(b.Pipe)
	l := &loop{index: -1, element: -1}
	switch len(slots) {
	case 0:
	case 1:
		l.element = slots[0]
	case 2:
		l.index, l.element = slots[0], slots[1]
	default:
		giveUp()
	}
	l.body = c.list(b.List)
	no := c.list(b.ElseList)
	return func(m *machine, dot reflect.Value) signal {
		v := value(m, dot)
		for _, slot := range slots {
			m.vars[slot] = v
		}
		v, _ = pointed(v)
		if !l.over(m, v) {
			return no(m, dot)
		}
		return goOn
	}
}

// over goes through a list, a map or the numbers below one, and reports whether
// there was anything.
func (l *loop) over(m *machine, v reflect.Value) bool {
	switch k := v.Kind(); {
	case k == reflect.Slice || k == reflect.Array:
		for i := 0; i < v.Len(); i++ {
			if l.turn(m, i, v.Index(i)) == leaveLoop {
				break
			}
		}
		return v.Len() > 0
	case k == reflect.Map:
		return l.overMap(m, v)
	case isInt(k) || isUint(k):
		return l.overNumbers(m, v)
	case k != reflect.Invalid:
		giveUp()
	}
	return false
}

func (l *loop) turn(m *machine, i int, v reflect.Value) signal {
	if l.index >= 0 {
		m.vars[l.index] = reflect.ValueOf(i)
	}
	if l.element >= 0 {
		m.vars[l.element] = v
	}
	return l.body(m, v)
}

func (l *loop) overNumbers(m *machine, v reflect.Value) (any bool) {
	if l.index >= 0 {
		giveUp()
	}
	for n := range v.Seq() {
		any = true
		if l.turn(m, 0, n) == leaveLoop {
			break
		}
	}
	return any
}

// overMap goes by the order of the keys.
func (l *loop) overMap(m *machine, v reflect.Value) bool {
	keys := v.MapKeys()
	switch k := v.Type().Key().Kind(); {
	case len(keys) < 2:
	case k == reflect.String:
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	case isInt(k):
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.Int(), b.Int()) })
	case isUint(k):
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.Uint(), b.Uint()) })
	default:
		giveUp()
	}
	for _, key := range keys {
		if l.index >= 0 {
			m.vars[l.index] = key
		}
		e := v.MapIndex(key)
		if l.element >= 0 {
			m.vars[l.element] = e
		}
		if l.body(m, e) == leaveLoop {
			break
		}
	}
	return len(keys) > 0
}
