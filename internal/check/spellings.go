package check

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"stet/internal/diag"
)

// A Spelling is one way in which the stories of an archive write a name.
type Spelling struct {
	Name   string
	Filed  bool // a file of the site says that it is written so
	Places []Place
}

// A Place is one in a file.
type Place struct {
	Path                 string
	Line, Column, Length int32
}

// A Slip is a spelling that another one is probably meant by.
type Slip struct{ Rare, Usual Spelling }

// rarely is how many stories may have a name that is perhaps a slip of a letter:
// whoever writes it more often means it.
const rarely = 3

// Slips finds names that are nearly spelt alike: with the same letters and digits,
// whatever their case, accents, spaces and punctuation, or in a long name with
// another letter or two. The rarer is taken for the slip.
func Slips(all []Spelling) (slips []Slip) {
	byLetters := map[string][]Spelling{}
	for _, s := range all {
		key := lettersOf(s.Name)
		byLetters[key] = append(byLetters[key], s)
	}
	usual := make(map[string]Spelling, len(byLetters))
	counts := make(map[string]int, len(byLetters)) // with all that are written with the same letters
	for _, key := range slices.Sorted(maps.Keys(byLetters)) {
		some := byLetters[key]
		slices.SortFunc(some, usualFirst)
		usual[some[0].Name] = some[0]
		for _, s := range some {
			counts[some[0].Name] += len(s.Places)
			if s.Name != some[0].Name && key != "" && !(s.Filed && some[0].Filed) {
				slips = append(slips, Slip{s, some[0]})
			}
		}
	}
	near := diag.NewSpellings(slices.Collect(maps.Keys(usual)))
	for _, name := range slices.Sorted(maps.Keys(usual)) {
		s := usual[name]
		if counts[name] > rarely || s.Filed {
			continue
		}
		if other, found := usual[near.Alike(name)]; found && (other.Filed || counts[other.Name] > counts[name] || counts[other.Name] == counts[name] && other.Name < name) {
			slips = append(slips, Slip{s, other})
		}
	}
	return slips
}

// usualFirst puts that spelling first which a file has, or most stories have.
func usualFirst(a, b Spelling) int {
	filed := 0
	if a.Filed != b.Filed {
		if filed = 1; a.Filed {
			filed = -1
		}
	}
	return cmp.Or(filed, cmp.Compare(len(b.Places), len(a.Places)), cmp.Compare(a.Name, b.Name))
}

// lettersOf are the letters and digits of a name, without accents and without
// "the", and such signs as make another name: C, C++ and C#.
func lettersOf(name string) string {
	var words []string
	for word := range strings.FieldsSeq(strings.ToLower(norm.NFD.String(name))) {
		word = strings.Map(func(r rune) rune {
			switch {
			case isAccent(r):
				return -1
			case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), unicode.In(r, unicode.Sm, unicode.Sc), strings.ContainsRune("#%&@", r):
				return r
			}
			return -1
		}, word)
		words = append(words, word)
	}
	if without := strings.Join(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "the" }), ""); without != "" {
		return without
	}
	return strings.Join(words, "")
}

// isAccent tells whether a mark is one that may be left out: those of Latin, Greek
// and Cyrillic letters, and the vowels of Arabic and Hebrew. In the scripts of
// India a mark makes another word.
func isAccent(r rune) bool {
	return r >= 0x300 && r <= 0x36f || r >= 0x64b && r <= 0x65f || r == 0x670 || r == 0x640 || r >= 0x591 && r <= 0x5c7
}
