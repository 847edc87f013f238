package config

import (
	"maps"
	"path"
	"slices"
	"strings"

	"stet/internal/fields"
)

// Roles are what a font may be for, and FontStyles the files of one.
var (
	Roles      = []string{"headline", "text", "interface"}
	FontStyles = []string{"regular", "italic", "bold", "bold_italic"}
)

// A Font is one that the site brings.
type Font struct {
	Role  string
	Name  string // of its family
	Files []FontFile
}

// A FontFile is one style of a font.
type FontFile struct {
	Style string // one of FontStyles
	Named        // its path in static/, from the root of the site
}

// FontFolder is where fonts lie, from the root of the site: what lies there has a name
// that changes with its bytes.
const FontFolder = "/assets/"

// fonts reads which fonts are for what.
func (p *parser) fonts(v *fields.Value) any {
	said := map[string]any{}
	p.Each(v, func(key, v *fields.Value) {
		if !slices.Contains(Roles, key.Text) {
			p.Unknown(key, Roles, "theme.fonts")
			return
		}
		f := p.font(key.Text, v)
		if len(f.Files) == 0 {
			return
		}
		p.Theme.Fonts = append(p.Theme.Fonts, f)
		files := map[string]any{"name": f.Name}
		for _, file := range f.Files {
			files[file.Style] = strings.TrimPrefix(file.Name, FontFolder) // as layouts ask for an asset
		}
		said[key.Text] = files
	}, "text", "/assets/fonts/serif.woff2")
	slices.SortStableFunc(p.Theme.Fonts, func(a, b Font) int { return slices.Index(Roles, a.Role) - slices.Index(Roles, b.Role) })
	return said
}

// font reads a font: its file, or one for each style.
func (p *parser) font(role string, v *fields.Value) Font {
	f := Font{Role: role}
	files := map[string]Named{}
	if v.Kind != fields.Map {
		if file, ok := p.fontFile(v); ok {
			files["regular"] = file
		}
	} else {
		p.Each(v, func(key, v *fields.Value) {
			switch {
			case key.Text == "name":
				if f.Name = strings.TrimSpace(p.Text(v)); strings.ContainsAny(f.Name, "\"\\\r\n<") {
					p.Error(v, p.Line(v, "Lantern Serif"), "the name of a font cannot be %q", f.Name)
				}
			case !slices.Contains(FontStyles, key.Text):
				p.Unknown(key, append(slices.Clone(FontStyles), "name"), "a font")
			default:
				if file, ok := p.fontFile(v); ok {
					files[key.Text] = file
				}
			}
		})
		if v.Get("regular").Empty() {
			p.Error(v, p.Add(v, "regular", "/assets/fonts/serif.woff2"), "a font must have its regular style")
		}
	}
	for _, style := range FontStyles {
		if file, ok := files[style]; ok {
			f.Files = append(f.Files, FontFile{style, file})
		}
	}
	if f.Name == "" && len(files) > 0 {
		f.Name = strings.TrimSuffix(path.Base(f.Files[0].Name), path.Ext(f.Files[0].Name))
	}
	p.oneFont(v, f)
	return f
}

// oneFont refuses two fonts of one name.
func (p *parser) oneFont(v *fields.Value, f Font) {
	for _, other := range p.Theme.Fonts {
		styles := func(f Font) map[string]string {
			m := map[string]string{}
			for _, file := range f.Files {
				m[file.Style] = file.Name
			}
			return m
		}
		if other.Name == f.Name && !maps.Equal(styles(other), styles(f)) {
			p.Error(v, "give each its own name: {name: …, regular: …}", "the fonts for %s and for %s have both the name %q, and are not the same", other.Role, f.Role, f.Name)
		}
	}
}

// fontFile reads where a font lies.
func (p *parser) fontFile(v *fields.Value) (Named, bool) {
	file, ok := p.rooted(v, "a font", ".woff2", ".ttf", ".otf")
	if ok && !strings.HasPrefix(file.Name, FontFolder) {
		moved := FontFolder + "fonts/" + path.Base(file.Name)
		p.Error(v, p.Line(v, moved)+"\nand move the file to static"+moved, "a font lies in static/assets/, where it gets a name that changes with its bytes, not at %q", file.Name)
		return file, false
	}
	return file, ok
}
