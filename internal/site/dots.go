package site

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/language"
	"stet/internal/page"
)

// The dots of pages: what a layout of each kind begins with.

func (s *Site) head(kind string, a *article.Article) Head {
	h := Head{Kind: kind, Index: !s.set.Config.NoIndex}
	if a != nil {
		h.Description, h.Index = cmp.Or(a.Description, a.Summary), h.Index && !a.NoIndex
		h.Search, h.Social = a.Titles.Search, a.Titles.Social
		h.Params = a.Params
	}
	return h
}

// answerStory answers "story PATH".
func (s *Site) answerStory(f []string) (page.Answer, error) {
	st := s.stories[f[0]]
	if st == nil {
		return none, nil
	}
	kind := "article"
	if st.Kind == article.Page {
		kind = "page"
	}
	if st.gone {
		return page.Answer{Value: s.notice(st, kind)}, nil
	}
	a, card := st.Article, st.card()
	full := &Story{
		Head: s.head(kind, a), Related: s.chosen(st), NoRelated: a.NoRelated, Layout: a.Layout,
		HasBody: a.HasBody, Pictures: a.Pictures,
	}
	if a.Expires.IsZero() { // else it is for when that is past
		full.Notice = a.Notice
	}
	full.Description = cmp.Or(a.Description, card.Summary)
	full.Search = cmp.Or(full.Search, card.Headline)
	full.Social = cmp.Or(full.Social, card.Headline)
	full.Canonical = card.Permalink
	if a.Source.Canonical {
		full.Canonical = a.Source.URL
	}
	full.Source = Link{Title: a.Source.Name, URL: a.Source.URL}
	full.Crumbs, full.Locale = s.crumbs(st), language.Locale(card.Lang)
	if !a.Expires.IsZero() {
		full.Expires = a.Expires.In(s.set.Config.Zone)
	}
	full.Live = s.span(a.Live)
	full.Alternates, full.Nearest = s.versions(st), s.nearestTo(st)
	if s.showDateline(st) == "lead" && a.Dateline.Place != "" {
		full.Dateline = st.ed.lang.Dateline(a.Dateline.Place, s.datelineDate(st))
	}
	full.Gallery, full.Shown = s.gallery(st.ed, a), s.shownIn(st)
	full.Corrections, full.NotesAbove, full.NotesBelow = s.corrections(st)
	full.NINJS = s.wireURL(st)
	full.Age, full.Comments, full.Rating = s.age(st), s.comments(st), s.rating(st)
	of := s.saidOf(st)
	full.Thread, full.Tally = of.thread != "", of.tally != ""
	rest := page.Sum(full) // the card has been summed already
	full.Card = *card
	return page.Answer{Value: full, Digest: page.SumAll(rest, st.digest())}, nil
}

// chosen are the stories the desk chose, without those that are not published.
func (s *Site) chosen(st *story) []string {
	var all []string
	for _, name := range st.Related {
		if s.storyAt(st, name) != nil {
			all = append(all, name)
		}
	}
	return all
}

// notice is what stands in the place of a story that was killed or has expired.
// Nothing of the story is in it but its date and section.
func (s *Site) notice(st *story, kind string) *Story {
	n := &Story{Head: s.head(kind, nil), Comments: "off", Rating: "off", Card: *st.card(), Notice: st.Notice, NoRelated: true}
	if n.Notice == "" {
		n.Notice, _ = st.ed.lang.Text(st.farewell() + "_notice")
	}
	n.Index, n.Search, n.Social, n.Crumbs, n.Locale = false, n.Headline, n.Headline, s.crumbs(st), language.Locale(n.Lang)
	n.Nearest = s.nearestTo(st)
	return n
}

func (s *Site) crumbs(st *story) []Link {
	crumbs := []Link{{Title: st.ed.title, URL: s.url(st.ed.prefix + "/")}}
	section := st.listed()
	if section == nil {
		return crumbs
	}
	for _, l := range section.trail() {
		crumbs = append(crumbs, s.link(l))
	}
	return append(crumbs, s.link(section))
}

