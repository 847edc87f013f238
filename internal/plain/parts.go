package plain

import (
	"encoding/binary"
	"math/bits"
	"reflect"
	"slices"
	"unsafe"
)

func (m maker) slicePlan(t reflect.Type) plan {
	if t.Elem().Kind() == reflect.Uint8 {
		return plan{
			write: func(b []byte, p unsafe.Pointer) []byte {
				s := *(*[]byte)(p)
				return append(binary.AppendUvarint(b, uint64(len(s))), s...)
			},
			read: func(d *reader, p unsafe.Pointer) { *(*[]byte)(p) = []byte(d.string()) },
		}
	}
	elem, size := m.plan(t.Elem()), t.Elem().Size()
	room := roomOf(t.Elem())
	return plan{
		write: func(b []byte, p unsafe.Pointer) []byte {
			s := *(*[]struct{})(p) // whatever its elements are
			b = binary.AppendUvarint(b, uint64(len(s)))
			first := unsafe.Pointer(unsafe.SliceData(s))
			for i := range s {
				b = elem.write(b, unsafe.Add(first, uintptr(i)*size))
			}
			return b
		},
		read: func(d *reader, p unsafe.Pointer) {
			n := d.count()
			if n == 0 {
				return
			}
			if n > 4096 { // no more room at a time than damage may ask for
				readLong(d, reflect.NewAt(t, p).Elem(), n, elem)
				return
			}
			first := room(n)
			*(*[]struct{})(p) = unsafe.Slice((*struct{})(first), n)
			for i := 0; i < n && d.err == nil; i++ {
				elem.read(d, unsafe.Add(first, uintptr(i)*size))
			}
		},
	}
}

// roomOf makes room for so many values of a type; for texts, which are most of what
// lists hold, without reflection.
func roomOf(t reflect.Type) func(n int) unsafe.Pointer {
	if t.Kind() == reflect.String {
		return func(n int) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(make([]string, n))) }
	}
	of := reflect.SliceOf(t)
	return func(n int) unsafe.Pointer { return reflect.MakeSlice(of, n, n).UnsafePointer() }
}

// readLong reads a long list into room that grows as it is filled.
func readLong(d *reader, s reflect.Value, n int, elem *plan) {
	for i := 0; i < n && d.err == nil; i++ {
		if i == s.Len() {
			s.Grow(min(n-i, 4096))
			s.SetLen(min(n, i+4096))
		}
		elem.read(d, s.Index(i).Addr().UnsafePointer())
	}
}

func (m maker) arrayPlan(t reflect.Type) plan {
	n := t.Len()
	if t.Elem().Kind() == reflect.Uint8 {
		return plan{
			write: func(b []byte, p unsafe.Pointer) []byte { return append(b, unsafe.Slice((*byte)(p), n)...) },
			read:  func(d *reader, p unsafe.Pointer) { copy(unsafe.Slice((*byte)(p), n), d.take(n)) },
		}
	}
	elem, size := m.plan(t.Elem()), t.Elem().Size()
	return plan{
		write: func(b []byte, p unsafe.Pointer) []byte {
			for i := range n {
				b = elem.write(b, unsafe.Add(p, uintptr(i)*size))
			}
			return b
		},
		read: func(d *reader, p unsafe.Pointer) {
			for i := range n {
				elem.read(d, unsafe.Add(p, uintptr(i)*size))
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
		write: func(b []byte, p unsafe.Pointer) []byte {
			v := reflect.NewAt(t, p).Elem()
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int {
				return compare(a.String(), b.String())
			})
			b = binary.AppendUvarint(b, uint64(len(keys)))
			room := reflect.New(t.Elem())
			for _, k := range keys {
				room.Elem().Set(v.MapIndex(k))
				b = elem.write(appendString(b, k.String()), room.UnsafePointer())
			}
			return b
		},
		read: func(d *reader, p unsafe.Pointer) {
			n := d.count()
			if n == 0 {
				return
			}
			m := reflect.MakeMap(t)
			for range n {
				if d.err != nil {
					return
				}
				k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem())
				k.SetString(d.string())
				elem.read(d, e.UnsafePointer())
				m.SetMapIndex(k, e.Elem())
			}
			reflect.NewAt(t, p).Elem().Set(m)
		},
	}
}

