package pixels

import (
	"errors"
	"image"
	"image/draw"
	"image/gif"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Memory estimates how many bytes a picture needs to be decoded and scaled, at
// most.
func (i Info) Memory() int64 {
	pixels := int64(i.Width) * int64(i.Height)
	const fixed = 8 << 20
	switch {
	case i.progressed: // the coefficients of all scans are kept
		return fixed + i.size + i.samples*7/2 + pixels*3
	case i.Type == "image/jpeg":
		return fixed + i.size + i.samples*3/2 + pixels*3
	case i.deep:
		return fixed + pixels*8 + pixels*7
	}
	return fixed + pixels*4 + pixels*5
}

// Needs estimates that too, of the jobs that are wanted: a JPEG that is made much
// smaller is never there at its own size.
func (i Info) Needs(orientation int, jobs []Job) int64 {
	if i.Type != "image/jpeg" || len(jobs) == 0 {
		return i.Memory()
	}
	need := int64(8<<20) + 2*i.size // the caller has the file too
	for _, level := range levelsFor(i, orientation, jobs) {
		need += i.samples >> (2 * level) * 9 / 8
	}
	if i.progressed {
		need += i.samples * 2
	}
	largest := 0
	for _, j := range jobs {
		w, h := Size(i.Width, i.Height, orientation, j)
		largest = max(largest, w*h)
	}
	return min(need+6*int64(largest), i.Memory())
}

// decode reads the pixels of what was looked at. A JPEG is decoded in those
// levels only, see [picture].
func decode(src io.ReadSeeker, info Info, levels []int) (p *picture, err error) {
	if info.Type == "image/jpeg" {
		data, err := allOf(src)
		if err != nil {
			return nil, err
		}
		if p, err = decodeJPEG(data, info.Width, info.Height, levels); err != nil {
			return nil, err
		}
	} else if p, err = decodeOther(src, info.Type); err != nil {
		return nil, err
	}
	if p.w != info.Width || p.h != info.Height {
		return nil, broken("it does not say its size")
	}
	if info.profile != nil {
		p.toSRGB = conversionOf(info.profile, p.model)
	}
	return p, nil
}

// allOf reads a file into no more memory than it needs.
func allOf(src io.ReadSeeker) ([]byte, error) {
	size, err := src.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	data := make([]byte, size)
	n, err := io.ReadFull(src, data)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil // it became shorter since, as the decoder will see
	}
	return data[:n], err
}

func decodeOther(src io.ReadSeeker, kind string) (*picture, error) {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	from := &failing{r: src}
	var m image.Image
	var err error
	switch kind {
	case "image/png":
		m, err = png.Decode(from)
	case "image/gif":
		m, err = decodeGIF(from)
	case "image/webp":
		m, err = webp.Decode(from)
	}
	if from.err != nil {
		return nil, from.err
	}
	if err != nil {
		return nil, broken("%v", err)
	}
	return pictureOf(m), nil
}

// decodeGIF lays the picture on its canvas, which may be larger.
func decodeGIF(from io.Reader) (image.Image, error) {
	all, err := gif.DecodeAll(from)
	if err != nil {
		return nil, err
	}
	canvas := image.Rect(0, 0, all.Config.Width, all.Config.Height)
	first := all.Image[0]
	if first.Rect == canvas {
		return first, nil
	}
	m := image.NewNRGBA(canvas)
	draw.Draw(m, first.Rect, first, first.Rect.Min, draw.Src)
	return m, nil
}

// failing remembers that reading failed: then it is not the picture that is
// broken.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// pictureOf takes a decoded image apart into planes.
func pictureOf(m image.Image) *picture {
	p := &picture{w: m.Bounds().Dx(), h: m.Bounds().Dy()}
	switch m := m.(type) {
	case *image.YCbCr:
		widen(m)
		p.model = ycc
		for _, q := range yccPlanes(m) {
			p.levels = append(p.levels, []plane{q})
		}
	case *image.Gray:
		p.levels = [][]plane{{{w: p.w, h: p.h, stride: m.Stride, pix: m.Pix, perX: 1, perY: 1}}}
	case *image.Gray16:
		p.fill(gray, 1, func(y int, to [][]byte) {
			for x := range to[0] {
				to[0][x] = narrow(m.Pix[y*m.Stride+2*x:])
			}
		})
	case *image.RGBA:
		p.fill(rgb, 3, interleaved(m.Pix, m.Stride)) // of decoders, these are opaque
	case *image.RGBA64:
		p.fill(rgb, 3, interleaved16(m.Pix, m.Stride))
	case *image.NRGBA:
		p.alpha = true
		p.fill(rgb, 4, interleaved(m.Pix, m.Stride))
	case *image.NRGBA64:
		p.alpha = true
		p.fill(rgb, 4, interleaved16(m.Pix, m.Stride))
	default:
		p.fillAny(m)
	}
	if p.alpha {
		p.multiply()
	}
	return p
}

