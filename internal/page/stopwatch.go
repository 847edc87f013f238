package page

import "time"

// A Took tells how long something took: a page, or the answer to a question.
type Took struct {
	Page     Page     // what was made, or
	Question Question // what was answered
	// All is the whole time, Own that without the questions asked meanwhile.
	// Waiting for an answer that another worker was making is no time of its own.
	All, Own time.Duration
}

// A stopwatch measures, if somebody wants to know.
type stopwatch struct {
	clock func() time.Time
	took  func(Took)
}

// A lap is a time being measured.
type lap struct {
	began time.Time
	outer time.Duration // what the asker had spent on questions before
}

// start begins to measure what the worker does.
func (a *Ask) start() lap {
	if a.desk.watch.took == nil {
		return lap{}
	}
	l := lap{a.desk.watch.clock(), a.inner}
	a.inner = 0
	return l
}

// stop ends it, and tells of it if it has a name.
func (a *Ask) stop(l lap, t Took) {
	w := a.desk.watch
	if w.took == nil {
		return
	}
	t.All = w.clock().Sub(l.began)
	t.Own = t.All - a.inner
	a.inner = l.outer + t.All
	if t.Page.Path != "" || t.Question.Kind != "" {
		w.took(t)
	}
}
