package check_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"stet/internal/check"
)

// Each name has a count; ! is one that has a file.
func TestSlips(t *testing.T) {
	for _, c := range []struct{ names, want string }{
		{"Ann Lee 5, ann lee 1, ANN LEE 2", "ANN LEE > Ann Lee, ann lee > Ann Lee"},
		{"The Lantern 1, Lantern 7", "The Lantern > Lantern"},
		{"Zoë Müller 2, Zoe Muller 4", "Zoë Müller > Zoe Muller"},
		{"Ann Lee/AP 2, Ann Lee / AP 3", "Ann Lee/AP > Ann Lee / AP"},
		{"Ann  Lee 1, Ann Lee 1", "Ann Lee > Ann  Lee"},
		{"C 3, C++ 3, C# 3", ""},
		{"أحمد علي 4, احمد علي 1", "احمد علي > أحمد علي"},
		{"कुल 3, कल 1", ""},
		{"Harbour council 9, Harbor council 1", "Harbor council > Harbour council"},
		{"Harbour council 9, Harbor council 4", ""},
		{"Election 2024 5, Election 2025 1", ""},
		{"Iceland 9, Ireland 1", ""},
		{"Bernard Shaw! 1, Bernhard Shaw 3", "Bernhard Shaw > Bernard Shaw"},
		{"Bernard Shaw! 1, Bernhard Shaw! 1", ""},
		{"Bernard Shaw 1, Bernhard Shaw 1", "Bernhard Shaw > Bernard Shaw"},
		{"The 2, the 1", "the > The"},
		{"! 2, ? 1", ""},
	} {
		var all []check.Spelling
		for one := range strings.SplitSeq(c.names, ", ") {
			i := strings.LastIndexByte(one, ' ')
			n, _ := strconv.Atoi(one[i+1:])
			name, filed := strings.CutSuffix(one[:i], "!")
			if name == "" {
				name, filed = "!", false
			}
			all = append(all, check.Spelling{Name: name, Filed: filed, Places: make([]check.Place, n)})
		}
		var got []string
		for _, s := range check.Slips(all) {
			got = append(got, s.Rare.Name+" > "+s.Usual.Name)
		}
		slices.Sort(got)
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.names, strings.Join(got, ", "), c.want)
		}
	}
}

// Of the names of a large archive few are compared letter by letter.
func BenchmarkSlips(b *testing.B) {
	syllables := strings.Fields("ka ben ro lim sta ne vor di ul mar tes qui ha ni so ber lan pe ghi dra wo ell ti am")
	name := func(n int) (s string) {
		for range 2 + n%2 {
			s += syllables[n%len(syllables)]
			n /= 7
		}
		return strings.ToUpper(s[:1]) + s[1:]
	}
	var all []check.Spelling
	for i := range 20000 {
		all = append(all, check.Spelling{Name: name(i*7919) + " " + name(i*104729) + strconv.Itoa(i%10), Places: make([]check.Place, 1)})
	}
	for b.Loop() {
		check.Slips(all)
	}
}
