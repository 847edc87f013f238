package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/page"
)

// Pages lists the pages of the edition in a fixed order: the sitemap, which keeps
// one worker busy longest, then what is read most.
func (s *Site) Pages() []page.Page {
	most := len(s.stories) + len(s.old)
	for _, ed := range s.editions {
		most += len(ed.stories)/s.set.Config.PerPage + 5*len(ed.order)
	}
	all := make(pages, 0, most)
	s.sitemapPages(&all)
	for _, ed := range s.editions {
		all.add(fileOf(ed.prefix+"/"), "front", ed.tag, "home")
		for _, st := range ed.stories {
			all.add(fileOf(st.url), "article", st.Path)
		}
		for _, st := range ed.pages {
			all.add(fileOf(st.url), "page", st.Path)
		}
		for _, st := range ed.gone {
			kind := "article"
			if st.Kind == article.Page {
				kind = "page"
			}
			all.add(fileOf(st.url), kind, st.Path)
			all.add(strings.TrimPrefix(st.url, "/")+goneFile, "gone", st.Path)
		}
		for _, l := range ed.order {
			s.listPages(&all, l)
		}
		for _, index := range ed.indexes() {
			if len(index.of.order) > 0 {
				all.add(fileOf(ed.prefix+"/"+index.name+"/"), "index", ed.tag, index.name)
			}
		}
		all.add(fileOf(ed.prefix+"/404.html"), "404", ed.tag)
	}
	s.machinePages(&all)
	return all
}

// goneFile is what follows the address of a notice in that of the file by which a
// web server knows it.
const goneFile = "410.txt"

type pages []page.Page

func (ps *pages) add(path, kind string, args ...string) {
	*ps = append(*ps, page.Page{Path: path, Kind: kind, Args: page.Args(args...)})
}

// An index lists the names of one kind.
type index struct {
	name  string // "authors"
	title string // key of its title among the language's words
	of    *names
}

func (ed *edition) indexes() []index {
	return []index{{"tags", "topics", ed.topics}, {"authors", "authors", ed.people}, {"series", "series", ed.series}}
}

func (s *Site) listPages(all *pages, l *list) {
	if l.kind == "all" {
		// The paper's front stands for page 0; its archive is a choice.
		if s.set.Config.Archive == config.ArchiveOff {
			return
		}
	} else {
		all.add(fileOf(l.url), l.kind, l.ed.tag, l.kind, l.name, "0")
	}
	for k := range l.pages(s.set.Config.PerPage) {
		all.add(fileOf(l.pageURL(k+1)), l.kind, l.ed.tag, l.kind, l.name, strconv.Itoa(k+1))
	}
}

func (s *Site) sitemapPages(all *pages) {
	if parts := s.sitemapParts(); s.set.Config.BaseURL != "" && parts > 0 {
		for n := range parts {
			all.add(fmt.Sprintf("sitemaps/%d.xml", n+1), "sitemappart", strconv.Itoa(n+1))
		}
		all.add("sitemap.xml", "sitemap")
		for n := range s.newsParts() {
			all.add(newsURL(n + 1)[1:], "newssitemap", strconv.Itoa(n+1))
		}
	}
}

// machinePages adds feeds, robots.txt and redirects.
func (s *Site) machinePages(all *pages) {
	for _, ed := range s.editions {
		for _, l := range ed.order {
			for _, f := range s.feedKinds(l) {
				all.add(strings.TrimPrefix(l.url, "/")+f.file, f.kind, ed.tag, l.kind, l.name)
			}
		}
	}
	all.add("robots.txt", "robots")
	if len(s.old) > 0 {
		all.add("_redirects", "redirects")
	}
	for _, r := range s.old {
		if r.Page != "" {
			all.add(r.Page, "redirect", r.Page)
		}
	}
}

type feedKind struct{ file, kind, format string }

var feedFiles = []feedKind{{"feed.xml", "rss", "rss"}, {"atom.xml", "atom", "atom"}, {"feed.json", "jsonfeed", "json"}}

// feedKinds are the feeds of a list: those site.yaml names for the paper and
// its sections, RSS with summaries for topics and authors.
func (s *Site) feedKinds(l *list) []feedKind {
	feeds := s.set.Config.Feeds
	var kinds []feedKind
	switch l.kind {
	case "section", "all":
		for _, k := range feedFiles {
			if feeds.Has(k.format) {
				kinds = append(kinds, k)
			}
		}
	case "corrections":
		if feeds.Has("rss") {
			kinds = feedFiles[:1]
		}
	case "tag", "author":
		if feeds.Terms && feeds.Has("rss") {
			kinds = feedFiles[:1]
		}
	}
	return kinds
}

func (s *Site) hasFeed(l *list) bool {
	kinds := s.feedKinds(l)
	return len(kinds) > 0 && kinds[0].kind == "rss"
}

// answerFeed answers "feed LANG LIST NAME".
func (s *Site) answerFeed(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	l := ed.lists[f[1]+" "+f[2]]
	if l == nil {
		return none, nil
	}
	whole := l.kind == "section" || l.kind == "all"
	feed := &Feed{
		Title: ed.title, Description: s.description(ed), Lang: ed.tag,
		URL: s.url(l.url), Permalink: s.absolute(l.url), Self: s.absolute(l.url),
		FullText: s.set.Config.Feeds.Text == "full" && whole, Publisher: s.set.Config.Publisher.Name,
	}
	if l.kind != "all" {
		feed.Title = ed.title + ": " + l.headline
		if l.source != nil && l.source.Description != "" {
			feed.Description = l.source.Description
		}
	}
	if l.kind == "corrections" {
		s.tellCorrections(feed, ed)
		return page.Answer{Value: feed}, nil
	}
	for _, st := range l.stories {
		if st.fed() && len(feed.Cards) < s.set.Config.PerPage {
			feed.Cards = append(feed.Cards, fed(st.card(), feed.FullText))
			notes, _, _ := s.corrections(st)
			feed.Corrections = append(feed.Corrections, notes)
			feed.Contributors = append(feed.Contributors, s.people(st, false))
			feed.Updated = later(feed.Updated, st.changed())
		}
	}
	return page.Answer{Value: feed}, nil
}

// fed is what feeds tell of a story, so that no feed is made again for the rest:
// its path only where its text is told.
func fed(c *Card, text bool) *Card {
	f := &Card{ID: c.ID, URL: c.URL, Permalink: c.Permalink, Lang: c.Lang, Dir: c.Dir, Headline: c.Headline, Summary: c.Summary,
		Section: c.Section, Date: c.Date, Updated: c.Updated, Authors: c.Authors, Tags: c.Tags, Series: c.Series, Image: c.Image}
	if text {
		f.Path = c.Path
	}
	return f
}

// changed is when a story was published, or changed last.
func (st *story) changed() time.Time {
	at, _ := st.updated()
	return later(st.date, at)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
