package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"stet/internal/diag"
)

// A Job is a deploy that is to be done.
type Job struct {
	Edition Edition
	Target  Target
	Who     string           // for those who find it locked
	Now     func() time.Time // the clock
	Waiting func(*Locked)    // if not nil, it waits for who has the lock, and says so once; where there is none, it begins again if others were faster
	DryRun  bool             // nothing is changed
	Verify  bool             // the report is for a Verifier
	// Rollback brings the edition back that lay there before; Edition is not sent.
	Rollback bool
	Workers  int           // how many files are sent at a time; 8 if 0
	TTL      time.Duration // a killed deploy's lock expires after that; 5 minutes if 0
	Backoff  time.Duration // the first pause before another try; a quarter of a second if 0
	Progress func(done, all int)
}

// A Report says what a deploy did, or would do.
type Report struct {
	Target  string
	Edition string // its ID
	Number  int    // counts the editions that were sent there
	BaseURL string
	Changes []Change                // in order
	Left    []Story                 // that the site has no more
	Same    int                     // files that lay there already
	Staying int                     // assets that no edition names any more, and that stay a while
	Bytes   int64                   // of the files that were sent
	Retries int                     // after errors that passed
	First   bool                    // nothing was known of what lay there
	Back    int                     // number of the edition that was brought back
	Sums    map[string]string       // of what was sent, SHA-256 in hex by path
	Last    []Change                // for a Verifier: if this deploy changes nothing, what the one before did
	files   []File                  // all that is to lie there
	rules   map[string]redirectRule // for a Verifier: where the host leads on
	Partly  bool                    // of that: files that named a story which has left stayed as they were
}

// URLs are the addresses at which something else lies now.
func (r *Report) URLs() (all []string) {
	for _, c := range r.Changes {
		all = append(all, URL(r.BaseURL, c.Path))
	}
	return all
}

// Purge are the addresses that a CDN is to forget. One of a page stands for all its
// forms, which a CDN keeps by Vary. Of what is gone, or was a story that has left,
// the addresses are named too at which it could be got by who knows of them.
func (r *Report) Purge() (all []string) {
	for _, c := range r.Changes {
		at := URL(r.BaseURL, c.Path)
		all = append(all, at)
		if c.File != nil && c.Phase != Withdraw || c.Was == nil {
			continue
		}
		for _, name := range append([]string{c.Path}, besides(c.Path, c.Was.Header.Beside)...) {
			if own := r.BaseURL + escaped(name); own != at {
				all = append(all, own)
			}
		}
	}
	return all
}

// Counts are how many files were sent and removed.
func (r *Report) Counts() (sent, removed int) {
	for _, c := range r.Changes {
		if c.File != nil {
			sent++
		} else {
			removed++
		}
	}
	return sent, removed
}

// Check says why an edition may not be sent to a target.
func Check(e Edition, baseURL string, noindex bool, out string) (problems []diag.Problem) {
	wrong := func(hint, format string, args ...any) {
		problems = append(problems, diag.Problem{Severity: diag.Error, Path: out, Text: fmt.Sprintf(format, args...), Hint: hint})
	}
	again := "stet build --base-url " + baseURL
	if noindex {
		again += " --noindex"
	}
	again = "make it for that target with\n" + again + " --out " + out
	switch {
	case !e.Complete:
		wrong("build it again: stet build --out "+out, "the edition is only partly in place, because a build was cut short")
	case e.Drafts:
		wrong("build it without --drafts", "the edition has drafts in it, and readers are not to see them")
	}
	switch {
	case baseURL == "":
		wrong("write into site.yaml where readers find it, such as\nbase_url: https://www.example.org/", "nobody knows at which address the target is")
	case e.BaseURL != baseURL:
		wrong(again, "the edition was made for %s, and the target is at %s", orNone(e.BaseURL), baseURL)
	case e.NoIndex && !noindex:
		wrong(again, "the edition tells search engines to leave it out, and the target is for readers")
	case !e.NoIndex && noindex:
		wrong(again, "the target is not for search engines (noindex), and the edition does not tell them so")
	}
	for _, f := range e.Files {
		if !sendable(f.Path) {
			wrong("give it another name", "%q is no path that can be sent", f.Path)
		}
	}
	return problems
}

func orNone(base string) string {
	if base == "" {
		return "no address"
	}
	return base
}

// A sender does a job.
type sender struct {
	Job
	lock    Lock
	rep     *Report
	retries atomic.Int64
	stop    context.CancelCauseFunc
	body    func(ctx context.Context, f *File) (io.ReadSeekCloser, string, error) // and its SHA-256
}

