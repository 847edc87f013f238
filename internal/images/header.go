package images

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"stet/internal/photo"
)

// A header is what the first bytes of a picture say.
type header struct {
	kind          string
	width, height int
}

var (
	errUnknown = errors.New("unknown format")
	errBroken  = errors.New("broken header")
)

// tooLarge is the size of a picture nobody can want.
type tooLarge struct{ width, height int }

func (e tooLarge) Error() string { return fmt.Sprintf("%d × %d pixels large", e.width, e.height) }

// A format knows pictures by how they begin.
type format struct {
	kind   string
	begins func(start []byte) bool
	size   func(r *bufio.Reader) (width, height int, err error)
}

var formats = []format{
	{"image/jpeg", magic("\xff\xd8\xff"), jpegSize},
	{"image/png", magic("\x89PNG\r\n\x1a\n"), pngSize},
	{"image/gif", func(b []byte) bool { return magic("GIF87a")(b) || magic("GIF89a")(b) }, gifSize},
	{"image/webp", func(b []byte) bool { return magic("RIFF")(b) && len(b) >= 12 && string(b[8:12]) == "WEBP" }, webpSize},
	{"image/avif", photo.IsAVIF, avifSize},
	{"image/svg+xml", isSVG, svgSize},
}

func magic(m string) func([]byte) bool {
	return func(start []byte) bool { return bytes.HasPrefix(start, []byte(m)) }
}

// startSize is how much of a file decides which format it is.
const startSize = 4096

// readHeader reads the header of a picture. The kind is known even where the
// size is not.
func readHeader(from io.Reader) (header, error) {
	failed := &failing{r: from}
	r := bufio.NewReaderSize(failed, startSize)
	start, _ := r.Peek(startSize)
	for _, f := range formats {
		if !f.begins(start) {
			continue
		}
		h := header{kind: f.kind}
		var err error
		h.width, h.height, err = f.size(r)
		switch {
		case failed.err != nil:
			return h, failed.err
		case err != nil, h.width < 0, h.height < 0:
			return h, errBroken
		case int64(h.width)*int64(h.height) > maxPixels || h.width > maxPixels || h.height > maxPixels:
			return h, tooLarge{h.width, h.height}
		case (h.width == 0 || h.height == 0) && f.kind != "image/svg+xml":
			return h, errBroken
		}
		return h, nil
	}
	if failed.err != nil {
		return header{}, failed.err
	}
	return header{}, errUnknown
}

// failing remembers that reading failed: then it is not the picture that is
// broken.
type failing struct {
	r   io.Reader
	err error
}

func (f *failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

func pngSize(r *bufio.Reader) (int, int, error) {
	b, err := r.Peek(24)
	if err != nil || string(b[12:16]) != "IHDR" {
		return 0, 0, errBroken
	}
	return int(binary.BigEndian.Uint32(b[16:])), int(binary.BigEndian.Uint32(b[20:])), nil
}

func gifSize(r *bufio.Reader) (int, int, error) {
	b, err := r.Peek(10)
	if err != nil {
		return 0, 0, errBroken
	}
	return int(binary.LittleEndian.Uint16(b[6:])), int(binary.LittleEndian.Uint16(b[8:])), nil
}

// webpSize reads the first chunk: VP8X says the size of what is to be shown,
// else the picture's own header does.
func webpSize(r *bufio.Reader) (int, int, error) {
	b, err := r.Peek(30)
	if len(b) < 25 || err != nil && string(b[12:16]) != "VP8L" {
		return 0, 0, errBroken
	}
	switch string(b[12:16]) {
	case "VP8X":
		return 1 + int(uint24(b[24:])), 1 + int(uint24(b[27:])), nil
	case "VP8L":
		if b[20] != 0x2f {
			return 0, 0, errBroken
		}
		bits := binary.LittleEndian.Uint32(b[21:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff), nil
	case "VP8 ":
		if string(b[23:26]) != "\x9d\x01\x2a" {
			return 0, 0, errBroken
		}
		return int(binary.LittleEndian.Uint16(b[26:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[28:]) & 0x3fff), nil
	}
	return 0, 0, errBroken
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
