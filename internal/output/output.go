// Package output puts an edition in place: what changed is written, what is
// gone is removed, nothing else is touched.
//
// [Begin] takes the lock on the folder and reads the manifest of what Stet
// wrote there. Pages are staged with [Edition.Put] beside the old edition, on
// the same disk. [Edition.Commit] moves them over: before the first file is put
// in place the manifest on disk names old and new paths and is marked as not
// complete, so that a build killed at any moment leaves no file that the next
// one does not know of. A file is only ever replaced by a rename, so none is
// ever partial. [Edition.Discard] leaves the folder as it was.
//
// There is no fsync for each page: kill -9 is survived, and what a power cut
// takes shows in the files' sizes.
package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/zeebo/xxh3"

	"stet/internal/diag"
)

// Own is the folder in an output folder that holds what Stet keeps there.
const Own = ".stet"

// Options say what edition is put in place.
type Options struct {
	Adopt   bool   // take over a folder that Stet did not write
	Drafts  bool   // kept in the manifest
	Workers int    // how many files are looked at or moved at a time
	Waiting func() // if not nil, is told that another build has the folder
	// Placing, if not nil, is called before the first file is moved into place,
	// and what it returns after the last.
	Placing func() (placed func())
}

// A Report says what a commit did.
type Report struct {
	Files   int
	Written []string // paths whose bytes on disk changed, sorted
	Removed []string
	ID      string // names the edition that lies there now
	Half    bool   // putting it in place was cut short
}

// An Edition is one that is being put in place.
type Edition struct {
	BaseURL string // kept in the manifest

	dir     string
	opt     Options
	staging string // the folder of what is staged
	again   string // that of files that replace others, with what ends its name
	new     string // and that of new ones, likewise
	lock    *flock.Flock
	old     *manifest
	top     *os.File // the folder, if it is held open
	mu      sync.Mutex
	kept    []bool          // of the old files, by their lines
	retold  map[int]string  // what is about those that are kept, if it is another; guarded by mu
	staged  map[string]File // those that are not kept
	folders map[string]bool // staged folders that exist; guarded by mu
	fresh   bool            // the folder was not there before
	ahead   sync.WaitGroup  // who looks ahead
	enough  atomic.Bool     // nobody need look ahead any more
	trusted bool            // the old files are taken to be as they were left
	looked  []atomic.Int32  // what was found of the old files, by their lines; nil if nobody looked ahead
}

// ErrForeign tells that a folder holds files that Stet did not write.
var ErrForeign = errors.New("the folder holds files that stet did not write")

// ErrHalf tells that putting an edition in place was cut short.
var ErrHalf = errors.New("the edition is only partly in place")

// Begin takes the lock on a folder, waiting for another build to end, and reads
// what it holds. The edition is to be ended by Commit or Discard.
func Begin(ctx context.Context, dir string, opt Options) (*Edition, error) {
	e := &Edition{dir: dir, opt: opt, staged: map[string]File{}, retold: map[int]string{}, folders: map[string]bool{}}
	e.staging = filepath.Join(dir, Own, "staging")
	e.again, e.new = filepath.Join(e.staging, "again")+slash, filepath.Join(e.staging, "new")+slash
	if err := errors.Join(ctx.Err(), e.check()); err != nil {
		return nil, err
	}
	_, err := os.Stat(dir)
	e.fresh = errors.Is(err, fs.ErrNotExist)
	if err := e.take(ctx); err != nil {
		return nil, err
	}
	if e.old, err = readManifest(dir); errors.Is(err, errManifest) && opt.Adopt {
		e.old, err = new(manifest), nil
	}
	if err != nil {
		e.lock.Unlock()
		return nil, err
	}
	if err := os.RemoveAll(e.staging); err != nil {
		e.lock.Unlock()
		return nil, err
	}
	e.kept = make([]bool, len(e.old.lines))
	e.hold()
	return e, nil
}

// leave lets go of the folder that was held open.
func (e *Edition) leave() {
	e.enough.Store(true)
	e.ahead.Wait()
	if e.top != nil {
		e.top.Close()
		e.top = nil
	}
}

// Look reads what lies in a folder, for those who only want to know: without the
// lock, and nothing can be put there.
func Look(dir string) (*Edition, error) {
	old, err := readManifest(dir)
	return &Edition{dir: dir, old: old}, err
}

