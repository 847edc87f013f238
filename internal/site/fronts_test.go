package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/fields"
)

// numbered is n stories in several sections, some of them pinned, weighed or
// hidden.
func numbered(n int) []*article.Article {
	var all []*article.Article
	for i := range n {
		date, _ := fields.ParseWhen(fmt.Sprintf("2026-%02d-%02d %02d:00", 1+i/200%5, 1+i/8%25, i%8))
		a := &article.Article{Path: fmt.Sprintf("content/s%d/a%03d.md", i%5, i), Kind: article.Story, Type: "news", Title: fmt.Sprint("Story ", i), Date: date, Rare: &article.Rare{}}
		if i%7 == 3 {
			a.Type = "opinion"
		}
		if i%11 == 5 {
			a.Hide = true
		}
		if i == 2 {
			a.Pin = 1
		}
		a.Weight = i % 13 / 10
		all = append(all, a)
	}
	return all
}

func planned(t *testing.T, name, text string) *config.Front {
	t.Helper()
	f, problems := config.ParseFront(name, []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return f
}

func siteOf(t *testing.T, articles []*article.Article, fronts ...*config.Front) *Site {
	t.Helper()
	set := settings(t, "")
	set.Fronts, set.Files = fronts, []string{"content/s1/a-draft.md"} // which makes no section
	s, problems := New(set, articles)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return s
}

// shape is a front in a line: the slots with the numbers of their stories.
func shape(f *Front) string {
	var parts []string
	for _, slot := range f.Slots {
		parts = append(parts, fmt.Sprint(slot.Name, " ", len(slot.Cards)))
	}
	for _, b := range f.Blocks {
		parts = append(parts, fmt.Sprint(b.Section.Name, " ", len(b.Cards)))
	}
	return strings.Join(parts, ", ")
}

// cardsOn are those of a front, which must all be different.
func cardsOn(t *testing.T, f *Front) (paths []string) {
	t.Helper()
	seen := map[string]bool{}
	add := func(where string, cards []*Card) {
		if len(cards) == 0 {
			t.Errorf("%s is empty", where)
		}
		for _, c := range cards {
			if seen[c.Path] {
				t.Errorf("%s has %s, which is on the front already", where, c.Path)
			}
			seen[c.Path] = true
			paths = append(paths, c.Path)
		}
	}
	for _, slot := range f.Slots {
		add(slot.Name, slot.Cards)
	}
	for _, b := range f.Blocks {
		add(b.Section.Name, b.Cards)
	}
	return paths
}

// A front without a file is whole with any number of stories: none of them is on
// it twice, none is missing while there is room, no slot is empty, and a list of
// the latest is never of one or two.
func TestAutomaticFront(t *testing.T) {
	for _, n := range append([]int{500}, sequence(60)...) {
		articles := numbered(n)
		f := siteOf(t, articles).front(siteOf(t, articles).editions[0])
		shown := cardsOn(t, f)
		seen := 0
		for _, a := range articles {
			switch there := slices.Contains(shown, a.Path); {
			case there && a.Hide:
				t.Errorf("%d stories: %s is hidden and is on the front", n, a.Path)
			case !a.Hide:
				seen++
			}
		}
		if want := min(seen, 21); len(shown) < want {
			t.Errorf("%d stories: %d are shown, not %d at least", n, len(shown), want)
		}
		for _, slot := range f.Slots {
			if slot.Name == "latest" && len(slot.Cards) < fewest {
				t.Errorf("%d stories: %s", n, shape(f))
			}
		}
		if n > 2 && f.Slots[0].Cards[0].Path != "content/s2/a002.md" {
			t.Errorf("%d stories: %s leads, not the one that is pinned", n, f.Slots[0].Cards[0].Path)
		}
	}
}

func sequence(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}

// The shapes of fronts of few stories and of many.
func TestShapes(t *testing.T) {
	opinion := planned(t, "content/fronts/front.yaml", `
slots:
  - {name: lead}
  - {name: latest}
  - {name: opinion, title: Opinion, fill: {kind: opinion}, count: 3}
  - {name: two, fill: {section: s1}, count: 2}
`)
	for _, c := range []struct {
		n                int
		automatic, plans string
	}{
		{0, "", ""},
		{1, "lead 1", "lead 1"},
		{3, "lead 1, seconds 2", "lead 1, latest 1, two 1"},
		{5, "lead 1, seconds 4", "lead 1, latest 2, opinion 1, two 1"},
		{8, "lead 1, seconds 4, river 2", "lead 1, latest 3, opinion 1, two 2"},
		{9, "lead 1, seconds 4, latest 3", "lead 1, latest 4, opinion 1, two 2"},
		{500, "lead 1, seconds 4, latest 8, river 8, s0 4, s1 4, s2 4, s3 4, s4 4", "lead 1, latest 8, opinion 3, two 2, s0 4, s1 4, s2 4, s3 4, s4 4"},
	} {
		for i, want := range []string{c.automatic, c.plans} {
			s := siteOf(t, numbered(c.n), [][]*config.Front{nil, {opinion}}[i]...)
			f := s.front(s.editions[0])
			cardsOn(t, f)
			if got := shape(f); got != want {
				t.Errorf("%d stories: %s, not %s", c.n, got, want)
			}
		}
	}
}

// A file that plans no slots leaves them as they are.
func TestBarAlone(t *testing.T) {
	s := siteOf(t, numbered(8), planned(t, "content/fronts/front.yaml", "bar: {text: Now, url: /x/}\nblocks: false\n"))
	f := s.front(s.editions[0])
	if got := shape(f); got != "lead 1, seconds 4, river 2" || f.Bar == nil || f.Bar.Label != "Breaking" || f.Bar.URL != "/x/" {
		t.Errorf("%s, with the bar %+v", got, f.Bar)
	}
}

// A slot for many stories gets them beyond those that weight orders, and among
// those that fit a pinned one comes first.
func TestProminent(t *testing.T) {
	articles := numbered(300)
	s := siteOf(t, articles, planned(t, "content/fronts/front.yaml", "blocks: false\nslots: [{name: all, count: 100}, {name: rest, fill: {kind: news}, count: 100}]\n"))
	f := s.front(s.editions[0])
	if got := shape(f); got != "all 100, rest 100" {
		t.Error(got)
	}
	cardsOn(t, f)
	if first := f.Slots[1].Cards[0].Path; first != "content/s2/a002.md" {
		t.Errorf("%s is first of those that fill, not the one that is pinned", first)
	}
}

// Settings, fronts and articles know the same kinds of story.
func TestKinds(t *testing.T) {
	if !slices.Equal(config.Kinds, article.Types) {
		t.Errorf("config has %q, article %q", config.Kinds, article.Types)
	}
}
