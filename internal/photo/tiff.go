package photo

import (
	"encoding/binary"
	"iter"
)

// Tags of TIFF and EXIF.
const (
	tagDescription = 270
	tagArtist      = 315
	tagCopyright   = 33432

	tagXMP       = 700
	tagIIM       = 33723
	tagPhotoshop = 34377
	tagEXIF      = 34665
	tagGPS       = 34853

	tagMakerNotes   = 37500
	tagBodySerial   = 42033
	tagLensSerial   = 42037
	tagCameraSerial = 50735 // DNG
)

// typeSizes are the bytes of one value of each type of TIFF 6.0.
var typeSizes = [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}

// Types of texts.
const (
	typeASCII = 2
	typeUTF8  = 129 // EXIF 3.0
)

// An entry is one of a directory: so many bytes of values at an offset.
type entry struct {
	tag    uint16
	kind   int   // its type
	at     int64 // where it stands itself
	offset int64
	size   int64
	value  uint32 // what the entry itself holds, read as one number of four bytes
}

// byteOrder reads the first two bytes of a TIFF structure.
func byteOrder(start []byte) binary.ByteOrder {
	switch {
	case magic("II*\x00")(start):
		return binary.LittleEndian
	case magic("MM\x00*")(start):
		return binary.BigEndian
	}
	return nil
}

// directory lists the entries of a directory, b being its bytes from its number
// of entries on, at an offset from the start of the structure.
func directory(order binary.ByteOrder, b []byte, offset int64) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		if len(b) < 2 {
			return
		}
		for at := 2; at+12 <= min(len(b), 2+12*int(order.Uint16(b))); at += 12 {
			e := entry{tag: order.Uint16(b[at:]), offset: int64(order.Uint32(b[at+8:])), value: order.Uint32(b[at+8:])}
			e.kind, e.at = int(order.Uint16(b[at+2:])), offset+int64(at)
			if e.kind < len(typeSizes) {
				e.size = typeSizes[e.kind] * int64(order.Uint32(b[at+4:]))
			} else if e.kind == typeUTF8 {
				e.size = int64(order.Uint32(b[at+4:]))
			}
			if e.size <= 4 {
				e.offset = offset + int64(at) + 8
			}
			if !yield(e) {
				return
			}
		}
	}
}

// walkTIFF takes the blocks of the first directory. What the library is to read
// of EXIF is the file itself, as far as it may be read at once.
func walkTIFF(w *walker) {
	order := byteOrder(w.bytes(0, 4))
	head := w.bytes(0, 8)
	if w.err != nil {
		return
	}
	at := int64(order.Uint32(head[4:]))
	count := w.bytes(at, 2)
	if w.err != nil {
		return
	}
	list := w.bytes(at, min(2+12*int64(order.Uint16(count)), w.size-at))
	for e := range directory(order, list, at) {
		switch e.tag {
		case tagXMP:
			w.add(xmpBlock, at, e.offset, e.offset+e.size)
		case tagIIM:
			w.add(iimBlock, at, e.offset, e.offset+e.size)
		case tagPhotoshop:
			w.add(photoshop, at, e.offset, e.offset+e.size)
		}
	}
	if whole := w.bytes(0, min(w.size, maxBlock)); w.err == nil {
		w.addBytes(exifBlock, 0, 0, whole)
	}
}
