package poster

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"github.com/go-text/typesetting/di"
	"golang.org/x/image/math/fixed"
)

// Where things stand, in pixels. All text is set to the side at which the
// headline begins.
const (
	margin = 72
	inner  = Width - 2*margin

	bar        = 16  // of the accent's colour, at the top
	nameLine   = 112 // base line of the paper's name
	nameSize   = 44
	ruleTop    = 144 // a double rule, as below the masthead
	labelLine  = 218 // base line of the section
	labelSize  = 32
	headTop    = 246
	headBottom = Height - 44
	headAlone  = 176 // where there is no section
)

// sizes of the headline, of which the first is taken in which all of it fits.
var sizes = []int{92, 84, 76, 68, 60, 54, 48, 42}

// The colours of a poster: those of the theme's paper, in steps from the paper
// to the ink, and from the paper to the accent.
const (
	steps  = 32
	ink    = 0     // where the steps to the ink begin in the palette
	accent = steps // and those to the accent
)

var palette = ramps(color.RGBA{0xff, 0xff, 0xff, 0xff}, color.RGBA{0x1b, 0x1a, 0x19, 0xff}, color.RGBA{0x8c, 0x1c, 0x24, 0xff})

func ramps(paper color.RGBA, to ...color.RGBA) (all color.Palette) {
	mix := func(a, b uint8, n int) uint8 { return uint8((int(a)*(steps-1-n) + int(b)*n) / (steps - 1)) }
	for _, c := range to {
		for n := range steps {
			all = append(all, color.RGBA{mix(paper.R, c.R, n), mix(paper.G, c.G, n), mix(paper.B, c.B, n), 0xff})
		}
	}
	return all
}

// Draw draws a poster as PNG. The words are to be fit already; see [Fonts.Fit].
func (f *Fonts) Draw(w Words) (data []byte, err error) {
	defer func() {
		if wrong := recover(); wrong != nil { // in a font of the site's own
			data, err = nil, fmt.Errorf("the fonts cannot be used: %v", wrong)
		}
	}()
	s := f.setters.Get().(*setter)
	defer f.setters.Put(s)
	m := image.NewPaletted(image.Rect(0, 0, Width, Height), palette)
	rtl := leftwards(w.Headline)
	fill(m, 0, 0, Width, bar, accent)
	fill(m, margin, ruleTop, Width-margin, ruleTop+2, ink)
	fill(m, margin, ruleTop+5, Width-margin, ruleTop+6, ink)
	if w.Paper != "" {
		s.set(m, w.Paper, block{size: nameSize, line: nameLine, most: 1, rtl: rtl, colour: ink})
	}
	head := block{top: headAlone, bottom: headBottom, rtl: rtl, colour: ink}
	if w.Section != "" {
		s.set(m, w.Section, block{size: labelSize, line: labelLine, most: 1, rtl: rtl, colour: accent})
		head.top = headTop
	}
	s.setBest(m, w.Headline, head)
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &buffers}
	err = encoder.Encode(&b, m)
	return b.Bytes(), err
}

func fill(m *image.Paletted, x0, y0, x1, y1, colour int) {
	for y := y0; y < y1; y++ {
		row := m.Pix[y*m.Stride+x0 : y*m.Stride+x1]
		for x := range row {
			row[x] = uint8(colour + steps - 1)
		}
	}
}

// A block is where a text stands.
type block struct {
	size        int // of the letters, in pixels
	line        int // the first base line
	top, bottom int // for a text whose size is found
	most        int // lines
	rtl         bool
	colour      int
}

// set sets a text in one size; what is too long ends in an ellipsis.
func (s *setter) set(m *image.Paletted, text string, b block) {
	p := s.shape(text, b.rtl)
	s.draw(m, s.wrap(p, b.size, b.most, true), b)
}

// setBest sets a text as large as it fits.
func (s *setter) setBest(m *image.Paletted, text string, b block) {
	if text == "" {
		return
	}
	p := s.shape(text, b.rtl)
	room := b.bottom - b.top
	for i, size := range sizes {
		b.size = size
		high := scaled(p.thickness(), size)
		last := i == len(sizes)-1
		lines := s.wrap(p, size, max(1, room/high), last)
		if !last && (len(lines)*high > room || widest(lines) > fixed.Int26_6(inner*shaped*64/size)) {
			continue
		}
		b.line = b.top + scaled(p.ascent, size)
		s.draw(m, lines, b)
		return
	}
}

func widest(lines []line) (w fixed.Int26_6) {
	for _, l := range lines {
		w = max(w, l.width)
	}
	return w
}

func direction(rtl bool) di.Direction {
	if rtl {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}
