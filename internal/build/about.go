package build

import (
	"html/template"
	"sync"

	"stet/internal/check"
	"stet/internal/page"
	"stet/internal/site"
)

// What the manifest is to say of a story is put together when its page was made:
// of what the page asked, and of the text that was rendered for it.

// sketches are those of texts that were rendered in this build, by source path,
// until the page of the story takes its own.
type sketches struct {
	mu  sync.Mutex
	all map[string]*check.Sketch
}

func (s *sketches) put(name, html string) {
	sketch := check.NewSketch(html)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[string]*check.Sketch{}
	}
	s.all[name] = sketch
}

func (s *sketches) take(name string) *check.Sketch {
	s.mu.Lock()
	defer s.mu.Unlock()
	sketch := s.all[name]
	delete(s.all, name)
	return sketch
}

// about is what is kept about the page of a story. A page that shows no text has
// no sketch of one.
func (p *press) about(ask *page.Ask, pg page.Page, story *site.Story) (string, error) {
	a := check.About{Headline: story.Headline, Date: story.Date, Updated: story.Updated, Corrections: len(story.Corrections), Text: new(check.Sketch)}
	if story.ID != check.Address(pg.Path) {
		a.ID = story.ID
	}
	if !ask.Asked("body", pg.Args) {
		return a.String(), nil
	}
	name := page.Fields(pg.Args, 1)[0]
	if a.Text = p.sketches.take(name); a.Text == nil {
		html, err := page.Get[template.HTML](ask, "body", pg.Args)
		if err != nil {
			return "", err
		}
		a.Text = check.NewSketch(string(html))
		p.sketches.take(name) // that was put there meanwhile
	}
	return a.String(), nil
}
