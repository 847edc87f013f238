package webp

// The forward transforms have no norm; the inverse ones are exact (RFC 6386,
// sections 14.3 and 14.4). Coefficients are twice those of an orthonormal
// transform, so a sum of their squared errors is four times that of the pixels.

// √2 · cos(π/8) and √2 · sin(π/8), times 65536 for the way back, times 4096 there.
const (
	cosine, sine           = 85627, 35468
	shortCosine, shortSine = 5352, 2217
)

// A block is 4x4 values, row by row.
type block [16]int32

// forward makes the coefficients of a 4x4 difference. Rows of src are 16 bytes
// apart, those of pred are step.
func forward(src, pred []uint8, step int, out *block) {
	var t block
	for y := range 4 {
		s, p := src[16*y:16*y+4:16*y+4], pred[step*y:step*y+4:step*y+4]
		d0, d1 := int32(s[0])-int32(p[0]), int32(s[1])-int32(p[1])
		d2, d3 := int32(s[2])-int32(p[2]), int32(s[3])-int32(p[3])
		a, b, c, d := d0+d3, d1+d2, d1-d2, d0-d3
		t[4*y] = (a + b) << 3
		t[4*y+1] = (d*shortCosine + c*shortSine + 1<<8) >> 9
		t[4*y+2] = (a - b) << 3
		t[4*y+3] = (d*shortSine - c*shortCosine + 1<<8) >> 9
	}
	for x := range 4 {
		a, b, c, d := t[x]+t[12+x], t[4+x]+t[8+x], t[4+x]-t[8+x], t[x]-t[12+x]
		out[x] = (a + b + 8) >> 4
		out[4+x] = (d*shortCosine + c*shortSine + 1<<15) >> 16
		out[8+x] = (a - b + 8) >> 4
		out[12+x] = (d*shortSine - c*shortCosine + 1<<15) >> 16
	}
}

// inverse adds the pixels of the coefficients to pred and writes them to dst.
// Rows of dst are stride bytes apart, those of pred are step.
func inverse(c *block, pred []uint8, step int, dst []uint8, stride int) {
	var t block
	for x := range 4 {
		a, b := c[x]+c[8+x], c[x]-c[8+x]
		d := (c[4+x]*sine)>>16 - (c[12+x]*cosine)>>16
		e := (c[4+x]*cosine)>>16 + (c[12+x]*sine)>>16
		t[x], t[4+x], t[8+x], t[12+x] = a+e, b+d, b-d, a-e
	}
	for y := range 4 {
		r := t[4*y : 4*y+4 : 4*y+4]
		p, q := pred[step*y:step*y+4:step*y+4], dst[stride*y:stride*y+4:stride*y+4]
		a, b := r[0]+4+r[2], r[0]+4-r[2]
		d := (r[1]*sine)>>16 - (r[3]*cosine)>>16
		e := (r[1]*cosine)>>16 + (r[3]*sine)>>16
		q[0] = clip(int32(p[0]) + (a+e)>>3)
		q[1] = clip(int32(p[1]) + (b+d)>>3)
		q[2] = clip(int32(p[2]) + (b-d)>>3)
		q[3] = clip(int32(p[3]) + (a-e)>>3)
	}
}

func clip(v int32) uint8 {
	if uint32(v) <= 255 {
		return uint8(v)
	}
	return uint8(^v >> 31)
}

// butterfly is the Walsh-Hadamard transform of both directions, without a scale.
func butterfly(v *block) {
	for x := range 4 {
		a, b, c, d := v[x]+v[12+x], v[4+x]+v[8+x], v[4+x]-v[8+x], v[x]-v[12+x]
		v[x], v[4+x], v[8+x], v[12+x] = a+b, c+d, a-b, d-c
	}
	for y := 0; y < 16; y += 4 {
		r := v[y : y+4 : y+4]
		a, b, c, d := r[0]+r[3], r[1]+r[2], r[1]-r[2], r[0]-r[3]
		r[0], r[1], r[2], r[3] = a+b, c+d, a-b, d-c
	}
}

// forwardDC makes the Y2 coefficients of the sixteen DC coefficients.
func forwardDC(dc *block) (out block) {
	out = *dc
	butterfly(&out)
	for i := range out {
		out[i] = (out[i] + 1) >> 1
	}
	return out
}

// inverseDC is its inverse.
func inverseDC(c *block) (dc block) {
	dc = *c
	butterfly(&dc)
	for i := range dc {
		dc[i] = (dc[i] + 3) >> 3
	}
	return dc
}
