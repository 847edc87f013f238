package site

import (
	"cmp"
	"testing"

	"stet/internal/article"
	"stet/internal/page"
)

// Settings of texts that differ in anything have digests that differ, and those
// that are the same have the same, though what texts have in common is summed apart.
func TestBodySettingsDigest(t *testing.T) {
	seen := map[page.Digest]string{}
	for _, c := range []struct{ name, set, front string }{
		{name: "as it is"},
		{name: "an address", set: "base_url: https://x.example/\n"},
		{name: "a host", set: "allow: {image: [img.example]}\n"},
		{name: "rules", set: "check: {alt-missing: error}\n"},
		{name: "other rules", set: "check: {alt-missing: off}\n"},
		{name: "a rule that is ignored", front: "\nignore: {credit-missing: drawn}"},
		{name: "before rules", set: "check: {alt-missing: off, since: 2026-03-01}\n"},
		{name: "trust", set: "trusted: [world]\n"},
		{name: "a line", front: "\nkicker: K\ntype: news"},
	} {
		a, problems := article.Parse("content/world/a.md", []byte("---\ntitle: A\ndate: 2026-01-02"+cmp.Or(c.front, "\nkicker: K")+"\n---\ntext\n"))
		if a == nil || len(problems) > 0 {
			t.Fatal(c.name, problems)
		}
		var got [2]page.Digest
		for i := range got {
			s, _ := New(settings(t, c.set), []*article.Article{a})
			ans, err := s.answerBodySettings([]string{a.Path})
			if err != nil || ans.Value == nil {
				t.Fatal(c.name, ans, err)
			}
			got[i] = ans.Digest
		}
		if got[0] != got[1] || seen[got[0]] != "" {
			t.Errorf("%s: %x and %x, which %q has too", c.name, got[0], got[1], seen[got[0]])
		}
		seen[got[0]] = c.name
	}
}
