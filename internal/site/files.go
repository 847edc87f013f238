package site

import (
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/page"
)

// FilePath is where a file beside articles lies in the edition: with its story
// if it is in a bundle, else where its folder says. It is "" for the files of a
// story that is not published, and for those that are no one's to publish.
func (s *Site) FilePath(source string) string {
	rest, ok := strings.CutPrefix(source, "content/")
	if _, isFront := s.FrontName(source); !ok || isFront || strings.HasSuffix(source, ".md") {
		return ""
	}
	for dir := path.Dir(source); dir != "content" && dir != "."; dir = path.Dir(dir) {
		bundle := dir + "/index.md"
		if s.sources()[bundle] == nil {
			continue
		}
		st := s.stories[bundle]
		if st == nil && s.listOf(s.sources()[bundle]) != "" {
			return rest // of an author, a topic or a series
		}
		if st == nil || st.gone {
			return ""
		}
		return strings.TrimSuffix(strings.TrimPrefix(fileOf(st.url), "/"), "index.html") + strings.TrimPrefix(source, dir+"/")
	}
	return rest
}

// Withheld says why the files of a bundle are not published: "hidden" as long as a
// notice stands in the place of their story, "secret" as long as that is under
// embargo; else "".
func (s *Site) Withheld(source string) string {
	if s.isSealed(source) {
		return "secret"
	}
	for dir := path.Dir(source); strings.HasPrefix(dir, "content/"); dir = path.Dir(dir) {
		a := s.sources()[dir+"/index.md"]
		switch st := s.stories[dir+"/index.md"]; {
		case a == nil || st == nil && s.listOf(a) != "":
		case st != nil && st.gone:
			return "hidden"
		}
	}
	return ""
}

// answerWithheld answers "withheld FILE".
func (s *Site) answerWithheld(f []string) (page.Answer, error) {
	return page.Answer{Value: s.Withheld(f[0])}, nil
}

// FileURL is the URL of a file beside articles or in static/, or "". The files
// of static/assets/ have none: their names change with their bytes.
func (s *Site) FileURL(source string) string {
	if strings.HasPrefix(source, "static/assets/") {
		return ""
	}
	if rest, ok := strings.CutPrefix(source, "static/"); ok {
		return s.url("/" + rest)
	}
	if p := s.FilePath(source); p != "" {
		return s.url("/" + p)
	}
	return ""
}

// SourceOf is the path of a file as an article names it: beside the article, or
// in static/ if it begins with a slash.
func SourceOf(from, src string) string { return sourceOf(from, src) }

// SectionNames are the paths of all sections, in every language, sorted.
func (s *Site) SectionNames() []string {
	var names []string
	for _, ed := range s.editions {
		names = append(names, ed.sectionNames()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// URL puts the site's base path before a path from its root.
func (s *Site) URL(rooted string) string { return s.url(rooted) }

// Fit says what a page's layout depends on beside its kind: its language, a
// layout of its own, its section, and what kind of story it is.
func (s *Site) Fit(dot any) (lang, own, section, story string) {
	switch d := dot.(type) {
	case *Story:
		st := s.stories[d.Path]
		if st.Kind == article.Story && d.Notice == "" && d.Type != "news" {
			story = d.Type
		}
		return st.ed.tag, d.Layout, d.Section.Name, story
	case *List:
		if d.Kind == "section" {
			section = d.Name
		}
		return d.Lang, "", section, ""
	case *Front:
		return d.Lang, "", "", ""
	}
	return s.editions[0].tag, "", "", ""
}

// Mark is where a file of content/ writes a key of its front matter, for a
// problem that is found only when its page is made.
func (s *Site) Mark(source, key string) diag.Problem {
	a := s.sources()[source]
	if a == nil {
		return diag.Problem{Path: source}
	}
	m := a.Mark(key)
	return diag.Problem{Path: source, Line: int(m.Line), Column: int(m.Column), Length: int(m.Length)}
}
