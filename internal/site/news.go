package site

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"stet/internal/article"
	"stet/internal/page"
)

// perNews is how many stories a news sitemap may hold.
const perNews = 1000

// A NewsSitemap is one file of what is news now: the answer to "newssitemap N".
type NewsSitemap struct {
	Front   string // absolute, of the paper: a sitemap must name a page if nothing is news
	Entries []NewsEntry
}

// A NewsEntry is a story of the last two days.
type NewsEntry struct {
	URL         string // absolute, not escaped
	Publication string // name of the paper
	Lang        string // "en"
	Date        time.Time
	DayOnly     bool // without a time of day
	Title       string
}

// isNews tells whether a story may be in the news sitemap while it is new.
func (s *Site) isNews(st *story) bool {
	return s.set.Config.BaseURL != "" && st.Kind == article.Story && st.Type != "sponsored" && st.inMap()
}

// news are the stories of the news sitemap, the newest first.
func (s *Site) news() []*story {
	slices.SortFunc(s.recent, func(a, b *story) int {
		return cmp.Or(b.since().Compare(a.since()), cmp.Compare(a.Path, b.Path))
	})
	return s.recent
}

func (s *Site) newsParts() int { return max(1, (len(s.recent)+perNews-1)/perNews) }

// newsURL is where part n of the news sitemap lies, counted from 1.
func newsURL(n int) string {
	if n == 1 {
		return "/news-sitemap.xml"
	}
	return fmt.Sprintf("/news-sitemap-%d.xml", n)
}

// brackets are what a publication's name is without in a news sitemap.
var brackets = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s*\([^)]*\)`) })

// answerNews answers "newssitemap N".
func (s *Site) answerNews(f []string) (page.Answer, error) {
	n := number(f[0])
	if n < 1 || n > s.newsParts() {
		return none, nil
	}
	part := &NewsSitemap{Front: s.absolute(s.editions[0].prefix + "/")}
	all := s.recentNews()
	for _, st := range all[(n-1)*perNews : min(n*perNews, len(all))] {
		c := st.card()
		e := NewsEntry{URL: c.Permalink, Publication: strings.TrimSpace(brackets().ReplaceAllString(st.ed.title, "")), Lang: newsLanguage(c.Lang), Date: st.since(), Title: c.Headline}
		e.DayOnly = c.DayOnly && e.Date.Equal(c.Date)
		e.Publication = cmp.Or(e.Publication, st.ed.title)
		part.Entries = append(part.Entries, e)
	}
	return page.Answer{Value: part}, nil
}
