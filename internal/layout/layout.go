// Package layout turns a page into HTML with the template of its kind.
//
// A layout is a whole file, named by its path: article.html begins with
// {{ template "base.html" . }} and defines the blocks that base.html leaves
// open. The [Layouts] are all files of layouts/, the site's own laid over the
// theme's. The set of an entry is every file that can be reached from it by
// name; what an entry defines itself wins over what the files it calls define.
// Each entry has its own set, so that two kinds of page may define the same
// block.
//
// A template sees the page's own data as its dot. Everything else it asks for
// with functions, and each of them puts a question to the site (see
// questions.go), so that the page's note knows what the page rests on. A
// fragment is a partial that sees nothing but its name and plain arguments; it
// is rendered once a build, however many pages show it.
//
// Layouts are compiled, see compile.go; html/template says what is escaped where,
// and executes whatever is not known to be the same compiled.
//
// What html/template says of mistakes is made for programmers, and often has
// no place. So every error is turned into a [diag.Problem] with file, line and
// column, the page that was being made, the way through the templates that led
// there, and what to do about it.
package layout

import (
	"slices"
	"strings"
	"sync"
	"time"

	"stet/internal/diag"
	"stet/internal/page"
)

// folder is where layouts lie in a site; problems name their files by it.
const folder = "layouts/"

// A Language is what templates need of a language. All of it is fixed for a
// build, so that `t` and `date` ask nothing.
type Language interface {
	// Text is the translated text of a key, with its arguments put in.
	Text(key string, args ...any) (string, error)
	// Date writes a time in one of the language's styles.
	Date(style string, t time.Time) (string, error)
	// Number writes a whole number with the language's digits.
	Number(n int) string
	// Upper writes a text in capitals, if the script has them.
	Upper(s string) string
	// Join makes one text of a list.
	Join(items []string) string
	// Parts are what the language says, as plain data: all but its styles of
	// dates, and these by name. A page rests on those styles alone that it uses.
	Parts() (words any, styles map[string]string)
}

// Layouts are the templates of a site. They are safe for parallel use.
type Layouts struct {
	files     map[string]*file
	names     []string        // of files, sorted
	fragments map[string]bool // by the names they are called by
	sets      map[string]*set
	theme     map[string]bool // layouts that are not the site's own
	languages map[string]spoken
	interpret bool
}

// Interpret has html/template execute all layouts, which is slower and gives
// the same. Who doubts that wants to see it: no page that was made compiled
// stands, so each layout is another one. It must be called before the first
// page is made.
func (l *Layouts) Interpret() {
	l.interpret = true
	for _, s := range l.sets {
		s.digest = page.SumAll(s.digest)
	}
}

// A spoken language has the digests of what it says.
type spoken struct {
	Language
	words  page.Digest
	styles map[string]string
}

// New reads layouts by their paths below layouts/ and reports all that is
// wrong with them before any page is made. The languages are known by their
// tags.
func New(files map[string][]byte, languages map[string]Language) (*Layouts, []diag.Problem) {
	l := &Layouts{files: map[string]*file{}, fragments: map[string]bool{}, sets: map[string]*set{}, languages: map[string]spoken{}}
	for tag, lang := range languages {
		words, styles := lang.Parts()
		l.languages[tag] = spoken{lang, page.Sum(words), styles}
	}
	var problems []diag.Problem
	for name, data := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		f, wrong := readFile(name, data)
		problems = append(problems, wrong...)
		l.files[name] = f
		if called, ok := strings.CutPrefix(name, partials); ok {
			l.fragments[called] = true
		}
		l.names = append(l.names, name)
	}
	slices.Sort(l.names)
	for _, name := range l.names {
		l.sets[name] = l.setOf(name)
	}
	problems = append(problems, l.check()...)
	return l, diag.Sort(problems)
}

// Theme says which layouts are the theme's. It must be called before the first
// page is made.
func (l *Layouts) Theme(names map[string]bool) { l.theme = names }

// Lookup returns the first of these names that there is a layout of: those of
// the site go before those of the theme, so that none of its own is passed over
// for one that it did not write.
func (l *Layouts) Lookup(candidates ...string) (name string, ok bool) {
	for _, c := range candidates {
		switch {
		case l.sets[c] == nil:
		case !l.theme[c]:
			return c, true
		case !ok:
			name, ok = c, true
		}
	}
	return name, ok
}

// Digest identifies a layout: its name and the bytes of every file that can be
// reached from it.
func (l *Layouts) Digest(name string) page.Digest {
	if s := l.sets[name]; s != nil {
		return s.digest
	}
	return page.Sum(nil)
}

// Names lists all layouts, in order of the alphabet.
func (l *Layouts) Names() []string { return slices.Clone(l.names) }

// Folder lists the layouts of a folder, without folder and ending: Folder("embeds")
// is the names of the blocks that Markdown may call.
func (l *Layouts) Folder(name string) []string {
	var names []string
	for _, n := range l.names {
		if rest, ok := strings.CutPrefix(n, name+"/"); ok {
			names = append(names, strings.TrimSuffix(rest, ".html"))
		}
	}
	return names
}

// A free list keeps renderers between executions; a sync.Pool would lose them,
// and with them the work of escaping a set once more.
type free struct {
	mu   sync.Mutex
	list []*renderer
}

func (f *free) take() *renderer {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.list)
	if n == 0 {
		return nil
	}
	r := f.list[n-1]
	f.list = f.list[:n-1]
	return r
}

func (f *free) put(r *renderer) {
	f.mu.Lock()
	f.list = append(f.list, r)
	f.mu.Unlock()
}
