package pixels

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"path/filepath"
	"testing"
)

// A field is a picture in numbers that nothing rounds, three a pixel.
type field struct {
	w, h int
	v    []float64
}

func fieldOf(m image.Image) field {
	n := image.NewNRGBA(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	draw.Draw(n, n.Rect, m, m.Bounds().Min, draw.Src)
	f := field{n.Rect.Dx(), n.Rect.Dy(), nil}
	for i, v := range n.Pix {
		if i%4 != 3 {
			f.v = append(f.v, float64(v))
		}
	}
	return f
}

// narrowed scales the rows by a Lanczos filter of three lobes, without any
// shortcut, and lays them down as columns.
func (f field) narrowed(w int) field {
	g := field{f.h, w, make([]float64, 3*w*f.h)}
	step := float64(f.w) / float64(w)
	for x := range w {
		middle, sum := (float64(x)+0.5)*step, 0.0
		first := int(math.Floor(middle-3*step)) - 1
		weights := make([]float64, int(6*step)+3)
		for k := range weights {
			d := math.Abs(float64(first+k)+0.5-middle) / step
			if d == 0 {
				weights[k] = math.Pi * math.Pi / 3
			} else if d < 3 {
				weights[k] = math.Sin(math.Pi*d) * math.Sin(math.Pi*d/3) / (d * d)
			}
			sum += weights[k]
		}
		for y := range f.h {
			to, row := g.v[3*(x*f.h+y):], f.v[3*y*f.w:]
			for k, weight := range weights {
				from := 3 * max(0, min(first+k, f.w-1))
				for c := range 3 {
					to[c] += weight / sum * row[from+c]
				}
			}
		}
	}
	return g
}

func (f field) psnr(m image.Image) float64 {
	squares := 0.0
	for i, v := range fieldOf(m).v {
		squares += (v - f.v[i]) * (v - f.v[i])
	}
	return 10 * math.Log10(255*255*float64(len(f.v))/squares)
}

// Renditions are at most half a decibel further from an exact scaling than those
// of vipsthumbnail.
func TestSharp(t *testing.T) {
	dir := t.TempDir()
	sunrise, err := jpeg.Decode(bytes.NewReader(conformance(t, "sunrise.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]image.Image{"scene": scene(1500, 1000), "sunrise": sunrise} {
		exact := fieldOf(m)
		sources := map[string][]byte{"png": asPNG(t, m), "jpg": asJPEG(t, m, 93)}
		for _, shrink := range []float64{1.3, 3.1, 6.25} {
			w := int(float64(m.Bounds().Dx()) / shrink)
			_, h := Size(m.Bounds().Dx(), m.Bounds().Dy(), 1, Job{Width: w})
			want := exact.narrowed(w).narrowed(h)
			for kind, data := range sources {
				from := write(t, dir, name+"."+kind, data)
				for _, to := range []string{"png", "jpeg"} {
					file := filepath.Join(dir, "out."+to)
					vips(t, "vipsthumbnail", from, "-s", fmt.Sprintf("%dx%d!", w, h), "-o", file+map[string]string{"png": "[strip]", "jpeg": "[Q=80,strip]"}[to])
					theirs := Rendition{Type: "image/" + to, Data: read(t, file)}
					ours := made(t, data, 1, Job{Width: w, Type: "image/" + to, Quality: 80})[0]
					a, b := want.psnr(decoded(t, ours)), want.psnr(decoded(t, theirs))
					t.Logf("%-7s %s by %-5.3g to %-4s %6.2f dB in %7d bytes, vips %6.2f dB in %7d", name, kind, shrink, to, a, len(ours.Data), b, len(theirs.Data))
					// A PNG of a JPEG shows what shrinking in blocks costs, at 47 dB and more.
					if a < b-0.5 && (kind == "png" || to == "jpeg") {
						t.Errorf("%s %s by %.3g to %s: %.2f dB below vips", name, kind, shrink, to, b-a)
					}
				}
			}
		}
	}
}
