package build

import (
	"io"
	"path/filepath"

	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/images"
	"stet/internal/page"
	"stet/internal/photo"
	"stet/internal/source"
)

// answerImageSettings answers "imagesettings" with what site.yaml says of
// pictures.
func (p *press) answerImageSettings(*page.Ask, string) (page.Answer, error) {
	set := p.config.Images
	return page.Answer{Value: images.Settings{Widths: set.Widths, Quality: set.Quality, WebP: set.WebP, AsIs: set.AsIs, Location: set.Location, Language: p.config.Languages[0].Tag}}, nil
}

// discreet sees to it that a picture that is published as it is does not tell
// where it was taken.
func (p *press) discreet(ask *page.Ask, name string) error {
	data, _, err := p.readFor(ask, name)
	if err != nil || !photo.Locates(data) {
		return err
	}
	set, err := page.Get[images.Settings](ask, "imagesettings", "")
	if err != nil || set.Location {
		return err
	}
	ask.Report(diag.Problem{Severity: diag.Error, Path: name, Text: "this picture says where it was taken, and is published as it is",
		Hint: "take the place out of the file, for example with exiftool -gps:all= -xmp:geotag= FILE; or name it as the picture of an article, whose renditions tell no place; or allow it in site.yaml:\nimages: {location: true}"})
	return nil
}

// A store keeps renditions in the cache folder.
type store struct{ cache.Folder }

// shelf is the store in a cache folder, nil if there is none.
func shelf(f cache.Folder) images.Store {
	if f.Dir == "" {
		return nil
	}
	return store{cache.Folder{Dir: filepath.Join(f.Dir, "img")}} // of whatever version: their names tell
}

// Get returns a rendition that is there whole.
func (s store) Get(name string) ([]byte, bool) {
	text, ok := s.Read(name)
	return []byte(text), ok
}

// Put keeps a rendition. If it cannot, it will be made again.
func (s store) Put(name string, data []byte) {
	_ = s.Write(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Rendition makes a picture of the edition that was ordered and not made, nil if
// nobody ordered it.
func (d *Desk) Rendition(name string) []byte { return d.p.rendition(name) }

func (p *press) rendition(name string) []byte {
	return p.shop.Make(name, func(path string) []byte {
		data, _ := source.ReadFile(p.o.Dir, p.o.Theme, path) // what cannot be read is not there
		return data
	})
}
