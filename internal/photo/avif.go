package photo

import (
	"bytes"
	"encoding/binary"
)

// IsAVIF tells whether a file begins with a type box that names AVIF.
func IsAVIF(start []byte) bool {
	if len(start) < 16 || string(start[4:8]) != "ftyp" {
		return false
	}
	size := min(int(binary.BigEndian.Uint32(start)), len(start))
	for at := 8; at+4 <= size; at += 4 {
		if brand := string(start[at : at+4]); at != 12 && (brand == "avif" || brand == "avis") {
			return true
		}
	}
	return false
}

// walkAVIF finds the items Exif and XMP of the box meta (ISO 14496-12, 8.11).
func walkAVIF(w *walker) {
	for at := int64(0); at < w.size && w.err == nil; {
		head := w.bytes(at, min(16, w.size-at))
		if w.err != nil || len(head) < 8 {
			return
		}
		size, data := int64(binary.BigEndian.Uint32(head)), at+8
		switch {
		case size == 0:
			size = w.size - at
		case size == 1 && len(head) == 16:
			size, data = int64(binary.BigEndian.Uint64(head[8:])), at+16
		}
		if size < data-at || size > w.size-at {
			w.err = errShort
			return
		}
		if string(head[4:8]) == "meta" {
			if meta := w.bytes(data, at+size-data); w.err == nil && len(meta) > 4 {
				w.items(meta[4:])
			}
			return
		}
		at += size
	}
}

// items takes the items of a meta box that are known.
func (w *walker) items(meta []byte) {
	kinds := itemKinds(box(meta, "iinf"))
	idat := box(meta, "idat")
	locations := &fields{b: box(meta, "iloc")}
	version := locations.next(1)
	locations.next(3)
	sizes := locations.next(2)
	offsetSize, lengthSize, baseSize, indexSize := sizes>>12, sizes>>8&15, sizes>>4&15, sizes&15
	if version == 0 {
		indexSize = 0
	}
	wide := 2
	if version == 2 {
		wide = 4
	}
	for range min(locations.next(wide), maxSteps) {
		id, inside := locations.next(wide), uint64(0)
		if version > 0 {
			inside = locations.next(2) & 15
		}
		locations.next(2)
		base := locations.next(int(baseSize))
		var held []byte
		for range min(locations.next(2), maxSteps) {
			locations.next(int(indexSize))
			at, n := base+locations.next(int(offsetSize)), locations.next(int(lengthSize))
			if locations.short {
				w.err = errShort
				return
			}
			if kinds[id] == "" || w.err != nil || len(held) > maxBlock {
				continue
			}
			if inside == 1 {
				held = append(held, (&fields{b: idat}).part(at, n)...)
			} else {
				held = append(held, w.bytes(int64(at), int64(n))...)
			}
		}
		if kinds[id] == exifBlock {
			f := fields{b: held}
			held = f.part(4+f.next(4), uint64(len(held)))
		}
		if kinds[id] != "" && w.err == nil {
			w.addBytes(kinds[id], 0, 0, held)
		}
	}
}

// itemKinds reads which items hold what.
func itemKinds(iinf []byte) map[uint64]string {
	kinds := map[uint64]string{}
	if len(iinf) < 8 {
		return kinds
	}
	rest := iinf[6:]
	if iinf[0] > 0 {
		rest = iinf[8:]
	}
	for len(rest) >= 8 && len(kinds) < maxSteps {
		size := int(binary.BigEndian.Uint32(rest))
		if size < 8 || size > len(rest) {
			break
		}
		f := &fields{b: rest[8:size]}
		version := f.next(1)
		f.next(3)
		wide := 2
		if version == 3 {
			wide = 4
		}
		id := f.next(wide)
		f.next(2)
		switch string(f.part(uint64(f.at), 4)) {
		case "Exif":
			kinds[id] = exifBlock
		case "mime":
			if bytes.Contains(f.b, []byte("application/rdf+xml")) {
				kinds[id] = xmpBlock
			}
		}
		rest = rest[size:]
	}
	return kinds
}

// box finds the first box of a name and gives what it holds.
func box(data []byte, name string) []byte {
	for len(data) >= 8 {
		size := int(binary.BigEndian.Uint32(data))
		if size < 8 || size > len(data) {
			return nil
		}
		if string(data[4:8]) == name {
			return data[8:size]
		}
		data = data[size:]
	}
	return nil
}

// fields reads numbers one after the other, high byte first.
type fields struct {
	b     []byte
	at    int
	short bool
}

// next reads a number of up to eight bytes.
func (f *fields) next(size int) (n uint64) {
	if size > 8 || f.at+size > len(f.b) {
		f.short = true
		return 0
	}
	for range size {
		n = n<<8 | uint64(f.b[f.at])
		f.at++
	}
	return n
}

// part is n bytes at an offset, or as many as there are.
func (f *fields) part(at, n uint64) []byte {
	if at > uint64(len(f.b)) {
		return nil
	}
	return f.b[at:][:min(n, uint64(len(f.b))-at)]
}
