package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// quiet is how long files are left alone before they are built. Stet leaves a
// file unread if it was two seconds old at the start of the build that read it
// last; that is how nearly all files of a real site are, so it is measured so.
const quiet = 2200 * time.Millisecond

// A trial is one change of one paper, built again and again.
type trial struct {
	paper           *edited
	change          *change
	required, reach float64 // Hugo's time divided by so much; 0 if nothing is asked
	took            series
	last            built
	most            built // of the run that wrote the most files
}

// name says which change of which paper it is.
func (t *trial) name() string { return t.change.name + ", " + t.paper.name }

// editing is a run of the bench's edits.
type editing struct {
	options
	stet   string
	papers []*edited
	peer   func() (usage, error) // builds with Hugo
	peers  series
	trials []*trial
	quiet  time.Duration
	stderr io.Writer
}

// runEdits is `bench edits`: builds after a change, beside Hugo's, which makes
// all again after any.
func runEdits(args []string, stdout, stderr io.Writer) error {
	e := &editing{quiet: quiet, stderr: stderr}
	flags := flag.NewFlagSet("edits", flag.ContinueOnError)
	flags.SetOutput(stderr)
	e.add(flags, 10000, 3)
	large := flags.Bool("large", false, "growth to 4n articles, and 10n articles, too: minutes and gigabytes")
	rest, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || e.N < newestStories || e.N > archiveSeconds/10 || e.Runs < 1 {
		return usageError("usage: go run ./bench edits " + optionsUsage + fmt.Sprintf(" [-large]; at least %d articles", newestStories))
	}
	need := spaceFor(e.N, 4, 7)
	if *large {
		need += spaceFor(e.N, 14, 25)
	}
	work, done, err := e.workFolder(need, stderr)
	if err != nil {
		return err
	}
	defer done()
	s := newSites(work)
	hugo, stet, err := findBoth(s, stderr)
	if err != nil {
		return err
	}
	e.stet, e.peer = stet, func() (usage, error) { return withHugo(hugo)(s.Hugo) }
	if err := e.prepare(work, s); err != nil {
		return err
	}
	for run := range e.Runs {
		if err := e.round(run); err != nil {
			return err
		}
	}
	if err := e.checkPapers(work); err != nil {
		return err
	}
	bounds := []bound{e.publishing()}
	if *large {
		more, err := e.large(work, s)
		if err != nil {
			return err
		}
		bounds = append(bounds, more...)
	}
	return e.finish(bounds, s, stdout)
}

// prepare writes the papers and builds each once, which is not measured.
func (e *editing) prepare(work string, s sites) error {
	fmt.Fprintf(e.stderr, "writing archives of %d articles\n", e.N)
	if err := s.prepare(e.N, e.Seed); err != nil {
		return err
	}
	if err := e.preparePapers(work, s.Stet, s.Hugo.Dir); err != nil {
		return err
	}
	_, err := e.peer()
	return err
}

// preparePapers writes Stet's other papers, and builds all of Stet's.
func (e *editing) preparePapers(work string, layouts paper, twin string) error {
	newest, err := newestFiles(e.N, e.Seed)
	if err != nil {
		return err
	}
	bench := &edited{paper: layouts, name: "bench layouts", stories: e.N, newest: newest, twin: twin}
	bare := &edited{paper: newPaper(work, "bare"), name: "bench layouts without side column", stories: e.N, newest: newest}
	theme := &edited{paper: newPaper(work, "theme"), name: "built-in theme", stories: e.N + 1, newest: newest}
	if err := writeBare(bare.Dir, e.N, e.Seed); err != nil {
		return err
	}
	if err := writeForTheme(theme.Dir, e.N, e.Seed); err != nil {
		return err
	}
	e.papers = []*edited{bench, bare, theme}
	e.trials = []*trial{
		{paper: bench, change: &nothing, required: 60, reach: 100},
		{paper: bench, change: &partial, required: 4, reach: 8},
		{paper: bench, change: &body, required: 50, reach: 80},
		{paper: bare, change: &headline, required: 40, reach: 60},
		{paper: bench, change: &headline},
		{paper: theme, change: &nothing, required: 60, reach: 100},
		{paper: theme, change: &partial, required: 4, reach: 8},
		{paper: theme, change: &body, required: 50, reach: 80},
		{paper: theme, change: &headline, required: 40, reach: 60},
		{paper: theme, change: &publication},
	}
	time.Sleep(e.quiet)
	fmt.Fprintln(e.stderr, "building the editions that are there before")
	for _, p := range e.papers {
		if _, err := p.first(withStet(e.stet)); err != nil {
			return err
		}
	}
	return nil
}

