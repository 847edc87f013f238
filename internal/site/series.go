package site

import (
	"cmp"
	"slices"
)

// parts are the stories of a series in the order of their parts, then those
// without a number, the oldest first.
func (l *list) parts() []*story {
	l.ordered.Do(func() {
		l.inParts = slices.Clone(l.stories)
		slices.Reverse(l.inParts)
		slices.SortStableFunc(l.inParts, func(a, b *story) int { return cmp.Compare(uint(a.Series.Number-1), uint(b.Series.Number-1)) })
	})
	return l.inParts
}

// numbered tells whether a list is a series with parts that have numbers.
func (l *list) numbered() bool {
	return l.kind == "series" && slices.ContainsFunc(l.stories, func(st *story) bool { return st.Series.Number > 0 })
}

// part is the next story of its series, or the one before; nil if there is none.
func (st *story) part(next bool) *story {
	if st.series == nil {
		return nil
	}
	all := st.series.parts()
	i := slices.Index(all, st)
	switch {
	case i < 0:
		return nil
	case next:
		i++
	default:
		i--
	}
	if i < 0 || i >= len(all) {
		return nil
	}
	return all[i]
}
