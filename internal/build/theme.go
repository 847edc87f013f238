package build

import (
	"strings"

	"stet/internal/assets"
	"stet/internal/config"
	"stet/internal/page"
)

// answerThemeSettings answers "themesettings" with what the sheet of the theme
// says: what site.yaml has under theme, and the accents of sections.
func (p *press) answerThemeSettings(*page.Ask, string) (page.Answer, error) {
	set := &p.config.Theme
	t := &assets.Theme{}
	colour := func(name string, s config.Shades) {
		t.Colours = append(t.Colours, assets.Property{Name: name, Light: string(s.Light), Dark: string(s.Dark)})
	}
	if g := set.Grounds; g.Own {
		colour("--paper", g.Paper)
		colour("--ink", g.Ink)
		colour("--shade", g.Shade)
		colour("--soft", g.Soft)
		colour("--line", g.Line)
		colour("--strong-line", g.StrongLine)
		colour("--mark", g.Mark)
	}
	if set.Accent != config.PlainAccent {
		colour("--accent", set.Accent)
	}
	for i, name := range p.site.TopSections() {
		s := set.SectionAccent(name, i)
		t.Sections = append(t.Sections, assets.Section{Name: name, Light: string(s.Light), Dark: string(s.Dark)})
	}
	for _, f := range set.Fonts {
		font := assets.Font{Role: f.Role, Name: f.Name}
		for _, file := range f.Files {
			font.Files = append(font.Files, assets.FontFile{
				Name: strings.TrimPrefix(file.Name, config.FontFolder), Bold: strings.HasPrefix(file.Style, "bold"), Italic: strings.HasSuffix(file.Style, "italic"),
				Line: file.Line, Column: file.Column, Length: file.Length})
		}
		t.Fonts = append(t.Fonts, font)
	}
	return page.Answer{Value: t}, nil
}
