package webp

// The loop filter of RFC 6386, section 15.3, on what an encoder has rebuilt: with it
// the tests know what a decoder has to show.

// filtered returns the planes of an encoder as a decoder shows them.
func (e *encoder) filtered() [3]plane {
	var out [3]plane
	for i, p := range e.rebuilt {
		out[i] = p
		out[i].pix = append([]uint8(nil), p.pix...)
	}
	for i := range e.blocks {
		b := &e.blocks[i]
		level := e.segments[b.segment].filter
		if level == 0 {
			continue
		}
		mx, my := i%e.across, i/e.across
		for c := range out {
			p, n := &out[c], 16
			if c > 0 {
				n = 8
			}
			o := p.at(n*mx, n*my)
			inner := b.whole || !b.empty
			f := loop{p.pix, level, 0}
			if level >= 40 {
				f.high = 2
			} else if level >= 15 {
				f.high = 1
			}
			if mx > 0 {
				f.side(o, p.stride, 1, n, true)
			}
			for x := 4; inner && x < n; x += 4 {
				f.side(o+x, p.stride, 1, n, false)
			}
			if my > 0 {
				f.side(o, 1, p.stride, n, true)
			}
			for y := 4; inner && y < n; y += 4 {
				f.side(o+y*p.stride, 1, p.stride, n, false)
			}
		}
	}
	return out
}

// A loop filters along edges.
type loop struct {
	pix         []uint8
	level, high int
}

// side filters n places along an edge; across is the way over it.
func (f *loop) side(o, along, across, n int, outer bool) {
	limit := 3 * f.level
	if outer {
		limit += 4
	}
	for ; n > 0; n, o = n-1, o+along {
		var v [8]int // p3 p2 p1 p0 q0 q1 q2 q3
		for i := range v {
			v[i] = int(f.pix[o+(i-4)*across])
		}
		far := func(i, most int) bool { d := v[i] - v[i+1]; return d > most || -d > most }
		if d, e := v[3]-v[4], v[2]-v[5]; 2*max(d, -d)+max(e, -e)/2 > limit {
			continue
		}
		if far(0, f.level) || far(1, f.level) || far(2, f.level) || far(4, f.level) || far(5, f.level) || far(6, f.level) {
			continue
		}
		signed := func(d int) int { return min(max(d, -128), 127) }
		put := func(i, d int) { f.pix[o+(i-4)*across] = uint8(min(max(v[i]+d, 0), 255)) }
		sharp := far(2, f.high) || far(4, f.high)
		a := 3 * (v[4] - v[3])
		switch {
		case sharp || !outer:
			if sharp {
				a += signed(v[2] - v[5])
			}
			d, e := min(signed(a)+4, 127)>>3, min(signed(a)+3, 127)>>3
			put(4, -d)
			put(3, e)
			if !sharp {
				put(5, -((d + 1) >> 1))
				put(2, (d+1)>>1)
			}
		default:
			a = signed(a + signed(v[2]-v[5]))
			for i, w := range []int{27, 18, 9} {
				d := (w*a + 63) >> 7
				put(3-i, d)
				put(4+i, -d)
			}
		}
	}
}
