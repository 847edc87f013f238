package webp

// A residual is all levels of a macroblock: 16 blocks of luma, 4 of each chroma,
// and Y2. End is the position after the last level that is not 0, or 0.
type residual struct {
	levels [25]levels
	end    [25]uint8
}

const blockY2 = 24

// empty says that no block has any level.
func (r *residual) empty() bool { return r.end == [25]uint8{} }

// nonzero says which blocks along a side of a macroblock have levels: four of luma,
// two of each chroma, and the last Y2 block. Each is 0 or 1.
type nonzero [9]uint8

// A visitor is handed a block, its kind, first position and context.
type visitor func(kind, first, ctx int, l *levels, end int)

// visit goes through the blocks of a macroblock in the order of the stream and
// leaves behind what its neighbours must know.
func (r *residual) visit(whole bool, top, left *nonzero, see visitor) {
	kind, first := kindWhole, 0
	if !whole {
		kind, first = kindAC, 1
		see(kindY2, 0, int(top[8]+left[8]), &r.levels[blockY2], int(r.end[blockY2]))
		top[8] = min(r.end[blockY2], 1)
		left[8] = top[8]
	}
	for i := range 16 {
		t, l := &top[i&3], &left[i>>2]
		see(kind, first, int(*t+*l), &r.levels[i], int(r.end[i]))
		*t = min(r.end[i], 1)
		*l = *t
	}
	for i := 16; i < 24; i++ {
		t, l := chromaSides(i, top, left)
		see(kindChroma, 0, int(*t+*l), &r.levels[i], int(r.end[i]))
		*t = min(r.end[i], 1)
		*l = *t
	}
}

// chromaSides are the flags above and to the left of a block of chroma.
func chromaSides(i int, top, left *nonzero) (t, l *uint8) {
	base := 4 + (i-16)>>2<<1
	return &top[base+i&1], &left[base+i>>1&1]
}

// pass leaves behind what the neighbours of a macroblock without levels must know.
func pass(whole bool, top, left *nonzero) {
	t, l := top[8], left[8]
	*top, *left = nonzero{}, nonzero{}
	if whole {
		top[8], left[8] = t, l
	}
}

// tokenCounts counts the bits of tokens that were 0 and 1.
type tokenCounts [kinds][8][3][11][2]uint32

// count counts a block.
func (s *tokenCounts) count(kind, first, ctx int, l *levels, end int) {
	n := first
	p := &s[kind][bands[n]][ctx]
	if end == 0 {
		p[0][0]++
		return
	}
	p[0][1]++
	for n < end {
		v := int(l[n])
		n++
		if v == 0 {
			p[1][0]++
			p = &s[kind][bands[n]][0]
			continue
		}
		p[1][1]++
		v = max(v, -v)
		for _, t := range tokenOf(v).path {
			p[t.prob][bit(t.bit)]++
		}
		p = &s[kind][bands[n]][min(v, 2)]
		if n < 16 {
			p[0][bit(n < end)]++
		}
	}
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// tokens writes a block.
func (w *boolWriter) tokens(probs *coefProbs, kind, first, ctx int, l *levels, end int) {
	n := first
	p := &probs[kind][bands[n]][ctx]
	w.bit(end > 0, p[0])
	for n < end {
		v := int(l[n])
		n++
		w.bit(v != 0, p[1])
		if v == 0 {
			p = &probs[kind][bands[n]][0]
			continue
		}
		size := max(v, -v)
		t := tokenOf(size)
		for _, s := range t.path {
			w.bit(s.bit, p[s.prob])
		}
		for i, prob := range t.extra {
			w.bit((size-t.base)>>(len(t.extra)-1-i)&1 != 0, prob)
		}
		w.bit(v < 0, 128)
		p = &probs[kind][bands[n]][min(size, 2)]
		if n < 16 {
			w.bit(n < end, p[0])
		}
	}
}

// adapt returns the probabilities that fit the counts, each where giving it anew
// costs less than it saves.
func (s *tokenCounts) adapt() *coefProbs {
	probs := defaultProbs
	for kind := range kinds {
		for band := range 8 {
			for ctx := range 3 {
				for i, n := range s[kind][band][ctx] {
					old, flag := defaultProbs[kind][band][ctx][i], updateProbs[kind][band][ctx][i]
					fit := share(n)
					kept := total(n, old) + int64(cost(false, flag))
					anew := total(n, fit) + int64(cost(true, flag)) + 8*256
					if anew < kept {
						probs[kind][band][ctx][i] = fit
					}
				}
			}
		}
	}
	return &probs
}

// share is the probability of 0 in 256ths.
func share(n [2]uint32) uint8 {
	all := uint64(n[0]) + uint64(n[1])
	if all == 0 {
		return 255
	}
	return uint8(min(max((uint64(n[0])*256+all/2)/all, 1), 255))
}

// total is what counted bits cost.
func total(n [2]uint32, prob uint8) int64 {
	return int64(n[0])*int64(cost(false, prob)) + int64(n[1])*int64(cost(true, prob))
}
