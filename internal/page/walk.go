package page

import (
	"cmp"
	"slices"

	"stet/internal/diag"
)

// A walk comes to each question once that some pages rest on.
type walk struct {
	b     *run
	id    int32
	olds  []bool // which of the old ledger, by number
	fresh []*entry
	nexts []int32 // the numbers of the old questions in the next ledger
	moved bool    // these are others
}

// walk goes from the pages that could be made, and those that stand.
func (b *run) walk() *walk {
	b.walks++
	w := &walk{b: b, id: b.walks, olds: make([]bool, len(b.desk.past.ledger.Questions))}
	w.from(false)
	return w
}

// from goes from the pages that could be made, or from those that could not:
// then what was found before is not found again.
func (w *walk) from(wrong bool) {
	for i := range w.b.pages {
		p := &w.b.pages[i]
		switch {
		case p.wrong != wrong:
		case p.old >= 0:
			w.numbers(w.b.desk.past.ledger.Pages[p.old].Note)
		case p.note != nil:
			w.entries(p.note.asked)
		}
	}
}

func (w *walk) numbers(asked []int32) {
	for _, n := range asked {
		if w.olds[n] {
			continue
		}
		w.olds[n] = true
		if e := w.b.desk.past.entries[n].Load(); e == nil || e.stood {
			w.numbers(w.b.desk.past.ledger.Questions[n].Note)
		} else if e.note != nil {
			w.entries(e.note.asked)
		}
	}
}

func (w *walk) entries(asked []*entry) {
	for _, e := range asked {
		switch {
		case e.num >= 0:
			w.numbers([]int32{e.num})
		case e.mark != w.id:
			e.mark = w.id
			if e.note != nil {
				w.entries(e.note.asked)
			}
			w.fresh = append(w.fresh, e)
		}
	}
}

// asked calls visit with each question found.
func (w *walk) asked(visit func(Question)) {
	for n, found := range w.olds {
		if found {
			visit(w.b.desk.past.ledger.Questions[n].Question)
		}
	}
	for _, e := range w.fresh {
		visit(e.Question)
	}
}

// ledger writes down what this build asked. The old questions stand in their
// old order, the new ones after them; what no page rests on any more is
// forgotten.
func (b *run) ledger() (*Ledger, []diag.Problem) {
	w := b.walk()
	next := w.questions()
	problems := problemsIn(next.Questions)
	next.Pages = w.pages()
	for i := range next.Pages {
		problems = append(problems, next.Pages[i].Problems...)
	}
	found, fresh := slices.Clone(w.olds), len(w.fresh)
	w.from(true)
	for n := range w.olds {
		if w.olds[n] && !found[n] {
			problems = append(problems, b.old(int32(n)).Problems...)
		}
	}
	for _, e := range w.fresh[fresh:] {
		problems = append(problems, e.said()...)
	}
	for i := range b.pages {
		if b.pages[i].wrong {
			problems = append(problems, b.pages[i].note.problems...)
		}
	}
	return next, problems
}

func problemsIn(asked []Asked) (all []diag.Problem) {
	for i := range asked {
		all = append(all, asked[i].Problems...)
	}
	return all
}

// old is what is to be said of an old question now, with the note that it had.
func (b *run) old(n int32) Asked {
	a := b.desk.past.ledger.Questions[n]
	if e := b.desk.past.entries[n].Load(); e != nil && !e.stood {
		a.Digest, a.Note, a.Problems = e.digest, nil, e.said()
	}
	return a
}

func (e *entry) said() []diag.Problem {
	if e.note == nil {
		return nil
	}
	return e.note.problems
}

// questions are those of the next ledger.
func (w *walk) questions() *Ledger {
	b, past := w.b, w.b.desk.past
	next := &Ledger{Built: b.job.Began, Questions: make([]Asked, 0, len(w.olds)+len(w.fresh))}
	w.nexts = make([]int32, len(w.olds))
	for n, found := range w.olds {
		if found {
			w.nexts[n] = int32(len(next.Questions))
			next.Questions = append(next.Questions, b.old(int32(n)))
		}
	}
	w.moved = len(next.Questions) < len(w.olds)
	for i, e := range w.fresh {
		e.next = int32(len(next.Questions) + i)
	}
	at := 0
	for n, found := range w.olds {
		if !found {
			continue
		}
		if e := past.entries[n].Load(); e != nil && !e.stood {
			next.Questions[at].Note = w.number(e.note)
		} else {
			next.Questions[at].Note = w.renumber(next.Questions[at].Note)
		}
		at++
	}
	for _, e := range w.fresh {
		next.Questions = append(next.Questions, Asked{e.Question, e.digest, w.number(e.note), e.said()})
	}
	return next
}

// renumber gives the numbers of the next ledger for those of the old one.
func (w *walk) renumber(note []int32) []int32 {
	if !w.moved || len(note) == 0 {
		return note
	}
	moved := make([]int32, len(note))
	for i, n := range note {
		moved[i] = w.nexts[n]
	}
	return moved
}

// number writes a note of this build in numbers of the next ledger.
func (w *walk) number(n *note) []int32 {
	if n == nil || len(n.asked) == 0 {
		return nil
	}
	numbers := make([]int32, len(n.asked))
	for i, e := range n.asked {
		if numbers[i] = e.next; e.num >= 0 {
			numbers[i] = w.nexts[e.num]
		}
	}
	return numbers
}

// pages are the notes of the next ledger's pages, sorted: those that stand are
// in order already.
func (w *walk) pages() []PageNote {
	old := w.b.desk.past.ledger.Pages
	stands, fresh := make([]bool, len(old)), []PageNote{}
	for i := range w.b.pages {
		switch p := &w.b.pages[i]; {
		case p.wrong:
		case p.old >= 0:
			stands[p.old] = true
		default:
			fresh = append(fresh, PageNote{Page: p.Page, Made: w.b.job.Began, Why: p.why, Note: w.number(p.note), Problems: p.note.problems})
		}
	}
	slices.SortFunc(fresh, func(a, b PageNote) int { return cmp.Compare(a.Path, b.Path) })
	all := make([]PageNote, 0, len(w.b.pages))
	for i, stands := range stands {
		if !stands {
			continue
		}
		for len(fresh) > 0 && fresh[0].Path < old[i].Path {
			all, fresh = append(all, fresh[0]), fresh[1:]
		}
		was := old[i]
		was.Note = w.renumber(was.Note)
		all = append(all, was)
	}
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
