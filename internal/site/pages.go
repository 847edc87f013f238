package site

import (
	"fmt"
	"strconv"
	"strings"

	"stet/internal/article"
	"stet/internal/page"
)

// Pages lists the pages of the edition, in a fixed order: what is read most
// first. Two pages never share a path; those that would are problems of
// [Site.Twins].
func (s *Site) Pages() []page.Page {
	var ps []page.Page
	add := func(path, kind string, args ...string) {
		ps = append(ps, page.Page{Path: path, Kind: kind, Args: page.Args(args...)})
	}
	for _, ed := range s.editions {
		add(fileOf(ed.prefix+"/"), "front", ed.tag)
		for _, st := range ed.stories {
			add(fileOf(st.url), "article", st.Path)
		}
		for _, st := range ed.pages {
			add(fileOf(st.url), "page", st.Path)
		}
		for _, l := range ed.order {
			s.listPages(add, l)
		}
		for _, index := range []struct {
			name string
			of   *names
		}{{"authors", ed.people}, {"series", ed.series}, {"tags", ed.topics}} {
			if len(index.of.order) > 0 {
				add(fileOf(ed.prefix+"/"+index.name+"/"), "index", ed.tag, index.name)
			}
		}
		add(fileOf(ed.prefix+"/404.html"), "404", ed.tag, "404")
	}
	return s.machinePages(ps, add)
}

func (s *Site) listPages(add func(path, kind string, args ...string), l *list) {
	per := s.set.Config.PerPage
	if l.kind == "all" {
		if !s.set.Config.HasArchive() {
			return
		}
	} else {
		add(fileOf(l.url), l.kind, l.ed.tag, l.kind, l.name, "0")
	}
	for k := range l.pages(per) {
		add(fileOf(l.pageURL(k+1)), l.kind, l.ed.tag, l.kind, l.name, strconv.Itoa(k+1))
	}
}

// machinePages adds feeds, sitemap, robots.txt and redirects.
func (s *Site) machinePages(ps []page.Page, add func(path, kind string, args ...string)) []page.Page {
	_ = ps
	for _, ed := range s.editions {
		for _, l := range ed.order {
			if !s.hasFeed(l) {
				continue
			}
			for _, f := range s.feedKinds(l) {
				add(strings.TrimPrefix(l.url, "/")+f.file, f.kind, ed.tag, l.kind, l.name)
			}
		}
	}
	if s.set.Config.BaseURL != "" {
		add("sitemap.xml", "sitemap")
		for n := range s.sitemapParts() {
			add(fmt.Sprintf("sitemaps/%d.xml", n+1), "sitemappart", strconv.Itoa(n+1))
		}
	}
	add("robots.txt", "robots")
	if redirects := s.allRedirects(); len(redirects) > 0 {
		add("_redirects", "redirects")
		for _, r := range redirects {
			if r.Page != "" {
				add(r.Page, "redirect", r.Page)
			}
		}
	}
	return nil
}

type feedKind struct{ file, kind string }

// feedKinds are the feeds of a list: all for the paper and its sections, one
// with summaries for topics and authors.
func (s *Site) feedKinds(l *list) []feedKind {
	all := []feedKind{{"feed.xml", "rss"}, {"atom.xml", "atom"}, {"feed.json", "jsonfeed"}}
	if l.kind != "section" && l.kind != "all" {
		return all[:1]
	}
	var kinds []feedKind
	for _, k := range all {
		if s.set.Config.Feeds.Has(k.kind) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func (s *Site) hasFeed(l *list) bool {
	switch l.kind {
	case "section", "all":
		return s.set.Config.Feeds.Has("rss")
	case "tag", "author":
		return s.set.Config.Feeds.Has("rss") && s.set.Config.Feeds.Terms
	}
	return false
}

// answerFeed answers "feed LANG LIST NAME".
func (s *Site) answerFeed(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	l := ed.lists[f[1]+" "+f[2]]
	if l == nil {
		return none, nil
	}
	feed := &Feed{
		Title: ed.title, Description: s.description(ed), Lang: ed.tag, URL: s.url(l.url), Permalink: s.absolute(l.url), Self: s.absolute(l.url),
		FullText: s.set.Config.Feeds.FullText && (l.kind == "section" || l.kind == "all"), Publisher: s.set.Config.Publisher.Name,
	}
	if l.kind != "all" {
		feed.Title = ed.title + ": " + l.headline
		if l.source != nil && l.source.Description != "" {
			feed.Description = l.source.Description
		}
	}
	var in []*story
	for _, st := range l.stories {
		if len(in) == s.set.Config.PerPage {
			break
		}
		if !st.NoFeed {
			in = append(in, st)
		}
	}
	for _, st := range in {
		var notes []Correction
		for _, c := range st.Corrections {
			text, _ := article.Inline(c.Text, quotes(ed.lang))
			notes = append(notes, Correction{c.Date.In(s.set.Config.Location), c.Kind, plainHTML(text)})
		}
		feed.Corrections = append(feed.Corrections, notes)
		for _, at := range []struct{ t int64 }{{st.card.Date.Unix()}, {st.card.Updated.Unix()}} {
			if at.t > feed.Updated.Unix() {
				feed.Updated = maxTime(st.card)
			}
		}
	}
	head := page.Sum(feed)
	feed.Cards = cardsOf(in)
	return page.Answer{Value: feed, Digest: sumOf(head, in)}, nil
}
