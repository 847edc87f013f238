package site

import (
	"cmp"
	"strings"
	"time"

	"stet/internal/article"
	"stet/internal/page"
)

// What other papers and agencies get: stories as ninjs items, if site.yaml wants
// them.

// wireEnding is what an ninjs item has in the place of its page's .html.
const wireEnding = ".ninjs.json"

// A Wire is a story as others get it: the answer to "wire PATH". Texts are
// plain.
type Wire struct {
	Path      string // of the source file; "" if the story is withdrawn
	ID        string // lasting; absolute unless the desk named it otherwise
	Permalink string
	Lang      string
	Type      string
	Headline  string
	Deck      string
	Summary   string
	Byline    string
	Place     string // of filing
	Authors   []Link // URLs absolute
	Others    []Link // who did something else for it
	Section   string
	Topics    []Link // URLs absolute; the series is the last
	Date      time.Time
	Changed   time.Time
	Expires   time.Time // zero if never
	Owner     string    // of the copyright
	Source    Link      // where it appeared first
	Images    []Image   // its picture, and those of its gallery
	Notes     []Correction
	Withdrawn string // the notice in its place, if it was killed or has expired
}

// A WireFeed is an ninjs feed: the answer to "wirefeed LANG LIST NAME".
type WireFeed struct {
	Title    string
	Lang     string
	Self     string // absolute URL of the folder the feed lies in, ending in "/"
	FullText bool
	Updated  time.Time
	Paths    []string // of the stories
}

// wired tells whether stories have ninjs items. These are named by whole
// addresses, so that there are none without base_url.
func (s *Site) wired() bool { return s.set.Config.Feeds.NINJS && s.set.Config.BaseURL != "" }

// wireURL is where a story's ninjs item is, "" if it has none.
func (s *Site) wireURL(st *story) string {
	if !s.wired() || st.Kind != article.Story || !st.fed() {
		return ""
	}
	return s.url("/" + wireFile(st))
}

func wireFile(st *story) string { return strings.TrimSuffix(fileOf(st.url), ".html") + wireEnding }

// wirePages adds the ninjs items. That of a story in whose place a notice stands
// says that it is withdrawn.
func (s *Site) wirePages(all *pages) {
	for _, ed := range s.editions {
		for _, some := range [][]*story{ed.stories, ed.gone} {
			for _, st := range some {
				if s.wireURL(st) != "" {
					all.add(wireFile(st), "ninjs", st.Path)
				}
			}
		}
	}
}

// answerWireFeed answers "wirefeed LANG LIST NAME".
func (s *Site) answerWireFeed(f []string) (page.Answer, error) {
	l := s.edition(f[0]).lists[f[1]+" "+f[2]]
	if l == nil {
		return none, nil
	}
	feed := s.feedOf(l)
	w := &WireFeed{Title: feed.Title, Lang: feed.Lang, Self: feed.Self, FullText: feed.FullText}
	for _, st := range s.fedOf(l) {
		w.Paths = append(w.Paths, st.Path)
		w.Updated = later(w.Updated, st.changed())
	}
	return page.Answer{Value: w}, nil
}

// answerWire answers "wire PATH".
func (s *Site) answerWire(f []string) (page.Answer, error) {
	st := s.stories[f[0]]
	if st == nil {
		return none, nil
	}
	c := st.card()
	w := &Wire{ID: s.lasting(cmp.Or(st.ID, st.url)), Permalink: c.Permalink, Lang: c.Lang, Headline: c.Headline, Date: st.since(), Changed: st.changed()}
	if st.gone {
		if at := st.Expires.In(s.set.Config.Zone); !st.Expires.IsZero() && at.After(w.Changed) && !at.After(s.set.Now) {
			w.Changed = at // that it is withdrawn is news
		}
		w.Withdrawn = s.notice(st, "article").Notice
		return page.Answer{Value: w}, nil
	}
	w.Path, w.Type, w.Summary, w.Place, w.Section = st.Path, c.Type, c.Summary, c.Place, c.Section.Title
	_, w.Deck = article.Inline(st.Deck, quotes(st.ed.lang))
	for _, part := range c.Byline {
		w.Byline += part.Text
	}
	w.Authors, w.Others = s.whole(c.Authors), s.whole(s.people(st, false))
	w.Topics = s.whole(c.Tags)
	if c.Series.Title != "" {
		w.Topics = append(w.Topics, s.whole([]Link{c.Series})...)
	}
	if !st.Expires.IsZero() {
		w.Expires = st.Expires.In(s.set.Config.Zone)
	}
	w.Owner = cmp.Or(s.set.Config.Publisher.Name, st.ed.title)
	w.Source = Link{Title: st.Source.Name, URL: st.Source.URL}
	w.Notes, _, _ = s.corrections(st)
	if c.Image != nil {
		w.Images = append(w.Images, *c.Image)
	}
	for _, im := range s.gallery(st.ed, st.Article) {
		if c.Image == nil || im.Src != c.Image.Src {
			w.Images = append(w.Images, im)
		}
	}
	return page.Answer{Value: w}, nil
}

// whole are links with absolute addresses.
func (s *Site) whole(links []Link) (all []Link) {
	for _, l := range links {
		if strings.HasPrefix(l.URL, s.base) {
			l.URL = s.absolute("/" + l.URL[len(s.base):])
		}
		all = append(all, l)
	}
	return all
}
