package source

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"stet/internal/diag"
)

// A step is a folder on the way to another one.
type step struct {
	name string
	from *step
}

// A lister walks the folders of a site, several at a time. Real folders are
// walked by their path; only links go through the root, which refuses those
// that lead out.
type lister struct {
	dir  string
	root *os.Root
	top  *os.File     // the site's folder
	free chan *looker // those of further workers that may begin
	busy sync.WaitGroup

	mu       sync.Mutex
	problems []diag.Problem
}

// An entry is what a folder has under a name.
type entry struct {
	path string      // ends in a slash as long as it may be a folder, and then
	mode fs.FileMode // its kind, and no more
	stat Stat        // of a file
}

// bare is the path of an entry without the slash.
func (e *entry) bare() string { return strings.TrimSuffix(e.path, "/") }

// A looker tells what folders of the site have.
type looker struct {
	l     *lister
	room  []entry         // for what the folder has that it looks at
	paths strings.Builder // of entries, many in one piece
	buf   []byte          // what the system says of a folder
}

func (l *lister) looker() *looker { return &looker{l: l} }

// piece is how many bytes of paths are asked for at once: of some folders, and few
// enough for what is kept of one file to keep those of its neighbours.
const piece = 1 << 11

// path puts the path of an entry together, with a slash at its end: that of a
// file is a part of it.
func (k *looker) path(folder string, name []byte) string {
	if n := len(folder) + len(name) + 2; k.paths.Cap()-k.paths.Len() < n {
		k.paths.Reset() // those that were handed out keep the piece they lie in
		k.paths.Grow(max(n, piece))
	}
	from := k.paths.Len()
	k.paths.WriteString(folder)
	k.paths.WriteByte('/')
	k.paths.Write(name)
	k.paths.WriteByte('/')
	return k.paths.String()[from:]
}

// A part is what was listed of a folder: its files, and before some of them, by
// their number, what lies in its folders.
type part struct {
	files []File
	below []below
}

type below struct {
	before int
	path   string // of the folder, with a slash at its end
	part
}

// count is how many files a part has.
func (p *part) count() int {
	n := len(p.files)
	for i := range p.below {
		n += p.below[i].count()
	}
	return n
}

// flat appends the files of a part in the order of their paths.
func (p *part) flat(files []File) []File {
	done := 0
	for i := range p.below {
		b := &p.below[i]
		files = append(files, p.files[done:b.before]...)
		files, done = b.flat(files), b.before
	}
	return append(files, p.files[done:]...)
}

// list lists what lies below these paths, sorted by path.
func (l *lister) list(names ...string) (files []File, err error) {
	if l.top, err = l.root.Open("."); err != nil {
		return nil, err
	}
	defer l.top.Close()
	l.free = make(chan *looker, runtime.GOMAXPROCS(0))
	for range cap(l.free) {
		l.free <- l.looker()
	}
	var there []entry
	for _, name := range names {
		info, err := os.Lstat(filepath.Join(l.dir, filepath.FromSlash(name)))
		if err == nil {
			there = append(there, entryOf(name+"/", info))
		} else if !errors.Is(err, fs.ErrNotExist) {
			l.fail(name, err)
		}
	}
	var all part
	l.entries(there, nil, &all)
	l.walk(all.below, nil, l.looker())
	l.busy.Wait()
	return all.flat(make([]File, 0, all.count())), nil
}

func entryOf(path string, info fs.FileInfo) entry {
	return entry{path, info.Mode().Type(), statOf(info)}
}

func (l *lister) problem(p diag.Problem) {
	l.mu.Lock()
	l.problems = append(l.problems, p)
	l.mu.Unlock()
}

