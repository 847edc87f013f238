package pixels

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"stet/internal/webp"
)

// render makes what a rendition shows. In a JPEG and in a WebP file it is the
// same.
func (p *picture) render(j Job, orientation int) image.Image {
	f := framed(p.w, p.h, orientation, j)
	if j.lossy() && p.model == ycc && p.toSRGB == nil {
		return subsampled(f, []plane{p.component(0, f, false), p.component(1, f, true), p.component(2, f, true)})
	}
	planes := make([]plane, len(p.levels))
	for i := range planes {
		planes[i] = p.component(i, f, false)
	}
	return p.assembled(f, j.lossy(), planes)
}

// encode writes it in the format of the rendition.
func encode(m image.Image, j Job) (Rendition, error) {
	var b bytes.Buffer
	var err error
	quality := cmp.Or(j.Quality, 80)
	switch j.Type {
	case "image/png":
		err = png.Encode(&b, m)
	case "image/webp":
		err = webp.Encode(&b, m, quality)
	default:
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	}
	return Rendition{Width: m.Bounds().Dx(), Height: m.Bounds().Dy(), Type: j.Type, Data: b.Bytes()}, err
}

// assembled makes an image in sRGB of planes of one size.
func (p *picture) assembled(f frame, lossy bool, planes []plane) image.Image {
	rect := image.Rect(0, 0, f.width, f.height)
	for y := range f.height {
		p.colour(planes, y, lossy)
	}
	switch {
	case p.model == gray:
		return &image.Gray{Pix: planes[0].pix, Stride: planes[0].stride, Rect: rect}
	case lossy:
		for y := range f.height {
			a, b, c := planes[0].row(y), planes[1].row(y), planes[2].row(y)
			for x := range a {
				a[x], b[x], c[x] = color.RGBToYCbCr(a[x], b[x], c[x])
			}
		}
		return subsampled(f, []plane{planes[0], planes[1].halved(), planes[2].halved()})
	}
	m := image.NewNRGBA(rect)
	for y := range f.height {
		row := m.Pix[y*m.Stride:]
		for x := range f.width {
			for i, q := range planes[:3] {
				row[4*x+i] = q.pix[y*q.stride+x]
			}
			row[4*x+3] = 255
			if p.alpha {
				row[4*x+3] = planes[3].pix[y*planes[3].stride+x]
			}
		}
	}
	return m
}

func subsampled(f frame, planes []plane) image.Image {
	return &image.YCbCr{Y: planes[0].pix, Cb: planes[1].pix, Cr: planes[2].pix, YStride: planes[0].stride, CStride: planes[1].stride,
		SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: image.Rect(0, 0, f.width, f.height)}
}

// colour brings a row to sRGB. What is lossy has white where
// nothing is.
func (p *picture) colour(planes []plane, y int, lossy bool) {
	var rows [4][]byte
	for i := range planes {
		rows[i] = planes[i].row(y)
	}
	a, b, c, k := rows[0], rows[1], rows[2], rows[3]
	if p.model == ycc || p.model == ycck {
		for x := range a {
			a[x], b[x], c[x] = yccToRGB(a[x], b[x], c[x])
		}
	}
	if p.alpha {
		for x, opacity := range k {
			a[x], b[x], c[x] = divided(a[x], opacity), divided(b[x], opacity), divided(c[x], opacity)
		}
	}
	switch {
	case p.toSRGB != nil:
		p.toSRGB.apply(a, b, c, k)
	case p.model == cmyk || p.model == ycck:
		for x, ink := range k {
			a[x], b[x], c[x] = unprinted(a[x], ink), unprinted(b[x], ink), unprinted(c[x], ink)
		}
	}
	if p.alpha && lossy {
		for x, opacity := range k {
			a[x], b[x], c[x] = onWhite(a[x], opacity), onWhite(b[x], opacity), onWhite(c[x], opacity)
		}
	}
}

func yccToRGB(y, cb, cr byte) (r, g, b byte) { return color.YCbCrToRGB(y, cb, cr) }

// divided is the colour of a sample that was multiplied with its opacity.
func divided(v, opacity byte) byte {
	if opacity == 0 {
		return 0
	}
	return byte(min(255, (int(v)*255+int(opacity)/2)/int(opacity)))
}

func onWhite(v, opacity byte) byte {
	return byte((int(v)*int(opacity) + 255*(255-int(opacity)) + 127) / 255)
}

// unprinted is what paper reflects through an ink and black.
func unprinted(ink, black byte) byte {
	return byte(((255-int(ink))*(255-int(black)) + 127) / 255)
}

// straight is a colour that is not multiplied with its opacity.
func straight(c color.Color) [4]byte {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return [4]byte{n.R, n.G, n.B, n.A}
}
