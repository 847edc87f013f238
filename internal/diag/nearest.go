package diag

import (
	"path"
	"strings"
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
	for _, candidate := range candidates {
		switch s := stem(candidate); {
		case candidate == name:
		case strings.EqualFold(s, stem(name)):
			return candidate
		case by[s] == "":
			stems, by[s] = append(stems, s), candidate
		}
	}
	return by[Nearest(stem(name), stems)]
}

// Alike is the candidate that is so near to a name that one of them is likely a
// slip, though each could be right: they begin alike, and differ in a letter of
// six, or in two of twelve. It is "" if there is none.
func Alike(name string, candidates []string) string {
	plain := fold(name)
	limit := min(len(plain)/6, 2)
	if limit == 0 {
		return ""
	}
	for _, candidate := range candidates {
		other := fold(candidate)
		if len(other) > 0 && other[0] == plain[0] && candidate != name && editDistance(plain, other, limit) <= limit {
			return candidate
		}
	}
	return ""
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
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
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
