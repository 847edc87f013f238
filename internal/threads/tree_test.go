package threads

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// drawn is a tree as words: those in brackets answer what stands before them.
func drawn(some []Branch) string {
	var words []string
	for _, b := range some {
		word := b.ID
		if b.To != nil {
			word += ">" + b.To.ID
		}
		if b.Replies != nil {
			word += "(" + drawn(b.Replies) + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestTree(t *testing.T) {
	for said, want := range map[string]string{
		"":                           "",
		"a b c":                      "a b c",
		"a b>a c>a d>b":              "a(b(d) c)",
		"b>a a":                      "a(b)", // as it was brought from elsewhere
		"a b>a c>b d>c e>d f>b g>c":  "a(b(c d>c e>d f g>c))",
		"a>gone b>a":                 "a(b)",
		"a>b b>a c>b":                "a(b(c))",
		"x a>c b>a c>b d>c":          "x a(b(c d>c))",
		"a b>a c d>c e>a":            "a(b e) c(d)",
		"a b>a c>b d>c x>y y>x z":    "a(b(c d>c)) x(y) z",
		"a b>a c>b d>c e>d f>e g>f ": "a(b(c d>c e>d f>e g>f))",
	} {
		var all []Comment
		for i, word := range strings.Fields(said) {
			id, parent, _ := strings.Cut(word, ">")
			all = append(all, Comment{ID: id, Parent: parent, Time: time.Unix(int64(i), 0)})
		}
		if got := drawn(Tree(all, 3)); got != want {
			t.Errorf("%s is %s, not %s", said, got, want)
		}
	}
}

// A thread of 10,000 comments that answer one another is as deep as a page has
// room for, with all of them in it.
func TestDeepTree(t *testing.T) {
	const many = 10000
	var all []Comment
	for i := range many {
		all = append(all, Comment{ID: fmt.Sprint("c", i), Parent: fmt.Sprint("c", i-1), Time: time.Unix(int64(i), 0)})
	}
	tree := Tree(all, 3)
	if len(tree) != 1 || len(tree[0].Replies) != 1 || len(tree[0].Replies[0].Replies) != many-2 {
		t.Errorf("of the deep thread there are %d, %d and %d", len(tree), len(tree[0].Replies), len(tree[0].Replies[0].Replies))
	}
	all[0].Parent = all[many-1].ID
	if tree = Tree(all, 3); len(tree) != 1 || tree[0].ID != "c0" {
		t.Errorf("in a circle, it is %d", len(tree))
	}
}

// Each name of a file leads back to its story.
func TestStory(t *testing.T) {
	for _, story := range []string{"/town/2026/11/mill-fire/", "/town/mill.html", "/town/mill.html/", "/town/mill", "mill-fire-2026", "Mill", "/", "", "/../b/", "/ar/المدينة/2026/حريق/", "/cafe\u0301/", "/=x/"} {
		if got, ok := Story(Name(story)); !ok || got != story {
			t.Errorf("Story(%q) is %q, not %q", Name(story), got, story)
		}
	}
	for _, name := range []string{"Town", "town/", "/town", "a%zz", "a%4", "%61", Name("/" + strings.Repeat("long/", 60)[:10] + strings.Repeat("a", 300) + "/")} {
		if got, ok := Story(name); ok {
			t.Errorf("Story(%q) is %q", name, got)
		}
	}
	if got, ok := StoryOf(Path("/a/b/")); !ok || got != "/a/b/" {
		t.Errorf("of %s it is %q", Path("/a/b/"), got)
	}
	if got, ok := StoryOf("data/polls/a.json"); ok {
		t.Errorf("of another file it is %q", got)
	}
}
