package photo

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/bep/imagemeta"
)

// exif is what a block of EXIF says.
type exif struct {
	texts       map[uint16]string // by tag, as in the file
	taken       string            // DateTimeOriginal and OffsetTimeOriginal
	orientation int               // 0 if not said
	serial      bool
	thumbnail   bool
	makerNotes  bool
	broken      bool
	directories [][2]int64 // where the first directory and that of EXIF begin and end
	entries     []entry    // of both
}

// maxLooks bounds the steps of the library: directories that lead to each other
// would have it look at one of ten megabytes for minutes.
const maxLooks = 100_000

// readEXIF reads a TIFF structure. The library takes it for a TIFF file, so that
// every format is read the same way.
func readEXIF(data []byte) exif {
	e := exif{texts: map[uint16]string{}}
	dates := map[string]string{}
	e.check(data)
	_, err := imagemeta.Decode(imagemeta.Options{
		R: &patient{Reader: bytes.NewReader(data), left: maxLooks}, ImageFormat: imagemeta.TIFF, Sources: imagemeta.EXIF,
		LimitTagSize: maxText,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			return exifTags[t.Tag] && (t.Namespace == "IFD0" || t.Namespace == "IFD0/ExifIFDP")
		},
		HandleTag: func(t imagemeta.TagInfo) error {
			switch v := t.Value.(type) {
			case string:
				dates[t.Tag] = strings.TrimRight(v, "\x00 ")
			case uint16:
				if v >= 1 && v <= 8 {
					e.orientation = int(v)
				}
			}
			return nil
		},
	})
	e.broken = e.broken || err != nil
	e.taken = dates["DateTimeOriginal"] + dates["OffsetTimeOriginal"]
	return e
}

var exifTags = map[string]bool{"Orientation": true, "DateTimeOriginal": true, "OffsetTimeOriginal": true}

// check looks at the first directory and that of EXIF: whether they are cut
// short, what is in them that must not be published, however large, and the texts
// as bytes, because the library loses those that are not UTF-8. A second
// directory is of the thumbnail.
func (e *exif) check(data []byte) {
	order := byteOrder(data)
	if order == nil || len(data) < 8 {
		e.broken = true
		return
	}
	at := int64(order.Uint32(data[4:]))
	for depth := 0; at != 0 && depth < 2; depth++ {
		if at > int64(len(data))-2 {
			e.broken = true
			return
		}
		end := at + 2 + 12*int64(order.Uint16(data[at:]))
		next := int64(0)
		e.directories = append(e.directories, [2]int64{at, end + 4})
		for f := range directory(order, data[at:], at) {
			e.entries = append(e.entries, f)
			switch f.tag {
			case tagEXIF:
				next = int64(f.value)
			case tagDescription, tagArtist, tagCopyright:
				if end := min(f.offset+f.size, int64(len(data))); f.offset < end && f.size <= maxText {
					e.texts[f.tag] = string(bytes.TrimRight(data[f.offset:end], "\x00 "))
				}
			case tagMakerNotes:
				e.makerNotes = true
			case tagBodySerial, tagLensSerial, tagCameraSerial:
				e.serial = true
			}
			e.broken = e.broken || f.size > 4 && f.offset+f.size > int64(len(data))
		}
		if end > int64(len(data)) {
			e.broken = true
			return
		}
		if depth == 0 && end+4 <= int64(len(data)) {
			e.thumbnail = order.Uint32(data[end:]) != 0
		}
		at = next
	}
}

// editEXIF gives EXIF the texts that are set, where they stand: nothing moves. A
// text for which there is no room is left out, because the others say it whole.
// Texts are UTF-8, as the Metadata Working Group has it.
func editEXIF(data []byte, set []property) []byte {
	e := exif{texts: map[uint16]string{}}
	e.check(data)
	out := bytes.Clone(data)
	for _, f := range e.entries {
		text, is := exifSays(f.tag, set)
		switch {
		case !is:
		case f.offset+f.size > int64(len(data)) || e.shares(f): // then the entry alone is emptied
			order := byteOrder(data)
			order.PutUint32(out[f.at+4:], 1)
			order.PutUint32(out[f.at+8:], 0)
		default:
			value := out[f.offset : f.offset+f.size]
			clear(value)
			if len(text) < len(value) && (f.kind == typeASCII || f.kind == typeUTF8) {
				copy(value, text)
			}
		}
	}
	return out
}

// exifSays tells what a tag of EXIF is to say.
func exifSays(tag uint16, set []property) (text string, is bool) {
	for _, p := range set {
		switch {
		case tag == tagDescription && p.is(nsDC, "description"), tag == tagCopyright && p.is(nsDC, "rights"):
			return first(p.texts), true
		case tag == tagArtist && p.is(nsDC, "creator"):
			return join(p.texts), true
		}
	}
	return "", false
}

// maxEntries is how many entries are held against each other. No program writes
// a hundred.
const maxEntries = 4096

// shares tells whether the value of an entry lies where something else lies.
func (e *exif) shares(f entry) bool {
	if f.size <= 4 {
		return false // it lies in the entry
	}
	if len(e.entries) > maxEntries {
		return true
	}
	over := func(start, end int64) bool { return f.offset < end && start < f.offset+f.size }
	return over(0, 8) ||
		slices.ContainsFunc(e.directories, func(d [2]int64) bool { return over(d[0], d[1]) }) ||
		slices.ContainsFunc(e.entries, func(o entry) bool { return o.at != f.at && o.size > 4 && over(o.offset, o.offset+o.size) })
}

// patient gives up after so many reads and seeks.
type patient struct {
	*bytes.Reader
	left int
}

var errImpatient = errors.New("too much to look at")

func (p *patient) Read(b []byte) (int, error) {
	if p.left--; p.left < 0 {
		return 0, errImpatient
	}
	return p.Reader.Read(b)
}

// Seek counts too.
func (p *patient) Seek(offset int64, whence int) (int64, error) {
	if p.left--; p.left < 0 {
		return 0, errImpatient
	}
	return p.Reader.Seek(offset, whence)
}

var _ io.ReadSeeker = (*patient)(nil)
