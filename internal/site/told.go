package site

import (
	"time"

	"stet/internal/page"
)

// answerFeed answers "feed LANG LIST NAME".
func (s *Site) answerFeed(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	l := ed.lists[f[1]+" "+f[2]]
	if l == nil {
		return none, nil
	}
	feed := s.feedOf(l)
	if l.kind == "corrections" {
		s.tellCorrections(feed, ed)
		return page.Answer{Value: feed}, nil
	}
	for _, st := range s.fedOf(l) {
		feed.Cards = append(feed.Cards, s.fed(st.card(), feed.FullText))
		notes, _, _ := s.corrections(st)
		feed.Corrections = append(feed.Corrections, notes)
		feed.Contributors = append(feed.Contributors, s.people(st, false))
		feed.Updated = later(feed.Updated, st.changed())
	}
	return page.Answer{Value: feed}, nil
}

// feedOf is the head of a list's feed. The home of a list without a page is the
// paper's front.
func (s *Site) feedOf(l *list) *Feed {
	ed, set, home := l.ed, s.set.Config, l.url
	feed := &Feed{Title: ed.title, Description: s.description(ed), Lang: ed.tag, Self: s.absolute(l.url), Publisher: set.Publisher.Name}
	switch l.kind {
	case "all", "section":
		feed.FullText = set.Feeds.Text == "full"
	case "feed":
		home, feed.FullText = ed.prefix+"/", l.chosen.Text == "full"
	case "kind":
		home = ed.prefix + "/"
	}
	switch {
	case l.kind == "feed" && l.headline != "":
		feed.Title = l.headline
	case l.kind == "feed":
		feed.Title = ed.title + ": " + humanise(l.name)
	case l.kind != "all":
		feed.Title = ed.title + ": " + l.headline
		if l.source != nil && l.source.Description != "" {
			feed.Description = l.source.Description
		}
	}
	feed.URL, feed.Permalink = s.url(home), s.absolute(home)
	return feed
}

// fedOf are the stories of a list that its feed tells.
func (s *Site) fedOf(l *list) (some []*story) {
	if l.kind == "feed" || l.kind == "kind" {
		return l.stories
	}
	for _, st := range l.stories {
		if len(some) == s.set.Config.PerPage {
			break
		}
		if st.fed() {
			some = append(some, st)
		}
	}
	return some
}

// fed is what feeds tell of a story, so that no feed is made again for the rest:
// its path only where its text is told.
func (s *Site) fed(c *Card, text bool) *Card {
	f := &Card{ID: s.lasting(c.ID), URL: c.URL, Permalink: c.Permalink, Lang: c.Lang, Dir: c.Dir, Headline: c.Headline, Summary: c.Summary,
		Section: c.Section, Date: c.Date, Updated: c.Updated, Authors: c.Authors, Tags: c.Tags, Series: c.Series, Image: c.Image}
	if text {
		f.Path = c.Path
	}
	return f
}

// lasting is a story's lasting name as others know it: a path of the site is
// made absolute where that can be.
func (s *Site) lasting(id string) string {
	if s.set.Config.BaseURL != "" && len(id) > 0 && id[0] == '/' {
		return s.absolute(id)
	}
	return id
}

// changed is when a story was published, or changed last.
func (st *story) changed() time.Time {
	at, _ := st.updated()
	return later(st.since(), at)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
