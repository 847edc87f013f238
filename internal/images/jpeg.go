package images

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// jpegSize walks the segments up to the frame header. EXIF may say that the
// picture is to be turned when it is shown.
func jpegSize(r *bufio.Reader) (width, height int, err error) {
	turned, seen := false, false
	if _, err := r.Discard(2); err != nil {
		return 0, 0, err
	}
	for {
		marker, size, err := nextSegment(r)
		switch {
		case err != nil:
			return 0, 0, err
		case isFrame(marker):
			b := make([]byte, 5)
			if _, err := io.ReadFull(r, b); err != nil {
				return 0, 0, err
			}
			height, width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
			if turned {
				width, height = height, width
			}
			return width, height, nil
		case marker == 0xd9 || marker == 0xda: // the picture ends, or begins without a frame
			return 0, 0, errBroken
		case marker == 0xe1 && !seen:
			b := make([]byte, size)
			if _, err := io.ReadFull(r, b); err != nil {
				return 0, 0, err
			}
			if tiff, ok := bytes.CutPrefix(b, []byte("Exif\x00\x00")); ok {
				seen, turned = true, orientation(tiff) >= 5
			}
		default:
			if _, err := r.Discard(size); err != nil {
				return 0, 0, err
			}
		}
	}
}

// nextSegment finds the next marker and the size of what belongs to it. Bytes
// between segments are passed over, as browsers do.
func nextSegment(r *bufio.Reader) (marker byte, size int, err error) {
	for marker == 0 || marker == 0xff || marker >= 0xd0 && marker <= 0xd8 || marker == 1 {
		if marker != 0xff {
			if _, err := skipTo(r, 0xff); err != nil {
				return 0, 0, err
			}
		}
		if marker, err = r.ReadByte(); err != nil {
			return 0, 0, err
		}
	}
	if marker == 0xd9 {
		return marker, 0, nil
	}
	var b [2]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, 0, err
	}
	size = int(binary.BigEndian.Uint16(b[:])) - 2
	if size < 0 {
		return 0, 0, errBroken
	}
	return marker, size, nil
}

// maxJunk is how much may stand between two segments.
const maxJunk = 1 << 20

func skipTo(r *bufio.Reader, c byte) (n int, err error) {
	for ; n < maxJunk; n++ {
		if b, err := r.ReadByte(); err != nil || b == c {
			return n, err
		}
	}
	return n, errBroken
}

// isFrame tells whether a marker begins a frame header (SOF0 to SOF15, without
// the three of that range that are something else).
func isFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

// orientation reads the orientation of EXIF data, 1 to 8; 0 if there is none.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:2]) {
	case "II":
	case "MM":
		order = binary.BigEndian
	default:
		return 0
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 0
	}
	n := int(order.Uint16(tiff[at:]))
	entries := tiff[at+2:]
	for ; n > 0 && len(entries) >= 12; n-- {
		if order.Uint16(entries) == 0x0112 && order.Uint16(entries[2:]) == 3 {
			if o := int(order.Uint16(entries[8:])); o <= 8 {
				return o
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}
