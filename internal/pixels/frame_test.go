package pixels

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"testing"
)

// quarters is a picture with four colours: red and green above, blue and white
// below.
func quarters(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i, c := range []color.NRGBA{{220, 30, 30, 255}, {30, 200, 30, 255}, {30, 30, 220, 255}, {250, 250, 250, 255}} {
		x, y := i%2*w/2, i/2*h/2
		draw.Draw(m, image.Rect(x, y, x+(w+1)/2, y+(h+1)/2), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return m
}

// turned is a picture as a camera would store it in an orientation.
func turned(m image.Image, orientation int) image.Image {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	sw, sh := w, h
	if orientation >= 5 {
		sw, sh = h, w
	}
	to := image.NewNRGBA(image.Rect(0, 0, sw, sh))
	for y := range h {
		for x := range w {
			// By the words of the norm: which edges row 0 and column 0 of the file show.
			row := []int{y, y, h - 1 - y, h - 1 - y, x, w - 1 - x, w - 1 - x, x}[orientation-1]
			column := []int{x, w - 1 - x, w - 1 - x, x, y, y, h - 1 - y, h - 1 - y}[orientation-1]
			to.Set(column, row, m.At(x, y))
		}
	}
	return to
}

func TestOrientations(t *testing.T) {
	m := quarters(64, 40)
	for _, size := range []int{0, 31, 17} {
		want := made(t, asPNG(t, m), 1, Job{Width: size, Type: "image/png"})[0]
		for o := 2; o <= 8; o++ {
			got := made(t, asPNG(t, turned(m, o)), o, Job{Width: size, Type: "image/png"})[0]
			// Rounding depends on whether rows or columns come first.
			if d := largestDifference(decoded(t, got), decoded(t, want)); d > 2 || d > 0 && size == 0 {
				t.Errorf("orientation %d at %d pixels differs by %d", o, size, d)
			}
		}
	}
}

// The eight files of the conformance folder show the same.
func TestOrientationFiles(t *testing.T) {
	for _, kind := range []string{"image/jpeg", "image/png"} {
		var first image.Image
		for o := 1; o <= 8; o++ {
			r := made(t, conformance(t, fmt.Sprintf("f%d-exif.jpg", o)), o, Job{Type: kind, Quality: 95})[0]
			m := decoded(t, r)
			if first == nil {
				first = m
			}
			if m.Bounds() != first.Bounds() {
				t.Errorf("orientation %d: %v, not %v", o, m.Bounds(), first.Bounds())
			}
			if d := meanDifference(m, first); d > 2 {
				t.Errorf("orientation %d differs by %.1f", o, d)
			}
		}
	}
}

func meanDifference(a, b image.Image) float64 {
	sum, n := 0, 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			c, d := straightAt(a, x, y), straightAt(b, x, y)
			sum += apart(c.R, d.R) + apart(c.G, d.G) + apart(c.B, d.B)
			n += 3
		}
	}
	return float64(sum) / float64(n)
}

func near(a, b color.NRGBA) bool { return max(apart(a.R, b.R), apart(a.G, b.G), apart(a.B, b.B)) < 5 }

func largestDifference(a, b image.Image) (most int) {
	if a.Bounds() != b.Bounds() {
		return 255
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			c, d := straightAt(a, x, y), straightAt(b, x, y)
			most = max(most, apart(c.R, d.R), apart(c.G, d.G), apart(c.B, d.B), apart(c.A, d.A))
		}
	}
	return most
}

func apart(a, b byte) int { return max(int(a)-int(b), int(b)-int(a)) }

func TestSize(t *testing.T) {
	for _, c := range []struct {
		w, h, orientation int
		job               Job
		wantW, wantH      int
	}{
		{6000, 4000, 1, Job{Width: 1200}, 1200, 800},
		{6000, 4000, 6, Job{Width: 1200}, 1200, 1800},
		{6000, 4000, 1, Job{Width: 9000}, 6000, 4000},
		{6000, 4000, 1, Job{}, 6000, 4000},
		{6000, 4000, 1, Job{Width: 1600, Ratio: [2]int{16, 9}}, 1600, 900},
		{6000, 4000, 8, Job{Width: 1600, Ratio: [2]int{16, 9}}, 1600, 900},
		{6000, 4000, 8, Job{Width: 5000, Ratio: [2]int{16, 9}}, 4000, 2250},
		{6000, 4000, 1, Job{Width: 400, Ratio: [2]int{1, 1}}, 400, 400},
		{5000, 1, 1, Job{Width: 10}, 10, 1},
		{1, 1, 1, Job{Width: 10, Ratio: [2]int{16, 9}}, 1, 1},
		{3, 2, 1, Job{Width: 2, Ratio: [2]int{-1, 9}}, 2, 1},
	} {
		if w, h := Size(c.w, c.h, c.orientation, c.job); w != c.wantW || h != c.wantH {
			t.Errorf("%d × %d, %d, %+v: %d × %d, not %d × %d", c.w, c.h, c.orientation, c.job, w, h, c.wantW, c.wantH)
		}
	}
}

// A crop shows the focus, in every orientation.
func TestFocus(t *testing.T) {
	m := quarters(200, 100)
	for o := 1; o <= 8; o++ {
		data := asPNG(t, turned(m, o))
		for _, c := range []struct {
			focus       [2]float64
			left, right color.NRGBA // above, at the edges
		}{
			{[2]float64{0, 0}, straightAt(m, 0, 0), straightAt(m, 0, 0)},
			{[2]float64{1, 0}, straightAt(m, 199, 0), straightAt(m, 199, 0)},
			{Centre, straightAt(m, 0, 0), straightAt(m, 199, 0)},
			{[2]float64{0.5, 7}, straightAt(m, 0, 0), straightAt(m, 199, 0)},
		} {
			r := made(t, data, o, Job{Width: 50, Ratio: [2]int{1, 1}, Focus: c.focus, Type: "image/png"})[0]
			got := decoded(t, r)
			if r.Width != 50 || r.Height != 50 {
				t.Errorf("%d × %d", r.Width, r.Height)
			}
			if l, r := straightAt(got, 1, 1), straightAt(got, 48, 1); !near(l, c.left) || !near(r, c.right) {
				t.Errorf("orientation %d, focus %v: %v and %v, not %v and %v", o, c.focus, l, r, c.left, c.right)
			}
		}
	}
}
