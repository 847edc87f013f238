package page

import (
	"cmp"
	"slices"
	"sync"

	"stet/internal/diag"
)

// A walk comes to each question once that some pages rest on.
type walk struct {
	b     *run
	upTo  int    // as many pages it has gone from
	olds  []bool // which of the old ledger, by number
	fresh []*entry
	nexts []int32 // the numbers of the old questions in the next ledger
	were  []int32 // the numbers of its pages in the old one, -1 for those that were made
	moved bool    // these are others
	anew  []int32 // the old questions that were answered anew
	calls []int32 // those whose kinds call for pages; nil if nobody asked
}

// walk goes from the pages that could be made, and those that stand. Where it has
// been, it need not go again: what pages rest on that are done stays as it is.
func (b *run) walk() *walk {
	if b.walked == nil {
		b.walked = &walk{b: b, olds: make([]bool, len(b.desk.past.ledger.Questions)), fresh: make([]*entry, 0, b.desk.fresh())}
		clear(b.walked.olds) // else each page of it is met twice: when it is read first, and when written
	}
	b.walked.from(b.pages[b.walked.upTo:], false)
	b.walked.upTo = len(b.pages)
	return b.walked
}

// from goes from those of the pages that could be made, or from those that could
// not: then what was found before is not found again.
func (w *walk) from(pages []made, wrong bool) {
	for i := range pages {
		p := &pages[i]
		switch {
		case p.wrong != wrong:
		case p.old >= 0:
			w.come(w.b.desk.past.ledger.Pages[p.old].Note)
		case p.note != nil:
			w.come(p.note.asked)
		}
	}
}

// come comes to what a note names, and what was asked to answer that.
func (w *walk) come(asked []int32) {
	for _, n := range asked {
		if n < 0 {
			w.new(w.b.desk.at(n))
			continue
		}
		if w.olds[n] {
			continue
		}
		w.olds[n] = true
		if e := w.b.desk.past.entries[n].Load(); e == nil || e.stood {
			w.come(w.b.desk.past.ledger.Questions[n].Note)
		} else if e.note != nil {
			w.come(e.note.asked)
		}
	}
}

func (w *walk) new(e *entry) {
	if e.found {
		return
	}
	e.found = true
	if e.note != nil {
		w.come(e.note.asked)
	}
	w.fresh = append(w.fresh, e)
}

// asked calls visit with each question found whose kind calls for pages.
func (w *walk) asked(visit func(Question)) {
	calls := func(q Question) bool { return slices.Contains(w.b.job.Calls, q.Kind) }
	old := w.b.desk.past.ledger.Questions
	if w.calls == nil {
		w.calls = []int32{}
		for n := range old {
			if calls(old[n].Question) {
				w.calls = append(w.calls, int32(n))
			}
		}
	}
	for _, n := range w.calls {
		if w.olds[n] {
			visit(old[n].Question)
		}
	}
	for _, e := range w.fresh {
		if calls(e.Question) {
			visit(e.Question)
		}
	}
}

// ledger writes down what this build asked. The old questions stand in their
// old order, the new ones after them; what no page rests on any more is
// forgotten.
func (b *run) ledger() (*Ledger, []diag.Problem) {
	w := b.walk()
	b.desk.close()
	problems := w.unmade()
	next := w.next()
	var wg sync.WaitGroup
	wg.Go(func() { next.Pages = w.pages() })
	told := func(q *Asked) { problems = append(problems, q.Told.problems()...) }
	old := b.desk.past.ledger
	stand := func(from, to int) {
		for _, n := range old.tellers() {
			if int(n) >= from && int(n) < to {
				told(&old.Questions[n])
			}
		}
	}
	if w.moved {
		stand = nil
	}
	next.questions(told, stand)
	wg.Wait()
	for i := range next.Pages {
		problems = append(problems, next.Pages[i].Told.problems()...)
	}
	return next, problems
}

// unmade are the problems of pages that could not be made, and of what nobody
// else asked.
func (w *walk) unmade() (problems []diag.Problem) {
	if !slices.ContainsFunc(w.b.pages, func(p made) bool { return p.wrong }) {
		return nil
	}
	good, fresh := slices.Clone(w.olds), len(w.fresh)
	w.from(w.b.pages, true)
	for n := range w.olds {
		if !w.olds[n] || good[n] {
			continue
		}
		if e := w.b.desk.past.entries[n].Load(); e != nil && !e.stood {
			problems = append(problems, e.said()...)
		} else {
			problems = append(problems, w.b.desk.past.ledger.Questions[n].Told.problems()...)
		}
	}
	for _, e := range w.fresh[fresh:] {
		problems = append(problems, e.said()...)
	}
	for i := range w.b.pages {
		if w.b.pages[i].wrong {
			problems = append(problems, w.b.pages[i].note.problems...)
		}
	}
	w.olds, w.fresh = good, w.fresh[:fresh]
	return problems
}

func (e *entry) said() []diag.Problem {
	if e.note == nil {
		return nil
	}
	return e.note.problems
}

