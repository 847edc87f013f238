package page

import (
	"cmp"
	"slices"

	"stet/internal/diag"
)

// walk visits each question once that the pages rest on, those asked by the
// first page first, and what an answer asked before the answer itself. Of pages
// that could not be made only the questions follow that nobody else asked.
func (b *run) walk(visit func(e *entry, wrong bool)) {
	seen := make([]*entry, 0, b.desk.size())
	wrong := false
	var down func(e *entry)
	down = func(e *entry) {
		if e.mark {
			return
		}
		e.mark = true
		seen = append(seen, e)
		b.each(e, down)
		visit(e, wrong)
	}
	for _, wrong = range []bool{false, true} {
		for i, n := range b.notes {
			if b.wrong[i] == wrong {
				for _, e := range n.asked {
					down(e)
				}
			}
		}
	}
	for _, e := range seen {
		e.mark = false
	}
}

// each visits what an answer asked, in this build or, if it stands, when it was
// made.
func (b *run) each(e *entry, visit func(*entry)) {
	switch {
	case e.note != nil:
		for _, q := range e.note.asked {
			visit(q)
		}
	case e.stood:
		for _, q := range b.desk.old.Questions[e.num].Note {
			visit(&b.desk.olds[q])
		}
	}
}

// size is how many questions an answer asked.
func (b *run) size(e *entry) int {
	switch {
	case e.note != nil:
		return len(e.note.asked)
	case e.stood:
		return len(b.desk.old.Questions[e.num].Note)
	}
	return 0
}

// ledger writes down what this build asked, numbered afresh: what no page
// rests on any more is forgotten.
func (b *run) ledger() (*Ledger, []diag.Problem) {
	next := &Ledger{Built: b.job.Began, Pages: make([]PageNote, 0, len(b.pages)), Questions: make([]Asked, 0, b.desk.size())}
	var problems []diag.Problem
	b.walk(func(e *entry, wrong bool) {
		e.next = int32(len(next.Questions))
		a := Asked{Question: e.Question, Digest: e.digest}
		if e.note != nil {
			a.Problems = e.note.problems
		} else if e.stood {
			a.Problems = b.desk.old.Questions[e.num].Problems
		}
		problems = append(problems, a.Problems...)
		if wrong {
			return
		}
		if n := b.size(e); n > 0 {
			a.Note = make([]int32, 0, n)
			b.each(e, func(q *entry) { a.Note = append(a.Note, q.next) })
		}
		next.Questions = append(next.Questions, a)
	})
	for i, p := range b.pages {
		n := b.notes[i]
		problems = append(problems, n.problems...)
		if b.wrong[i] {
			continue
		}
		asked := make([]int32, len(n.asked))
		for j, e := range n.asked {
			asked[j] = e.next
		}
		next.Pages = append(next.Pages, PageNote{Page: p, Made: b.made[i].at, Why: b.made[i].why, Note: asked, Problems: n.problems})
	}
	slices.SortFunc(next.Pages, func(a, b PageNote) int { return cmp.Compare(a.Path, b.Path) })
	return next, problems
}

// Note returns the note of the page at a path, with its questions, or false.
func (l *Ledger) Note(path string) (PageNote, bool) {
	i, ok := slices.BinarySearchFunc(l.Pages, path, func(p PageNote, path string) int { return cmp.Compare(p.Path, path) })
	if !ok {
		return PageNote{}, false
	}
	return l.Pages[i], true
}
