package plain

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"reflect"
	"slices"
	"sync"
	"time"
)

// What the plans are held against: the same by reflection alone, as they were
// before they went through pointers.

func slowAppend(b []byte, v any) []byte {
	r := reflect.ValueOf(v)
	if !r.IsValid() {
		return append(b, 0)
	}
	return slowPlanOf(r.Type()).write(b, r)
}

// Read reads into the pointer v what Append wrote of a value of its type, and
// returns the rest of b. It fails on bytes that were cut or damaged. The texts
// of the value are parts of b.
func slowRead(b string, v any) (rest string, err error) {
	defer func() {
		if e := recover(); e != nil {
			rest, err = "", fmt.Errorf("damaged value: %v", e)
		}
	}()
	r := reflect.ValueOf(v).Elem()
	d := &slowReader{b: b}
	if r.Kind() == reflect.Pointer && !r.IsNil() {
		r.Elem().SetZero() // which is the room for it
	} else {
		r.SetZero()
	}
	slowPlanOf(r.Type()).read(d, r)
	return d.b, d.err
}

// A plan knows how to write and read one type. What is read into is zero before.
type slowPlan struct {
	write func(b []byte, v reflect.Value) []byte
	read  func(d *slowReader, v reflect.Value)
}

var (
	slowPlans  sync.Map   // reflect.Type -> *slowPlan
	slowMaking sync.Mutex // plans are made one at a time
)

func slowPlanOf(t reflect.Type) *slowPlan {
	if p, ok := slowPlans.Load(t); ok {
		return p.(*slowPlan)
	}
	slowMaking.Lock()
	defer slowMaking.Unlock()
	made := slowMaker{}
	p := made.plan(t)
	for t, p := range made {
		slowPlans.Store(t, p)
	}
	return p
}

// A maker makes the plans of a type and of all that it holds, which may be the
// type itself: each is known before it is made.
type slowMaker map[reflect.Type]*slowPlan

func (m slowMaker) plan(t reflect.Type) *slowPlan {
	if p, ok := slowPlans.Load(t); ok {
		return p.(*slowPlan)
	}
	if p, ok := m[t]; ok {
		return p
	}
	p := new(slowPlan)
	m[t] = p
	*p = m.make(t)
	return p
}

// notPlain is the plan of a type that is none: a field of it may be there as
// long as it is empty.
func slowNotPlain(format string, args ...any) slowPlan {
	text := "plain: " + fmt.Sprintf(format, args...)
	return slowPlan{
		func([]byte, reflect.Value) []byte { panic(text) },
		func(*slowReader, reflect.Value) { panic(text) },
	}
}

