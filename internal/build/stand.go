package build

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/zeebo/xxh3"

	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/output"
	"stet/internal/plain"
	"stet/internal/site"
	"stet/internal/source"
)

// A last is what the last build saw and said. A build is a pure function: with
// the same files, the same settings and no moment passed at which something
// changes, it would make the same edition and say the same, so that nothing is
// to be done but to see whether the edition is still there.
type last struct {
	Inputs   [16]byte // of all files as they look, and of the options
	Edition  string
	Started  int64 // of the build that looked at the files
	Now      time.Time
	Next     time.Time
	Skipped  []site.Skipped
	Secret   []string
	Hushed   []string
	Problems []diag.Problem
}

const lastFile = "last"

// inputs sums up how the site's files look, what was wrong in listing them, and
// what else a build depends on.
func inputs(t *source.Tree, o Options, listed []diag.Problem) [16]byte {
	h := xxh3.New()
	b := plain.Append(nil, struct {
		Dir, BaseURL string
		NoIndex      bool
		Drafts       bool
		Proof        bool
		Interpret    bool
		Listed       []diag.Problem
	}{absolute(o.Dir), o.BaseURL, o.NoIndex, o.Drafts, o.Proof, o.Interpret, diag.Sort(listed)})
	h.Write(b)
	for i := range t.Files {
		b = t.Files[i].Append(b[:0])
		h.Write(b)
	}
	return h.Sum128().Bytes()
}

// lookedOld tells whether all files were so old when they were looked at that
// a later change would show.
func lookedOld(t *source.Tree, started int64) bool {
	return !slices.ContainsFunc(t.Files, func(f source.File) bool { return !f.Older(started) })
}

// stands finds that the edition need not be made again.
func stands(ctx context.Context, t *source.Tree, o Options, listed []diag.Problem) (Report, []diag.Problem, bool) {
	var l last
	text, ok := o.Cache.Read(lastFile)
	if !ok || o.Desk {
		return Report{}, nil, false
	}
	if _, err := plain.Read(text, &l); err != nil || l.Edition == "" || l.Inputs != inputs(t, o, listed) || !lookedOld(t, l.Started) ||
		o.Now.Before(l.Now) || !l.Next.IsZero() && !o.Now.Before(l.Next) {
		return Report{}, nil, false
	}
	e, err := output.Begin(ctx, o.Out, output.Options{Adopt: o.Adopt, Waiting: o.Waiting})
	if err != nil {
		return Report{}, nil, false // the build itself will meet it, and say so
	}
	files, ok := e.AllStand(l.Edition, o.Jobs)
	if e.Discard() != nil || !ok {
		return Report{}, nil, false
	}
	rep := Report{Kept: files, Skipped: l.Skipped, Secret: l.Secret, Hushed: l.Hushed, Next: l.Next, Lines: t.Lines()}
	rep.Files, rep.ID = files, l.Edition
	return rep, l.Problems, true
}

// keepLast writes down what this build saw and said.
func keepLast(f cache.Folder, t *source.Tree, o Options, listed []diag.Problem, rep Report, problems []diag.Problem) error {
	return f.Write(lastFile, func(w io.Writer) error {
		_, err := w.Write(plain.Append(nil, last{
			Inputs: inputs(t, o, listed), Edition: rep.ID, Started: started(o), Now: o.Now, Next: rep.Next, Skipped: rep.Skipped,
			Secret: rep.Secret, Hushed: rep.Hushed, Problems: problems,
		}))
		return err
	})
}