// next is the next ledger without its pages.
func (w *walk) next() *Ledger {
	next := &Ledger{Built: w.b.job.Began}
	old, count := w.b.desk.past.ledger, w.lay()
	if w.b.job.Written {
		next.late = w
		return next
	}
	// The old ones stay where they are, or move up to where others are gone.
	next.Questions = slices.Grow(old.Questions[:count], len(w.fresh))
	for n, found := range w.olds {
		if !found {
			continue
		}
		q := &next.Questions[w.nexts[n]]
		if e := w.b.desk.past.entries[n].Load(); e != nil && !e.stood {
			*q = w.last(e)
		} else if w.moved {
			*q = old.Questions[n]
			w.renumber(q.Note, q.Note)
		}
	}
	clear(old.Questions[count:])
	for _, e := range w.fresh {
		next.Questions = append(next.Questions, w.last(e))
	}
	if !w.moved {
		next.index = old.index.with(w.fresh, len(w.olds))
	}
	return next
}

// lay gives the questions that were found their numbers in the next ledger, and
// tells how many of the old one are among them.
func (w *walk) lay() int {
	w.nexts = make([]int32, len(w.olds))
	count := int32(0)
	for n, found := range w.olds {
		if found {
			w.nexts[n] = count
			count++
		}
	}
	w.moved = int(count) < len(w.olds)
	for n := range w.olds {
		if e := w.b.desk.past.entries[n].Load(); e != nil && !e.stood && w.olds[n] {
			w.anew = append(w.anew, int32(n))
		}
	}
	for i, e := range w.fresh {
		e.next = count + int32(i)
	}
	return int(count)
}

// questions visits those of the next ledger in order: the old ones as they stood,
// then the new ones. Where stand is told of runs, none is forgotten.
func (w *walk) questions(visit func(*Asked), stand func(from, to int)) {
	var q Asked
	var note []int32
	show := func(e *entry) {
		note = w.number(note[:0], e.note)
		q = Asked{e.Question, e.digest, note, told(e.said())}
		visit(&q)
	}
	past := w.b.desk.past
	if stand == nil {
		stand = func(from, to int) {
			for n := from; n < to; n++ {
				if w.olds[n] {
					q = past.ledger.Questions[n]
					note = w.renumber(append(note[:0], q.Note...), q.Note)
					q.Note = note
					visit(&q)
				}
			}
		}
	}
	from := 0
	for _, n := range w.anew {
		stand(from, int(n))
		show(past.entries[n].Load())
		from = int(n) + 1
	}
	stand(from, len(w.olds))
	for _, e := range w.fresh {
		show(e)
	}
}

// renumber puts the numbers of the next ledger for those of the old one into to,
// which is as long.
func (w *walk) renumber(to, note []int32) []int32 {
	for i, n := range note {
		to[i] = w.nexts[n]
	}
	return to
}

// last is a question as it is laid out. Its entry lets go of the note.
func (w *walk) last(e *entry) Asked {
	q := Asked{e.Question, e.digest, w.number(nil, e.note), told(e.said())}
	e.note = nil
	return q
}

// number adds a note of this build in numbers of the next ledger.
func (w *walk) number(to []int32, n *note) []int32 {
	if n == nil || len(n.asked) == 0 {
		return to
	}
	to = slices.Grow(to, len(n.asked))
	for _, num := range n.asked {
		if num >= 0 {
			to = append(to, w.nexts[num])
		} else {
			to = append(to, w.b.desk.at(num).next)
		}
	}
	return to
}

// pages are the notes of the next ledger's pages, sorted: those that stand are
// in order already.
func (w *walk) pages() []PageNote {
	old := w.b.desk.past.ledger.Pages
	stands, count := make([]bool, len(old)), 0
	for i := range w.b.pages {
		if p := &w.b.pages[i]; !p.wrong && p.old < 0 {
			count++
		}
	}
	fresh := make([]PageNote, 0, count)
	for i := range w.b.pages {
		switch p := &w.b.pages[i]; {
		case p.wrong:
		case p.old >= 0:
			stands[p.old] = true
		default:
			fresh = append(fresh, PageNote{Page: p.Page, Made: w.b.job.Began, Why: p.why, Note: w.number(nil, p.note), Quote: p.quote, Told: told(p.note.problems)})
			p.note = nil
		}
	}
	slices.SortFunc(fresh, func(a, b PageNote) int { return cmp.Compare(a.Path, b.Path) })
	if !slices.Contains(stands, true) {
		w.were = slices.Repeat([]int32{-1}, len(fresh))
		return fresh
	}
	all := make([]PageNote, 0, len(w.b.pages))
	w.were = make([]int32, 0, len(w.b.pages))
	for i, stands := range stands {
		if !stands {
			continue
		}
		for len(fresh) > 0 && fresh[0].Path < old[i].Path {
			all, fresh = append(all, fresh[0]), fresh[1:]
			w.were = append(w.were, -1)
		}
		if w.moved {
			w.renumber(old[i].Note, old[i].Note)
		}
		all = append(all, old[i])
		w.were = append(w.were, int32(i))
	}
	w.were = append(w.were, slices.Repeat([]int32{-1}, len(fresh))...)
	return append(all, fresh...)
}

// Note returns the note of the page at a path, with its questions, or false.
func (l *Ledger) Note(path string) (PageNote, bool) {
	i, ok := slices.BinarySearchFunc(l.Pages, path, func(p PageNote, path string) int { return cmp.Compare(p.Path, path) })
	if !ok {
		return PageNote{}, false
	}
	return l.Pages[i], true
}
