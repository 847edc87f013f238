package source

import (
	"cmp"
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
	name string      // that of a folder ends in a slash, which puts it where its files belong
	mode fs.FileMode // its kind, and no more
	stat Stat        // of a file
}

// A part is what was listed of a folder: its files, and before some of them, by
// their number, what lies in its folders.
type part struct {
	files []File
	below []below
}

type below struct {
	before int
	*part
}

// count is how many files a part has.
func (p *part) count() int {
	n := len(p.files)
	for _, b := range p.below {
		n += b.count()
	}
	return n
}

// flat appends the files of a part in the order of their paths.
func (p *part) flat(files []File) []File {
	done := 0
	for _, b := range p.below {
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
			there = append(there, entryOf(name, info))
		} else if !errors.Is(err, fs.ErrNotExist) {
			l.fail(name, err)
		}
	}
	var all part
	l.entries("", there, nil, &all, l.looker())
	l.busy.Wait()
	return all.flat(make([]File, 0, all.count())), nil
}

func entryOf(name string, info fs.FileInfo) entry {
	return entry{name, info.Mode().Type(), statOf(info)}
}

func (l *lister) problem(p diag.Problem) {
	l.mu.Lock()
	l.problems = append(l.problems, p)
	l.mu.Unlock()
}

// entries lists what a folder has. The path of the folder ends in a slash.
func (l *lister) entries(folder string, all []entry, at *step, to *part, k *looker) {
	for i := range all {
		e := &all[i]
		if e.mode&fs.ModeSymlink != 0 {
			l.follow(folder+e.name, e, at)
		}
		if e.mode.IsDir() {
			e.name += "/"
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	for _, e := range all {
		switch name := folder + e.name; {
		case e.mode.IsDir():
			in := new(part)
			to.below = append(to.below, below{len(to.files), in})
			l.branch(name, at, in, k)
		case e.mode.IsRegular():
			to.files = append(to.files, File{Path: name, Stat: e.stat})
		case e.mode&fs.ModeSymlink == 0: // of a link it was said what is wrong
			l.problem(diag.Problem{Path: name, Text: "this is neither a file nor a folder", Hint: "it was left out; remove it from the site"})
		}
	}
}

// follow puts what a link leads to in its place, if it may.
func (l *lister) follow(name string, e *entry, at *step) {
	info, err := l.root.Stat(filepath.FromSlash(name))
	switch {
	case err != nil:
		l.link(name, err)
	case info.IsDir() && l.back(at, info):
		l.problem(diag.Problem{Severity: diag.Error, Path: name,
			Text: "this link leads in a circle", Hint: "remove it: it leads back to a folder that it lies in"})
	default:
		*e = entryOf(e.name, info)
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

// branch lists a folder, by another worker if one is free.
func (l *lister) branch(name string, from *step, to *part, k *looker) {
	select {
	case own := <-l.free:
		l.busy.Go(func() {
			l.folder(name, from, to, own)
			l.free <- own
		})
	default:
		l.folder(name, from, to, k)
	}
}

// folder lists a folder, whose name ends in a slash.
func (l *lister) folder(name string, from *step, to *part, k *looker) {
	bare := strings.TrimSuffix(name, "/")
	all, err := k.look(bare)
	if errors.Is(err, fs.ErrNotExist) {
		return // it went just now
	}
	if err != nil {
		l.fail(bare, err)
		return
	}
	l.entries(name, all, &step{bare, from}, to, k)
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
