package output

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A piece is that of a file which lies there, whatever became of it since, for who
// builds and for who only looks: no link is followed and no pipe waited for.
func TestPiece(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, tree{"same/page": "0123456789", "changed": "0123456789", "shorter": "0123456789", "gone": "0123456789", "folder": "0123456789", "link": "0123456789", "pipe": "0123456789"})
	at := func(name string) string { return filepath.Join(dir, name) }
	err := errors.Join(
		os.WriteFile(at("changed"), []byte("abcdefghij"), 0o644),
		os.WriteFile(at("shorter"), []byte("01234"), 0o644),
		os.Remove(at("gone")),
		os.Remove(at("folder")), os.Mkdir(at("folder"), 0o755),
		os.Remove(at("link")), os.Symlink("changed", at("link")),
		os.Remove(at("pipe")), syscall.Mkfifo(at("pipe"), 0o644),
	)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := Look(dir)
	if err != nil {
		t.Fatal(err)
	}
	e := begin(t, dir, Options{}, nil)
	defer e.Discard()
	for who, e := range map[string]*Edition{"who builds": e, "who looks": seen} {
		for _, name := range []string{"same/page", "changed", "shorter", "gone", "folder", "link", "pipe", "never"} {
			b := make([]byte, 4)
			err := e.Piece(name, b, 3)
			if want := map[string]string{"same/page": "3456", "changed": "defg"}[name]; (err == nil) != (want != "") || err == nil && string(b) != want {
				t.Errorf("%s: %s: %q, %v", who, name, b, err)
			}
		}
	}
}
