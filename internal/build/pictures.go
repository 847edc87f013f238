package build

import (
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stet/internal/assets"
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
	return page.Answer{Value: images.Settings{Widths: set.Widths, Quality: set.Quality, WebP: set.WebP, AsIs: set.AsIs, Location: set.Location, Cards: set.Cards, Fonts: p.fonts(),
		Language: p.config.Languages[0].Tag, Proof: p.o.Proof}}, nil
}

// fonts are the files that posters are set in: the site's own before those of the
// theme, each in the order of their names.
func (p *press) fonts() (own []string) {
	var theme []string
	for _, f := range p.tree.Below("layouts/fonts") {
		if ext := path.Ext(f.Path); ext != ".ttf" && ext != ".otf" {
			continue
		}
		if f.Theme {
			theme = append(theme, f.Path)
		} else {
			own = append(own, f.Path)
		}
	}
	return append(own, theme...)
}

// silent are the endings of files that do not say where they were made. All
// others are looked through: pictures, films and papers have many endings, and
// some have another's or none.
var silent = map[string]bool{
	".css": true, ".js": true, ".mjs": true, ".map": true, ".wasm": true, ".json": true, ".webmanifest": true, ".html": true, ".htm": true, ".xml": true, ".xsl": true,
	".txt": true, ".md": true, ".csv": true, ".yaml": true, ".yml": true, ".toml": true, ".ics": true, ".vtt": true, ".srt": true,
	".woff": true, ".woff2": true, ".ttf": true, ".otf": true, ".eot": true, ".ico": true, ".mp3": true, ".ogg": true, ".wav": true,
}

// tells tells whether a file may say where it was made.
func tells(name string) bool { return !silent[strings.ToLower(path.Ext(name))] }

// maxTelling is how large a file may be to be looked through for a place.
const maxTelling = 256 << 20

// discreetly makes what a maker of assets makes, if it does not tell where it was
// taken.
func (p *press) discreetly(make page.Maker) page.Maker {
	return func(ask *page.Ask, pg page.Page, to *page.Content) error {
		name := page.Fields(pg.Args, 1)[0]
		if tells(name) {
			if err := p.discreet(ask, assets.Folder+name); err != nil {
				return err
			}
		}
		return make(ask, pg, to)
	}
}

// planDrawing asks what the maker of a poster asks, and draws nothing.
func planDrawing(ask *page.Ask, pg page.Page, _ *page.Content) error {
	return images.AskFonts(ask, pg.Args)
}

// planRendition asks what the maker of a rendition asks first, and decodes no
// picture.
func planRendition(ask *page.Ask, pg page.Page, _ *page.Content) error {
	_, err := ask.Digest("photo", page.Args(page.Fields(pg.Args, 1)[0]))
	return err
}

// beside tells whether a file lies beside a picture of the site, to say what is
// known of it: that is for the desk.
func (p *press) beside(name string) bool {
	of, ok := strings.CutSuffix(name, images.Beside(""))
	return ok && pictureEndings[strings.ToLower(path.Ext(of))] && p.tree.Has(of)
}

// discreet sees to it that a picture that is published as it is does not tell
// where it was taken.
func (p *press) discreet(ask *page.Ask, name string) error {
	if i, ok := p.tree.Index(name); ok && p.tree.Files[i].Stat.Size > maxTelling {
		if _, err := ask.Digest("source", name); err != nil {
			return err
		}
		return unlessAllowed(ask, diag.Problem{Path: name, Text: "this file is too large to be looked through for the place where it was made, and is published as it is",
			Hint: "look with exiftool -a -G -gps:all -xmp:geotag FILE; to hear no more of it, write into site.yaml:\nimages: {location: true}"})
	}
	data, _, err := p.readFor(ask, name)
	if err != nil || !photo.Locates(data) {
		return err
	}
	says, instead := "this file says where it was made", ""
	if ph, _ := images.Inspect(name, data, nil); ph.Type != "" {
		says = "this picture says where it was taken"
		if ph.Scaled {
			instead = " or name it as the picture of an article, whose renditions tell no place;"
		}
	}
	return unlessAllowed(ask, diag.Problem{Severity: diag.Error, Path: name, Text: says + ", and is published as it is",
		Hint: "take the place out of the file, for example with exiftool -gps:all= -xmp:geotag= FILE;" + instead + " or allow it in site.yaml:\nimages: {location: true}"})
}

// unlessAllowed reports what is wrong with telling a place.
func unlessAllowed(ask *page.Ask, wrong diag.Problem) error {
	set, err := page.Get[images.Settings](ask, "imagesettings", "")
	if err == nil && !set.Location {
		ask.Report(wrong)
	}
	return err
}

// A store keeps renditions, of whatever version: their names tell.
type store struct{ cache.Folder }

// shelf is the store of a build, nil if it has none.
func (o Options) shelf() images.Store {
	dir := o.Pictures
	if dir == "" && o.Cache.Dir != "" {
		dir = filepath.Join(o.Cache.Dir, "img")
	}
	if dir == "" {
		return nil
	}
	return store{cache.Folder{Dir: dir}}
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

// lasting is how long a rendition is kept that no page wants any more: an
// editor may go back to the picture that was there before.
const lasting = 30 * 24 * time.Hour

// sweep removes renditions that this edition does not want and that are old. It
// is not done where the edition has parts of the one before, nor by each of the
// builds of one process. What cannot be removed stays.
func (p *press) sweep(wrong bool) {
	s, ok := p.o.shelf().(store)
	if !ok || wrong || p.o.Started.IsZero() || p.o.Memory != nil && p.o.Memory.edition != "" {
		return
	}
	names := p.shop.Names()
	_ = s.Sweep(p.o.Started.Add(-lasting), func(name string) bool {
		_, wanted := slices.BinarySearch(names, name)
		return wanted
	})
}

// Renditions are the pictures of a proof, which are made when somebody looks at
// them. The zero Renditions have none.
type Renditions struct {
	shop  *images.Shop
	dir   string
	theme fs.FS
}

// tellOrdered hands them to whoever wants to make them later.
func (p *press) tellOrdered() {
	if p.o.Ordered != nil {
		p.o.Ordered(&Renditions{p.shop, p.o.Dir, p.o.Theme})
	}
}

// Make makes the picture of a path of the edition, such as img/a-0011-480.jpg.
// It is nil if no page has it, or if the picture that it is made from is another
// one now.
func (r *Renditions) Make(name string) []byte {
	if r == nil || r.shop == nil {
		return nil
	}
	return r.shop.Make(name, func(path string) []byte {
		data, _ := source.ReadFile(r.dir, r.theme, path) // what cannot be read is not there
		return data
	})
}

// Kept returns a picture of an edition that earlier builds with these options
// have made, nil if they have not.
func Kept(o Options, name string) []byte {
	s := o.shelf()
	if s == nil || path.Dir(name)+"/" != images.Folder {
		return nil
	}
	data, ok := s.Get(path.Base(name))
	if !ok {
		return nil
	}
	return data
}
