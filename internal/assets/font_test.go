package assets

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
)

// testdata/go.ttf and go.woff2 are some letters of the Go font (BSD licence of
// golang.org/x/image), made with fontTools; turned.woff2 is the second with its
// widths written the other way that WOFF2 knows.
func fontData(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A font says the same of itself in every format.
func TestReadFace(t *testing.T) {
	want := "0.94 0.21 0.00 0.445 sans"
	for _, name := range []string{"go.ttf", "go.woff2", "turned.woff2"} {
		m, err := readFace(fontData(t, name))
		got := fmt.Sprintf("%.2f %.2f %.2f %.3f", m.ascent, m.descent, m.gap, m.width)
		if m.sans {
			got += " sans"
		}
		if err != nil || got != want {
			t.Errorf("%s is %s, want %s (%v)", name, got, want, err)
		}
	}
	variable, err := readFace(fontData(t, "variable.woff2"))
	if err != nil || variable.least != 400 || variable.most != 700 {
		t.Errorf("the weights are %d to %d, %v", variable.least, variable.most, err)
	}
}

// What is no font is refused, and so is one that is cut off.
func TestNoFont(t *testing.T) {
	ttf, woff := fontData(t, "go.ttf"), fontData(t, "go.woff2")
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":      {nil, errNoFont},
		"words":        {[]byte("a font"), errNoFont},
		"WOFF":         {[]byte("wOFF and more"), errNoFont},
		"a collection": {[]byte("ttcf\x00\x01\x00\x00"), errCollection},
		"a head":       {ttf[:12], errTables},
		"half":         {ttf[:len(ttf)/2], errTables},
		"WOFF2's head": {woff[:48], errTables},
		"half a WOFF2": {woff[:len(woff)/2], errTables},
	} {
		if _, err := readFace(c.data); err != c.want {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// The widths of local fonts are those of fonts that are as wide by design:
// Liberation, where it is installed (fonts-liberation of Debian).
func TestLocals(t *testing.T) {
	for generic, family := range map[string]string{"serif": "Serif", "sans": "Sans"} {
		for i, style := range []string{"Regular", "Italic", "Bold", "BoldItalic"} {
			data, err := os.ReadFile("/usr/share/fonts/truetype/liberation/Liberation" + family + "-" + style + ".ttf")
			if err != nil {
				t.Skip("the fonts are not here")
			}
			m, err := readFace(data)
			if want := locals[generic].widths[i]; err != nil || math.Abs(m.width-want) > .0001 {
				t.Errorf("a letter of %s %s is %.4f wide, want %.4f (%v)", family, style, m.width, want, err)
			}
			if m.sans != (generic == "sans") || m.serif != (generic == "serif") {
				t.Errorf("%s is taken for another kind", family)
			}
		}
	}
}

func FuzzFont(f *testing.F) {
	for _, name := range []string{"go.ttf", "go.woff2", "turned.woff2", "variable.woff2"} {
		f.Add(fontData(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := readFace(data)
		if err != nil {
			return
		}
		for _, v := range []float64{m.ascent, m.descent, m.gap, m.width} {
			if written := percent(v / .4); strings.ContainsAny(written, "NIe-") || v > 8 {
				t.Errorf("%v is written %s", v, written)
			}
		}
	})
}
