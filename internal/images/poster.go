package images

import (
	"encoding/hex"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"

	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/poster"
)

// A Poster is a picture drawn for a page that has none, for those who share its
// link: the answer to "poster PAPER SECTION HEADLINE".
type Poster struct {
	URL           string // with the site's base path, not escaped
	Width, Height int
	Type          string // "image/png"
}

// Posters answers "poster" and "drawing". The first asks "imagesettings", and
// "source" for each font: it is nil where site.yaml wants none, or where the
// fonts cannot say any of the words. The second calls for the file.
func (s *Shop) Posters(read Read) page.Book {
	return page.Book{
		"poster":  {Noted: true, Answer: plainly(func(ask *page.Ask, args string) (*Poster, error) { return s.answerPoster(ask, read, args) })},
		"drawing": {Noted: true, Answer: answerDrawing},
	}
}

// answerPoster answers "poster PAPER SECTION HEADLINE".
func (s *Shop) answerPoster(ask *page.Ask, read Read, args string) (*Poster, error) {
	set, err := page.Get[Settings](ask, "imagesettings", "")
	if err != nil || set.AsIs || !set.Cards {
		return nil, err
	}
	d := drawing{fonts: set.Fonts}
	for _, name := range set.Fonts {
		sum, err := page.Get[[]byte](ask, "source", name)
		if err != nil {
			return nil, err
		}
		d.sums = append(d.sums, hex.EncodeToString(sum))
	}
	fonts, err := s.fonts(d, func(name string) ([]byte, error) {
		data, _, err := read(ask, name)
		return data, err
	})
	var bad badFont
	if errors.As(err, &bad) {
		ask.Report(diag.Problem{Severity: diag.Error, Path: bad.path, Text: bad.Error(), Hint: "put a .ttf or .otf file in its place, or take it away"})
		return nil, nil
	}
	if err != nil || fonts == nil {
		return nil, err
	}
	f := page.Fields(args, 3)
	if d.words = fonts.Fit(poster.Words{Paper: f[0], Section: f[1], Headline: f[2]}); d.words.Headline == "" {
		return nil, nil
	}
	u, err := page.Get[string](ask, "drawing", d.args())
	return &Poster{URL: u, Width: poster.Width, Height: poster.Height, Type: "image/png"}, err
}

// A drawing asks for the file of a poster.
type drawing struct {
	fonts, sums []string // of the files of the fonts, the best first
	words       poster.Words
}

// args are the arguments of "drawing LOOK FONTS SUMS PAPER SECTION HEADLINE".
func (d drawing) args() string {
	return page.Args(poster.Look, strings.Join(d.fonts, "|"), strings.Join(d.sums, "|"), d.words.Paper, d.words.Section, d.words.Headline)
}

func drawingOf(args string) drawing {
	f := page.Fields(args, 6)
	return drawing{strings.Split(f[1], "|"), strings.Split(f[2], "|"), poster.Words{Paper: f[3], Section: f[4], Headline: f[5]}}
}

// path is where a poster lies in the edition: its name is a sum of all that it is
// made from but the names of the fonts' files, and tells nothing.
func (d drawing) path() string {
	sum := xxh3.HashString128(page.Args(poster.Look, strings.Join(d.sums, "|"), d.words.Paper, d.words.Section, d.words.Headline)).Bytes()
	return Folder + "card-" + hex.EncodeToString(sum[:8]) + ".png"
}

// answerDrawing answers "drawing …" with the URL of what is ordered.
func answerDrawing(ask *page.Ask, args string) (page.Answer, error) {
	u, err := page.Get[string](ask, "url", page.Args("/"+drawingOf(args).path()))
	return page.Answer{Value: u}, err
}

// A badFont is a file that is no font.
type badFont struct {
	path string
	error
}

// fonts are those of a drawing, which are read and parsed once a build; nil if
// there are none.
func (s *Shop) fonts(d drawing, read func(name string) ([]byte, error)) (*poster.Fonts, error) {
	if len(d.fonts) == 0 {
		return nil, nil
	}
	key := strings.Join(d.sums, "|")
	s.setting.Lock()
	defer s.setting.Unlock()
	if s.set == nil || s.setKey != key {
		var files [][]byte
		for _, name := range d.fonts {
			data, err := read(name)
			if err != nil {
				return nil, err
			}
			files = append(files, data)
		}
		set, bad, err := poster.Parse(files)
		if err != nil {
			return nil, badFont{d.fonts[bad], err}
		}
		s.set, s.setKey = set, key
	}
	return s.set, nil
}

// Drawings lists the posters that were asked for, given the arguments of those
// questions, and takes the orders.
func (s *Shop) Drawings(asked []string) []page.Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []page.Page
	listed := map[string]bool{}
	for _, args := range asked {
		name := drawingOf(args).path()
		s.drawings[name] = args
		if !listed[name] {
			listed[name] = true
			all = append(all, page.Page{Path: name, Kind: "drawing", Args: args})
		}
	}
	return all
}

// AskFonts asks for the sums of the fonts that a page of the kind "drawing", given
// its arguments, is set in.
func AskFonts(ask *page.Ask, args string) error {
	for _, name := range drawingOf(args).fonts {
		if _, err := ask.Digest("source", name); err != nil {
			return err
		}
	}
	return nil
}

// makeDrawing makes a page of the kind "drawing".
func (s *Shop) makeDrawing(read Read) page.Maker {
	return func(ask *page.Ask, p page.Page, to *page.Content) error {
		d := drawingOf(p.Args)
		if err := AskFonts(ask, p.Args); err != nil {
			return err
		}
		if data, ok := s.kept(p.Path); ok {
			to.Body.Write(data)
			return nil
		}
		fonts, err := s.fonts(d, func(name string) ([]byte, error) {
			data, _, err := read(ask, name)
			return data, err
		})
		if err != nil || fonts == nil {
			return err
		}
		data, err := s.drawn(p.Path, fonts, d)
		to.Body.Write(data)
		return err
	}
}

// drawn draws a poster and keeps it.
func (s *Shop) drawn(name string, fonts *poster.Fonts, d drawing) ([]byte, error) {
	data, err := fonts.Draw(d.words)
	if err == nil && s.store != nil {
		s.store.Put(path.Base(name), data)
	}
	return data, err
}

// draw draws a poster for somebody who wants it now, after the build; nil if
// nobody ordered it, or if the fonts are others now.
func (s *Shop) draw(name string, read func(path string) []byte) []byte {
	s.mu.Lock()
	args, ok := s.drawings[name]
	s.mu.Unlock()
	if !ok {
		return nil
	}
	if data, ok := s.kept(name); ok {
		return data
	}
	d := drawingOf(args)
	fonts, err := s.fonts(d, func(name string) ([]byte, error) {
		data := read(name)
		if sum := xxh3.Hash128(data).Bytes(); hex.EncodeToString(sum[:]) != d.sums[slices.Index(d.fonts, name)] {
			return nil, errOther
		}
		return data, nil
	})
	if err != nil || fonts == nil {
		return nil
	}
	data, _ := s.drawn(name, fonts, d) // nil if it cannot be drawn, which a build says
	return data
}
