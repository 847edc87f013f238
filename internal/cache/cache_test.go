package cache_test

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"stet/internal/cache"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func TestCache(t *testing.T) {
	f := cache.Folder{Dir: filepath.Join(t.TempDir(), "a", "b"), Version: "1"}
	if _, ok := f.Read("x"); ok {
		t.Error("something was there before")
	}
	if err := f.Write("x", text("what is kept")); err != nil {
		t.Fatal(err)
	}
	if got, ok := f.Read("x"); !ok || got != "what is kept" {
		t.Errorf("read %q, %v", got, ok)
	}
	f.Version = "2"
	if _, ok := f.Read("x"); ok {
		t.Error("another version's bytes were read")
	}
	if _, ok := (cache.Folder{}).Read("x"); ok {
		t.Error("the zero folder keeps something")
	}
	if left, _ := filepath.Glob(filepath.Join(f.Dir, "*.tmp")); left != nil {
		t.Error("left behind:", left)
	}
}

// A file cut anywhere, or with any one bit flipped, is nothing.
func TestDoubt(t *testing.T) {
	f := cache.Folder{Dir: t.TempDir(), Version: "1"}
	if err := f.Write("x", text("what is kept")); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(f.Dir, "x")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	damaged := func(what string, data []byte) {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
		if got, ok := f.Read("x"); ok {
			t.Fatalf("%s: read %q", what, got)
		}
	}
	for i := range whole {
		damaged("cut", whole[:i])
		for bit := range 8 {
			flipped := append([]byte(nil), whole...)
			flipped[i] ^= 1 << bit
			damaged("flipped", flipped)
		}
	}
	damaged("longer", append(whole, 0))
}

func TestUnwritable(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	f := cache.Folder{Dir: filepath.Join(dir, "file", "below")}
	if err := f.Write("x", text("")); err == nil {
		t.Error("it was written into a file")
	}
}

// What is old goes, unless it is to be kept.
func TestSweep(t *testing.T) {
	f := cache.Folder{Dir: filepath.Join(t.TempDir(), "img")}
	now := time.Now()
	if err := f.Sweep(now, func(string) bool { return false }); err != nil {
		t.Error("a folder that is not there: ", err)
	}
	for name, age := range map[string]time.Duration{"old": 48 * time.Hour, "wanted": 48 * time.Hour, "new": 0} {
		if err := f.Write(name, text(name)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(f.Dir, name), now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Sweep(now.Add(-24*time.Hour), func(name string) bool { return name == "wanted" }); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"old": false, "wanted": true, "new": true} {
		if _, ok := f.Read(name); ok != want {
			t.Errorf("%s is there: %v", name, ok)
		}
	}
}
