package webp

// A workbench holds what is needed while one macroblock is made. Rows of pixels
// are 16 bytes apart; the two chroma lie side by side.
type workbench struct {
	luma, chroma [256]uint8 // the source

	result residual
	// The candidate that is best so far, and the one being tried. While 4x4 modes
	// are tried, the coefficients of both are blocks of the first.
	coefs    [2][25]block
	pred     [2][256]uint8
	edge     edge
	pred4    [modes4][16]uint8
	residual residual // of the luma as 16x16
	rebuilt  [256]uint8
}

// load copies the source of a macroblock.
func (w *workbench) load(p *picture, mx, my int) {
	for y := range 16 {
		l := &p.planes[0]
		copy(w.luma[16*y:16*y+16], l.pix[(16*my+y)*l.stride+16*mx:])
	}
	for y := range 8 {
		u, v := &p.planes[1], &p.planes[2]
		copy(w.chroma[16*y:16*y+8], u.pix[(8*my+y)*u.stride+8*mx:])
		copy(w.chroma[16*y+8:16*y+16], v.pix[(8*my+y)*v.stride+8*mx:])
	}
}

// luma chooses between one mode for 16x16 pixels and one for each 4x4 block.
func (e *encoder) luma(b *macroblock, mx, my int) {
	w := &e.work
	s := &e.segments[b.segment]
	best := e.luma16(b, s, mx, my)
	if !e.coarse && e.luma4(b, s, mx, my, best) {
		return
	}
	w.result = w.residual
	p := &e.rebuilt[0]
	o := p.at(16*mx, 16*my)
	for y := range 16 {
		copy(p.pix[o+y*p.stride:o+y*p.stride+16], w.rebuilt[16*y:])
	}
	for i := range b.modes {
		b.modes[i] = b.mode
	}
}

// luma16 chooses the mode for 16x16 pixels, makes the macroblock with it on the
// workbench and returns its price.
func (e *encoder) luma16(b *macroblock, s *segment, mx, my int) int64 {
	w := &e.work
	p := &e.rebuilt[0]
	o := p.at(16*mx, 16*my)
	best := int64(-1)
	at, try := 0, 1
	for mode := range modes16 {
		predict(mode, p, o, 16, my > 0, mx > 0, w.pred[try][:])
		sum := e.try16(s, mx, try).sum(s.luma) + int64(s.luma)*int64(modeCosts[mode])
		if best < 0 || sum < best {
			best = sum
			b.mode = uint8(mode)
			at, try = try, at
		}
	}
	price := e.make16(s, mx, at)
	price.rate += modeCosts[b.mode]
	return price.sum(s.luma)
}

// try16 estimates the price of a macroblock with a prediction.
func (e *encoder) try16(s *segment, mx, try int) (sum price) {
	w := &e.work
	coefs := &w.coefs[try]
	top, left := e.top[mx], e.left
	dc := &coefs[blockY2]
	k := coder{q: &s.quantizers[kindAC], costs: &e.costs, kind: kindAC, first: 1}
	for i := range 16 {
		o := 64*(i>>2) + 4*(i&3)
		c := &coefs[i]
		forward(w.luma[o:], w.pred[try][o:], 16, c)
		dc[i] = c[0]
		t, l := &top[i&3], &left[i>>2]
		k.ctx = int(*t + *l)
		p, some := k.estimate(c)
		*t, *l = some, some
		sum.add(p)
	}
	*dc = forwardDC(dc)
	k = coder{&s.quantizers[kindY2], &e.costs, kindY2, 0, int(top[8] + left[8])}
	p, _ := k.estimate(dc)
	p.error /= 4 // the transform of DC has another scale
	sum.add(p)
	return sum
}

// make16 quantizes and rebuilds a macroblock with the prediction and coefficients
// of a try.
func (e *encoder) make16(s *segment, mx, at int) (sum price) {
	w := &e.work
	r := &w.residual
	coefs := &w.coefs[at]
	top, left := e.top[mx], e.left

	k := coder{&s.quantizers[kindY2], &e.costs, kindY2, 0, int(top[8] + left[8])}
	end, p := k.settle(&coefs[blockY2], 4*s.luma, &r.levels[blockY2])
	r.end[blockY2] = uint8(end)
	sum.rate += p.rate
	dc := inverseDC(&coefs[blockY2])

	k = coder{q: &s.quantizers[kindAC], costs: &e.costs, kind: kindAC, first: 1}
	for i := range 16 {
		o := 64*(i>>2) + 4*(i&3)
		t, l := &top[i&3], &left[i>>2]
		k.ctx = int(*t + *l)
		end, p := k.settle(&coefs[i], s.luma, &r.levels[i])
		r.end[i] = uint8(end)
		*t = min(r.end[i], 1)
		*l = *t
		sum.add(p)
		d := int64(coefs[i][0] - dc[i])
		sum.error += d * d
		coefs[i][0] = dc[i]
		inverse(&coefs[i], w.pred[at][o:], 16, w.rebuilt[o:], 16)
	}
	return sum
}

