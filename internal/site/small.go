package site

import (
	"slices"
	"time"

	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/page"
)

// Small files that machines read. Each is there once for the whole site, but for
// the web manifest, and each gives way to a file of static/ of its name.

// SmallFiles is what they say: the answer to "smallfiles".
type SmallFiles struct {
	Robots   []config.Robot // "*" is among them; paths without the base path
	Trust    []config.Statement
	Security []config.Statement // of security.txt but for what follows
	Expires  time.Time          // of security.txt
	Pictures bool               // all that lies in /img/ has a name that changes with its bytes
}

// A Manifest is what the web manifest of an edition says: the answer to
// "manifest LANG".
type Manifest struct {
	Name, ShortName, Description string
	Lang, Dir                    string
	Start                        string   // URL of the front page
	Icons                        []string // source paths
	Theme, Background            string   // colours
}

// wellKnown is the folder of files whose place is agreed upon (RFC 8615).
const wellKnown = ".well-known/"

// smallPages adds them.
func (s *Site) smallPages(all *pages) {
	own := func(path string) bool { return s.set.Has != nil && s.set.Has("static/"+path) }
	add := func(path, kind string, args ...string) {
		if !own(path) {
			all.add(path, kind, args...)
		}
	}
	add("robots.txt", "robots")
	add("_headers", "headers")
	if len(s.set.Config.Trust) > 0 && !own("trust.txt") && !own(wellKnown+"trust.txt") { // both or none: they must say the same
		add("trust.txt", "trust")
		add(wellKnown+"trust.txt", "trust")
	}
	if len(s.set.Config.Security.Fields) > 0 {
		add(wellKnown+"security.txt", "security")
	}
	for _, ed := range s.editions {
		add(fileOf(ed.prefix+"/manifest.webmanifest"), "manifest", ed.tag)
	}
	if len(s.old) > 0 {
		all.add("_redirects", "redirects")
	}
	for _, r := range s.old {
		if r.Page != "" {
			all.add(r.Page, "redirect", r.Page)
		}
	}
}

// smallFiles reports what is wrong with them.
func (s *Site) smallFiles() {
	set := s.set.Config
	if expires := set.Security.Expires; !expires.IsZero() {
		at := expires.In(set.Zone)
		s.changes(at, Coming{settingsFile, "security"})
		if n := set.Security.At; !at.After(s.set.Now) {
			s.problems = append(s.problems, diag.Problem{Severity: diag.Warning, Path: settingsFile, Line: n.Line, Column: n.Column, Length: n.Length,
				Text: "security.txt is out of date, and says so", Hint: "see that it is right, and write a day that is to come, a year off at most"})
		} else if soon := at.AddDate(-1, 0, 0); soon.After(s.set.Now) {
			s.changes(soon, Coming{settingsFile, "securing"})
			s.problems = append(s.problems, diag.Problem{Severity: diag.Warning, Path: settingsFile, Line: n.Line, Column: n.Column, Length: n.Length,
				Text: "security.txt expires more than a year from now, and RFC 9116 recommends less", Hint: "write a day less than a year off, and when it has passed see that all is right and write another"})
		}
	}
	for _, icon := range set.Manifest.Icons {
		if file := "static" + icon.Name; s.set.Has != nil && !s.set.Has(file) {
			s.problems = append(s.problems, diag.Problem{Severity: diag.Error, Path: settingsFile, Line: icon.Line, Column: icon.Column, Length: icon.Length,
				Text: "there is no picture " + file, Hint: s.nearFile(file)})
		}
	}
}

// answerSmallFiles answers "smallfiles".
func (s *Site) answerSmallFiles([]string) (page.Answer, error) {
	set := s.set.Config
	f := &SmallFiles{Robots: set.Robots, Trust: set.Trust, Security: set.Security.Fields}
	if !set.Security.Expires.IsZero() {
		f.Expires = set.Security.Expires.In(set.Zone)
	}
	if !slices.ContainsFunc(f.Robots, func(r config.Robot) bool { return r.Name == "*" }) {
		f.Robots = append(slices.Clip(f.Robots), config.Robot{Name: "*"})
	}
	f.Pictures = len(within(s.set.Files, "static/img")) == 0
	return page.Answer{Value: f}, nil
}

// answerManifest answers "manifest LANG".
func (s *Site) answerManifest(f []string) (page.Answer, error) {
	ed, set := s.edition(f[0]), s.set.Config
	m := &Manifest{Name: ed.title, ShortName: set.Manifest.ShortName, Description: s.description(ed), Lang: ed.tag, Dir: ed.lang.Dir,
		Start: s.url(ed.prefix + "/"), Theme: set.Manifest.ThemeColor, Background: set.Manifest.BackgroundColor}
	for _, icon := range set.Manifest.Icons {
		m.Icons = append(m.Icons, "static"+icon.Name)
	}
	if file := "static/favicon.svg"; m.Icons == nil && s.set.Has != nil && s.set.Has(file) {
		m.Icons = []string{file}
	}
	return page.Answer{Value: m}, nil
}
