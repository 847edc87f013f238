package photo

import (
	"bytes"
	"crypto/md5"
	"strings"
)

// Rights are what a rendition says of whose picture it is, and nothing else.
// Values are cut after 2000 bytes.
type Rights struct {
	Credit     string
	Creators   []string
	Copyright  string
	UsageTerms string
	License    string // an http(s) URL: IPTC Web Statement of Rights
}

const maxRight = 2000

// properties are the rights as XMP; none if nothing is said.
func (r Rights) properties() (all []property) {
	add := func(p property, values ...string) {
		left := maxRight
		for _, v := range values {
			text, _ := settle(v)
			text = strings.TrimSpace(string(cutIIM(text, left)))
			if left -= len(text); text != "" {
				p.texts = append(p.texts, Text{Text: text})
			}
		}
		if len(p.texts) > 0 {
			all = append(all, p)
		}
	}
	add(property{nsPhotoshop, "photoshop", "Credit", "", nil}, r.Credit)
	add(property{nsDC, "dc", "creator", "Seq", nil}, r.Creators...)
	add(property{nsDC, "dc", "rights", "Alt", nil}, r.Copyright)
	add(property{nsRights, "xmpRights", "UsageTerms", "Alt", nil}, r.UsageTerms)
	add(property{nsRights, "xmpRights", "WebStatement", "", nil}, cleanURL(r.License))
	return all
}

// Packet is the XMP packet that says these rights; nil if there are none. The
// same rights give the same bytes.
func Packet(r Rights) []byte {
	all := r.properties()
	if len(all) == 0 {
		return nil
	}
	return newPacket(all)
}

// Segments are the rights as segments of JPEG, to be put behind SOI and, if
// there are, APP0 and EXIF: XMP in APP1, and IIM with its digest in APP13. They
// are nil if there are no rights.
func Segments(r Rights) []byte {
	all := r.properties()
	if len(all) == 0 {
		return nil
	}
	iim := appendIIM(nil, setIIM(nil, all))
	sum := md5.Sum(iim)
	resources := appendResource(nil, newResource(resourceIIM, iim))
	resources = appendResource(resources, newResource(resourceSum, sum[:]))
	return appendResources(appendSegment(nil, app1, xmpStart, newPacket(all)), resources)
}

// Embed puts rights into a JPEG, PNG or WebP file that an encoder has made and
// that says nothing yet. It fails with [ErrFormat] or [ErrDamaged].
func Embed(file []byte, r Rights) ([]byte, error) {
	found, err := walk(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	packet := Packet(r)
	switch {
	case found.format != "jpeg" && found.format != "png" && found.format != "webp":
		return nil, ErrFormat
	case found.broken:
		return nil, ErrDamaged
	case packet == nil:
		return file, nil
	case found.format == "jpeg":
		return apply(file, []edit{{found.insert, found.insert, Segments(r)}}), nil
	}
	return put(file, found, packet, nil)
}
