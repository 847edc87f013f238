package plain

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

// The types below are of all kinds, in all places that make a difference: a value
// that is one pointer is held by an interface itself, also within structs and arrays.

type (
	word   string
	small  struct{ P *int }
	none   struct{}
	sum    [16]byte
	number struct {
		A int8
		B int64
		C [3]uint16
		D float32
	}
	many struct {
		I        int
		I8       int8
		I16      int16
		I32      int32
		I64      int64
		U        uint
		U8       uint8
		U16      uint16
		U32      uint32
		U64      uint64
		F32      float32
		F64      float64
		Yes      bool
		Text     string
		Word     word
		Bytes    []byte
		Sum      sum
		At       time.Time
		Any      any
		Say      fmt.Stringer
		Chan     chan int // may be there as long as it is empty
		Complex  complex64
		Func     func()
		Hidden   struct{ x, y int16 }
		Names    []string
		Nones    []none
		Numbers  []number
		Pairs    [2]number
		Smalls   []small
		One      [1]*int
		Small    small
		None     none
		Pointers []*number
		PP       **int
		Texts    map[word]string
		Params   map[string]any
		Structs  map[string]number
		Lists    map[string][]string
		By       map[string]*number
		Ints     map[int]int
		Deep     [][]sum
		Times    []time.Time
		Up       *many
		*Rarely
	}
	Rarely struct {
		Notice  string
		Gallery []number
		Again   *Rarely
	}
)

// all lists one nil pointer per type that is written and read.
func all() []any {
	return []any{
		(*many)(nil), (**many)(nil), (*Rarely)(nil), (*number)(nil), (*small)(nil), (*none)(nil), (*sum)(nil), (*[1]small)(nil), (*[1]*int)(nil), (*[0]int)(nil),
		(*[]many)(nil), (*[]small)(nil), (*[]byte)(nil), (*[]none)(nil), (*[]string)(nil), (*[]any)(nil), (*[2]word)(nil),
		(*map[string]any)(nil), (*map[word]small)(nil), (*map[string]*int)(nil), (*struct{ M map[string]int })(nil),
		(*any)(nil), (*fmt.Stringer)(nil), (*time.Time)(nil), (*bool)(nil), (*int)(nil), (*int8)(nil), (*uint16)(nil), (*uint64)(nil), (*float32)(nil), (*word)(nil), (*complex128)(nil),
	}
}

// fill gives v any value: most parts of it, as of most values, are empty.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	if depth == 0 || r.IntN(3) == 0 {
		return
	}
	in := func(v reflect.Value) { fill(r, v, depth-1) }
	if v.Type() == timeType {
		zone := []*time.Location{time.UTC, nil, time.FixedZone("CET", 3600), time.FixedZone("", 0)}[r.IntN(4)]
		if at := time.Unix(r.Int64N(3)*1e9-62135596800, r.Int64N(2)); zone != nil {
			v.Set(reflect.ValueOf(at.In(zone)))
		}
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> r.IntN(64))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(r.Uint64() >> r.IntN(64))
	case reflect.Float32, reflect.Float64:
		v.SetFloat([]float64{1.5, math.Copysign(0, -1), math.Inf(1), r.Float64()}[r.IntN(4)])
	case reflect.String:
		v.SetString("Käse und Brot"[:r.IntN(14)])
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.IntN(4), 5))
		for i := range v.Len() {
			in(v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			in(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := 0; i < r.IntN(4) && v.Type().Key().Kind() == reflect.String; i++ {
			k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			in(k)
			in(e)
			v.SetMapIndex(k, e)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		in(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				in(v.Field(i))
			}
		}
	case reflect.Interface:
		if v.NumMethod() > 0 {
			v.Set(reflect.ValueOf(time.UnixMilli(r.Int64N(9)).UTC()))
			return
		}
		any := all()
		e := reflect.New(reflect.TypeOf(any[r.IntN(len(any))]).Elem()).Elem()
		in(e)
		v.Set(e)
	}
}

// wrote is what is written, or what the panic says.
func wrote(write func([]byte, any) []byte, v any) (b []byte, said any) {
	defer func() { said = recover() }()
	return write([]byte("before"), v), nil
}

// Every value is written as reflection writes it, and read back as that reads it.
func TestSameAsReflection(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		for _, of := range all() {
			v := reflect.New(reflect.TypeOf(of).Elem())
			fill(r, v.Elem(), 5)
			for _, v := range []any{v.Elem().Interface(), v.Interface()} {
				got, problem := wrote(Append, v)
				want, wanted := wrote(slowAppend, v)
				if !bytes.Equal(got, want) || problem != wanted {
					t.Fatalf("%T %+v:\ngot  %q %v\nwant %q %v", v, v, got, problem, want, wanted)
				}
				if problem == nil && v != nil {
					readBoth(t, string(got[len("before"):]), reflect.TypeOf(v))
				}
			}
		}
	}
}

