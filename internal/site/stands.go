package site

import (
	"slices"

	"stet/internal/page"
)

// Stands says by kinds of questions which answers are those of another build's
// site that differs from this one only in what these stories say of themselves: in
// their headlines, summaries and captions. Kinds that are asked seldom, or whose
// answers look into other stories' headlines, are not among them.
func (s *Site) Stands(differ map[string]bool) map[string]func(args string) bool {
	others := map[*story]bool{}
	for path := range differ {
		others[s.stories[path]] = true
	}
	delete(others, nil)
	always := func(string) bool { return true }
	of := func(n int) func(args string) bool {
		return func(args string) bool { return !differ[page.Field(args, n)] }
	}
	return map[string]func(args string) bool{
		"story":        of(0),
		"bodysettings": of(0),
		"card":         of(1),
		"near": func(args string) bool {
			st := s.stories[page.Field(args, 2)]
			return st == nil || !others[st.neighbour(page.Field(args, 1))]
		},
		"list": func(args string) bool {
			f, per := page.Fields(args, 4), s.set.Config.PerPage
			l, k := s.edition(f[0]).lists[f[1]+" "+f[2]], number(f[3])
			if l == nil || k > l.pages(per) || l.kind == "corrections" || l.ed.plans[l] != nil {
				return false
			}
			return !slices.ContainsFunc(l.on(k, per), func(st *story) bool { return others[st] })
		},
		"link": always, "sitemap": always, "sitemaps": always,
	}
}

// Addresses is a digest of the addresses of all stories.
func (s *Site) Addresses() page.Digest {
	size := 0
	for i := range s.room {
		size += len(s.room[i].url) + 1
	}
	all := make([]byte, 0, size)
	for i := range s.room {
		all = append(append(all, s.room[i].url...), 0)
	}
	return page.Sum(all)
}
