package site

import (
	"strings"
	"time"

	"stet/internal/article"
)

// A Desk is what the desk wants to know of one file of the site.
type Desk struct {
	Source  string
	State   string            // "published", or the reason why it is not: "draft", "future", "embargo", "expired"
	Until   time.Time         // when that changes; zero if never or unknown
	Section string            // its name
	Title   string            // plain
	URL     string            // "" if it is not in this edition
	Picture string            // URL of its own; "" if it has none
	Story   *Story            // nil if it is not in this edition
	Ignored map[string]string // checks that do not apply, with the reason
}

// Gone lists the stories in whose place a notice stands.
func (s *Site) Gone() (sources []string) {
	for _, ed := range s.editions {
		for _, st := range ed.gone {
			sources = append(sources, st.Path)
		}
	}
	return sources
}

// Desk says what is known of a story or page, nil if the file is none.
func (s *Site) Desk(source string) *Desk {
	a := s.sources()[source]
	if a == nil || a.Kind != article.Story && a.Kind != article.Page {
		return nil
	}
	ed, rest := s.editionOf(source)
	d := &Desk{Source: source, State: "published", Ignored: a.Ignore}
	_, d.Title = article.Inline(a.Title, quotes(ed.lang))
	d.Section, _, _ = strings.Cut(rest, "/")
	for _, u := range s.Unpublished {
		if u.Path == source {
			d.State, d.Until = u.Reason, u.Until
		}
	}
	if d.URL = s.listOf(a); d.URL != "" {
		return d
	}
	if st := s.stories[source]; st != nil {
		d.URL = s.url(st.url)
		if v, err := s.answerStory([]string{source}); err == nil {
			d.Story, _ = v.Value.(*Story)
		}
		if st.section != nil {
			d.Section = st.section.headline
		}
		if d.Story != nil && d.Story.Image != nil {
			d.Picture = s.FileURL(d.Story.Image.Src)
		}
	}
	return d
}
