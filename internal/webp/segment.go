package webp

import "math/bits"

// A segment is a kind of macroblocks that share steps and the strength of the loop
// filter. Where there is much to see, errors show less: there the steps are larger.
type segment struct {
	index  int // of the steps, 0 to 127
	filter int // 0 to 63
	// The quantizers by the kind of block.
	quantizers [kinds]quantizer
	// What 1/256 bit is worth in the units of price.sum.
	luma, chroma int32
}

// How the steps of chroma differ, as indexes (RFC 6386, section 9.6).
// The values of this file that no norm gives were found by trial: see README.md.
const (
	chromaDC = -4
	chromaAC = -7
)

// qualityIndex is the index of the steps for a quality from 0 to 100, on the scale
// that is common for WebP: the steps of quality c follow the cube root of a line
// with a bend at 75.
func qualityIndex(quality int) int {
	line := 2 * quality // in 300ths
	if quality >= 75 {
		line = 6*quality - 300
	}
	for q := 127; q > 0; q-- {
		if rest := 127 - q; line*127*127*127 <= 300*rest*rest*rest {
			return q
		}
	}
	return 0
}

func newSegment(index int) segment {
	at := func(table *[128]int32, delta, most int) int32 {
		return table[min(max(index+delta, 0), most)]
	}
	dc, ac := at(&dcSteps, 0, 127), at(&acSteps, 0, 127)
	s := segment{index: index}
	s.quantizers[kindAC] = newQuantizer(dc, ac)
	s.quantizers[kindWhole] = s.quantizers[kindAC]
	s.quantizers[kindY2] = newQuantizer(2*dc, max(ac*155/100, 8))
	s.quantizers[kindChroma] = newQuantizer(at(&dcSteps, chromaDC, 117), at(&acSteps, chromaAC, 127))
	s.luma = ac * ac * 7 / 32
	s.chroma = ac * ac / 8
	s.filter = min(int(ac)*19/64, 63)
	if s.filter < 2 {
		s.filter = 0
	}
	return s
}

// activity says how much there is to see in a macroblock: the mean logarithm of
// the variance of its quarters, in 1/256.
func (p *picture) activity(mx, my int) int {
	sum := 0
	luma := &p.planes[0]
	for i := range 4 {
		o := (16*my+8*(i>>1))*luma.stride + 16*mx + 8*(i&1)
		var s, s2 int
		for y := range 8 {
			for _, v := range luma.pix[o+y*luma.stride:][:8] {
				s += int(v)
				s2 += int(v) * int(v)
			}
		}
		sum += log2(uint32(s2*64-s*s)/(64*64) + 32)
	}
	return sum / 4
}

// log2 is the logarithm of v in 1/256, along straight lines between powers of two.
func log2(v uint32) int {
	n := bits.Len32(v) - 1
	return n<<8 + int(uint64(v)<<8>>n) - 256
}

// exp2 is its inverse, times 65536, for logarithms from -8 to 8.
func exp2(v int) int {
	n := v >> 8
	m := (256 + v&255) << 8
	if n < 0 {
		return m >> -n
	}
	return m << n
}

// divide finds the segments of a picture and says which each macroblock has.
// Their steps rise.
func (p *picture) divide(quality int) (segments []segment, of []uint8) {
	activities := make([]int, p.across*p.down)
	sum := 0
	for i := range activities {
		activities[i] = p.activity(i%p.across, i/p.across)
		sum += activities[i]
	}
	mean := sum / len(activities)
	centres, of := cluster(activities)
	base := int(acSteps[qualityIndex(quality)])
	var place [4]uint8
	for i, c := range centres {
		// The step grows with the fifth root of the variance.
		s := newSegment(nearest(base * exp2((c-mean)/5) >> 16))
		if len(segments) == 0 || segments[len(segments)-1].index != s.index {
			segments = append(segments, s)
		}
		place[i] = uint8(len(segments) - 1)
	}
	for i := range of {
		of[i] = place[of[i]]
	}
	return segments, of
}

// nearest is the index whose AC step is nearest.
func nearest(step int) int {
	best := 0
	for i, s := range acSteps {
		if d := int(s) - step; max(d, -d) < max(int(acSteps[best])-step, step-int(acSteps[best])) {
			best = i
		}
	}
	return best
}

// cluster puts values into four groups so that each is near the mean of its own.
// The centres rise.
func cluster(values []int) (centres [4]int, of []uint8) {
	low, high := values[0], values[0]
	for _, v := range values {
		low, high = min(low, v), max(high, v)
	}
	for i := range centres {
		centres[i] = low + (high-low)*(2*i+1)/8
	}
	of = make([]uint8, len(values))
	for range 8 {
		var sum, n [4]int
		for i, v := range values {
			g := 0
			for g < 3 && 2*v > centres[g]+centres[g+1] {
				g++
			}
			of[i] = uint8(g)
			sum[g] += v
			n[g]++
		}
		for g := range centres {
			if n[g] > 0 {
				centres[g] = sum[g] / n[g]
			}
		}
	}
	return centres, of
}
