package build_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// The classic story of the demo newspaper ends with what readers say of it and may
// say, each once and in its order.
func TestDemoReaders(t *testing.T) {
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made")
	}
	for page, want := range map[string][]string{
		"town/2026/11/mill-fire": {
			"Do you like this article?", "Yes", "No", "38 of 41 readers like this article", "1 comment", "Perrin Oake", "14 November 2026", "My grandfather laid the last of that iron floor", "Reply",
			"Write a comment", "Comment policy", "* denotes a required field", "Your name *", "Your email address, which is never shown *", "Your comment *", "1500 / 1500", "Send comment",
		},
		"ar/البلدة/2026/11/حريق-مطحنة-براندل": {
			"هل أعجبك هذا المقال؟", "نعم", "3 تعليقات", "هدى السمّان", "Perrin Oake", "من الصحيفة", "اكتب تعليقًا", "سياسة التعليقات", "* تدل على حقل مطلوب", "1500 / 1500", "أرسل التعليق",
		},
	} {
		data, err := os.ReadFile(filepath.Join(demoPaper.edition(t), page, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		_, end, found := strings.Cut(seen(t, string(data)), want[0])
		rest := end
		if !found {
			t.Errorf("%s does not have %q", page, want[0])
		}
		for _, part := range want[1:] {
			var there bool
			if _, rest, there = strings.Cut(rest, part); !there {
				t.Errorf("%s does not end with %q in this order:\n%s", page, part, end)
				break
			}
		}
		if rest != "" {
			t.Errorf("%s goes on with %q", page, rest)
		}
		for _, once := range append([]string{want[0], "1500 / 1500"}, want[len(want)-6:]...) {
			if n := strings.Count(want[0]+end, once); n != 1 && len(once) > 3 {
				t.Errorf("%s has %q %d times", page, once, n)
			}
		}
		if strings.HasPrefix(page, "town/") && strings.Count(end, "Reply") != 1 {
			t.Errorf("%s has not one link to reply", page)
		}
	}
}

// seen is the text of the main part of a page, but for what is hidden from all.
func seen(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node, in bool)
	walk = func(n *html.Node, in bool) {
		for _, a := range n.Attr {
			if a.Key == "hidden" {
				return
			}
		}
		if in = in || n.Data == "main"; in && n.Type == html.TextNode && n.Parent.Data != "script" {
			b.WriteString(n.Data + " ")
		}
		for c := range n.ChildNodes() {
			walk(c, in)
		}
	}
	walk(doc, false)
	return strings.Join(strings.Fields(b.String()), " ")
}
