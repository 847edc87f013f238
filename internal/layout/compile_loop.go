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

// overMap goes by the order of the keys. A key that is not equal to itself leads
// to no element, so keys and elements are taken together.
func (l *loop) overMap(m *machine, v reflect.Value) bool {
	type entry struct{ key, element reflect.Value }
	entries := make([]entry, 0, v.Len())
	for all := v.MapRange(); all.Next(); {
		entries = append(entries, entry{all.Key(), all.Value()})
	}
	switch k := v.Type().Key().Kind(); {
	case len(entries) < 2:
	case k == reflect.String:
		slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key.String(), b.key.String()) })
	case isInt(k):
		slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key.Int(), b.key.Int()) })
	case isUint(k):
		slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.key.Uint(), b.key.Uint()) })
	default:
		giveUp()
	}
	for _, e := range entries {
		if l.index >= 0 {
			m.vars[l.index] = e.key
		}
		if l.element >= 0 {
			m.vars[l.element] = e.element
		}
		if l.body(m, e.element) == leaveLoop {
			break
		}
	}
	return len(entries) > 0
}
