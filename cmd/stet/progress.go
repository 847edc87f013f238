package main

import (
	"fmt"
	"sync"
	"time"
)

// A progress is a line on a terminal that says how far a long build is. In a
// pipe it says nothing, and nothing of it is left when the build has ended.
type progress struct {
	s     *system
	mu    sync.Mutex
	next  time.Time // when something is said again
	shown bool
}

// Nothing is said of a build that is over before somebody wonders.
const (
	patience = 300 * time.Millisecond
	between  = 100 * time.Millisecond
)

// newProgress is nil where nobody watches.
func newProgress(s *system) *progress {
	if !s.terminal() {
		return nil
	}
	return &progress{s: s, next: s.now().Add(patience)}
}

// tell may be called by several workers at once.
func (p *progress) tell(done, of int) { p.tellOf(done, of, "page") }

func (p *progress) tellOf(done, of int, noun string) {
	if p == nil || !p.mu.TryLock() {
		return
	}
	defer p.mu.Unlock()
	if now := p.s.now(); now.After(p.next) {
		p.next, p.shown = now.Add(between), true
		fmt.Fprintf(p.s.err, "\r\x1b[K%s of %s", grouped(done), count(of, noun))
	}
}

func (p *progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.s.err, "\r\x1b[K")
	}
}
