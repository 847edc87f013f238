package site

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"stet/internal/article"
	"stet/internal/diag"
)

// A note is a correction whose time has come.
type note struct {
	article.Correction
	at time.Time
	id string
}

// A noted story is one with one of its notes.
type noted struct {
	*story
	note
}

// note takes the corrections of a story whose time has come, the oldest first.
func (s *Site) note(st *story) {
	if len(st.Corrections) == 0 {
		return
	}
	var all []note
	ids := map[string]int{}
	for i, c := range st.Corrections {
		n := note{c, c.Date.In(s.set.Config.Zone), noteID(c, ids)}
		if n.at.After(s.set.Now) {
			s.changes(n.at, Coming{st.Path, "correction"})
			continue
		}
		until := n.at
		if !c.Date.Clock {
			until = until.AddDate(0, 0, 1).Add(-1)
		}
		if !st.Date.IsZero() && until.Before(st.date) {
			s.reportEntry(diag.Warning, st.Article, "corrections", i, "this note is dated before the story, which is of "+st.date.Format("2006-01-02 15:04"), "correct its date, or that of the story")
		}
		all = append(all, n)
	}
	slices.SortStableFunc(all, func(a, b note) int { return a.at.Compare(b.at) })
	s.notes[st] = all
	st.ed.corrected = append(st.ed.corrected, st)
}

// noteID names a note on its page: its date as it is written, and its number
// among those that have the same.
func noteID(c article.Correction, ids map[string]int) string {
	d := c.Date
	id := fmt.Sprintf("correction-%04d-%02d-%02d", d.Year, d.Month, d.Day)
	if d.Clock {
		id += fmt.Sprintf("-%02d%02d", d.Hour, d.Minute)
	}
	if ids[id]++; ids[id] > 1 {
		return fmt.Sprintf("%s-%d", id, ids[id])
	}
	return id
}

// correction is a note as pages show it.
func (s *Site) correction(st *story, n note) Correction {
	text, plain := article.Inline(n.Text, quotes(st.ed.lang))
	label, _ := st.ed.lang.Text("correction_" + n.Kind)
	return Correction{ID: n.id, Date: n.at, DayOnly: !n.Date.Clock, Kind: n.Kind, Label: label, Text: s.linked(st.Article, text), Plain: plain}
}

// corrections are the notes of a story, and those of them that stand above its
// text and below it.
func (s *Site) corrections(st *story) (all, above, below []Correction) {
	if len(st.Corrections) == 0 {
		return nil, nil, nil
	}
	for _, n := range s.notes[st] {
		c := s.correction(st, n)
		all = append(all, c)
		if s.set.Config.Style.Corrections[c.Kind] == "top" {
			above = append(above, c)
		} else {
			below = append(below, c)
		}
	}
	return all, above, below
}

// corrected is the graver kind of what was put right: "correction",
// "clarification" or "".
func (s *Site) corrected(st *story) (kind string) {
	if len(st.Corrections) == 0 {
		return ""
	}
	for _, n := range s.notes[st] {
		if n.Kind == "correction" || n.Kind == "clarification" && kind == "" {
			kind = n.Kind
		}
	}
	return kind
}

// updated is when a story was changed last: as it says, or with its newest note
// if that is later. It is zero if it never was, or if that is yet to come.
func (st *story) updated() (at time.Time, dayOnly bool) {
	if !st.Updated.IsZero() {
		at, dayOnly = st.Updated.In(st.ed.site.set.Config.Zone), !st.Updated.Clock
		if at.After(st.ed.site.set.Now) {
			at, dayOnly = time.Time{}, false
		}
	}
	if len(st.Corrections) == 0 {
		return at, dayOnly
	}
	if notes := st.ed.site.notes[st]; len(notes) > 0 {
		if last := notes[len(notes)-1]; last.at.After(at) && last.at.After(st.date) {
			return last.at, !last.Date.Clock
		}
	}
	return at, dayOnly
}

