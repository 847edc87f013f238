package config

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"stet/internal/fields"
)

// A Theme is what site.yaml says of how the paper looks. Every colour in it can
// be read.
type Theme struct {
	Grounds  Grounds
	Accent   Shades
	Sections []Accent
	Logos    []Named // pictures that stand for the paper's name: paths in static/, from the root of the site
	Fonts    []Font  // one for each of Roles at most, in their order
}

// Grounds are what text stands on and is written with.
type Grounds struct {
	Own        bool // the site's, not the built-in theme's
	Paper, Ink Shades
	// Shade is that of boxes, Soft that of smaller words; lines are between paper
	// and ink, and marked words stand on Mark.
	Shade, Soft, Line, StrongLine, Mark Shades
}

// An Accent is the colour of a section.
type Accent struct {
	Section Named
	Shades
}

// Plain are the colours of the built-in theme, as site.css has them.
var Plain = Grounds{
	Paper: Shades{"#ffffff", "#161514"}, Ink: Shades{"#1a1918", "#e9e6e1"}, Shade: Shades{"#f6f4f0", "#211f1d"}, Soft: Shades{"#5a5650", "#aea89f"},
	Line: Shades{"#d8d4cd", "#3b3834"}, StrongLine: Shades{"#1a1918", "#8f8980"}, Mark: Shades{"#fff2b3", "#4d4210"},
}

// PlainAccent is the accent of the built-in theme.
var PlainAccent = Shades{"#8c1c24", "#f2a29b"}

// palette are the accents of sections that have none of their own, by turns: so
// chosen that neighbours are told apart, also by those who see few colours.
var palette = []Shades{
	{"#a3262e", "#f2a29b"}, {"#1c5a8a", "#8fc1ea"}, {"#2f6a33", "#93cf95"}, {"#8a4b08", "#e8b070"},
	{"#6b3f94", "#c9a8ec"}, {"#0f6468", "#7fcdd0"}, {"#9c2a68", "#f09cc6"}, {"#4a5220", "#c3cb85"},
}

// Contrasts: what WCAG asks of text, what a colour has that is made here, and
// what long text has.
const (
	readable = 4.5
	easy     = 6
	lasting  = 7
)

// on are what words in an accent stand on.
func (g Grounds) on(dark bool) []Colour {
	if dark {
		return []Colour{g.Paper.Dark, g.Shade.Dark}
	}
	return []Colour{g.Paper.Light, g.Shade.Light}
}

// fit makes a pair of colours readable on the grounds.
func (g Grounds) fit(s Shades) Shades {
	s.Light, _ = s.Light.nearest(readable, g.on(false))
	s.Dark, _ = s.Dark.nearest(readable, g.on(true))
	return s
}

// SectionAccent is the accent of a section that is so many sections from the
// first.
func (t *Theme) SectionAccent(name string, place int) Shades {
	if i := slices.IndexFunc(t.Sections, func(a Accent) bool { return a.Section.Name == name }); i >= 0 {
		return t.Sections[i].Shades
	}
	return t.Grounds.fit(palette[place%len(palette)])
}

var themeKeys = []string{"accent", "sections", "paper", "ink", "logo", "fonts", "newsletter", "donate"}

// theme reads how the paper looks. Paper and ink come first, because the other
// colours must be read on them.
func (p *parser) theme(v *fields.Value) {
	said := map[string]any{} // what layouts are told, of one form
	paper, ink := v.Get("paper"), v.Get("ink")
	if v.Kind == fields.Map {
		p.grounds(paper, ink)
	}
	p.Theme.Accent = p.Theme.Grounds.fit(PlainAccent)
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "paper", "ink":
		case "accent":
			p.Theme.Accent = p.accent(v, p.Theme.Accent)
		case "sections":
			p.Each(v, func(key, v *fields.Value) {
				name := Named{strings.Trim(key.Text, "/"), key.Line, key.Column, key.Length}
				p.Theme.Sections = append(p.Theme.Sections, Accent{name, p.accent(v, PlainAccent)})
			}, "town", "#1c5a8a")
		case "logo":
			said[key.Text] = p.logo(v)
		case "fonts":
			said[key.Text] = p.fonts(v)
		case "newsletter":
			said[key.Text] = p.box(v, "action", "/subscribe", "title", "text", "action", "field")
		case "donate":
			said[key.Text] = p.box(v, "url", "/donate/", "title", "text", "url")
		default:
			p.Unknown(key, themeKeys, "theme")
		}
	}, "accent", "#1c5a8a")
	if theme, isMap := p.values["theme"].(map[string]any); isMap {
		for key, value := range said {
			theme[key] = value
		}
	}
}

