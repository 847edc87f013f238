package page

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"stet/internal/diag"
)

// A Ledger holds what the pages of one edition asked and what they were
// answered. The zero Ledger knows nothing, so that every page is made. It is
// plain data, to be kept between builds.
type Ledger struct {
	Built     int64      // when the build began, in seconds since 1970; 0 if nobody said
	Pages     []PageNote // sorted by path
	Questions []Asked
	// Rests is what the answers rest on, in the words of whoever says of them
	// whether they stand. Make leaves it to its caller.
	Rests string

	late  *walk            // whose questions are written down as they are come to, and not laid out
	text  *text            // as it was read; nil if it was not, or is not held on to
	index *index           // of the questions; nil if there is none yet
	tells []int32          // the questions with which something is told; nil if nobody has looked yet
	paths map[string]int32 // the numbers of the pages; nil if nobody asked yet
}

// Forget lets go of pages that may not lie there as they were made.
func (l *Ledger) Forget(unsure func(path string) bool) {
	count := len(l.Pages)
	l.Pages = slices.DeleteFunc(l.Pages, func(p PageNote) bool { return unsure(p.Path) })
	if len(l.Pages) < count {
		l.text = nil // in which they have numbers
	}
}

// Has tells whether the ledger knows a page. It is not for several goroutines
// at once.
func (l *Ledger) Has(p Page) bool {
	i, ok := l.numbers()[p.Path]
	return ok && l.Pages[i].Page == p
}

// numbers are those of the pages by their paths.
func (l *Ledger) numbers() map[string]int32 {
	if l.paths == nil {
		l.paths = make(map[string]int32, len(l.Pages))
		for i := range l.Pages {
			l.paths[l.Pages[i].Path] = int32(i)
		}
	}
	return l.paths
}

// A PageNote is the note of one page: the numbers of its questions in the order
// they were asked, and the warnings given while it was made.
type PageNote struct {
	Page
	Made  int64 // when the build began that made it, as Ledger.Built
	Why   *Why  // that build made it; nil if the page was new
	Note  []int32
	Quote Quote
	Told  *Told // while it was made
}

// A Why is the reason for which a page was made again: the question that was
// answered differently, what that had asked that was, and so on to the root of
// it. Pages have theirs in common.
type Why struct {
	Spoilt    bool // the file did not lie there as it was left: there is no question
	Questions []Question
}

// A Told is what is told for as long as something stands. Of most things nothing
// is, and theirs is nil.
type Told struct{ Problems []diag.Problem }

func told(problems []diag.Problem) *Told {
	if len(problems) == 0 {
		return nil
	}
	return &Told{problems}
}

func (t *Told) problems() []diag.Problem {
	if t == nil {
		return nil
	}
	return t.Problems
}

// An Asked is a question, the digest of its answer and, if it was answered by
// asking, the note of that.
type Asked struct {
	Question
	Digest Digest
	Note   []int32
	Told   *Told // while it was answered
}

// questions visits those of the ledger in their order. What it shows is good
// until the next. If stand is not nil, it is told of runs of old ones that stand,
// by their numbers, in place of visits.
func (l *Ledger) questions(visit func(*Asked), stand func(from, to int)) {
	if l.late != nil {
		l.late.questions(visit, stand)
		return
	}
	for i := range l.Questions {
		visit(&l.Questions[i])
	}
}

// tellers are the numbers of the questions with which something is told.
func (l *Ledger) tellers() []int32 {
	if l.tells == nil {
		l.tells = []int32{}
		for n := range l.Questions {
			if l.Questions[n].Told != nil {
				l.tells = append(l.tells, int32(n))
			}
		}
	}
	return l.tells
}

// A Result is a page that was made, or that stands as it is.
type Result struct {
	Page
	Content *Content // valid until Put returns; nil if the page stands
	Why     *Why     // it was made; nil if it is new
}

// A Job is one build's work.
type Job struct {
	Makers  map[string]Maker
	Book    Book
	Workers int   // at least 1
	Began   int64 // when the build did, as Ledger.Built
	// Stands tells whether the file that the last build made for this path is
	// still there. If nil, no page stands.
	Stands func(path string) bool
	// Piece, if not nil, fills b from a file of the last edition.
	Piece func(path string, b []byte, at int64) error
	// More lists pages that are called for by what was asked, such as the
	// files that are linked to: asked gives the arguments of all questions of
	// one of the kinds in Calls, sorted. It is called until it names no new page.
	More  func(ask *Ask, asked func(kind string) []string) ([]Page, error)
	Calls []string
	// Put takes a page. It may be called by several workers at once. Its
	// error ends the build.
	Put func(Result) error
	// Progress, if not nil, is told how many pages are done, of how many.
	Progress func(done, of int)
	// Written says that the next ledger is only to be written down: its Questions
	// are not laid out, which takes as much memory again as what was asked.
	Written bool
	// Once says that no other build will compare what this one was answered: no
	// digest is taken of answers that do not give theirs.
	Once bool
	// Clock and Took, if both are given, measure: Took is told how long each
	// page and each answer took. It may be called by several workers at once.
	Clock func() time.Time
	Took  func(Took)
}

