package assets

import (
	"fmt"
	"math"
	"net/url"
	"path"
	"strconv"
	"strings"

	"stet/internal/diag"
	"stet/internal/page"
)

// ThemeSheet is the name of the style sheet that is made of what site.yaml says
// under theme, unless the site has a file of this name.
const ThemeSheet = "theme.css"

// A Theme is the answer to "themesettings": what its sheet says.
type Theme struct {
	Colours  []Property // of all pages
	Sections []Section
	Fonts    []Font
}

// A Property is a custom property of CSS: a colour in each scheme.
type Property struct{ Name, Light, Dark string }

// A Section is one that has an accent.
type Section struct{ Name, Light, Dark string }

// A Font is one that the site brings.
type Font struct {
	Role  string // headline, text or interface
	Name  string
	Files []FontFile
}

// A FontFile is one style of a font.
type FontFile struct {
	Name         string // below static/assets/
	Bold, Italic bool
	Line, Column int // where site.yaml names it
	Length       int
}

// themed writes the sheet. Its colours are for screens: paper is white. A font
// that cannot be read has no face in it.
func themed(ask *page.Ask, read Read) (css []byte, problems []diag.Problem, err error) {
	t, err := page.Get[*Theme](ask, "themesettings", "")
	if t == nil || err != nil {
		return nil, nil, err
	}
	s := &themeSheet{ask: ask, read: read, written: map[string]bool{}}
	families := ""
	for _, f := range t.Fonts {
		family, err := s.font(f)
		if err != nil {
			return nil, nil, err
		}
		if family != "" {
			families += "    --own-" + f.Role + ": " + family + ";\n"
			if f.Role == "text" {
				families += "    --x-height: none;\n" // its fallback has its size already
			}
		}
	}
	s.b.WriteString("@layer theme {\n")
	if families != "" {
		s.b.WriteString("  :root {\n" + families + "  }\n")
	}
	for dark, media := range []string{"screen", "screen and (prefers-color-scheme: dark)"} {
		if lines := t.colours(dark); lines != "" {
			s.b.WriteString("  @media " + media + " {\n" + lines + "  }\n")
		}
	}
	s.b.WriteString(t.plainly() + "}\n")
	return []byte(s.b.String()), s.problems, nil
}

// colours are those of the light scheme, 0, or of the dark one, 1. A section that
// is in another has its accent.
func (t *Theme) colours(dark int) (lines string) {
	for _, c := range t.Colours {
		lines += " " + c.Name + ": " + [...]string{c.Light, c.Dark}[dark] + ";"
	}
	if lines != "" {
		lines = "    :root {" + lines + " }\n"
	}
	for _, section := range t.Sections {
		lines += fmt.Sprintf("    [data-section=%s], [data-section^=%s] { --accent: %s; }\n", quoted(section.Name), quoted(section.Name+"/"), [...]string{section.Light, section.Dark}[dark])
	}
	return lines
}

// plainly gives those who ask for more contrast the colours of the layer below.
func (t *Theme) plainly() string {
	lines := ""
	for _, c := range t.Colours {
		if c.Name != "--accent" {
			lines += " " + c.Name + ": revert-layer;"
		}
	}
	if lines == "" {
		return ""
	}
	return "  @media (prefers-contrast: more) {\n    :root {" + lines + " }\n  }\n"
}

// quoted is a text of CSS.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\a `, "\r", `\d `, "\f", `\c `).Replace(s) + `"`
}

// A themeSheet is one that is being written.
type themeSheet struct {
	ask      *page.Ask
	read     Read
	b        strings.Builder
	written  map[string]bool // faces, which fonts of two roles may share
	problems []diag.Problem
}

