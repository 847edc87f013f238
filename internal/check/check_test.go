package check_test

import (
	"strings"
	"testing"

	"stet/internal/check"
	"stet/internal/diag"
	"stet/internal/site"
)

// What is said of a story, and of which key of its front matter.
func TestStory(t *testing.T) {
	good := site.Image{Src: "a.jpg", Alt: "A mill by a river", Text: "The mill in May.", Credit: "Ann"}
	for _, c := range []struct {
		name string
		edit func(*site.Story)
		want string
	}{
		{"nothing", func(*site.Story) {}, ""},
		{"no picture", func(s *site.Story) { s.Image = nil }, ""},
		{"no credit", func(s *site.Story) { s.Image.Credit = "" }, "image: the picture has no credit"},
		{"no alt", func(s *site.Story) { s.Image.Alt = " " }, "image: the picture has no alt text"},
		{"alt is the caption", func(s *site.Story) { s.Image.Alt = "the mill in May. " }, "image: the alt text repeats the caption, which is read aloud twice then"},
		{"in a gallery", func(s *site.Story) { s.Gallery = []site.Image{good, {Src: "b.jpg", Alt: "b"}} }, "gallery: the picture has no credit"},
		{"long for searches", func(s *site.Story) { s.Search = strings.Repeat("ä", 71) }, "title: the headline has 71 characters, search engines show about 70"},
		{"just right", func(s *site.Story) { s.Search, s.Short = strings.Repeat("ä", 70), strings.Repeat("ä", 110) }, ""},
		{"long for cards", func(s *site.Story) { s.Short = strings.Repeat("ä", 111) }, "title: the headline has 111 characters, cards have room for about 110"},
		{"no summary", func(s *site.Story) { s.Summary = "" }, "title: nothing tells what the story is about"},
	} {
		t.Run(c.name, func(t *testing.T) {
			im := good
			s := &site.Story{Card: site.Card{Image: &im, Summary: "About it.", Short: "Short"}}
			s.Search = "Headline"
			c.edit(s)
			var got []string
			for _, p := range check.Story(s, func(key string) diag.Problem { return diag.Problem{Path: key} }) {
				if p.Severity != diag.Warning || p.Hint == "" {
					t.Errorf("%+v", p)
				}
				got = append(got, p.Path+": "+p.Text)
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}
