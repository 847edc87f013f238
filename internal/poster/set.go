package poster

import (
	"image"
	"image/png"
	"math"
	"slices"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// shaped is the size in pixels at which a text is shaped, once; its lines are
// broken and drawn at others.
const shaped = 100

// A setter sets text. It is for one at a time: the fonts' faces and the shaper
// keep what they have found out.
type setter struct {
	faces     []*font.Face
	first     *font.Face // of the first letter of the text that is set
	shaper    shaping.HarfbuzzShaper
	segmenter shaping.Segmenter
	wrapper   shaping.LineWrapper
	filler    *vector.Rasterizer
	mask      image.Alpha
	paper     *image.Paletted
	level     int
}

func newSetter(fonts []*font.Font) *setter {
	s := &setter{filler: vector.NewRasterizer(1, 1)}
	for _, f := range fonts {
		s.faces = append(s.faces, font.NewFace(f))
	}
	return s
}

// ResolveFace is the face that a letter is set in. Signs that several have, as
// commas and digits, are of that of the text's first letter.
func (s *setter) ResolveFace(r rune) *font.Face {
	if s.first != nil {
		if _, ok := s.first.NominalGlyph(r); ok {
			return s.first
		}
	}
	for _, f := range s.faces {
		if _, ok := f.NominalGlyph(r); ok {
			return f
		}
	}
	return s.faces[0]
}

// A paragraph is a shaped text.
type paragraph struct {
	text            []rune
	rtl             bool
	runs            []shaping.Output
	ellipsis        shaping.Output
	ascent, descent fixed.Int26_6 // of its lines; descent is positive
}

// thickness is how high a line is: as closely as headlines are set.
func (p *paragraph) thickness() fixed.Int26_6 { return (p.ascent + p.descent) * 7 / 8 }

// scaled is a measure of a shaped text at a size, in pixels.
func scaled(v fixed.Int26_6, size int) int { return int(v) * size / (shaped * 64) }

func (s *setter) shape(text string, rtl bool) *paragraph {
	p := &paragraph{text: []rune(text), rtl: rtl}
	s.first = nil
	if i := slices.IndexFunc(p.text, unicode.IsLetter); i >= 0 {
		s.first = s.ResolveFace(p.text[i])
	}
	for _, in := range s.split(p.text, rtl) {
		out := s.shaper.Shape(in)
		p.runs = append(p.runs, out)
		p.ascent, p.descent = max(p.ascent, out.LineBounds.Ascent), max(p.descent, -out.LineBounds.Descent)
	}
	dots := []rune("…")
	if _, ok := s.ResolveFace(dots[0]).NominalGlyph(dots[0]); !ok {
		dots = []rune("...")
	}
	for _, in := range s.split(dots, rtl)[:1] {
		p.ellipsis = s.shaper.Shape(in)
	}
	return p
}

// split parts a text into runs of one script, direction and face.
func (s *setter) split(text []rune, rtl bool) []shaping.Input {
	all := s.segmenter.Split(shaping.Input{
		Text: text, RunEnd: len(text), Direction: direction(rtl), Size: fixed.I(shaped), Language: language.NewLanguage("und"),
	}, s)
	return slices.Clone(all)
}

// A line is one of a paragraph, as wide as what is seen of it.
type line struct {
	runs  shaping.Line
	width fixed.Int26_6
}

// wrap breaks a paragraph into lines for a size. Where it is cut, words may be
// broken and the last line ends in an ellipsis; else it may have more lines than
// there is room for, and words may be wider than it.
func (s *setter) wrap(p *paragraph, size, most int, cut bool) (lines []line) {
	c := shaping.WrapConfig{Direction: direction(p.rtl), BreakPolicy: shaping.Never}
	if cut {
		c.BreakPolicy, c.TruncateAfterLines, c.Truncator = shaping.WhenNecessary, most, p.ellipsis
	}
	runs := slices.Clone(p.runs)
	for i := range runs { // the wrapper takes the width of spaces at the ends of lines away
		runs[i].Glyphs = slices.Clone(runs[i].Glyphs)
	}
	wrapped, _ := s.wrapper.WrapParagraphF(c, fixed.Int26_6(inner*shaped*64/size), p.text, shaping.NewSliceIterator(runs))
	for _, runs := range wrapped {
		l := line{runs: slices.Clone(runs)}
		slices.SortStableFunc(l.runs, func(a, b shaping.Output) int { return int(a.VisualIndex) - int(b.VisualIndex) })
		for _, r := range l.runs {
			l.width += r.Advance
		}
		lines = append(lines, l)
	}
	return lines
}

// draw draws lines at the places of a block.
func (s *setter) draw(m *image.Paletted, lines []line, b block) {
	s.paper, s.level = m, b.colour
	scale := float32(b.size) / shaped / 64
	high := 0
	for _, l := range lines {
		for _, r := range l.runs {
			high = max(high, scaled((r.LineBounds.Ascent-r.LineBounds.Descent)*7/8, b.size))
		}
	}
	for n, l := range lines {
		x := float32(margin)
		if b.rtl {
			x = float32(Width-margin) - float32(float32(l.width)*scale)
		}
		y := float32(b.line + n*high)
		for _, r := range l.runs {
			for _, g := range r.Glyphs {
				s.glyph(r.Face, g, x+float32(float32(g.XOffset)*scale), y-float32(float32(g.YOffset)*scale), b.size)
				x += float32(float32(g.Advance) * scale)
			}
		}
	}
}

// glyph fills the outline of a glyph. Every product is rounded by itself, which
// a conversion demands: else machines that multiply and add in one step would
// draw another picture.
func (s *setter) glyph(face *font.Face, g shaping.Glyph, x, y float32, size int) {
	outline, ok := face.GlyphDataOutline(g.GlyphID)
	if !ok || len(outline.Segments) == 0 {
		return
	}
	scale := float32(size) / float32(face.Upem())
	low, high := [2]float32{math.MaxFloat32, math.MaxFloat32}, [2]float32{-math.MaxFloat32, -math.MaxFloat32}
	at := func(p opentype.SegmentPoint) [2]float32 {
		return [2]float32{x + float32(p.X*scale), y - float32(p.Y*scale)}
	}
	for i := range outline.Segments {
		for _, p := range outline.Segments[i].ArgsSlice() {
			q := at(p)
			for d := range 2 {
				low[d], high[d] = min(low[d], q[d]), max(high[d], q[d])
			}
		}
	}
	box := image.Rect(int(math.Floor(float64(low[0]))), int(math.Floor(float64(low[1]))), int(math.Ceil(float64(high[0])))+1, int(math.Ceil(float64(high[1])))+1)
	if box.Empty() || !box.Overlaps(s.paper.Rect) || box.Dx() > 500 || box.Dy() > 500 { // larger ones are not filled in integers
		return
	}
	s.filler.Reset(box.Dx(), box.Dy())
	path := path{to: s.filler, by: [2]float32{float32(box.Min.X), float32(box.Min.Y)}}
	for i := range outline.Segments {
		path.segment(&outline.Segments[i], at)
	}
	path.to.ClosePath()
	s.stamp(box)
}

// stamp puts what the filler has onto the paper.
func (s *setter) stamp(box image.Rectangle) {
	n := box.Dx() * box.Dy()
	s.mask = image.Alpha{Pix: slices.Grow(s.mask.Pix[:0], n)[:n], Stride: box.Dx(), Rect: image.Rect(0, 0, box.Dx(), box.Dy())}
	clear(s.mask.Pix)
	s.filler.Draw(&s.mask, s.mask.Rect, image.Opaque, image.Point{})
	seen := box.Intersect(s.paper.Rect)
	for y := seen.Min.Y; y < seen.Max.Y; y++ {
		from := s.mask.Pix[(y-box.Min.Y)*s.mask.Stride:]
		for x := seen.Min.X; x < seen.Max.X; x++ {
			if a := int(from[x-box.Min.X]); a > 0 {
				to := &s.paper.Pix[y*s.paper.Stride+x]
				*to = max(*to, uint8(s.level+a*(steps-1)/255))
			}
		}
	}
}

// A path is an outline on its way into a filler, whose own curves are not the
// same on every machine.
type path struct {
	to *vector.Rasterizer
	by [2]float32 // subtracted
	at [2]float32
}

// flat is into how many lines a curve is broken.
const flat = 8

func (p *path) segment(seg *opentype.Segment, place func(opentype.SegmentPoint) [2]float32) {
	var q [3][2]float32
	for i, arg := range seg.ArgsSlice() {
		q[i] = place(arg)
	}
	switch seg.Op {
	case opentype.SegmentOpMoveTo:
		p.to.ClosePath()
		p.to.MoveTo(q[0][0]-p.by[0], q[0][1]-p.by[1])
		p.at = q[0]
	case opentype.SegmentOpLineTo:
		p.line(q[0])
	case opentype.SegmentOpQuadTo:
		p.curve(q[0], q[0], q[1], true)
	case opentype.SegmentOpCubeTo:
		p.curve(q[0], q[1], q[2], false)
	}
}

func (p *path) line(q [2]float32) {
	p.to.LineTo(q[0]-p.by[0], q[1]-p.by[1])
	p.at = q
}

// curve draws a curve of the third degree, or of the second with its one point
// given twice.
func (p *path) curve(b, c, d [2]float32, quad bool) {
	a := p.at
	between := func(p, q [2]float32, t float32) [2]float32 {
		return [2]float32{p[0] + float32(t*(q[0]-p[0])), p[1] + float32(t*(q[1]-p[1]))}
	}
	for i := 1; i < flat; i++ {
		t := float32(i) / flat
		ab, cd := between(a, b, t), between(c, d, t)
		if quad {
			p.line(between(ab, cd, t))
			continue
		}
		bc := between(b, c, t)
		p.line(between(between(ab, bc, t), between(bc, cd, t), t))
	}
	p.line(d)
}

// buffers are the encoder's, which are large.
var buffers encoders

type encoders struct{ pool sync.Pool }

func (e *encoders) Get() *png.EncoderBuffer {
	b, _ := e.pool.Get().(*png.EncoderBuffer)
	return b
}

func (e *encoders) Put(b *png.EncoderBuffer) { e.pool.Put(b) }
