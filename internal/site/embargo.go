package site

import (
	neturl "net/url"
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/slug"
)

// Nothing of a story under embargo is in an edition before its time. Most of it
// is not, because the story is not: what is here is the rest, its pictures, and
// what others say of it by its address.

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

// WordsOf are the words by which others may name a story: of its file, of its
// address, and of its old ones.
func WordsOf(a *article.Article) (words []string) {
	for _, name := range append([]string{keyOf(a.Path), a.Slug, a.URL, a.ID}, a.Aliases...) {
		if word := path.Base(strings.TrimSuffix(name, ".html")); name != "" && word != "/" && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// Tells tells whether a path from the root, or a whole address of this site, seems
// to be that of something under embargo, or of a file of it. That has none yet, so
// its last word counts, where nothing else lies.
func (s *Site) Tells(address string) bool {
	if len(s.embargoed) == 0 {
		return false
	}
	if in, own := strings.CutPrefix(address, s.set.Config.BaseURL); own && s.set.Config.BaseURL != "" {
		address = "/" + in
	}
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	if plain, err := neturl.PathUnescape(address); err == nil {
		address = plain
	}
	if address = path.Clean(address); !strings.HasPrefix(address, "/") || s.set.Has != nil && s.set.Has("static"+address) {
		return false
	}
	return s.veiled(address) || s.veiled(path.Dir(address))
}

// veiled tells whether the last word of a path is one of something under embargo,
// and nothing else lies there.
func (s *Site) veiled(address string) bool {
	if !s.secretWords()[wordOf(address)] {
		return false
	}
	url := tidyURL(address)
	for _, ed := range s.editions {
		of := func(st *story) bool { return st.url == url }
		if ed.byURL()[url] != nil || slices.ContainsFunc(ed.pages, of) || slices.ContainsFunc(ed.gone, of) ||
			slices.ContainsFunc(ed.order, func(l *list) bool { return l.url == url }) {
			return false
		}
	}
	_, old := s.oldAt[fileOf(url)]
	return !old
}

// wordOf is the last word of an address, as addresses have it.
func wordOf(address string) string {
	return slug.Make(path.Base(strings.TrimSuffix(address, ".html")))
}

// hushed are the words of which addresses of what is under embargo are made.
func (s *Site) hushed() map[string]bool {
	all := map[string]bool{}
	for _, name := range s.embargoed {
		if a := s.sources()[name]; s.isEmbargoed(a) {
			for _, word := range WordsOf(a) {
				all[wordOf(word)] = true
			}
		}
	}
	delete(all, "")
	return all
}

// pictured are the pictures of a front matter that are files of the site.
func pictured(a *article.Article) (all []*article.Image) {
	for im := range allPictured(a) {
		if !isAbsolute(im.Src) {
			all = append(all, im)
		}
	}
	return all
}

// allPictured are the pictures of a front matter.
func allPictured(a *article.Article) func(yield func(*article.Image) bool) {
	return func(yield func(*article.Image) bool) {
		given := func(im *article.Image) bool { return im == nil || im.Src == "" || yield(im) }
		if !given(a.Image) || !given(a.Photo) {
			return
		}
		for i := range a.Gallery {
			if !given(&a.Gallery[i]) {
				return
			}
		}
	}
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
	if len(s.secretWords()) == 0 {
		return
	}
	for _, a := range s.published() {
		for _, im := range pictured(a) {
			if s.isSealed(sourceOf(a.Path, im.Src)) {
				s.problems = append(s.problems, diag.Problem{Path: a.Path, Text: "a picture of the front matter lies beside a story under embargo",
					Hint: "it is left out until that is published; to show it now, put it beside this one"})
			}
		}
		if s.linksToSecret(a) {
			s.problems = append(s.problems, diag.Problem{Path: a.Path, Text: "a link of the front matter leads to something under embargo",
				Hint: "it becomes a link when that is published"})
		}
	}
}

// published are the files of what is in the edition: stories, pages, and what
// describes sections, authors, topics and series.
func (s *Site) published() (all []*article.Article) {
	for _, ed := range s.editions {
		for _, st := range slices.Concat(ed.stories, ed.pages) {
			all = append(all, st.Article)
		}
		for _, l := range ed.order {
			if l.source != nil && s.stories[l.source.Path] == nil {
				all = append(all, l.source)
			}
		}
	}
	return all
}

// linksToSecret tells whether a link of a front matter leads to something under
// embargo.
func (s *Site) linksToSecret(a *article.Article) (does bool) {
	texts := []string{a.Deck}
	for _, im := range pictured(a) {
		texts = append(texts, im.Caption)
	}
	for _, c := range a.Corrections {
		texts = append(texts, c.Text)
	}
	for _, text := range texts {
		if strings.Contains(text, "](") || strings.Contains(text, "<") {
			html, _ := article.Inline(text, article.Quotes{})
			article.Anchored(html, func(href, rel string) (string, string) {
				does = does || s.Tells(href)
				return href, rel
			})
		}
	}
	return does
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
	for _, a := range s.published() {
		if st := s.stories[a.Path]; a.Draft || st != nil && !st.coming.IsZero() {
			continue
		}
		for _, im := range pictured(a) {
			all[sourceOf(a.Path, im.Src)] = true
		}
	}
	return all
}
