// Package build makes one edition: read, parse, list, make, put in place.
//
// [Run] is the way through the house, and the function to read first. A build
// is a pure function of the site's files, the settings, the layouts and the
// time; with the same four it makes the same bytes, on one core or many, in
// whichever folder.
package build

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/output"
	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/source"
)

// Options say what is built, from where to where.
type Options struct {
	Dir     string    // the site's folder
	Out     string    // the edition's folder
	Theme   fs.FS     // the built-in layouts and static files
	Now     time.Time // the only time there is
	BaseURL string    // instead of site.yaml's; "" leaves that
	NoIndex bool      // search engines are asked to leave all of it out
	Drafts  bool      // drafts and coming stories are in the edition
	Adopt   bool      // take over a folder that Stet did not write
	// Proof makes an edition for the desk's own eyes: errors keep back only what
	// they hit, and of that what the last edition had stays.
	Proof bool
	Jobs  int // workers; 0 is one for each core
	// Interpret leaves all layouts to html/template itself, which is slower and
	// makes the same edition.
	Interpret bool
	// Cache is where is kept what the next build need not do again. Files that
	// look as they did are left unread only if Started, the time by the clock at
	// which this build began, is given.
	Cache   cache.Folder
	Started time.Time
	// Memory, if not nil, is what builds of one process hand on to each other
	// beside that.
	Memory *Memory
	// Waiting, if not nil, is told that another build is making an edition in
	// the same folder, for whose end this one waits.
	Waiting func()
	// Desk makes the report have one: the site is read even if all of it stands.
	Desk bool
	// Placing, if not nil, is called before the first file is moved into place,
	// and what it returns after the last.
	Placing func() (placed func())
	// Pictures is the folder in which renditions are kept; one within that of
	// Cache, if "".
	Pictures string
	// Ordered, if not nil, is told who makes the renditions of a proof, before
	// that is put in place.
	Ordered func(*Renditions)
	// Listed, if not nil, is told how many files the site has, before any is
	// read, and how many pages, before any is made: none until that is known.
	Listed func(files, pages int)
	// Reading, if not nil, is told that not all of the edition stands for
	// certain, so that the site has to be read.
	Reading func()
	// Progress, if not nil, is told how many pages are done, of how many.
	Progress func(done, of int)
	// Clock, if not nil, makes the report say what took how long.
	Clock func() time.Time
}

// A Report says what a build did.
type Report struct {
	Made, Kept int
	Pages      []string // those that were made, sorted by path
	output.Report
	Skipped []site.Skipped
	Gone    []string     // stories in whose place a notice stands, for who plans a build
	Secret  []string     // what is under embargo, by source path: what is said may not name it
	Hushed  []string     // the words by which other files name that
	Next    time.Time    // when the edition changes by itself; zero if never
	Ledger  *page.Ledger // of a build without Memory and Desk, only its Pages can be read
	Desk    *Desk        // if it was wished for
	Lines   diag.Lines   // for showing problems with their lines
	Profile []Cost       // what took how long, if there was a clock
}

// again is how often a build begins anew because a file changed under it.
const again = 5

// errWaited tells that another build had the folder when this one had read the
// site. What was read may be older than what lies there now.
var errWaited = errors.New("another build was waited for")

// Run makes the edition. If any problem is an error, nothing was put in place,
// unless it is a proof.
func Run(ctx context.Context, o Options) (Report, []diag.Problem) {
	if o.Jobs < 1 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Waiting == nil {
		o.Waiting = func() {}
	}
	o.Waiting = sync.OnceFunc(o.Waiting)
	for n := 1; ; n++ {
		rep, problems, err := once(ctx, o)
		switch {
		case errors.Is(err, errWaited):
			n--
			continue
		case errors.Is(err, source.ErrChanged) && n < again:
			continue
		case errors.Is(err, context.Canceled):
			problems = append(problems, diag.Problem{Severity: diag.Error, Text: "stopped", Hint: "the old edition is as it was"})
		case err != nil:
			problems = append(problems, explain(o, err))
		}
		return rep, diag.Sort(problems)
	}
}

// Plan makes in memory what a build would make now, and puts nothing in place:
// what explains a site needs the notes of its pages, not the pages, so that no
// picture is decoded. It returns the ledger of the edition that lies there too.
func Plan(ctx context.Context, o Options) (Report, *page.Ledger, []diag.Problem) {
	if o.Jobs < 1 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	var rep Report
	past := new(page.Ledger)
	tree, problems, err := source.Open(o.Dir, o.Theme)
	if err != nil {
		return rep, past, append(problems, explain(o, noSite(o.Dir, err)))
	}
	defer tree.Close()
	notes := o.Memory.pages(o)
	p, found, err := open(o, tree, o.Memory.files(o))
	problems, rep.Lines = append(problems, found...), tree.Lines()
	rep.Secret, rep.Hushed = p.embargoed()
	if err == nil && p.site != nil {
		p.plan = true
		rep.Skipped, rep.Gone, rep.Next = p.site.Skipped, p.site.Gone(), p.site.Next
		there, _ := output.Look(o.Out) // what cannot be read is as good as nothing
		past = notes(there)
		p.restOn(past)
		rep.Ledger, found, err = p.make(ctx, past, there, func(page.Result) error { return nil }, &rep)
		problems = append(problems, found...)
	}
	if err != nil {
		problems = append(problems, explain(o, err))
	}
	return rep, past, diag.Sort(problems)
}

