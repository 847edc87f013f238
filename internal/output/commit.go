package output

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// Commit puts the edition in place. Before anything in the folder changes, the
// manifest says which paths are about to be replaced or removed, so that no
// build believes of them what held for the bytes before.
func (e *Edition) Commit() (Report, error) {
	defer e.lock.Unlock()
	e.enough.Store(true)
	defer e.leave()
	var rep Report
	for name := range e.staged {
		rep.Written = append(rep.Written, name)
	}
	rep.Files = len(rep.Written)
	for i := range e.old.lines {
		switch name := e.old.lines[i].name; {
		case e.isStaged(name):
		case e.kept[i]:
			rep.Files++
		default:
			rep.Removed = append(rep.Removed, name)
		}
	}
	slices.Sort(rep.Written)
	at := e.looks()
	if err := errors.Join(e.foreign(rep.Written, at), e.locked(slices.Concat(rep.Written, rep.Removed), at)); err != nil {
		return Report{}, errors.Join(err, os.RemoveAll(e.staging))
	}
	next := manifest{complete: true, baseURL: e.BaseURL, drafts: e.opt.Drafts}
	if len(rep.Written) == 0 && len(rep.Removed) == 0 && len(e.retold) == 0 && e.old.complete && !e.old.older && e.old.baseURL == next.baseURL && e.old.drafts == next.drafts {
		rep.ID = e.old.id
		return rep, os.RemoveAll(e.staging)
	}
	both := manifest{id: e.old.id, baseURL: next.baseURL, drafts: next.drafts}
	both.lines, next.lines = e.lines(rep.Written)
	if err := both.write(e.dir); err != nil {
		return Report{}, errors.Join(err, os.RemoveAll(e.staging))
	}
	if err := e.move(rep.Written, rep.Removed); err != nil {
		return half(err)
	}
	if err := next.write(e.dir); err != nil {
		return half(err)
	}
	rep.ID = next.id
	return rep, os.RemoveAll(e.staging)
}

// lines are those of both editions, of which all are marked that change, and of
// the next one.
func (e *Edition) lines(written []string) (both, next []line) {
	old := e.old.lines
	both, next = make([]line, 0, len(old)+len(written)), make([]line, 0, len(old)+len(written))
	for i := 0; i < len(old) || len(written) > 0; {
		if i == len(old) || len(written) > 0 && written[0] <= old[i].name {
			l := line{name: written[0], File: e.staged[written[0]], moving: true}
			both, next, written = append(both, l), append(next, l), written[1:]
			if i < len(old) && old[i].name == l.name {
				i++
			}
			continue
		}
		l := old[i]
		if !e.kept[i] {
			l.moving = true
		}
		both = append(both, l)
		if about, is := e.retold[i]; is {
			l.About, l.text = about, ""
		}
		if e.kept[i] {
			next = append(next, l)
		}
		i++
	}
	return both, next
}

// move removes files, and moves those that are staged into place.
func (e *Edition) move(written, removed []string) error {
	if e.opt.Placing != nil {
		defer e.opt.Placing()()
	}
	if err := e.remove(removed); err != nil {
		return err
	}
	err := each(len(written), e.opt.Workers, func(i int) error {
		if !e.ours(written[i]) {
			return nil
		}
		return e.replace(written[i])
	})
	if err != nil {
		return err
	}
	return e.merge("")
}

// replace moves a file to where there was one, unless somebody took that away or
// put a folder there.
func (e *Edition) replace(name string) error {
	from, to := e.stage(name), e.place(name)
	err := os.Rename(from, to)
	if err == nil {
		return nil
	}
	info, there := os.Lstat(to)
	switch {
	case there == nil && info.IsDir():
		err = e.clear(name)
	case errors.Is(there, fs.ErrNotExist):
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err != nil {
		return err
	}
	return os.Rename(from, to)
}

func half(err error) (Report, error) {
	return Report{Half: true}, fmt.Errorf("%w: %w", ErrHalf, err)
}

// foreign refuses to replace files that Stet did not write, and to put files
// where such files are in the way.
func (e *Edition) foreign(written []string, at func(string) found) error {
	return each(len(written), e.opt.Workers, func(i int) error {
		name := written[i]
		folder := at(path.Dir(name))
		switch {
		case folder.info == nil:
			return nil
		case folder.info.IsDir():
			return e.inTheWay(name)
		case !e.ours(folder.name):
			return fmt.Errorf("%w: %s", ErrForeign, folder.name)
		}
		return nil
	})
}

// inTheWay refuses to put a file where one lies, or a folder, that is not ours.
func (e *Edition) inTheWay(name string) error {
	if e.lies(name) {
		return nil
	}
	info, err := os.Lstat(e.place(name))
	switch {
	case err != nil:
		return nil
	case info.IsDir():
		return e.onlyOurs(name)
	case !e.ours(name) && !e.opt.Adopt && !e.twin(name, info):
		return fmt.Errorf("%w: %s", ErrForeign, name)
	}
	return nil
}

// locked finds a folder that is to change and must not: it may not be written.
func (e *Edition) locked(names []string, at func(string) found) error {
	for _, name := range names {
		if f := at(path.Dir(name)); f.info != nil && f.info.IsDir() && f.info.Mode().Perm()&0o200 == 0 {
			return &fs.PathError{Op: "write into", Path: e.place(f.name), Err: fs.ErrPermission}
		}
	}
	return nil
}

// A found is what lies at a path or, if a file is in the way, at a path above.
type found struct {
	name string
	info fs.FileInfo // nil if nothing lies there
}

// looks looks at each folder once. Below one that is not there nothing is
// looked for.
func (e *Edition) looks() func(name string) found {
	var mu sync.Mutex
	seen := map[string]found{}
	var at func(name string) found
	at = func(name string) found {
		mu.Lock()
		f, known := seen[name]
		mu.Unlock()
		if known {
			return f
		}
		f = found{name: name}
		if name != "." {
			f = at(path.Dir(name))
		}
		if name == "." || f.info != nil && f.info.IsDir() {
			f.name = name
			f.info, _ = os.Lstat(e.place(name))
		}
		mu.Lock()
		seen[name] = f
		mu.Unlock()
		return f
	}
	return at
}

func (e *Edition) ours(name string) bool {
	_, ok := e.old.find(name)
	return ok
}

// onlyOurs refuses a folder that is to make room for a file, if anything in it
// is not ours.
func (e *Edition) onlyOurs(folder string) error {
	return fs.WalkDir(os.DirFS(e.dir), folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !e.ours(name) {
			return fmt.Errorf("%w: %s", ErrForeign, name)
		}
		return err
	})
}

