package page

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// A past is what a desk knows of the questions of the build before. Of most of
// them nothing is to be known but whether they are answered as they were, and
// for that a number each must do: an edition has ten questions a page.
type past struct {
	ledger  *Ledger
	known   []atomic.Uint32         // unasked, same or other, by number
	entries []atomic.Pointer[entry] // of those that more is to be known of
	index   sync.Once
	whys    sync.Map // *Why, by number
	quotes  sync.Once
	shown   []int32 // one more than the number of a page that shows the answer, by number
}

// An index finds questions. It is a table of their numbers, one more, where
// their hash says or after that.
type index struct {
	seed  maphash.Seed
	slots []int32
}

// What is known of an old question now.
const (
	unasked = iota
	same
	other
)

func newPast(old *Ledger) *past {
	p := &past{ledger: old, known: make([]atomic.Uint32, len(old.Questions)), entries: make([]atomic.Pointer[entry], len(old.Questions))}
	clear(p.known) // else each page of it is met twice: when it is read first, and when written
	return p
}

// number is that of a question; -1 if it was not asked. The index is made when
// the first is looked for in it, unless the ledger grew out of one that had it.
func (p *past) number(q Question) int32 {
	if len(p.ledger.Questions) == 0 {
		return -1
	}
	p.index.Do(func() {
		if p.ledger.index == nil {
			p.ledger.index = newIndex(p.ledger.Questions)
		}
	})
	x := p.ledger.index
	for at := x.slot(q); ; at++ {
		n := x.slots[at&(len(x.slots)-1)] - 1
		if n < 0 || p.ledger.Questions[n].Question == q {
			return n
		}
	}
}

// newIndex makes the index of questions, at most half full.
func newIndex(asked []Asked) *index {
	size := 1
	for size < 2*len(asked) {
		size *= 2
	}
	x := &index{maphash.MakeSeed(), make([]int32, size)}
	clear(x.slots) // else each page of it is met twice: when it is read first, and when written
	for i := range asked {
		x.add(asked[i].Question, int32(i))
	}
	return x
}

func (x *index) slot(q Question) int {
	return int((maphash.String(x.seed, q.Args) + maphash.String(x.seed, q.Kind)) & uint64(len(x.slots)-1))
}

func (x *index) add(q Question, n int32) {
	at := x.slot(q)
	for x.slots[at] != 0 {
		at = (at + 1) & (len(x.slots) - 1)
	}
	x.slots[at] = n + 1
}

// with is the index with more questions, numbered from n on; nil if it would be
// too full, or is none.
func (x *index) with(more []*entry, n int) *index {
	if x == nil || 4*(n+len(more)) > 3*len(x.slots) {
		return nil
	}
	for i, e := range more {
		x.add(e.Question, int32(n+i))
	}
	return x
}

// stood tells whether an old question is answered as it was, and nothing more is known
// of it. Most questions of pages that are made are such, and need no entry.
func (d *desk) stood(n int32) bool { return d.holds(n) && d.past.entries[n].Load() == nil }

// holds tells whether an old question is known to be answered as it was, or is said
// to be by whoever would answer it.
func (d *desk) holds(n int32) bool {
	if known := d.past.known[n].Load(); known != unasked {
		return known == same
	}
	was := &d.past.ledger.Questions[n]
	if who := d.who(was.Kind); who.Stands == nil || !who.Stands(was.Args) {
		return false
	}
	d.past.known[n].Store(same)
	return true
}

// entry is that of an old question.
func (p *past) entry(n int32) *entry {
	if e := p.entries[n].Load(); e != nil {
		return e
	}
	was := &p.ledger.Questions[n]
	e := &entry{Question: was.Question, num: n}
	if p.known[n].Load() == same {
		e.digest, e.stood = was.Digest, true
		e.answered.Store(true)
	}
	if p.entries[n].CompareAndSwap(nil, e) {
		return e
	}
	return p.entries[n].Load()
}

// differs finds the first of these questions of the old ledger that gets another
// answer than it got then, -1 if none does. They are asked in order: a later
// one may make no sense any more.
func (d *desk) differs(a *Ask, asked []int32) int32 {
	for _, n := range asked {
		is := d.past.known[n].Load()
		if is == unasked {
			is = other
			if d.same(a, n) {
				is = same
			}
			d.past.known[n].Store(is)
		}
		if is == other {
			return n
		}
	}
	return -1
}

// same tells whether an old question is answered as it was. An answer that was
// made by asking is, if all that is; only where it is not must it be made.
func (d *desk) same(a *Ask, n int32) bool {
	was := &d.past.ledger.Questions[n]
	who := d.who(was.Kind)
	if who.Stands != nil && who.Stands(was.Args) {
		return true
	}
	if who.Sum != nil {
		return who.Sum(was.Args) == was.Digest
	}
	if d.past.entries[n].Load() == nil && d.plainly(a, was, who) {
		return true
	}
	got, err := d.digest(a, d.past.entry(n), who)
	return err == nil && got == was.Digest
}

// plainly tells whether an old question is answered as it was, and nothing else is
// to be known of it.
func (d *desk) plainly(a *Ask, was *Asked, who *Answerer) bool {
	switch {
	case who.Noted:
		return d.differs(a, was.Note) < 0
	case who.Answer == nil || was.Told != nil:
		return false
	}
	ans, n, err := who.answer(a, was.Question, was.Note)
	quiet := len(n.problems) == 0
	a.drop(n)
	return err == nil && quiet && ans.digest() == was.Digest
}

var spoilt = &Why{Spoilt: true}

// why is the reason for which pages are made that asked an old question which is
// answered differently.
func (p *past) why(n int32) *Why {
	if w, known := p.whys.Load(n); known {
		return w.(*Why)
	}
	w, _ := p.whys.LoadOrStore(n, &Why{Questions: p.roots(n)})
	return w.(*Why)
}

// roots follows an old question that is answered differently to what it asked
// that is, and so on.
func (p *past) roots(n int32) []Question {
	all := []Question{p.ledger.Questions[n].Question}
	for {
		e := p.entries[n].Load()
		if e == nil || e.cause == 0 {
			return all
		}
		n = e.cause - 1
		all = append(all, p.ledger.Questions[n].Question)
	}
}
