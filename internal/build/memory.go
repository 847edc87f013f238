package build

import (
	"encoding/binary"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zeebo/xxh3"

	"stet/internal/article"
	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/output"
	"stet/internal/page"
	"stet/internal/plain"
	"stet/internal/source"
)

// What a build leaves for the next one are two memories. That of the site's
// files is worth something for as long as they look as they did. That of the
// pages is worth something only for the edition whose name it bears; any doubt
// about it means that everything is made again.
const (
	recordsFile = "files"
	ledgerFile  = "pages"
)

// A Memory is both of these as the last build of this process left them, which
// spares the next from reading what was written down. It holds the site too,
// which is the same as long as all is that it is made of. The zero Memory, and
// none, know nothing.
type Memory struct {
	records source.Past[*article.Article]
	ledger  *page.Ledger
	edition string

	claims page.Digest // that the site was made of
	from   time.Time   // it was made for
	press  *press      // that made it
}

// files is what is remembered of the site's files.
func (m *Memory) files(o Options) source.Past[*article.Article] {
	if m == nil || m.records.Records == nil {
		return rememberFiles(o.Cache, o.Dir, o.Jobs)
	}
	return m.records
}

// pages is what is remembered of pages, to be told for which edition it is
// wanted. It may be that of another process meanwhile.
func (m *Memory) pages(o Options) func(*output.Edition) *page.Ledger {
	if m == nil || m.ledger == nil {
		return readPages(o.Cache, o.Memory != nil)
	}
	return func(e *output.Edition) *page.Ledger {
		if id, _ := e.Past(); id != m.edition {
			return readPages(o.Cache, o.Memory != nil)(e)
		}
		l := m.ledger
		m.ledger = nil // as it is used up
		return believed(l, m.edition, e)
	}
}

// keep remembers what a build has read and made.
func (m *Memory) keep(p *press, edition string, l *page.Ledger) {
	if m != nil {
		from := p.o.Now
		if m.press != nil && m.press.site == p.site {
			from = m.from
		}
		claims, _ := p.claims()
		*m = Memory{source.Past[*article.Article]{Records: p.records, Started: started(p.o)}, l, edition, claims, from, p}
	}
}

// trusts tells whether the files of an edition need not be looked at before the
// next is made of it: of a proof, whose folder is Stet's own, if the build before
// put it there. Whoever trusts it is to look afterwards.
func (o Options) trusts(e *output.Edition) bool {
	id, _ := e.Past()
	return o.Proof && o.Memory != nil && id != "" && id == o.Memory.edition
}

// Stands tells whether the edition that these builds made last still lies in a
// folder as it was left. It is so if they made none.
func (m *Memory) Stands(dir string, workers int) bool {
	if m.edition == "" {
		return true
	}
	e, err := output.Look(dir)
	if err != nil {
		return false
	}
	_, ok := e.AllStand(m.edition, workers)
	return ok
}

// last is the press of the build before, nil if there is none.
func (m *Memory) last() *press {
	if m == nil {
		return nil
	}
	return m.press
}

// recall gives a press the site of the build before, if it would be the same,
// and the list of its pages. A site with twins is listed anew, to tell of them.
func (m *Memory) recall(p *press) bool {
	if m == nil || m.press == nil {
		return false
	}
	was := m.press
	next := was.site.Next
	claims, _ := p.claims()
	if p.broken || p.unset || was.broken || len(was.places.twins) > 0 || m.claims != claims || p.o.Now.Before(m.from) || !next.IsZero() && !p.o.Now.Before(next) {
		m.press = nil // two sites at a time would take twice the memory
		return false
	}
	p.site, p.found, p.listed, p.places = was.site, was.found, was.listed, was.places
	p.places.forget()
	return true
}

// recordsHead stands before the records.
type recordsHead struct {
	Dir     string // of the site
	Started int64
	Records int
}

// recordHead stands before what a file says.
type recordHead struct {
	File     source.File
	Sum      source.Sum
	Problems []diag.Problem
	Words    int
	Outline  source.Sum
	Said     int // bytes
}

