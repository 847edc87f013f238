package pixels

import "encoding/binary"

// A plane is one component of a picture, 8 bits a sample.
type plane struct {
	w, h, stride int
	pix          []byte
	// perX and perY are how many pixels of the picture lie beside and above each
	// other in one sample.
	perX, perY float64
}

func newPlane(w, h int) plane {
	return plane{w: w, h: h, stride: w, pix: make([]byte, w*h), perX: 1, perY: 1}
}

func (p plane) row(y int) []byte { return p.pix[y*p.stride:][:p.w] }

// halved is a plane in which each sample is the mean of four; the last ones of
// an odd number of rows or columns count twice.
func (p plane) halved() plane {
	q := newPlane((p.w+1)/2, (p.h+1)/2)
	q.perX, q.perY = 2*p.perX, 2*p.perY
	for y := range q.h {
		halveRows(q.row(y), p.row(2*y), p.row(min(2*y+1, p.h-1)))
	}
	return q
}

// even takes every second byte of eight, so that their sums have room.
const even = 0x00ff00ff00ff00ff

func halveRows(to, a, b []byte) {
	for len(a) >= 8 && len(b) >= 8 && len(to) >= 4 {
		u, v := binary.LittleEndian.Uint64(a), binary.LittleEndian.Uint64(b)
		s := u&even + u>>8&even + v&even + v>>8&even + 0x0002000200020002
		s = s >> 2 & even
		to[0], to[1], to[2], to[3] = byte(s), byte(s>>16), byte(s>>32), byte(s>>48)
		a, b, to = a[8:], b[8:], to[4:]
	}
	for i := range to {
		l, r := 2*i, min(2*i+1, len(a)-1)
		to[i] = byte((int(a[l]) + int(a[r]) + int(b[l]) + int(b[r]) + 2) >> 2)
	}
}

// transposed is the plane with rows for columns.
func (p plane) transposed() plane {
	q := newPlane(p.h, p.w)
	const block = 16 // of which a square lies in the processor's cache
	for y0 := 0; y0 < p.h; y0 += block {
		for x0 := 0; x0 < p.w; x0 += block {
			for y := y0; y < min(y0+block, p.h); y++ {
				for x, v := range p.row(y)[x0:min(x0+block, p.w)] {
					q.pix[(x0+x)*q.stride+y] = v
				}
			}
		}
	}
	return q
}

// A model says what the planes of a picture are.
type model int

const (
	gray model = iota // one plane
	ycc               // luma and two of colour, as in JPEG
	rgb
	cmyk // ink: 255 is all of it
	ycck // the first three of CMYK as luma and colour
)

// A picture is what was decoded, with the levels of scaling made so far.
type picture struct {
	w, h   int
	model  model
	alpha  bool // the last plane is the opacity, with which the others are multiplied
	toSRGB *conversion
	// Of each plane: itself, half of it, a quarter; of a JPEG only those that its
	// decoder was asked for.
	levels [][]plane
}

// level is plane i halved n times.
func (p *picture) level(i, n int) plane {
	for len(p.levels[i]) <= n {
		p.levels[i] = append(p.levels[i], p.levels[i][len(p.levels[i])-1].halved())
	}
	return p.levels[i][n]
}