// Damaged bytes are read as reflection reads them: with the same error, or as the
// same value.
func TestSameDamage(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		for _, of := range all() {
			v := reflect.New(reflect.TypeOf(of).Elem())
			fill(r, v.Elem(), 5)
			b, problem := wrote(Append, v.Elem().Interface())
			if b = bytes.TrimPrefix(b, []byte("before")); problem != nil || len(b) == 0 {
				continue
			}
			for range 8 {
				hurt := bytes.Clone(b)
				for range 1 + r.IntN(3) {
					hurt[r.IntN(len(hurt))] = byte(r.Uint32()) >> r.IntN(8)
				}
				readBoth(t, string(hurt[:r.IntN(len(hurt)+1)]), v.Type().Elem())
				readBoth(t, string(hurt), v.Type().Elem())
			}
		}
	}
}

// Lists that are longer than the room that is made for them at once.
func TestSameLong(t *testing.T) {
	for _, n := range []int{1, 4095, 4096, 4097, 8192, 20000} {
		list := make([]number, n)
		for i := range list {
			list[i].B = int64(i)
		}
		b := Append(nil, list)
		readBoth(t, string(b), reflect.TypeFor[[]number]())
		readBoth(t, string(b[:len(b)-1]), reflect.TypeFor[[]number]())
		var got []number
		if _, err := Read(string(b), &got); err != nil || !reflect.DeepEqual(got, list) {
			t.Errorf("%d numbers: %v", n, err)
		}
	}
}

func FuzzSame(f *testing.F) {
	r := rand.New(rand.NewPCG(7, 8))
	for i, of := range all() {
		v := reflect.New(reflect.TypeOf(of).Elem())
		fill(r, v.Elem(), 5)
		if b, problem := wrote(Append, v.Elem().Interface()); problem == nil {
			f.Add(uint8(i), b[len("before"):])
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, b []byte) {
		of := all()
		readBoth(t, string(b), reflect.TypeOf(of[int(which)%len(of)]).Elem())
	})
}

// readBoth reads bytes as a value of a type in both ways, which are to say the same
// of it, be it new or a pointer to room that has something in it.
func readBoth(t *testing.T, b string, of reflect.Type) {
	t.Helper()
	got, want, twin := reflect.New(of), reflect.New(of), reflect.New(of)
	wantedRest, wanted := slowRead(b, want.Interface())
	slowRead(b, twin.Interface())
	for range 2 {
		rest, err := Read(b, got.Interface())
		if rest != wantedRest || !sameError(err, wanted) {
			t.Fatalf("%v of %q:\ngot  %q, %v\nwant %q, %v", of, b, rest, err, wantedRest, wanted)
		}
		number := reflect.DeepEqual(want.Interface(), twin.Interface()) // all floats are numbers
		if err == nil && number && !reflect.DeepEqual(got.Interface(), want.Interface()) {
			t.Fatalf("%v of %q: got %+v, want %+v", of, b, got.Elem(), want.Elem())
		}
		again, problem := wrote(slowAppend, got.Elem().Interface())
		if written, wanted := wrote(slowAppend, want.Elem().Interface()); err == nil && (problem != wanted || !bytes.Equal(again, written)) {
			t.Fatalf("%v of %q: written again as %q, want %q", of, b, again, written)
		}
		if of.Kind() != reflect.Pointer {
			return
		}
		room := reflect.New(of.Elem())
		fill(rand.New(rand.NewPCG(3, 4)), room.Elem(), 4)
		got.Elem().Set(room)
	}
}

// sameError tells whether two errors are the same, but for what a panic over damaged
// bytes said.
func sameError(a, b error) bool {
	const panicked = "damaged value: "
	x, y := fmt.Sprint(a), fmt.Sprint(b)
	return x == y || strings.HasPrefix(x, panicked) && strings.HasPrefix(y, panicked)
}
