package pixels

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

// maxProfile is how large an ICC profile may be; those of printing presses have
// up to 3 MB.
const maxProfile = 8 << 20

// lookJPEG reads the segments up to the first scan.
func lookJPEG(h *head) (i Info, err error) {
	i.Type = "image/jpeg"
	var parts profileParts
	if _, err := h.bytes(2); err != nil {
		return i, err
	}
	for {
		marker, err := nextMarker(h)
		if err != nil {
			return i, err
		}
		if marker == 0x01 || marker >= 0xd0 && marker <= 0xd7 {
			continue
		}
		b, err := h.bytes(2)
		if err != nil {
			return i, err
		}
		size := int(binary.BigEndian.Uint16(b)) - 2
		switch {
		case size < 0:
			return i, broken("a segment has no size")
		case marker == 0xda || marker == 0xd9:
			if i.Type = "image/jpeg"; i.components == 0 {
				return i, broken("it has no size")
			}
			i.profile = parts.joined()
			return i, nil
		case marker == 0xe2 || marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			if b, err = h.bytes(size); err != nil {
				return i, err
			}
			if marker == 0xe2 {
				parts.add(b)
			} else if i.components == 0 {
				if err := i.frameHeader(marker, b); err != nil {
					return i, err
				}
			}
		default:
			if err := h.skip(int64(size)); err != nil {
				return i, err
			}
		}
	}
}

func nextMarker(h *head) (byte, error) {
	var b [1]byte
	for seen := false; ; {
		if _, err := io.ReadFull(h, b[:]); err != nil {
			return 0, err
		}
		switch {
		case b[0] == 0xff:
			seen = true
		case seen && b[0] != 0:
			return b[0], nil
		default: // bytes between segments are passed over
			seen = false
		}
	}
}

func (i *Info) frameHeader(marker byte, b []byte) error {
	if len(b) < 6 || len(b) < 6+3*int(b[5]) || b[5] == 0 {
		return broken("its frame is cut short")
	}
	i.Height, i.Width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	i.components, i.progressed = int(b[5]), marker == 0xc2
	maxH, maxV := 1, 1
	for c := range i.components {
		maxH, maxV = max(maxH, int(b[7+3*c]>>4)), max(maxV, int(b[7+3*c]&15))
	}
	for c := range i.components {
		across, down := int(b[7+3*c]>>4), int(b[7+3*c]&15)
		i.samples += int64((i.Width*across+maxH-1)/maxH) * int64((i.Height*down+maxV-1)/maxV)
	}
	return nil
}

// profileParts are the segments that a JPEG's profile is cut into.
type profileParts [][]byte

func (p *profileParts) add(segment []byte) {
	const name = "ICC_PROFILE\x00"
	if !bytes.HasPrefix(segment, []byte(name)) || len(segment) < len(name)+2 {
		return
	}
	number, count := int(segment[len(name)]), int(segment[len(name)+1])
	if *p == nil {
		*p = make([][]byte, count)
	}
	if number >= 1 && number <= len(*p) && count == len(*p) {
		(*p)[number-1] = segment[len(name)+2:]
	}
}

// joined is the profile, or nil if a part is missing.
func (p profileParts) joined() (all []byte) {
	for _, part := range p {
		if part == nil {
			return nil
		}
		if all = append(all, part...); len(all) > maxProfile {
			return nil
		}
	}
	return all
}

// lookPNG reads the chunks up to the pixels.
func lookPNG(h *head) (i Info, err error) {
	i.Type = "image/png"
	if _, err := h.bytes(8); err != nil {
		return i, err
	}
	standard := false
	for first := true; ; first = false {
		b, err := h.bytes(8)
		if err != nil {
			return i, err
		}
		size, name := int64(binary.BigEndian.Uint32(b)), string(b[4:])
		if first && (name != "IHDR" || size != 13) {
			return i, broken("it has no size")
		}
		switch {
		case name == "IDAT":
			if standard {
				i.profile = nil
			}
			return i, nil
		case name == "IEND":
			return i, broken("it has no pixels")
		case name == "acTL":
			return i, &Unscaled{Kind: "animated PNG", Keep: true}
		case first, name == "iCCP" && size < maxProfile:
			if b, err = h.bytes(int(size)); err != nil {
				return i, err
			}
			if first {
				i.Width, i.Height = int(binary.BigEndian.Uint32(b)), int(binary.BigEndian.Uint32(b[4:]))
				i.deep, i.Alpha = b[8] == 16, b[9]&4 != 0
			} else {
				i.profile = inflated(b)
			}
			size = 0
		case name == "tRNS":
			i.Alpha = true
		case name == "sRGB":
			standard = true
		}
		if err := h.skip(size + 4); err != nil {
			return i, err
		}
	}
}