// headsCorrections takes a page for the head of the list of corrections, if it
// is content/corrections.md. One with an address of its own is a page like any
// other.
func (s *Site) headsCorrections(st *story) bool {
	if st.key != "corrections" || st.URL != "" {
		return false
	}
	if other := st.ed.heads; other != nil {
		s.report(diag.Error, st.Article, "title", "this and "+other.Path+" would both be the head of the corrections", "remove one of them")
		return true
	}
	st.ed.heads = st
	for key, said := range map[string]bool{"status": st.Status != "", "expires": !st.Expires.IsZero(), "corrections": len(st.Corrections) > 0} {
		if said {
			s.report(diag.Warning, st.Article, key, "nothing is made of "+key+" here: this file is the head of the list of corrections", "remove it")
		}
	}
	return true
}

// listCorrections makes the list of all that was put right, if there is
// anything, or a file that heads it. That something was added to a story is not
// among it.
func (s *Site) listCorrections(ed *edition) {
	for _, st := range ed.corrected {
		for _, n := range slices.Backward(s.notes[st]) {
			if n.Kind != "update" {
				ed.noted = append(ed.noted, noted{st, n})
			}
		}
	}
	if len(ed.noted) == 0 && ed.heads == nil {
		return
	}
	slices.SortStableFunc(ed.noted, func(a, b noted) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.Path, b.Path)) })
	own := "corrections"
	l := &list{kind: "corrections"}
	if l.headline, _ = ed.lang.Text("corrections"); ed.heads != nil {
		own, l.source = s.named(ed.heads), ed.heads.Article
		l.headline = cmp.Or(l.source.Title, l.headline)
	}
	l.url = ed.prefix + "/" + own + "/"
	for _, n := range ed.noted {
		l.stories = append(l.stories, n.story)
	}
	if ed.heads != nil {
		ed.heads.url = l.url
	}
	ed.add(l)
}

// lastmod is when something was added to a list: what came out of an embargo is
// not always the newest by its date.
func (l *list) lastmod() time.Time {
	switch {
	case len(l.shown()) == 0:
		return time.Time{}
	case l.kind == "corrections":
		return l.ed.noted[0].at
	}
	var at time.Time
	for _, st := range l.shown()[:min(len(l.shown()), l.ed.site.set.Config.PerPage)] {
		if st.coming.IsZero() {
			at = later(at, st.since())
		}
	}
	return at
}

// put are corrections as their list shows them.
func (s *Site) put(some []noted) (all []Noted) {
	for _, n := range some {
		c := n.card()
		all = append(all, Noted{Correction: s.correction(n.story, n.note), URL: c.URL + "#" + n.id, Title: c.Title, Headline: c.Headline, Lang: c.Lang, Dir: c.Dir})
	}
	return all
}

// tellCorrections fills the feed of corrections.
func (s *Site) tellCorrections(feed *Feed, ed *edition) {
	feed.FullText = true
	for _, n := range ed.noted {
		if !n.fed() || len(feed.Cards) == s.set.Config.PerPage {
			continue
		}
		c, told := n.card(), s.correction(n.story, n.note)
		at := "#" + n.id
		card := &Card{ID: s.lasting(c.ID + at), URL: c.URL + at, Lang: c.Lang, Dir: c.Dir, Headline: told.Label + ": " + c.Headline, Summary: told.Plain,
			Section: c.Section, Date: n.at}
		if c.Permalink != "" {
			card.Permalink = c.Permalink + at
		}
		feed.Cards = append(feed.Cards, card)
		feed.Corrections = append(feed.Corrections, []Correction{told})
		feed.Updated = later(feed.Updated, n.at)
	}
}

// fed tells whether a story may stand in feeds: what somebody paid for may not.
func (st *story) fed() bool { return !st.NoFeed && st.Type != "sponsored" }
