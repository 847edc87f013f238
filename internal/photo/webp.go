package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// walkWebP walks the chunks of a RIFF file.
func walkWebP(w *walker) {
	w.insert = w.size
	for at := int64(12); at < w.size && w.err == nil; {
		head := w.bytes(at, 8)
		if w.err != nil {
			return
		}
		data := at + 8
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		end := data + length + length&1
		kind := map[string]string{"EXIF": exifBlock, "XMP ": xmpBlock}[string(head[:4])]
		if data > w.size-length {
			w.err = errShort
		} else if held := w.webpBlock(kind, data, length); held != nil {
			w.addBytes(kind, at, min(end, w.size), held)
		}
		at = end
	}
}

// webpBlock reads what a chunk holds that is known. Some write EXIF as in JPEG.
func (w *walker) webpBlock(kind string, data, length int64) []byte {
	if kind == "" {
		return nil
	}
	return bytes.TrimPrefix(w.bytes(data, length), []byte(exifStart))
}

func webpChunk(name string, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
	if b = append(b, data...); len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

const (
	webpHasXMP   = 1 << 2
	webpHasAlpha = 1 << 4
)

var errWebP = errors.New("broken WebP file")

// withXMP gives a WebP file a packet in place of any it has. A simple file
// becomes an extended one (RFC 9649, 2.7).
func withXMP(file, packet []byte) ([]byte, error) {
	if len(file) < 20 {
		return nil, errWebP
	}
	var out, trailing []byte
	rest := file[12:]
	if end := int64(binary.LittleEndian.Uint32(file[4:])) + 8; end < int64(len(file)) && end >= 12 {
		rest, trailing = file[12:end], file[end:]
	}
	for len(rest) >= 8 {
		size := int64(binary.LittleEndian.Uint32(rest[4:]))
		if size > int64(len(rest)-8) {
			return nil, errWebP
		}
		end := min(8+size+size&1, int64(len(rest)))
		name, chunk := string(rest[:4]), rest[:end]
		if len(out) == 0 && name != "VP8X" {
			head, err := extendedHeader(name, chunk[8:])
			if err != nil {
				return nil, err
			}
			out = append(out, webpChunk("VP8X", head)...)
		}
		if name != "XMP " {
			out = append(out, chunk...)
			if len(chunk)%2 == 1 {
				out = append(out, 0)
			}
		}
		rest = rest[end:]
	}
	if len(out) < 18 {
		return nil, errWebP
	}
	out[8] |= webpHasXMP
	out = append(out, webpChunk("XMP ", packet)...)
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+len(out)))
	return append(append(append(b, "WEBP"...), out...), trailing...), nil
}

// extendedHeader makes the VP8X header of a picture in one chunk.
func extendedHeader(name string, data []byte) ([]byte, error) {
	head := make([]byte, 10)
	var width, height uint32
	switch {
	case name == "VP8 " && len(data) >= 10 && string(data[3:6]) == "\x9d\x01\x2a":
		width = uint32(binary.LittleEndian.Uint16(data[6:]) & 0x3fff)
		height = uint32(binary.LittleEndian.Uint16(data[8:]) & 0x3fff)
	case name == "VP8L" && len(data) >= 5 && data[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(data[1:])
		width, height = bits&0x3fff+1, bits>>14&0x3fff+1
		if bits>>28&1 == 1 {
			head[0] |= webpHasAlpha
		}
	}
	if width == 0 || height == 0 {
		return nil, errWebP
	}
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], width-1)
	copy(head[4:7], b[:])
	binary.LittleEndian.PutUint32(b[:], height-1)
	copy(head[7:10], b[:])
	return head, nil
}
