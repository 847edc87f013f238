package webp

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/image/webp"
)

// drawn is a picture with soft parts, edges and noise, as the seed wants it.
func drawn(width, height int, seed uint64) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(seed, 1))
	noise, edge, slope := r.IntN(3)*r.IntN(40), 1+r.IntN(30), r.IntN(9)
	fill := func(p []uint8, stride int) {
		base := r.IntN(256)
		for i := range p {
			x, y := i%stride, i/stride
			v := base + slope*x - y
			if (x/edge+y/edge)&1 != 0 {
				v += 90
			}
			if noise > 0 {
				v += r.IntN(2*noise) - noise
			}
			p[i] = uint8(min(max(v, 0), 255))
		}
	}
	fill(m.Y, m.YStride)
	fill(m.Cb, m.CStride)
	fill(m.Cr, m.CStride)
	return m
}

// made encodes a picture and returns the encoder too.
func made(m image.Image, quality int, coarse bool) (*encoder, []byte) {
	e := newEncoder(newPicture(m), quality)
	e.coarse = coarse
	e.choose()
	return e, e.file(e.partitions())
}

// same encodes a picture and fails unless it decodes to what the encoder expects.
func same(t *testing.T, m image.Image, quality int, coarse bool) {
	t.Helper()
	e, data := made(m, quality, coarse)
	decoded, err := webp.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got := decoded.(*image.YCbCr)
	if got.Rect.Dx() != e.width || got.Rect.Dy() != e.height {
		t.Fatalf("decoded as %v, want %dx%d", got.Rect, e.width, e.height)
	}
	want := e.filtered()
	for c, pix := range [][]uint8{got.Y, got.Cb, got.Cr} {
		stride := got.YStride
		if c > 0 {
			stride = got.CStride
		}
		compare(t, e, &want[c], c, pix, stride)
	}
}

// compare holds a decoded plane against that of the encoder.
func compare(t *testing.T, e *encoder, want *plane, c int, pix []uint8, stride int) {
	t.Helper()
	w, h := e.size(c)
	for y := range h {
		if a, b := pix[y*stride:y*stride+w], want.pix[want.at(0, y):][:w]; !bytes.Equal(a, b) {
			t.Fatalf("plane %d, row %d: decoded\n%v, want\n%v", c, y, a, b)
		}
	}
}

// size is that of a plane in pixels.
func (p *picture) size(c int) (w, h int) {
	if c > 0 {
		return (p.width + 1) / 2, (p.height + 1) / 2
	}
	return p.width, p.height
}

// A decoder that others wrote shows exactly what the encoder has rebuilt.
func TestDecodesToRebuilt(t *testing.T) {
	for width := 1; width <= 40; width++ {
		for height := 1; height <= 40; height += 1 + width%3 {
			seed := uint64(width*100 + height)
			same(t, drawn(width, height, seed), int(seed*7%101), seed%5 == 0)
		}
	}
	for quality := 0; quality <= 100; quality += 4 {
		for seed := range uint64(4) {
			same(t, drawn(150, 97, seed), quality, false)
		}
	}
}

// FuzzEncode: whatever the pixels, the size and the quality.
func FuzzEncode(f *testing.F) {
	f.Add(uint8(33), uint8(17), uint8(75), false, []byte("some pixels"))
	f.Add(uint8(64), uint8(64), uint8(0), true, []byte{0, 255})
	f.Add(uint8(1), uint8(1), uint8(100), false, []byte{})
	f.Fuzz(func(t *testing.T, width, height, quality uint8, coarse bool, pixels []byte) {
		m := image.NewYCbCr(image.Rect(0, 0, max(int(width), 1), max(int(height), 1)), image.YCbCrSubsampleRatio420)
		if len(pixels) > 0 {
			i := 0
			for _, p := range [][]uint8{m.Y, m.Cb, m.Cr} {
				for j := range p {
					p[j] = pixels[i%len(pixels)]
					i++
				}
			}
		}
		same(t, m, int(quality)%101, coarse)
	})
}

// program finds a program of Debian's package webp. Where it is missing the test is
// skipped, but not in CI.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing (Debian: apt-get install webp)", name)
	}
	if err != nil {
		t.Skipf("there is no %s here (Debian: apt-get install webp)", name)
	}
	return path
}

// libwebp shows the same, and finds nothing wrong with the file.
func TestLibwebp(t *testing.T) {
	dwebp, webpinfo := program(t, "dwebp"), program(t, "webpinfo")
	dir := t.TempDir()
	file, yuv := filepath.Join(dir, "x.webp"), filepath.Join(dir, "x.yuv")
	for i, m := range []*image.YCbCr{drawn(1, 1, 1), drawn(17, 33, 2), drawn(40, 7, 3), drawn(150, 97, 4), drawn(333, 222, 5), drawn(64, 64, 6)} {
		e, data := made(m, []int{0, 30, 60, 75, 90, 100}[i], i == 2)
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(webpinfo, file).CombinedOutput(); err != nil || !bytes.Contains(out, []byte("No error detected")) {
			t.Fatalf("webpinfo: %v\n%s", err, out)
		}
		if out, err := exec.Command(dwebp, "-quiet", "-yuv", file, "-o", yuv).CombinedOutput(); err != nil {
			t.Fatalf("dwebp: %v\n%s", err, out)
		}
		got, err := os.ReadFile(yuv)
		if err != nil {
			t.Fatal(err)
		}
		for c, want := range e.filtered() {
			w, h := e.size(c)
			compare(t, e, &want, c, got[:w*h], w)
			got = got[w*h:]
		}
	}
}

