package webp

// A macroblock is what the stream says of one, its levels left aside.
type macroblock struct {
	segment uint8
	whole   bool      // 4x4 blocks, each with a mode of its own and with DC
	empty   bool      // no levels
	mode    uint8     // of the luma, unless whole
	modes   [16]uint8 // of the 4x4 blocks; all are mode, if that holds for all
	chroma  uint8
}

// An encoder makes one picture. It goes once through the macroblocks and chooses;
// what was chosen is written afterwards, when it is known how likely things are.
type encoder struct {
	*picture
	segments []segment
	of       []uint8 // the segment of each macroblock
	coarse   bool    // no macroblock has modes for 4x4 blocks

	rebuilt [3]plane // what a decoder has before its loop filter
	blocks  []macroblock
	stream  []int16 // the levels of all blocks that are not empty: see keep

	counts tokenCounts
	costs  costTable
	top    []nonzero // of the row above
	left   nonzero
	work   workbench
}

// refreshes is how often, at most, the costs of tokens are taken anew from what was
// counted so far.
const refreshes = 12

func newEncoder(p *picture, quality int) *encoder {
	e := &encoder{picture: p}
	e.segments, e.of = p.divide(quality)
	e.rebuilt[0] = newPlane(16*p.across, 16*p.down)
	e.rebuilt[1] = newPlane(8*p.across, 8*p.down)
	e.rebuilt[2] = newPlane(8*p.across, 8*p.down)
	e.blocks = make([]macroblock, p.across*p.down)
	e.stream = make([]int16, 0, 64*len(e.blocks))
	e.top = make([]nonzero, p.across)
	e.costs.fill(&defaultProbs)
	return e
}

// choose chooses everything.
func (e *encoder) choose() {
	interval := max(len(e.blocks)/refreshes, 64)
	for my := range e.down {
		e.left = nonzero{}
		for mx := range e.across {
			i := my*e.across + mx
			if i > 0 && i%interval == 0 {
				e.costs.fill(e.counts.adapt())
			}
			e.macroblock(mx, my)
		}
		e.extendRow(my)
	}
}

// extendRow repeats the last pixel of a row of macroblocks, for the blocks below
// that look to the right.
func (e *encoder) extendRow(my int) {
	p := &e.rebuilt[0]
	o := p.at(16*e.across, 16*my+15)
	for i := range 4 {
		p.pix[o+i] = p.pix[o-1]
	}
}

// macroblock chooses for one macroblock, and rebuilds it.
func (e *encoder) macroblock(mx, my int) {
	i := my*e.across + mx
	b := &e.blocks[i]
	b.segment = e.of[i]
	w := &e.work
	w.load(e.picture, mx, my)
	e.luma(b, mx, my)
	e.chroma(b, mx, my)
	if b.empty = w.result.empty(); b.empty {
		pass(b.whole, &e.top[mx], &e.left)
		return
	}
	w.result.visit(b.whole, &e.top[mx], &e.left, func(kind, first, ctx int, l *levels, end int) {
		e.counts.count(kind, first, ctx, l, end)
		e.keep(first, l, end)
	})
}

// keep notes a block for the time when it is written: its end, and the levels up to
// there.
func (e *encoder) keep(first int, l *levels, end int) {
	e.stream = append(e.stream, int16(end))
	for n := first; n < end; n++ {
		e.stream = append(e.stream, l[n])
	}
}

// recall reads a macroblock that was kept at the start of stream, and returns the
// rest.
func (r *residual) recall(whole bool, stream []int16) []int16 {
	take := func(i, first int) {
		end := int(stream[0])
		r.end[i] = uint8(end)
		stream = stream[1:]
		if end > 0 {
			copy(r.levels[i][first:end], stream)
			stream = stream[end-first:]
		}
	}
	first := 0
	if !whole {
		first = 1
		take(blockY2, 0)
	}
	for i := range 16 {
		take(i, first)
	}
	for i := 16; i < 24; i++ {
		take(i, 0)
	}
	return stream
}