// answerList answers "list LANG KIND NAME K": page K of a list, its front if K
// is 0.
func (s *Site) answerList(f []string) (page.Answer, error) {
	ed, k, per := s.edition(f[0]), number(f[3]), s.set.Config.PerPage
	l := ed.lists[f[1]+" "+f[2]]
	if l == nil || k > l.pages(per) {
		return none, nil
	}
	d := &List{
		Head: s.head(l.kind, l.source), Name: l.name, URL: s.url(l.pageURL(k)), Permalink: s.absolute(l.pageURL(k)),
		Lang: ed.tag, Dir: ed.lang.Dir, Title: l.title, Headline: l.headline,
		Page: k, Front: s.url(l.url), Author: l.author,
	}
	d.Search, d.Social = cmp.Or(d.Search, l.headline), cmp.Or(d.Social, l.headline)
	d.Canonical, d.Locale = d.Permalink, language.Locale(ed.tag)
	s.pager(d, l, k, per)
	d.Crumbs = append([]Link{{Title: ed.title, URL: s.url(ed.prefix + "/")}}, s.trailOf(l)...)
	if l.kind != "archive" && s.hasFeed(l) {
		d.Feed = s.url(l.url + "feed.xml")
	}
	if l.parent != nil {
		d.Parent = s.link(l.parent)
	}
	for _, sub := range l.subs {
		d.Links = append(d.Links, s.link(sub))
	}
	for _, year := range ed.years {
		if l.kind == "archive" && l.parent == nil && l != year {
			d.Links = append(d.Links, s.link(year)) // the footer leads to the newest alone
		}
	}
	if l.source != nil && k == 0 {
		d.Source, d.HasBody = l.source.Path, l.source.HasBody
		d.Image = s.image(ed, l.source, l.source.Image)
	}
	if k == 0 {
		d.Alternates = s.listVersions(l)
	}
	d.Nearest = s.nearestLists(l, k)
	if l.kind == "corrections" {
		from, to := l.span(k, per)
		d.Corrections = s.put(ed.noted[from:to])
		return page.Answer{Value: d}, nil
	}
	stories := l.on(k, per)
	if p := ed.plans[l]; p != nil && k == 0 {
		var placed map[*story]bool
		d.Bar = p.bar
		d.Slots, placed = s.slots(ed, p, l.shown())
		stories = without(stories, placed)
	}
	head := page.Sum(d)
	d.Cards = ed.cards(stories)
	return page.Answer{Value: d, Digest: ed.sum(head, stories)}, nil
}

func (s *Site) trailOf(l *list) []Link {
	var links []Link
	for _, p := range l.trail() {
		links = append(links, s.link(p))
	}
	return links
}

// pager gives a page of a list its neighbours. The newer one is the next page,
// or the front while there is none.
func (s *Site) pager(d *List, l *list, k, per int) {
	last := l.pages(per)
	switch {
	case k == 0 && last > 0:
		d.Older = s.url(l.pageURL(last))
	case k > 0:
		d.Newer = s.url(l.pageURL((k + 1) % (last + 1)))
		if k > 1 {
			d.Older = s.url(l.pageURL(k - 1))
		}
	}
}

// answerIndex answers "index LANG tags|authors|series": the names that have a
// page, in the order of the alphabet.
func (s *Site) answerIndex(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	i := slices.IndexFunc(ed.indexes(), func(i index) bool { return i.name == f[1] })
	if i < 0 {
		return none, nil
	}
	index := ed.indexes()[i]
	rooted := ed.prefix + "/" + index.name + "/"
	d := &List{Head: s.head("index", nil), Name: index.name, URL: s.url(rooted), Permalink: s.absolute(rooted), Front: s.url(rooted), Lang: ed.tag, Dir: ed.lang.Dir}
	title, err := ed.lang.Text(index.title)
	if err != nil {
		return none, err
	}
	d.Headline, d.Title, d.Search, d.Social, d.Canonical = title, plainHTML(title), title, title, d.Permalink
	d.Crumbs = []Link{{Title: ed.title, URL: s.url(ed.prefix + "/")}}
	for _, l := range index.of.order {
		if !l.paid() {
			d.Links = append(d.Links, s.link(l))
		}
	}
	d.Alternates, d.Locale = s.indexVersions(ed, i), language.Locale(ed.tag)
	d.Nearest = s.nearest(ed, nil, func(ed *edition) bool { return len(ed.indexes()[i].of.order) > 0 })
	return page.Answer{Value: d}, nil
}

// answerPlain answers "plainpage LANG": a page that is about nothing.
func (s *Site) answerPlain(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	title, err := ed.lang.Text("not_found")
	if err != nil {
		return none, err
	}
	d := &List{Head: s.head("404", nil), Name: "404", Lang: ed.tag, Dir: ed.lang.Dir, Headline: title, Title: plainHTML(title)}
	d.URL = s.url(ed.prefix + "/404.html")
	d.Index, d.Search, d.Social, d.Locale = false, title, title, language.Locale(ed.tag)
	d.Nearest = s.nearest(ed, nil, func(*edition) bool { return false })
	d.Crumbs = []Link{{Title: ed.title, URL: s.url(ed.prefix + "/")}}
	return page.Answer{Value: d}, nil
}

// BodySettings are what the text of a file is rendered with: the answer to
// "bodysettings PATH".
type BodySettings struct {
	Lang      string // of the edition
	Line      int    // the first of the text
	Quotes    article.Quotes
	Footnotes article.Footnotes
	Trusted   bool     // raw HTML passes
	Sections  []string // what trusted would have to name for that
	Dateline  string   // set before the first paragraph
	Leads     bool     // no picture stands above the text
	// Sponsored texts say so in links that lead out of the site, which is at Site.
	Sponsored bool
	Site      string
	Allow     config.Allow // hosts of which pictures, frames and scripts may be
	// Rules say how it is taken if a picture lacks something, by name: those of
	// site.yaml's check that a build says too. Where there are any, the pictures
	// of the front matter are here too.
	Rules   map[string]string
	Image   *Image
	Gallery []Image
}

