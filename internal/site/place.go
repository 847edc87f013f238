package site

import (
	"slices"
	"strings"
	"time"

	"stet/internal/article"
)

// A Place is where a story or page is and whether readers see it, for who
// changes its file.
type Place struct {
	Path     string
	URL      string // from the root of the site, without the base path; "" if it is in no edition
	ID       string
	State    string    // "published", or the reason why it is not: "draft", "future", "embargo", "expired"
	Until    time.Time // when that changes; zero if never or unknown
	Killed   bool
	Said     bool     // there are files of what readers have said, which its lasting name calls
	Trusted  bool     // raw HTML of its text passes
	Versions []string // those in other languages that know it by its path
}

// Place says where a file is, nil if it is neither a story nor a page.
func (s *Site) Place(source string) *Place {
	a := s.sources()[source]
	if a == nil || a.Kind != article.Story && a.Kind != article.Page {
		return nil
	}
	ed, rest := s.editionOf(source)
	p := &Place{Path: source, ID: a.ID, State: "published", Killed: a.Status == "killed"}
	for _, u := range s.Unpublished {
		if u.Path == source {
			p.State, p.Until = u.Reason, u.Until
		}
	}
	st := s.stories[source]
	if st == nil {
		return p
	}
	p.URL, p.ID = st.url, st.lasting()
	p.Said = s.said[st] != (said{})
	p.Trusted, _ = s.trusts(a, ed, rest)
	for _, other := range s.editions {
		if v := other.version(st); v != nil && v.ed != ed && a.Translation == "" {
			p.Versions = append(p.Versions, v.Path)
		}
	}
	return p
}

// SourceAt is the file of the story or page at a URL, with or without the base
// path; "" if there is none.
func (s *Site) SourceAt(url string) string {
	urls := []string{tidyURL(url)}
	if in, ok := strings.CutPrefix(url, s.base); ok {
		urls = append(urls, tidyURL(in))
	}
	for _, ed := range s.editions {
		for _, st := range slices.Concat(ed.stories, ed.gone, ed.pages) {
			if slices.Contains(urls, st.url) {
				return st.Path
			}
		}
	}
	return ""
}

// Claims lists the files of stories and pages that are at a URL, from the root of
// the site, or were.
func (s *Site) Claims(url string) (sources []string) {
	for _, ed := range s.editions {
		for _, st := range slices.Concat(ed.stories, ed.gone, ed.pages) {
			if st.url == url {
				sources = append(sources, st.Path)
			}
		}
	}
	if old, ok := s.oldAt[fileOf(url)]; ok {
		sources = append(sources, old.in.Path)
	}
	return sources
}

// Named is the file that a story names as related to it; "" if there is none.
func (s *Site) Named(from, name string) string {
	for _, p := range s.pathsOf(from, name) {
		if s.sources()[p] != nil {
			return p
		}
	}
	if st := s.stories[from]; st != nil {
		if o := s.storyAt(st, name); o != nil {
			return o.Path
		}
	}
	return ""
}

// Linked is the file of content/ that a link to a Markdown file leads to; "" if
// there is none.
func (s *Site) Linked(from, dest string) string {
	for _, p := range linkPaths(from, dest) {
		if s.sources()[p] != nil {
			return p
		}
	}
	return ""
}

// linkPaths lists the files that a link to a Markdown file may mean.
func linkPaths(from, dest string) []string {
	at := sourceOf(from, dest)
	return []string{at, strings.Replace(at, "static/", "content/", 1)}
}
