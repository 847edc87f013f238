package site

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/page"
)

type digest = page.Digest

// A list is a section, topic, author, series or stretch of time, with its
// stories.
type list struct {
	ed       *edition
	kind     string // "section", "tag", "author", "series", "archive", "all", "corrections", "feed", "kind"
	name     string // "world/asia", "water-policy", "2026/03"
	url      string // of its front, from the root of the site
	headline string
	spelt    string // as the story has it that named it first
	title    template.HTML
	source   *article.Article // the file that describes it, or nil
	stories  []*story         // newest first
	mixed    []*story         // with those that stand in from another language; nil if none does
	parent   *list
	subs     []*list
	author   *Author
	chosen   *config.NamedFeed // of a feed that site.yaml names

	ordered sync.Once
	inParts []*story // of a series, made when they are first asked for
}

func (l *list) id() string { return l.kind + " " + l.name }

// page k of a list is counted from the oldest and has exactly per stories; the
// front, page 0, has the rest: per of them and those that do not fill a page.
func (l *list) pages(per int) int { return max(0, len(l.shown())/per-1) }

// span is where a page's stories are in the list.
func (l *list) span(k, per int) (from, to int) {
	n := len(l.shown())
	if k == 0 {
		return 0, n - l.pages(per)*per
	}
	return n - k*per, n - (k-1)*per
}

// on are the stories on a page of the list.
func (l *list) on(k, per int) []*story {
	if l.numbered() && l.pages(per) == 0 {
		return l.parts()
	}
	from, to := l.span(k, per)
	return l.shown()[from:to]
}

// pageURL is where a page of the list lies.
func (l *list) pageURL(k int) string {
	if k == 0 {
		return l.url
	}
	return l.url + "page/" + strconv.Itoa(k) + "/"
}

// add makes a list known to its edition.
func (ed *edition) add(l *list) *list {
	l.ed = ed
	ed.lists[l.id()] = l
	ed.order = append(ed.order, l)
	return l
}

// finish puts lists in order, and stories within reach of their translations.
func (ed *edition) finish() {
	if len(ed.site.editions) > 1 {
		ed.byKey = make(map[string]*story, len(ed.stories)+len(ed.pages))
		for _, st := range slices.Concat(ed.stories, ed.pages) {
			ed.byKey[st.key] = st
			if st.Translation != "" {
				ed.byKey["="+st.Translation] = st
			}
		}
	}
	ed.about = make(map[*article.Article]*list)
	for _, l := range ed.order {
		if l.source != nil {
			ed.about[l.source] = l
		}
	}
	slices.SortFunc(ed.order, func(a, b *list) int {
		if a.kind != b.kind {
			return strings.Compare(a.kind, b.kind)
		}
		return strings.Compare(a.name, b.name)
	})
	for _, n := range []*names{ed.topics, ed.series, ed.people} {
		low := make(map[*list]string, len(n.lists)) // an alphabet has no capitals
		n.order = n.order[:0]
		for _, l := range n.lists {
			n.order, low[l] = append(n.order, l), strings.ToLower(l.headline)
		}
		slices.SortFunc(n.order, func(a, b *list) int {
			return cmp.Or(strings.Compare(low[a], low[b]), strings.Compare(a.name, b.name))
		})
	}
}

// shown are the stories that its pages list; feeds and sitemaps tell of its own.
func (l *list) shown() []*story {
	if l.mixed != nil {
		return l.mixed
	}
	return l.stories
}

// cards are those of stories, as an edition shows them.
func (ed *edition) cards(stories []*story) []*Card {
	cards := make([]*Card, len(stories))
	for i, st := range stories {
		cards[i] = ed.card(st)
	}
	return cards
}

// sum is the digest of a list of stories, that of its cards' digests.
func (ed *edition) sum(head digest, stories []*story) digest {
	sums := make([]digest, 0, 1+len(stories))
	sums = append(sums, head)
	for _, st := range stories {
		if ed.foreign(st) {
			sums = append(sums, page.Sum(ed.card(st)))
		} else {
			sums = append(sums, st.digest())
		}
	}
	return page.SumAll(sums...)
}
