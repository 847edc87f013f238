package pixels

import "math"

// A frame is the part of a picture that a rendition shows, and how it lies in
// the file.
type frame struct {
	x, y          span // in the file's pixels
	outX, outY    int  // how many pixels they become
	turned        bool // and whether the file's rows are the rendition's columns
	width, height int  // of the rendition
	level         int  // how often the picture is halved before it is filtered
}

// A span is a part of an axis of the file; flipped where the rendition begins
// at its end.
type span struct {
	start, length float64
	flipped       bool
}

// Size says how large a rendition of a picture will be, whose pixels are stored
// as width by height and shown in an orientation from 1 to 8. It never has more
// pixels than the part of the picture that it shows.
func Size(width, height, orientation int, j Job) (w, h int) {
	f := framed(width, height, orientation, j)
	return f.width, f.height
}

func framed(width, height, orientation int, j Job) frame {
	var flipX, flipY, turned bool
	switch orientation {
	case 2:
		flipX = true
	case 3:
		flipX, flipY = true, true
	case 4:
		flipY = true
	case 5:
		turned = true
	case 6:
		turned, flipY = true, true
	case 7:
		turned, flipX, flipY = true, true, true
	case 8:
		turned, flipX = true, true
	}
	w, h := width, height
	if turned {
		w, h = h, w
	}
	cw, ch := cropped(w, h, j.Ratio)
	left, top := around(j.Focus[0], cw, w), around(j.Focus[1], ch, h)
	outW := cw
	if j.Width > 0 {
		outW = min(j.Width, cw)
	}
	outH := int(max(1, (2*int64(outW)*int64(ch)+int64(cw))/(2*int64(cw))))
	across := span{float64(left), float64(cw), false}
	down := span{float64(top), float64(ch), false}
	f := frame{x: across, y: down, outX: outW, outY: outH, turned: turned, width: outW, height: outH, level: halvings(min(float64(cw)/float64(outW), float64(ch)/float64(outH)), j.spare())}
	if turned {
		f.x, f.y, f.outX, f.outY = down, across, outH, outW
	}
	f.x.flipped, f.y.flipped = flipX, flipY
	return f
}

// cropped is the size of the largest part of a ratio.
func cropped(w, h int, ratio [2]int) (int, int) {
	rw, rh := int64(ratio[0]), int64(ratio[1])
	const most = 1 << 20
	if rw <= 0 || rh <= 0 || rw > most || rh > most {
		return w, h
	}
	if int64(w)*rh > int64(h)*rw {
		return int(max(1, (2*int64(h)*rw+rh)/(2*rh))), h
	}
	return w, int(max(1, (2*int64(w)*rh+rw)/(2*rw)))
}

// around is where a part begins that has a focus in its middle, as far as the
// edges allow it.
func around(focus float64, part, all int) int {
	if !(focus >= 0) {
		focus = 0
	}
	middle := float64(min(focus, 1) * float64(all))
	return int(max(0, min(math.Round(middle-float64(float64(part)/2)), float64(all-part))))
}