// take takes the lock. Whoever had it may have taken its file away together
// with a folder that came to nothing: then the lock that was got is nobody's.
func (e *Edition) take(ctx context.Context) error {
	name := filepath.Join(e.dir, Own, "lock")
	for tries := 0; ; tries++ {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); errors.Is(err, fs.ErrNotExist) && tries < 100 {
			continue // the folder above was taken away in that moment; else it cannot be made
		} else if err != nil {
			return err
		}
		e.lock = flock.New(name)
		ok, err := e.lock.TryLock()
		if !ok && err == nil {
			if e.opt.Waiting != nil {
				e.opt.Waiting()
			}
			_, err = e.lock.TryLockContext(ctx, 50*time.Millisecond)
		}
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("waiting for another build into %s: %w", e.dir, err)
		}
		got, err := e.lock.Stat()
		if there, err2 := os.Stat(name); err == nil && err2 == nil && os.SameFile(got, there) {
			return nil
		}
		e.lock.Unlock()
	}
}

// check refuses a folder with files in it and no manifest. Dot files on its top
// level are let be: .git, .gitignore and the like. The manifest is looked for
// last, as another build's stands there before its first file does.
func (e *Edition) check() error {
	if e.opt.Adopt {
		return nil
	}
	entries, err := os.ReadDir(e.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(e.dir, Own, manifestName)); err == nil {
		return nil
	}
	for _, f := range entries {
		if !strings.HasPrefix(f.Name(), ".") {
			return fmt.Errorf("%w, such as %s", ErrForeign, f.Name())
		}
	}
	return nil
}

// stage is where a file is staged. One that replaces another has the number of
// that one's line, which spares it folders of its own.
func (e *Edition) stage(name string) string {
	if i, ok := e.old.find(name); ok {
		return e.again + strconv.Itoa(i)
	}
	return e.stageNew(name)
}

// stageNew is where a new file is staged, or a folder of them.
func (e *Edition) stageNew(name string) string {
	return e.new + filepath.FromSlash(name)
}

func (e *Edition) place(name string) string {
	return filepath.Join(e.dir, filepath.FromSlash(name))
}

// Past names the edition that lies in the folder, and tells of a path whether
// it is that edition's for certain: a build that was killed while it put
// another one in place has left some of which nobody knows.
func (e *Edition) Past() (id string, sure func(path string) bool) {
	return e.old.id, func(path string) bool {
		i, ok := e.old.find(path)
		return !ok || !e.old.lines[i].moving
	}
}

// About is what the maker of a file of the last edition wanted to be known of it, ""
// if that is nothing or not certain.
func (e *Edition) About(name string) string {
	if i, ok := e.old.find(name); ok && !e.old.lines[i].moving {
		return e.old.lines[i].About
	}
	return ""
}

// Keep takes over a file of the last edition that stands.
func (e *Edition) Keep(name string) {
	if i, ok := e.old.find(name); ok {
		e.mu.Lock()
		e.kept[i] = true
		e.mu.Unlock()
	}
}

func (e *Edition) isStaged(name string) bool {
	_, is := e.staged[name]
	return is
}

// next lists the files of this edition.
func (e *Edition) next() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range e.old.lines {
			if l := &e.old.lines[i]; e.kept[i] && !e.isStaged(l.name) && !yield(l.name) {
				return
			}
		}
		for name := range e.staged {
			if !yield(name) {
				return
			}
		}
	}
}

// KeepRest takes over all files of the last edition that are not of this one, but
// for those that are in the way of its own.
func (e *Edition) KeepRest() {
	e.mu.Lock()
	defer e.mu.Unlock()
	files, folders := map[string]bool{}, map[string]bool{}
	for name := range e.next() {
		files[name] = true
		for d := path.Dir(name); d != "." && !folders[d]; d = path.Dir(d) {
			folders[d] = true
		}
	}
	for i := range e.old.lines {
		name := e.old.lines[i].name
		there := files[name]
		for d := path.Dir(name); d != "." && !there; d = path.Dir(d) {
			there = files[d]
		}
		if !there && !folders[name] {
			e.kept[i] = true
		}
	}
}

// allowed tells whether an edition may hold a file of this name: one inside its
// folder, and outside of what Stet keeps there.
func allowed(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return filepath.IsLocal(filepath.FromSlash(name)) && path.Clean(name) == name && name != "." && !strings.EqualFold(first, Own)
}