// says is what a file says but for the number of its words, which is asked for
// by itself.
func says(b []byte, a *article.Article) []byte {
	if a == nil {
		return b
	}
	but := drafts.Get().(*article.Article)
	defer drafts.Put(but)
	*but = *a
	but.Words = 0
	but.Bare()
	return plain.Append(b, but)
}

// saysOf is the sum of what a file says, and that of its outline.
func saysOf(said []byte, a *article.Article) source.Says {
	return source.Says{All: source.SumOf(said), Outline: source.SumOf(outline(nil, a))}
}

// outline is what a file says but for what a story says of itself to readers alone:
// its headline, summary and captions, and where in the file what is written. Other
// files say nothing to readers alone: sections and topics give their names to others.
func outline(b []byte, a *article.Article) []byte {
	but := drafts.Get().(*article.Article)
	defer drafts.Put(but)
	*but = *a
	but.Words = 0
	if a.Kind == article.Story {
		but.Title, but.Deck, but.Summary, but.BodyLine, but.Marks = "", "", "", 0, nil
		if a.Image != nil {
			bare := *a.Image
			bare.Alt, bare.Caption, bare.Credit, bare.Line, bare.Column = "", "", "", 0, 0
			but.Image = &bare
		}
	}
	but.Bare()
	return plain.Append(b, but)
}

// drafts are articles to be changed before they are written down.
var drafts = sync.Pool{New: func() any { return new(article.Article) }}

// rememberFiles reads what the last build read of the site's files.
func rememberFiles(f cache.Folder, dir string, jobs int) source.Past[*article.Article] {
	var none source.Past[*article.Article]
	text, ok := f.Read(recordsFile)
	if !ok {
		return none
	}
	var head recordsHead
	rest, err := plain.Read(text, &head)
	if err != nil || head.Dir != absolute(dir) || head.Records > len(rest) {
		return none
	}
	records := make([]source.Record[*article.Article], head.Records)
	for i := range records {
		if len(rest) < 4 {
			return none
		}
		size := binary.LittleEndian.Uint32([]byte(rest[:4]))
		if rest = rest[4:]; uint64(size) > uint64(len(rest)) {
			return none
		}
		records[i].Kept, rest = rest[:size], rest[size:]
	}
	var wg sync.WaitGroup
	var damaged atomic.Bool
	step := len(records)/max(1, jobs) + 1
	for from := 0; from < len(records); from += step {
		wg.Go(func() {
			room := new(shelf)
			for i := from; i < min(from+step, len(records)); i++ {
				if !remember(&records[i], room) {
					damaged.Store(true)
					return
				}
			}
		})
	}
	wg.Wait()
	if damaged.Load() {
		return none
	}
	return source.Past[*article.Article]{Records: records, Started: head.Started}
}

// A shelf is room for articles, which lie beside each other.
type shelf struct{ room []article.Article }

func (s *shelf) next() *article.Article {
	if len(s.room) == 0 {
		s.room = make([]article.Article, 64)
	}
	a := &s.room[0]
	s.room = s.room[1:]
	return a
}

// remember reads a record as it was written down.
func remember(r *source.Record[*article.Article], room *shelf) bool {
	var h recordHead
	said, err := plain.Read(r.Kept, &h)
	if err != nil || h.Said != len(said) {
		return false
	}
	r.File, r.Sum, r.Problems = h.File, h.Sum, h.Problems
	if said == "" {
		return true
	}
	r.Said = room.next()
	if _, err := plain.Read(said, &r.Said); err != nil || r.Said == nil {
		return false
	}
	r.Said.Settle()
	r.Said.Words, r.Says = h.Words, source.Says{All: xxh3.HashString128(said).Bytes(), Outline: h.Outline}
	return true
}

