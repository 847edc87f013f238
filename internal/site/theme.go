package site

import (
	"slices"

	"stet/internal/config"
	"stet/internal/diag"
)

// fontFolder is where the site's fonts lie.
const fontFolder = "static" + config.FontFolder

// TopSections are the names of sections that are in no other, in every language,
// in the order in which they are shown.
func (s *Site) TopSections() (names []string) {
	for _, ed := range s.editions {
		for _, l := range ed.sections {
			if !slices.Contains(names, l.name) {
				names = append(names, l.name)
			}
		}
	}
	return names
}

// themed reports what the theme of site.yaml names and the site does not have.
func (s *Site) themed() {
	t := s.set.Config.Theme
	tell := func(n config.Named, text, hint string) {
		s.problems = append(s.problems, diag.Problem{Severity: diag.Error, Path: settingsFile, Line: n.Line, Column: n.Column, Length: n.Length, Text: text, Hint: hint})
	}
	known := s.TopSections()
	for _, a := range t.Sections {
		if top := topOf(a.Section.Name); top != a.Section.Name && slices.Contains(known, top) {
			tell(a.Section, "a section that is in another has its accent, not one of its own: "+quoted(a.Section.Name), "write "+top)
		} else if !slices.Contains(known, a.Section.Name) {
			tell(a.Section, "theme names the section "+quoted(a.Section.Name)+", which is none of the site", meant(a.Section.Name, known))
		}
	}
	there := func(n config.Named, what string) {
		if file := "static" + n.Name; n.Name != "" && s.set.Has != nil && !s.set.Has(file) {
			tell(n, "there is no "+what+" "+file, s.nearFile(file))
		}
	}
	for _, logo := range t.Logos {
		there(logo, "picture")
	}
	for _, f := range t.Fonts {
		for _, file := range f.Files {
			there(file.Named, "font")
		}
	}
}
