package site

import (
	"fmt"
	"slices"
	"strings"

	"stet/internal/page"
)

// perMap is how many pages a part of the sitemap holds: well below the 50,000
// that sitemaps.org allows, and small enough for 50 MB.
const perMap = 10000

// mapped lists all pages for search engines: the fronts and lists first, then
// the stories, the oldest first, so that the parts of old stories stay as they
// are.
func (s *Site) mapped() []SitemapEntry {
	if s.entries != nil {
		return s.entries
	}
	var all []SitemapEntry
	for _, ed := range s.editions {
		front := SitemapEntry{URL: s.absolute(ed.prefix + "/")}
		if len(ed.stories) > 0 {
			front.Lastmod = ed.stories[0].changed()
		}
		all = append(all, front)
		for _, l := range ed.order {
			if l.kind == "all" || l.source != nil && l.source.NoIndex {
				continue
			}
			e := SitemapEntry{URL: s.absolute(l.url)}
			if len(l.stories) > 0 {
				e.Lastmod = l.stories[0].date
			}
			all = append(all, e)
		}
		for _, index := range ed.indexes() {
			if len(index.of.order) > 0 {
				all = append(all, SitemapEntry{URL: s.absolute(ed.prefix + "/" + index.name + "/")})
			}
		}
	}
	slices.SortFunc(all, func(a, b SitemapEntry) int { return strings.Compare(a.URL, b.URL) })
	for _, ed := range s.editions {
		for _, st := range slices.Backward(slices.Concat(ed.stories, ed.pages)) {
			if st.NoIndex || st.Source.Canonical || st.Draft {
				continue
			}
			e := SitemapEntry{URL: s.absolute(st.url), Alternates: s.versions(st)}
			if !st.date.IsZero() {
				e.Lastmod = st.changed()
			}
			all = append(all, e)
		}
	}
	s.entries = all
	return all
}

func (s *Site) sitemapParts() int { return (len(s.mapped()) + perMap - 1) / perMap }

func (s *Site) sitemapPart(n int) *SitemapPart {
	all := s.mapped()
	from := (n - 1) * perMap
	if n < 1 || from >= len(all) {
		return nil
	}
	return &SitemapPart{URL: s.absolute(fmt.Sprintf("/sitemaps/%d.xml", n)), Entries: all[from:min(from+perMap, len(all))]}
}

// answerSitemap answers "sitemap N".
func (s *Site) answerSitemap(f []string) (page.Answer, error) {
	if p := s.sitemapPart(number(f[0])); p != nil {
		return page.Answer{Value: p}, nil
	}
	return none, nil
}

// answerSitemaps answers "sitemaps".
func (s *Site) answerSitemaps([]string) (page.Answer, error) {
	index := &Sitemap{}
	for n := range s.sitemapParts() {
		p := s.sitemapPart(n + 1)
		e := SitemapEntry{URL: p.URL}
		for _, in := range p.Entries {
			if in.Lastmod.After(e.Lastmod) {
				e.Lastmod = in.Lastmod
			}
		}
		index.Parts = append(index.Parts, e)
	}
	return page.Answer{Value: index}, nil
}
