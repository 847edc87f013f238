// Package plain writes plain values as bytes and reads them back.
//
// Plain are booleans, numbers, texts, times, and slices, maps, structs and
// pointers of them, with exported fields only. The bytes of a value are always
// the same: maps are written in the order of their keys, times with their zone.
// So they serve twice, as what an answer's digest is taken of and as what the
// cache folder keeps.
//
// A type that is not plain is a mistake in the program, not in a site: writing
// it panics, and a test walks all types that are written.
package plain

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"reflect"
	"slices"
	"sync"
	"time"
)

// Append appends the bytes of v to b. The type itself is not written, except
// inside interfaces.
func Append(b []byte, v any) []byte {
	r := reflect.ValueOf(v)
	if !r.IsValid() {
		return append(b, 0)
	}
	return planOf(r.Type()).write(b, r)
}

// Read reads into the pointer v what Append wrote of a value of its type, and
// returns the rest of b. It fails on bytes that were cut or damaged. The texts
// of the value are parts of b.
func Read(b string, v any) (rest string, err error) {
	defer func() {
		if e := recover(); e != nil {
			rest, err = "", fmt.Errorf("damaged value: %v", e)
		}
	}()
	r := reflect.ValueOf(v).Elem()
	d := &reader{b: b}
	if r.Kind() == reflect.Pointer && !r.IsNil() {
		r.Elem().SetZero() // which is the room for it
	} else {
		r.SetZero()
	}
	planOf(r.Type()).read(d, r)
	return d.b, d.err
}

var errShort = errors.New("cut short")

// A plan knows how to write and read one type. What is read into is zero before.
type plan struct {
	write func(b []byte, v reflect.Value) []byte
	read  func(d *reader, v reflect.Value)
}

var (
	plans  sync.Map   // reflect.Type -> *plan
	making sync.Mutex // plans are made one at a time
)

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	making.Lock()
	defer making.Unlock()
	made := maker{}
	p := made.plan(t)
	for t, p := range made {
		plans.Store(t, p)
	}
	return p
}

// A maker makes the plans of a type and of all that it holds, which may be the
// type itself: each is known before it is made.
type maker map[reflect.Type]*plan

func (m maker) plan(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	if p, ok := m[t]; ok {
		return p
	}
	p := new(plan)
	m[t] = p
	*p = m.make(t)
	return p
}

// notPlain is the plan of a type that is none: a field of it may be there as
// long as it is empty.
func notPlain(format string, args ...any) plan {
	text := "plain: " + fmt.Sprintf(format, args...)
	return plan{
		func([]byte, reflect.Value) []byte { panic(text) },
		func(*reader, reflect.Value) { panic(text) },
	}
}

var timeType = reflect.TypeFor[time.Time]()

func (m maker) make(t reflect.Type) plan {
	if t == timeType {
		return plan{writeTime, readTime}
	}
	switch t.Kind() {
	case reflect.Bool:
		return plan{
			func(b []byte, v reflect.Value) []byte { return appendBool(b, v.Bool()) },
			func(d *reader, v reflect.Value) { v.SetBool(d.byte() != 0) },
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return plan{
			func(b []byte, v reflect.Value) []byte { return binary.AppendVarint(b, v.Int()) },
			func(d *reader, v reflect.Value) { v.SetInt(d.varint()) },
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return plan{
			func(b []byte, v reflect.Value) []byte { return binary.AppendUvarint(b, v.Uint()) },
			func(d *reader, v reflect.Value) { v.SetUint(d.uvarint()) },
		}
	case reflect.Float32, reflect.Float64:
		return plan{
			func(b []byte, v reflect.Value) []byte {
				return binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Float()))
			},
			func(d *reader, v reflect.Value) { v.SetFloat(d.float()) },
		}
	case reflect.String:
		return plan{
			func(b []byte, v reflect.Value) []byte { return appendString(b, v.String()) },
			func(d *reader, v reflect.Value) { v.SetString(d.string()) },
		}
	case reflect.Slice:
		return m.slicePlan(t)
	case reflect.Array:
		return m.arrayPlan(t)
	case reflect.Map:
		return m.mapPlan(t)
	case reflect.Pointer:
		return m.pointerPlan(t)
	case reflect.Struct:
		return m.structPlan(t)
	case reflect.Interface:
		return plan{writeAny, readAny}
	}
	return notPlain("%v is not a plain type", t)
}