// commonSettings are those that the texts of an edition have in common. They are
// most of what is to be summed, so that they have a digest of their own.
type commonSettings struct {
	BodySettings
	sum   digest
	ruled digest // with the rules that hold where a story ignores none
	rules int    // how many these are
}

func (ed *edition) commonSettings() *commonSettings {
	c := &commonSettings{BodySettings: BodySettings{
		Lang: ed.tag, Quotes: quotes(ed.lang), Footnotes: footnotes(ed.lang), Site: ed.site.set.Config.BaseURL, Allow: ed.site.set.Config.Allow,
	}}
	ruled := c.BodySettings
	ruled.Rules = ed.site.rules.built
	c.sum, c.ruled, c.rules = page.Sum(&c.BodySettings), page.Sum(&ruled), len(ruled.Rules)
	return c
}

// digest is that of settings which begin with the common ones. Rules of a story are
// all of those, or without some.
func (c *commonSettings) digest(b *BodySettings) digest {
	own, common := *b, c.sum
	own.Lang, own.Quotes, own.Footnotes, own.Site, own.Allow = "", article.Quotes{}, article.Footnotes{}, "", config.Allow{}
	if len(own.Rules) == c.rules {
		own.Rules, common = nil, c.ruled
	}
	return page.SumAll(common, page.Sum(&own))
}

// answerBodySettings answers "bodysettings PATH".
func (s *Site) answerBodySettings(f []string) (page.Answer, error) {
	b := s.BodySettings(f[0])
	if b == nil {
		return none, nil
	}
	ed, _ := s.editionOf(f[0])
	return page.Answer{Value: b, Digest: ed.common().digest(b)}, nil
}

// BodySettings are those of a file, nil if it has no text that is shown.
func (s *Site) BodySettings(source string) *BodySettings {
	a := s.sources()[source]
	if a == nil || s.stories[source] != nil && s.stories[source].gone {
		return nil
	}
	ed, rest := s.editionOf(a.Path)
	b := new(BodySettings)
	*b = ed.common().BodySettings
	b.Line, b.Sponsored = a.BodyLine, a.Type == "sponsored"
	b.Trusted, b.Sections = s.trusts(a, ed, rest)
	if st := s.stories[a.Path]; st != nil {
		if s.showDateline(st) == "lead" && a.Dateline.Place != "" {
			b.Dateline = ed.lang.Dateline(a.Dateline.Place, s.datelineDate(st))
		}
		b.Leads = (a.Image == nil || a.Image.Size == "none") && (a.Type != "gallery" || len(a.Gallery) == 0)
	}
	if b.Rules = s.builtRules(a); b.Rules != nil {
		b.Image, b.Gallery = s.image(ed, a, a.Image), s.gallery(ed, a)
	}
	return b
}

// trusts tells whether site.yaml lets raw HTML pass in a file, and if not, which
// sections trusted would have to name. It must trust the section of the file's folder
// and, as a story says itself in which it is shown, that one too: else whoever
// writes an article could turn trust on.
func (s *Site) trusts(a *article.Article, ed *edition, rest string) (bool, []string) {
	var lacking []string
	folder := path.Dir(rest)
	if !s.trusted(folder) {
		lacking = append(lacking, topOf(rest))
	}
	switch st := s.stories[a.Path]; {
	case st != nil && st.section != nil:
		if top := topOf(st.section.name); !s.trusted(st.section.name) && !slices.Contains(lacking, top) {
			lacking = append(lacking, top)
		}
	case a.Section != "": // not in this edition, so that nobody looked
		lacking = append(lacking, a.Section)
	}
	if len(lacking) == 0 || folder == "." || ed.lists["section "+topOf(rest)] == nil {
		return len(lacking) == 0, nil // what is in no section cannot be trusted
	}
	return false, slices.Concat(s.set.Config.Trusted, lacking)
}

// trusted tells whether site.yaml trusts a section, or one that it is part of.
func (s *Site) trusted(section string) bool {
	return slices.ContainsFunc(s.set.Config.Trusted, func(name string) bool {
		return section == name || strings.HasPrefix(section, name+"/")
	})
}

// gallery is that of the front matter.
func (s *Site) gallery(ed *edition, a *article.Article) (all []Image) {
	for _, im := range pointers(a.Gallery) {
		if shown := s.image(ed, a, im); shown != nil {
			all = append(all, *shown)
		}
	}
	return all
}

// datelineDate is the date of filing, if the dateline has one.
func (s *Site) datelineDate(st *story) string {
	if st.Article.Dateline.Date.IsZero() {
		return ""
	}
	date, err := st.ed.lang.Date("day", st.Article.Dateline.Date.In(s.set.Config.Zone))
	if err != nil {
		return ""
	}
	return date
}
