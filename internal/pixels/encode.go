package pixels

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

// render makes one rendition.
func (p *picture) render(j Job, orientation int) (Rendition, error) {
	f := framed(p.w, p.h, orientation, j)
	var m image.Image
	if j.Type == "image/jpeg" && p.model == ycc && p.toSRGB == nil {
		m = subsampled(f, []plane{p.component(0, f, false), p.component(1, f, true), p.component(2, f, true)})
	} else {
		planes := make([]plane, len(p.levels))
		for i := range planes {
			planes[i] = p.component(i, f, false)
		}
		m = p.assembled(f, j.Type, planes)
	}
	var b bytes.Buffer
	var err error
	if j.Type == "image/png" {
		err = png.Encode(&b, m)
	} else {
		quality := j.Quality
		if quality == 0 {
			quality = 80
		}
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	}
	return Rendition{Width: f.width, Height: f.height, Type: j.Type, Data: b.Bytes()}, err
}

// assembled makes an image in sRGB of planes of one size.
func (p *picture) assembled(f frame, kind string, planes []plane) image.Image {
	rect := image.Rect(0, 0, f.width, f.height)
	for y := range f.height {
		p.colour(planes, y, kind)
	}
	switch {
	case p.model == gray:
		return &image.Gray{Pix: planes[0].pix, Stride: planes[0].stride, Rect: rect}
	case kind == "image/jpeg":
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

// colour brings a row to sRGB. A JPEG has white where nothing is.
func (p *picture) colour(planes []plane, y int, kind string) {
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
	if p.alpha && kind == "image/jpeg" {
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
