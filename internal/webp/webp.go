// Package webp writes pictures as lossy WebP files: one intra-only VP8 frame
// (RFC 6386) in its container (RFC 9649). It is here because there is no such
// encoder in pure Go to be had, and one Stet must make the same bytes everywhere:
// all arithmetic is that of integers, so the same picture and quality give the same
// file on every machine.
//
// The way of a picture:
//
//  1. newPicture (picture.go) turns it into planes of BT.601 in studio range, as
//     decoders expect them, in whole macroblocks of 16x16 pixels.
//  2. divide (segment.go) sorts the macroblocks into up to four segments by how much
//     there is to see in them. Where there is much, errors show less: the steps of
//     the quantizer are larger there.
//  3. choose (encode.go) goes once through the macroblocks. For each, luma and chroma
//     (choose.go) try the predictions (predict.go) and estimate their prices: squared
//     error plus bits, weighed by the step. The best is quantized anew so that the
//     price is least (trellis.go), and rebuilt as a decoder will (transform.go), for
//     its neighbours are predicted from it. What bits cost is learned on the way
//     (costs.go, tokens.go).
//  4. write knows all counts then. It chooses the probabilities and writes the header
//     and the modes (header.go), and the tokens (tokens.go), bit by bit (boolean.go).
//
// There is no transparency; callers keep PNG for it. How large and how slow this is
// beside libwebp stands in README.md.
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

// ErrDetail says that a picture has more detail than the format has room for: 512 KB
// for the modes and 16 MB for the rest, which takes some hundred megapixels.
var ErrDetail = errors.New("webp: the picture has too much detail for the format")

// longestFirst is how many bytes the first partition may have less than.
const longestFirst = 1 << 19

// Encode writes a picture as a lossy WebP file. Quality is 0 to 100 on libwebp's
// scale; what lies outside is taken as the nearer end. The colours are taken to be
// those of JPEG (YCbCr of BT.601 in full range) or sRGB; *image.YCbCr is fastest.
// Transparency is lost, as over black. It holds 4 to 8 bytes a pixel beside the
// picture and works in the caller's goroutine alone. The errors are ErrSize,
// ErrDetail and those of w, to which nothing is written before all is done.
func Encode(w io.Writer, m image.Image, quality int) error {
	b := m.Bounds()
	if b.Dx() < 1 || b.Dy() < 1 || b.Dx() > MaxSide || b.Dy() > MaxSide {
		return ErrSize
	}
	data, err := encode(newPicture(m), min(max(quality, 0), 100), longestFirst)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// encode makes the file. If the first partition reaches the limit, it tries again
// without 4x4 modes, of which that partition is full.
func encode(p *picture, quality, limit int) ([]byte, error) {
	for _, coarse := range []bool{false, true} {
		e := newEncoder(p, quality)
		e.coarse = coarse
		e.choose()
		if first, second := e.partitions(); len(first) < limit && len(second) < 1<<24 {
			return e.file(first, second), nil
		}
	}
	return nil, ErrDetail
}

// partitions writes what was chosen.
func (e *encoder) partitions() (first, second []byte) {
	probs := e.counts.adapt()
	return e.first(probs), e.second(probs)
}

// file puts the partitions of a frame into a container.
func (e *encoder) file(first, second []byte) []byte {
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
	return out
}
