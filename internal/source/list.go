package source

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"sync"

	"stet/internal/diag"
)

// A step is a folder on the way to another one.
type step struct {
	info fs.FileInfo
	from *step
}

// back tells whether a folder is one of those on the way to it.
func (s *step) back(info fs.FileInfo) bool {
	for ; s != nil; s = s.from {
		if os.SameFile(s.info, info) {
			return true
		}
	}
	return false
}

// A lister walks the folders of a site, several at a time. Real folders are
// walked by their path; only links go through the root, which refuses those
// that lead out.
type lister struct {
	dir  string
	root *os.Root
	free chan bool // holds a value for each further worker that may begin
	busy sync.WaitGroup

	mu       sync.Mutex
	files    []File
	problems []diag.Problem
}

func newLister(dir string, root *os.Root) *lister {
	l := &lister{dir: dir, root: root, free: make(chan bool, runtime.GOMAXPROCS(0))}
	for range cap(l.free) {
		l.free <- true
	}
	return l
}

// list lists what lies below these paths.
func (l *lister) list(names ...string) {
	for _, name := range names {
		l.entry(name, nil)
	}
	l.busy.Wait()
}

func (l *lister) file(f File) {
	l.mu.Lock()
	l.files = append(l.files, f)
	l.mu.Unlock()
}

func (l *lister) problem(p diag.Problem) {
	l.mu.Lock()
	l.problems = append(l.problems, p)
	l.mu.Unlock()
}

func (l *lister) entry(name string, from *step) {
	info, err := os.Lstat(filepath.Join(l.dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		l.fail(name, err)
		return
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		if info, err = l.root.Stat(filepath.FromSlash(name)); err != nil {
			l.link(name, err)
			return
		}
		if info.IsDir() && from.back(info) {
			l.problem(diag.Problem{Severity: diag.Error, Path: name,
				Text: "this link leads in a circle", Hint: "remove it: it leads back to a folder that it lies in"})
			return
		}
	}
	switch {
	case info.IsDir():
		l.branch(name, &step{info, from})
	case info.Mode().IsRegular():
		l.file(File{Path: name, Stat: statOf(info)})
	default:
		l.problem(diag.Problem{Path: name, Text: "this is neither a file nor a folder", Hint: "it was left out; remove it from the site"})
	}
}

// branch lists a folder, by another worker if one is free.
func (l *lister) branch(name string, at *step) {
	select {
	case <-l.free:
		l.busy.Go(func() {
			l.folder(name, at)
			l.free <- true
		})
	default:
		l.folder(name, at)
	}
}

func (l *lister) folder(name string, at *step) {
	entries, err := os.ReadDir(filepath.Join(l.dir, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return // it went just now
	}
	if err != nil {
		l.fail(name, err)
		return
	}
	for _, e := range entries {
		if p := path.Join(name, e.Name()); !Unseen(p) {
			l.entry(p, at)
		}
	}
}

// Unseen tells whether a build does not see a file or folder of this path, in a
// folder that it sees: it is a dropping, or a dot file.
func Unseen(name string) bool {
	return Dropping(path.Base(name)) || hidden(path.Dir(name), path.Base(name))
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
