package webp

// The predictors of RFC 6386, section 12. They read the pixels above and to the
// left of a block from the plane that is being rebuilt, whose border holds what
// the norm says of pixels outside: 127 above, 129 to the left.

// The modes of a macroblock's luma, and of its chroma.
const (
	modeDC = iota
	modeTM
	modeVE
	modeHE
	modes16
)

// The modes of a 4x4 block; the first four have the numbers of those above.
const (
	modeRD = modes16 + iota
	modeVR
	modeLD
	modeVL
	modeHD
	modeHU
	modes4
)

// predict fills pred, of which rows are 16 bytes apart, for a square of n pixels
// (16 or 8) at the offset o of the plane. Above and left say whether there is
// anything outside the border on that side, which DC alone wants to know.
func predict(mode int, p *plane, o, n int, above, left bool, pred []uint8) {
	top := p.pix[o-p.stride : o-p.stride+n]
	switch mode {
	case modeDC:
		v := average(p, o, n, above, left)
		for y := range n {
			row := pred[16*y : 16*y+n]
			for x := range row {
				row[x] = v
			}
		}
	case modeTM:
		corner := int32(p.pix[o-p.stride-1])
		for y := range n {
			row, d := pred[16*y:16*y+n], int32(p.pix[o+y*p.stride-1])-corner
			for x := range row {
				row[x] = clip(int32(top[x]) + d)
			}
		}
	case modeVE:
		for y := range n {
			copy(pred[16*y:16*y+n], top)
		}
	case modeHE:
		for y := range n {
			row, v := pred[16*y:16*y+n], p.pix[o+y*p.stride-1]
			for x := range row {
				row[x] = v
			}
		}
	}
}

// average is the mean of the pixels around a square, as far as there are any.
func average(p *plane, o, n int, above, left bool) uint8 {
	sum, count := 0, 0
	if above {
		for _, v := range p.pix[o-p.stride : o-p.stride+n] {
			sum += int(v)
		}
		count += n
	}
	if left {
		for y := range n {
			sum += int(p.pix[o+y*p.stride-1])
		}
		count += n
	}
	if count == 0 {
		return 128
	}
	return uint8((sum + count/2) / count)
}

// An edge is the pixels around a 4x4 block, from the bottom of its left side over
// the corner to the end of those above and to the right.
type edge [13]uint8

// predict4 fills all ten predictions of a block.
func predict4(e *edge, pred *[modes4][16]uint8) {
	corner := int32(e[4])
	sum := int32(4)
	for i := range 4 {
		sum += int32(e[i]) + int32(e[5+i])
	}
	dc := uint8(sum >> 3)
	for y := range 4 {
		left := int32(e[3-y])
		d := left - corner
		across := soft(e[max(2-y, 0)], e[3-y], e[4-y])
		for x := range 4 {
			pred[modeDC][4*y+x] = dc
			pred[modeTM][4*y+x] = clip(int32(e[5+x]) + d)
			pred[modeHE][4*y+x] = across
		}
	}
	for x := range 4 {
		v := soft(e[4+x], e[5+x], e[6+x])
		m := &pred[modeVE]
		m[x], m[4+x], m[8+x], m[12+x] = v, v, v, v
	}
	diagonals(e, pred)
}

// soft weighs a pixel with its neighbours.
func soft(a, b, c uint8) uint8 { return uint8((int(a) + 2*int(b) + int(c) + 2) >> 2) }

// half is the mean of two pixels.
func half(a, b uint8) uint8 { return uint8((int(a) + int(b) + 1) >> 1) }

// diagonals fills the six predictions along slanted lines (section 12.3).
func diagonals(e *edge, pred *[modes4][16]uint8) {
	// s[i] and h[i] lie at and just before the i-th pixel of the edge.
	var s, h edge
	for i := 1; i < 12; i++ {
		s[i] = soft(e[i-1], e[i], e[i+1])
		h[i] = half(e[i-1], e[i])
	}
	last := soft(e[11], e[12], e[12])
	foot := soft(e[1], e[0], e[0])

	pred[modeRD] = [16]uint8{
		s[4], s[5], s[6], s[7],
		s[3], s[4], s[5], s[6],
		s[2], s[3], s[4], s[5],
		s[1], s[2], s[3], s[4],
	}
	pred[modeVR] = [16]uint8{
		h[5], h[6], h[7], h[8],
		s[4], s[5], s[6], s[7],
		s[3], h[5], h[6], h[7],
		s[2], s[4], s[5], s[6],
	}
	pred[modeLD] = [16]uint8{
		s[6], s[7], s[8], s[9],
		s[7], s[8], s[9], s[10],
		s[8], s[9], s[10], s[11],
		s[9], s[10], s[11], last,
	}
	pred[modeVL] = [16]uint8{
		h[6], h[7], h[8], h[9],
		s[6], s[7], s[8], s[9],
		h[7], h[8], h[9], s[10],
		s[7], s[8], s[9], s[11],
	}
	pred[modeHD] = [16]uint8{
		h[4], s[4], s[5], s[6],
		h[3], s[3], h[4], s[4],
		h[2], s[2], h[3], s[3],
		h[1], s[1], h[2], s[2],
	}
	pred[modeHU] = [16]uint8{
		h[3], s[2], h[2], s[1],
		h[2], s[1], h[1], foot,
		h[1], foot, e[0], e[0],
		e[0], e[0], e[0], e[0],
	}
}
