package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A wording knows which stories of an edition have which words in their
// headlines and decks: what is related where neither series nor topic tells.
// The text below is not read for it, so that it costs little however large the
// archive, and an edit of a body changes nothing.
type wording map[string][]int32 // stories by word, as their place in the order of lists

// common is how many of so many older stories may have a word for it to tell
// anything: one of a hundred, and a few in a small paper. Newer ones do not
// count, so that what is related to a story stays when others are published.
func common(stories int) int { return 4 + stories/100 }

func newWording(stories []*story) wording {
	all := wording{}
	for i, st := range stories {
		for _, word := range wordsOf(st.Title + " " + st.Deck) {
			if in := all[word]; len(in) == 0 || in[len(in)-1] != int32(i) {
				all[word] = append(in, int32(i))
			}
		}
	}
	return all
}

// telling is how many words of a story are looked up, the rarest: they tell most.
const telling = 8

// older finds up to n stories for each of the rarest words that the one at a place
// shares with older ones.
func (w wording) older(stories []*story, at, n int, found func(*story)) {
	if at >= len(stories) {
		return
	}
	words := wordsOf(stories[at].Title + " " + stories[at].Deck)
	slices.Sort(words)
	var shared [][]int32
	most := common(len(stories) - at - 1)
	for _, word := range slices.Compact(words) {
		in := w[word]
		from, _ := slices.BinarySearch(in, int32(at)+1)
		if in = in[from:]; len(in) > 0 && len(in) <= most {
			shared = append(shared, in)
		}
	}
	slices.SortStableFunc(shared, func(a, b []int32) int { return cmp.Compare(len(a), len(b)) })
	for _, in := range shared[:min(telling, len(shared))] {
		for _, place := range in[:min(n, len(in))] {
			found(stories[place])
		}
	}
}

// wordsOf takes a text apart into words of three letters and more. Scripts that
// put no spaces between them are taken two letters at a time.
func wordsOf(text string) (words []string) {
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	}) {
		if first, _ := utf8.DecodeRuneInString(word); !unspacedScript(first) {
			if len(word) > 2 && utf8.RuneCountInString(word) > 2 {
				words = append(words, word)
			}
			continue
		}
		letters := []rune(word)
		for i := range len(letters) - 1 {
			words = append(words, string(letters[i:i+2]))
		}
	}
	return words
}

func unspacedScript(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
