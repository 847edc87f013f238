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
//
// Of all that handles values, this room alone uses unsafe: a build reads all it knows of the site and
// takes the digest of all that is answered, value by value, and by reflection each
// field would cost more than its bytes. What is where is asked of reflect once for
// a type. The tests hold all this against reflection.
package plain

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"sync"
	"time"
	"unsafe"
)

// Append appends the bytes of v to b. The type itself is not written, except
// inside interfaces.
func Append(b []byte, v any) []byte {
	if v == nil {
		return append(b, 0)
	}
	return planOf(reflect.TypeOf(v)).writeHeld(b, v)
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
	planOf(r.Type()).read(d, r.Addr().UnsafePointer())
	return d.b[d.at:], d.err
}

var errShort = errors.New("cut short")

// A plan knows how to write and read one type where a value of it lies. What is
// read into is zero before.
type plan struct {
	write func(b []byte, p unsafe.Pointer) []byte
	read  func(d *reader, p unsafe.Pointer)
	name  string // of the type
	held  bool   // an interface holds such a value itself, which is a pointer
}

// writeHeld writes what v holds, a value of the plan's type.
func (p *plan) writeHeld(b []byte, v any) []byte {
	if p.held {
		word := wordOf(v)
		return p.write(b, unsafe.Pointer(&word))
	}
	return p.write(b, wordOf(v))
}

// wordOf is the second word of an interface: where the value lies, or the value
// itself if it is nothing but a pointer. The zero value of a type tells which:
// even that lies somewhere.
func wordOf(v any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }

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
	p.name, p.held = t.String(), wordOf(reflect.Zero(t).Interface()) == nil
	return p
}

// notPlain is the plan of a type that is none: a field of it may be there as
// long as it is empty.
func notPlain(format string, args ...any) plan {
	text := "plain: " + fmt.Sprintf(format, args...)
	return plan{
		write: func([]byte, unsafe.Pointer) []byte { panic(text) },
		read:  func(*reader, unsafe.Pointer) { panic(text) },
	}
}

var timeType = reflect.TypeFor[time.Time]()

func (m maker) make(t reflect.Type) plan {
	if t == timeType {
		return plan{write: writeTime, read: readTime}
	}
	switch t.Kind() {
	case reflect.Bool:
		return plan{
			write: func(b []byte, p unsafe.Pointer) []byte { return appendBool(b, *(*bool)(p)) },
			read:  func(d *reader, p unsafe.Pointer) { *(*bool)(p) = d.byte() != 0 },
		}
	case reflect.Int:
		return signed[int]()
	case reflect.Int8:
		return signed[int8]()
	case reflect.Int16:
		return signed[int16]()
	case reflect.Int32:
		return signed[int32]()
	case reflect.Int64:
		return signed[int64]()
	case reflect.Uint:
		return unsigned[uint]()
	case reflect.Uint8:
		return unsigned[uint8]()
	case reflect.Uint16:
		return unsigned[uint16]()
	case reflect.Uint32:
		return unsigned[uint32]()
	case reflect.Uint64:
		return unsigned[uint64]()
	case reflect.Float32:
		return float[float32]()
	case reflect.Float64:
		return float[float64]()
	case reflect.String:
		return plan{
			write: func(b []byte, p unsafe.Pointer) []byte { return appendString(b, *(*string)(p)) },
			read:  func(d *reader, p unsafe.Pointer) { *(*string)(p) = d.string() },
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
		return anyPlan(t)
	}
	return notPlain("%v is not a plain type", t)
}

func signed[T int | int8 | int16 | int32 | int64]() plan {
	return plan{
		write: func(b []byte, p unsafe.Pointer) []byte { return binary.AppendVarint(b, int64(*(*T)(p))) },
		read:  func(d *reader, p unsafe.Pointer) { *(*T)(p) = T(d.varint()) },
	}
}

func unsigned[T uint | uint8 | uint16 | uint32 | uint64]() plan {
	return plan{
		write: func(b []byte, p unsafe.Pointer) []byte { return binary.AppendUvarint(b, uint64(*(*T)(p))) },
		read:  func(d *reader, p unsafe.Pointer) { *(*T)(p) = T(d.uvarint()) },
	}
}

func float[T float32 | float64]() plan {
	return plan{
		write: func(b []byte, p unsafe.Pointer) []byte {
			return binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(*(*T)(p))))
		},
		read: func(d *reader, p unsafe.Pointer) { *(*T)(p) = T(d.float()) },
	}
}
