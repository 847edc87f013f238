package check_test

import (
	"cmp"
	"strconv"
	"strings"
	"testing"

	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/photo"
	"stet/internal/site"
)

// What is said of a story, and of which key of its front matter.
func TestStory(t *testing.T) {
	good := check.Picture{Key: "image", Src: "a.jpg", Alt: "A mill by a river", Caption: "The mill in May.", Credit: "Ann"}
	for _, c := range []struct {
		name    string
		edit    func(*site.Story, *check.Picture)
		want    string
		ignored []string
	}{
		{"nothing", func(*site.Story, *check.Picture) {}, "", nil},
		{"no credit", func(_ *site.Story, p *check.Picture) { p.Credit = "" }, "image: the picture has no credit", nil},
		{"no alt", func(_ *site.Story, p *check.Picture) { p.Alt = " " }, "image: the picture has no alt text", nil},
		{"alt is the caption", func(_ *site.Story, p *check.Picture) { p.Alt = "the mill in May. " }, "image: the alt text repeats the caption, which is read aloud twice then", nil},
		{"alt is not needed", func(_ *site.Story, p *check.Picture) { p.Alt = "" }, "", []string{"alt-missing"}},
		{"alt has the words of the caption", func(_ *site.Story, p *check.Picture) {
			p.Alt, p.Caption = "One two three four five six seven eight nine ten", "Ten, nine; eight seven – six five four three two: ONE!"
		}, "image: the alt text repeats the caption, which is read aloud twice then", nil},
		{"alt has nine of ten", func(_ *site.Story, p *check.Picture) {
			p.Alt, p.Caption = "One two three four five six seven eight nine ten", "One two three four five six seven eight nine."
		}, "image: the alt text repeats the caption, which is read aloud twice then", nil},
		{"alt has eight of ten", func(_ *site.Story, p *check.Picture) {
			p.Alt, p.Caption = "One two three four five six seven eight nine ten", "One two three four five six seven eight."
		}, "", nil},
		{"alt without spaces", func(_ *site.Story, p *check.Picture) { p.Alt, p.Caption = "川辺の水車", "川辺の水車。" }, "image: the alt text repeats the caption, which is read aloud twice then", nil},
		{"no stop", func(_ *site.Story, p *check.Picture) { p.Caption = "It is the mill" }, "image: the caption does not end with a stop", nil},
		{"no stop in Arabic", func(_ *site.Story, p *check.Picture) { p.Caption = "الدخان فوق المطحنة القديمة" }, "image: the caption does not end with a stop", nil},
		{"no stop at the end", func(_ *site.Story, p *check.Picture) { p.Caption = "煙が出た。水車" }, "image: the caption does not end with a stop", nil},
		{"from the file", func(_ *site.Story, p *check.Picture) { p.Filled = []string{"caption", "alt"} }, "image: only the photo's file says its caption, alt", nil},
		{"in a gallery", func(_ *site.Story, p *check.Picture) { p.Key, p.Credit = "gallery", "" }, "gallery: the picture has no credit", nil},
		{"in the text", func(_ *site.Story, p *check.Picture) { p.Key, p.Line, p.Credit = "", 7, "" }, "7: the picture has no credit", nil},
		{"sources differ", func(_ *site.Story, p *check.Picture) {
			p.Troubles = []photo.Trouble{{Field: "Credit Line", Kind: photo.Differs, Values: []photo.Value{{From: "XMP", Text: "Ann"}, {From: "IIM", Text: "Ben"}}}}
		}, `image: in the photo's file, Credit Line: not all say the same, and the first is believed: XMP has "Ann", IIM has "Ben"`, nil},
		{"cut short", func(_ *site.Story, p *check.Picture) {
			p.Troubles = []photo.Trouble{{Field: "file", Kind: photo.Broken}}
		}, "image: in the photo's file, file: it cannot be read to its end", nil},
		{"long for searches", func(s *site.Story, _ *check.Picture) { s.Search = strings.Repeat("ä", 71) }, "titles: the headline has 71 characters, search engines show about 70", nil},
		{"just right", func(s *site.Story, _ *check.Picture) {
			s.Search, s.Short = strings.Repeat("ä", 70), strings.Repeat("ä", 110)
		}, "", nil},
		{"long for cards", func(s *site.Story, _ *check.Picture) { s.Short = strings.Repeat("ä", 111) }, "titles: the headline has 111 characters, cards have room for about 110", nil},
		{"no summary", func(s *site.Story, _ *check.Picture) { s.Summary = "" }, "title: nothing tells what the story is about", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := good
			s := &site.Story{Card: site.Card{Summary: "About it.", Short: "Short"}}
			s.Search = "Headline"
			c.edit(s, &p)
			rules := map[string]string{}
			for _, r := range config.Rules {
				rules[r.Name] = "warn"
			}
			for _, name := range c.ignored {
				delete(rules, name)
			}
			var got []string
			story := check.Story{Story: s, Pictures: []check.Picture{p}, Rules: rules, Mark: func(key string) diag.Problem { return diag.Problem{Path: key} }}
			for _, p := range story.Problems() {
				if p.Severity != diag.Warning || p.Hint == "" {
					t.Errorf("%+v", p)
				}
				got = append(got, cmp.Or(p.Path, strconv.Itoa(p.Line))+": "+p.Text)
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

// Captions that need no stop, or have one.
func TestStops(t *testing.T) {
	for _, caption := range []string{
		"", "The old mill", "It is the mill.", "Is it the mill?", "It is the mill!", "It is the mill…", `"It is the mill."`, "(It is the mill.)", "It is “the mill.”",
		"It is the mill. ", "*It is the mill.*", "هل هذه هي المطحنة القديمة؟", "یہ پرانی چکی ہے۔", "水車", "川辺の水車", "煙が出た。", "यह पुरानी चक्की है।", "นี่ คือ โรง สี เก่า", "1 2 3 4 5",
		"It is the mill.\u200f",
	} {
		p := check.Picture{Key: "image", Src: "a.jpg", Alt: "Seen", Caption: caption, Credit: "Ann"}
		s := check.Story{Story: &site.Story{Card: site.Card{Summary: "S."}}, Pictures: []check.Picture{p}, Rules: map[string]string{"caption-no-stop": "warn"},
			Mark: func(string) diag.Problem { return diag.Problem{} }}
		if found := s.Problems(); len(found) > 0 {
			t.Errorf("%q: %v", caption, found)
		}
	}
}
