package webp

import "math/bits"

// A boolWriter writes bits by their probabilities: the arithmetic coder of
// RFC 6386, section 7. The first byte that it writes holds the first bits.
type boolWriter struct {
	out     []byte
	low     uint64 // the lower end of the interval, below it the bits not yet written
	span    uint32 // the width of the interval, 128 to 255
	pending uint   // how many bits of low are settled, a carry left aside
}

func newBoolWriter(size int) *boolWriter {
	return &boolWriter{out: make([]byte, 0, size), span: 255}
}

// bit writes a bit that is 0 with the probability prob/256.
func (w *boolWriter) bit(b bool, prob uint8) {
	split := 1 + ((w.span-1)*uint32(prob))>>8
	if b {
		w.low += uint64(split)
		w.span -= split
	} else {
		w.span = split
	}
	if w.span >= 128 {
		return
	}
	shift := uint(bits.LeadingZeros8(uint8(w.span)))
	w.span <<= shift
	w.low <<= shift
	w.pending += shift
	if w.pending >= 40 {
		w.drain()
	}
}

// drain moves whole settled bytes out.
func (w *boolWriter) drain() {
	for w.pending >= 8 {
		top := w.low >> w.pending
		if top > 0xff {
			i := len(w.out) - 1
			for ; w.out[i] == 0xff; i-- {
				w.out[i] = 0
			}
			w.out[i]++
		}
		w.out = append(w.out, byte(top))
		w.low &= 1<<w.pending - 1
		w.pending -= 8
	}
}

// number writes the lowest n bits of v, the highest first, each as likely 0 as 1.
func (w *boolWriter) number(v, n int) {
	for n--; n >= 0; n-- {
		w.bit(v>>n&1 != 0, 128)
	}
}

// signed writes a number that is most often 0: a flag, n bits and a sign.
func (w *boolWriter) signed(v, n int) {
	w.bit(v != 0, 128)
	if v != 0 {
		w.number(max(v, -v), n)
		w.bit(v < 0, 128)
	}
}

// close gives the bytes, with as many at the end as a reader looks ahead.
func (w *boolWriter) close() []byte {
	w.drain()
	w.low <<= 24
	w.pending += 24
	w.drain()
	return w.out
}