// Make makes those pages that are new or would be answered differently now. It
// returns the ledger of this build, and the problems of all that the edition
// rests on, made or not. The error is not nil if the build was cut short. Pages
// that could not be made are not put, and the ledger does not know of them. The
// old ledger's questions become the new one's: it is not to be used again.
func (l *Ledger) Make(ctx context.Context, pages []Page, job Job) (*Ledger, []diag.Problem, error) {
	b := &run{job: job, desk: newDesk(job.Book, l), olds: l.numbers()}
	b.desk.piece = job.Piece
	b.desk.watch, b.desk.once = stopwatch{job.Clock, job.Took}, job.Once
	for todo := pages; len(todo) > 0; {
		if err := b.make(ctx, todo); err != nil {
			return nil, nil, err
		}
		if job.More == nil {
			break
		}
		var err error
		if todo, err = b.more(); err != nil {
			return nil, nil, err
		}
	}
	next, problems := b.ledger()
	return next, problems, nil
}

// A run is one call of Make.
type run struct {
	job    Job
	desk   *desk
	olds   map[string]int32 // by path: numbers of pages in the old ledger
	pages  []made
	walked *walk // nil before the first
}

// A made is a page of this build.
type made struct {
	Page
	old   int32 // its number in the old ledger if it stands, else -1
	wrong bool  // it could not be made
	note  *note // if it was made
	quote Quote // that it has then
	why   *Why
}

func (b *run) make(ctx context.Context, todo []Page) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	first := len(b.pages)
	b.pages = slices.Grow(b.pages, len(todo))
	for _, p := range todo {
		b.pages = append(b.pages, made{Page: p, old: -1})
	}
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range max(1, b.job.Workers) {
		wg.Go(func() {
			a := &Ask{desk: b.desk}
			for ctx.Err() == nil {
				i := first + int(next.Add(1)) - 1
				if i >= len(b.pages) {
					return
				}
				if err := b.page(a, i); err != nil {
					cancel(err)
				}
				if b.job.Progress != nil {
					b.job.Progress(first+int(done.Add(1)), len(b.pages))
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// page makes one page, or lets it stand.
func (b *run) page(a *Ask, i int) error {
	p := &b.pages[i]
	a.note = nil
	a.again = again{}
	if old, ok := b.olds[p.Path]; ok && b.desk.past.ledger.Pages[old].Page == p.Page {
		if p.why, ok = b.stands(a, old); ok {
			p.old = old
			return b.job.Put(Result{Page: p.Page})
		}
		a.again.note = b.desk.past.ledger.Pages[old].Note
	}
	p.note = &note{asked: make([]int32, 0, 16)} // more than most pages ask
	a.note, a.page, a.quoted = p.note, p.note, quoted{}
	to := contents.Get().(*Content)
	defer contents.Put(to)
	to.Body.Reset()
	to.Copy, to.About = "", ""
	maker := b.job.Makers[p.Kind]
	if maker == nil {
		p.wrong = true
		a.Report(diag.Problem{Severity: diag.Error, Text: "nobody makes pages of the kind " + p.Kind, While: "making " + p.Path})
		return nil
	}
	lap := a.start()
	err := maker(a, p.Page, to)
	a.stop(lap, Took{Page: p.Page})
	if err != nil {
		p.wrong = true
		a.Report(problemsOf(err, p.Path)...)
		return nil
	}
	p.quote = a.quote(to.Body.Bytes())
	return b.job.Put(Result{Page: p.Page, Content: to, Why: p.why})
}

var contents = sync.Pool{New: func() any { return new(Content) }}

// stands tells whether a page that was made before stands, and if not, why.
func (b *run) stands(a *Ask, old int32) (*Why, bool) {
	was := &b.desk.past.ledger.Pages[old]
	if b.job.Stands == nil || !b.job.Stands(was.Path) {
		return spoilt, false
	}
	if n := b.desk.differs(a, was.Note); n >= 0 {
		return b.desk.past.why(n), false
	}
	return nil, true
}

// more asks for the pages that are called for and not yet among those made.
func (b *run) more() ([]Page, error) {
	byKind := map[string][]string{}
	b.walk().asked(func(q Question) {
		if slices.Contains(b.job.Calls, q.Kind) {
			byKind[q.Kind] = append(byKind[q.Kind], q.Args)
		}
	})
	for _, args := range byKind {
		slices.Sort(args)
	}
	called, err := b.job.More(&Ask{desk: b.desk, note: new(note)}, func(kind string) []string { return byKind[kind] })
	have := make(map[Page]bool, len(called))
	for _, p := range called {
		have[p] = false
	}
	for i := range b.pages {
		if _, called := have[b.pages[i].Page]; called {
			have[b.pages[i].Page] = true
		}
	}
	var todo []Page
	for _, p := range called {
		if !have[p] {
			have[p] = true
			todo = append(todo, p)
		}
	}
	return todo, err
}
