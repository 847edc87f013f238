package service

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"stet/internal/comments"
)

// What the desk is told of a comment. All are held until the desk has let them
// through; these are marked.

const (
	someLinks = 2
	manyLinks = 10 // more are refused
	shouted   = 20 // capitals, and no small letter
	telling   = 25 // characters
)

var link = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\bhttps?:|\bwww\.|\[url|\bhref\s*=`) })

func links(text string) int { return len(link().FindAllStringIndex(text, -1)) }

// flags are why rules hold a comment.
func (s *Service) flags(ctx context.Context, c comments.Comment) (all []string, err error) {
	if links(c.Text)+links(c.Name) > someLinks {
		all = append(all, "links")
	}
	if shouts(c.Text) {
		all = append(all, "capitals")
	}
	again, err := s.repeated(ctx, c.Text)
	if err != nil {
		return nil, err
	}
	if again {
		all = append(all, "repeated")
	}
	words, err := s.store.Words(ctx)
	if err != nil {
		return nil, err
	}
	text := spaced(c.Name + "\n" + c.Text)
	for _, word := range words {
		if has(text, spaced(word)) {
			all = append(all, "word "+strings.Map(noComma, word))
		}
	}
	return all, nil
}

// noComma keeps a word from being two flags.
func noComma(r rune) rune {
	if r == ',' {
		return ' '
	}
	return r
}

// spaced is a text in which only letters and numbers are, and one space between.
func spaced(text string) string {
	var words []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Cf) }) {
		if word = fold(word); word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// has tells whether a word stands in a text: as a whole word where the script writes
// each by itself, and anywhere where others are written on to it.
func has(text, word string) bool {
	if word == "" {
		return false
	}
	if strings.ContainsFunc(word, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
	}) {
		return strings.Contains(text, word)
	}
	return strings.Contains(" "+text+" ", " "+word+" ")
}

// shouts tells whether a text is all capitals.
func shouts(text string) bool {
	n := 0
	for _, r := range text {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n >= shouted
}

// repeated tells whether the same was sent before, by anybody for any story. Of a few
// words that says nothing.
func (s *Service) repeated(ctx context.Context, text string) (bool, error) {
	if comments.Length(text) < telling {
		return false, nil
	}
	before, err := s.store.Find(ctx, comments.Query{Same: text, Limit: 1})
	return len(before) > 0, err
}
