package site

import (
	"html/template"
	"slices"

	"stet/internal/config"
)

// Places on a front that no file of content/fronts describes.
const (
	seconds = 4
	river   = 8
	perPart = 4
)

// front fills a front page by itself: the lead, the seconds, a river, then a
// block for each section, no story twice.
func (s *Site) front(ed *edition) *Front {
	f := &Front{
		Head: s.head("front", nil), URL: s.url(ed.prefix + "/"), Permalink: s.absolute(ed.prefix + "/"),
		Lang: ed.tag, Dir: ed.lang.Dir, Title: template.HTML(template.HTMLEscapeString(ed.title)), Headline: ed.title,
	}
	f.Description = s.description(ed)
	f.Canonical, f.Feed = f.Permalink, s.url(ed.prefix+"/feed.xml")
	f.Alternates = s.alternates(func(o *edition) string { return o.prefix + "/" })
	if all := ed.lists["all "]; s.set.Config.Archive != config.ArchiveOff && all.pages(s.set.Config.PerPage) > 0 {
		f.Older = s.url(all.pageURL(all.pages(s.set.Config.PerPage)))
	}
	placed := map[*story]bool{}
	take := func(from []*story, n int) []*Card {
		var cards []*Card
		for _, st := range from {
			if len(cards) == n {
				break
			}
			if !st.Hide && !placed[st] {
				placed[st] = true
				cards = append(cards, st.card())
			}
		}
		return cards
	}
	order := s.prominent(ed)
	for _, slot := range []struct {
		name string
		n    int
	}{{"lead", 1}, {"seconds", seconds}, {"river", river}} {
		f.Slots = append(f.Slots, Slot{slot.name, take(order, slot.n)})
	}
	for _, l := range ed.sections {
		if cards := take(l.stories, perPart); len(cards) > 0 {
			f.Blocks = append(f.Blocks, Block{s.link(l), cards})
		}
	}
	return f
}

// prominent is the newest stories as a front wants them: pinned ones first, the
// higher pin before the lower, then those with more weight among the newest.
func (s *Site) prominent(ed *edition) []*story {
	newest := slices.Clone(ed.stories[:min(len(ed.stories), 60)])
	for _, st := range ed.stories[len(newest):] {
		if st.Pin > 0 {
			newest = append(newest, st)
		}
	}
	slices.SortStableFunc(newest, func(a, b *story) int {
		if a.Pin != b.Pin {
			return b.Pin - a.Pin
		}
		return b.Weight - a.Weight
	})
	return newest
}