// Put stages a file, with what the manifest is to say about it. Bytes equal to
// those that lie there are not written.
func (e *Edition) Put(name string, data []byte, about string) error {
	f := File{Size: int64(len(data)), Sum: sumOf(data), About: about}
	if e.same(name, &f) {
		return nil
	}
	at, err := e.ready(name)
	if err == nil {
		f.Mtime, err = write(at, data)
	}
	if err == nil {
		e.stagedAs(name, f)
	}
	return err
}

// rooms are for files while they are copied. A file that copies itself would make
// one each time, so it is read.
var rooms = sync.Pool{New: func() any { room := make([]byte, 32<<10); return &room }}

// Copy stages a file of any size. Bytes equal to those that lie there are
// written all the same, but not put in place.
func (e *Edition) Copy(name string, r io.Reader) error {
	at, err := e.ready(name)
	if err != nil {
		return err
	}
	w, err := os.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	var f File
	h := xxh3.New()
	room := rooms.Get().(*[]byte)
	f.Size, err = io.CopyBuffer(io.MultiWriter(w, h), struct{ io.Reader }{r}, *room)
	rooms.Put(room)
	f.Sum = h.Sum128().Bytes()
	if err == nil && e.same(name, &f) {
		w.Close()
		return os.Remove(at)
	}
	return e.close(name, w, f, err)
}

// same takes over the file that lies there if it has these bytes.
func (e *Edition) same(name string, f *File) bool {
	i, ok := e.old.find(name)
	if !ok || e.old.lines[i].Sum != f.Sum || !e.asLeft(&e.old.lines[i]) {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept[i] = true
	if e.old.lines[i].About != f.About {
		e.retold[i] = f.About
	}
	return true
}

// ready sees to it that a file of this name can be staged, and says where.
func (e *Edition) ready(name string) (at string, err error) {
	if !allowed(name) {
		return "", diag.Problem{Severity: diag.Error, Path: name, Text: "no file of an edition may be called so",
			Hint: "keep out of " + Own + "/, where Stet keeps what it knows of the edition"}
	}
	at = e.stage(name)
	return at, e.folder(above(at))
}

// slash stands between the names of a path on this system.
const slash = string(filepath.Separator)

// above is the folder in which something lies in the staging area.
func above(at string) string { return at[:strings.LastIndexByte(at, filepath.Separator)] }

// folder makes a folder of the staging area, once.
func (e *Edition) folder(at string) error {
	e.mu.Lock()
	there := e.folders[at]
	e.mu.Unlock()
	if there {
		return nil
	}
	if at != e.staging {
		if err := e.folder(above(at)); err != nil {
			return err
		}
	}
	if err := os.Mkdir(at, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	e.mu.Lock()
	e.folders[at] = true
	e.mu.Unlock()
	return nil
}

func (e *Edition) close(name string, w *os.File, f File, err error) error {
	if err == nil {
		var info fs.FileInfo
		if info, err = w.Stat(); err == nil {
			f.Mtime = info.ModTime().UnixNano()
		}
	}
	if c := w.Close(); err == nil {
		err = c
	}
	if err != nil {
		return err
	}
	e.stagedAs(name, f)
	return nil
}

func (e *Edition) stagedAs(name string, f File) {
	e.mu.Lock()
	e.staged[name] = f
	e.mu.Unlock()
}

// Discard lets the folder stand as it was.
func (e *Edition) Discard() error {
	e.leave()
	err := os.RemoveAll(e.staging)
	if !e.old.exists {
		os.Remove(filepath.Join(e.dir, Own, "lock"))
		e.lock.Unlock()
		os.Remove(filepath.Join(e.dir, Own))
		if e.fresh {
			os.Remove(e.dir) // only if it is empty
		}
		return err
	}
	return errors.Join(err, e.lock.Unlock())
}

// Explain turns an error of this room into a problem with a remedy.
func Explain(dir string, err error) diag.Problem {
	p := diag.Problem{Severity: diag.Error, Path: filepath.ToSlash(dir), Text: err.Error()}
	switch {
	case errors.Is(err, ErrHalf):
		p.Hint = "some files are of the new edition already; put right what hindered it and build again: that completes it"
	case errors.Is(err, errManifest):
		p.Hint = "build into an empty folder, or take this one over with --adopt"
	case errors.Is(err, ErrForeign):
		p.Hint = "give another folder with --out, empty this one, or take it over with --adopt: files in it that are not of the edition are let be"
	case noSpace(err):
		p.Text, p.Hint = "the disk is full", "the old edition is untouched; make room and build again"
	case errors.Is(err, fs.ErrPermission):
		p.Hint = "see to it that you may write there, or give another folder with --out"
	}
	return p
}
