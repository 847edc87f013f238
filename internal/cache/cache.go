// Package cache keeps bytes between builds, and doubts them.
//
// What is read back is what was written, by the same version of Stet, whole and
// undamaged, or nothing. A cache may therefore be deleted at any time, restored
// from last week, cut in half or written to by two builds at once: whoever uses
// it finds nothing and does the work again.
package cache

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"
	"unsafe"

	"github.com/zeebo/xxh3"
)

// A Folder is where bytes are kept. The zero Folder keeps nothing.
type Folder struct {
	Dir     string
	Version string // of whoever reads and writes; other versions' bytes are not read
}

const magic = "stet cache 1\n"

// Read returns what was written under this name, as a text.
func (f Folder) Read(name string) (string, bool) {
	if f.Dir == "" {
		return "", false
	}
	file, err := os.Open(filepath.Join(f.Dir, name))
	if err != nil {
		return "", false
	}
	defer file.Close()
	return f.body(file)
}

// body is what stands behind the head of a file, if all of it is as it was
// written. Its bytes become the text: a copy would be as much memory again.
func (f Folder) body(file *os.File) (string, bool) {
	info, err := file.Stat()
	head := make([]byte, len(magic)+24)
	if _, short := io.ReadFull(file, head); err != nil || short != nil {
		return "", false
	}
	head, ok := bytes.CutPrefix(head, []byte(magic))
	if !ok || binary.LittleEndian.Uint64(head[16:]) != uint64(info.Size()-int64(len(magic))-24) {
		return "", false
	}
	all := make([]byte, binary.LittleEndian.Uint64(head[16:]))
	h := f.hash()
	for read := 0; read < len(all); {
		n, err := file.Read(all[read:min(read+1<<17, len(all))])
		if err != nil {
			return "", false
		}
		h.Write(all[read : read+n]) // while it is at hand
		read += n
	}
	if sum := h.Sum128().Bytes(); !bytes.Equal(sum[:], head[:16]) {
		return "", false
	}
	return unsafe.String(unsafe.SliceData(all), len(all)), true
}

func (f Folder) hash() *xxh3.Hasher {
	h := xxh3.New()
	h.Write([]byte(f.Version))
	h.Write([]byte{0})
	return h
}

// Write keeps under a name what is written to w, in place of what was there
// before. A file is put in place whole, by a rename.
func (f Folder) Write(name string, body func(w io.Writer) error) error {
	if f.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(f.Dir, name+".*.tmp")
	if err != nil {
		return err
	}
	err = errors.Join(f.write(file, body), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(f.Dir, name))
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}

// write writes the body behind room for the head, then the head.
func (f Folder) write(file *os.File, body func(w io.Writer) error) error {
	head := append([]byte(magic), make([]byte, 24)...)
	if _, err := file.Write(head); err != nil {
		return err
	}
	w := &counted{to: bufio.NewWriterSize(file, 1<<18), h: f.hash()}
	if err := body(w); err != nil {
		return err
	}
	if err := w.to.Flush(); err != nil {
		return err
	}
	sum := w.h.Sum128().Bytes()
	copy(head[len(magic):], sum[:])
	binary.LittleEndian.PutUint64(head[len(magic)+16:], w.n)
	_, err := file.WriteAt(head, 0)
	return err
}

// counted takes the sum and the length of what is written.
type counted struct {
	to *bufio.Writer
	h  *xxh3.Hasher
	n  uint64
}

func (c *counted) Write(p []byte) (int, error) {
	c.h.Write(p)
	c.n += uint64(len(p))
	return c.to.Write(p)
}

// WriteString is Write of a text.
func (c *counted) WriteString(s string) (int, error) {
	c.h.WriteString(s)
	c.n += uint64(len(s))
	return c.to.WriteString(s)
}

// Sweep removes what was written before a time, but for the names to be kept.
func (f Folder) Sweep(before time.Time, keep func(name string) bool) error {
	all, err := os.ReadDir(f.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, e := range all {
		if e.IsDir() || keep(e.Name()) {
			continue
		}
		if info, gone := e.Info(); gone == nil && info.ModTime().Before(before) {
			err = errors.Join(err, f.Forget(e.Name()))
		}
	}
	return err
}

// Forget removes what was kept under a name.
func (f Folder) Forget(name string) error {
	if f.Dir == "" {
		return nil
	}
	err := os.Remove(filepath.Join(f.Dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
