package photo

import (
	"encoding/binary"
	"slices"
)

// How the segments of JPEG begin that speak of the picture.
const (
	exifStart      = "Exif\x00\x00"
	xmpStart       = "http://ns.adobe.com/xap/1.0/\x00"
	extendedStart  = "http://ns.adobe.com/xmp/extension/\x00"
	photoshopStart = "Photoshop 3.0\x00"
)

const (
	app0, app1, app13 = 0xe0, 0xe1, 0xed
	maxSegment        = 0xffff - 2 // bytes in a segment, without marker and length
)

// walkJPEG walks the segments up to the first scan.
func walkJPEG(w *walker) {
	at := int64(2)
	w.insert = at
	for w.err == nil {
		head := w.bytes(at, 2)
		switch marker := head[1]; {
		case w.err != nil:
		case head[0] != 0xff: // bytes between segments are passed over, as browsers do
			at++
		case marker == 0xff: // a fill byte
			at++
		case marker == 0xda || marker == 0xd9:
			return
		case marker == 0 || marker == 1 || marker >= 0xd0 && marker <= 0xd8:
			at += 2
		default:
			length := int64(binary.BigEndian.Uint16(w.bytes(at+2, 2)))
			if length < 2 {
				w.err = errShort
				return
			}
			end := at + 2 + length
			if marker == app0 && w.insert == at {
				w.insert = end
			}
			if marker == app1 || marker == app13 {
				w.segment(marker, at, end)
			}
			at = end
		}
	}
}

// segment takes an APP1 or APP13 segment if it is known. One that is cut short
// is taken as far as it goes.
func (w *walker) segment(marker byte, start, end int64) {
	if end > w.size {
		w.broken, end = true, w.size
	}
	data := start + 4
	kinds := [][2]string{{photoshopStart, photoshop}}
	if marker == app1 {
		kinds = [][2]string{{exifStart, exifBlock}, {xmpStart, xmpBlock}, {extendedStart, extendedBlock}}
	}
	kind, header := cutPrefix(w.bytes(data, min(end-data, 40)), kinds...)
	if kind == "" {
		return
	}
	w.add(kind, start, data+header, end)
	if kind == exifBlock && w.insert == start {
		w.insert = end
	}
}

// appendSegment appends a segment of JPEG; what it holds must fit.
func appendSegment(b []byte, marker byte, begins string, data []byte) []byte {
	b = append(b, 0xff, marker)
	b = binary.BigEndian.AppendUint16(b, uint16(2+len(begins)+len(data)))
	return append(append(b, begins...), data...)
}

// appendResources appends image resources in as many segments as they need.
func appendResources(b, resources []byte) []byte {
	for part := range slices.Chunk(resources, maxSegment-len(photoshopStart)) {
		b = appendSegment(b, app13, photoshopStart, part)
	}
	return b
}