func (m slowMaker) make(t reflect.Type) slowPlan {
	if t == timeType {
		return slowPlan{slowWriteTime, slowReadTime}
	}
	switch t.Kind() {
	case reflect.Bool:
		return slowPlan{
			func(b []byte, v reflect.Value) []byte { return appendBool(b, v.Bool()) },
			func(d *slowReader, v reflect.Value) { v.SetBool(d.byte() != 0) },
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return slowPlan{
			func(b []byte, v reflect.Value) []byte { return binary.AppendVarint(b, v.Int()) },
			func(d *slowReader, v reflect.Value) { v.SetInt(d.varint()) },
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return slowPlan{
			func(b []byte, v reflect.Value) []byte { return binary.AppendUvarint(b, v.Uint()) },
			func(d *slowReader, v reflect.Value) { v.SetUint(d.uvarint()) },
		}
	case reflect.Float32, reflect.Float64:
		return slowPlan{
			func(b []byte, v reflect.Value) []byte {
				return binary.LittleEndian.AppendUint64(b, math.Float64bits(v.Float()))
			},
			func(d *slowReader, v reflect.Value) { v.SetFloat(d.float()) },
		}
	case reflect.String:
		return slowPlan{
			func(b []byte, v reflect.Value) []byte { return appendString(b, v.String()) },
			func(d *slowReader, v reflect.Value) { v.SetString(d.string()) },
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
		return slowPlan{slowWriteAny, slowReadAny}
	}
	return slowNotPlain("%v is not a plain type", t)
}

func (m slowMaker) slicePlan(t reflect.Type) slowPlan {
	elem := m.plan(t.Elem())
	if t.Elem().Kind() == reflect.Uint8 {
		return slowPlan{
			func(b []byte, v reflect.Value) []byte { return appendString(b, string(v.Bytes())) },
			func(d *slowReader, v reflect.Value) { v.SetBytes([]byte(d.string())) },
		}
	}
	return slowPlan{
		func(b []byte, v reflect.Value) []byte {
			n := v.Len()
			b = binary.AppendUvarint(b, uint64(n))
			for i := range n {
				b = elem.write(b, v.Index(i))
			}
			return b
		},
		func(d *slowReader, v reflect.Value) {
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

func (m slowMaker) arrayPlan(t reflect.Type) slowPlan {
	elem := m.plan(t.Elem())
	if t.Elem().Kind() == reflect.Uint8 {
		return slowPlan{
			func(b []byte, v reflect.Value) []byte {
				for i := range t.Len() {
					b = append(b, byte(v.Index(i).Uint()))
				}
				return b
			},
			func(d *slowReader, v reflect.Value) { copy(v.Bytes(), d.take(t.Len())) },
		}
	}
	return slowPlan{
		func(b []byte, v reflect.Value) []byte {
			for i := range t.Len() {
				b = elem.write(b, v.Index(i))
			}
			return b
		},
		func(d *slowReader, v reflect.Value) {
			for i := range t.Len() {
				elem.read(d, v.Index(i))
			}
		},
	}
}

func (m slowMaker) mapPlan(t reflect.Type) slowPlan {
	if t.Key().Kind() != reflect.String {
		return slowNotPlain("%v has keys that are not texts", t)
	}
	elem := m.plan(t.Elem())
	return slowPlan{
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
		func(d *slowReader, v reflect.Value) {
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

func (m slowMaker) pointerPlan(t reflect.Type) slowPlan {
	elem := m.plan(t.Elem())
	return slowPlan{
		func(b []byte, v reflect.Value) []byte {
			if v.IsNil() {
				return append(b, 0)
			}
			return elem.write(append(b, 1), v.Elem())
		},
		func(d *slowReader, v reflect.Value) {
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

func (m slowMaker) structPlan(t reflect.Type) slowPlan {
	var fields []*slowPlan
	var empty []func(reflect.Value) bool
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			return slowNotPlain("%v has the unexported field %s", t, f.Name)
		}
		fields = append(fields, m.plan(f.Type))
		empty = append(empty, slowEmptyOf(f.Type))
	}
	size := (len(fields) + 7) / 8
	return slowPlan{
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
		func(d *slowReader, v reflect.Value) {
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

// slowEmptyOf tells whether a field of a type need not be written: most fields of most
// values say nothing. A list without entries says no more than none.
func slowEmptyOf(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return func(v reflect.Value) bool { return v.Len() == 0 }
	}
	return reflect.Value.IsZero
}

func slowWriteTime(b []byte, v reflect.Value) []byte {
	t := slowTimeIn(v)
	if t.IsZero() {
		return append(b, 0)
	}
	name, offset := t.Zone()
	b = append(b, 1)
	b = binary.AppendVarint(b, t.Unix())
	b = binary.AppendVarint(b, int64(t.Nanosecond()))
	b = binary.AppendVarint(b, int64(offset))
	return appendString(b, name)
}

func slowTimeIn(v reflect.Value) time.Time {
	if v.CanAddr() { // as it lies there: an interface would hold a copy
		return *v.Addr().Interface().(*time.Time)
	}
	return v.Interface().(time.Time)
}

func slowReadTime(d *slowReader, v reflect.Value) {
	if d.byte() == 0 {
		return
	}
	sec, nsec, offset, name := d.varint(), d.varint(), d.varint(), d.string()
	v.Set(reflect.ValueOf(time.Unix(sec, nsec).In(time.FixedZone(name, int(offset)))))
}

func slowWriteAny(b []byte, v reflect.Value) []byte {
	if v.IsNil() {
		return append(b, 0)
	}
	e := v.Elem()
	b = appendString(b, e.Type().String())
	return slowPlanOf(e.Type()).write(b, e)
}

func slowReadAny(d *slowReader, v reflect.Value) {
	name := d.string()
	if name == "" {
		return
	}
	t, ok := anyTypes[name]
	if !ok {
		d.fail(fmt.Errorf("a value of type %s cannot be read back", name))
		return
	}
	e := reflect.New(t).Elem()
	slowPlanOf(t).read(d, e)
	v.Set(e)
}

// A slowReader takes values off a slice of bytes; after its first error it gives
// zeros.
type slowReader struct {
	b   string
	err error
}

func (d *slowReader) fail(err error) {
	if d.err == nil {
		d.b, d.err = "", err
	}
}

func (d *slowReader) byte() byte {
	if len(d.b) == 0 {
		d.fail(errShort)
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *slowReader) varint() int64 {
	n := d.uvarint()
	if n&1 != 0 {
		return ^int64(n >> 1)
	}
	return int64(n >> 1)
}

func (d *slowReader) uvarint() uint64 {
	if len(d.b) > 0 && d.b[0] < 0x80 {
		c := d.b[0]
		d.b = d.b[1:]
		return uint64(c)
	}
	return d.long()
}

// long reads a number of several bytes.
func (d *slowReader) long() uint64 {
	var n uint64
	for i := 0; i < len(d.b) && i < binary.MaxVarintLen64; i++ {
		c := d.b[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.b = d.b[i+1:]
			return n
		}
	}
	d.fail(errShort)
	return 0
}

// count reads how many values follow. Each takes a byte at least or none at
// all, so a number beyond a bound is damage.
func (d *slowReader) count() int {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.fail(errShort)
		return 0
	}
	return int(n)
}

func (d *slowReader) float() float64 {
	if len(d.b) < 8 {
		d.fail(errShort)
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64([]byte(d.take(8))))
}

func (d *slowReader) string() string {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.fail(errShort)
		return ""
	}
	return d.take(int(n))
}

// take takes the next n bytes.
func (d *slowReader) take(n int) string {
	if n > len(d.b) {
		d.fail(errShort)
		return ""
	}
	s := d.b[:n]
	d.b = d.b[n:]
	return s
}
