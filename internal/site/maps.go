package site

import (
	"fmt"
	"slices"
	"strings"

	"stet/internal/page"
)

// What a part of the sitemap may hold at most: fewer pages than the 50,000 that
// sitemaps.org allows, and no more bytes.
const (
	mostMapped = 10_000
	mapBytes   = 50 << 20
)

// longestMapped is how long an address may be that a sitemap names, as it is
// written there.
const longestMapped = 2047

// perMap is how many pages a part of the sitemap holds: few enough for its bytes
// if each were as long as the longest, with its versions in all languages.
func (s *Site) perMap() int {
	longest := 0
	for _, ed := range s.editions {
		for _, l := range ed.order {
			longest = max(longest, len(l.url))
		}
		for _, some := range [][]*story{ed.stories, ed.pages} {
			for _, st := range some {
				longest = max(longest, len(st.url))
			}
		}
	}
	const around = 120 // the tags about an address, and the time
	lines := 1
	if len(s.editions) > 1 {
		lines += len(s.editions) + 1 // and x-default
	}
	address := min(len(s.set.Config.BaseURL)+3*longest, longestMapped)
	return max(1, min(mostMapped, (mapBytes-1000)/(lines*(address+around))))
}

// mappable tells whether an address is short enough for a sitemap.
func (s *Site) mappable(rooted string) bool {
	n := len(s.set.Config.BaseURL) + len(rooted)
	if n+2*len(rooted) <= longestMapped {
		return true
	}
	for _, c := range []byte(rooted) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '-' <= c && c <= '9' || c == '_' || c == '~') {
			n += 2 // it is written as % and two digits
		}
	}
	return n <= longestMapped
}

// inMap tells whether search engines may list a front.
func (l *list) inMap() bool {
	return l.kind != "all" && (l.source == nil || !l.source.NoIndex) && l.ed.site.mappable(l.url)
}

// inMap tells whether search engines may list a story or page.
func (st *story) inMap() bool {
	return !st.NoIndex && !st.Source.Canonical && !st.Draft && st.coming.IsZero() && st.ed.site.mappable(st.url)
}

// mapAll lists all pages for search engines: the fronts and lists first, then
// the stories, the oldest first, so that the parts of old stories stay as they
// are.
func (s *Site) mapAll() []SitemapEntry {
	all := make([]SitemapEntry, 0, s.inMaps())
	for _, ed := range s.editions {
		front := SitemapEntry{URL: s.absolute(ed.prefix + "/"), Lastmod: ed.lists["all "].lastmod(), Alternates: s.frontVersions(ed)}
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

func (s *Site) sitemapParts() int {
	per := s.perMap()
	return (s.inMaps() + per - 1) / per
}

func (s *Site) sitemapPart(n int) *SitemapPart {
	all, per := s.mapped(), s.perMap()
	from := (n - 1) * per
	if n < 1 || from >= len(all) {
		return nil
	}
	return &SitemapPart{URL: s.absolute(fmt.Sprintf("/sitemaps/%d.xml", n)), Entries: all[from:min(from+per, len(all))]}
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
