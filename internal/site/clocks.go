package site

import (
	"time"

	"stet/internal/article"
	"stet/internal/diag"
)

// clocks reports the times of a story that a change of clocks skips or shows
// twice, and says which moment they are taken for.
func (s *Site) clocks(a *article.Article) {
	zone := s.set.Config.Zone
	look := func(key, odd string, in func(*time.Location) time.Time) {
		if odd != "" {
			text, hint := oddClock(key, odd, in(zone))
			s.report(diag.Warning, a, key, text, hint)
		}
	}
	look("date", a.Date.Odd(zone), a.Date.In)
	look("updated", a.Updated.Odd(zone), a.Updated.In)
	look("embargo", a.Embargo.Odd(zone), a.Embargo.In)
	look("expires", a.Expires.Odd(zone), a.Expires.In)
	look("dateline", a.Dateline.Date.Odd(zone), a.Dateline.Date.In)
	look("live", a.Live.From.Odd(zone), a.Live.From.In)
	look("live", a.Live.Until.Odd(zone), a.Live.Until.In)
	if a.Live != (article.Span{}) && s.span(a.Live) != s.between(a.Live) {
		s.report(diag.Warning, a, "live", "live coverage ends before it begins, and its end is told to nobody", "write the later time under until")
	}
	for _, c := range a.Corrections {
		look("corrections", c.Date.Odd(zone), c.Date.In)
	}
}

// between are the times of a stretch in the site's zone.
func (s *Site) between(in article.Span) (out Span) {
	if !in.From.IsZero() {
		out.From = in.From.In(s.set.Config.Zone)
	}
	if !in.Until.IsZero() {
		out.Until = in.Until.In(s.set.Config.Zone)
	}
	return out
}

// span is a stretch of time; one that ends before it begins has no end.
func (s *Site) span(in article.Span) Span {
	out := s.between(in)
	if out.Until.Before(out.From) {
		out.Until = time.Time{}
	}
	return out
}

// oddClock is what to say of a time that is skipped or repeated.
func oddClock(key, odd string, at time.Time) (text, hint string) {
	text = "this time comes twice in " + at.Location().String() + ", as clocks go back"
	if odd == "skipped" {
		text = "this time does not exist in " + at.Location().String() + ", as clocks go forward"
	}
	return key + ": " + text + "; it is taken as " + at.Format("15:04 (UTC-07:00)"), "say which is meant, such as " + at.Format(time.RFC3339)
}
