package plain_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stet/internal/plain"
)

type inner struct {
	Name  string
	Score float64
	Sub   *inner
}

type everything struct {
	Yes    bool
	Count  int
	Small  uint16
	Text   string
	Bytes  []byte
	Sum    [4]byte
	List   []inner
	Map    map[string]int
	Any    any
	Params map[string]any
	At     time.Time
	None   *inner
}

func value() everything {
	return everything{
		Yes: true, Count: -7, Small: 9, Text: "Käse", Bytes: []byte{0, 1}, Sum: [4]byte{1, 2, 3, 4},
		List: []inner{{"a", 1.5, &inner{Name: "b"}}}, Map: map[string]int{"x": 1, "y": 2}, Any: []any{"s", 1, true, nil},
		Params: map[string]any{"k": map[string]any{"deep": 2.5}},
		At:     time.Date(2026, 11, 22, 10, 0, 0, 5, time.FixedZone("CET", 3600)),
	}
}

func TestRoundTrip(t *testing.T) {
	want := value()
	b := plain.Append(nil, want)
	var got everything
	rest, err := plain.Read(string(b)+"rest", &got)
	if err != nil || rest != "rest" {
		t.Fatalf("rest %q, error %v", rest, err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if !bytes.Equal(b, plain.Append(nil, got)) {
		t.Error("the value read back is written otherwise")
	}
}

// Times that print differently are different values.
func TestZonesDiffer(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	a, b := plain.Append(nil, at), plain.Append(nil, at.In(time.FixedZone("CET", 3600)))
	if bytes.Equal(a, b) {
		t.Error("two zones, the same bytes")
	}
}

// Bytes that were cut anywhere are an error or another value, never a panic.
func TestCut(t *testing.T) {
	b := plain.Append(nil, value())
	for i := range b {
		var got everything
		if _, err := plain.Read(string(b[:i]), &got); err == nil {
			t.Fatalf("%d of %d bytes were read without an error", i, len(b))
		}
	}
}

func TestNotPlain(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a struct with a hidden field was written")
		}
	}()
	plain.Append(nil, struct{ hidden int }{1})
}

func FuzzRead(f *testing.F) {
	f.Add(plain.Append(nil, value()))
	f.Fuzz(func(t *testing.T, data []byte) {
		var got everything
		if rest, err := plain.Read(string(data), &got); err == nil && len(rest) > len(data) {
			t.Error("more is left than there was")
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	v := value()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = plain.Append(buf[:0], v)
	}
}