// schemes are the two schemes by their names.
var schemes = []string{"light", "dark"}

// pair reads a colour, or one for each scheme. What is not said is nil.
func (p *parser) pair(v *fields.Value, example string) (light, dark *fields.Value) {
	if v == nil || v.Kind != fields.Map {
		return v, nil
	}
	where := called(v)
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "light":
			light = v
		case "dark":
			dark = v
		default:
			p.Unknown(key, schemes, where)
		}
	})
	if len(v.Pairs) == 0 {
		p.Error(v, p.Put(v, quoted(Colour(example))), "%s says no colour", called(v))
	}
	return light, dark
}

func called(v *fields.Value) string { return cmp.Or(v.Name, "this") }

// hex reads a colour of the theme; false if there is none. What is proposed for it
// is what fits is of what was meant.
func (p *parser) hex(v *fields.Value, example string, fits func(Colour) Colour) (c Colour, ok bool) {
	if v == nil {
		return c, false
	}
	if v.Empty() { // what begins with # is a comment
		if meant, ok := parseColour(commented(v)); ok {
			example = string(fits(meant))
		}
		p.Error(v, p.Line(v, example), "%s is missing; a colour that begins with # needs quotes", called(v))
		return c, false
	}
	if c, ok = parseColour(v.Text); ok && strings.HasPrefix(v.Text, "#") {
		return c, true
	}
	if ok {
		example = string(fits(c))
	}
	if v.Kind != fields.Text {
		p.Error(v, p.Put(v, quoted(Colour(example))), "%s must be a colour, written like %q", called(v), example)
	} else {
		p.Error(v, p.Line(v, example), "a colour of the theme is written like %q, not %q", example, v.Text)
	}
	return c, false
}

// accent reads the colours of an accent. What only one scheme has is made for
// the other.
func (p *parser) accent(v *fields.Value, otherwise Shades) Shades {
	light, dark := p.pair(v, "#1c5a8a")
	g := p.Theme.Grounds
	s := otherwise
	on := func(ground []Colour) func(Colour) Colour {
		return func(c Colour) Colour {
			near, _ := c.nearest(readable, ground)
			return near
		}
	}
	l, lit := p.hex(light, "#1c5a8a", on(g.on(false)))
	if lit {
		s.Light = p.legible(light, l, "light", g.on(false))
	}
	d, dim := p.hex(dark, "#8fc1ea", on(g.on(true)))
	if dim {
		s.Dark = p.legible(dark, d, "dark", g.on(true))
	}
	switch {
	case lit && dark == nil:
		s.Dark, _ = s.Light.nearest(easy, g.on(true))
	case dim && light == nil:
		s.Light, _ = s.Dark.nearest(easy, g.on(false))
	}
	return s
}

// legible refuses a colour in which words cannot be read, and names the nearest
// in which they can. Where it is not known what they stand on, all pass.
func (p *parser) legible(v *fields.Value, c Colour, scheme string, on []Colour) Colour {
	near, ok := c.nearest(readable, on)
	if near == c || !ok || p.noGrounds {
		return c
	}
	where, least := "paper", Contrast(c, on[0])
	if other := Contrast(c, on[1]); other < least && least >= readable {
		where, least, on = "shade of boxes", other, on[1:]
	}
	p.Error(v, p.Line(v, string(near)), "%s cannot be read on the %s %s %s: its contrast is %s, and words need 4.5", c, scheme, where, on[0], tenths(least))
	return near
}

// tenths writes a contrast so that what falls short never looks as if it
// sufficed.
func tenths(contrast float64) string { return fmt.Sprintf("%.1f", math.Floor(contrast*10)/10) }

// quoted is a colour as YAML must have it: without quotes it is a comment.
func quoted(c Colour) string { return `"` + string(c) + `"` }

