package assets

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/andybalholm/brotli"
)

// WOFF2 is what fonts are sent in (https://www.w3.org/TR/WOFF2/): a list of
// tables, and behind it all of them in one stream of Brotli. Those that are
// wanted here stand in it as they are, but for the widths, which may be written
// another way.

// known are the tables that a list names by number.
var known = []string{"cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2", "post", "cvt ", "fpgm", "glyf", "loca", "prep", "CFF ", "VORG", "EBDT",
	"EBLC", "gasp", "hdmx", "kern", "LTSH", "PCLT", "VDMX", "vhea", "vmtx", "BASE", "GDEF", "GPOS", "GSUB", "EBSC", "JSTF", "MATH", "CBDT", "CBLC",
	"COLR", "CPAL", "SVG ", "sbix", "acnt", "avar", "bdat", "bloc", "bsln", "cvar", "fdsc", "feat", "fmtx", "fvar", "gvar", "hsty", "just", "lcar",
	"mort", "morx", "opbd", "prop", "trak", "Zapf", "Silf", "Glat", "Gloc", "Feat", "Sill"}

// maxFont is how much of an unpacked font is read.
const maxFont = 64 << 20

// An entry is one of the list.
type entry struct {
	name   string
	size   int  // in the stream
	turned bool // it is written another way
}

// woff2Tables reads the tables that are wanted.
func woff2Tables(data []byte) (map[string][]byte, error) {
	if len(data) < 48 {
		return nil, errTables
	}
	if string(data[4:8]) == "ttcf" {
		return nil, errCollection
	}
	list := data[48:]
	var entries []entry
	for range binary.BigEndian.Uint16(data[12:]) {
		e, rest, ok := nextEntry(list)
		if !ok {
			return nil, errTables
		}
		entries, list = append(entries, e), rest
	}
	packed := list[:min(int(binary.BigEndian.Uint32(data[20:])), len(list))]
	stream := io.LimitReader(brotli.NewReader(bytes.NewReader(packed)), maxFont)
	tables, turned := map[string][]byte{}, false
	for _, e := range entries {
		var content bytes.Buffer
		if n, err := io.CopyN(&content, stream, int64(e.size)); err != nil && n < int64(e.size) {
			return nil, errTables
		}
		tables[e.name] = content.Bytes()
		turned = turned || e.name == "hmtx" && e.turned
	}
	if turned {
		tables["hmtx"] = advances(tables)
	}
	return tables, nil
}

// nextEntry reads an entry of the list. How glyf and loca are written is the
// other way round than with all others.
func nextEntry(list []byte) (e entry, rest []byte, ok bool) {
	if len(list) == 0 {
		return e, nil, false
	}
	flags := list[0]
	list = list[1:]
	if n := int(flags & 63); n < len(known) {
		e.name = known[n]
	} else if len(list) < 4 {
		return e, nil, false
	} else {
		e.name, list = string(list[:4]), list[4:]
	}
	e.turned = flags>>6 != 0
	if e.name == "glyf" || e.name == "loca" {
		e.turned = flags>>6 != 3
	}
	if e.size, list, ok = base128(list); ok && e.turned {
		e.size, list, ok = base128(list)
	}
	return e, list, ok
}

// base128 reads a number of up to five bytes of seven bits.
func base128(b []byte) (n int, rest []byte, ok bool) {
	for i := range min(5, len(b)) {
		if n = n<<7 | int(b[i]&127); b[i] < 128 {
			return n, b[i+1:], n <= maxFont
		}
	}
	return 0, nil, false
}

// advances makes the table of widths as it was of one that leaves out the space
// before letters, which says here nothing.
func advances(tables map[string][]byte) []byte {
	hhea, maxp, turned := tables["hhea"], tables["maxp"], tables["hmtx"]
	if len(hhea) < 36 || len(maxp) < 6 || len(turned) == 0 {
		return nil
	}
	n, all := int(binary.BigEndian.Uint16(hhea[34:])), int(binary.BigEndian.Uint16(maxp[4:]))
	if len(turned) < 1+2*n || all < n {
		return nil
	}
	table := make([]byte, 4*n+2*(all-n))
	for i := range n {
		copy(table[4*i:], turned[1+2*i:3+2*i])
	}
	return table
}