// keepFiles writes down what this build read. How it did is not held on to: where
// another build follows in this process, that would be all articles twice.
func keepFiles(f cache.Folder, dir string, past source.Past[*article.Article]) error {
	return f.Write(recordsFile, func(w io.Writer) error {
		b := plain.Append(nil, recordsHead{absolute(dir), past.Started, len(past.Records)})
		var said []byte
		for i := range past.Records {
			r := &past.Records[i]
			at := len(b)
			if b = append(append(b, 0, 0, 0, 0), r.Kept...); r.Kept == "" {
				words := 0
				if said = says(said[:0], r.Said); r.Said != nil {
					words = r.Said.Words
				}
				if r.Said != nil && r.Says == (source.Says{}) {
					r.Says = saysOf(said, r.Said)
				}
				b = append(plain.Append(b, recordHead{r.File, r.Sum, r.Problems, words, r.Says.Outline, len(said)}), said...)
			}
			binary.LittleEndian.PutUint32(b[at:], uint32(len(b)-at-4))
			if len(b) > 1<<16 {
				if _, err := w.Write(b); err != nil {
					return err
				}
				b = b[:0]
			}
		}
		_, err := w.Write(b)
		return err
	})
}

// readPages reads the notes that were kept, while others do other things. What
// it returns is to be told in which folder the edition lies that they are wanted
// for.
func readPages(f cache.Folder, apart bool) func(*output.Edition) *page.Ledger {
	var l *page.Ledger
	var edition string
	done := make(chan bool)
	go func() {
		defer close(done)
		if text, ok := f.Read(ledgerFile); ok {
			var err error
			if l, edition, err = page.ReadLedger(text, apart); err != nil {
				l = nil
			}
		}
	}()
	return func(e *output.Edition) *page.Ledger {
		<-done
		return believed(l, edition, e)
	}
}

// believed is what is known for certain of the pages of the edition that lies
// there.
func believed(l *page.Ledger, edition string, e *output.Edition) *page.Ledger {
	id, sure := e.Past()
	if l == nil || id == "" || id != edition {
		return &page.Ledger{}
	}
	l.Forget(func(p string) bool { return !sure(p) })
	return l
}

var errNoEdition = errors.New("there is no edition")

// keepPages writes down what the pages of an edition asked, while that is being
// put in place. What it returns is to be told the name that the edition then
// has; with none, all is as it was.
func (p *press) keepPages(l *page.Ledger) func(edition string) error {
	if p.o.Cache.Dir == "" {
		return func(string) error { return nil }
	}
	name := make(chan string, 1)
	write := p.meanwhile(func() error {
		return p.o.Cache.Write(ledgerFile, func(w io.Writer) error {
			if _, err := l.WriteTo(w); err != nil {
				return err
			}
			edition := <-name
			if edition == "" {
				return errNoEdition
			}
			_, err := io.WriteString(w, edition)
			return err
		})
	})
	return func(edition string) error {
		name <- edition
		return write()
	}
}

// keepFiles writes down what was read, while a site is made of it. What it
// returns waits for the end.
func (p *press) keepFiles() func() error {
	if p.read == 0 || p.o.Cache.Dir == "" {
		return func() error { return nil }
	}
	return p.meanwhile(func() error {
		return keepFiles(p.o.Cache, p.o.Dir, source.Past[*article.Article]{Records: p.records, Started: started(p.o)})
	})
}

// meanwhile does something beside the build. What it returns waits for the end,
// and where somebody waits for the edition itself, nothing is done before that.
func (p *press) meanwhile(do func() error) func() error {
	if p.o.Memory != nil {
		return sync.OnceValue(do)
	}
	done := make(chan error, 1)
	go func() { done <- do() }()
	return sync.OnceValue(func() error { return <-done })
}

func absolute(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		return abs
	}
	return dir
}

// forgetful says that the next build will have to do everything again.
func forgetful(err error) diag.Problem {
	return diag.Problem{Text: "what this build learnt cannot be kept: " + strings.TrimPrefix(err.Error(), "open "),
		Hint: "the edition is right, but the next build makes every page again; give a folder that can be written with --cache"}
}
