package assets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// A face is what a font's own tables say of it: how high its lines are and how
// wide its words, in parts of its size.
type face struct {
	ascent, descent, gap float64
	width                float64 // of a letter of English text; 0 if it has none
	sans, serif          bool    // neither, if it does not say
	least, most          int     // weights, of one that has several; else 0
}

var (
	errNoFont     = errors.New("its bytes are not those of a font")
	errCollection = errors.New("it holds several fonts, of which one must be chosen")
	errTables     = errors.New("it is broken: what says how large its letters are cannot be read")
)

// wanted are the tables that say so; those of the shapes are not read.
var wanted = []string{"OS/2", "cmap", "fvar", "head", "hhea", "hmtx", "maxp"}

// readFace reads a font: WOFF2, or OpenType with any kind of outlines.
func readFace(data []byte) (face, error) {
	var tables map[string][]byte
	var err error
	if bytes.HasPrefix(data, []byte("wOF2")) {
		tables, err = woff2Tables(data)
	} else {
		tables, err = openTables(data)
	}
	if err != nil {
		return face{}, err
	}
	var all []opentype.Table
	for _, name := range wanted {
		if content, there := tables[name]; there {
			all = append(all, opentype.Table{Tag: opentype.MustNewTag(name), Content: content})
		}
	}
	f, err := open(opentype.WriteTTF(all))
	if err != nil {
		return face{}, errTables
	}
	return measure(f, tables)
}

// open has the library read a font. It panics at some that are broken.
func open(data []byte) (f *font.Face, err error) {
	defer func() {
		if recover() != nil {
			err = errTables
		}
	}()
	ld, err := opentype.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	read, err := font.NewFont(ld)
	if err != nil {
		return nil, err
	}
	return font.NewFace(read), nil
}

// openTables reads the tables of an OpenType font.
func openTables(data []byte) (map[string][]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("ttcf")):
		return nil, errCollection
	case !bytes.HasPrefix(data, []byte("\x00\x01\x00\x00")) && !bytes.HasPrefix(data, []byte("OTTO")) && !bytes.HasPrefix(data, []byte("true")):
		return nil, errNoFont
	}
	if len(data) < 12 {
		return nil, errTables
	}
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		if len(data) < 28+16*i {
			return nil, errTables
		}
		entry := data[12+16*i:]
		from := int64(binary.BigEndian.Uint32(entry[8:]))
		to := from + int64(binary.BigEndian.Uint32(entry[12:]))
		if to > int64(len(data)) {
			return nil, errTables
		}
		tables[string(entry[:4])] = data[from:to]
	}
	return tables, nil
}

// measure measures a font. The numbers are those that browsers lay lines out
// by.
func measure(f *font.Face, tables map[string][]byte) (face, error) {
	lines, ok := f.FontHExtents()
	size := float64(f.Upem())
	if !ok || size < 16 {
		return face{}, errTables
	}
	m := face{ascent: float64(lines.Ascender) / size, descent: -float64(lines.Descender) / size, gap: float64(lines.LineGap) / size}
	m.width = average(func(r rune) float64 {
		if id, ok := f.NominalGlyph(r); ok {
			return float64(f.HorizontalAdvance(id)) / size
		}
		return 0
	})
	if m.ascent+m.descent <= 0 || m.ascent > 8 || m.descent > 8 || m.gap < 0 || m.gap > 8 || m.width > 8 {
		return face{}, errTables
	}
	m.kind(tables["OS/2"])
	m.weights(tables["fvar"])
	return m, nil
}

// often is how often letters come in a thousand of English text, with the spaces
// between words.
var often = map[rune]float64{' ': 182, 'a': 67, 'b': 12, 'c': 23, 'd': 35, 'e': 104, 'f': 18, 'g': 16, 'h': 50, 'i': 57, 'j': 1, 'k': 6, 'l': 33,
	'm': 20, 'n': 57, 'o': 61, 'p': 16, 'q': 1, 'r': 49, 's': 52, 't': 74, 'u': 23, 'v': 8, 'w': 19, 'x': 1, 'y': 16, 'z': 1}

// average is how wide a letter of English text is; 0 if one is missing.
func average(width func(rune) float64) float64 {
	sum, n := 0., 0.
	for r := range often {
		w := width(r)
		if w <= 0 {
			return 0
		}
		sum, n = sum+math.Round(w*often[r]*1e6), n+often[r]
	}
	return sum / n / 1e6
}

// kind tells whether the letters have serifs, which Panose says, else the class
// of the family.
func (m *face) kind(os2 []byte) {
	if len(os2) < 42 {
		return
	}
	family, serif, class := os2[32], os2[33], os2[30]
	switch {
	case family == 2 && serif > 1:
		m.sans, m.serif = serif > 10, serif <= 10
	case class == 8:
		m.sans = true
	case class >= 1 && class <= 7:
		m.serif = true
	}
}

// weights reads which weights a variable font has.
func (m *face) weights(fvar []byte) {
	if len(fvar) < 16 {
		return
	}
	at, n, size := int(binary.BigEndian.Uint16(fvar[4:])), int(binary.BigEndian.Uint16(fvar[8:])), int(binary.BigEndian.Uint16(fvar[10:]))
	for ; n > 0 && size >= 20 && at+size <= len(fvar); n, at = n-1, at+size {
		if axis := fvar[at:]; string(axis[:4]) == "wght" {
			least, most := int(binary.BigEndian.Uint16(axis[4:])), int(binary.BigEndian.Uint16(axis[12:]))
			if least >= 1 && least < most && most <= 1000 {
				m.least, m.most = least, most
			}
		}
	}
}
