package site

import (
	"fmt"
	"time"

	"stet/internal/config"
)

// dates makes the archive: a list for each year, month and day that has a
// story, as fine as site.yaml asks for.
func (s *Site) dates(ed *edition) {
	depth := s.set.Config.Archive
	if depth == config.ArchiveOff {
		return
	}
	for _, st := range ed.stories {
		if st.Date.IsZero() {
			continue // a draft without a date
		}
		year := s.stretch(ed, nil, fmt.Sprintf("%04d", st.date.Year()), "year", st.date)
		year.stories = append(year.stories, st)
		if depth == config.ArchiveYears {
			continue
		}
		month := s.stretch(ed, year, fmt.Sprintf("%s/%02d", year.name, st.date.Month()), "month", st.date)
		month.stories = append(month.stories, st)
		if depth == config.ArchiveMonths {
			continue
		}
		day := s.stretch(ed, month, fmt.Sprintf("%s/%02d", month.name, st.date.Day()), "long", st.date)
		day.stories = append(day.stories, st)
	}
}

func (s *Site) stretch(ed *edition, above *list, name, style string, at time.Time) *list {
	if l := ed.lists["archive "+name]; l != nil {
		return l
	}
	l := &list{kind: "archive", name: name, url: ed.prefix + "/" + name + "/", parent: above}
	headline, err := ed.lang.Date(style, at)
	if err != nil {
		headline = name
	}
	l.headline = headline
	if above != nil {
		above.subs = append(above.subs, l)
	} else {
		ed.years = append(ed.years, l)
	}
	return ed.add(l)
}