// Send does a job. What it says is an error, after which it can be run again, or a
// warning.
func Send(ctx context.Context, j Job) (rep Report, problems []diag.Problem) {
	if j.Workers < 1 {
		j.Workers = 8
	}
	if j.TTL == 0 {
		j.TTL = 5 * time.Minute
	}
	if j.Backoff == 0 {
		j.Backoff = time.Second / 4
	}
	for n, retries := 1, 0; ; n++ {
		rep = Report{Target: j.Target.Name(), Edition: j.Edition.ID, BaseURL: j.Edition.BaseURL}
		s := &sender{Job: j, rep: &rep}
		s.body = s.local
		err := s.locked(ctx, s.send)
		retries += int(s.retries.Load())
		rep.Retries = retries
		var overtaken *Overtaken
		if errors.As(err, &overtaken) && j.Waiting != nil && !j.Rollback && n < tries && pause(ctx, j.Backoff+rand.N(j.Backoff)) == nil {
			retries++
			continue // upon what they have sent; a rollback would bring back something else
		}
		if err != nil {
			problems = append(problems, problem(j.Target.Name(), err))
		}
		return rep, problems
	}
}

// Told is an error of Open as it is told.
func Told(where string, err error) []diag.Problem { return []diag.Problem{problem(where, err)} }

// problem is an error as it is told. Foreign texts may be several lines.
func problem(where string, err error) diag.Problem {
	p := diag.Problem{Severity: diag.Error, Path: where, Text: err.Error(), Hint: "run it again: it goes on where it stopped"}
	var told diag.Problem
	var refused *Refused
	var locked *Locked
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &locked):
		p.Text = err.Error()
		p.Hint = "wait for it with --wait; if it was killed, it keeps others out until " + locked.Until.Format("15:04:05 MST")
	case errors.As(err, &refused):
		p.Hint = refused.Hint
	case errors.Is(err, context.Canceled):
		p.Text = "it was interrupted"
	}
	return p
}

// locked does something while it has the target's lock, which it renews.
func (s *sender) locked(ctx context.Context, do func(context.Context) error) error {
	if s.DryRun {
		return do(ctx)
	}
	s.lock = NewLock(s.Who, s.Now(), s.TTL)
	if err := s.take(ctx); err != nil {
		return err
	}
	inner, stop := context.WithCancelCause(ctx)
	s.stop = stop
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.renew(inner)
	}()
	err := do(inner)
	if lost := context.Cause(inner); err != nil && lost != nil {
		err = lost
	}
	stop(nil)
	<-ended
	if left := s.leave(ctx); err == nil {
		err = left
	}
	return err
}

// leave gives the lock back, also when it was interrupted, and tries again if that
// does not go well at once.
func (s *sender) leave(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := s.try(ctx, func(ctx context.Context) error { return s.Target.Unlock(ctx, s.lock) }); err != nil {
		return fmt.Errorf("the lock could not be given back, and keeps others out until %s: %w", s.lock.Until.Format("15:04:05 MST"), err)
	}
	return nil
}

func (s *sender) take(ctx context.Context) error {
	for told := false; ; {
		s.lock = s.lock.Renewed(s.Now(), s.TTL)
		err := s.try(ctx, func(ctx context.Context) error { return s.Target.Lock(ctx, s.lock) })
		var locked *Locked
		if !errors.As(err, &locked) || s.Waiting == nil {
			return err
		}
		if !told {
			s.Waiting(locked)
			told = true
		}
		if err := pause(ctx, min(4*s.Backoff, time.Second)); err != nil {
			return err
		}
	}
}

// renew keeps the lock from expiring. Whoever has lost it stops.
func (s *sender) renew(ctx context.Context) {
	for pause(ctx, s.TTL/4) == nil {
		next := s.lock.Renewed(s.Now(), s.TTL)
		err := s.Target.Lock(ctx, next)
		var locked *Locked
		if errors.As(err, &locked) {
			s.stop(fmt.Errorf("the lock was lost: %w", locked))
			return
		}
		if err == nil {
			s.lock = next
		} else if ctx.Err() == nil && !s.Now().Before(s.lock.Until) {
			s.stop(fmt.Errorf("the lock could not be renewed: %w", err))
			return
		}
	}
}

const tries = 7

// try does something until it goes well, or nobody need hope any more.
func (s *sender) try(ctx context.Context, do func(context.Context) error) error {
	wait := s.Backoff
	for n := 1; ; n++ {
		err := do(ctx)
		var refused *Refused
		var locked *Locked
		if err == nil || n == tries || errors.Is(err, ErrNone) || errors.As(err, &refused) || errors.As(err, &locked) {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s.retries.Add(1)
		if err := pause(ctx, wait+rand.N(wait)); err != nil {
			return err
		}
		wait = min(2*wait, 20*time.Second)
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
