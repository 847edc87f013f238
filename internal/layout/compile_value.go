package layout

import (
	"fmt"
	"reflect"
)

// What text/template does with values.

var (
	errorType    = reflect.TypeFor[error]()
	stringerType = reflect.TypeFor[fmt.Stringer]()
	valueType    = reflect.TypeFor[reflect.Value]()
)

func isInt(k reflect.Kind) bool  { return k >= reflect.Int && k <= reflect.Int64 }
func isUint(k reflect.Kind) bool { return k >= reflect.Uint && k <= reflect.Uintptr }

// known is a value that functions of values are given as it is. Of one that is a
// reflect.Value they are given, now and then, what is in it.
func known(v reflect.Value) reflect.Value {
	if in := inside(v); in.Kind() == reflect.Struct && in.Type() == valueType {
		giveUp()
	}
	return v
}

// pointed is what pointers and interfaces lead to, or the first that is nil.
func pointed(v reflect.Value) (at reflect.Value, isNil bool) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return v, true
		}
		v = v.Elem()
	}
	return v, false
}

// inside is the value in an interface.
func inside(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

// truth tells whether a value counts as true.
func truth(v reflect.Value) bool {
	v = inside(v)
	switch v.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() > 0
	case reflect.Struct:
		return true
	case reflect.Float32, reflect.Float64:
		return v.Float() != 0
	case reflect.Complex64, reflect.Complex128:
		return v.Complex() != 0
	}
	return !v.IsZero()
}

// plainOf is a value as an argument of any type.
func plainOf(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

func canBeNil(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Pointer, reflect.Slice:
		return true
	}
	return t == valueType
}

// fit makes a value one for a parameter, by following or taking its address if
// that helps.
func fit(v reflect.Value, t reflect.Type) reflect.Value {
	if t == valueType {
		giveUp()
	}
	if !v.IsValid() {
		if !canBeNil(t) {
			giveUp()
		}
		return reflect.Zero(t)
	}
	if v.Type().AssignableTo(t) {
		return v
	}
	if v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
		if v.Type().AssignableTo(t) {
			return v
		}
	}
	switch {
	case v.Kind() == reflect.Pointer && v.Type().Elem().AssignableTo(t):
		v = v.Elem()
		if !v.IsValid() {
			giveUp()
		}
	case reflect.PointerTo(v.Type()).AssignableTo(t) && v.CanAddr():
		v = v.Addr()
	default:
		giveUp()
	}
	return v
}

// printed writes a value as text/template prints it.
func printed(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		v, _ = pointed(v)
	}
	if !v.IsValid() {
		return "<no value>"
	}
	if t := v.Type(); !speaks(t) {
		if v.CanAddr() && speaks(reflect.PointerTo(t)) {
			v = v.Addr()
		} else if v.Kind() == reflect.Chan || v.Kind() == reflect.Func {
			giveUp()
		}
	}
	return fmt.Sprint(v.Interface())
}

// speaks tells whether values of a type say themselves how they are printed.
func speaks(t reflect.Type) bool { return t.Implements(errorType) || t.Implements(stringerType) }
