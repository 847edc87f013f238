// Package images answers what a layout must know of a picture: its URL, its
// kind and its size.
//
// Only the header of a file is read (header.go and the files of the formats),
// never its pixels. The bytes are foreign: whatever they hold, an answer takes
// little time and memory, and a picture that is broken or absurdly large has no
// size and a warning.
package images

import (
	"errors"
	"fmt"
	"io"

	"stet/internal/diag"
	"stet/internal/page"
)

// A Picture is the answer to "image SRC WIDTH RATIO".
type Picture struct {
	URL           string // with the site's base path, not escaped
	Width, Height int    // as it is shown, upright; 0 if unknown
	Type          string // "image/jpeg"; "" if unknown
}

// Open opens a file of the site by its path from the site's folder; false tells
// that there is none. It asks for the file's sum, so that whoever opens is made
// again when the bytes change.
type Open func(ask *page.Ask, path string) (io.ReadCloser, bool, error)

// maxPixels is the size above which a picture is taken for a mistake, or for
// an attack on the readers' browsers.
const maxPixels = 100_000_000

// Book answers "image SRC WIDTH RATIO" (joined by [page.Args]), SRC being the
// path of the source file. Width and ratio may be missing, and change nothing
// yet. It asks "file" for the picture's URL.
func Book(open Open) page.Book {
	return page.Book{"image": {Noted: true, Keep: true, Answer: func(ask *page.Ask, args string) (page.Answer, error) {
		p, err := find(ask, open, args)
		if p == nil {
			return page.Answer{}, err
		}
		return page.Answer{Value: p}, err
	}}}
}

// find returns nil if there is no such picture.
func find(ask *page.Ask, open Open, args string) (*Picture, error) {
	src := page.Fields(args, 3)[0]
	if src == "" {
		return nil, nil
	}
	f, ok, err := open(ask, src)
	if err != nil || !ok {
		return nil, err
	}
	defer f.Close()
	h, err := readHeader(f)
	if err != nil {
		if warning, ok := warningOf(src, err); ok {
			ask.Report(warning)
		} else {
			return nil, err
		}
		h.width, h.height = 0, 0
	}
	u, err := page.Get[string](ask, "file", page.Args(src))
	if err != nil {
		return nil, err
	}
	return &Picture{URL: u, Width: h.width, Height: h.height, Type: h.kind}, nil
}

// warningOf says what is wrong with a picture; false if the reading itself
// failed.
func warningOf(src string, err error) (diag.Problem, bool) {
	p := diag.Problem{Path: src}
	switch {
	case errors.As(err, new(tooLarge)):
		p.Text = "the picture is " + err.Error() + ", so it is shown without its size"
		p.Hint = fmt.Sprintf("scale it down to less than %d megapixels", maxPixels/1_000_000)
	case errors.Is(err, errUnknown):
		p.Text = "this is no picture that browsers show"
		p.Hint = "save it as JPEG, PNG, GIF, WebP, AVIF or SVG"
	case errors.Is(err, errBroken):
		p.Text = "the picture is broken, its size cannot be read"
		p.Hint = "save it again, or fetch it from where it came"
	default:
		return p, false
	}
	return p, true
}