// luma4 chooses a mode for each 4x4 block and rebuilds the macroblock in its place.
// It gives up as soon as that costs more than the given sum.
func (e *encoder) luma4(b *macroblock, s *segment, mx, my int, most int64) bool {
	w := &e.work
	p := &e.rebuilt[0]
	top, left := e.top[mx], e.left
	sum := int64(s.luma) * int64(wholeCost)
	k := coder{q: &s.quantizers[kindWhole], costs: &e.costs, kind: kindWhole}
	var modes [16]uint8
	for i := range 16 {
		e.edgeOf(mx, my, i, &w.edge)
		predict4(&w.edge, &w.pred4)
		t, l := &top[i&3], &left[i>>2]
		k.ctx = int(*t + *l)
		above, beside := e.modesAround(mx, my, i, &modes)
		costs := &subCosts[above][beside]
		mode, at := e.try4(&k, s, 64*(i>>2)+4*(i&3), costs)
		modes[i] = uint8(mode)
		c := &w.coefs[0][at]
		end, price := k.settle(c, s.luma, &w.result.levels[i])
		w.result.end[i] = uint8(end)
		*t = min(w.result.end[i], 1)
		*l = *t
		price.rate += costs[mode]
		if sum += price.sum(s.luma); sum >= most {
			return false
		}
		inverse(c, w.pred4[mode][:], 4, p.pix[p.at(16*mx+4*(i&3), 16*my+4*(i>>2)):], p.stride)
	}
	b.whole, b.modes = true, modes
	w.result.end[blockY2] = 0
	return true
}

// try4 finds the best mode of a 4x4 block at the offset o. Its coefficients are
// left in the block at, of coefs[0].
func (e *encoder) try4(k *coder, s *segment, o int, costs *[modes4]int32) (mode, at int) {
	w := &e.work
	best := int64(-1)
	try := 1
	for m := range modes4 {
		c := &w.coefs[0][try]
		forward(w.luma[o:], w.pred4[m][:], 4, c)
		p, _ := k.estimate(c)
		p.rate += costs[m]
		if sum := p.sum(s.luma); best < 0 || sum < best {
			best, mode = sum, m
			at, try = try, at
		}
	}
	return mode, at
}

// edgeOf gathers the pixels around the i-th 4x4 block. What lies to the right of a
// block in the last column is taken from above the macroblock.
func (e *encoder) edgeOf(mx, my, i int, out *edge) {
	p := &e.rebuilt[0]
	o := p.at(16*mx+4*(i&3), 16*my+4*(i>>2))
	for y := range 4 {
		out[3-y] = p.pix[o+y*p.stride-1]
	}
	copy(out[4:], p.pix[o-p.stride-1:o-p.stride+8])
	if i&3 == 3 {
		a := p.at(16*mx+16, 16*my-1)
		copy(out[9:], p.pix[a:a+4])
	}
}

// modesAround are the modes above and to the left of the i-th 4x4 block.
func (e *encoder) modesAround(mx, my, i int, modes *[16]uint8) (above, left uint8) {
	at := my*e.across + mx
	switch {
	case i >= 4:
		above = modes[i-4]
	case my > 0:
		above = e.blocks[at-e.across].modes[i+12]
	}
	switch {
	case i&3 > 0:
		left = modes[i-1]
	case mx > 0:
		left = e.blocks[at-1].modes[i+3]
	}
	return above, left
}

// chroma chooses the mode of the chroma, and rebuilds it.
func (e *encoder) chroma(b *macroblock, mx, my int) {
	w := &e.work
	s := &e.segments[b.segment]
	best := int64(-1)
	at, try := 0, 1
	for mode := range modes16 {
		for i := range 2 {
			p := &e.rebuilt[1+i]
			predict(mode, p, p.at(8*mx, 8*my), 8, my > 0, mx > 0, w.pred[try][8*i:])
		}
		p := e.tryChroma(s, mx, try)
		p.rate += chromaCosts[mode]
		if sum := p.sum(s.chroma); best < 0 || sum < best {
			best = sum
			b.chroma = uint8(mode)
			at, try = try, at
		}
	}
	k := coder{q: &s.quantizers[kindChroma], costs: &e.costs, kind: kindChroma}
	top, left := e.top[mx], e.left
	for i := 16; i < 24; i++ {
		t, l := chromaSides(i, &top, &left)
		k.ctx = int(*t + *l)
		c := &w.coefs[at][i]
		end, _ := k.settle(c, s.chroma, &w.result.levels[i])
		w.result.end[i] = uint8(end)
		*t = min(w.result.end[i], 1)
		*l = *t
		p := &e.rebuilt[1+(i-16)>>2]
		x, y := 4*(i&1), 4*(i>>1&1)
		inverse(c, w.pred[at][chromaOffset(i):], 16, p.pix[p.at(8*mx+x, 8*my+y):], p.stride)
	}
}

// chromaOffset is where the i-th block, one of chroma, lies on the workbench.
func chromaOffset(i int) int { return 64*(i>>1&1) + 8*((i-16)>>2) + 4*(i&1) }

// tryChroma estimates the price of the chroma with a prediction.
func (e *encoder) tryChroma(s *segment, mx, try int) (sum price) {
	w := &e.work
	k := coder{q: &s.quantizers[kindChroma], costs: &e.costs, kind: kindChroma}
	top, left := e.top[mx], e.left
	for i := 16; i < 24; i++ {
		o := chromaOffset(i)
		c := &w.coefs[try][i]
		forward(w.chroma[o:], w.pred[try][o:], 16, c)
		t, l := chromaSides(i, &top, &left)
		k.ctx = int(*t + *l)
		p, some := k.estimate(c)
		*t, *l = some, some
		sum.add(p)
	}
	return sum
}