func (m maker) slicePlan(t reflect.Type) plan {
	elem := m.plan(t.Elem())
	if t.Elem().Kind() == reflect.Uint8 {
		return plan{
			func(b []byte, v reflect.Value) []byte { return appendString(b, string(v.Bytes())) },
			func(d *reader, v reflect.Value) { v.SetBytes([]byte(d.string())) },
		}
	}
	return plan{
		func(b []byte, v reflect.Value) []byte {
			n := v.Len()
			b = binary.AppendUvarint(b, uint64(n))
			for i := range n {
				b = elem.write(b, v.Index(i))
			}
			return b
		},
		func(d *reader, v reflect.Value) {
			n := d.count()
			for i := 0; i < n && d.err == nil; i++ {
				if i == v.Len() { // no more room at a time than damage may ask for
					v.Grow(min(n-i, 4096))
					v.SetLen(min(n, i+4096))
				}
				elem.read(d, v.Index(i))
			}
		},
	}
}

func (m maker) arrayPlan(t reflect.Type) plan {
	elem := m.plan(t.Elem())
	if t.Elem().Kind() == reflect.Uint8 {
		return plan{
			func(b []byte, v reflect.Value) []byte {
				for i := range t.Len() {
					b = append(b, byte(v.Index(i).Uint()))
				}
				return b
			},
			func(d *reader, v reflect.Value) { copy(v.Bytes(), d.take(t.Len())) },
		}
	}
	return plan{
		func(b []byte, v reflect.Value) []byte {
			for i := range t.Len() {
				b = elem.write(b, v.Index(i))
			}
			return b
		},
		func(d *reader, v reflect.Value) {
			for i := range t.Len() {
				elem.read(d, v.Index(i))
			}
		},
	}
}

func (m maker) mapPlan(t reflect.Type) plan {
	if t.Key().Kind() != reflect.String {
		return notPlain("%v has keys that are not texts", t)
	}
	elem := m.plan(t.Elem())
	return plan{
		func(b []byte, v reflect.Value) []byte {
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int {
				return compare(a.String(), b.String())
			})
			b = binary.AppendUvarint(b, uint64(len(keys)))
			for _, k := range keys {
				b = elem.write(appendString(b, k.String()), v.MapIndex(k))
			}
			return b
		},
		func(d *reader, v reflect.Value) {
			n := d.count()
			if n == 0 {
				return
			}
			m := reflect.MakeMap(t)
			for range n {
				if d.err != nil {
					return
				}
				k := reflect.New(t.Key()).Elem()
				k.SetString(d.string())
				e := reflect.New(t.Elem()).Elem()
				elem.read(d, e)
				m.SetMapIndex(k, e)
			}
			v.Set(m)
		},
	}
}

func (m maker) pointerPlan(t reflect.Type) plan {
	elem := m.plan(t.Elem())
	return plan{
		func(b []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(b, 0)
			}
			return elem.write(append(b, 1), v.Elem())
		},
		func(d *reader, v reflect.Value) {
			if d.byte() == 0 {
				v.SetZero()
				return
			}
			if v.IsNil() { // else the caller has made room
				v.Set(reflect.New(t.Elem()))
			}
			elem.read(d, v.Elem())
		},
	}
}

func (m maker) structPlan(t reflect.Type) plan {
	var fields []*plan
	var empty []func(reflect.Value) bool
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			return notPlain("%v has the unexported field %s", t, f.Name)
		}
		fields = append(fields, m.plan(f.Type))
		empty = append(empty, emptyOf(f.Type))
	}
	size := (len(fields) + 7) / 8
	return plan{
		func(b []byte, v reflect.Value) []byte {
			at := len(b)
			b = append(b, make([]byte, size)...)
			for i, f := range fields {
				if field := v.Field(i); !empty[i](field) {
					b[at+i/8] |= 1 << (i % 8)
					b = f.write(b, field)
				}
			}
			return b
		},
		func(d *reader, v reflect.Value) {
			set := d.take(size)
			for at := range len(set) {
				for left := set[at]; left != 0; left &= left - 1 {
					i := 8*at + bits.TrailingZeros8(left)
					fields[i].read(d, v.Field(i))
				}
			}
		},
	}
}

// emptyOf tells whether a field of a type need not be written: most fields of most
// values say nothing. A list without entries says no more than none.
func emptyOf(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return func(v reflect.Value) bool { return v.Len() == 0 }
	}
	return reflect.Value.IsZero
}
