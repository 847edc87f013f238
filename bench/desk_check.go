package main

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/webp"
)

// A rendition is a picture of an edition.
type rendition struct {
	photo         string // the name of its photograph without ending
	kind          string // the ending of its own
	width, height int
	bytes         int64
	path          string
}

// renditions are those of an edition, in the order of photograph, kind and width.
type renditions []rendition

// developed lists the pictures of an edition.
func developed(dir string) (all renditions, err error) {
	err = eachFile(dir, func(path string) error {
		kind := filepath.Ext(path)
		if kind != ".jpg" && kind != ".webp" {
			return nil
		}
		r := rendition{kind: kind, path: filepath.Join(dir, filepath.FromSlash(path))}
		if name := filepath.Base(path); len(name) > len("photo-000") {
			r.photo = name[:len("photo-000")]
		}
		f, err := os.Open(r.path)
		if err != nil {
			return err
		}
		defer f.Close()
		decode := jpeg.DecodeConfig
		if kind == ".webp" {
			decode = webp.DecodeConfig
		}
		config, err := decode(f)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		info, err := f.Stat()
		if err != nil {
			return err
		}
		r.width, r.height, r.bytes = config.Width, config.Height, info.Size()
		all = append(all, r)
		return nil
	})
	slices.SortFunc(all, func(a, b rendition) int {
		return cmp.Or(strings.Compare(a.photo, b.photo), strings.Compare(a.kind, b.kind), a.width-b.width)
	})
	return all, err
}

// check says what is missing, or there and not asked for.
func (all renditions) check(photos, width int, webp bool) error {
	kinds := []string{".jpg"}
	if webp {
		kinds = append(kinds, ".webp")
	}
	if want := photos * len(kinds) * len(deskWidths); len(all) != want {
		return fmt.Errorf("%d renditions were made, not %d", len(all), want)
	}
	i := 0
	for k := range photos {
		for _, kind := range kinds {
			for _, w := range deskWidths {
				r := all[i]
				i++
				h := (2*w*(width*2/3) + width) / (2 * width)
				if name := strings.TrimSuffix(cameraFile(k), ".jpg"); r.photo != name || r.kind != kind || r.width != w || r.height != h {
					return fmt.Errorf("%s of %s is %d × %d pixels; %s of %s in %d × %d is missing", r.kind, r.photo, r.width, r.height, kind, name, w, h)
				}
			}
		}
	}
	return nil
}

// bytes sums up the files.
func (all renditions) bytes() (sum int64) {
	for _, r := range all {
		sum += r.bytes
	}
	return sum
}

// sharpness is how near the renditions of one contestant in one format come to
// what libvips makes of the whole photograph without loss.
type sharpness struct {
	room  *darkroom
	kind  string
	psnr  float64 // mean, in decibels
	ssim  float64 // mean
	bytes int64
}

// compare measures how good the renditions of some photographs are.
func (d *desk) compare() error {
	if d.vips == "" {
		return nil
	}
	photos := slices.Compact([]int{0, d.N / 2, d.N - 1})
	var references [][]*image.Gray
	for _, k := range photos {
		var of []*image.Gray
		for _, w := range deskWidths {
			path := filepath.Join(d.work, "reference.png")
			photo := filepath.Join(d.work, "photos", cameraFile(k))
			said, err := exec.Command("vips", "resize", photo, path, fmt.Sprint(float64(w)/float64(d.width))).CombinedOutput()
			if err != nil {
				return fmt.Errorf("vips resize: %w\n%s", err, said)
			}
			m, err := lumaOf(path)
			if err != nil {
				return err
			}
			of = append(of, m)
		}
		references = append(references, of)
	}
	for _, r := range d.rooms {
		kind, perPhoto := ".jpg", len(deskWidths)
		if r.webp {
			kind, perPhoto = ".webp", 2*len(deskWidths)
		}
		s := sharpness{room: r, kind: kind}
		for i, k := range photos {
			for j, made := range r.made[(k+1)*perPhoto-len(deskWidths):][:len(deskWidths)] {
				if err := s.add(made, references[i][j]); err != nil {
					return err
				}
			}
		}
		count := float64(len(photos) * len(deskWidths))
		s.psnr, s.ssim = s.psnr/count, s.ssim/count
		d.sharp = append(d.sharp, s)
	}
	return nil
}

// add takes in one rendition.
func (s *sharpness) add(r rendition, reference *image.Gray) error {
	m, err := lumaOf(r.path)
	if err != nil {
		return err
	}
	if m.Rect != reference.Rect {
		return fmt.Errorf("%s: the reference is %v", r.path, reference.Rect)
	}
	s.psnr += psnr(m, reference)
	s.ssim += ssim(m, reference)
	s.bytes += r.bytes
	return nil
}

// lumaOf reads how light a picture is, from 0 to 255.
func lumaOf(path string) (*image.Gray, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	decode := png.Decode
	switch filepath.Ext(path) {
	case ".jpg":
		decode = jpeg.Decode
	case ".webp":
		decode = webp.Decode
	}
	m, err := decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	to := image.NewGray(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	for y := range to.Rect.Dy() {
		for x := range to.Rect.Dx() {
			to.Pix[y*to.Stride+x] = luma(m, x, y, filepath.Ext(path) == ".webp")
		}
	}
	return to, nil
}

// luma is that of a pixel; in a WebP file it goes from 16 to 235.
func luma(m image.Image, x, y int, narrow bool) byte {
	switch m := m.(type) {
	case *image.YCbCr:
		v := m.Y[m.YOffset(x, y)]
		if narrow {
			return clamped(((int(v)-16)*510 + 219) / 438)
		}
		return v
	case *image.Gray:
		return m.GrayAt(x, y).Y
	}
	r, g, b, _ := m.At(x, y).RGBA()
	v, _, _ := color.RGBToYCbCr(byte(r>>8), byte(g>>8), byte(b>>8))
	return v
}

// psnr is the ratio of the largest signal to the mean error, in decibels.
func psnr(a, b *image.Gray) float64 {
	sum := 1e-9
	for i, v := range a.Pix {
		e := float64(v) - float64(b.Pix[i])
		sum += e * e
	}
	return 10 * math.Log10(255*255*float64(len(a.Pix))/sum)
}

// ssim is the mean structural similarity (Wang et al., 2004) of windows of 8 by
// 8 pixels, at every fourth place.
func ssim(a, b *image.Gray) float64 {
	const side, step = 8, 4
	const c1, c2 = (0.01 * 255) * (0.01 * 255), (0.03 * 255) * (0.03 * 255)
	sum, count := 0.0, 0
	for top := 0; top+side <= a.Rect.Dy(); top += step {
		for left := 0; left+side <= a.Rect.Dx(); left += step {
			var sa, sb, saa, sbb, sab float64
			for y := top; y < top+side; y++ {
				for x := left; x < left+side; x++ {
					u, v := float64(a.Pix[y*a.Stride+x]), float64(b.Pix[y*b.Stride+x])
					sa, sb, saa, sbb, sab = sa+u, sb+v, saa+u*u, sbb+v*v, sab+u*v
				}
			}
			const n = side * side
			ma, mb := sa/n, sb/n
			va, vb, cov := saa/n-ma*ma, sbb/n-mb*mb, sab/n-ma*mb
			sum += (2*ma*mb + c1) * (2*cov + c2) / ((ma*ma + mb*mb + c1) * (va + vb + c2))
			count++
		}
	}
	return ratio(sum, float64(count))
}
