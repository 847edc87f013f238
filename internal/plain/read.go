package plain

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"time"
	"unsafe"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// A time is written as its moment and its zone: two times that print
// differently are different values.
func writeTime(b []byte, p unsafe.Pointer) []byte {
	t := *(*time.Time)(p)
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

func readTime(d *reader, p unsafe.Pointer) {
	if d.byte() == 0 {
		return
	}
	sec, nsec, offset, name := d.varint(), d.varint(), d.varint(), d.string()
	*(*time.Time)(p) = time.Unix(sec, nsec).In(time.FixedZone(name, int(offset)))
}

// What an interface may hold when it is to be read back. Any plain value may be
// written; its type's name stands before it.
var anyTypes = map[string]reflect.Type{
	"bool": reflect.TypeFor[bool](), "int": reflect.TypeFor[int](), "int64": reflect.TypeFor[int64](),
	"float64": reflect.TypeFor[float64](), "string": reflect.TypeFor[string](),
	"[]interface {}":          reflect.TypeFor[[]any](),
	"map[string]interface {}": reflect.TypeFor[map[string]any](),
	"[]string":                reflect.TypeFor[[]string](),
	"time.Time":               timeType,
}

func anyPlan(t reflect.Type) plan {
	return plan{
		write: func(b []byte, p unsafe.Pointer) []byte {
			v := reflect.NewAt(t, p).Elem().Interface()
			if v == nil {
				return append(b, 0)
			}
			held := planOf(reflect.TypeOf(v))
			return held.writeHeld(appendString(b, held.name), v)
		},
		read: func(d *reader, p unsafe.Pointer) { readAny(d, reflect.NewAt(t, p).Elem()) },
	}
}

func readAny(d *reader, v reflect.Value) {
	name := d.string()
	if name == "" {
		return
	}
	t, ok := anyTypes[name]
	if !ok {
		d.fail(fmt.Errorf("a value of type %s cannot be read back", name))
		return
	}
	e := reflect.New(t)
	planOf(t).read(d, e.UnsafePointer())
	v.Set(e.Elem())
}

// A reader takes values off bytes; after its first error it gives zeros. It counts
// how far it came: to cut the bytes would be to write a pointer for each.
type reader struct {
	b   string
	at  int
	err error
}

func (d *reader) fail(err error) {
	if d.err == nil {
		d.b, d.at, d.err = "", 0, err
	}
}

func (d *reader) byte() byte {
	if d.at == len(d.b) {
		d.fail(errShort)
		return 0
	}
	d.at++
	return d.b[d.at-1]
}

func (d *reader) varint() int64 {
	n := d.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (d *reader) uvarint() uint64 {
	if d.at < len(d.b) && d.b[d.at] < 0x80 {
		d.at++
		return uint64(d.b[d.at-1])
	}
	return d.long()
}

// long reads a number of several bytes.
func (d *reader) long() uint64 {
	var n uint64
	left := d.b[d.at:]
	for i := 0; i < len(left) && i < binary.MaxVarintLen64; i++ {
		c := left[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.at += i + 1
			return n
		}
	}
	d.fail(errShort)
	return 0
}

// count reads how many values follow. Each takes a byte at least or none at
// all, so a number beyond a bound is damage.
func (d *reader) count() int {
	n := d.uvarint()
	if n > uint64(len(d.b)-d.at) {
		d.fail(errShort)
		return 0
	}
	return int(n)
}

func (d *reader) float() float64 {
	if b := d.take(8); b != "" {
		return math.Float64frombits(binary.LittleEndian.Uint64([]byte(b)))
	}
	return 0
}

func (d *reader) string() string { return d.take(d.count()) }

// take takes the next n bytes.
func (d *reader) take(n int) string {
	if n > len(d.b)-d.at {
		d.fail(errShort)
		return ""
	}
	d.at += n
	return d.b[d.at-n : d.at]
}
