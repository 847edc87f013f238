package pixels

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// An Info is what a picture says of itself before it is decoded.
type Info struct {
	Type          string // "image/jpeg", "image/png", "image/gif" or "image/webp"
	Width, Height int    // as stored, not upright
	Alpha         bool   // it may be transparent somewhere

	profile    []byte // ICC; nil if there is none
	components int    // of a JPEG
	samples    int64  // of all its components
	size       int64  // of the file
	deep       bool   // 16 bits a sample
	progressed bool   // a JPEG that comes in several scans
}

// defaultPixels is the size above which a picture is taken for a mistake or an
// attack.
const defaultPixels = 100_000_000

// Look reads what a picture is, and its profile. The errors are those of
// [Make]; that of a picture whose pixels are damaged comes only there.
func Look(src io.ReadSeeker, limits Limits) (Info, error) {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return Info{}, err
	}
	r := newHead(src)
	start, err := r.peek(32)
	if err != nil && !errors.Is(err, io.EOF) {
		return Info{}, err
	}
	var i Info
	switch {
	case bytes.HasPrefix(start, []byte("\xff\xd8\xff")):
		i, err = lookJPEG(r)
	case bytes.HasPrefix(start, []byte("\x89PNG\r\n\x1a\n")):
		i, err = lookPNG(r)
	case bytes.HasPrefix(start, []byte("GIF87a")), bytes.HasPrefix(start, []byte("GIF89a")):
		i, err = lookGIF(r)
	case len(start) >= 12 && string(start[:4]) == "RIFF" && string(start[8:12]) == "WEBP":
		i, err = lookWebP(r)
	default:
		if kind, keep := kindOf(start); kind != "" {
			return Info{}, &Unscaled{Kind: kind, Keep: keep}
		}
		return Info{}, ErrUnknown
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = broken("it ends too soon")
	}
	if err == nil {
		i.size, err = src.Seek(0, io.SeekEnd)
	}
	if err == nil {
		err = i.within(limits)
	}
	if err != nil {
		return Info{}, err
	}
	return i, nil
}

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}

func (i Info) within(limits Limits) error {
	if i.Width <= 0 || i.Height <= 0 {
		return broken("%d × %d pixels", i.Width, i.Height)
	}
	most := limits.Pixels
	if most == 0 {
		most = defaultPixels
	}
	if int64(i.Width) > most || int64(i.Height) > most || int64(i.Width)*int64(i.Height) > most {
		return &TooLarge{Width: i.Width, Height: i.Height}
	}
	if need := i.Memory(); limits.Memory > 0 && need > limits.Memory {
		return &TooLarge{Width: i.Width, Height: i.Height, Memory: need}
	}
	return nil
}

// kindOf knows the files that are not scaled, and whether browsers show them.
func kindOf(start []byte) (kind string, keep bool) {
	begins := func(s string) bool { return bytes.HasPrefix(start, []byte(s)) }
	switch {
	case len(start) >= 12 && string(start[4:8]) == "ftyp":
		return boxed(start)
	case begins("II*\x00"), begins("MM\x00*"), begins("IIRO"), begins("IIRS"), begins("IIU\x00"), begins("FUJIFILM"), begins("FOVb"):
		return "RAW or TIFF", false
	case begins("\xff\x0a"), begins("\x00\x00\x00\x0cJXL "):
		return "JPEG XL", false
	case begins("BM"):
		return "BMP", false
	case begins("<"), begins("\xef\xbb\xbf<"):
		return "SVG", true
	}
	return "", false
}

// boxed names a file by the brands in its first box.
func boxed(start []byte) (kind string, keep bool) {
	size := min(int(binary.BigEndian.Uint32(start)), len(start))
	for at := 8; at+4 <= size; at += 4 {
		switch string(start[at : at+4]) {
		case "avif", "avis":
			return "AVIF", true
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return "HEIC", false
		case "crx ":
			return "RAW or TIFF", false
		}
	}
	if brand := string(start[8:12]); brand == "mif1" || brand == "msf1" {
		return "HEIC", false
	}
	return "", false
}

// A head reads the beginning of a file.
type head struct {
	src io.ReadSeeker
	buf []byte // what was peeked at and not read
}

func newHead(src io.ReadSeeker) *head { return &head{src: src} }

func (h *head) peek(n int) ([]byte, error) {
	b := make([]byte, n)
	n, err := io.ReadFull(h.src, b)
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	h.buf = b[:n]
	return h.buf, err
}

// Read makes a head an [io.Reader].
func (h *head) Read(b []byte) (int, error) {
	if len(h.buf) > 0 {
		n := copy(b, h.buf)
		h.buf = h.buf[n:]
		return n, nil
	}
	return h.src.Read(b)
}

// skip passes over bytes without reading them; whether they are there is seen
// at what follows.
func (h *head) skip(n int64) error {
	beside := min(n, int64(len(h.buf)))
	h.buf = h.buf[beside:]
	_, err := h.src.Seek(n-beside, io.SeekCurrent)
	return err
}

// has makes sure that so many bytes follow.
func (h *head) has(n int64) error {
	here, err := h.src.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	end, err := h.src.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if end-here+int64(len(h.buf)) < n {
		return io.ErrUnexpectedEOF
	}
	_, err = h.src.Seek(here, io.SeekStart)
	return err
}

func (h *head) bytes(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(h, b)
	return b, err
}
