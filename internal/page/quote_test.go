package page_test

import (
	"strings"
	"testing"

	"stet/internal/page"
)

// What a page shows as it is, is taken from its file where that answer stands,
// though the page does not, and whoever else asks has it from there too.
func TestQuote(t *testing.T) {
	for _, test := range []struct {
		name  string
		edit  func(p *paper, disk edition)
		made  int // pages
		makes int // bodies that were answered
		taken int // and off pages
	}{
		{"another page's headline", func(p *paper, _ edition) { p.retitle("a5", "!") }, 5, 0, 4},
		{"a headline that a body shows", func(p *paper, _ edition) { p.retitle("a1", "!") }, 2, 2, 1}, // once to be compared, once to be shown
		{"a file that is gone", func(p *paper, disk edition) { p.retitle("a5", "!"); delete(disk, "a2.html") }, 5, 1, 3},
		{"a file cut short", func(p *paper, disk edition) { p.retitle("a5", "!"); disk["a2.html"] = "Flood\nIt" }, 5, 1, 3},
		{"a file of other bytes", func(p *paper, disk edition) {
			p.retitle("a5", "!")
			disk["a2.html"] = strings.Replace(disk["a2.html"], "rose", "fell", 1)
		}, 5, 1, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, disk := newPaper(), edition{}
			p.stories["a1"] = story{"world", "Fire", "It burnt.", "a2"}
			l, _, _ := p.build(t, &page.Ledger{}, disk, 1)
			l, _, err := page.ReadLedger(kept(l), true)
			if err != nil {
				t.Fatal(err)
			}
			test.edit(p, disk)
			l, made, _ := p.build(t, l, disk, 1)
			if len(made) != test.made || p.makes["body"] != test.makes || p.makes["taken"] != test.taken {
				t.Errorf("made %v, and %v; want %d pages, %d bodies and %d taken", made, p.makes, test.made, test.makes, test.taken)
			}
			clean := edition{}
			makes := p.makes["body"]
			p.build(t, &page.Ledger{}, clean, 1)
			for path, text := range clean {
				if disk[path] != text {
					t.Errorf("%s is\n%s\nclean\n%s", path, disk[path], text)
				}
			}
			// The pages that were made show it too, for the next build.
			p.retitle("a4", "?")
			if p.build(t, l, disk, 1); p.makes["body"] != 0 {
				t.Errorf("after %d bodies, %d", makes, p.makes["body"])
			}
		})
	}
}

func (p *paper) retitle(name, headline string) {
	s := p.stories[name]
	s.Headline = headline
	p.stories[name] = s
}
