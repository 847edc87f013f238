// Package source reads the site's files: the user's laid over the theme's, and
// only those again that changed.
//
// It is the one gate to the site. [Open] lists what is there; [Load] reads it,
// taking from the records of the build before whatever stands unchanged; and
// [Tree.Read] reads a file again during a build, which must find the bytes that
// were loaded: if they changed in between, it fails with [ErrChanged] and the
// build begins anew.
//
// A link inside the site is followed, one that leads out of it is an error.
// What editors and systems drop beside files (backup copies, .DS_Store) is not
// seen.
package source

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/zeebo/xxh3"

	"stet/internal/diag"
)

// Folders are the parts of a site, beside site.yaml.
var Folders = []string{"content", "data", "layouts", "static"}

// Settings is the file of a site's settings.
const Settings = "site.yaml"

// ErrChanged tells that a file changed after the build had loaded it.
var ErrChanged = errors.New("a file changed while it was being built")

// A Sum identifies the bytes of a file.
type Sum [16]byte

// SumOf returns the sum of these bytes.
func SumOf(data []byte) Sum { return xxh3.Hash128(data).Bytes() }

// A File is one file of the site, before it is read.
type File struct {
	Path  string // slash-separated, from the site's folder
	Stat  Stat
	Theme bool // of the built-in theme
}

// A Stat is what tells that a file is as it was, without reading it.
type Stat struct {
	Size         int64
	Mtime, Ctime int64 // in nanoseconds; Ctime is 0 where there is none
	Inode        uint64
}

// Append appends to b how a file looks: two that look different, different bytes.
func (f *File) Append(b []byte) []byte {
	b = append(binary.AppendUvarint(b, uint64(len(f.Path))), f.Path...)
	for _, n := range []uint64{uint64(f.Stat.Size), uint64(f.Stat.Mtime), uint64(f.Stat.Ctime), f.Stat.Inode} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	if f.Theme {
		return append(b, 1)
	}
	return append(b, 0)
}

// A Tree is the files of a site as they were found.
type Tree struct {
	Files []File // sorted by path, and not to be changed
	once  sync.Once
	index map[string]int32 // where each is among them, once one is asked for
	dir   string
	at    folders
	theme fs.FS
	sums  []Sum // of what was loaded, in the order of Files
}

// Open lists the files of the site in dir, and those of the theme that the site
// has none of. The tree is to be closed.
func Open(dir string, theme fs.FS) (*Tree, []diag.Problem, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, err
	}
	t := &Tree{dir: dir, at: folders{root: root, gate: newGate(root)}, theme: theme}
	l := &lister{dir: dir, root: root}
	if t.Files, err = l.list(append([]string{Settings}, Folders...)...); err == nil && theme != nil {
		err = t.addTheme("layouts", "static")
	}
	if err != nil {
		t.Close()
		return nil, nil, err
	}
	return t, l.problems, nil
}

// addTheme lays the site's files over those of the theme.
func (t *Tree) addTheme(folders ...string) error {
	var theirs []File
	for _, folder := range folders {
		err := fs.WalkDir(t.theme, folder, func(p string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || d.IsDir() || Dropping(path.Base(p)) {
				return err
			}
			if _, mine := find(t.Files, p); mine {
				return nil
			}
			theirs = append(theirs, File{Path: p, Theme: true})
			return nil
		})
		if err != nil {
			return err
		}
	}
	slices.SortFunc(theirs, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	all, mine := make([]File, 0, len(t.Files)+len(theirs)), t.Files
	for _, f := range theirs {
		n, _ := find(mine, f.Path)
		all = append(append(all, mine[:n]...), f)
		mine = mine[n:]
	}
	t.Files = append(all, mine...)
	return nil
}

// Close lets go of the site's folder.
func (t *Tree) Close() error { return t.at.close() }

// Has tells whether the site, or its theme, has this file.
func (t *Tree) Has(name string) bool {
	_, ok := t.find(name)
	return ok
}

// find is the number of a file. It is asked for some times for each, for which a
// search among paths that begin alike takes a hundredth of a build.
func (t *Tree) find(name string) (int, bool) {
	t.once.Do(func() {
		t.index = make(map[string]int32, len(t.Files))
		for i := range t.Files {
			t.index[t.Files[i].Path] = int32(i)
		}
	})
	i, ok := t.index[name]
	return int(i), ok
}

// Below is the files that lie below a folder, sorted by path.
func (t *Tree) Below(folder string) []File {
	from, _ := find(t.Files, folder+"/")
	to, _ := find(t.Files, folder+"0") // what follows the slash
	return t.Files[from:to]
}

func find(files []File, name string) (int, bool) {
	return slices.BinarySearchFunc(files, name, func(f File, name string) int { return cmp.Compare(f.Path, name) })
}

// Index is the number of a file among Files; false tells that there is none.
func (t *Tree) Index(name string) (int, bool) { return t.find(name) }

// Sum returns the sum of a file that was loaded.
func (t *Tree) Sum(name string) (Sum, bool) {
	if i, ok := t.find(name); ok && t.sums != nil {
		return t.sums[i], true
	}
	return Sum{}, false
}

// Read reads a file that was loaded. It fails with ErrChanged if the bytes are
// others now.
func (t *Tree) Read(name string) ([]byte, error) { return t.ReadInto(name, nil) }

// ReadInto is Read into a buffer that is used again, or into a larger one.
func (t *Tree) ReadInto(name string, buf []byte) ([]byte, error) {
	data, err := t.read(name, buf)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", name, ErrChanged)
	}
	if err != nil {
		return nil, err
	}
	if want, ok := t.Sum(name); ok && want != SumOf(data) {
		return nil, fmt.Errorf("%s: %w", name, ErrChanged)
	}
	return data, nil
}

