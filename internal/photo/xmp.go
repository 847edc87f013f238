package photo

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// Namespaces of XMP (XMP Specification Part 1 and 2, IPTC, PLUS).
const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsXML       = "http://www.w3.org/XML/1998/namespace"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsCC        = "http://creativecommons.org/ns#"
	nsPhotoshop = "http://ns.adobe.com/photoshop/1.0/"
	nsRights    = "http://ns.adobe.com/xap/1.0/rights/"
	nsXMP       = "http://ns.adobe.com/xap/1.0/"
	nsEXIF      = "http://ns.adobe.com/exif/1.0/"
	nsAux       = "http://ns.adobe.com/exif/1.0/aux/"
	nsEXIFEX    = "http://cipa.jp/exif/1.0/"
	nsCore      = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
	nsExt       = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
	nsPLUS      = "http://ns.useplus.org/ldf/xmp/1.0/"
	nsNote      = "http://ns.adobe.com/xmp/note/"
)

// An element is a property of XMP, an item of a list, or a list. What RDF lets
// one write as an attribute is an element too.
type element struct {
	space, name string
	language    string // xml:lang
	text        string
	inside      []*element
}

// Bounds of XMP.
const (
	maxDepth    = 64
	maxElements = 100_000
)

var errXMP = errors.New("broken XMP")

// parseXMP reads a packet as far as it can be read, and gives a root that holds
// the properties of all its rdf:Description.
func parseXMP(packet []byte) (*element, error) {
	root := new(element)
	d := newDecoder(legal(packet))
	d.Strict = false
	stack := []*element{{}}
	count := 0
	for {
		token, err := d.Token()
		if err != nil {
			if len(stack) > 1 || root.inside == nil && len(bytes.Trim(packet, "\x00 \r\n\t")) > 0 && !bytes.Contains(packet, []byte("RDF")) {
				return root, errXMP // it ends early, or is none
			}
			return root, nil
		}
		switch t := token.(type) {
		case xml.StartElement:
			if count++; len(stack) > maxDepth || count > maxElements {
				return root, errXMP
			}
			e := &element{space: t.Name.Space, name: t.Name.Local}
			e.attributes(t.Attr)
			parent := stack[len(stack)-1]
			if e.space == nsRDF && e.name == "Description" && parent.space == nsRDF && parent.name == "RDF" {
				root.inside = append(root.inside, e.inside...)
				e.inside = nil
				stack = append(stack, &element{space: nsRDF, name: "RDF Description"})
				continue
			}
			stack = append(stack, e)
			if parent.name == "RDF Description" {
				root.inside = append(root.inside, e)
			} else {
				parent.inside = append(parent.inside, e)
			}
		case xml.EndElement:
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		case xml.CharData:
			stack[len(stack)-1].text += string(t)
		}
	}
}

var references = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`&#(x0*([0-8bBcCeEfF]|1[0-9a-fA-F])|0*([0-8]|1[124-9]|2[0-9]|3[01]));`)
})

// legal replaces control characters, for which XML has no place, by one that it
// has, so that the field they stand in is read and told.
func legal(packet []byte) []byte {
	packet = bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
			return 0x7f
		}
		return r
	}, packet)
	return references().ReplaceAll(packet, []byte("\x7f"))
}

func newDecoder(packet []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(packet))
	d.Entity = xml.HTMLEntity
	return d
}

// attributes takes what is no syntax of RDF for properties.
func (e *element) attributes(all []xml.Attr) {
	for _, a := range all {
		switch {
		case a.Name.Space == "xmlns" || a.Name.Space == "":
		case a.Name.Local == "lang" && (a.Name.Space == nsXML || a.Name.Space == "xml"):
			e.language = a.Value
		case a.Name.Space == nsRDF && a.Name.Local == "resource":
			e.text = a.Value
		case a.Name.Space != nsRDF:
			e.inside = append(e.inside, &element{space: a.Name.Space, name: a.Name.Local, text: a.Value})
		}
	}
}

// asUTF8 turns a packet of UTF-16, which is allowed outside of JPEG, into UTF-8,
// and drops the declaration that would say otherwise.
func asUTF8(packet []byte) []byte {
	packet = bytes.TrimRight(packet, "\x00")
	if len(packet) > 3 && (packet[0] == 0 || packet[1] == 0 || binary.BigEndian.Uint16(packet) == 0xfeff || binary.LittleEndian.Uint16(packet) == 0xfeff) {
		order := unicode.BigEndian
		if packet[1] == 0 || packet[0] == 0xff {
			order = unicode.LittleEndian
			packet = append(bytes.Clone(packet), 0)[:len(packet)+len(packet)&1]
		}
		packet, _ = unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(packet)
	}
	packet = bytes.TrimPrefix(packet, []byte("\ufeff"))
	if !utf8.Valid(packet) {
		packet = []byte(latin1(string(packet)))
	}
	return packet
}

// find is the first property of a name that holds anything, or nil.
func (e *element) find(space, name string) *element {
	if e == nil {
		return nil
	}
	for _, c := range e.inside {
		if c.name == name && c.space == space && c.holds() {
			return c
		}
		if c.space == nsRDF && c.name == "Description" { // a structure
			if found := c.find(space, name); found != nil {
				return found
			}
		}
	}
	return nil
}

// items are the items of a list, or the element alone.
func (e *element) items() []*element {
	if e == nil {
		return nil
	}
	for _, c := range e.inside {
		if c.space == nsRDF && (c.name == "Alt" || c.name == "Seq" || c.name == "Bag") {
			return c.inside
		}
	}
	return []*element{e}
}

// texts are the texts of all items, those for any language without one.
func (e *element) texts() (all []Text) {
	for _, item := range e.items() {
		text := item.text
		if value := item.find(nsRDF, "value"); value != nil { // the rest are qualifiers
			text = value.text
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		language := item.language
		if strings.EqualFold(language, "x-default") || !isLanguage(language) {
			language = ""
		}
		all = append(all, Text{text, language})
	}
	return all
}

// isLanguage tells whether a tag has the form of BCP 47.
var isLanguage = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}$`).MatchString

// holds tells whether there is any text in an element.
func (e *element) holds() bool {
	return strings.TrimSpace(e.text) != "" || slices.ContainsFunc(e.inside, (*element).holds)
}

// joinExtended puts together the parts of Extended XMP (Part 3, 1.1.3.1) that
// belong to the main packet by their name.
func joinExtended(parts []block, main *element) (packet []byte, complete bool) {
	name := main.find(nsNote, "HasExtendedXMP")
	if name == nil {
		return nil, true
	}
	const head = 32 + 4 + 4 // name, size of the whole, offset of the part
	guid, got := strings.TrimSpace(first(name.texts())), 0
	for _, p := range parts {
		if len(p.data) < head || string(p.data[:32]) != guid {
			continue
		}
		size := int(binary.BigEndian.Uint32(p.data[32:]))
		at := int(binary.BigEndian.Uint32(p.data[36:]))
		if size > maxBlock || at > size-len(p.data[head:]) || packet != nil && size != len(packet) {
			return packet, false
		}
		if packet == nil {
			packet = make([]byte, size)
		}
		got += copy(packet[at:], p.data[head:])
	}
	return packet, packet != nil && got >= len(packet)
}
