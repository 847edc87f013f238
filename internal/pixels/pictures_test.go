package pixels

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// conformance is a file of the project's shared collection of photos.
func conformance(t testing.TB, name string) []byte {
	t.Helper()
	for _, dir := range []string{"../../../shared", "../../../../shared", "/work/shared"} {
		if data, err := os.ReadFile(filepath.Join(dir, "conformance/photos", name)); err == nil {
			return data
		}
	}
	t.Skipf("no %s: the conformance files are not here", name)
	return nil
}

// scene is a picture with what photos have: slow gradients, texture of all
// sizes, hard edges, saturated colours, some noise. The same at every size.
func scene(w, h int) *image.YCbCr {
	m := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	at := func(x, y, octaves, seed int) int {
		sum := 0
		for o, cell := 0, max(w, h)/8; o < octaves && cell > 0; o, cell = o+1, cell/2 {
			sum += noise(x, y, cell, seed+o) >> o
		}
		return sum
	}
	for y := range h {
		for x := range w {
			v := 60 + 120*y/h + at(x, y, 9, 1) + noise(x, y, 1, 3)/6
			if (x*24/w+y*16/h)%5 == 0 && at(x, y, 3, 7) > 20 {
				v = 235 - v
			}
			m.Y[y*m.YStride+x] = byte(max(16, min(v, 240)))
		}
	}
	for y := range (h + 1) / 2 {
		for x := range (w + 1) / 2 {
			m.Cb[y*m.CStride+x] = byte(128 + at(2*x, 2*y, 5, 31))
			m.Cr[y*m.CStride+x] = byte(128 + at(2*x, 2*y, 5, 57))
		}
	}
	return m
}

// large is a picture of 24 megapixels, a scene 16 times.
func large() *image.YCbCr {
	small, m := scene(1500, 1000), image.NewYCbCr(image.Rect(0, 0, 6000, 4000), image.YCbCrSubsampleRatio420)
	for y := range 4000 {
		for x := 0; x < 6000; x += 1500 {
			copy(m.Y[y*m.YStride+x:], small.Y[y%1000*small.YStride:][:1500])
			if y%2 == 0 {
				copy(m.Cb[y/2*m.CStride+x/2:], small.Cb[y/2%500*small.CStride:][:750])
				copy(m.Cr[y/2*m.CStride+x/2:], small.Cr[y/2%500*small.CStride:][:750])
			}
		}
	}
	return m
}

// noise is value noise from -48 to 48 in cells of a size.
func noise(x, y, cell, seed int) int {
	corner := func(i, j int) int {
		u := uint32(i*374761393 + j*668265263 + seed*974634777)
		u = (u ^ u>>13) * 1274126177
		return int((u^u>>16)%97) - 48
	}
	i, j, fx, fy := x/cell, y/cell, x%cell, y%cell
	a := corner(i, j)*(cell-fx) + corner(i+1, j)*fx
	b := corner(i, j+1)*(cell-fx) + corner(i+1, j+1)*fx
	return (a*(cell-fy) + b*fy) / (cell * cell)
}

func asJPEG(t testing.TB, m image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	if _, ok := m.(*image.YCbCr); ok { // whose colours would be written with 16 bits
		n := image.NewNRGBA(m.Bounds())
		draw.Draw(n, n.Rect, m, m.Bounds().Min, draw.Src)
		m = n
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// made makes renditions of bytes.
func made(t testing.TB, data []byte, orientation int, jobs ...Job) []Rendition {
	t.Helper()
	all, err := Make(bytes.NewReader(data), orientation, jobs, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		m := decoded(t, r)
		if m.Bounds().Dx() != r.Width || m.Bounds().Dy() != r.Height {
			t.Errorf("a rendition of %d × %d has %v", r.Width, r.Height, m.Bounds())
		}
	}
	return all
}

func decoded(t testing.TB, r Rendition) image.Image {
	t.Helper()
	read := map[string]func(io.Reader) (image.Image, error){"image/jpeg": jpeg.Decode, "image/png": png.Decode}[r.Type]
	m, err := read(bytes.NewReader(r.Data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// straightAt is a colour in 8 bits.
func straightAt(m image.Image, x, y int) color.NRGBA {
	return color.NRGBAModel.Convert(m.At(m.Bounds().Min.X+x, m.Bounds().Min.Y+y)).(color.NRGBA)
}
