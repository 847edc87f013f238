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
	seed    maphash.Seed
	slots   []int32 // the numbers, one more, where their hash says or after that
}

// What is known of an old question now.
const (
	unasked = iota
	same
	other
)

func newPast(book Book, old *Ledger) *past {
	p := &past{ledger: old, known: make([]atomic.Uint32, len(old.Questions)), entries: make([]atomic.Pointer[entry], len(old.Questions))}
	stands := map[string]bool{}
	for kind, who := range book {
		stands[kind] = who.Rests != (Digest{}) && who.Rests == old.Rests[kind]
	}
	for i := range old.Questions {
		if stands[old.Questions[i].Kind] {
			p.known[i].Store(same)
		}
	}
	return p
}

// number is that of a question; -1 if it was not asked. The index is made when
// something is asked afresh: a build that changes nothing goes by numbers.
func (p *past) number(q Question) int32 {
	if len(p.ledger.Questions) == 0 {
		return -1
	}
	p.index.Do(p.fill)
	for at := p.slot(q); ; at++ {
		n := p.slots[at&(len(p.slots)-1)] - 1
		if n < 0 || p.ledger.Questions[n].Question == q {
			return n
		}
	}
}

func (p *past) slot(q Question) int {
	return int((maphash.String(p.seed, q.Args) + maphash.String(p.seed, q.Kind)) & uint64(len(p.slots)-1))
}

// fill makes the index, at most half full.
func (p *past) fill() {
	size := 1
	for size < 2*len(p.ledger.Questions) {
		size *= 2
	}
	p.seed, p.slots = maphash.MakeSeed(), make([]int32, size)
	for i := range p.ledger.Questions {
		at := p.slot(p.ledger.Questions[i].Question)
		for p.slots[at] != 0 {
			at = (at + 1) & (size - 1)
		}
		p.slots[at] = int32(i) + 1
	}
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
	who := d.book[was.Kind]
	if who.Sum != nil {
		return who.Sum(was.Args) == was.Digest
	}
	if who.Noted && d.past.entries[n].Load() == nil && d.differs(a, was.Note) < 0 {
		return true
	}
	got, err := d.digest(a, d.past.entry(n))
	return err == nil && got == was.Digest
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
