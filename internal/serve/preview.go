package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"

	"stet/internal/diag"
)

// A Preview serves an edition that is made again and again, and tells the pages
// that are open what has changed.
//
// Editions are numbered as they are shown. Each page knows the number that it
// was made from, and the preview knows for each file at which number it last
// changed: a page that slept through some editions learns on its return whether
// it is stale. The numbers hold for one run of the program; to a page of
// another run everything has changed.
type Preview struct {
	plain *handler
	dir   string
	asOf  func(string) error
	make  func(context.Context, string) []byte
	run   string
	beat  time.Duration // how often an event stream shows that it lives
	grace time.Duration // how long a page may take to read what it is told

	gate sync.RWMutex // held while files are put in place, and shared by who opens them

	mu      sync.Mutex // guards what follows
	edition Edition
	number  int
	changed map[string]int // file → the edition at which it last changed
	streams map[chan struct{}]bool
}

// NewPreview serves an edition of which it will be told.
func NewPreview(edition fs.FS, o Options) *Preview {
	return &Preview{
		plain: newHandler(edition, o), dir: o.Dir, asOf: o.AsOf, make: o.Make, run: rand.Text(),
		beat: 20 * time.Second, grace: 5 * time.Second,
		changed: map[string]int{}, streams: map[chan struct{}]bool{},
	}
}

// Hold makes requests wait until release is called, while files are put in
// place: every answer is of the edition before or of the one after, never a mix.
// Whoever reads an answer slowly does not make Hold wait.
func (p *Preview) Hold() (release func()) {
	p.gate.Lock()
	return sync.OnceFunc(p.gate.Unlock)
}

// Show tells the open pages of a build. It is called after each, also after one
// that failed.
func (p *Preview) Show(e Edition) {
	if _, err := fs.Stat(p.plain.edition, strings.TrimSuffix(galley, "/")); err == nil {
		e.Problems = append(e.Problems[:len(e.Problems):len(e.Problems)], Problem{Problem: reserved})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.number++
	for _, files := range [][]string{e.Changed, e.Removed, {galley}} {
		for _, file := range files {
			p.changed[file] = p.number
		}
	}
	p.edition = e
	for wake := range p.streams {
		select {
		case wake <- struct{}{}:
		default: // it is awake, and will see this edition too
		}
	}
}

// nothing is shown where the edition has not even a page for what it has not: it
// could not be made yet. It is a page, so that it can say why and give way.
var nothing = []byte("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Nothing here</title>\n<body>\n<p>There is no page here.</p>\n</body>\n</html>\n")

// galley is the folder of the preview's own pages. An edition has nothing there.
const galley = "_stet/"

var reserved = diag.Problem{
	Text: "the edition has a folder _stet, which cannot be seen here: the preview keeps its own pages there",
	Hint: "give the folder in static/, or the section in content/, another name",
}

// ServeHTTP answers a request.
func (p *Preview) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.plain.door.admits(w, r) {
		return
	}
	if name, ok := strings.CutPrefix(r.URL.Path, p.plain.base+"/"+galley); ok {
		p.own(w, r, name)
		return
	}
	if reads(w, r) {
		a := p.find(r)
		a.send(w, r)
	}
}

// find finds what is answered to a request for a file of the edition.
func (p *Preview) find(r *http.Request) answer {
	if r.URL.Path == p.plain.base+"/"+strings.TrimSuffix(galley, "/") {
		return answer{status: http.StatusMovedPermanently, to: r.URL.Path + "/"}
	}
	number := p.now() // before the file is opened: a page may be newer than it says, never older
	p.gate.RLock()
	a := p.plain.find(r.URL)
	p.gate.RUnlock()
	if a.status != http.StatusOK {
		a = p.made(r, a)
	}
	if a.status == http.StatusNotFound && a.name == "" {
		a.name, a.content = "404.html", memory{bytes.NewReader(nothing)}
	}
	return p.inject(a, r.URL.Path, number)
}

// made is what is made now that the edition has not, else what was found in its
// place. It takes its time, so that the gate must be open: who holds files back
// would wait for it, and everybody for him.
func (p *Preview) made(r *http.Request, found answer) answer {
	name, inside := strings.CutPrefix(r.URL.Path, p.plain.base+"/")
	if p.make == nil || !inside || hidden(name) {
		return found
	}
	if _, _, ruled := p.plain.redirected(r.URL, false); ruled {
		return found
	}
	data := p.make(r.Context(), name)
	if data == nil {
		return found
	}
	sum := sha256.Sum256(data)
	return answer{status: http.StatusOK, name: name, tag: fmt.Sprintf("%x", sum[:12]), content: memory{bytes.NewReader(data)}}
}

func (p *Preview) now() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.number
}

func (p *Preview) shown() Edition {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.edition
}
