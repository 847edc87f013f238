// Package photo reads what a picture file says of itself, and writes it.
//
// A picture carries up to three accounts of itself: EXIF, written by the camera;
// IIM (IPTC-NAA), the wires' old form of the nineties; and XMP, which has
// replaced it. The same caption may stand in each of them, and they need not
// agree. Which is believed is the order of trust:
//
//  1. XMP is believed before IIM, as IPTC and the Metadata Working Group have
//     it, and is alone in having alt text, usage terms and languages.
//  2. But where a JPEG holds the digest that a program which knows both left of
//     IIM, and the IIM is no longer what the digest was taken of, another program
//     has changed the IIM since and could not write XMP: then IIM is believed
//     first. No digest, no doubt.
//  3. IIM has short fields. A value that fills its field and is how the XMP value
//     begins is that value, cut: the long one is taken, and nobody disagrees.
//  4. EXIF is believed last: cameras fill it with their own names, and most
//     programs do not change it when an editor writes a caption.
//
// What is taken is cleaned: broken encodings are mended, HTML and control
// characters go, white space is one space, and the form is NFC. What had to be
// cleaned, and who disagrees with whom, is told as [Trouble]. Instructions of the
// desk (IIM 2:40, photoshop:Instructions) are not read: they are never published.
//
// The way through the room: a file is walked for the blocks that speak
// (blocks.go and the files of the formats), each block is read (exif.go, iim.go,
// xmp.go), trust.go decides. The values of EXIF are read by a library; IIM and
// XMP are read here, because what is written back must be read to the last byte
// (write.go), and because of charsets, languages and structures. locate.go asks
// only whether a file tells a place, of all its bytes. embed.go writes the rights
// into the renditions that a build makes.
//
// The bytes are foreign: whatever they hold, an answer takes little time and
// memory, and what cannot be read is a trouble.
package photo

import (
	"io"
	"strings"
)

// A Text is a text in one language.
type Text struct {
	Text     string
	Language string // BCP 47 as in the file; "" if the file does not say
}

// Said is what a picture file says of itself. What it does not say is empty.
// The names are those of the IPTC Photo Metadata Standard 2025.1.
type Said struct {
	Format string // "jpeg", "png", "webp", "avif", "tiff", "gif"; "" if none of them

	Caption  []Text // Description; first that for readers of any language, if there is one
	Alt      []Text // Alt Text (Accessibility)
	Extended []Text // Extended Description (Accessibility)

	Headline    string
	Credit      string // Credit Line
	Creators    []string
	JobTitle    string // of the creator
	Copyright   string // Copyright Notice
	UsageTerms  string // Rights Usage Terms
	License     string // Web Statement of Rights, else cc:license; an http(s) URL
	Licensor    string // name of the first licensor that has one
	LicensorURL string // where he sells licences; an http(s) URL
	Source      string
	City        string
	State       string
	Country     string
	Created     string // ISO 8601 as exactly as known: 2026-11-22, 2026-11-22T14:05:00, with or without zone

	Orientation int // as in EXIF, 1 (upright) to 8; 1 if not said

	// What must not be published. [Locates] tells of a place in any byte of a
	// file, this only in what was read.
	Located    bool // a latitude or longitude
	Serial     bool // the number of a camera or a lens, beside any in MakerNotes
	Thumbnail  bool
	MakerNotes bool
}

// A Field is what is believed of one field, and who says it.
type Field struct {
	Name  string // as in IPTC: "Credit Line"
	From  string // "XMP", "IIM" or "EXIF"
	Texts []Text
}

// Kinds of [Trouble].
const (
	Differs  = "differs"  // sources do not say the same; the first value is believed
	Encoding = "encoding" // the text was of another charset than it claims
	HTML     = "html"     // tags or entities
	Control  = "control"  // control characters
	Long     = "long"     // too long to be taken whole
	Address  = "address"  // not an http or https URL: left out
	Broken   = "broken"   // the block or the file could not be read to its end
)

// A Trouble is something wrong with what a file says, for an editor to look at.
type Trouble struct {
	Field  string  // as in IPTC: "Credit Line"; the name of a block: "EXIF", "IIM", "XMP"; or "file"
	Kind   string  // one of the constants
	Values []Value // who says what: for "differs" at least two, else what was there before
}

// String says in words what the trouble is, and who says what.
func (t Trouble) String() string {
	var said []string
	for _, v := range t.Values {
		said = append(said, v.From+` has "`+v.Text+`"`)
	}
	return t.Field + ": " + t.meaning() + strings.TrimSuffix(": "+strings.Join(said, ", "), ": ")
}

// meaning says what kind of trouble it is.
func (t Trouble) meaning() string {
	switch t.Kind {
	case Differs:
		return "not all say the same, and the first is believed"
	case Encoding:
		return "the letters were of another encoding, and are mended"
	case HTML:
		return "there was HTML, which is taken out"
	case Control:
		return "there were control characters, which are taken out"
	case Long:
		return "the text is too long, and is cut"
	case Address:
		return "this is no address on the web, and is left out"
	}
	return "it cannot be read to its end"
}

// A Value is what one source says.
type Value struct {
	From string // "XMP", "IIM" or "EXIF"
	Text string // cut if long
}

// Read reads what a picture file says of itself, from its first byte on, and
// what is wrong with that. It reads the blocks that speak and no pixels, at most
// 32 MiB. The error is of the reader; a file that is no picture says nothing.
func Read(r io.ReadSeeker) (Said, []Trouble, error) {
	found, err := walk(r)
	if err != nil {
		return Said{}, nil, err
	}
	s := newSources(found)
	said := s.decide()
	said.Format = found.format
	return said, s.troubles, nil
}

// Fields lists the fields of which a file says anything, with who says what is
// believed. [Read] tells the rest.
func Fields(r io.ReadSeeker) ([]Field, error) {
	found, err := walk(r)
	if err != nil {
		return nil, err
	}
	s := newSources(found)
	s.decide()
	return s.fields, nil
}
