package pixels

// The inverse of the discrete cosine transform: as in libjpeg, by Loeffler,
// Ligtenberg and Moschytz, with 13 bits after the point, in two passes between
// which two bits more are kept. The smaller ones take the coarse coefficients of
// a block for those of a smaller block, which they nearly are.

const dctBits, passBits = 13, 2

// Numbers with 13 bits after the point.
const (
	c0298 = 2446  // 0.298631336
	c0390 = 3196  // 0.390180644
	c0541 = 4433  // 0.541196100
	c0765 = 6270  // 0.765366865
	c0899 = 7373  // 0.899976223
	c1175 = 9633  // 1.175875602
	c1501 = 12299 // 1.501321110
	c1847 = 15137 // 1.847759065
	c1961 = 16069 // 1.961570560
	c2053 = 16819 // 2.053119869
	c2562 = 20995 // 2.562915447
	c3072 = 25172 // 3.072711026
)

// sample rounds away bits and moves what is around 0 to what is around 128.
func sample(v int32, bits int) byte {
	return byte(max(0, min((v+1<<(bits-1))>>bits+128, 255)))
}

// lines8 is eight samples of eight coefficients, with 13 bits more.
func lines8(a0, a1, a2, a3, a4, a5, a6, a7 int32) (even, odd [4]int32) {
	z := (a2 + a6) * c0541
	t2, t3 := z-a6*c1847, z+a2*c0765
	t0, t1 := (a0+a4)<<dctBits, (a0-a4)<<dctBits
	even = [4]int32{t0 + t3, t1 + t2, t1 - t2, t0 - t3}

	z1, z2, z3, z4 := a7+a1, a5+a3, a7+a3, a5+a1
	z5 := (z3 + z4) * c1175
	z1, z2 = -z1*c0899, -z2*c2562
	z3, z4 = z5-z3*c1961, z5-z4*c0390
	odd = [4]int32{a1*c1501 + z1 + z4, a3*c3072 + z2 + z3, a5*c2053 + z2 + z4, a7*c0298 + z1 + z3}
	return even, odd
}

func inverse8(to []byte, stride int, block *[64]int32) {
	for x := range 8 {
		b := block[x:]
		if b[8]|b[16]|b[24]|b[32]|b[40]|b[48]|b[56] == 0 {
			v := b[0] << passBits
			for y := 0; y < 64; y += 8 {
				b[y] = v
			}
			continue
		}
		const shift = dctBits - passBits
		e, o := lines8(b[0], b[8], b[16], b[24], b[32], b[40], b[48], b[56])
		for i := range 4 {
			b[8*i] = (e[i] + o[i] + 1<<(shift-1)) >> shift
			b[56-8*i] = (e[i] - o[i] + 1<<(shift-1)) >> shift
		}
	}
	for y := range 8 {
		b := (*[8]int32)(block[8*y:])
		row := (*[8]byte)(to[y*stride:])
		if b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7] == 0 {
			v := sample(b[0], passBits+3)
			*row = [8]byte{v, v, v, v, v, v, v, v}
			continue
		}
		const shift = dctBits + passBits + 3
		e, o := lines8(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7])
		for i := range 4 {
			row[i], row[7-i] = sample(e[i]+o[i], shift), sample(e[i]-o[i], shift)
		}
	}
}

// lines4 is four samples of four coefficients, with 13 bits more.
func lines4(a0, a1, a2, a3 int32) (b0, b1, b2, b3 int32) {
	e0, e1 := (a0+a2)<<dctBits, (a0-a2)<<dctBits
	z := (a1 + a3) * c0541
	o0, o1 := z+a1*c0765, z-a3*c1847
	return e0 + o0, e1 + o1, e1 - o1, e0 - o0
}

func inverse4(to []byte, stride int, block *[64]int32) {
	const first, second = dctBits - passBits, dctBits + passBits + 3
	var rows [4][4]int32
	for x := range 4 {
		a, b, c, d := lines4(block[x], block[8+x], block[16+x], block[24+x])
		const half = 1 << (first - 1)
		rows[0][x], rows[1][x], rows[2][x], rows[3][x] = (a+half)>>first, (b+half)>>first, (c+half)>>first, (d+half)>>first
	}
	for y := range 4 {
		row, r := (*[4]byte)(to[y*stride:]), &rows[y]
		a, b, c, d := lines4(r[0], r[1], r[2], r[3])
		row[0], row[1], row[2], row[3] = sample(a, second), sample(b, second), sample(c, second), sample(d, second)
	}
}

func inverse2(to []byte, stride int, block *[64]int32) {
	a, b, c, d := block[0], block[1], block[8], block[9]
	to[0], to[1] = sample(a+b+c+d, 3), sample(a-b+c-d, 3)
	to[stride], to[stride+1] = sample(a+b-c-d, 3), sample(a-b-c+d, 3)
}
