package page

import (
	"reflect"
	"sync"
)

type sumBuffer struct{ b []byte }

var sums = sync.Pool{New: func() any { return new(sumBuffer) }}

// typeName names a value's type. Two types with equal fields are different
// answers: a template prints them differently.
func typeName(v any) string {
	t := reflect.TypeOf(v)
	if n, ok := typeNames.Load(t); ok {
		return n.(string)
	}
	n := t.String()
	typeNames.Store(t, n)
	return n
}

var typeNames sync.Map // reflect.Type -> string
