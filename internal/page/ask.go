package page

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"stet/internal/diag"
)

// An Ask is one worker's way to put questions to the site. What it asks is
// written into the note of whatever is being made.
type Ask struct {
	desk    *desk
	making  []*entry      // the questions being answered, outermost first
	note    *note         // of what is being made now
	again   again         // for that
	page    *note         // of the page for which it is
	quoted  quoted        // what that may show
	piece   []byte        // what is read of pages
	waiting *entry        // the question another worker is answering for us
	inner   time.Duration // what the answers to what is being made now have taken
	spare   *note         // for an answer whose note nobody keeps
}

// A note lists what was asked while one thing was made.
type note struct {
	asked    []int32 // numbers of entries
	problems []diag.Problem
}

// A again is what was asked when something was made for the last edition, and what
// of that comes next if the same is asked again.
type again struct {
	note []int32
	at   int
}

func (n *note) add(num int32) {
	// Long notes repeat themselves in long runs only; a repeated question costs a
	// comparison, never a wrong page.
	if !slices.Contains(n.asked[max(0, len(n.asked)-64):], num) {
		n.asked = append(n.asked, num)
	}
}

// ahead is how much of an old note is looked through.
const ahead = 256

// number is that of a question in the old ledger; -1 if it was not asked. What is
// made again asks what it asked before, as a rule, and in that order, so that the
// index of all questions is made only where somebody does not.
func (a *Ask) number(q Question, s *shelf) int32 {
	was, past := &a.again, a.desk.past
	for i := range min(ahead, len(was.note)) {
		at := was.at + i
		if at >= len(was.note) {
			at -= len(was.note)
		}
		if num := was.note[at]; past.ledger.Questions[num].Question == q {
			was.at = at + 1
			return num
		}
	}
	if s == a.desk.strange {
		return -1
	}
	return past.number(q)
}

// Get asks a question and returns the answer's value.
func (a *Ask) Get(kind, args string) (any, error) {
	q := Question{kind, args}
	s := a.desk.shelf(kind)
	who, n := &s.who, a.number(q, s)
	var v any
	var err error
	if n >= 0 && !who.Keep && a.desk.stood(n) {
		v, err = a.desk.anew(a, n, q, who)
	} else {
		e := a.desk.entry(q, n, s)
		n = e.num
		v, err = a.desk.value(a, e, who)
	}
	a.note.add(n)
	a.quotes(n, who, v)
	return v, err
}

// Get asks a question whose answer is a T. Where there is no such thing it
// returns the zero T.
func Get[T any](a *Ask, kind, args string) (T, error) {
	var none T
	v, err := a.Get(kind, args)
	if v == nil || err != nil {
		return none, err
	}
	t, ok := v.(T)
	if !ok {
		return none, fmt.Errorf("the answer to %q is a %T, not a %T", Question{kind, args}, v, none)
	}
	return t, nil
}

// Digest asks a question of which only the digest matters, such as which
// templates a page is made with.
func (a *Ask) Digest(kind, args string) (Digest, error) {
	q := Question{kind, args}
	s := a.desk.shelf(kind)
	n := a.number(q, s)
	if n >= 0 && a.desk.stood(n) {
		a.note.add(n)
		return a.desk.past.ledger.Questions[n].Digest, nil
	}
	e := a.desk.entry(q, n, s)
	d, err := a.desk.digest(a, e, &s.who)
	a.note.add(e.num)
	return d, err
}

// Asked tells whether what is being made has asked this question.
func (a *Ask) Asked(kind, args string) bool {
	return slices.ContainsFunc(a.note.asked, func(n int32) bool { return a.desk.question(n) == Question{kind, args} })
}

// Report adds a problem to what is being made. A warning is told again for as
// long as that stands; an error keeps the whole edition back.
func (a *Ask) Report(ps ...diag.Problem) {
	a.note.problems = append(a.note.problems, ps...)
}

// problemsOf turns a maker's error into problems.
func problemsOf(err error, making string) []diag.Problem {
	if err == nil || errors.Is(err, errReported) {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var ps []diag.Problem
		for _, e := range many.Unwrap() {
			ps = append(ps, problemsOf(e, making)...)
		}
		return ps
	}
	var p diag.Problem
	if !errors.As(err, &p) {
		p = diag.Problem{Text: err.Error(), While: "making " + making}
	}
	p.Severity = diag.Error
	return []diag.Problem{p}
}

// errReported is what an asker gets whose question failed: the reason stands in
// the note of that question and is not said twice.
var errReported = errors.New("a question of this page could not be answered")
