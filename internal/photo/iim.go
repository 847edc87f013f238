package photo

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// A dataset is a value of IIM (IPTC-NAA Information Interchange Model 4.2).
type dataset struct {
	record, number byte
	data           []byte
}

// Datasets of record 2 that are read or written.
const (
	iimDate       = 55
	iimTime       = 60
	iimCreator    = 80
	iimJobTitle   = 85
	iimCity       = 90
	iimState      = 95
	iimCountry    = 101
	iimHeadline   = 105
	iimCredit     = 110
	iimSource     = 115
	iimCopyright  = 116
	iimCaption    = 120
	iimCharset    = 90 // of record 1
	iimRecord     = 2  // number 0 of each record is its version
	iimUTF8       = "\x1b%G"
	maxDataset    = 0x7fff
	iimVersion    = "\x00\x04"
	resourceIIM   = 0x0404
	resourceSum   = 0x0425 // MD5 of the IIM when XMP was last written from it
	resourceStart = "8BIM"
)

// maxIIM are the most bytes of a dataset of record 2.
var maxIIM = map[byte]int{
	iimCreator: 32, iimJobTitle: 32, iimCity: 32, iimState: 32, iimCountry: 64, iimHeadline: 256, iimCredit: 32,
	iimSource: 32, iimCopyright: 128, iimCaption: 2000,
}

var errIIM = errors.New("broken IIM")

// parseIIM reads datasets as far as they can be read.
func parseIIM(b []byte) (all []dataset, err error) {
	for len(b) > 0 {
		if b[0] != 0x1c {
			if len(bytes.Trim(b, "\x00")) > 0 { // zeros fill up
				return all, errIIM
			}
			return all, nil
		}
		if len(b) < 5 {
			return all, errIIM
		}
		size, head := int(binary.BigEndian.Uint16(b[3:])), 5
		if size > maxDataset { // the length stands in so many bytes
			n := size & maxDataset
			f := fields{b: b, at: 5}
			if long := f.next(n); n <= 4 && !f.short && long <= uint64(len(b)) {
				size, head = int(long), 5+n
			}
		}
		if size > len(b)-head {
			return all, errIIM
		}
		all = append(all, dataset{b[1], b[2], b[head : head+size]})
		b = b[head+size:]
	}
	return all, nil
}

// appendIIM writes datasets.
func appendIIM(b []byte, all []dataset) []byte {
	for _, d := range all {
		b = append(b, 0x1c, d.record, d.number)
		if len(d.data) > maxDataset {
			b = binary.BigEndian.AppendUint16(b, 0x8000|4)
			b = binary.BigEndian.AppendUint32(b, uint32(len(d.data)))
		} else {
			b = binary.BigEndian.AppendUint16(b, uint16(len(d.data)))
		}
		b = append(b, d.data...)
	}
	return b
}

// saysUTF8 tells whether the envelope says that texts are UTF-8 (1:90).
func saysUTF8(all []dataset) bool {
	for _, d := range all {
		if d.record == 1 && d.number == iimCharset {
			return string(d.data) == iimUTF8
		}
	}
	return false
}

// decodeIIM turns the bytes of a text into UTF-8. Few programs say which charset
// theirs is: what is UTF-8 is taken for it, and all else for Windows' Latin-1.
func decodeIIM(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	return latin1(string(data))
}

// latin1 reads bytes as Windows-1252, which Latin-1 is in practice.
func latin1(s string) string {
	s, _ = charmap.Windows1252.NewDecoder().String(s) // it cannot fail
	return s
}

// cutIIM cuts a text to the size of its dataset, between characters.
func cutIIM(text string, size int) []byte {
	if len(text) <= size {
		return []byte(text)
	}
	for size > 0 && !utf8.RuneStart(text[size]) {
		size--
	}
	return []byte(text[:size])
}

// A resource is one of Photoshop's image resources. head is all up to its size.
type resource struct {
	id   int
	head []byte
	data []byte
}

var errResources = errors.New("broken Photoshop resources")

// parseResources reads image resources as far as they can be read.
func parseResources(b []byte) (all []resource, err error) {
	for len(b) >= 12 {
		name := 7 + int(b[6]) // a name with its length is padded to an even size
		name += name & 1
		if len(b) < name+4 {
			return all, errResources
		}
		size := int(binary.BigEndian.Uint32(b[name:]))
		data := b[name+4:]
		if size > len(data) {
			return all, errResources
		}
		all = append(all, resource{int(binary.BigEndian.Uint16(b[4:])), b[:name], data[:size]})
		b = data[min(size+size&1, len(data)):]
	}
	if len(bytes.Trim(b, "\x00")) > 0 {
		err = errResources
	}
	return all, err
}

// appendResource writes an image resource.
func appendResource(b []byte, r resource) []byte {
	b = append(b, r.head...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(r.data)))
	if b = append(b, r.data...); len(r.data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// newResource is one of Photoshop's without a name.
func newResource(id int, data []byte) resource {
	head := binary.BigEndian.AppendUint16([]byte(resourceStart), uint16(id))
	return resource{id, append(head, 0, 0), data}
}

// iim is what IIM says.
type iim struct {
	values map[byte][]string // of record 2, as UTF-8
	sizes  map[byte]int      // bytes of the longest value in the file
	wrong  []byte            // these are not in the charset that the file names
	stale  bool              // it was changed after XMP was written from it
	broken bool
}

// readIIM reads image resources, or datasets that stand alone as in TIFF.
func readIIM(resources, alone []byte) iim {
	found := iim{values: map[byte][]string{}, sizes: map[byte]int{}}
	all, err := parseResources(resources)
	found.broken = err != nil
	data := alone
	var sum []byte
	for _, r := range all {
		switch {
		case r.id == resourceIIM && data == nil:
			data = r.data
		case r.id == resourceSum:
			sum = r.data
		}
	}
	now := md5.Sum(data)
	none := make([]byte, md5.Size) // says that there was no IIM
	found.stale = len(data) > 0 && len(sum) == md5.Size && !bytes.Equal(sum, now[:]) && !bytes.Equal(sum, none)
	sets, err := parseIIM(data)
	found.broken = found.broken || err != nil
	says := saysUTF8(sets)
	for _, d := range sets {
		if d.record != iimRecord {
			continue
		}
		if says && !utf8.Valid(d.data) {
			found.wrong = append(found.wrong, d.number)
		}
		found.values[d.number] = append(found.values[d.number], decodeIIM(d.data))
		found.sizes[d.number] = max(found.sizes[d.number], len(d.data))
	}
	return found
}
