// Package check says what an editor would say of a story.
//
// What makes an edition wrong is told by the rooms that find it. This one looks
// at what is right by every rule and yet would not pass the desk: a picture
// whose alt text repeats its caption, a headline that is too long to be shown.
// Each thing that it looks for has a name, which config.Rules lists and
// docs/check.md explains. It knows plain values alone, and reads nothing.
package check

import (
	"fmt"
	"unicode/utf8"

	"stet/internal/diag"
	"stet/internal/site"
)

// How many characters of a headline, a deck and a summary are shown at most: by
// search engines, in a card of the theme before it fills its box, and where a
// story is shared.
const (
	longestSearch  = 70
	longestCard    = 110
	longestShare   = 95
	longestDeck    = 250
	longestSummary = 300
)

// A Story is a story or page as readers will see it, and what it is held to.
type Story struct {
	*site.Story
	Deck     string // plain
	Written  bool   // its file has a summary of its own
	Opinions bool   // it stands among opinions
	Pictures []Picture
	Text     []Paragraph
	Notes    []string                      // what corrections are called in the languages of the paper
	Dates    *Dates                        // nil if it does not matter how dates are written
	Rules    map[string]string             // those that hold, and whether one is a "warn" or an "error"
	Mark     func(key string) diag.Problem // where a key of its front matter is; "" is the file
}

// Problems lists what is to be said of a story, each by the name of its rule and
// with its place in the story's file.
func (s Story) Problems() []diag.Problem {
	c := &checker{Story: s}
	for _, p := range s.Pictures {
		c.picture(p)
	}
	c.headline()
	c.summary()
	if c.Opinions && c.Type == "news" {
		at := c.Mark("type")
		if at.Length == 0 { // it is not said
			at = c.Mark("title")
		}
		c.say("opinion-unlabelled", at, "the story stands among opinions and is not labelled as one", "say what it is: type: opinion, or analysis, review, interview …")
	}
	c.text()
	return c.found
}

type checker struct {
	Story
	found []diag.Problem
}

// wants tells whether a rule holds.
func (c *checker) wants(rule string) bool { return c.Rules[rule] != "" }

func (c *checker) say(rule string, at diag.Problem, text, hint string) {
	if c.wants(rule) {
		c.found = append(c.found, Taken(c.Rules[rule], rule, at, text, hint))
	}
}

// Taken is what a rule found, with the severity of "warn" or "error".
func Taken(how, rule string, at diag.Problem, text, hint string) diag.Problem {
	at.Rule, at.Text, at.Hint, at.Severity = rule, text, hint, diag.Warning
	if how == "error" {
		at.Severity = diag.Error
	}
	return at
}

func (c *checker) headline() {
	at := func(shown string) diag.Problem {
		if shown != c.Headline {
			return c.Mark("titles")
		}
		return c.Mark("title")
	}
	if n := utf8.RuneCountInString(c.Search); n > longestSearch {
		c.say("headline-search", at(c.Search), fmt.Sprintf("the headline has %d characters, search engines show about %d", n, longestSearch), "give a shorter one for them: titles: {search: …}")
	}
	if n := utf8.RuneCountInString(c.Short); n > longestCard {
		c.say("headline-card", at(c.Short), fmt.Sprintf("the headline has %d characters, cards have room for about %d", n, longestCard), "give a shorter one for cards: titles: {short: …}")
	}
	if n := utf8.RuneCountInString(c.Social); n > longestShare {
		c.say("headline-share", at(c.Social), fmt.Sprintf("the headline has %d characters, where it is shared about %d are shown", n, longestShare), "give a shorter one for that: titles: {social: …}")
	}
}

func (c *checker) summary() {
	if n := utf8.RuneCountInString(c.Deck); n > longestDeck {
		c.say("deck-long", c.Mark("deck"), fmt.Sprintf("the deck has %d characters, more than the %d that are read at a glance", n, longestDeck), "say it in one sentence, and the rest in the text")
	}
	if n := utf8.RuneCountInString(c.Summary); c.Written && n > longestSummary {
		c.say("summary-long", c.Mark("summary"), fmt.Sprintf("the summary has %d characters, cards and search results show about %d", n, longestSummary), "say it in one sentence or two")
	}
	if c.Summary == "" {
		c.say("summary-missing", c.Mark("title"), "nothing tells what the story is about", "write a line for cards and search results: summary: …")
	}
}
