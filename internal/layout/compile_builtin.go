package layout

import "reflect"

// The functions of text/template that look at values. Where those fail, these
// give up.

func lengthTerm(args []reflect.Value) reflect.Value {
	v, isNil := pointed(args[0])
	if isNil {
		giveUp()
	}
	switch v.Kind() {
	case reflect.Array, reflect.Chan, reflect.Map, reflect.Slice, reflect.String:
		return reflect.ValueOf(v.Len())
	}
	giveUp()
	return v
}

func indexTerm(args []reflect.Value) reflect.Value {
	item := inside(args[0])
	if !item.IsValid() {
		giveUp()
	}
	for _, index := range args[1:] {
		item = elementOf(item, inside(index))
	}
	return item
}

func elementOf(item, index reflect.Value) reflect.Value {
	item, isNil := pointed(item)
	if isNil {
		giveUp()
	}
	switch item.Kind() {
	case reflect.Array, reflect.Slice, reflect.String:
		return item.Index(indexFrom(index, item.Len()))
	case reflect.Map:
		index = keyFor(index, item.Type().Key())
		if v := item.MapIndex(index); v.IsValid() {
			return v
		}
		return reflect.Zero(item.Type().Elem())
	}
	giveUp()
	return item
}

// keyFor is a value as the key of a map.
func keyFor(v reflect.Value, t reflect.Type) reflect.Value {
	if !v.IsValid() {
		if !canBeNil(t) {
			giveUp()
		}
		return reflect.Zero(t)
	}
	whole := func(k reflect.Kind) bool { return isInt(k) || isUint(k) }
	switch {
	case v.Type().AssignableTo(t):
		return v
	case whole(v.Kind()) && whole(t.Kind()):
		return v.Convert(t)
	}
	giveUp()
	return v
}

// indexFrom is a value as an index.
func indexFrom(v reflect.Value, most int) int {
	var n int64
	switch k := v.Kind(); {
	case isInt(k):
		n = v.Int()
	case isUint(k):
		n = int64(v.Uint())
	default:
		giveUp()
	}
	if n < 0 || int(n) < 0 || int(n) > most {
		giveUp()
	}
	return int(n)
}

func sliceTerm(args []reflect.Value) reflect.Value {
	item, isNil := pointed(inside(args[0]))
	if isNil {
		giveUp()
	}
	most := 0
	switch item.Kind() {
	case reflect.String:
		if len(args) == 4 {
			giveUp()
		}
		most = item.Len()
	case reflect.Array, reflect.Slice:
		most = item.Cap()
	default:
		giveUp()
	}
	at := [3]int{0, item.Len()}
	for i, index := range args[1:] {
		at[i] = indexFrom(index, most)
	}
	if at[0] > at[1] || len(args) == 4 && at[1] > at[2] {
		giveUp()
	}
	if len(args) == 4 {
		return item.Slice3(at[0], at[1], at[2])
	}
	return item.Slice(at[0], at[1])
}

// A family of values that can be compared.
type family int

const (
	familyOther family = iota
	familyBool
	familyComplex
	familyInt
	familyFloat
	familyText
	familyUint
)

func familyOf(v reflect.Value) family {
	switch k := v.Kind(); {
	case k == reflect.Bool:
		return familyBool
	case isInt(k):
		return familyInt
	case isUint(k):
		return familyUint
	case k == reflect.Float32 || k == reflect.Float64:
		return familyFloat
	case k == reflect.Complex64 || k == reflect.Complex128:
		return familyComplex
	case k == reflect.String:
		return familyText
	}
	return familyOther
}

func equalAny(a reflect.Value, others []reflect.Value) bool {
	for _, b := range others {
		if equal(a, b) {
			return true
		}
	}
	return false
}

func equal(a, b reflect.Value) bool {
	a, b = inside(a), inside(b)
	s, t := familyOf(a), familyOf(b)
	switch {
	case s == familyInt && t == familyUint:
		return a.Int() >= 0 && uint64(a.Int()) == b.Uint()
	case s == familyUint && t == familyInt:
		return b.Int() >= 0 && uint64(b.Int()) == a.Uint()
	case s != t:
		if a.IsValid() && b.IsValid() {
			giveUp()
		}
		return false
	}
	switch s {
	case familyText:
		return a.String() == b.String()
	case familyInt:
		return a.Int() == b.Int()
	case familyBool:
		return a.Bool() == b.Bool()
	case familyUint:
		return a.Uint() == b.Uint()
	case familyFloat:
		return a.Float() == b.Float()
	case familyComplex:
		return a.Complex() == b.Complex()
	}
	return same(a, b)
}

// same compares values that are neither text nor numbers.
func same(a, b reflect.Value) bool {
	if a.Kind() != b.Kind() && a.IsValid() && b.IsValid() {
		giveUp()
	}
	if isNil(a) || isNil(b) {
		return isNil(a) == isNil(b)
	}
	if !b.Type().Comparable() {
		giveUp()
	}
	return a.Interface() == b.Interface()
}

func isNil(v reflect.Value) bool {
	return !v.IsValid() || canBeNil(v.Type()) && v.Type() != valueType && v.IsNil()
}

func less(a, b reflect.Value) bool {
	a, b = inside(a), inside(b)
	s, t := familyOf(a), familyOf(b)
	switch {
	case s == familyOther || t == familyOther:
		giveUp()
	case s == familyInt && t == familyUint:
		return a.Int() < 0 || uint64(a.Int()) < b.Uint()
	case s == familyUint && t == familyInt:
		return b.Int() >= 0 && a.Uint() < uint64(b.Int())
	case s != t:
		giveUp()
	}
	switch s {
	case familyFloat:
		return a.Float() < b.Float()
	case familyInt:
		return a.Int() < b.Int()
	case familyText:
		return a.String() < b.String()
	case familyUint:
		return a.Uint() < b.Uint()
	}
	giveUp()
	return false
}

func lessOrEqual(a, b reflect.Value) bool { return less(a, b) || equal(a, b) }