// inflated is the profile in an iCCP chunk, or nil.
func inflated(chunk []byte) []byte {
	_, rest, ok := bytes.Cut(chunk, []byte{0})
	if !ok || len(rest) < 1 || rest[0] != 0 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(rest[1:]))
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(z, maxProfile))
	if err != nil {
		return nil
	}
	return data
}

// lookGIF walks to the second picture: where there is one, the file is an
// animation.
func lookGIF(h *head) (i Info, err error) {
	i.Type = "image/gif"
	b, err := h.bytes(13)
	if err != nil {
		return i, err
	}
	i.Width, i.Height = int(binary.LittleEndian.Uint16(b[6:])), int(binary.LittleEndian.Uint16(b[8:]))
	i.Alpha = true
	if err := h.skip(colours(b[10])); err != nil {
		return i, err
	}
	for pictures := 0; ; {
		kind, err := h.bytes(1)
		if err == io.EOF && pictures == 1 {
			return i, nil
		} else if err != nil {
			return i, err
		}
		switch kind[0] {
		case 0x21: // an extension
			_, err = h.bytes(1)
		case 0x2c:
			if pictures++; pictures == 2 {
				return i, &Unscaled{Kind: "animated GIF", Keep: true}
			}
			if b, err = h.bytes(9); err == nil {
				err = h.skip(colours(b[8]) + 1)
			}
		case 0x3b:
			if pictures == 0 {
				return i, broken("it has no pixels")
			}
			return i, nil
		default:
			return i, broken("a block of an unknown kind")
		}
		if err != nil {
			return i, err
		}
		if err := skipBlocks(h); err != nil {
			return i, err
		}
	}
}

// colours is the size of a GIF's table of colours.
func colours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func skipBlocks(h *head) error {
	for {
		size, err := h.bytes(1)
		if err != nil || size[0] == 0 {
			return err
		}
		if _, err := h.bytes(int(size[0])); err != nil {
			return err
		}
	}
}

// lookWebP reads the chunks up to the pixels.
func lookWebP(h *head) (i Info, err error) {
	i.Type = "image/webp"
	b, err := h.bytes(12)
	if err != nil {
		return i, err
	}
	// Whoever decodes it does not see that something is missing.
	if err := h.has(int64(binary.LittleEndian.Uint32(b[4:])) - 4); err != nil {
		return i, err
	}
	for {
		b, err := h.bytes(8)
		if err != nil {
			return i, err
		}
		name, size := string(b[:4]), int64(binary.LittleEndian.Uint32(b[4:]))
		size += size & 1
		wants := map[string]int64{"VP8X": 10, "VP8L": 5, "VP8 ": 10}[name]
		if name == "ICCP" && size <= maxProfile {
			wants = size
		}
		if size < wants {
			return i, broken("a chunk is cut short")
		}
		if b, err = h.bytes(int(wants)); err != nil {
			return i, err
		}
		canvas := i
		switch name {
		case "VP8X":
			i.Width, i.Height = 1+int(uint24(b[4:])), 1+int(uint24(b[7:]))
			if i.Alpha = b[0]&0x10 != 0; canvas.is(i) != nil {
				return i, canvas.is(i)
			}
			if b[0]&2 != 0 {
				return i, &Unscaled{Kind: "animated WebP", Keep: true}
			}
		case "ICCP":
			i.profile = b
		case "VP8L":
			bits := binary.LittleEndian.Uint32(b[1:])
			i.Width, i.Height = 1+int(bits&0x3fff), 1+int(bits>>14&0x3fff)
			i.Alpha = bits>>28&1 != 0
			return i, canvas.is(i)
		case "VP8 ":
			i.Width, i.Height = int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
			return i, canvas.is(i)
		}
		if err := h.skip(size - wants); err != nil {
			return i, err
		}
	}
}

// is makes sure that a canvas, if there is one, is as large as its picture.
func (i Info) is(of Info) error {
	if i.Width != 0 && (i.Width != of.Width || i.Height != of.Height) {
		return broken("it says two sizes")
	}
	return nil
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
