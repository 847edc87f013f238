package pixels

import "encoding/binary"

// unzig is where the coefficients lie that a file lists from coarse to fine.
var unzig = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// A bitReader reads the bits of a scan. At a marker or the file's end it gives
// zeros, and counts them.
type bitReader struct {
	data     []byte
	at       int
	acc      uint64 // the next bits, from the highest on
	n        int    // how many there are
	invented int    // how many of them, at the end, are in no file
}

// fill makes sure of 48 bits, enough for a code and what follows it.
func (r *bitReader) fill() {
	if r.n >= 48 {
		return
	}
	if r.at+8 <= len(r.data) {
		next := binary.BigEndian.Uint64(r.data[r.at:])
		if (^next-0x0101010101010101)&next&0x8080808080808080 == 0 { // no byte is ff
			take := (64 - r.n) >> 3
			r.acc |= next >> r.n
			r.at += take
			r.n += 8 * take
			r.acc &= ^uint64(0) << (64 - r.n)
			return
		}
	}
	for r.n <= 56 {
		var b byte
		switch {
		case r.at >= len(r.data), r.data[r.at] == 0xff && (r.at+1 >= len(r.data) || r.data[r.at+1] != 0):
			r.invented += 8
		default:
			if b = r.data[r.at]; b == 0xff {
				r.at++
			}
			r.at++
		}
		r.acc |= uint64(b) << (56 - r.n)
		r.n += 8
	}
}

// spent tells whether bits were read that are in no file.
func (r *bitReader) spent() bool { return r.invented > r.n }

func (r *bitReader) reset() { r.acc, r.n, r.invented = 0, 0, 0 }

func (r *bitReader) drop(n int) {
	r.acc <<= n
	r.n -= n
}

// bits reads n bits, of at most 16, that were made sure of.
func (r *bitReader) bits(n int) int32 {
	v := int32(r.acc >> 1 >> (63 - n))
	r.drop(n)
	return v
}

// signed reads n bits that say a number which may be negative.
func (r *bitReader) signed(n int) int32 {
	v := r.bits(n)
	if n > 0 && v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v
}

const quick = 10 // bits that are looked up at once

// A huffman is a table of codes.
type huffman struct {
	short  [1 << quick]uint16 // length and value of codes of few bits; else 0
	limits [18]uint32         // by length, the end of its codes, in 16 bits
	first  [17]int            // by length, where its values begin, less its first code
	values []byte
}

// newHuffman reads a table and says how many bytes it takes.
func newHuffman(b []byte) (*huffman, int) {
	h := &huffman{}
	count := 0
	for _, n := range b[:16] {
		count += int(n)
	}
	if count > 256 || len(b) < 16+count {
		return nil, 0
	}
	h.values = b[16 : 16+count]
	code, at := 0, 0
	for length := 1; length <= 16; length++ {
		n := int(b[length-1])
		h.first[length] = at - code
		for range n {
			if length <= quick && code < 1<<length {
				from := code << (quick - length)
				for i := range 1 << (quick - length) {
					h.short[from+i] = uint16(length)<<8 | uint16(h.values[at])
				}
			}
			code++
			at++
		}
		if code > 1<<length {
			return nil, 0
		}
		h.limits[length] = uint32(code) << (16 - length)
		code <<= 1
	}
	h.limits[17] = 1 << 16
	return h, 16 + count
}

// symbol reads a code; one that is not in the table is damage.
func (f *jpegFile) symbol(h *huffman) byte {
	f.fill()
	if e := h.short[f.acc>>(64-quick)]; e != 0 {
		f.drop(int(e >> 8))
		return byte(e)
	}
	code := uint32(f.acc >> 48)
	length := quick + 1
	for length <= 16 && code >= h.limits[length] {
		length++
	}
	if length > 16 {
		f.damaged = true
		f.drop(16)
		return 0
	}
	f.drop(length)
	return h.values[h.first[length]+int(code>>(16-length))]
}

// A scanPart says which coefficients a scan gives, and which of their bits.
type scanPart struct{ start, end, high, low int }

func (f *jpegFile) scan(b []byte) error {
	if f.scans++; f.components == nil || f.scans > maxScans {
		return broken("a scan of nothing")
	}
	if len(b) < 1 || len(b) < 4+2*int(b[0]) || b[0] < 1 || b[0] > 4 {
		return errCutShort
	}
	var of []*jpegComponent
	for i := range int(b[0]) {
		c := f.component(int(b[1+2*i]))
		if c == nil || b[2+2*i]>>4 > 3 || b[2+2*i]&15 > 3 {
			return broken("a scan of no component")
		}
		for _, other := range of {
			if other == c {
				return broken("a scan that has a component twice")
			}
		}
		c.dc, c.ac = f.huffman[0][b[2+2*i]>>4], f.huffman[1][b[2+2*i]&15]
		of = append(of, c)
	}
	part := scanPart{0, 63, 0, 0}
	if f.progressive {
		last := b[1+2*len(of):]
		part = scanPart{int(last[0]), int(last[1]), int(last[2] >> 4), int(last[2] & 15)}
		if part.start > part.end || part.end > 63 || part.start == 0 && part.end != 0 || part.start > 0 && len(of) > 1 ||
			part.low > 13 || part.high != 0 && part.high != part.low+1 {
			return broken("a scan of no coefficients")
		}
	}
	for _, c := range of {
		if part.start == 0 && part.high == 0 && c.dc == nil || part.end > 0 && c.ac == nil {
			return broken("a scan without its Huffman table")
		}
		if f.quant[c.quant][0] == 0 {
			return broken("a scan without its table of quantization")
		}
		c.seen = true
	}
	return f.blocks(of, part)
}