// The bytes are the same on every machine. If the encoder is changed on purpose,
// these sums change with it.
func TestSameBytes(t *testing.T) {
	for quality, want := range map[int]string{10: "8c91f647609247a0", 75: "1e8f758aa421d955", 100: "865d521774ca423d"} {
		var b bytes.Buffer
		if err := Encode(&b, drawn(200, 120, 1), quality); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(b.Bytes()))[:16]; got != want {
			t.Errorf("quality %d: %s, want %s", quality, got, want)
		}
	}
}

// Colours come out in the studio range, whatever kind of picture they are in.
func TestColours(t *testing.T) {
	for _, c := range []struct {
		colour color.Color
		want   [3]int
	}{
		{color.White, [3]int{235, 128, 128}},
		{color.Black, [3]int{16, 128, 128}},
		{color.RGBA{255, 0, 0, 255}, [3]int{81, 90, 240}},
		{color.RGBA{0, 0, 255, 255}, [3]int{41, 240, 110}},
	} {
		y, cb, cr := color.RGBToYCbCr(rgb(c.colour))
		wide := image.NewYCbCr(image.Rect(0, 0, 9, 7), image.YCbCrSubsampleRatio422)
		rgba := image.NewRGBA(wide.Rect)
		for i := range wide.Y {
			wide.Y[i] = y
		}
		for i := range wide.Cb {
			wide.Cb[i], wide.Cr[i] = cb, cr
		}
		for i := range 9 * 7 {
			rgba.Set(i%9, i/9, c.colour)
		}
		for _, m := range []image.Image{rgba, wide, wide.SubImage(image.Rect(3, 2, 8, 7)), image.NewUniform(c.colour)} {
			if u, ok := m.(*image.Uniform); ok {
				m = bounded{u, image.Rect(-3, -5, 4, 4)}
			}
			var b bytes.Buffer
			if err := Encode(&b, m, 95); err != nil {
				t.Fatal(err)
			}
			got, err := webp.Decode(&b)
			if err != nil {
				t.Fatal(err)
			}
			p := got.(*image.YCbCr)
			for i, v := range []uint8{p.Y[0], p.Cb[0], p.Cr[0]} {
				if d := int(v) - c.want[i]; d > 1 || d < -1 {
					t.Errorf("%v as %T: plane %d is %d, want %d", c.colour, m, i, v, c.want[i])
				}
			}
		}
	}
}

func rgb(c color.Color) (r, g, b uint8) {
	v := color.RGBAModel.Convert(c).(color.RGBA)
	return v.R, v.G, v.B
}

// bounded is a picture of one colour that has an end.
type bounded struct {
	*image.Uniform
	rect image.Rectangle
}

func (b bounded) Bounds() image.Rectangle { return b.rect }

func TestErrors(t *testing.T) {
	for _, size := range [][2]int{{0, 5}, {5, 0}, {MaxSide + 1, 1}, {1, MaxSide + 1}} {
		m := bounded{image.NewUniform(color.White), image.Rect(0, 0, size[0], size[1])}
		if err := Encode(&bytes.Buffer{}, m, 75); !errors.Is(err, ErrSize) {
			t.Errorf("%v: %v", size, err)
		}
	}
	full := errors.New("full")
	if err := Encode(failing{full}, drawn(8, 8, 1), 75); !errors.Is(err, full) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// What does not fit with 4x4 modes is made without, and what does not fit then is
// an error.
func TestLimit(t *testing.T) {
	p := newPicture(drawn(200, 120, 1))
	first := func(coarse bool) int {
		e := newEncoder(p, 90)
		e.coarse = coarse
		e.choose()
		part, _ := e.partitions()
		return len(part)
	}
	fine, coarse := first(false), first(true)
	if coarse >= fine {
		t.Fatalf("without 4x4 modes %d bytes, with %d", coarse, fine)
	}
	data, err := encode(p, 90, fine)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := webp.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
	if _, err := encode(p, 90, coarse); !errors.Is(err, ErrDetail) {
		t.Error(err)
	}
}

// A longer side than any other test has, in the direction where offsets grow.
func TestLongest(t *testing.T) {
	same(t, drawn(MaxSide, 3, 1), 50, false)
	same(t, drawn(3, MaxSide, 1), 50, false)
}

func BenchmarkEncode(b *testing.B) {
	p := drawn(1200, 800, 5)
	b.ReportAllocs()
	for b.Loop() {
		if err := Encode(&bytes.Buffer{}, p, 75); err != nil {
			b.Fatal(err)
		}
	}
}

// The scale of quality is libwebp's: the steps are those of cwebp -sns 0.
func TestQuality(t *testing.T) {
	for quality, want := range map[int]int{0: 127, 10: 75, 30: 52, 50: 38, 60: 33, 74: 26, 75: 26, 76: 24, 80: 19, 90: 9, 95: 4, 100: 0} {
		if got := qualityIndex(quality); got != want {
			t.Errorf("quality %d: index %d, want %d", quality, got, want)
		}
	}
}
