package check

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unspaced are scripts that set no spaces between words.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// unstopped are scripts whose sentences end with a space.
var unstopped = []*unicode.RangeTable{unicode.Thai, unicode.Lao, unicode.Tibetan}

// wordsOf are the words of a text, whatever their case and what stands between
// them. In scripts without spaces each sign is one.
func wordsOf(text string) (words []string) {
	start := -1
	end := func(at int) {
		if start >= 0 {
			words = append(words, text[start:at])
		}
		start = -1
	}
	text = strings.ToLower(text)
	for i, r := range text {
		switch {
		case isUnspaced(r):
			end(i)
			words = append(words, string(r))
		case isWord(r):
			if start < 0 {
				start = i
			}
		default:
			end(i)
		}
	}
	end(len(text))
	return words
}

func isUnspaced(r rune) bool { return r > unicode.MaxLatin1 && unicode.In(r, unspaced...) }

// isWord tells whether a character is part of a word.
func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }

// alike tells whether two texts have the same words, or nine of ten.
func alike(a, b string) bool {
	one, other := wordsOf(a), wordsOf(b)
	if few, many := min(len(one), len(other)), max(len(one), len(other)); few*10 < 9*many {
		return false
	}
	count := map[string]int{}
	for _, w := range one {
		count[w]++
	}
	same := 0
	for _, w := range other {
		if count[w] > 0 {
			count[w]--
			same++
		}
	}
	return same > 0 && same*10 >= 9*max(len(one), len(other))
}

// fewest is how many words a sentence has at least.
const fewest = 4

// unended tells whether a text is a sentence, by its length, and does not end
// like one. Quotes and brackets may stand behind the stop.
func unended(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.In(r, unicode.Pe, unicode.Pf, unicode.Pi, unicode.Cf) || strings.ContainsRune(`"'“”‘’*`, r)
	})
	last, _ := utf8.DecodeLastRuneInString(text)
	switch {
	case unicode.Is(unicode.STerm, last) || last == '…' || unicode.In(last, unstopped...):
		return false
	case isUnspaced(last): // where one sentence has its stop, the last has it too
		return strings.ContainsAny(text, "。！？။")
	}
	return len(strings.Fields(text)) >= fewest && strings.ContainsFunc(text, unicode.IsLetter)
}
