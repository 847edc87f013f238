package webp

import (
	"image"
	"image/color"
)

// A plane is one component in whole macroblocks. A plane to be rebuilt has a
// border: a row above, and four columns on either side.
type plane struct {
	pix            []uint8
	stride, origin int
}

// newPlane makes a plane with a border, which holds what RFC 6386, section 12,
// says of pixels outside.
func newPlane(width, height int) plane {
	p := plane{stride: width + 8}
	p.origin = p.stride + 4
	p.pix = make([]uint8, p.stride*(height+1))
	for i := range p.pix[:p.stride] {
		p.pix[i] = 127
	}
	for y := range height {
		p.pix[p.origin+y*p.stride-1] = 129
	}
	return p
}

// at is the offset of a pixel.
func (p *plane) at(x, y int) int { return p.origin + y*p.stride + x }

// A picture is what a decoder has to show: three planes of BT.601 in studio range.
type picture struct {
	width, height int // in pixels
	across, down  int // in macroblocks
	planes        [3]plane
}

// studioLuma and studioChroma turn the full range of JPEG into the studio range.
var studioLuma, studioChroma = func() (l, c [256]uint8) {
	for i := range l {
		l[i] = uint8(16 + (i*219+127)/255)
		c[i] = uint8((16*255 + i*224 + 127) / 255)
	}
	return l, c
}()

// newPicture converts a picture and repeats its last pixels up to whole
// macroblocks.
func newPicture(m image.Image) *picture {
	full, ok := m.(*image.YCbCr)
	if !ok {
		full = fromRGB(m)
	}
	b := full.Rect
	p := &picture{width: b.Dx(), height: b.Dy(), across: (b.Dx() + 15) / 16, down: (b.Dy() + 15) / 16}
	for i := range p.planes {
		n := 16
		if i > 0 {
			n = 8
		}
		p.planes[i] = plane{pix: make([]uint8, p.across*p.down*n*n), stride: p.across * n}
	}
	luma := &p.planes[0]
	for y := range p.height {
		row, o := luma.pix[y*luma.stride:], full.YOffset(b.Min.X, b.Min.Y+y)
		for x, v := range full.Y[o : o+p.width] {
			row[x] = studioLuma[v]
		}
	}
	luma.extend(p.width, p.height)
	p.chroma(full)
	return p
}

// chroma fills the planes of chroma: each value is the mean over two by two pixels.
func (p *picture) chroma(full *image.YCbCr) {
	w, h := (p.width+1)/2, (p.height+1)/2
	b := full.Rect
	direct := full.SubsampleRatio == image.YCbCrSubsampleRatio420 && (b.Min.X|b.Min.Y)&1 == 0
	u, v := &p.planes[1], &p.planes[2]
	for y := range h {
		top, low := b.Min.Y+2*y, min(b.Min.Y+2*y+1, b.Max.Y-1)
		ru, rv := u.pix[y*u.stride:], v.pix[y*v.stride:]
		for x := range w {
			left, right := b.Min.X+2*x, min(b.Min.X+2*x+1, b.Max.X-1)
			i := full.COffset(left, top)
			if direct {
				ru[x], rv[x] = studioChroma[full.Cb[i]], studioChroma[full.Cr[i]]
				continue
			}
			j, k, l := full.COffset(right, top), full.COffset(left, low), full.COffset(right, low)
			ru[x], rv[x] = mean(full.Cb, i, j, k, l), mean(full.Cr, i, j, k, l)
		}
	}
	u.extend(w, h)
	v.extend(w, h)
}

func mean(c []uint8, i, j, k, l int) uint8 {
	return studioChroma[(int(c[i])+int(c[j])+int(c[k])+int(c[l])+2)/4]
}

// extend repeats the last column and the last row of what is filled.
func (p *plane) extend(w, h int) {
	for y := range h {
		row := p.pix[y*p.stride : (y+1)*p.stride]
		for x := w; x < p.stride; x++ {
			row[x] = row[w-1]
		}
	}
	last := p.pix[(h-1)*p.stride : h*p.stride]
	for o := h * p.stride; o < len(p.pix); o += p.stride {
		copy(p.pix[o:], last)
	}
}

// fromRGB converts any picture, each pixel with its own chroma.
func fromRGB(m image.Image) *image.YCbCr {
	b := m.Bounds()
	out := image.NewYCbCr(b, image.YCbCrSubsampleRatio444)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := m.At(x, y).RGBA()
			i := out.YOffset(x, y)
			out.Y[i], out.Cb[i], out.Cr[i] = color.RGBToYCbCr(uint8(r>>8), uint8(g>>8), uint8(bl>>8))
		}
	}
	return out
}
