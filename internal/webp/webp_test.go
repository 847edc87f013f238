package webp

import (
	"bytes"
	"fmt"
	"image"
	"math/rand/v2"
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

// same encodes a picture and fails unless it decodes to what the encoder expects.
func same(t *testing.T, m image.Image, quality int) {
	t.Helper()
	e := newEncoder(newPicture(m), quality)
	e.choose()
	var b bytes.Buffer
	if err := e.write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := webp.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	compare(t, e, got.(*image.YCbCr))
}

// compare holds decoded planes against those of the encoder.
func compare(t *testing.T, e *encoder, got *image.YCbCr) {
	t.Helper()
	if got.Rect.Dx() != e.width || got.Rect.Dy() != e.height {
		t.Fatalf("decoded as %v, want %dx%d", got.Rect, e.width, e.height)
	}
	want := e.filtered()
	for c, pix := range [][]uint8{got.Y, got.Cb, got.Cr} {
		w, h, stride := e.width, e.height, got.YStride
		if c > 0 {
			w, h, stride = (w+1)/2, (h+1)/2, got.CStride
		}
		for y := range h {
			if a, b := pix[y*stride:y*stride+w], want[c].pix[want[c].at(0, y):][:w]; !bytes.Equal(a, b) {
				t.Fatalf("plane %d, row %d: decoded\n%v, want\n%v", c, y, a, b)
			}
		}
	}
}

func TestDecodesToRebuilt(t *testing.T) {
	for width := 1; width <= 40; width++ {
		for height := 1; height <= 40; height += 1 + width%3 {
			seed := uint64(width*100 + height)
			same(t, drawn(width, height, seed), int(seed*7%101))
		}
	}
	for quality := 0; quality <= 100; quality += 4 {
		t.Run(fmt.Sprint(quality), func(t *testing.T) {
			for seed := range uint64(4) {
				same(t, drawn(150, 97, seed), quality)
			}
		})
	}
}
