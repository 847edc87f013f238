package webp

// Costs are counted in 1/256 of a bit.

// The kinds of blocks, of which each has its own probabilities (RFC 6386,
// section 13.3).
const (
	kindAC     = iota // luma without DC, which stands in a Y2 block
	kindY2            // the DC of a macroblock's luma
	kindChroma        // chroma
	kindWhole         // luma with DC
	kinds
)

// coefProbs are the probabilities of the tokens of coefficients, by the kind of
// block, the band of the position and the context, which is what came before.
type coefProbs [kinds][8][3][11]uint8

// largest is the greatest level that has a token.
const largest = 2047

// bitCosts is the cost of a bit by its probability: -256 · log2(p/256).
var bitCosts = func() (c [257]uint16) {
	for p := 1; p <= 256; p++ {
		// The logarithm bit by bit: squaring doubles it.
		v, log := uint64(p)<<22, 0 // 2^30 is 256/256
		for v < 1<<30 {
			v <<= 1
			log += 512
		}
		for bit := 256; bit > 0; bit >>= 1 {
			if v = v * v >> 30; v >= 1<<31 {
				v >>= 1
				log -= bit
			}
		}
		c[p] = uint16((log + 1) / 2)
	}
	return c
}()

// cost is what a bit costs that is 0 with the probability prob/256.
func cost(b bool, prob uint8) int {
	if b {
		return int(bitCosts[256-int(prob)])
	}
	return int(bitCosts[prob])
}

// A step is one bit of a token: which of the eleven probabilities, and the bit.
type step struct {
	prob uint8
	bit  bool
}

// A token stands for the levels from its base on. Extra are the probabilities of
// the bits that say which.
type token struct {
	base  int
	path  []step
	extra []uint8
}

// tokens are those of levels that are not 0 (RFC 6386, section 13.2), without the
// bits before, which say that there is one.
var tokens = []token{
	{1, []step{{2, false}}, nil},
	{2, []step{{2, true}, {3, false}, {4, false}}, nil},
	{3, []step{{2, true}, {3, false}, {4, true}, {5, false}}, nil},
	{4, []step{{2, true}, {3, false}, {4, true}, {5, true}}, nil},
	{5, []step{{2, true}, {3, true}, {6, false}, {7, false}}, []uint8{159}},
	{7, []step{{2, true}, {3, true}, {6, false}, {7, true}}, []uint8{165, 145}},
	{11, []step{{2, true}, {3, true}, {6, true}, {8, false}, {9, false}}, []uint8{173, 148, 140}},
	{19, []step{{2, true}, {3, true}, {6, true}, {8, false}, {9, true}}, []uint8{176, 155, 140, 135}},
	{35, []step{{2, true}, {3, true}, {6, true}, {8, true}, {10, false}}, []uint8{180, 157, 141, 134, 130}},
	{67, []step{{2, true}, {3, true}, {6, true}, {8, true}, {10, true}}, []uint8{254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129}},
}

// tokenOf is the token of a level that is not 0.
func tokenOf(level int) *token {
	if level < 5 {
		return &tokens[level-1]
	}
	i := 4
	for i+1 < len(tokens) && level >= tokens[i+1].base {
		i++
	}
	return &tokens[i]
}

// extraCosts is the cost of the bits that say which level of its token a level is,
// and of its sign.
var extraCosts = func() (c [largest + 1]uint16) {
	for level := 1; level <= largest; level++ {
		t, sum := tokenOf(level), 256
		for i, p := range t.extra {
			sum += cost((level-t.base)>>(len(t.extra)-1-i)&1 != 0, p)
		}
		c[level] = uint16(sum)
	}
	return c
}()

// capped is the level from which on the table of costs is without extra bits.
const capped = 67

// costTable holds what levels cost with given probabilities.
type costTable struct {
	// level holds the cost of the levels up to capped. In the contexts 1 and 2 the
	// bit is counted that says that the block does not end here; in the context 0
	// there is such a bit at the first position only: more.
	level [kinds][8][3][capped + 1]uint16
	more  [kinds][8]uint16
	end   [kinds][8][3]uint16 // the block ends here
}

// fill computes the table anew.
func (t *costTable) fill(probs *coefProbs) {
	for kind := range kinds {
		for band := range 8 {
			for ctx := range 3 {
				t.fillRow(kind, band, ctx, &probs[kind][band][ctx])
			}
		}
	}
}

func (t *costTable) fillRow(kind, band, ctx int, p *[11]uint8) {
	t.end[kind][band][ctx] = uint16(cost(false, p[0]))
	more := cost(true, p[0])
	if ctx == 0 {
		t.more[kind][band] = uint16(more)
		more = 0
	}
	row := &t.level[kind][band][ctx]
	row[0] = uint16(more + cost(false, p[1]))
	for i := range tokens {
		k, sum := &tokens[i], more+cost(true, p[1])
		for _, s := range k.path {
			sum += cost(s.bit, p[s.prob])
		}
		if k.base == capped {
			row[capped] = uint16(sum)
			continue
		}
		for level := k.base; level < k.base+1<<len(k.extra); level++ {
			row[level] = uint16(sum + int(extraCosts[level]))
		}
	}
}

// of is the cost of a level in a row of the table.
func of(row *[capped + 1]uint16, level int32) int32 {
	if level < capped {
		return int32(row[level])
	}
	return int32(row[capped]) + int32(extraCosts[level])
}