// round makes each change once, and measures the one build after it, Hugo's
// and Stet's. The change that makes all pages comes first, so that what another
// leaves stale is still there at the end.
func (e *editing) round(run int) error {
	for _, c := range []*change{&nothing, &partial, &body, &headline, &publication} {
		var trials []*trial
		for _, t := range e.trials {
			if t.change == c {
				trials = append(trials, t)
			}
		}
		expected := make([]expectation, len(trials))
		for i, t := range trials {
			var err error
			if expected[i], err = t.paper.make(c, run); err != nil {
				return fmt.Errorf("%s: %w", t.name(), err)
			}
		}
		if c != &nothing {
			time.Sleep(e.quiet)
		}
		took, err := e.peer()
		if err != nil {
			return err
		}
		e.peers = append(e.peers, took)
		e.tell(run, "hugo", took, "")
		for i, t := range trials {
			if err := e.measure(t, run, expected[i]); err != nil {
				return fmt.Errorf("%s: %w", t.name(), err)
			}
		}
	}
	return nil
}

// measure builds the paper after its change and checks what was made.
func (e *editing) measure(t *trial, run int, want expectation) error {
	took, b, err := buildTelling(e.stet, t.paper.paper)
	if err != nil {
		return err
	}
	if err := want.check(b); err != nil {
		return err
	}
	t.took = append(t.took, took)
	t.last = b
	if len(b.Written) >= len(t.most.Written) {
		t.most = b
	}
	e.tell(run, t.name(), took, fmt.Sprintf(", made %d, wrote %d", b.Made, len(b.Written)))
	return nil
}

// tell says what a run took.
func (e *editing) tell(run int, name string, took usage, more string) {
	fmt.Fprintf(e.stderr, "run %d of %d: %-58s %s%s\n", run+1, e.Runs, name, took, more)
}

// checkPapers holds each edition, which was built change upon change, against a
// clean build of the same files.
func (e *editing) checkPapers(work string) error {
	for _, p := range e.papers {
		files, err := p.checkClean(e.stet, newPaper(work, "clean").Out)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Fprintf(e.stderr, "%s: %d files are as a clean build makes them\n", p.name, files)
	}
	return nil
}

// checkClean builds the paper's files from nothing and compares.
func (p *edited) checkClean(stet, out string) (files int, err error) {
	defer os.RemoveAll(out)
	if _, err := measure(p.Dir, stet, "build", "-C", p.Dir, "--out", out, "--no-cache"); err != nil {
		return 0, err
	}
	return sameEdition(p.Out, out)
}

// publishing is the bound on what publishing a story writes.
func (e *editing) publishing() bound {
	i := slices.IndexFunc(e.trials, func(t *trial) bool { return t.change == &publication })
	t := e.trials[i]
	return bound{name: t.name(), took: t.took, value: float64(len(t.most.Written)), unit: "files", atMost: 60, files: t.most.Written}
}

// finish reports, and compares Hugo's edition with Stet's after all those edits.
func (e *editing) finish(bounds []bound, s sites, stdout io.Writer) error {
	if err := e.report(bounds, stdout); err != nil {
		return err
	}
	if _, err := e.peer(); err != nil {
		return err
	}
	result, err := compareEditions(s.Hugo.Out, s.Stet.Out)
	if err != nil {
		return err
	}
	return result.report(e.stderr)
}