// Next says when the edition changes by itself, and what happens then. Nothing
// is made.
func Next(o Options) (time.Time, []site.Coming, Report, []diag.Problem) {
	if o.Jobs < 1 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	var rep Report
	tree, problems, err := source.Open(o.Dir, o.Theme)
	if err != nil {
		return time.Time{}, nil, rep, append(problems, explain(o, noSite(o.Dir, err)))
	}
	defer tree.Close()
	rep.Lines = tree.Lines()
	p, found, err := open(o, tree, o.Memory.files(o))
	problems = append(problems, found...)
	rep.Secret, rep.Hushed = p.embargoed()
	if err != nil {
		problems = append(problems, explain(o, err))
	}
	if p.site == nil {
		return time.Time{}, nil, rep, diag.Sort(problems)
	}
	return p.site.Next, p.site.Coming, rep, diag.Sort(problems)
}

func once(ctx context.Context, o Options) (rep Report, problems []diag.Problem, err error) {
	costs := newCosts(o.Clock)
	defer func() { rep.Profile = costs.list() }()
	waited, waiting := false, o.Waiting
	o.Waiting = func() { waited = true; waiting() }
	tree, listed, err := source.Open(o.Dir, o.Theme)
	if err != nil {
		return rep, listed, noSite(o.Dir, err)
	}
	defer tree.Close()
	if o.Listed != nil {
		o.Listed(len(tree.Files), 0)
	}
	costs.step("listing files")
	if rep, problems, ok := stands(ctx, tree, o, listed); ok && !waited {
		costs.step("seeing that all stands")
		return rep, problems, nil
	}
	if o.Reading != nil {
		o.Reading()
	}
	notes := o.Memory.pages(o)
	remembered := o.Memory.files(o)
	begun, never := o.begin(ctx) // later than what needs all cores
	p, err := load(o, tree, remembered)
	if err != nil {
		return rep, listed, errors.Join(err, never())
	}
	p.keeps = p.keepFiles()
	defer p.keeps() // whatever becomes of the site
	found, err := p.open()
	p.costs, problems = costs, slices.Concat(listed, found)
	rep.Secret, rep.Hushed = p.embargoed()
	costs.step("reading files")
	if err != nil {
		return rep, problems, errors.Join(err, never())
	}
	rep.Lines = tree.Lines()
	if diag.AnyError(problems) && p.site == nil {
		return rep, problems, never()
	}
	rep.Skipped, rep.Next = p.site.Skipped, p.site.Next
	edition, err := begun()
	if err != nil {
		return rep, problems, err
	}
	edition.BaseURL = p.config.BaseURL
	if waited {
		return rep, nil, errors.Join(errWaited, edition.Discard())
	}
	past := notes(edition)
	p.restOn(past)
	costs.step("reading notes")
	p.written, p.abouts = o.Memory == nil && !o.Desk, !o.Proof
	ledger, found, err := p.make(ctx, past, edition, func(r page.Result) error { return p.put(edition, r) }, &rep)
	problems = append(problems, found...)
	costs.step("making pages")
	wrong := diag.AnyError(problems)
	if err != nil || wrong && (!o.Proof || p.broken || p.unset) {
		return rep, problems, errors.Join(err, edition.Discard())
	}
	if wrong {
		edition.KeepRest()
	}
	if rep.Ledger = ledger; o.Desk {
		rep.Desk = &Desk{p, ledger}
	}
	problems, err = p.settle(edition, &rep, listed, problems)
	return rep, problems, err
}

// settle puts in place what was made, and keeps what the next build needs to let
// it stand. listed are the problems that listing the files had.
func (p *press) settle(edition *output.Edition, rep *Report, listed, problems []diag.Problem) (all []diag.Problem, err error) {
	p.rest(rep.Ledger)
	p.tellOrdered()
	pages := p.keepPages(rep.Ledger)
	if rep.Report, err = edition.Commit(); err != nil {
		pages("")
		return problems, err
	}
	p.costs.step("putting in place")
	err = errors.Join(pages(rep.ID), p.keeps())
	p.sweep(diag.AnyError(problems))
	p.o.Memory.keep(p, rep.ID, rep.Ledger)
	if err == nil {
		err = keepLast(p.o.Cache, p.tree, p.o, listed, *rep, problems)
	}
	if err != nil {
		problems = append(problems, forgetful(err))
	}
	p.costs.step("keeping for the next build")
	return problems, nil
}

// begin takes hold of the edition's folder and looks at what lies there, while
// the site is being read. Of the two functions one is to be called: begun when
// that is done, or never if nothing comes of it.
func (o Options) begin(ctx context.Context) (begun func() (*output.Edition, error), never func() error) {
	ctx, cancel := context.WithCancel(ctx)
	var edition *output.Edition
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		edition, err = output.Begin(ctx, o.Out, output.Options{Adopt: o.Adopt, Drafts: o.Drafts, Workers: o.Jobs, Waiting: o.Waiting, Placing: o.Placing})
		if err == nil && o.trusts(edition) {
			edition.Trust()
		} else if err == nil {
			edition.LookAhead()
		}
	}()
	begun = func() (*output.Edition, error) {
		<-done
		cancel()
		return edition, err
	}
	return begun, func() error {
		cancel()
		if <-done; err != nil {
			return nil // nobody wants to put anything there
		}
		return edition.Discard()
	}
}

// started is when the build began to look at files. Without it no file is ever
// old enough to be left unread.
func started(o Options) int64 {
	if o.Started.IsZero() {
		return 0
	}
	return o.Started.UnixNano()
}

// explain turns an error that is no problem of the site's into one.
func explain(o Options, err error) diag.Problem {
	var p diag.Problem
	if errors.As(err, &p) {
		p.Severity = diag.Error
		return p
	}
	if errors.Is(err, source.ErrChanged) {
		return diag.Problem{Severity: diag.Error, Text: err.Error(), Hint: "build again when nothing writes to the site's folder"}
	}
	return output.Explain(filepath.ToSlash(o.Out), err)
}
