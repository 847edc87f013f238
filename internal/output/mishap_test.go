package output

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A manifest that was cut anywhere is damaged; it is never half of the truth.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	files := tree{"a": "1", "b c/d": "2", "quote\"": "3", "line\nbreak": "4", "caf\xe9": "5", " space": "6"}
	commit(t, dir, files)
	name := filepath.Join(dir, Own, manifestName)
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := readManifest(dir)
	if err != nil || len(m.lines) != len(files) || !m.complete {
		t.Fatalf("%+v, %v", m, err)
	}
	for i := range whole {
		var m manifest
		if err := m.parse(string(whole[:i])); err == nil {
			t.Fatalf("%q is a manifest", whole[:i])
		}
		for bit := range 8 {
			flipped := slices.Clone(whole)
			flipped[i] ^= 1 << bit
			if err := m.parse(string(flipped)); err == nil && len(m.lines) != len(files) {
				t.Fatalf("%q is a manifest", flipped)
			}
		}
	}
	if err := os.WriteFile(name, whole[:len(whole)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Begin(context.Background(), dir, Options{})
	if p := Explain(dir, err); !errors.Is(err, errManifest) || !strings.Contains(p.Hint, "--adopt") {
		t.Errorf("%v: %+v", err, p)
	}
	delete(files, "a")
	if _, err := begin(t, dir, Options{Adopt: true}, files).Commit(); err != nil {
		t.Fatal(err)
	}
	files["a"] = "1" // nobody knows any more that it was ours
	want(t, dir, files)
}

func FuzzManifest(f *testing.F) {
	m := manifest{complete: true, lines: []line{{name: "a", File: File{Size: 1}}, {name: "b/c", File: File{Mtime: 2}}}}
	dir := f.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, Own), 0o755), m.write(dir)); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, Own, manifestName))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		var m manifest
		if m.parse(string(data)) != nil {
			return
		}
		for _, l := range m.lines {
			name := l.name
			if !filepath.IsLocal(filepath.FromSlash(name)) || strings.HasPrefix(name, Own+"/") {
				t.Errorf("%q is believed to be ours", name)
			}
		}
	})
}

// A build may be killed at any moment. The steps of a commit are taken one by
// one up to each, and then the next build does its work as if nothing had been.
func TestKilled(t *testing.T) {
	before := tree{"kept": "0", "changed": "1", "gone": "2", "dir/gone": "3", "file": "4", "folder/x": "5", "folder/y": "6"}
	next := tree{"kept": "0", "changed": "one", "new": "7", "dir2/new": "8", "file/now": "9", "folder": "10"}
	for step := range 7 {
		for _, then := range []tree{next, before, {"other": "11"}} {
			t.Run(fmt.Sprint(step, len(then)), func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "out")
				commit(t, dir, before)
				e := begin(t, dir, Options{}, next)
				killed(t, e, step)
				for name, data := range read(t, dir) {
					if data != before[name] && data != next[name] {
						t.Errorf("%s is neither: %q", name, data)
					}
				}
				e.lock.Unlock() // as the system does for a process that has ended
				commit(t, dir, then)
				want(t, dir, then)
				if rep := commit(t, dir, then); rep.Written != nil || rep.Removed != nil {
					t.Errorf("once more: %+v", rep)
				}
				if left, _ := os.ReadDir(filepath.Join(dir, Own)); len(left) != 2 {
					t.Errorf("there is more than the lock and the manifest: %v", left)
				}
			})
		}
	}
}

// killed does what Commit does, up to a step.
func killed(t *testing.T, e *Edition, step int) {
	t.Helper()
	var removed []string
	for i, l := range e.old.lines {
		if !e.kept[i] && !e.isStaged(l.name) {
			removed = append(removed, l.name)
		}
	}
	both := manifest{id: e.old.id}
	both.lines, _ = e.lines(slices.Sorted(maps.Keys(e.staged)))
	steps := []func() error{
		func() error { return both.write(e.dir) },
		func() error { return e.remove(removed[:len(removed)/2]) },
		func() error { return e.remove(removed) },
		func() error { return os.Rename(e.stage("changed"), e.place("changed")) },
		func() error { return e.merge("") },
		func() error { // the last manifest is not yet named so
			return os.WriteFile(filepath.Join(e.dir, Own, manifestName+".tmp"), []byte("half"), 0o644)
		},
	}
	for _, do := range steps[:step] {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
}

// After a kill nobody may be sure of what was being moved.
func TestUnsure(t *testing.T) {
	dir := t.TempDir()
	id := commit(t, dir, tree{"kept": "0", "changed": "1", "gone": "2"}).ID
	e := begin(t, dir, Options{}, tree{"kept": "0", "changed": "3", "new": "4"})
	killed(t, e, 4)
	e.lock.Unlock()
	e = begin(t, dir, Options{}, nil)
	defer e.Discard()
	is, sure := e.Past()
	if is != id {
		t.Errorf("the edition is called %q, not %q", is, id)
	}
	for name, want := range map[string]bool{"kept": true, "changed": false, "gone": false, "new": false} {
		if sure(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	if _, ok := e.AllStand(id, 1); ok {
		t.Error("half an edition stands")
	}
}

// A second edition into the same folder waits for the first to end.
func TestTwo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	first := begin(t, dir, Options{}, tree{"a": "1", "b": "1"})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	told := 0
	if _, err := Begin(ctx, dir, Options{Waiting: func() { told++ }}); !errors.Is(err, context.DeadlineExceeded) || told != 1 {
		t.Errorf("it did not wait, or told so %d times: %v", told, err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		second, err := Begin(context.Background(), dir, Options{})
		if err != nil {
			t.Error(err)
			return
		}
		if err := second.Put("a", []byte("2"), ""); err != nil {
			t.Error(err)
		}
		if _, err := second.Commit(); err != nil {
			t.Error(err)
		}
	})
	time.Sleep(20 * time.Millisecond)
	if _, err := first.Commit(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	want(t, dir, tree{"a": "2"})
}

// Whoever waits for the lock of an edition that comes to nothing does not get
// the lock of a file that is gone.
func TestLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	var busy sync.Mutex
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for range 3 {
				e, err := Begin(context.Background(), dir, Options{})
				if err != nil {
					t.Error(err)
					return
				}
				if !busy.TryLock() {
					t.Error("two have the lock")
					e.Discard()
					return
				}
				time.Sleep(time.Millisecond)
				busy.Unlock()
				if err := e.Discard(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestDiscard(t *testing.T) {
	above := t.TempDir()
	dir := filepath.Join(above, "out")
	for _, c := range []struct {
		name string
		make func()
		want func() bool
	}{
		{"no folder", func() {}, func() bool { _, err := os.Lstat(dir); return err != nil }},
		{"an empty folder", func() { put(t, above, tree{"out/": ""}) }, func() bool { in, err := os.ReadDir(dir); return err == nil && len(in) == 0 }},
		{"an edition", func() { commit(t, dir, tree{"a": "1"}) }, func() bool { return maps.Equal(read(t, dir), tree{"a": "1"}) }},
	} {
		c.make()
		if err := begin(t, dir, Options{}, tree{"a": "2", "b/c": "3"}).Discard(); err != nil {
			t.Error(err)
		}
		if !c.want() {
			t.Errorf("%s: there is %q", c.name, read(t, dir))
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Begin(ctx, filepath.Join(above, "never"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("begun: %v", err)
	}
	if _, err := os.Lstat(filepath.Join(above, "never")); err == nil {
		t.Error("a build that was cancelled before it began left a folder")
	}
}
