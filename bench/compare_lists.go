package main

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
)

// A list is one contestant's pages of a section, tag or author, taken together:
// the two number their pages differently.
type list struct {
	Heading string
	Cards   map[string]uint64 // how a story's card looks, by its URL
	Twice   []string          // stories that are listed more than once
	Unruly  []string          // pages whose cards are not newest first
}

// readLists reads all lists of some kinds, by the path of their front.
func readLists(e edition, kinds ...kind) (map[string]*list, error) {
	lists := map[string]*list{}
	for _, path := range e.paths(kinds...) {
		p, err := e.page(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		front := frontOf(path)
		l := lists[front]
		if l == nil {
			l = &list{Cards: map[string]uint64{}}
			lists[front] = l
		}
		if path == front {
			l.Heading = p.Title
		}
		l.add(path, p.Cards)
	}
	return lists, nil
}

// add takes in the cards of one page.
func (l *list) add(path string, cards []webCard) {
	for i, card := range cards {
		if _, ok := l.Cards[card.URL]; ok {
			l.Twice = append(l.Twice, card.URL)
		}
		sum := fnv.New64a()
		sum.Write([]byte(card.Looks))
		l.Cards[card.URL] = sum.Sum64()
		if i > 0 && card.Date > cards[i-1].Date {
			l.Unruly = append(l.Unruly, path)
		}
	}
}

// frontOf gives the path of a list's front from that of one of its pages.
func frontOf(path string) string {
	folders := strings.Split(strings.TrimSuffix(path, "/index.html"), "/")
	return strings.Join(withoutPage(folders), "/") + "/index.html"
}

// compareLists compares sections, tags and authors: in each list every story
// exactly once, with the same card, newest first.
func (c *comparison) compareLists(hugo, stet edition) error {
	h, err := readLists(hugo, kindSection, kindTerm)
	if err != nil {
		return err
	}
	s, err := readLists(stet, kindSection, kindTerm)
	if err != nil {
		return err
	}
	all := maps.Clone(h)
	maps.Copy(all, s)
	c.Lists += len(all)
	for _, front := range slices.Sorted(maps.Keys(all)) {
		switch {
		case h[front] == nil:
			c.found(front, "list", "(missing)", "(made)")
		case s[front] == nil:
			c.found(front, "list", "(made)", "(missing)")
		default:
			c.compareList(front, h[front], s[front])
		}
		if kindOf(front) == kindSection && h[front] != nil {
			c.complete(front, hugo, h[front])
		}
	}
	return nil
}

// compareList compares two contestants' pages of one list.
func (c *comparison) compareList(front string, hugo, stet *list) {
	c.sameText(front, "title", hugo.Heading, stet.Heading)
	c.sameLists(front, "listed twice", hugo.Twice, stet.Twice)
	if len(hugo.Twice) > 0 {
		c.found(front, "listed twice", hugo.Twice[0], at(stet.Twice, 0))
	}
	for _, side := range []*list{hugo, stet} {
		if len(side.Unruly) > 0 {
			c.found(front, "not newest first", at(hugo.Unruly, 0), at(stet.Unruly, 0))
			break
		}
	}
	h, s := slices.Sorted(maps.Keys(hugo.Cards)), slices.Sorted(maps.Keys(stet.Cards))
	c.sameLists(front, "stories", h, s)
	for _, url := range h {
		if looks, ok := stet.Cards[url]; ok && looks != hugo.Cards[url] {
			c.found(front, "the card of "+url, "(text, links or images)", "(differ)")
			return
		}
	}
}

// complete checks a section's list against the section's articles.
func (c *comparison) complete(front string, hugo edition, l *list) {
	section := strings.TrimSuffix(front, "index.html")
	var want []string
	for _, path := range hugo.paths(kindArticle) {
		if strings.HasPrefix(path, section) {
			want = append(want, "/"+strings.TrimSuffix(path, "index.html"))
		}
	}
	c.sameLists(front, "the section's articles and those listed", sorted(want), slices.Sorted(maps.Keys(l.Cards)))
}

// compareIndexes compares the front page, card by card in order, and the
// indexes of tags and of authors, link by link in any order.
func (c *comparison) compareIndexes(hugo, stet edition) error {
	for _, path := range c.both(hugo, stet, kindHome, kindIndex) {
		c.Lists++
		h, err := hugo.page(path)
		if err != nil {
			return err
		}
		s, err := stet.page(path)
		if err != nil {
			return err
		}
		if kindOf(path) == kindIndex {
			c.sameLists(path, "links", sorted(h.MainLinks), sorted(s.MainLinks))
			continue
		}
		c.sameText(path, "title", h.Title, s.Title)
		c.sameText(path, "text of main", h.Main, s.Main)
		c.sameLists(path, "links", h.Links, s.Links)
		c.sameLists(path, "images", h.Images, s.Images)
	}
	return nil
}
