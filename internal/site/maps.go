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

// inMap tells whether search engines may list a front.
func (l *list) inMap() bool { return l.kind != "all" && (l.source == nil || !l.source.NoIndex) }

// inMap tells whether search engines may list a story or page.
func (st *story) inMap() bool { return !st.NoIndex && !st.Source.Canonical && !st.Draft }

// mapAll lists all pages for search engines: the fronts and lists first, then
// the stories, the oldest first, so that the parts of old stories stay as they
// are.
func (s *Site) mapAll() []SitemapEntry {
	all := make([]SitemapEntry, 0, s.inMaps())
	for _, ed := range s.editions {
		front := SitemapEntry{URL: s.absolute(ed.prefix + "/"), Alternates: s.frontVersions(ed)}
		if len(ed.stories) > 0 {
			front.Lastmod = ed.stories[0].changed()
		}
		all = append(all, front)
		for _, l := range ed.order {
			if !l.inMap() {
				continue
			}
			all = append(all, SitemapEntry{URL: s.absolute(l.url), Lastmod: l.lastmod(), Alternates: s.listVersions(l)})
		}
		for i, index := range ed.indexes() {
			if len(index.of.order) > 0 {
				all = append(all, SitemapEntry{URL: s.absolute(ed.prefix + "/" + index.name + "/"), Alternates: s.indexVersions(ed, i)})
			}
		}
	}
	slices.SortFunc(all, func(a, b SitemapEntry) int { return strings.Compare(a.URL, b.URL) })
	for _, ed := range s.editions {
		for _, st := range slices.Backward(slices.Concat(ed.stories, ed.pages)) {
			if !st.inMap() {
				continue
			}
			e := SitemapEntry{URL: s.absolute(st.url), Alternates: s.versions(st)}
			if !st.date.IsZero() {
				e.Lastmod = st.changed()
			}
			all = append(all, e)
		}
	}
	return all
}

// inMaps is how many pages mapAll lists.
func (s *Site) inMaps() (n int) {
	for _, ed := range s.editions {
		n++
		for _, l := range ed.order {
			if l.inMap() {
				n++
			}
		}
		for _, index := range ed.indexes() {
			if len(index.of.order) > 0 {
				n++
			}
		}
		for _, some := range [][]*story{ed.stories, ed.pages} {
			for _, st := range some {
				if st.inMap() {
					n++
				}
			}
		}
	}
	return n
}

func (s *Site) sitemapParts() int { return (s.inMaps() + perMap - 1) / perMap }

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
	for n := range s.newsParts() {
		e := SitemapEntry{URL: s.absolute(newsURL(n + 1))}
		if all := s.recentNews(); n*perNews < len(all) {
			e.Lastmod = all[n*perNews].since()
		}
		index.Parts = append(index.Parts, e)
	}
	return page.Answer{Value: index}, nil
}
