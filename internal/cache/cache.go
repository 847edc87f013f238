// Package cache keeps bytes between builds, and doubts them.
//
// What is read back is what was written, by the same version of Stet, whole and
// undamaged, or nothing. A cache may therefore be deleted at any time, restored
// from last week, cut in half or written to by two builds at once: whoever uses
// it finds nothing and does the work again.
package cache

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"

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
	data, err := os.ReadFile(filepath.Join(f.Dir, name))
	if err != nil {
		return "", false
	}
	body, ok := f.body(data)
	if !ok {
		return "", false
	}
	return string(body), true
}

// body is what stands behind the head of a file, if all of it is as it was
// written.
func (f Folder) body(data []byte) ([]byte, bool) {
	data, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok || len(data) < 24 {
		return nil, false
	}
	sum, size, body := data[:16], binary.LittleEndian.Uint64(data[16:24]), data[24:]
	if size != uint64(len(body)) || string(sum) != string(f.sum(body)) {
		return nil, false
	}
	return body, true
}

// sum is that of the bytes and of the version that wrote them.
func (f Folder) sum(body []byte) []byte {
	h := xxh3.New()
	h.Write([]byte(f.Version))
	h.Write([]byte{0})
	h.Write(body)
	s := h.Sum128().Bytes()
	return s[:]
}

// Write keeps bytes under a name, in place of those before. A file is put in
// place whole, by a rename.
func (f Folder) Write(name string, body []byte) error {
	if f.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(f.Dir, 0o755); err != nil {
		return err
	}
	w, err := os.CreateTemp(f.Dir, name+".*.tmp")
	if err != nil {
		return err
	}
	head := append([]byte(magic), f.sum(body)...)
	head = binary.LittleEndian.AppendUint64(head, uint64(len(body)))
	_, err = w.Write(head)
	if err == nil {
		_, err = w.Write(body)
	}
	if err = errors.Join(err, w.Close()); err == nil {
		err = os.Rename(w.Name(), filepath.Join(f.Dir, name))
	}
	if err != nil {
		os.Remove(w.Name())
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
