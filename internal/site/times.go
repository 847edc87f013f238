package site

import (
	"slices"
	"strings"
	"time"

	"stet/internal/article"
)

// What becomes of a story with time alone: it leaves the news sitemap, it gets
// older, its comments are closed. Each is a moment at which the edition changes.

// newsWindow is how long after its publication a story is news.
const newsWindow = 48 * time.Hour

// embargo is the end of an article's embargo, if that is not over.
func (s *Site) embargo(a *article.Article) (end time.Time, is bool) {
	if a.Embargo.IsZero() {
		return end, false
	}
	end = a.Embargo.In(s.set.Config.Zone)
	return end, end.After(s.set.Now)
}

// since is when a story was published first: at its date, or at the end of its
// embargo if that was later.
func (st *story) since() time.Time {
	if st.Embargo.IsZero() {
		return st.date
	}
	return later(st.date, st.Embargo.In(st.ed.site.set.Config.Zone))
}

// moments notes the times at which something changes about a story that is
// published.
func (s *Site) moments(st *story) {
	since, now, set := st.since(), s.set.Now, s.set.Config
	if end := since.Add(newsWindow); end.After(now) && s.isNews(st) {
		s.recent = append(s.recent, st)
		s.changes(end, Coming{st.Path, "news"})
	}
	if days := set.Comments.CloseAfter; set.Comments.Service != "" && (st.Comments == "" || st.Rating == "" && set.Rating.Asked) && now.Sub(since) < time.Duration(days+2)*24*time.Hour {
		s.changes(since.AddDate(0, 0, days), Coming{st.Path, "comments"})
	}
	if s.ages(st) {
		for n := max(now.Year()-since.Year(), set.Style.AgeLabel.Years); ; n++ {
			if at := anniversary(since, n); at.After(now) {
				s.changes(at, Coming{st.Path, "age"})
				break
			}
		}
	}
}

// ages tells whether it is told of a story how old it is.
func (s *Site) ages(st *story) bool {
	label := s.set.Config.Style.AgeLabel
	return label.Years > 0 && st.Kind == article.Story && !st.Draft && !slices.Contains(label.Except, st.Type)
}

// anniversary is the first midnight at which a story has been out for n years:
// of the same day, or of the next if it came out in the course of the day. By
// midnights an archive, however large, changes once a day at most. What came out
// on 29 February is a year old on 1 March.
func anniversary(since time.Time, n int) time.Time {
	year, month, day := since.Date()
	if h, m, s := since.Clock(); h+m+s > 0 {
		day++
	}
	return time.Date(year+n, month, day, 0, 0, 0, 0, since.Location())
}

// years is for how many years a story has been out.
func (s *Site) years(since time.Time) int {
	n := s.set.Now.Year() - since.Year()
	for n > 0 && anniversary(since, n).After(s.set.Now) {
		n--
	}
	return max(n, 0)
}

// age is how many years old a story is said to be; 0 if that is not said.
func (s *Site) age(st *story) int {
	if !s.ages(st) {
		return 0
	}
	if n := s.years(st.since()); n >= s.set.Config.Style.AgeLabel.Years {
		return n
	}
	return 0
}

// comments says whether readers may comment on a story: "open", "closed" or
// "off". The story's own word counts; a page has none unless it says so.
func (s *Site) comments(st *story) string {
	set := s.set.Config.Comments
	switch {
	case set.Service == "":
		return "off"
	case st.Comments != "":
		return st.Comments
	case st.Kind == article.Page:
		return "off"
	case s.late(st):
		return "closed"
	}
	return "open"
}

// newsLanguage is a language as the news sitemap has it: of two or three
// letters, but for Chinese.
func newsLanguage(tag string) string {
	tag = strings.ToLower(tag)
	base, rest, _ := strings.Cut(tag, "-")
	if base != "zh" {
		return base
	}
	for _, traditional := range []string{"hant", "tw", "hk", "mo"} {
		if slices.Contains(strings.Split(rest, "-"), traditional) {
			return "zh-tw"
		}
	}
	return "zh-cn"
}
