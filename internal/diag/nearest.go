package diag

import (
	"math/bits"
	"path"
	"slices"
	"strings"
	"unicode"
)

// Nearest returns the candidate that was probably meant by word, or "" if none
// is near. Letter case does not count, nor do the hyphens, underscores and
// spaces that people mix up; of candidates equally near, the first in the
// alphabet is taken, so that the answer does not depend on their order.
func Nearest(word string, candidates []string) string {
	plain := fold(word)
	limit := reach(len(plain))
	best := ""
	for _, candidate := range candidates {
		if candidate == word {
			continue
		}
		distance := editDistance(plain, fold(candidate), limit)
		if distance < limit || distance == limit && (best == "" || candidate < best) {
			best, limit = candidate, distance
		}
	}
	return best
}

// NearestFile is Nearest for the names of files, compared without folders and
// endings: what all of a folder have in common does not make them alike. A file
// that differs in its ending alone is the nearest. A bundle is called as its folder.
func NearestFile(name string, candidates []string) string {
	stem := func(name string) string {
		base := path.Base(name)
		if base = strings.TrimSuffix(base, path.Ext(base)); base == "index" && strings.Contains(name, "/") {
			return path.Base(path.Dir(name))
		}
		return base
	}
	stems := make([]string, 0, len(candidates))
	by := make(map[string]string, len(candidates))
	same := ""
	depth := func(candidate string) int { // how far it is from as deep as the name
		n := strings.Count(candidate, "/") - strings.Count(name, "/")
		return max(n, -n)
	}
	for _, candidate := range candidates {
		switch s := stem(candidate); {
		case candidate == name:
		case strings.EqualFold(s, stem(name)):
			if same == "" || depth(candidate) < depth(same) {
				same = candidate
			}
		case by[s] == "":
			stems, by[s] = append(stems, s), candidate
		case depth(candidate) < depth(by[s]):
			by[s] = candidate
		}
	}
	if same != "" {
		return same
	}
	return by[Nearest(stem(name), stems)]
}

// Spellings are names among which one is looked for that is nearly spelt as another.
type Spellings map[rune][]spelling // by their first letter

// A spelling is a name as it is compared. Most others are told from it by the
// letters that it has, at a hundredth of the cost.
type spelling struct {
	name    string
	letters []rune
	has     uint64 // a bit for each letter
}

func spelt(name string) spelling {
	s := spelling{name: name, letters: fold(name)}
	for _, r := range s.letters {
		s.has |= 1 << (r % 64)
	}
	return s
}

// NewSpellings makes these names ready.
func NewSpellings(names []string) Spellings {
	all := Spellings{}
	for _, name := range names {
		if s := spelt(name); len(s.letters) > 0 {
			all[s.letters[0]] = append(all[s.letters[0]], s)
		}
	}
	for _, some := range all {
		slices.SortFunc(some, func(a, b spelling) int { return strings.Compare(a.name, b.name) })
	}
	return all
}

// Alike is the first in the alphabet that is so near to a name that one of them is
// likely a slip, though each could be right: they begin alike, have the same numbers,
// and differ in a letter of six, or in two of twelve. In a short word another letter
// makes another word. It is "" if there is none.
func (all Spellings) Alike(name string) string {
	s := spelt(name)
	limit := min(len(s.letters)/6, 2)
	if limit == 0 {
		return ""
	}
	for _, o := range all[s.letters[0]] {
		if bits.OnesCount64(s.has^o.has) > 2*limit || editDistance(s.letters, o.letters, limit) > limit {
			continue
		}
		other := len(s.letters) < 8 && len(s.letters) == len(o.letters) && s.has != o.has // Iceland, Ireland
		if !other && o.name != name && numbers(name) == numbers(o.name) {
			return o.name
		}
	}
	return ""
}

// numbers are those in a name: the votes of two years are two.
func numbers(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsDigit(r) }), " ")
}

// reach is how many slips a word of so many letters may have.
func reach(letters int) int {
	switch {
	case letters < 3:
		return 0
	case letters < 6:
		return 1
	case letters < 10:
		return 2
	}
	return 3
}

var separators = strings.NewReplacer("-", "", "_", "", " ", "")

func fold(word string) []rune {
	return []rune(separators.Replace(strings.ToLower(word)))
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that lead from a to b. Anything beyond limit is limit+1.
func editDistance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var room [3][64]int // enough for most, without a place in memory of their own
	n := min(len(b)+1, len(room[0]))
	before, last, row := room[0][:n], room[1][:n], room[2][:n]
	if n = len(b) + 1; n > len(room[0]) {
		before, last, row = make([]int, n), make([]int, n), make([]int, n)
	}
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+unequal(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}

func unequal(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
