package output

import (
	"path/filepath"
	"syscall"
	"testing"
)

func TestFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("no small disk can be mounted here:", err)
	}
	defer syscall.Unmount(dir, 0)
	out := filepath.Join(dir, "out")
	commit(t, out, tree{"a": "1"})
	e := begin(t, out, Options{}, tree{"a": "2"})
	err := e.Put("b", make([]byte, 1<<20), "")
	if p := Explain(out, err); err == nil || p.Text != "the disk is full" {
		t.Errorf("%v: %+v", err, p)
	}
	if err := e.Discard(); err != nil {
		t.Error(err)
	}
	want(t, out, tree{"a": "1"})
	commit(t, out, tree{"a": "2"})
}