func (t *Tree) read(name string, buf []byte) ([]byte, error) {
	i, ok := t.find(name)
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return t.readFile(&t.Files[i], buf)
}

func (t *Tree) readFile(f *File, buf []byte) ([]byte, error) {
	if f.Theme {
		return fs.ReadFile(t.theme, f.Path)
	}
	return t.at.readFile(f.Path, buf)
}

// Open opens a file that was loaded, for reading. It fails with ErrChanged if
// the file is gone. The file's end is ErrChanged if the bytes are others now, and
// so is its closing, for those who do not read to the end, if it looks different.
func (t *Tree) Open(name string) (io.ReadCloser, error) {
	i, ok := t.find(name)
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	f, err := t.open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", name, ErrChanged)
	}
	if err != nil {
		return nil, err
	}
	want, _ := t.Sum(name)
	return &checked{f: f, h: xxh3.New(), want: want, was: t.Files[i]}, nil
}

func (t *Tree) open(name string) (fs.File, error) {
	if i, ok := t.find(name); ok && t.Files[i].Theme {
		return t.theme.Open(name)
	}
	return t.at.root.Open(filepath.FromSlash(name))
}

// A checked file tells whether it is the one that was loaded.
type checked struct {
	f    fs.File
	h    *xxh3.Hasher
	want Sum
	was  File
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.f.Read(p)
	c.h.Write(p[:n])
	if err == io.EOF && c.h.Sum128().Bytes() != c.want {
		err = c.changed()
	}
	return n, err
}

func (c *checked) Close() error {
	info, err := c.f.Stat()
	if err = errors.Join(err, c.f.Close()); err != nil || c.was.Theme {
		return err
	}
	// Not all file systems give a file the same number when it is open.
	now := statOf(info)
	now.Inode = c.was.Stat.Inode
	if now != c.was.Stat {
		return c.changed()
	}
	return nil
}

func (c *checked) changed() error { return fmt.Errorf("%s: %w", c.was.Path, ErrChanged) }

// Lines gives lines of the site's files, for showing them beside problems. It
// serves after the tree is closed, and holds no more of it than where it is.
func (t *Tree) Lines() diag.Lines {
	dir, theme := t.dir, t.theme
	return func(name string, line int) (string, bool) { return lineOf(dir, theme, name, line) }
}

func lineOf(dir string, theme fs.FS, name string, line int) (string, bool) {
	data, err := ReadFile(dir, theme, name)
	if err != nil {
		return "", false
	}
	text := strings.TrimPrefix(string(data), "\ufeff")
	n := 0
	for l := range strings.Lines(text) {
		if n++; n == line {
			return strings.TrimRight(l, "\r\n"), true
		}
	}
	return "", false
}

// Dropping tells whether a name is one that editors and systems leave behind.
func Dropping(name string) bool {
	switch name {
	case ".DS_Store", "Thumbs.db", "desktop.ini", "4913", ".directory", ".gitkeep":
		return true
	}
	ext := path.Ext(name)
	return strings.HasSuffix(name, "~") || strings.HasPrefix(name, ".#") || strings.HasPrefix(name, "._") ||
		strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") ||
		strings.HasPrefix(name, ".") && (ext == ".swp" || ext == ".swo" || ext == ".swx" || ext == ".tmp") ||
		ext == ".swp" || ext == ".crswap" || strings.HasSuffix(name, "___jb_tmp___") || strings.HasSuffix(name, "___jb_old___")
}

// ReadFile reads a file of the site in a folder, else of its theme, as it is now,
// for somebody who wants no more than that.
func ReadFile(dir string, theme fs.FS, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	data, err := root.ReadFile(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) && theme != nil {
		return fs.ReadFile(theme, name)
	}
	return data, err
}
