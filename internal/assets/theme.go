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

// properties are those that fonts of a role have, and what they fall back on.
var properties = map[string]string{"headline": "--headline", "text": "--serif", "interface": "--sans"}

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
		families += "    " + properties[f.Role] + ": " + family + ";\n"
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
	s.b.WriteString("}\n")
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

// font writes the faces of a font, and returns the list of families that has it
// first.
func (s *themeSheet) font(f Font) (string, error) {
	behind, generic := quoted(f.Name+" fallback"), ""
	stands := false
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
		if generic == "" {
			generic = "serif"
			if m.sans || f.Role == "interface" && !m.serif {
				generic = "sans"
			}
		}
		stands = true
		s.faces(f.Name, generic, file, m)
	}
	if generic == "" {
		generic = map[bool]string{true: "sans", false: "serif"}[f.Role == "interface"]
	}
	if !stands {
		return "var(--system-" + generic + ")", nil
	}
	return quoted(f.Name) + ", " + behind + ", var(--system-" + generic + ")", nil
}

// formats are what CSS calls the formats of fonts.
var formats = map[string]string{".woff2": "woff2", ".ttf": "truetype", ".otf": "opentype"}

// faces writes the face of a file and that of a local font made as large, which
// stands in its place until it is there: so nothing moves when it comes.
func (s *themeSheet) faces(family, generic string, file FontFile, m face) {
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
	src := (&url.URL{Path: file.Name}).EscapedPath()
	key := family + "\x00" + file.Name + "\x00" + weight + style
	if s.written[key] {
		return
	}
	s.written[key] = true
	fmt.Fprintf(&s.b, "@font-face { font-family: %s; src: url(%s) format(%q); font-weight: %s; font-style: %s; font-display: swap; }\n",
		quoted(family), quoted(src), formats[strings.ToLower(path.Ext(file.Name))], weight, style)
	local := locals[generic]
	names, adjust := "", 1.
	for _, name := range local.names {
		names += ", local(" + quoted(name+local.suffix(file)) + ")"
	}
	if m.width > 0 {
		adjust = m.width / local.width(file)
	}
	fmt.Fprintf(&s.b, "@font-face { font-family: %s; src: %s; font-weight: %s; font-style: %s; size-adjust: %s; ascent-override: %s; descent-override: %s; line-gap-override: %s; }\n",
		quoted(family+" fallback"), names[2:], weight, style, percent(adjust), percent(m.ascent/adjust), percent(m.descent/adjust), percent(m.gap/adjust))
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
