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
	w := &walk{b: b, id: b.walks, olds: make([]bool, len(b.desk.past.ledger.Questions)), fresh: make([]*entry, 0, b.desk.fresh())}
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
	w := b.walked
	if w == nil {
		w = b.walk()
	}
	b.desk.close(w.fresh)
	problems := w.unmade()
	next := w.questions()
	next.Pages = w.pages()
	for i := range next.Questions {
		problems = append(problems, next.Questions[i].Problems...)
	}
	for i := range next.Pages {
		problems = append(problems, next.Pages[i].Problems...)
	}
	return next, problems
}

// unmade are the problems of pages that could not be made, and of what nobody
// else asked.
func (w *walk) unmade() (problems []diag.Problem) {
	good, fresh := slices.Clone(w.olds), len(w.fresh)
	w.from(true)
	for n := range w.olds {
		if !w.olds[n] || good[n] {
			continue
		}
		if e := w.b.desk.past.entries[n].Load(); e != nil && !e.stood {
			problems = append(problems, e.said()...)
		} else {
			problems = append(problems, w.b.desk.past.ledger.Questions[n].Problems...)
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

// questions are those of the next ledger. Most often none of the old ones is
// gone: then they stay where they are, and what is new is laid among them.
func (w *walk) questions() *Ledger {
	b, old := w.b, w.b.desk.past.ledger.Questions
	w.nexts = make([]int32, len(old))
	count := int32(0)
	for n, found := range w.olds {
		if found {
			w.nexts[n] = count
			count++
		}
	}
	w.moved = int(count) < len(old)
	for i, e := range w.fresh {
		e.next = count + int32(i)
	}
	all := old
	if w.moved || len(old) == 0 {
		all = make([]Asked, count, int(count)+len(w.fresh))
	}
	for n, found := range w.olds {
		e := b.desk.past.entries[n].Load()
		switch {
		case !found:
		case e != nil && !e.stood:
			all[w.nexts[n]] = Asked{e.Question, e.digest, w.number(e.note), e.said()}
			e.note = nil
		case w.moved:
			was := old[n]
			was.Note = w.renumber(was.Note)
			all[w.nexts[n]] = was
		}
	}
	for _, e := range w.fresh {
		all = append(all, Asked{e.Question, e.digest, w.number(e.note), e.said()})
		e.note = nil
	}
	next := &Ledger{Built: b.job.Began, Questions: all}
	if !w.moved {
		next.index = b.desk.past.ledger.index.with(w.fresh, len(old))
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
			p.note = nil
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
