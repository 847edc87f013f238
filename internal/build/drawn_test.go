package build_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"stet/internal/photo"
)

// A drawing is a picture that a test draws, and what its file says.
type drawing struct {
	width, height                                     int
	caption, credit, creator, alt, copyright, license string
	language                                          string // of the texts
	turned                                            byte   // orientation of EXIF; 0 has no EXIF
	secret                                            bool   // it has all that must not be published
	seed                                              int    // others look different
}

// What a secret picture has. The place is 32° 53' 13", in EXIF and in XMP.
const (
	secretSerial    = "SERIAL-4711-SECRET"
	secretNotes     = "MAKERNOTES-SECRET-NOTES"
	secretThumbnail = "THUMBNAIL-SECRET-PIXELS"
	secretPlace     = "32,53.2171N"
)

// secretDegrees are the same place as EXIF has it, low end first.
var secretDegrees = []byte{32, 0, 0, 0, 1, 0, 0, 0, 53, 0, 0, 0, 1, 0, 0, 0, 13, 0, 0, 0, 1, 0, 0, 0}

// file is the drawing as a file of the type that the name says.
func (d drawing) file(t testing.TB, name string) []byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, d.width, d.height), palette.Plan9)
	for y := range d.height {
		for x := range d.width {
			m.SetColorIndex(x, y, nearest(uint8(x*255/d.width)^uint8(d.seed), uint8(y*255/d.height), uint8((x/7*y/5)&63)))
		}
	}
	var b bytes.Buffer
	var err error
	switch strings.ToLower(path.Ext(name)) {
	case ".png":
		err = png.Encode(&b, m)
	case ".gif":
		err = gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{m, image.NewPaletted(m.Rect, m.Palette)}, Delay: []int{5, 5}})
	default:
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 85})
	}
	if err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	if d.turned > 0 || d.secret {
		data = append(append([]byte("\xff\xd8"), d.segments()...), data[2:]...)
	}
	c := photo.Changes{Language: d.language}
	for _, set := range []struct {
		to   **string
		text string
	}{{&c.Caption, d.caption}, {&c.Credit, d.credit}, {&c.Creator, d.creator}, {&c.Alt, d.alt}, {&c.Copyright, d.copyright}} {
		if set.text != "" {
			*set.to = &set.text
		}
	}
	if c.Caption == nil && c.Credit == nil && c.Creator == nil && c.Alt == nil && c.Copyright == nil {
		return data
	}
	if data, err = photo.Write(data, c); err != nil {
		t.Fatal(err)
	}
	return data
}

// plan9 are the parts of the palette's colours.
var plan9 = func() (all [256][3]uint32) {
	for i, c := range palette.Plan9 {
		all[i][0], all[i][1], all[i][2], _ = c.RGBA()
	}
	return all
}()

// nearest is the colour of the palette that image.Paletted takes for another, which
// looks for it ten times as long.
func nearest(r, g, b uint8) (best uint8) {
	least := uint32(math.MaxUint32)
	for i, c := range plan9 {
		dr, dg, db := uint32(r)*0x101-c[0], uint32(g)*0x101-c[1], uint32(b)*0x101-c[2]
		if sum := dr*dr>>2 + dg*dg>>2 + db*db>>2; sum < least {
			least, best = sum, uint8(i)
		}
	}
	return best
}

