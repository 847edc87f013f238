package site

import (
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/diag"
)

// Nothing of a story under embargo is in an edition before its time. Most of it
// is not, because the story is not: what is here is the rest, its pictures.

// keepSecret notes that something is under embargo.
func (s *Site) keepSecret(a *article.Article) {
	s.embargoed = append(s.embargoed, a.Path)
	if a.Bundle && !s.set.Drafts {
		s.sealed = append(s.sealed, path.Dir(a.Path)+"/")
	}
}

// Embargoed lists what is under embargo now, by source path.
func (s *Site) Embargoed() []string { return s.embargoed }

// isSealed tells whether a file lies in the bundle of a story under embargo.
func (s *Site) isSealed(source string) bool {
	return len(s.sealed) > 0 && slices.ContainsFunc(s.sealed, func(folder string) bool { return strings.HasPrefix(source, folder) })
}

// isEmbargoed tells whether a file is under embargo and not in this edition: then
// what is said may not name it.
func (s *Site) isEmbargoed(a *article.Article) bool {
	if a == nil || s.stories[a.Path] != nil {
		return false
	}
	_, is := s.embargo(a)
	return is
}

// pictured are the pictures of a front matter that are files of the site.
func pictured(a *article.Article) (all []*article.Image) {
	for _, im := range append([]*article.Image{a.Image, a.Photo}, pointers(a.Gallery)...) {
		if im != nil && im.Src != "" && !isAbsolute(im.Src) {
			all = append(all, im)
		}
	}
	return all
}

// secrets reports the pictures by which front matter would tell of a story under
// embargo: its own in static/, and those in its bundle that another shows.
func (s *Site) secrets() {
	for _, name := range s.embargoed {
		a := s.sources()[name]
		for _, im := range pictured(a) {
			if p, ok := s.Exposed(sourceOf(name, im.Src), name); ok {
				p.Line, p.Column, p.Length = im.Line, im.Column, len([]rune(im.Src))
				s.problems = append(s.problems, p)
			}
		}
	}
	if len(s.sealed) == 0 {
		return
	}
	for _, ed := range s.editions {
		for _, st := range slices.Concat(ed.stories, ed.pages) {
			for _, im := range pictured(st.Article) {
				if s.isSealed(sourceOf(st.Path, im.Src)) {
					s.problems = append(s.problems, diag.Problem{Path: st.Path, Text: "a picture of the front matter lies beside a story under embargo",
						Hint: "it is left out until that is published; to show it now, put it beside this one"})
				}
			}
		}
	}
}

// Exposed tells whether a picture of a story under embargo is published before
// it, as all of static/ is, and says so: unless a story that is published has it
// too, and it is known already.
func (s *Site) Exposed(source, story string) (diag.Problem, bool) {
	if !strings.HasPrefix(source, "static/") || s.set.Has == nil || !s.set.Has(source) || s.shownOpenly()[source] {
		return diag.Problem{}, false
	}
	own := path.Join(path.Dir(story), path.Base(source))
	return diag.Problem{Severity: diag.Error, Path: story, Text: "this story is under embargo, and its picture " + source + " is published at once, as all of static/ is",
		Hint: "move it beside the story, to " + own + ", and write " + path.Base(source) + " here"}, true
}

// openly are the pictures in static/ that the front matter of what is published
// has.
func (s *Site) openly() map[string]bool {
	all := map[string]bool{}
	for _, ed := range s.editions {
		for _, st := range slices.Concat(ed.stories, ed.pages) {
			for _, im := range pictured(st.Article) {
				if st.coming.IsZero() && !st.Draft {
					all[sourceOf(st.Path, im.Src)] = true
				}
			}
		}
	}
	return all
}