// entries lists what a folder has, but not what lies in its folders.
func (l *lister) entries(all []entry, at *step, to *part) {
	files, folders := 0, 0
	for i := range all {
		e := &all[i]
		if e.mode&fs.ModeSymlink != 0 {
			l.follow(e, at)
		}
		if e.mode.IsDir() { // its slash puts it where its files belong
			folders++
		} else {
			e.path = e.bare()
			files++
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	to.files, to.below = make([]File, 0, files), make([]below, 0, folders)
	for i := range all {
		switch e := &all[i]; {
		case e.mode.IsDir():
			to.below = append(to.below, below{before: len(to.files), path: e.path})
		case e.mode.IsRegular():
			to.files = append(to.files, File{Path: e.path, Stat: e.stat})
		case e.mode&fs.ModeSymlink == 0: // of a link it was said what is wrong
			l.problem(diag.Problem{Path: e.path, Text: "this is neither a file nor a folder", Hint: "it was left out; remove it from the site"})
		}
	}
}

// follow puts what a link leads to in its place, if it may.
func (l *lister) follow(e *entry, at *step) {
	name := e.bare()
	info, err := l.root.Stat(filepath.FromSlash(name))
	switch {
	case err != nil:
		l.link(name, err)
	case info.IsDir() && l.back(at, info):
		l.problem(diag.Problem{Severity: diag.Error, Path: name,
			Text: "this link leads in a circle", Hint: "remove it: it leads back to a folder that it lies in"})
	default:
		*e = entryOf(e.path, info)
	}
}

// back tells whether a folder is one of those on the way to it.
func (l *lister) back(at *step, info fs.FileInfo) bool {
	for ; at != nil; at = at.from {
		if there, err := l.root.Stat(filepath.FromSlash(at.name)); err == nil && os.SameFile(there, info) {
			return true
		}
	}
	return false
}

// walk lists folders. A worker that is free gets half of them: most are small, and
// to wake it for each costs as much as to look at one.
func (l *lister) walk(folders []below, from *step, k *looker) {
	for len(folders) > 0 {
		if mine := (len(folders) + 1) / 2; mine < len(folders) {
			select {
			case own := <-l.free:
				theirs := folders[mine:]
				folders = folders[:mine]
				l.busy.Go(func() {
					l.walk(theirs, from, own)
					l.free <- own
				})
			default:
			}
		}
		l.folder(&folders[0], from, k)
		folders = folders[1:]
	}
}

// folder lists a folder.
func (l *lister) folder(to *below, from *step, k *looker) {
	at := &step{strings.TrimSuffix(to.path, "/"), from}
	k.room = k.room[:0]
	err := k.look(at.name)
	if errors.Is(err, fs.ErrNotExist) {
		return // it went just now
	}
	if err != nil {
		l.fail(at.name, err)
		return
	}
	l.entries(k.room, at, &to.part)
	l.walk(to.below, at, k)
}

// unseen is Unseen of a name in a folder.
func unseen(folder, name string) bool { return Dropping(name) || hidden(folder, name) }

// Unseen tells whether a build does not see a file or folder of this path, in a
// folder that it sees: it is a dropping, or a dot file.
func Unseen(name string) bool {
	return unseen(path.Dir(name), path.Base(name))
}

// hidden tells whether a dot file is none of the site's: all but those of
// static/, such as .well-known.
func hidden(folder, name string) bool {
	if name[0] != '.' {
		return false
	}
	return name == ".git" || !(folder == "static" || len(folder) > 7 && folder[:7] == "static/")
}

func (l *lister) fail(name string, err error) {
	l.problem(diag.Problem{Severity: diag.Error, Path: name,
		Text: "cannot be read: " + reason(err), Hint: "see to it that you may read it, or remove it from the site"})
}

func (l *lister) link(name string, err error) {
	p := diag.Problem{Severity: diag.Error, Path: name, Text: "this link leads out of the site", Hint: "put the file itself here: a build reads nothing from outside the site's folder"}
	if errors.Is(err, fs.ErrNotExist) {
		p.Text, p.Hint = "this link leads nowhere", "remove it, or put back what it leads to"
	}
	l.problem(p)
}

// reason is the cause of a file system's error without the path, which stands
// before it already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