func (f *jpegFile) component(id int) *jpegComponent {
	for i := range f.components {
		if f.components[i].id == id {
			return &f.components[i]
		}
	}
	return nil
}

// blocks reads the blocks of a scan: of several components, by groups of them;
// of one alone, by rows, without those that only fill up the groups.
func (f *jpegFile) blocks(of []*jpegComponent, part scanPart) error {
	across, down := f.mcus()
	alone := len(of) == 1
	if alone {
		across, down = (of[0].wide+7)/8, (of[0].high+7)/8
	}
	f.restarted(of)
	left := f.restart
	for y := range down {
		for x := range across {
			if f.restart > 0 {
				if left == 0 {
					if err := f.nextRestart(); err != nil {
						return err
					}
					f.restarted(of)
					left = f.restart
				}
				left--
			}
			if alone {
				f.block(of[0], y*of[0].blocksWide+x, part)
				continue
			}
			for _, c := range of {
				for i := range c.v {
					for k := range c.h {
						f.block(c, (y*c.v+i)*c.blocksWide+x*c.h+k, part)
					}
				}
			}
		}
		if f.spent() {
			return errCutShort
		}
		if f.damaged {
			return errDamaged
		}
	}
	f.reset()
	return nil
}

func (f *jpegFile) restarted(of []*jpegComponent) {
	f.reset()
	f.blank = 0
	for _, c := range of {
		c.before = 0
	}
}

// nextRestart passes over the marker at which decoding begins anew.
func (f *jpegFile) nextRestart() error {
	for f.at+1 < len(f.data) && f.data[f.at] == 0xff && f.data[f.at+1] == 0xff {
		f.at++
	}
	if f.spent() || f.at+1 >= len(f.data) || f.data[f.at] != 0xff || f.data[f.at+1]&^7 != 0xd0 {
		return errDamaged
	}
	f.at += 2
	return nil
}

func (f *jpegFile) block(c *jpegComponent, i int, part scanPart) {
	if !f.progressive {
		f.wholeBlock(c, i)
		return
	}
	block := (*[64]int16)(c.coefficients[64*i:])
	switch {
	case part.start == 0 && part.high == 0:
		c.before += f.dcDifference(c)
		block[0] = int16(c.before << part.low)
	case part.start == 0:
		f.fill()
		block[0] |= int16(f.bits(1) << part.low)
	case part.high == 0:
		f.firstAC(c, block, part)
	default:
		f.refineAC(c, block, part)
	}
}

func (f *jpegFile) dcDifference(c *jpegComponent) int32 {
	n := int(f.symbol(c.dc))
	return f.signed(min(n, 16))
}

// wholeBlock reads a block of a file that is not progressive.
func (f *jpegFile) wholeBlock(c *jpegComponent, i int) {
	var block [64]int32
	quant := &f.quant[c.quant]
	c.before += f.dcDifference(c)
	block[0] = c.before * quant[0]
	ac := c.ac
	for k := 1; k < 64; k++ {
		s := f.symbol(ac)
		n := int(s & 15)
		if n == 0 {
			if s != 0xf0 {
				break
			}
			k += 15
			continue
		}
		if k += int(s >> 4); k > 63 {
			f.damaged = true
			break
		}
		at := unzig[k] & 63
		block[at] = f.signed(n) * quant[at]
	}
	f.put(c, i, &block)
}

// firstAC reads the upper bits of coefficients of a progressive file.
func (f *jpegFile) firstAC(c *jpegComponent, block *[64]int16, part scanPart) {
	if f.blank > 0 {
		f.blank--
		return
	}
	for k := part.start; k <= part.end; k++ {
		s := f.symbol(c.ac)
		run, n := int(s>>4), int(s&15)
		if n == 0 {
			if run < 15 {
				f.blank = 1<<run - 1 + int(f.bits(run))
				return
			}
			k += 15
			continue
		}
		if k += run; k > part.end {
			f.damaged = true
			return
		}
		block[unzig[k]] = int16(f.signed(n) << part.low)
	}
}

// refineAC reads one more bit of coefficients.
func (f *jpegFile) refineAC(c *jpegComponent, block *[64]int16, part scanPart) {
	k := part.start
	for k <= part.end && f.blank == 0 {
		s := f.symbol(c.ac)
		run, fresh := int(s>>4), int16(0)
		if s&15 != 0 {
			if fresh = -1 << part.low; f.bits(1) == 1 {
				fresh = 1 << part.low
			}
		} else if run < 15 {
			f.blank = 1<<run + int(f.bits(run))
			break
		}
		if k = f.refine(block, k, run, part); k <= part.end && fresh != 0 {
			block[unzig[k]] = fresh
		}
		k++
	}
	if f.blank > 0 {
		f.blank--
		f.refine(block, k, 64, part)
	}
}

// refine gives the coefficients their next bit that are not zero, up to the
// zero after so many.
func (f *jpegFile) refine(block *[64]int16, k, zeros int, part scanPart) int {
	for ; k <= part.end; k++ {
		v := &block[unzig[k]]
		if *v == 0 {
			if zeros == 0 {
				break
			}
			zeros--
			continue
		}
		f.fill()
		if f.bits(1) == 1 {
			if *v > 0 {
				*v += 1 << part.low
			} else {
				*v -= 1 << part.low
			}
		}
	}
	return k
}
