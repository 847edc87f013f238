package webp

// first writes the first partition: the header of the frame and the modes of the
// macroblocks (RFC 6386, section 9.2 to 9.11 and 19.2).
func (e *encoder) first(probs *coefProbs) []byte {
	w := newBoolWriter(len(e.blocks)*8 + 1024)
	w.number(0, 2) // the colours are YCbCr, and must be clamped
	tree := e.writeSegments(w)
	w.number(0, 1) // the normal loop filter
	w.number(e.segments[len(e.segments)-1].filter, 6)
	w.number(0, 3) // its sharpness
	w.number(0, 1) // the same for all modes
	w.number(0, 2) // one partition of tokens
	w.number(e.segments[0].index, 7)
	for _, d := range []int{0, 0, 0, chromaDC, chromaAC} {
		w.signed(d, 4)
	}
	w.number(0, 1) // there is no next frame to keep probabilities for
	for kind := range kinds {
		for band := range 8 {
			for ctx := range 3 {
				for i, p := range probs[kind][band][ctx] {
					anew := p != defaultProbs[kind][band][ctx][i]
					w.bit(anew, updateProbs[kind][band][ctx][i])
					if anew {
						w.number(int(p), 8)
					}
				}
			}
		}
	}
	var empty [2]uint32
	for i := range e.blocks {
		empty[bit(e.blocks[i].empty)]++
	}
	w.bit(empty[1] > 0, 128)
	skip := share(empty)
	if empty[1] > 0 {
		w.number(int(skip), 8)
	}
	for i := range e.blocks {
		b := &e.blocks[i]
		if len(e.segments) > 1 {
			writeSegment(w, b.segment, tree)
		}
		if empty[1] > 0 {
			w.bit(b.empty, skip)
		}
		e.writeModes(w, i)
	}
	return w.close()
}

// writeSegments writes what the segments are, and returns the probabilities by
// which it is said which segment a macroblock has (section 9.3).
func (e *encoder) writeSegments(w *boolWriter) (tree [3]uint8) {
	w.bit(len(e.segments) > 1, 128)
	if len(e.segments) == 1 {
		return tree
	}
	w.number(3, 2) // both the map and the steps follow
	w.number(1, 1) // as values, not as differences
	for i := range 4 {
		w.signed(e.segments[min(i, len(e.segments)-1)].index, 7)
	}
	for i := range 4 {
		w.signed(e.segments[min(i, len(e.segments)-1)].filter, 6)
	}
	var n [4]uint32
	for _, s := range e.of {
		n[s]++
	}
	tree = [3]uint8{share([2]uint32{n[0] + n[1], n[2] + n[3]}), share([2]uint32{n[0], n[1]}), share([2]uint32{n[2], n[3]})}
	for _, p := range tree {
		w.bit(p != 255, 128)
		if p != 255 {
			w.number(int(p), 8)
		}
	}
	return tree
}

func writeSegment(w *boolWriter, s uint8, tree [3]uint8) {
	w.bit(s >= 2, tree[0])
	w.bit(s&1 != 0, tree[1+s>>1])
}

// writeModes writes the modes of a macroblock.
func (e *encoder) writeModes(w *boolWriter, i int) {
	b := &e.blocks[i]
	w.bit(!b.whole, wholeProb)
	if !b.whole {
		for _, s := range modePaths[b.mode] {
			w.bit(s.bit, s.prob)
		}
	} else {
		for n, m := range b.modes {
			above, left := e.modesAround(i%e.across, i/e.across, n, &b.modes)
			for _, s := range subPaths[m] {
				w.bit(s.bit, subModeProbs[above][left][s.prob])
			}
		}
	}
	for _, s := range chromaPaths[b.chroma] {
		w.bit(s.bit, s.prob)
	}
}

// second writes the partition with the tokens of all coefficients.
func (e *encoder) second(probs *coefProbs) []byte {
	w := newBoolWriter(len(e.stream) + 64)
	clear(e.top)
	stream := e.stream
	var r residual
	for i := range e.blocks {
		b, mx := &e.blocks[i], i%e.across
		if mx == 0 {
			e.left = nonzero{}
		}
		if b.empty {
			pass(b.whole, &e.top[mx], &e.left)
			continue
		}
		stream = r.recall(b.whole, stream)
		r.visit(b.whole, &e.top[mx], &e.left, func(kind, first, ctx int, l *levels, end int) {
			w.tokens(probs, kind, first, ctx, l, end)
		})
	}
	return w.close()
}