// grounds reads paper and ink, and makes what lies between them.
func (p *parser) grounds(paper, ink *fields.Value) {
	if paper == nil && ink == nil {
		return
	}
	g := &p.Theme.Grounds
	before := len(p.Problems)
	read := func(v *fields.Value, plain Shades) (s Shades, light, dark *fields.Value) {
		s = plain
		light, dark = p.pair(v, string(plain.Light))
		same := func(c Colour) Colour { return c }
		if c, ok := p.hex(light, string(plain.Light), same); ok {
			s.Light = c
		}
		if c, ok := p.hex(dark, string(plain.Dark), same); ok {
			s.Dark = c
		}
		return s, light, dark
	}
	papers, lightPaper, darkPaper := read(paper, Plain.Paper)
	inks, lightInk, darkInk := read(ink, Plain.Ink)
	p.inked(papers.Light, inks.Light, "light", lightPaper, lightInk)
	p.inked(papers.Dark, inks.Dark, "dark", darkPaper, darkInk)
	if p.noGrounds = len(p.Problems) > before; p.noGrounds {
		return
	}
	*g = Grounds{Own: true, Paper: papers, Ink: inks}
	g.between()
}

// inked refuses ink that tires on its paper.
func (p *parser) inked(paper, ink Colour, scheme string, onPaper, inInk *fields.Value) {
	at := cmp.Or(onPaper, inInk)
	if at == nil {
		return
	}
	if dark := scheme == "dark"; (paper.luminance() < .18) != dark {
		hint := quoted(Plain.Paper.Light)
		if dark {
			hint = quoted(Plain.Paper.Dark)
		}
		if at.Name == "paper" {
			hint = "{light: " + hint + ", dark: " + quoted(paper) + "}"
		}
		p.Error(at, p.Put(at, hint), "the %s scheme is of %s paper, not of %s", scheme, scheme, paper)
		return
	}
	if Contrast(ink, paper) >= lasting {
		return
	}
	hint, ok := ink.nearest(lasting, []Colour{paper})
	at = cmp.Or(inInk, onPaper)
	if inInk == nil || !ok && onPaper != nil {
		at = onPaper
		hint, _ = paper.nearest(lasting, []Colour{ink})
	}
	p.Error(at, p.Line(at, string(hint)), "the ink %s on the %s paper %s has a contrast of %s, and long text needs 7", ink, scheme, paper, tenths(Contrast(ink, paper)))
}

// between makes of paper and ink what lies between them.
func (g *Grounds) between() {
	each := func(to *Shades, light, dark float64) {
		*to = Shades{mix(g.Paper.Light, g.Ink.Light, light), mix(g.Paper.Dark, g.Ink.Dark, dark)}
	}
	each(&g.Shade, .045, .05)
	each(&g.Soft, .71, .71)
	each(&g.Line, .17, .17)
	each(&g.StrongLine, 1, .55)
	*g = Grounds{g.Own, g.Paper, g.Ink, g.Shade, g.fit(g.Soft), g.Line, g.StrongLine, Plain.Mark}
	if Contrast(g.Mark.Light, g.Ink.Light) < readable {
		g.Mark.Light = g.Line.Light
	}
	if Contrast(g.Mark.Dark, g.Ink.Dark) < readable {
		g.Mark.Dark = g.Line.Dark
	}
}

// rooted reads a path in static/, from the root of the site, that ends as files
// of a kind do; false if there is none.
func (p *parser) rooted(v *fields.Value, what string, endings ...string) (Named, bool) {
	name := p.Text(v)
	at := Named{name, v.Line, v.Column, v.Length}
	if name == "" {
		return at, false
	}
	tidy := inStatic(name)
	if tidy != name {
		p.Error(v, p.Line(v, tidy), "%s is a file of static/, written from the root of the site, not %q", what, name)
		return at, false
	}
	if !slices.Contains(endings, strings.ToLower(path.Ext(name))) {
		p.Error(v, "give a file that ends in "+strings.Join(endings[:len(endings)-1], ", ")+" or "+endings[len(endings)-1], "%s cannot be %q", what, name)
		return at, false
	}
	return at, true
}

// inStatic is the path of a file of static/, from the root of the site.
func inStatic(name string) string {
	return path.Clean("/" + strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(name), "/"), "static/"))
}
