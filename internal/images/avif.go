package images

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
)

// maxMeta is how large the boxes that describe a picture may be.
const maxMeta = 4 << 20

// avifSize takes the largest size among the properties of a file: that of the
// picture, others are of its tiles, its thumbnail and its transparency. If one
// of them is turned by a quarter, the picture is.
func avifSize(r *bufio.Reader) (width, height int, err error) {
	for {
		name, size, err := nextBox(r)
		if err != nil {
			return 0, 0, err
		}
		if name != "meta" {
			if _, err := io.CopyN(io.Discard, r, size); err != nil {
				return 0, 0, err
			}
			continue
		}
		meta, err := io.ReadAll(io.LimitReader(r, min(size, maxMeta)))
		if err != nil || len(meta) < 4 {
			return 0, 0, errBroken
		}
		width, height = properties(inside(inside(meta[4:], "iprp"), "ipco"))
		return width, height, nil
	}
}

// nextBox reads the name of a box and the size of what it holds.
func nextBox(r io.Reader) (name string, size int64, err error) {
	var b [16]byte
	if _, err := io.ReadFull(r, b[:8]); err != nil {
		return "", 0, err
	}
	name, size = string(b[4:8]), int64(binary.BigEndian.Uint32(b[:]))-8
	if size == 1-8 {
		if _, err := io.ReadFull(r, b[8:]); err != nil {
			return "", 0, err
		}
		size = int64(binary.BigEndian.Uint64(b[8:])) - 16
	}
	if size < 0 { // 0 would be: up to the end of the file
		return "", 0, errBroken
	}
	return name, size, nil
}

// inside returns what the first box of a name holds.
func inside(boxes []byte, name string) (held []byte) {
	eachBox(boxes, func(n string, b []byte) {
		if n == name && held == nil {
			held = b
		}
	})
	return held
}

func eachBox(boxes []byte, visit func(name string, held []byte)) {
	for len(boxes) > 0 {
		r := bytes.NewReader(boxes)
		name, size, err := nextBox(r)
		if err != nil || size > int64(r.Len()) {
			return
		}
		held := boxes[len(boxes)-r.Len():]
		visit(name, held[:size])
		boxes = held[size:]
	}
}

func properties(boxes []byte) (width, height int) {
	turned := false
	eachBox(boxes, func(name string, b []byte) {
		switch {
		case name == "ispe" && len(b) >= 12:
			w, h := int(binary.BigEndian.Uint32(b[4:])), int(binary.BigEndian.Uint32(b[8:]))
			if int64(w)*int64(h) > int64(width)*int64(height) {
				width, height = w, h
			}
		case name == "irot" && len(b) >= 1:
			turned = turned || b[0]&1 == 1
		}
	})
	if turned {
		return height, width
	}
	return width, height
}
