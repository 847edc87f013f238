package site

import (
	"html/template"
	"iter"
	"slices"
	"sync"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/language"
)

// The automatic front: what a front shows that no file of content/fronts/
// describes. Each slot by its name has as many stories in a file that does not
// say how many, too.
var automatic = []place{
	{name: "lead", count: 1, latest: true},
	{name: "seconds", count: 4, latest: true},
	{name: "latest", count: 8, latest: true},
	{name: "river", count: 8, latest: true},
}

const (
	fewest  = 3 // stories of the automatic front's list of the latest: fewer look lost
	perPart = 4 // stories of a section's block
)

// front is a front page: its slots, then a block for each section, no story
// twice.
func (s *Site) front(ed *edition) *Front {
	f := &Front{
		Head: s.head("front", nil), URL: s.url(ed.prefix + "/"), Permalink: s.absolute(ed.prefix + "/"),
		Lang: ed.tag, Dir: ed.lang.Dir, Title: template.HTML(template.HTMLEscapeString(ed.title)), Headline: ed.title,
	}
	f.Description = s.description(ed)
	if f.Canonical = f.Permalink; s.hasFeed(ed.lists["all "]) {
		f.Feed = s.url(ed.prefix + "/feed.xml")
	}
	f.Alternates, f.Locale = s.frontVersions(ed), language.Locale(ed.tag)
	all := ed.lists["all "]
	if s.set.Config.Archive != config.ArchiveOff && all.pages(s.set.Config.PerPage) > 0 {
		f.Older = s.url(all.pageURL(all.pages(s.set.Config.PerPage)))
	}
	p := ed.plans[all]
	if p == nil {
		p = &plan{auto: true, places: automatic, blocks: ed.sections}
	}
	f.Bar = p.bar
	var placed map[*story]bool
	f.Slots, placed = s.slots(ed, p, all.shown())
	for _, l := range p.blocks {
		var cards []*Card
		for _, st := range l.shown() {
			if len(cards) < perPart && !st.Hide && st.unpaid() && !placed[st] {
				placed[st] = true
				cards = append(cards, ed.card(st))
			}
		}
		if len(cards) > 0 {
			f.Blocks = append(f.Blocks, Block{s.link(l), cards})
		}
	}
	return f
}

// slots are the places of a front with their stories. What the desk has planned
// is placed first, so that no slot above is filled with it. Then the lead has its
// choice of these stories, then slots for certain stories, then those for any, in
// order: else the list of the latest would leave nothing for opinion.
func (s *Site) slots(ed *edition, p *plan, stories []*story) (slots []Slot, placed map[*story]bool) {
	all := make([]Slot, len(p.places))
	placed = map[*story]bool{}
	for i, at := range p.places {
		all[i] = Slot{Name: at.name, Title: at.title}
		for _, d := range at.stories {
			placed[d.story] = true
			all[i].add(d, ed.card(d.story))
		}
	}
	fill := func(i int, from iter.Seq[*story]) {
		for st := range from {
			if len(all[i].Cards) >= p.places[i].count {
				return
			}
			if !st.Hide && !placed[st] {
				placed[st] = true
				all[i].Cards = append(all[i].Cards, ed.card(st))
			}
		}
	}
	sift := func(i int) {
		if at := p.places[i]; at.fill != nil {
			fill(i, prominent(at.from, at.fill))
		}
	}
	order := sync.OnceValue(func() iter.Seq[*story] { return prominent(stories, (*story).unpaid) })
	top := func(i int) {
		switch at := p.places[i]; {
		case !at.latest || len(all[i].Cards) >= at.count:
		case at.name != "latest":
			fill(i, order())
		case !p.auto || left(stories, placed) >= fewest:
			fill(i, func(yield func(*story) bool) {
				for _, st := range stories {
					if st.unpaid() && !yield(st) {
						return
					}
				}
			})
		}
	}
	for i, at := range p.places {
		if at.name == "lead" {
			sift(i)
			top(i)
		}
	}
	for i := range p.places {
		sift(i)
	}
	for i := range p.places {
		top(i)
	}
	for i := range all {
		if len(all[i].Cards) > 0 {
			slots = append(slots, all[i])
		}
	}
	return slots, placed
}

// left is how many stories there are yet, of as many as matter.
func left(stories []*story, placed map[*story]bool) (n int) {
	for _, st := range stories {
		if !st.Hide && st.unpaid() && !placed[st] {
			if n++; n == fewest {
				break
			}
		}
	}
	return n
}

// add puts a story into a slot, with a headline of its own if it has one there.
func (slot *Slot) add(d desired, card *Card) {
	if d.title != "" {
		title, headline := article.Inline(d.title, quotes(d.story.ed.lang))
		own := *card
		own.Title, own.Headline, own.Short = template.HTML(unlinked(title)), headline, headline
		card = &own
		if slot.Headlines == nil {
			slot.Headlines = map[string]template.HTML{}
		}
		slot.Headlines[own.Path] = own.Title
	}
	slot.Cards = append(slot.Cards, card)
}

// unpaid tells that nobody paid for a story: what somebody paid for stands on a
// front only where the desk has put it.
func (st *story) unpaid() bool { return st.Type != "sponsored" }

// weighed is how many of the newest stories stand in the order of their weight.
const weighed = 60

// prominent is the stories that fit, as a front wants them: pinned ones first,
// the higher pin before the lower, then those with more weight among the newest,
// then the others.
func prominent(stories []*story, fits func(*story) bool) iter.Seq[*story] {
	var first []*story
	rest := len(stories) // where those begin that are looked at for pins alone
	for i, st := range stories {
		if len(first) == weighed {
			rest = min(rest, i)
		}
		if (i < rest || st.Pin > 0) && fits(st) {
			first = append(first, st)
		}
	}
	slices.SortStableFunc(first, func(a, b *story) int {
		if a.Pin != b.Pin {
			return b.Pin - a.Pin
		}
		return b.Weight - a.Weight
	})
	return func(yield func(*story) bool) {
		for _, st := range first {
			if !yield(st) {
				return
			}
		}
		for _, st := range stories[rest:] {
			if st.Pin <= 0 && fits(st) && !yield(st) {
				return
			}
		}
	}
}

// without is stories but for some.
func without(stories []*story, some map[*story]bool) []*story {
	rest := make([]*story, 0, len(stories))
	for _, st := range stories {
		if !some[st] {
			rest = append(rest, st)
		}
	}
	return rest
}
