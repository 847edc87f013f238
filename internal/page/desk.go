package page

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"stet/internal/diag"
)

// A desk answers each question of one build once, and knows the notes of the
// build before.
type desk struct {
	past *past

	shelves map[string]*shelf // the new questions, by kind
	strange *shelf            // those of kinds that nobody answers
	all     []*shelf          // both, by number

	piece func(path string, b []byte, at int64) error // of a file of the last edition; nil if there is none

	once bool // answers get no digest that they do not give

	waits sync.Mutex // guards work and waiting, for the search of circles
	watch stopwatch
}

// An entry is one question in one build. An edition has ten a page: the order of
// its fields leaves no room between them.
type entry struct {
	Question
	num      int32      // in the old ledger, from 0; below 0 if it is new: where it lies
	next     int32      // in the next one, if it is new
	mu       sync.Mutex // guards value and, with the desk's waits, work
	value    any        // if the kind keeps it
	note     *note
	work     *work // while it is being answered
	digest   Digest
	answered atomic.Bool
	cause    int32 // one more than the number of what differs now of what it asked; 0 if nothing does
	stood    bool  // the old note held, so nothing was made
	failed   bool
	found    bool // some page rests on it
}

// A work is that of answering one question.
type work struct {
	owner *Ask
	done  chan struct{} // closed at its end; nil while nobody waits
}

// err is what whoever asked gets of a question that failed: the reason stands
// in the note of that question and is not said twice.
func (e *entry) err() error {
	if e.failed {
		return errReported
	}
	return nil
}

func newDesk(book Book, old *Ledger) *desk {
	d := &desk{past: newPast(old), shelves: make(map[string]*shelf, len(book))}
	d.strange = d.newShelf(Answerer{})
	for kind, who := range book {
		d.shelves[kind] = d.newShelf(who)
	}
	return d
}

func (d *desk) newShelf(who Answerer) *shelf {
	s := &shelf{who: who, number: len(d.all), seed: maphash.MakeSeed()}
	d.all = append(d.all, s)
	return s
}

// shelf is that of a kind. It knows who answers, so that the kind is looked up once
// for a question.
func (d *desk) shelf(kind string) *shelf {
	if s := d.shelves[kind]; s != nil {
		return s
	}
	return d.strange
}

// who answers questions of a kind.
func (d *desk) who(kind string) *Answerer { return &d.shelf(kind).who }

// entry finds the entry of a question of the shelf's kind, or makes one: with its
// number in the old ledger, -1 if it has none there.
func (d *desk) entry(q Question, n int32, s *shelf) *entry {
	if n >= 0 {
		return d.past.entry(n)
	}
	return s.entry(q)
}

// question is that of a number that stands in a note.
func (d *desk) question(num int32) Question {
	if num >= 0 {
		return d.past.ledger.Questions[num].Question
	}
	shelf, n := placeOf(num)
	s := d.all[shelf]
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at(n).Question
}

// at is the entry of such a number, when nothing is asked any more.
func (d *desk) at(num int32) *entry {
	if num >= 0 {
		return d.past.entry(num)
	}
	shelf, n := placeOf(num)
	return d.all[shelf].at(n)
}

// fresh is how many new questions there are.
func (d *desk) fresh() (n int) {
	for _, s := range d.all {
		n += s.count
	}
	return n
}

// close lets go of what only answering needs: nothing is asked any more.
func (d *desk) close() {
	for _, s := range d.all {
		s.close()
	}
	for n := range d.past.entries {
		if e := d.past.entries[n].Load(); e != nil {
			e.value = nil
		}
	}
}

// digest answers the question, or finds that the old answer stands.
func (d *desk) digest(a *Ask, e *entry, who *Answerer) (Digest, error) {
	if e.answered.Load() {
		return e.digest, e.err()
	}
	_, err := d.resolve(a, e, who)
	return e.digest, err
}

// value answers the question and returns the value, answering once more if it
// was not kept.
func (d *desk) value(a *Ask, e *entry, who *Answerer) (any, error) {
	v, err := d.resolve(a, e, who)
	if v != nil || err != nil {
		return v, err
	}
	if !who.Keep || e.stood {
		return d.again(a, e, who)
	}
	return nil, nil
}

// again makes the value of an answer whose digest is known. What it asks stands
// in the answer's own note already.
func (d *desk) again(a *Ask, e *entry, who *Answerer) (any, error) {
	if e.stood && !who.Keep {
		return d.anew(a, e.num, e.Question, who)
	}
	ans, n, err := who.answer(a, e.Question, d.asked(e.num))
	a.drop(n)
	if err != nil {
		return nil, err // its reason stands nowhere yet: the first time it went well
	}
	if who.Keep && ans.Value != nil {
		e.mu.Lock()
		if e.value == nil {
			e.value = ans.Value
		}
		e.mu.Unlock()
	}
	return ans.Value, nil
}

// anew has the value of an old answer that stands and was not kept.
func (d *desk) anew(a *Ask, n int32, q Question, who *Answerer) (any, error) {
	if v, ok := d.shown(a, n); ok {
		return v, nil
	}
	ans, again, err := who.answer(a, q, d.asked(n))
	a.drop(again)
	return ans.Value, err
}