func yccPlanes(m *image.YCbCr) []plane {
	x, y := 1.0, 1.0
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		x = 2
	case image.YCbCrSubsampleRatio420:
		x, y = 2, 2
	case image.YCbCrSubsampleRatio440:
		y = 2
	case image.YCbCrSubsampleRatio411:
		x = 4
	case image.YCbCrSubsampleRatio410:
		x, y = 4, 2
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	cw, ch := (w+int(x)-1)/int(x), (h+int(y)-1)/int(y)
	return []plane{
		{w: w, h: h, stride: m.YStride, pix: m.Y, perX: 1, perY: 1},
		{w: cw, h: ch, stride: m.CStride, pix: m.Cb, perX: x, perY: y},
		{w: cw, h: ch, stride: m.CStride, pix: m.Cr, perX: x, perY: y},
	}
}

// widen stretches what WebP's lossy pictures hold, luma from 16 to 235 and colour
// from 16 to 240, to what JPEG's hold.
func widen(m *image.YCbCr) {
	var luma, colour [256]byte
	for i := range 256 {
		luma[i] = byte(max(0, min(((i-16)*510+219)/438, 255)))
		colour[i] = byte(max(0, min(((i-128)*510+256*448+224)/448-128, 255)))
	}
	for i, v := range m.Y {
		m.Y[i] = luma[v]
	}
	for i, v := range m.Cb {
		m.Cb[i] = colour[v]
	}
	for i, v := range m.Cr {
		m.Cr[i] = colour[v]
	}
}

// fill makes planes, row by row.
func (p *picture) fill(of model, planes int, row func(y int, to [][]byte)) {
	p.model = of
	for range planes {
		p.levels = append(p.levels, []plane{newPlane(p.w, p.h)})
	}
	to := make([][]byte, planes)
	for y := range p.h {
		for i := range to {
			to[i] = p.levels[i][0].row(y)
		}
		row(y, to)
	}
}

func interleaved(pix []byte, stride int) func(y int, to [][]byte) {
	return func(y int, to [][]byte) {
		for i, plane := range to {
			for x, row := 0, pix[y*stride+i:]; x < len(plane); x++ {
				plane[x] = row[4*x]
			}
		}
	}
}

func interleaved16(pix []byte, stride int) func(y int, to [][]byte) {
	return func(y int, to [][]byte) {
		for i, plane := range to {
			for x, row := 0, pix[y*stride+2*i:]; x < len(plane); x++ {
				plane[x] = narrow(row[8*x:])
			}
		}
	}
}

// narrow rounds 16 bits to 8.
func narrow(b []byte) byte {
	return byte(((int(b[0])<<8|int(b[1]))*255 + 32767) / 65535)
}

// fillAny takes what a picture with a palette, or a WebP with transparency, is
// decoded to.
func (p *picture) fillAny(m image.Image) {
	b := m.Bounds()
	p.alpha = true
	if o, ok := m.(interface{ Opaque() bool }); ok && o.Opaque() {
		p.alpha = false
	}
	colour := coloursOf(m)
	planes := 3
	if p.alpha {
		planes = 4
	}
	p.fill(rgb, planes, func(y int, to [][]byte) {
		for x := range p.w {
			c := colour(b.Min.X+x, b.Min.Y+y)
			for i := range to {
				to[i][x] = c[i]
			}
		}
	})
}

// coloursOf reads colours that are not multiplied with their opacity.
func coloursOf(m image.Image) func(x, y int) [4]byte {
	switch m := m.(type) {
	case *image.Paletted:
		var table [256][4]byte
		for i, c := range m.Palette {
			table[i] = straight(c)
		}
		return func(x, y int) [4]byte { return table[m.ColorIndexAt(x, y)] }
	case *image.NYCbCrA:
		widen(&m.YCbCr)
		return func(x, y int) [4]byte {
			c := m.NYCbCrAAt(x, y)
			r, g, b := yccToRGB(c.Y, c.Cb, c.Cr)
			return [4]byte{r, g, b, c.A}
		}
	}
	return func(x, y int) [4]byte { return straight(m.At(x, y)) }
}

// multiply makes of each sample what can be seen of it, so that the colour of
// what is transparent does not bleed into what is not.
func (p *picture) multiply() {
	last := len(p.levels) - 1
	for _, q := range p.levels[:last] {
		for i, a := range p.levels[last][0].pix {
			q[0].pix[i] = byte((int(q[0].pix[i])*int(a) + 127) / 255)
		}
	}
}
