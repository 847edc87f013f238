package main

import (
	"context"
	"time"

	"stet/internal/source"
	"stet/internal/watch"
)

// rounds are builds that follow each other: one at once, one whenever files of
// the site have changed, and one when the time comes at which the edition
// changes by itself.
type rounds struct {
	s    *system
	f    *siteFlags
	poll bool
	// build builds once. It returns when the edition changes by itself, zero if
	// never. An error ends the rounds.
	build func(ctx context.Context) (next time.Time, err error)
	more  <-chan struct{} // further reasons to build
}

// nap is how long is waited at most before the clock is looked at again: a
// machine that sleeps does not count the time.
const nap = time.Minute

// run builds until the context ends.
func (r *rounds) run(ctx context.Context) error {
	w, err := watch.Start(ctx, watch.Options{Dir: r.f.dir, Folders: source.Folders, Files: []string{source.Settings}, Ignore: source.Unseen, Poll: r.poll})
	if err != nil {
		return err
	}
	told := r.poll // then it is no news
	for {
		next, err := r.build(ctx)
		if err != nil || ctx.Err() != nil {
			return err
		}
		if why, remedy := w.Polling(); why != "" && !told {
			told = true
			r.s.say("changes are looked for every half second: "+why, remedy)
		}
		if !r.wait(ctx, w.Changed(), next) {
			return nil
		}
	}
}

// wait waits for a reason to build again. It returns false if there will be
// none.
func (r *rounds) wait(ctx context.Context, changed <-chan struct{}, next time.Time) bool {
	for {
		var due <-chan time.Time
		if !next.IsZero() && r.f.at == "" {
			left := next.Sub(r.s.now())
			if left <= 0 {
				return true
			}
			due = time.After(min(left, nap))
		}
		select {
		case <-ctx.Done():
			return false
		case <-changed:
			return ctx.Err() == nil
		case <-r.more:
			return true
		case <-due:
		}
	}
}