// font writes the faces of a font, and returns the families that have it: they
// go before those of the theme, so that they end in a comma.
func (s *themeSheet) font(f Font) (string, error) {
	families := ""
	for _, file := range f.Files {
		data, there, err := s.read(s.ask, Folder+file.Name)
		if err != nil {
			return "", err
		}
		if !there {
			continue // which is told of where it is named
		}
		m, wrong := readFace(data)
		if wrong != nil {
			s.problems = append(s.problems, diag.Problem{Severity: diag.Error, Path: "site.yaml", Line: file.Line, Column: file.Column, Length: file.Length,
				Text: "the font " + Folder + file.Name + " cannot be used: " + wrong.Error(), Hint: "give a whole font in WOFF2, TrueType or OpenType"})
			continue
		}
		if families == "" {
			families = quoted(f.Name) + ","
			if m.width > 0 {
				families += " " + quoted(f.Name+" fallback") + ","
			}
		}
		s.faces(f, file, m)
	}
	return families, nil
}

// formats are what CSS calls the formats of fonts.
var formats = map[string]string{".woff2": "woff2", ".ttf": "truetype", ".otf": "opentype"}

// faces writes the face of a file and that of a local font made as large, which
// stands in its place until it is there: so nothing moves when it comes. It has
// Latin letters only, by which it was measured: those of other scripts have
// better ones behind it.
func (s *themeSheet) faces(f Font, file FontFile, m face) {
	weight, style := "400", "normal"
	if file.Bold {
		weight = "700"
	}
	if file.Italic {
		style = "italic"
	}
	if m.most > 0 && !file.Bold {
		weight = fmt.Sprintf("%d %d", m.least, m.most)
	}
	key := f.Name + "\x00" + file.Name + "\x00" + weight + style
	if s.written[key] {
		return
	}
	s.written[key] = true
	src := (&url.URL{Path: file.Name}).EscapedPath()
	is := "font-weight: " + weight + "; font-style: " + style + ";"
	fmt.Fprintf(&s.b, "@font-face { font-family: %s; src: url(%s) format(%q); %s font-display: swap; }\n",
		quoted(f.Name), quoted(src), formats[strings.ToLower(path.Ext(file.Name))], is)
	if m.width == 0 {
		return
	}
	near := locals["serif"]
	if m.sans || f.Role == "interface" && !m.serif {
		near = locals["sans"]
	}
	names := ""
	for _, name := range near.names {
		names += ", local(" + quoted(name+near.suffix(file)) + ")"
	}
	adjust := m.width / near.width(file)
	fmt.Fprintf(&s.b, "@font-face { font-family: %s; src: %s; %s size-adjust: %s; ascent-override: %s; descent-override: %s; line-gap-override: %s; unicode-range: U+0-24F, U+1E00-1EFF, U+2000-20CF; }\n",
		quoted(f.Name+" fallback"), names[2:], is, percent(adjust), percent(m.ascent/adjust), percent(m.descent/adjust), percent(m.gap/adjust))
}

// percent writes a share as CSS has it.
func percent(f float64) string {
	return strconv.FormatFloat(math.Round(max(f, 0)*1e4)/100, 'f', -1, 64) + "%"
}

// A local font is one that nearly every machine has, or another of the same
// widths.
type local struct {
	names  []string
	widths [4]float64 // of a letter of English text: regular, italic, bold, both
}

// locals are those with serifs and those without. TestLocals tells where the
// widths are from.
var locals = map[string]local{
	"serif": {[]string{"Times New Roman", "Liberation Serif", "Tinos"}, [4]float64{.3999, .4015, .4255, .4113}},
	"sans":  {[]string{"Arial", "Liberation Sans", "Arimo"}, [4]float64{.4415, .4415, .4773, .4773}},
}

func (f FontFile) style() int {
	n := 0
	if f.Italic {
		n = 1
	}
	if f.Bold {
		n += 2
	}
	return n
}

// suffix is what the name of a style of a local font ends in.
func (l local) suffix(f FontFile) string {
	return [...]string{"", " Italic", " Bold", " Bold Italic"}[f.style()]
}

func (l local) width(f FontFile) float64 { return l.widths[f.style()] }
