package layout

import (
	"reflect"
	"sync"
	"sync/atomic"
	"text/template/parse"
	"time"
)

// chain compiles .A.B.C behind a value, or behind the dot. Only the last may be
// a method that takes arguments.
func (c *compiler) chain(value term, names []string, args []parse.Node, piped term) term {
	if len(names) == 0 {
		giveUp()
	}
	last := len(names) - 1
	if len(args) == 0 && piped == nil {
		last++
	}
	for _, name := range names[:last] {
		value = member(value, name)
	}
	if last == len(names) {
		return value
	}
	return method(value, names[last], c.operands(args), piped)
}

// member compiles an access without arguments.
func member(of term, name string) term {
	s := &site{name: name}
	if of == nil {
		return func(_ *machine, dot reflect.Value) reflect.Value { return s.get(dot) }
	}
	return func(m *machine, dot reflect.Value) reflect.Value { return s.get(of(m, dot)) }
}

// method compiles the call of a method with arguments.
func method(of term, name string, ops []operand, piped term) term {
	s := &site{name: name}
	return func(m *machine, dot reflect.Value) reflect.Value {
		var final reflect.Value
		if piped != nil {
			final = piped(m, dot)
		}
		v := dot
		if of != nil {
			v = of(m, dot)
		}
		v = base(v)
		p := s.plan(v)
		if p.way != byMethod && p.way != byZero {
			giveUp()
		}
		return invoke(m, p.bind(v), ops, dot, final, piped != nil)
	}
}

// A site is a place in a template that accesses a field, a key or a method. It
// remembers how the last type was accessed.
type site struct {
	name string
	last atomic.Pointer[plan]
}

// A plan is how values of a type are accessed by a name.
type plan struct {
	of    target
	way   way
	index int   // of the field or method
	path  []int // of the promoted field
}

// A target is what a plan is for. Values that can be addressed have the methods
// of their pointer too.
type target struct {
	reflect.Type
	name        string
	addressable bool
}

type way int

const (
	byNone way = iota
	byField
	byPath
	byKey  // of a map
	byText // of a map[string]any
	byMethod
	byZero // time.Time.IsZero
)

// plans are all that were made.
var plans sync.Map

// plan tells how to access the site's name in v.
func (s *site) plan(v reflect.Value) *plan {
	t, addressable := v.Type(), v.CanAddr()
	if p := s.last.Load(); p != nil && p.of.Type == t && p.of.addressable == addressable {
		return p
	}
	of := target{t, s.name, addressable}
	p, ok := plans.Load(of)
	if !ok {
		p, _ = plans.LoadOrStore(of, newPlan(of))
	}
	s.last.Store(p.(*plan))
	return p.(*plan)
}

var (
	timeType    = reflect.TypeFor[time.Time]()
	textMapType = reflect.TypeFor[map[string]any]()
	stringType  = reflect.TypeFor[string]()
)

// newPlan looks for a method, then for a field or key.
func newPlan(of target) *plan {
	p := &plan{of: of}
	receiver := of.Type
	if of.addressable {
		receiver = reflect.PointerTo(of.Type)
	}
	if m, ok := receiver.MethodByName(of.name); ok {
		p.way, p.index = byMethod, m.Index
		if of.Type == timeType && of.name == "IsZero" {
			p.way = byZero
		}
		return p
	}
	switch of.Kind() {
	case reflect.Struct:
		f, ok := of.FieldByName(of.name)
		if !ok || !f.IsExported() {
			return p
		}
		p.way, p.index, p.path = byField, f.Index[0], f.Index
		if len(f.Index) > 1 {
			p.way = byPath
		}
	case reflect.Map:
		if of.Type == textMapType {
			p.way = byText
		} else if stringType.AssignableTo(of.Key()) {
			p.way = byKey
		}
	}
	return p
}

// base is what pointers and interfaces lead to.
func base(v reflect.Value) reflect.Value {
	v, isNil := pointed(v)
	if isNil || !v.IsValid() {
		giveUp()
	}
	return v
}

// get accesses the site's name in a value.
func (s *site) get(v reflect.Value) reflect.Value {
	v = base(v)
	p := s.plan(v)
	switch p.way {
	case byField:
		return v.Field(p.index)
	case byPath:
		f, err := v.FieldByIndexErr(p.path)
		if err != nil {
			giveUp()
		}
		return f
	case byText:
		e, ok := v.Interface().(map[string]any)[s.name]
		if !ok {
			giveUp()
		}
		return reflect.ValueOf(e)
	case byKey:
		e := v.MapIndex(reflect.ValueOf(s.name))
		if !e.IsValid() {
			giveUp()
		}
		return e
	case byZero:
		return reflect.ValueOf(timeIn(v).IsZero())
	case byMethod:
		return invoke(nil, p.bind(v), nil, reflect.Value{}, reflect.Value{}, false)
	}
	giveUp()
	return v
}

// timeIn reads a time, without a copy if it can.
func timeIn(v reflect.Value) *time.Time {
	if v.CanAddr() {
		return v.Addr().Interface().(*time.Time)
	}
	t := v.Interface().(time.Time)
	return &t
}

// bind is the planned method of a value.
func (p *plan) bind(v reflect.Value) reflect.Value {
	if p.of.addressable {
		v = v.Addr()
	}
	return v.Method(p.index)
}

// invoke calls a method.
func invoke(m *machine, fn reflect.Value, ops []operand, dot, final reflect.Value, piped bool) reflect.Value {
	t := fn.Type()
	if n := t.NumOut(); n != 1 && (n != 2 || t.Out(1) != errorType) || t.Out(0) == valueType {
		giveUp()
	}
	given := len(ops)
	if piped {
		given++
	}
	if t.IsVariadic() && given < t.NumIn()-1 || !t.IsVariadic() && given != t.NumIn() {
		giveUp()
	}
	args := make([]reflect.Value, 0, given)
	for i, op := range ops {
		args = append(args, op.as(parameter(t, i), m, dot))
	}
	if piped {
		args = append(args, fit(final, parameter(t, len(ops))))
	}
	got := fn.Call(args)
	if len(got) == 2 && !got[1].IsNil() {
		giveUp()
	}
	return got[0]
}

// parameter is the type of an argument.
func parameter(t reflect.Type, i int) reflect.Type {
	if t.IsVariadic() && i >= t.NumIn()-1 {
		return t.In(t.NumIn() - 1).Elem()
	}
	return t.In(i)
}
