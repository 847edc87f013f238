package source

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
)

// most is how many folders are held open at a time.
const most = 128

// folders holds the folders that were read last open. A file is then one step
// away, instead of as many as its path has; [os.Root] takes each step by itself,
// so that none leads out of the site.
type folders struct {
	root *os.Root
	gate gate
	mu   sync.Mutex
	open map[string]*folder
	last int64
}

// A folder is one that is held open while anybody reads in it.
type folder struct {
	root    *os.Root
	readers int
	used    int64 // when, counted in uses
}

// readFile reads a file by its path from the site's folder into this buffer, or
// into a larger one.
func (f *folders) readFile(name string, buf []byte) ([]byte, error) {
	if data, ok := f.gate.read(name, buf); ok {
		return data, nil
	}
	dir := path.Dir(name)
	if dir == "." {
		return readFrom(f.root, name, buf)
	}
	d, err := f.take(dir)
	if err != nil {
		return nil, err
	}
	defer f.give(d)
	data, err := readFrom(d.root, path.Base(name), buf)
	if err != nil { // it may be a link to another folder of the site
		return readFrom(f.root, filepath.FromSlash(name), buf)
	}
	return data, nil
}

// readFrom reads as much of a file as it has when it is opened. If it grows in
// the meantime, its sum will tell.
func readFrom(root *os.Root, name string, buf []byte) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("it is a folder")}
	}
	buf = sized(buf, info.Size())
	n, err := io.ReadFull(f, buf)
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = nil
	}
	return buf[:n], err
}

// sized is this buffer, or a larger one, for so many bytes.
func sized(buf []byte, size int64) []byte { return slices.Grow(buf[:0], int(size))[:size] }

func (f *folders) take(dir string) (*folder, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	if d := f.open[dir]; d != nil {
		d.readers++
		d.used = f.last
		return d, nil
	}
	root, err := f.root.OpenRoot(filepath.FromSlash(dir))
	if err != nil {
		return nil, err
	}
	if f.open == nil {
		f.open = map[string]*folder{}
	}
	if len(f.open) >= most {
		f.shutOldest()
	}
	d := &folder{root: root, readers: 1, used: f.last}
	f.open[dir] = d
	return d, nil
}

func (f *folders) give(d *folder) {
	f.mu.Lock()
	d.readers--
	f.mu.Unlock()
}

// shutOldest closes the folder that was used least lately, unless all are being
// read in.
func (f *folders) shutOldest() {
	oldest := ""
	for name, d := range f.open {
		if d.readers == 0 && (oldest == "" || d.used < f.open[oldest].used) {
			oldest = name
		}
	}
	if oldest != "" {
		f.open[oldest].root.Close()
		delete(f.open, oldest)
	}
}

func (f *folders) close() error {
	for _, d := range f.open {
		d.root.Close()
	}
	f.open = nil
	f.gate.close()
	f.gate = gate{}
	return f.root.Close()
}
