// Package check says what an editor would say of a story.
//
// What makes an edition wrong is told by the rooms that find it. This one looks
// at what is right by every rule and yet would not pass the desk: a picture
// whose alt text repeats its caption, a headline that is too long to be shown.
package check

import (
	"fmt"
	"unicode/utf8"

	"stet/internal/diag"
	"stet/internal/site"
)

// How many characters of a headline are shown at most: by search engines, and
// in a card of the theme before it fills its box.
const (
	longestSearch = 70
	longestCard   = 110
)

// Story lists what is to be said of a story and its pictures: warnings, with the
// place in its file that mark finds for a key of the front matter. Rules that the
// story says do not apply are ignored.
func Story(s *site.Story, pictures []Picture, ignored map[string]string, mark func(key string) diag.Problem) []diag.Problem {
	c := &checker{mark: mark, ignored: ignored}
	for _, p := range pictures {
		c.picture(p)
	}
	c.headline(s)
	return c.found
}

type checker struct {
	mark    func(key string) diag.Problem
	ignored map[string]string
	found   []diag.Problem
}

func (c *checker) warn(key, text, hint string) {
	p := c.mark(key)
	p.Severity, p.Text, p.Hint = diag.Warning, text, hint
	c.found = append(c.found, p)
}

func (c *checker) headline(s *site.Story) {
	if n := utf8.RuneCountInString(s.Search); n > longestSearch {
		c.warn("title", fmt.Sprintf("the headline has %d characters, search engines show about %d", n, longestSearch), "give a shorter one for them: titles: {search: …}")
	}
	if n := utf8.RuneCountInString(s.Short); n > longestCard {
		c.warn("title", fmt.Sprintf("the headline has %d characters, cards have room for about %d", n, longestCard), "give a shorter one for cards: titles: {short: …}")
	}
	if s.Summary == "" {
		c.warn("title", "nothing tells what the story is about", "write a line for cards and search results: summary: …")
	}
}
