package webp

// The trees of the modes (RFC 6386, sections 8.1, 11.2 and 11.3): which bits lead
// to a mode. The steps of modePaths and chromaPaths hold probabilities, those of
// subPaths the place of one in subModeProbs.

// wholeProb is the probability of a macroblock with a mode for each 4x4 block.
const wholeProb = 145

var modePaths = [modes16][]step{
	modeDC: {{156, false}, {163, false}},
	modeVE: {{156, false}, {163, true}},
	modeHE: {{156, true}, {128, false}},
	modeTM: {{156, true}, {128, true}},
}

var chromaPaths = [modes16][]step{
	modeDC: {{142, false}},
	modeVE: {{142, true}, {114, false}},
	modeHE: {{142, true}, {114, true}, {183, false}},
	modeTM: {{142, true}, {114, true}, {183, true}},
}

var subPaths = [modes4][]step{
	modeDC: {{0, false}},
	modeTM: {{0, true}, {1, false}},
	modeVE: {{0, true}, {1, true}, {2, false}},
	modeHE: {{0, true}, {1, true}, {2, true}, {3, false}, {4, false}},
	modeRD: {{0, true}, {1, true}, {2, true}, {3, false}, {4, true}, {5, false}},
	modeVR: {{0, true}, {1, true}, {2, true}, {3, false}, {4, true}, {5, true}},
	modeLD: {{0, true}, {1, true}, {2, true}, {3, true}, {6, false}},
	modeVL: {{0, true}, {1, true}, {2, true}, {3, true}, {6, true}, {7, false}},
	modeHD: {{0, true}, {1, true}, {2, true}, {3, true}, {6, true}, {7, true}, {8, false}},
	modeHU: {{0, true}, {1, true}, {2, true}, {3, true}, {6, true}, {7, true}, {8, true}},
}

// What the modes cost.
var (
	wholeCost   = int32(cost(false, wholeProb))
	modeCosts   = pathCosts(&modePaths, int32(cost(true, wholeProb)))
	chromaCosts = pathCosts(&chromaPaths, 0)
	subCosts    = func() (c [modes4][modes4][modes4]int32) { // by the modes above and to the left
		for above := range modes4 {
			for left := range modes4 {
				for m, path := range subPaths {
					for _, s := range path {
						c[above][left][m] += int32(cost(s.bit, subModeProbs[above][left][s.prob]))
					}
				}
			}
		}
		return c
	}()
)

func pathCosts(paths *[modes16][]step, base int32) (c [modes16]int32) {
	for m, path := range paths {
		c[m] = base
		for _, s := range path {
			c[m] += int32(cost(s.bit, s.prob))
		}
	}
	return c
}
