package pixels

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// JPEG is decoded here and not by image/jpeg, because a photo is nearly always
// made smaller: its blocks of 8 by 8 samples are made as 4, 2 or 1 by as many at
// once (dct.go), which costs less time and memory and blurs less than halving.
// The coefficients of a progressive file are kept with 16 bits, not 32.

// A jpegFile is a file being decoded. Its frame is baseline, extended or
// progressive, of 8 bits a sample, Huffman coded.
type jpegFile struct {
	bitReader
	levels      []int // in those that are asked for, a block becomes 8>>level samples wide and high
	w, h        int
	progressive bool
	components  []jpegComponent
	maxH, maxV  int
	quant       [4][64]int32   // in the order of rows
	huffman     [2][4]*huffman // DC and AC
	restart     int            // MCUs between two restarts; 0 for none
	adobe       int            // its transform; -1 if nothing is said
	jfif        bool
	scans       int
	blank       int  // blocks left that are empty, in a progressive scan
	damaged     bool // a code was read that there is not
}

type jpegComponent struct {
	id, h, v, quant    int
	wide, high         int // in samples
	blocksWide, blocks int // with those that only fill the last MCUs
	levels             []plane
	coefficients       []int16 // of a progressive file
	dc, ac             *huffman
	before             int32 // the DC coefficient of the block before
	seen               bool
}

// maxScans is more than any program writes; each may cost the time of the whole
// picture.
const maxScans = 100

// decodeJPEG decodes a picture that says to be w by h pixels large, at that size,
// and at a half, a quarter and an eighth of it: the levels 0 to 3.
func decodeJPEG(data []byte, w, h int, levels []int) (*picture, error) {
	f := &jpegFile{bitReader: bitReader{data: data, at: 2}, w: w, h: h, levels: levels, adobe: -1}
	for {
		marker, segment, err := f.segment()
		if err != nil {
			return nil, err
		}
		switch marker {
		case 0xc0, 0xc1, 0xc2:
			err = f.frame(segment, marker == 0xc2)
		case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf:
			err = broken("a kind of JPEG that is not in use")
		case 0xc4:
			err = f.huffmanTables(segment)
		case 0xdb:
			err = f.quantTables(segment)
		case 0xdd:
			if len(segment) < 2 {
				return nil, errCutShort
			}
			f.restart = int(binary.BigEndian.Uint16(segment))
		case 0xe0:
			f.jfif = f.jfif || bytes.HasPrefix(segment, []byte("JFIF\x00"))
		case 0xee:
			if len(segment) >= 12 && string(segment[:5]) == "Adobe" {
				f.adobe = int(segment[11])
			}
		case 0xda:
			err = f.scan(segment)
		case 0xd9:
			return f.picture()
		}
		if err != nil {
			return nil, err
		}
	}
}

var (
	errCutShort = broken("it ends too soon")
	errDamaged  = broken("it is damaged in the middle")
)

// segment reads up to the next marker that has something to say. Where the end
// of the file is missing, but nothing else, that is the end.
func (f *jpegFile) segment() (marker byte, data []byte, err error) {
	for {
		next := bytes.IndexByte(f.data[min(f.at, len(f.data)):], 0xff)
		if next < 0 || f.at+next+1 >= len(f.data) {
			if f.complete() && !f.progressive {
				return 0xd9, nil, nil
			}
			return 0, nil, errCutShort
		}
		f.at += next + 1
		marker = f.data[f.at]
		if marker == 0xff {
			continue
		}
		f.at++
		if marker == 0xd9 {
			return marker, nil, nil
		}
		if marker > 0x01 && (marker < 0xd0 || marker > 0xd8) {
			break
		}
	}
	if f.at+2 > len(f.data) {
		return 0, nil, errCutShort
	}
	size := int(binary.BigEndian.Uint16(f.data[f.at:]))
	if size < 2 || f.at+size > len(f.data) {
		return 0, nil, errCutShort
	}
	data = f.data[f.at+2 : f.at+size]
	f.at += size
	return marker, data, nil
}

// complete tells whether every component was in a scan.
func (f *jpegFile) complete() bool {
	for _, c := range f.components {
		if !c.seen {
			return false
		}
	}
	return len(f.components) > 0
}

