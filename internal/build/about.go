package build

import (
	"html/template"
	"sync"

	"stet/internal/check"
	"stet/internal/output"
	"stet/internal/page"
	"stet/internal/site"
)

// What the manifest is to say of a story is put together when its page was made:
// of what the page asked, and of the text that was rendered for it. Of a text that
// stands it says what it said before.

// sketches are those of texts that were rendered in this build, by source path,
// until the page of the story takes its own; nil of a text that stands.
type sketches struct {
	mu  sync.Mutex
	all map[string]*check.Sketch
}

func (s *sketches) put(name, html string) { s.keep(name, check.NewSketch(html)) }

func (s *sketches) keep(name string, sketch *check.Sketch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil {
		s.all = map[string]*check.Sketch{}
	}
	s.all[name] = sketch
}

func (s *sketches) take(name string) (sketch *check.Sketch, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sketch, known = s.all[name]
	delete(s.all, name)
	return sketch, known
}

// sketched is what the last edition's manifest has of the text of a page, nil if that
// had no such page, or one that showed no text. The text is to stand.
func (p *press) sketched(pg page.Page) *check.Sketch {
	if p.told == nil || !p.past.Has(pg) {
		return nil
	}
	was, ok := check.ParseAbout(p.told(pg.Path))
	if !ok || was.Text.Words() == 0 {
		return nil
	}
	return was.Text
}

// tell hands on what the last edition's manifest says of files.
func (p *press) tell(there *output.Edition) {
	if there != nil {
		p.told = there.About
	}
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
	sketch, known := p.sketches.take(name)
	if known && sketch == nil {
		sketch = p.sketched(pg)
	}
	if a.Text = sketch; sketch == nil {
		html, err := page.Get[template.HTML](ask, "body", pg.Args)
		if err != nil {
			return "", err
		}
		a.Text = check.NewSketch(string(html))
		p.sketches.take(name) // that was put there meanwhile
	}
	return a.String(), nil
}
