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
	look := func(key, odd string, at time.Time) {
		if odd == "" {
			return
		}
		text, hint := oddClock(key, odd, at)
		s.report(diag.Warning, a, key, text, hint)
	}
	look("date", a.Date.Odd(zone), a.Date.In(zone))
	look("updated", a.Updated.Odd(zone), a.Updated.In(zone))
	look("embargo", a.Embargo.Odd(zone), a.Embargo.In(zone))
	look("expires", a.Expires.Odd(zone), a.Expires.In(zone))
	look("dateline", a.Dateline.Date.Odd(zone), a.Dateline.Date.In(zone))
	look("live", a.Live.From.Odd(zone), a.Live.From.In(zone))
	look("live", a.Live.Until.Odd(zone), a.Live.Until.In(zone))
	for _, c := range a.Corrections {
		look("corrections", c.Date.Odd(zone), c.Date.In(zone))
	}
}

// oddClock is what to say of a time that is skipped or repeated.
func oddClock(key, odd string, at time.Time) (text, hint string) {
	text = "this time comes twice in " + at.Location().String() + ", as clocks go back"
	if odd == "skipped" {
		text = "this time does not exist in " + at.Location().String() + ", as clocks go forward"
	}
	return key + ": " + text + "; it is taken as " + at.Format("15:04 (UTC-07:00)"), "say which is meant, such as " + at.Format(time.RFC3339)
}
