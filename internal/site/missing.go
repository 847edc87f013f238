package site

import (
	"slices"
)

// What a language lacks. A story without a version in it is left out, or stands
// there in the language that site.yaml names: as a card on the front and in the lists
// of sections, which leads to the one page that the story has. It is on no other list,
// and neither in feeds, which speak one language each, nor in sitemaps a second time.
//
// A page that has no version leads to what is nearest to it there.

// borrow puts the stories that stand in from another edition into the lists of
// this one. All editions must have their lists.
func (ed *edition) borrow() {
	if ed.missing == "" {
		return
	}
	from := ed.site.edition(ed.missing)
	gone := map[string]bool{} // the desk has taken it away in this language
	for _, st := range ed.gone {
		gone[st.key], gone["="+st.Translation] = true, true
	}
	lacks := make(map[*story]bool, len(from.stories))
	for _, st := range from.stories {
		if st.Translation != "" {
			lacks[st] = ed.version(st) == nil && !gone["="+st.Translation]
		} else {
			lacks[st] = ed.version(st) == nil && !gone[st.key]
		}
	}
	for _, l := range ed.order {
		of := from.lists[l.id()]
		if of == nil || l.kind != "all" && l.kind != "section" {
			continue
		}
		mixed := slices.Clone(l.stories)
		for _, st := range of.stories {
			if lacks[st] {
				mixed = append(mixed, st)
			}
		}
		if len(mixed) > len(l.stories) {
			newestFirst(mixed)
			l.mixed = mixed
		}
	}
}

// foreign tells whether a story is in another language than an edition.
func (ed *edition) foreign(st *story) bool {
	return ed != st.ed || st.Language != "" && st.Language != ed.tag
}

// card is what an edition shows of a story: that in another language says in which,
// if the site has a name for it.
func (ed *edition) card(st *story) *Card {
	c := st.card()
	if !ed.foreign(st) || c.Lang == ed.tag {
		return c
	}
	other := *c
	for _, of := range ed.site.editions {
		if of.tag == c.Lang {
			other.Language = of.lang.Name
		}
	}
	return &other
}

// nearest is, for each edition in which the page of another has no version, the
// first that it has of a list and those above it, or else its front.
func (s *Site) nearest(own *edition, l *list, has func(*edition) bool) (all []Alternate) {
	for _, ed := range s.editions {
		if ed == own || has(ed) {
			continue
		}
		a := Alternate{Lang: ed.tag, Name: ed.lang.Name, URL: s.url(ed.prefix + "/"), Title: ed.title}
		for at := l; at != nil; at = at.parent {
			if same := ed.lists[at.id()]; same != nil {
				a.URL, a.Title = s.url(same.url), same.headline
				break
			}
		}
		all = append(all, a)
	}
	return all
}

// nearestTo is what is nearest to a story: its section.
func (s *Site) nearestTo(st *story) []Alternate {
	return s.nearest(st.ed, st.listed(), func(ed *edition) bool { return !st.gone && ed.version(st) != nil })
}

// nearestLists is what is nearest to a page of a list: the list above it, and for its
// older pages the list itself.
func (s *Site) nearestLists(l *list, k int) []Alternate {
	if k > 0 {
		return s.nearest(l.ed, l, func(*edition) bool { return false })
	}
	return s.nearest(l.ed, l.parent, func(ed *edition) bool { return ed.lists[l.id()] != nil })
}