// segments are EXIF, and XMP if there are secrets; a licence is in both then.
func (d drawing) segments() []byte {
	all := segment(0xe1, append([]byte("Exif\x00\x00"), d.exif()...))
	if !d.secret {
		return all
	}
	return append(all, segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""`+
		` xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:dc="http://purl.org/dc/elements/1.1/"`+
		` exif:GPSLatitude="`+secretPlace+`" exif:GPSLongitude="13,11.0052E" aux:SerialNumber="`+secretSerial+`" xmpRights:WebStatement="`+d.license+`">`+
		`<dc:creator><rdf:Seq><rdf:li>Ada Example</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>`))...)
}

func segment(marker byte, data []byte) []byte {
	return append([]byte{0xff, marker, byte((len(data) + 2) >> 8), byte(len(data) + 2)}, data...)
}

// exif is a block with an orientation and, if there are secrets, a place, a
// serial number, the camera's notes and a thumbnail.
func (d drawing) exif() []byte {
	le := binary.LittleEndian
	entry := func(b []byte, tag, kind uint16, count, value uint32) []byte {
		return le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), count), value)
	}
	b := []byte("II*\x00\x08\x00\x00\x00")
	if !d.secret {
		return append(entry(append(b, 1, 0), 0x112, 3, 1, uint32(max(1, d.turned))), 0, 0, 0, 0)
	}
	const ifd0, camera, place, second, values = 8, 50, 80, 134, 176
	serial := uint32(values)
	notes := serial + uint32(len(secretSerial)+1)
	degrees := notes + uint32(len(secretNotes))
	thumbnail := degrees + 2*uint32(len(secretDegrees))
	b = append(b, 3, 0)
	b = entry(b, 0x112, 3, 1, uint32(max(1, d.turned)))
	b = entry(b, 0x8769, 4, 1, camera)
	b = entry(b, 0x8825, 4, 1, place)
	b = le.AppendUint32(b, second)
	b = append(b, 2, 0)
	b = entry(b, 0x927c, 7, uint32(len(secretNotes)), notes)
	b = entry(b, 0xa431, 2, uint32(len(secretSerial)+1), serial)
	b = append(b, 0, 0, 0, 0)
	b = append(b, 4, 0)
	b = entry(b, 1, 2, 2, 'N')
	b = entry(b, 2, 5, 3, degrees)
	b = entry(b, 3, 2, 2, 'E')
	b = entry(b, 4, 5, 3, degrees+uint32(len(secretDegrees)))
	b = append(b, 0, 0, 0, 0)
	b = append(b, 3, 0)
	b = entry(b, 0x103, 3, 1, 6)
	b = entry(b, 0x201, 4, 1, thumbnail)
	b = entry(b, 0x202, 4, 1, uint32(len(secretThumbnail)))
	b = append(b, 0, 0, 0, 0)
	if len(b) != values {
		panic(len(b))
	}
	b = append(append(append(b, secretSerial...), 0), secretNotes...)
	b = append(append(b, secretDegrees...), secretDegrees...)
	return append(b, secretThumbnail...)
}

// bomb is the head of a PNG that claims to be enormous.
func bomb() []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\xea\x60\x00\x00\xea\x60\x08\x06\x00\x00\x00\x00\x00\x00\x00")
	return append(b, "\x00\x00\x00\x0aIDAT0123456789\x00\x00\x00\x00"...)
}

// heic is how a file of a telephone begins.
const heic = "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"

// draw puts a drawing, a bomb or a HEIC file into the site.
func (s *script) draw(args []string) {
	s.Helper()
	if path.Ext(args[0]) == ".heic" {
		s.put(args[0], []byte(heic))
		return
	}
	if args[1] == "bomb" {
		s.put(args[0], bomb())
		return
	}
	var d drawing
	if _, err := fmt.Sscanf(args[1], "%dx%d", &d.width, &d.height); err != nil {
		s.Fatal(err)
	}
	texts := map[string]*string{"caption": &d.caption, "credit": &d.credit, "creator": &d.creator, "alt": &d.alt, "copyright": &d.copyright, "license": &d.license, "language": &d.language}
	for _, a := range args[2:] {
		key, value, _ := strings.Cut(a, "=")
		n, _ := strconv.Atoi(value)
		switch {
		case texts[key] != nil:
			*texts[key] = value
		case key == "turned":
			d.turned = byte(n)
		case key == "seed":
			d.seed = n
		case key == "secret":
			d.secret = true
		default:
			s.Fatalf("a drawing has no %q", a)
		}
	}
	s.put(args[0], d.file(s, args[0]))
}

var sumInName = regexp.MustCompile(`-[0-9a-f]{16}-(\d+\.\w+)$`)

// pictures compares the renditions of the edition with what is wished for.
func (s *script) pictures(at string, want []string) {
	s.Helper()
	var got []string
	for _, name := range s.files() {
		if name, ok := strings.CutPrefix(name, "img/"); ok {
			got = append(got, sumInName.ReplaceAllString(name, "-*-$1"))
		}
	}
	s.list(at, got, want)
}