func (m maker) pointerPlan(t reflect.Type) plan {
	elem, of := m.plan(t.Elem()), t.Elem()
	return plan{
		write: func(b []byte, p unsafe.Pointer) []byte {
			to := *(*unsafe.Pointer)(p)
			if to == nil {
				return append(b, 0)
			}
			return elem.write(append(b, 1), to)
		},
		read: func(d *reader, p unsafe.Pointer) {
			to := (*unsafe.Pointer)(p)
			if d.byte() == 0 {
				*to = nil
				return
			}
			if *to == nil { // else the caller has made room
				*to = reflect.New(of).UnsafePointer()
			}
			elem.read(d, *to)
		},
	}
}

// A field is a part of a struct, which begins so many bytes after it. Of the kinds
// that most fields have a struct sees to itself: calls are most of what they cost.
type field struct {
	*plan
	at    uintptr
	kind  reflect.Kind
	empty func(unsafe.Pointer) bool
}

func (m maker) structPlan(t reflect.Type) plan {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			return notPlain("%v has the unexported field %s", t, f.Name)
		}
		fields = append(fields, field{m.plan(f.Type), f.Offset, f.Type.Kind(), emptyOf(f.Type)})
	}
	size := (len(fields) + 7) / 8
	return plan{
		write: func(b []byte, p unsafe.Pointer) []byte {
			at := len(b)
			b = append(b, make([]byte, size)...)
			for i := range fields {
				f := &fields[i]
				part := unsafe.Add(p, f.at)
				if f.kind == reflect.String {
					if s := *(*string)(part); s != "" {
						b[at+i/8] |= 1 << (i % 8)
						b = appendString(b, s)
					}
				} else if !f.empty(part) {
					b[at+i/8] |= 1 << (i % 8)
					b = f.write(b, part)
				}
			}
			return b
		},
		read: func(d *reader, p unsafe.Pointer) {
			set := d.take(size)
			for at := range len(set) {
				for left := set[at]; left != 0; left &= left - 1 {
					f := &fields[8*at+bits.TrailingZeros8(left)]
					part := unsafe.Add(p, f.at)
					switch f.kind {
					case reflect.String:
						*(*string)(part) = d.string()
					case reflect.Int:
						*(*int)(part) = int(d.varint())
					case reflect.Int32:
						*(*int32)(part) = int32(d.varint())
					case reflect.Int8:
						*(*int8)(part) = int8(d.varint())
					default:
						f.read(d, part)
					}
				}
			}
		},
	}
}

// emptyOf tells whether a field of a type need not be written: most fields of most
// values say nothing. A list without entries says no more than none.
func emptyOf(t reflect.Type) func(unsafe.Pointer) bool {
	switch t.Kind() {
	case reflect.Slice:
		return func(p unsafe.Pointer) bool { return len(*(*[]struct{})(p)) == 0 }
	case reflect.Map:
		return func(p unsafe.Pointer) bool {
			return zero[unsafe.Pointer](p) || reflect.NewAt(t, p).Elem().Len() == 0
		}
	}
	return zeroOf(t)
}

// zeroOf is reflect.Value.IsZero for a type.
func zeroOf(t reflect.Type) func(unsafe.Pointer) bool {
	switch t.Kind() {
	case reflect.String:
		return zero[string]
	case reflect.Float32:
		return zero[float32]
	case reflect.Float64:
		return zero[float64]
	case reflect.Complex64:
		return zero[complex64]
	case reflect.Complex128:
		return zero[complex128]
	case reflect.Struct:
		var parts []func(unsafe.Pointer) bool
		var at []uintptr
		for i := range t.NumField() {
			if f := t.Field(i); f.Name != "_" {
				parts, at = append(parts, zeroOf(f.Type)), append(at, f.Offset)
			}
		}
		return func(p unsafe.Pointer) bool {
			for i, zero := range parts {
				if !zero(unsafe.Add(p, at[i])) {
					return false
				}
			}
			return true
		}
	case reflect.Array:
		n, zero, size := t.Len(), zeroOf(t.Elem()), t.Elem().Size()
		return func(p unsafe.Pointer) bool {
			for i := range n {
				if !zero(unsafe.Add(p, uintptr(i)*size)) {
					return false
				}
			}
			return true
		}
	case reflect.Slice, reflect.Interface: // the first word
		return zero[unsafe.Pointer]
	}
	switch t.Size() {
	case 1:
		return zero[uint8]
	case 2:
		return zero[uint16]
	case 4:
		return zero[uint32]
	}
	return zero[uint64]
}

func zero[T comparable](p unsafe.Pointer) bool {
	var none T
	return *(*T)(p) == none
}
