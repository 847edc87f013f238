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
	same := func(st *story) bool { return st == nil || !differ[st.Path] }
	return map[string]func(args string) bool{
		"story":        func(args string) bool { return !differ[page.Fields(args, 1)[0]] },
		"bodysettings": func(args string) bool { return !differ[page.Fields(args, 1)[0]] },
		"card":         func(args string) bool { return !differ[page.Fields(args, 2)[1]] },
		"near": func(args string) bool {
			f := page.Fields(args, 3)
			st := s.stories[f[2]]
			return st == nil || same(st.neighbour(f[1]))
		},
		"list": func(args string) bool {
			f, per := page.Fields(args, 4), s.set.Config.PerPage
			l, k := s.edition(f[0]).lists[f[1]+" "+f[2]], number(f[3])
			if l == nil || k > l.pages(per) || l.kind == "corrections" || l.ed.plans[l] != nil {
				return false
			}
			return !slices.ContainsFunc(l.on(k, per), func(st *story) bool { return !same(st) })
		},
		"link": func(string) bool { return true },
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
