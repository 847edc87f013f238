package output

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// tree is the files of a folder, by path; a folder that is empty ends in "/".
type tree map[string]string

func read(t *testing.T, dir string) tree {
	t.Helper()
	got := tree{}
	fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case name == Own:
			return fs.SkipDir
		case err != nil || name == ".":
		case d.IsDir():
			if in, _ := os.ReadDir(filepath.Join(dir, name)); len(in) == 0 {
				got[name+"/"] = ""
			}
		default:
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Error(err)
			}
			got[name] = string(data)
		}
		return nil
	})
	return got
}

func put(t *testing.T, dir string, files tree) {
	t.Helper()
	for name, data := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(full, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(full, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func begin(t *testing.T, dir string, opt Options, files tree) *Edition {
	t.Helper()
	e, err := Begin(context.Background(), dir, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := e.Put(name, []byte(files[name]), ""); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func commit(t *testing.T, dir string, files tree) Report {
	t.Helper()
	rep, err := begin(t, dir, Options{}, files).Commit()
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func want(t *testing.T, dir string, files tree) {
	t.Helper()
	if got := read(t, dir); !maps.Equal(got, files) {
		t.Errorf("there is %q, not %q", got, files)
	}
}

// Each is an edition, what somebody does to the folder then, and the next
// edition with what comes of it.
func TestEditions(t *testing.T) {
	for _, c := range []struct {
		name             string
		before, foreign  tree
		gone             []string
		next             tree
		written, removed string
		after            tree // nil: what next has
		refused          string
	}{
		{name: "first", next: tree{"a": "1", "b/c": "2"}, written: "a b/c"},
		{name: "nothing", next: tree{}},
		{name: "equal", before: tree{"a": "1", "b/c": "2"}, next: tree{"a": "1", "b/c": "2"}},
		{name: "changed", before: tree{"a": "1", "b/c": "2"}, next: tree{"a": "3", "b/c": "2"}, written: "a"},
		{name: "removed, and its folders", before: tree{"a": "1", "b/c/d": "2"}, next: tree{"a": "1"}, removed: "b/c/d"},
		{name: "all removed", before: tree{"a": "1", "b/c": "2"}, next: tree{}, removed: "a b/c"},
		{name: "a file becomes a folder", before: tree{"a": "1"}, next: tree{"a/b": "2"}, written: "a/b", removed: "a"},
		{name: "a folder becomes a file", before: tree{"a/b/c": "1", "a/d": "2"}, next: tree{"a": "3"}, written: "a", removed: "a/b/c a/d"},
		{name: "a folder with an empty one becomes a file", before: tree{"a/b": "1"}, foreign: tree{"a/c/d/": ""}, next: tree{"a": "2"}, written: "a", removed: "a/b"},
		{name: "foreign files stay", before: tree{"a/b": "1"}, foreign: tree{"a/c": "x", "d": "y"}, next: tree{"e": "2"}, written: "e", removed: "a/b",
			after: tree{"a/c": "x", "d": "y", "e": "2"}},
		{name: "a foreign file in the way", before: tree{"a": "1"}, foreign: tree{"b": "x"}, next: tree{"b": "2"}, refused: "b"},
		{name: "a foreign file in the way of a folder", before: tree{"a": "1"}, foreign: tree{"b": "x"}, next: tree{"b/c": "2"}, refused: "b"},
		{name: "a foreign file in a folder in the way", before: tree{"a/b": "1"}, foreign: tree{"a/c": "x"}, next: tree{"a": "2"}, refused: "a/c"},
		{name: "a dot file before the first edition", foreign: tree{".gitignore": "x"}, next: tree{"a": "1"}, written: "a", after: tree{"a": "1", ".gitignore": "x"}},
		{name: "a dot file in the way of the first edition", foreign: tree{".nojekyll": "x"}, next: tree{".nojekyll": ""}, refused: ".nojekyll"},
		{name: "ours, changed by hand", before: tree{"a": "1"}, foreign: tree{"a": "other"}, next: tree{"a": "1"}, written: "a"},
		{name: "ours, deleted by hand", before: tree{"a": "1", "b/c": "2"}, gone: []string{"a", "b"}, next: tree{"a": "1", "b/c": "2"}, written: "a b/c"},
		{name: "gone already", before: tree{"a": "1", "b/c": "2"}, gone: []string{"b"}, next: tree{"a": "1"}, removed: "b/c"},
		{name: "a foreign folder in the place of ours", before: tree{"a": "1"}, gone: []string{"a"}, foreign: tree{"a/b": "x"}, next: tree{"a": "1"}, refused: "a/b"},
		{name: "a foreign folder in the place of what is removed", before: tree{"a": "1"}, gone: []string{"a"}, foreign: tree{"a/b": "x"}, next: tree{"c": "1"},
			written: "c", removed: "a", after: tree{"a/b": "x", "c": "1"}},
		{name: "a foreign file in the place of a folder of what is removed", before: tree{"a/b": "1"}, gone: []string{"a"}, foreign: tree{"a": "x"}, next: tree{},
			removed: "a/b", after: tree{"a": "x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			if c.before != nil {
				commit(t, dir, c.before)
			}
			for _, name := range c.gone {
				if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			put(t, dir, c.foreign)
			before := read(t, dir)
			rep, err := begin(t, dir, Options{}, c.next).Commit()
			if c.refused != "" {
				if !errors.Is(err, ErrForeign) || !strings.HasSuffix(err.Error(), ": "+c.refused) || errors.Is(err, ErrHalf) {
					t.Errorf("error %v", err)
				}
				want(t, dir, before)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(rep.Written, " "); got != c.written {
				t.Errorf("written: %q, not %q", got, c.written)
			}
			if got := strings.Join(rep.Removed, " "); got != c.removed {
				t.Errorf("removed: %q, not %q", got, c.removed)
			}
			if c.after == nil {
				c.after = c.next
			}
			want(t, dir, c.after)
			if rep := commit(t, dir, c.next); rep.Written != nil || rep.Removed != nil || rep.Files != len(c.next) {
				t.Errorf("once more: %+v", rep)
			}
		})
	}
}

// Bytes that are equal are not written, whether they come at once or from a
// file: the time on the file stands.
func TestEqual(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, tree{"a": "1", "b": "2"})
	stat := func(name string) fs.FileInfo {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	a, b := stat("a"), stat("b")
	time.Sleep(10 * time.Millisecond)
	e := begin(t, dir, Options{}, tree{"a": "1"})
	if err := e.Copy("b", strings.NewReader("2")); err != nil {
		t.Fatal(err)
	}
	if rep, err := e.Commit(); err != nil || rep.Written != nil {
		t.Errorf("%+v, %v", rep, err)
	}
	for _, was := range []fs.FileInfo{a, b} {
		if is := stat(was.Name()); !is.ModTime().Equal(was.ModTime()) || !os.SameFile(was, is) {
			t.Errorf("%s was touched", was.Name())
		}
	}
}

func TestStands(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, tree{"same": "1", "touched": "1", "longer": "1", "gone": "1", "folder": "1", "link": "1"})
	at := func(name string) string { return filepath.Join(dir, name) }
	err := errors.Join(
		os.Chtimes(at("touched"), time.Now(), time.Now().Add(time.Hour)),
		os.WriteFile(at("longer"), []byte("12"), 0o644),
		os.Remove(at("gone")),
		os.Remove(at("folder")), os.Mkdir(at("folder"), 0o755),
		os.Remove(at("link")), os.Symlink("same", at("link")),
	)
	if err != nil {
		t.Fatal(err)
	}
	e := begin(t, dir, Options{}, nil)
	defer e.Discard()
	for _, name := range []string{"same", "touched", "longer", "gone", "folder", "link", "never"} {
		if got := e.Stands(name); got != (name == "same") {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, ok := e.AllStand(e.old.id, 4); ok {
		t.Error("all stand")
	}
}

func TestAdopt(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, tree{"index.html": "x", "mine": "y", "sub/z": "z"})
	if _, err := Begin(context.Background(), dir, Options{}); !errors.Is(err, ErrForeign) {
		t.Errorf("error %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, Own)); err == nil {
		t.Error("a folder that was refused was written to")
	}
	if _, err := begin(t, dir, Options{Adopt: true}, tree{"index.html": "1", "sub/a": "2"}).Commit(); err != nil {
		t.Fatal(err)
	}
	want(t, dir, tree{"index.html": "1", "mine": "y", "sub/z": "z", "sub/a": "2"})
	commit(t, dir, tree{"index.html": "1"})
	want(t, dir, tree{"index.html": "1", "mine": "y", "sub/z": "z"})
}

// No path leads out of the folder or into what Stet keeps there, neither one
// that is put nor one that a manifest tells of.
func TestEscapes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	put(t, filepath.Dir(dir), tree{"precious": "x", "else/where": "y"})
	e := begin(t, dir, Options{}, tree{"a/b": "1"})
	for _, name := range []string{"../x", "/x", "a/../../x", "", ".", ".stet/lock", ".stet", ".STET/x", "a//b", "//x", "a/"} {
		if err := e.Put(name, nil, ""); err == nil {
			t.Errorf("%q was put", name)
		}
		if err := e.Copy(name, strings.NewReader("")); err == nil {
			t.Errorf("%q was copied", name)
		}
	}
	if _, err := e.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../precious", "/etc/x", "a/../../precious", ".stet/lock", "."} {
		m := manifest{complete: true, lines: []line{{name: name}}}
		if err := m.write(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := Begin(context.Background(), dir, Options{}); !errors.Is(err, errManifest) {
			t.Errorf("a manifest that names %q: %v", name, err)
		}
	}
	if _, err := begin(t, dir, Options{Adopt: true}, tree{"else/where": "1"}).Commit(); err != nil {
		t.Fatal(err)
	}
	// Somebody puts a link in the place of a folder of ours.
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, "else")), os.Symlink("../else", filepath.Join(dir, "else"))); err != nil {
		t.Fatal(err)
	}
	if _, err := begin(t, dir, Options{}, tree{"else/where": "2"}).Commit(); !errors.Is(err, ErrForeign) {
		t.Errorf("written through a link: %v", err)
	}
	commit(t, dir, tree{"c": "1"})
	for name, data := range map[string]string{"precious": "x", "else/where": "y"} {
		if got, err := os.ReadFile(filepath.Join(filepath.Dir(dir), name)); string(got) != data {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestCase(t *testing.T) {
	dir := t.TempDir()
	commit(t, dir, tree{"World/Fire": "1", "a": "2"})
	rep := commit(t, dir, tree{"world/fire": "1", "A": "3"})
	want(t, dir, tree{"world/fire": "1", "A": "3"})
	if rep := commit(t, dir, tree{"world/fire": "1", "A": "3"}); rep.Written != nil {
		t.Errorf("once more: %+v", rep)
	}
	if len(rep.Written) != 2 || len(rep.Removed) != 2 {
		t.Errorf("%+v", rep)
	}
}

// What is said about a file is kept as long as that stands, and is told anew where
// its bytes are the same; an edition of an older Stet says nothing.
func TestAbout(t *testing.T) {
	dir := t.TempDir()
	abouts := func() (all []string) {
		t.Helper()
		p, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range p.Files {
			all = append(all, f.Name+"="+f.About)
		}
		return all
	}
	step := func(do func(e *Edition), want ...string) Report {
		t.Helper()
		e, err := Begin(context.Background(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		do(e)
		rep, err := e.Commit()
		if err != nil {
			t.Fatal(err)
		}
		if got := abouts(); !slices.Equal(got, want) {
			t.Errorf("the manifest says %q", got)
		}
		return rep
	}
	if _, err := Read(dir); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
	if _, err := Read(filepath.Join(dir, "x")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	first := step(func(e *Edition) { e.Put("a", []byte("1"), "one\ttab"); e.Put("b\tc", []byte("2"), "two") }, "a=one\ttab", "b\tc=two")
	if same := step(func(e *Edition) { e.Keep("a"); e.Put("b\tc", []byte("2"), "two") }, "a=one\ttab", "b\tc=two"); same.ID != first.ID {
		t.Error("it has another name now")
	}
	if other := step(func(e *Edition) { e.Keep("a"); e.Put("b\tc", []byte("2"), "three") }, "a=one\ttab", "b\tc=three"); other.ID == first.ID || len(other.Written) > 0 {
		t.Errorf("%+v", other)
	}
	step(func(e *Edition) { e.Keep("a"); e.Copy("b\tc", strings.NewReader("2")) }, "a=one\ttab", "b\tc=")
	step(func(e *Edition) { e.Put("a", []byte("3"), "four"); e.Keep("b\tc") }, "a=four", "b\tc=")

	name := filepath.Join(dir, Own, manifestName)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	older := strings.NewReplacer(magic, magicBefore, "\tfour", "", `"b\tc"`, "b\tc").Replace(string(data))
	if err := os.WriteFile(name, []byte(older), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); !errors.Is(err, ErrOlder) {
		t.Error(err)
	}
	step(func(e *Edition) { e.Put("a", []byte("3"), ""); e.Keep("b\tc") }, "a=", "b\tc=")
	if err := os.WriteFile(name, []byte(strings.Replace(string(data), "complete yes", "complete no", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); !errors.Is(err, ErrHalf) {
		t.Error(err)
	}
	if err := os.WriteFile(name, data[:len(data)-3], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
}