// twin tells whether the file at a new path is one of ours under another
// spelling, on a file system that holds capitals and small letters for equal.
func (e *Edition) twin(name string, info fs.FileInfo) bool {
	for i := range e.old.lines {
		if old := e.old.lines[i].name; strings.EqualFold(old, name) {
			if o, err := os.Lstat(e.place(old)); err == nil && os.SameFile(o, info) {
				return true
			}
		}
	}
	return false
}

// remove removes files of the old edition, and folders that are empty then.
func (e *Edition) remove(names []string) error {
	if len(names) == 0 {
		return nil
	}
	fold := map[string]string{}
	for name := range e.next() {
		fold[strings.ToLower(name)] = name
	}
	folders, real := map[string]bool{}, map[string]bool{".": true}
	for _, name := range names {
		if !e.real(path.Dir(name), real) {
			continue // it went with its folder
		}
		if info, err := os.Lstat(e.place(name)); err == nil && info.IsDir() {
			continue // nor is this what was put there
		}
		if twin, ok := fold[strings.ToLower(name)]; ok && e.sameFile(name, twin) && !e.isStaged(twin) {
			continue
		}
		err := os.Remove(e.place(name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return err
		}
		for d := path.Dir(name); d != "."; d = path.Dir(d) {
			folders[d] = true
		}
	}
	deepest := slices.SortedFunc(maps.Keys(folders), func(a, b string) int { return strings.Count(b, "/") - strings.Count(a, "/") })
	for _, d := range deepest {
		os.Remove(e.place(d)) // fails if something is left in it, as it should
	}
	return nil
}

// real tells whether a folder is one still, and no link leads elsewhere from it
// or from one above it. What is known of folders is kept in seen.
func (e *Edition) real(folder string, seen map[string]bool) bool {
	is, ok := seen[folder]
	if !ok {
		info, err := os.Lstat(e.place(folder))
		is = err == nil && info.IsDir() && e.real(path.Dir(folder), seen)
		seen[folder] = is
	}
	return is
}

func (e *Edition) sameFile(a, b string) bool {
	x, err := os.Lstat(e.place(a))
	if err != nil {
		return false
	}
	y, err := os.Lstat(e.place(b))
	return err == nil && os.SameFile(x, y)
}

// merge moves what is staged in a folder into its place. A folder that is not
// there yet arrives whole.
func (e *Edition) merge(folder string) error {
	entries, err := os.ReadDir(filepath.Clean(e.stageNew(folder)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, f := range entries {
		name := path.Join(folder, f.Name())
		to := e.place(name)
		info, err := os.Lstat(to)
		there := err == nil
		if f.IsDir() && there && info.IsDir() {
			if err := e.merge(name); err != nil {
				return err
			}
			continue
		}
		if !f.IsDir() && there && info.IsDir() {
			if err := e.clear(name); err != nil {
				return err
			}
		}
		if err := os.Rename(e.stageNew(name), to); err != nil {
			return err
		}
	}
	return nil
}

// clear removes a folder with no files in it but empty folders.
func (e *Edition) clear(folder string) error {
	entries, err := os.ReadDir(e.place(folder))
	if err != nil {
		return err
	}
	for _, f := range entries {
		if !f.IsDir() { // nor is a link followed: it was put there since the edition was looked at
			return fmt.Errorf("%w: %s", ErrForeign, path.Join(folder, f.Name()))
		}
		if err := e.clear(path.Join(folder, f.Name())); err != nil {
			return err
		}
	}
	return os.Remove(e.place(folder))
}

func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
