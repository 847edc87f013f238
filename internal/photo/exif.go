package photo

import (
	"bytes"
	"errors"
	"io"
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
		for f := range directory(order, data[at:], at) {
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
