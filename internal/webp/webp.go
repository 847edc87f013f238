package webp

import (
	"encoding/binary"
	"errors"
	"image"
	"io"
)

// MaxSide is the greatest width and height in pixels that a picture may have.
const MaxSide = 1<<14 - 1

// ErrSize says that a picture is empty or has a side longer than MaxSide.
var ErrSize = errors.New("webp: pictures have sides of 1 to 16383 pixels")

// ErrDetail says that a picture has more detail than the format has room for.
var ErrDetail = errors.New("webp: the picture has too much detail for the format")

// Encode writes a picture as a lossy WebP file.
func Encode(w io.Writer, m image.Image, quality int) error {
	b := m.Bounds()
	if b.Dx() < 1 || b.Dy() < 1 || b.Dx() > MaxSide || b.Dy() > MaxSide {
		return ErrSize
	}
	e := newEncoder(newPicture(m), min(max(quality, 0), 100))
	e.choose()
	return e.write(w)
}

// write writes what was chosen.
func (e *encoder) write(w io.Writer) error {
	probs := e.counts.adapt()
	first := e.first(probs)
	second := e.second(probs)
	if len(first) >= 1<<19 || len(second) >= 1<<24 {
		return ErrDetail
	}
	size := 10 + len(first) + len(second)
	out := make([]byte, 0, 20+size+1)
	out = append(out, "RIFF"...)
	out = binary.LittleEndian.AppendUint32(out, uint32(12+size+size&1))
	out = append(out, "WEBPVP8 "...)
	out = binary.LittleEndian.AppendUint32(out, uint32(size))
	tag := uint32(len(first))<<5 | 1<<4 // a key frame that is shown
	out = append(out, byte(tag), byte(tag>>8), byte(tag>>16), 0x9d, 0x01, 0x2a)
	out = binary.LittleEndian.AppendUint16(out, uint16(e.width))
	out = binary.LittleEndian.AppendUint16(out, uint16(e.height))
	out = append(out, first...)
	out = append(out, second...)
	if size&1 != 0 {
		out = append(out, 0)
	}
	_, err := w.Write(out)
	return err
}