func (f *jpegFile) frame(b []byte, progressive bool) error {
	if f.components != nil {
		return broken("it has two frames")
	}
	if len(b) < 6 || len(b) < 6+3*int(b[5]) {
		return errCutShort
	}
	if b[0] != 8 {
		return broken("it has %d bits a sample", b[0])
	}
	h, w, n := int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:])), int(b[5])
	if w != f.w || h != f.h {
		return broken("it says two sizes") // and the limits were asked of the other
	}
	if w == 0 || h == 0 || n != 1 && n != 3 && n != 4 {
		return broken("%d × %d pixels of %d components", w, h, n)
	}
	f.progressive = progressive
	for i := range n {
		c := jpegComponent{id: int(b[6+3*i]), h: int(b[7+3*i] >> 4), v: int(b[7+3*i] & 15), quant: int(b[8+3*i])}
		if n == 1 {
			c.h, c.v = 1, 1
		}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.quant > 3 {
			return broken("component %d has no size", i+1)
		}
		f.maxH, f.maxV = max(f.maxH, c.h), max(f.maxV, c.v)
		f.components = append(f.components, c)
	}
	for i := range f.components {
		f.allocate(&f.components[i])
	}
	return nil
}

func (f *jpegFile) allocate(c *jpegComponent) {
	c.wide, c.high = (f.w*c.h+f.maxH-1)/f.maxH, (f.h*c.v+f.maxV-1)/f.maxV
	across, down := f.mcus()
	c.blocksWide = across * c.h
	c.blocks = c.blocksWide * down * c.v
	c.levels = make([]plane, slices.Max(f.levels)+1)
	for _, n := range f.levels {
		size := 8 >> n
		c.levels[n] = plane{
			stride: c.blocksWide * size,
			w:      (c.wide*size + 7) / 8, h: (c.high*size + 7) / 8,
			perX: float64(f.maxH<<n) / float64(c.h), perY: float64(f.maxV<<n) / float64(c.v),
			pix: make([]byte, c.blocks*size*size),
		}
	}
	if f.progressive {
		c.coefficients = make([]int16, c.blocks*64)
	}
}

// mcus counts the groups of blocks that lie beside and above each other.
func (f *jpegFile) mcus() (across, down int) {
	return (f.w + 8*f.maxH - 1) / (8 * f.maxH), (f.h + 8*f.maxV - 1) / (8 * f.maxV)
}

func (f *jpegFile) quantTables(b []byte) error {
	for len(b) > 0 {
		to, wide := b[0]&15, b[0]>>4
		if to > 3 || wide > 1 || len(b) < 65+64*int(wide) {
			return broken("a table of quantization")
		}
		b = b[1:]
		for _, at := range unzig {
			if wide == 1 {
				f.quant[to][at] = int32(binary.BigEndian.Uint16(b))
			} else {
				f.quant[to][at] = int32(b[0])
			}
			b = b[1+wide:]
		}
	}
	return nil
}

func (f *jpegFile) huffmanTables(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 || b[0]>>4 > 1 || b[0]&15 > 3 {
			return broken("a Huffman table")
		}
		h, n := newHuffman(b[1:])
		if h == nil {
			return broken("a Huffman table")
		}
		f.huffman[b[0]>>4][b[0]&15] = h
		b = b[1+n:]
	}
	return nil
}

// picture is what the scans gave.
func (f *jpegFile) picture() (*picture, error) {
	if !f.complete() {
		return nil, errCutShort
	}
	p := &picture{w: f.w, h: f.h}
	for i := range f.components {
		c := &f.components[i]
		if f.progressive {
			f.finish(c)
		}
		p.levels = append(p.levels, c.levels)
	}
	c := f.components
	switch len(c) {
	case 3:
		p.model = ycc
		if f.adobe == 0 || f.adobe < 0 && !f.jfif && c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B' {
			p.model = rgb
		}
	case 4:
		p.model = cmyk
		inverted := p.levels // Adobe writes what the ink leaves
		if f.adobe == 2 {
			p.model, inverted = ycck, p.levels[3:]
		}
		for _, q := range slices.Concat(inverted...) {
			for i := 0; i < len(q.pix) && f.adobe >= 0; i++ {
				q.pix[i] = ^q.pix[i]
			}
		}
	}
	return p, nil
}

// finish makes the samples of a component whose coefficients are all there.
func (f *jpegFile) finish(c *jpegComponent) {
	var block [64]int32
	quant := &f.quant[c.quant]
	for i := range c.blocks {
		for k, v := range c.coefficients[64*i:][:64] {
			block[k] = int32(v) * quant[k]
		}
		f.put(c, i, &block)
	}
	c.coefficients = nil
}

// put makes the samples of one block.
func (f *jpegFile) put(c *jpegComponent, i int, block *[64]int32) {
	y, x := i/c.blocksWide, i%c.blocksWide
	for k := len(f.levels) - 1; k >= 0; k-- { // the largest last: it spoils the block
		n := f.levels[k]
		q := &c.levels[n]
		to := q.pix[(y*q.stride+x)*(8>>n):]
		switch n {
		case 0:
			inverse8(to, q.stride, block)
		case 1:
			inverse4(to, q.stride, block)
		case 2:
			inverse2(to, q.stride, block)
		default:
			to[0] = sample(block[0], 3)
		}
	}
}