// resolve sees to it that the entry is answered, by this worker or by another.
// It returns the value if this call happened to make it.
func (d *desk) resolve(a *Ask, e *entry, who *Answerer) (any, error) {
	if e.answered.Load() {
		return e.kept(), e.err()
	}
	e.mu.Lock()
	if e.answered.Load() {
		e.mu.Unlock()
		return e.kept(), e.err()
	}
	if e.work != nil {
		if e.work.done == nil {
			e.work.done = make(chan struct{})
		}
		done := e.work.done
		e.mu.Unlock()
		if err := d.wait(a, e); err != nil {
			return nil, err
		}
		lap := a.start()
		<-done
		a.stop(lap, Took{})
		d.waits.Lock()
		a.waiting = nil
		d.waits.Unlock()
		return e.kept(), e.err()
	}
	d.waits.Lock()
	e.work = &work{owner: a}
	d.waits.Unlock()
	e.mu.Unlock()
	v := d.make(a, e, who)
	return v, e.err()
}

func (e *entry) kept() any {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.value
}

// make answers the entry and lets those who wait go on.
func (d *desk) make(a *Ask, e *entry, who *Answerer) (value any) {
	a.making = append(a.making, e)
	defer func() {
		a.making = a.making[:len(a.making)-1]
		e.mu.Lock()
		e.answered.Store(true)
		d.waits.Lock()
		done := e.work.done
		e.work = nil
		d.waits.Unlock()
		e.mu.Unlock()
		if done != nil {
			close(done)
		}
	}()
	if who.Answer == nil {
		e.fail(&note{}, fmt.Errorf("nobody answers questions of the kind %q", e.Kind))
		return nil
	}
	if who.Noted && e.num >= 0 {
		was := &d.past.ledger.Questions[e.num]
		other := d.differs(a, was.Note)
		if other < 0 {
			e.digest, e.stood = was.Digest, true
			return nil
		}
		e.cause = other + 1
	}
	return d.answer(a, e, who)
}

func (d *desk) answer(a *Ask, e *entry, who *Answerer) any {
	ans, n, err := who.answer(a, e.Question, d.asked(e.num))
	switch {
	case err != nil:
		e.fail(n, err)
		return nil
	case who.Noted || len(n.problems) > 0:
		e.note = n
	default:
		a.drop(n)
	}
	if e.digest = ans.Digest; !d.once {
		e.digest = ans.digest()
	}
	if who.Keep {
		e.mu.Lock()
		e.value = ans.Value
		e.mu.Unlock()
	}
	return ans.Value
}

// asked is the old note of a question, nil if it is new.
func (d *desk) asked(n int32) []int32 {
	if n < 0 {
		return nil
	}
	return d.past.ledger.Questions[n].Note
}

// answer answers a question, with a note of what that asks; was is that of the last
// time.
func (who *Answerer) answer(a *Ask, q Question, was []int32) (Answer, *note, error) {
	outer, asked, n := a.note, a.again, a.spare
	if a.spare = nil; n == nil {
		n = new(note)
	}
	a.note, a.again = n, again{note: was}
	defer func() { a.note, a.again = outer, asked }()
	lap := a.start()
	ans, err := who.Answer(a, q.Args)
	a.stop(lap, Took{Question: q})
	return ans, n, err
}

// drop keeps a note that nobody needs for the next answer.
func (a *Ask) drop(n *note) {
	n.asked, n.problems = n.asked[:0], nil
	a.spare = n
}

func (ans Answer) digest() Digest {
	if ans.Digest == (Digest{}) {
		return Sum(ans.Value)
	}
	return ans.Digest
}

func (e *entry) fail(n *note, err error) {
	n.problems = append(n.problems, problemsOf(err, e.Question.String())...)
	e.note, e.failed = n, true
}

// wait says that a waits for e, unless e waits for a: then it is a circle.
func (d *desk) wait(a *Ask, e *entry) error {
	d.waits.Lock()
	defer d.waits.Unlock()
	var path []*entry // each is waited for by whoever makes the one before
	for at := e; at != nil && at.work != nil; at = at.work.owner.waiting {
		path = append(path, at)
		if at.work.owner == a {
			return circle(path)
		}
	}
	a.waiting = e
	return nil
}

// chainFrom lists what a worker is making, from this entry inwards.
func chainFrom(a *Ask, e *entry) []string {
	i := slices.Index(a.making, e)
	if i < 0 {
		return nil
	}
	var names []string
	for _, m := range a.making[i:] {
		names = append(names, m.Question.String())
	}
	return names
}

// circle says that the questions on this path ask for each other, beginning
// with the first in order of the alphabet, whoever met it first. All their
// workers wait, so what they are making can be read.
func circle(path []*entry) error {
	var names []string
	for _, e := range path {
		names = append(names, chainFrom(e.work.owner, e)...)
	}
	first := slices.Index(names, slices.Min(names))
	names = append(slices.Clone(names[first:]), names[:first]...)
	names = append(names, names[0])
	return diag.Problem{
		Severity: diag.Error,
		Text:     "these ask for each other in a circle: " + strings.Join(names, " > "),
		Hint:     "let one of them do without the next",
	}
}
