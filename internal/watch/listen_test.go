package watch

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

// burst is how many files a git checkout may write at once.
const burst = 10_000

func (s *site) writeMany(n int) {
	s.t.Helper()
	for i := range n {
		name := fmt.Sprintf("content/many/%d/%d.md", i%20, i)
		if i < 20 {
			s.mkdir(filepath.Dir(name))
		}
		s.must(os.WriteFile(s.at(name), nil, 0o644))
	}
}

func TestBurst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := s.read(t, s.options())
	if testing.Short() {
		s.writeMany(burst / 10)
	} else {
		s.writeMany(burst)
	}
	r.agrees("a burst")
	s.rename("content/many", "content/more")
	r.agrees("a move of it")
	s.write("content/more/7/7.md", "two")
	r.agrees("an edit in it")
}

// While files change on and on, there is a wake each second nevertheless. The
// events come from here, because the system's would not wait for a time that is
// not real.
func TestAWriterWithoutEnd(t *testing.T) {
	s := newSite(t)
	synctest.Test(t, func(t *testing.T) {
		w := &Watcher{options: s.options(), dir: s.dir, changed: make(chan struct{}, 1), events: &fsnotify.Watcher{Events: make(chan fsnotify.Event)}}
		w.seen, _ = w.walk(nil)
		ctx, cancel := context.WithTimeout(t.Context(), 10*longest)
		defer cancel()
		go func() {
			for wait(ctx, time.After(quietFor-1)) {
				w.events.Events <- fsnotify.Event{Name: s.at(story), Op: fsnotify.Write}
			}
		}()
		wakes := 0
		go func() {
			for range w.changed {
				wakes++
			}
		}()
		if err := w.listen(ctx); err != nil {
			t.Error(err)
		}
		close(w.changed)
		synctest.Wait()
		if wakes != 9 {
			t.Errorf("%d wakes in ten seconds", wakes)
		}
	})
}

// Folders are made, moved and removed faster than they can be followed. What is
// left is watched all the same.
func TestChurn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := s.read(t, s.options())
	seed := rand.Uint64()
	rnd := rand.New(rand.NewPCG(seed, 0))
	name := func() string { return fmt.Sprintf("content/%d", rnd.IntN(4)) }
	for range 6 {
		for range 200 {
			switch from, to := name(), name(); rnd.IntN(4) {
			case 0:
				s.write(from+fmt.Sprintf("/%d/x.md", rnd.IntN(3)), fmt.Sprint(rnd.Int()))
			case 1:
				s.remove(from)
			case 2:
				os.Rename(s.at(from), s.at(to)) // if both are there or neither, it fails
			case 3:
				os.Rename(s.at(from), s.at(to)+"/1") // the same
			}
		}
		r.agrees(fmt.Sprintf("churn with seed %d", seed))
		s.write(name()+"/1/x.md", fmt.Sprint(rnd.Int()))
		r.agrees(fmt.Sprintf("an edit after churn with seed %d", seed))
	}
	if why, _ := r.w.Polling(); why != "" {
		t.Errorf("files are only looked at: %s", why)
	}
}

// When the context ends, nothing is left that runs and no file is open, also if
// nobody received what was told.
func TestNothingIsLeft(t *testing.T) {
	s := newSite(t)
	before, open := runtime.NumGoroutine(), openFiles()
	for _, poll := range []bool{false, true} {
		o := s.options()
		o.Poll = poll
		ctx, cancel := context.WithCancel(t.Context())
		w, err := Start(ctx, o)
		s.must(err)
		s.write("content/a/b/c.md", fmt.Sprint(poll))
		<-w.Changed()
		for range 3 {
			s.write("content/index.md", fmt.Sprint(rand.Int()))
			time.Sleep(2 * quietFor) // time for more wakes than are received
		}
		cancel()
	}
	late := time.Now().Add(given)
	for runtime.NumGoroutine() > before || openFiles() > open {
		if time.Now().After(late) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines and %d open files are left\n%s", runtime.NumGoroutine()-before, openFiles()-open, stacks[:runtime.Stack(stacks, true)])
		}
		time.Sleep(time.Millisecond)
	}
}

// openFiles counts the files this program has open, where that can be seen.
func openFiles() int {
	open, _ := filepath.Glob("/proc/self/fd/*")
	return len(open)
}

// What the system tells: whether it begins a wait, whether a longer one, and
// whether folders are looked for anew.
func TestEvent(t *testing.T) {
	const create, write, remove, rename, chmod = fsnotify.Create, fsnotify.Write, fsnotify.Remove, fsnotify.Rename, fsnotify.Chmod
	s := newSite(t)
	s.write("content/empty.md", "")
	s.link("content/link.md", "world/fire.md")
	for _, c := range []struct {
		op                  fsnotify.Op
		name                string
		begun, empty, doubt bool
	}{
		{write, story, true, false, false},
		{create, story, true, false, false},
		{create | write, story, true, false, false},
		{chmod, story, false, false, false},
		{write | chmod, story, true, false, false},
		{write, "content/empty.md", true, true, false},
		{create, "content/empty.md", true, true, false},
		{remove, "content/gone.md", true, false, false},
		{rename, "content/gone.md", true, false, false},
		{create, "content/link.md", true, false, true},
		{create, "content/world", true, false, true},
		{write, "content/world", true, false, false},
		{remove, "content/world", true, false, true},
		{rename, "", true, false, true},
		{write, "site.yaml", true, false, false},
		{create, "content", true, false, true},
		{create, "layouts", true, false, false}, // gone already
		{create, "content/.fire.md.swp", false, false, false},
		{create, "public", false, false, false},
		{write, "notes.txt", false, false, false},
	} {
		w := &Watcher{options: s.options(), dir: s.dir}
		seen, err := w.walk(nil)
		s.must(err)
		w.seen = seen
		l := newLull()
		w.event(fsnotify.Event{Name: s.at(c.name), Op: c.op}, l)
		if empty := len(l.empty) > 0; l.begun != c.begun || empty != c.empty || w.doubt != c.doubt {
			t.Errorf("%v %s: begun %v, empty %v, doubt %v", c.op, c.name, l.begun, empty, w.doubt)
		}
	}
}

// How long a save takes to be told, with quietFor in it.
func BenchmarkWake(b *testing.B) {
	dir := b.TempDir()
	folder := filepath.Join(dir, "content")
	for i := range 200 {
		if err := os.MkdirAll(filepath.Join(folder, fmt.Sprint(i)), 0o755); err != nil {
			b.Fatal(err)
		}
	}
	w, err := Start(b.Context(), Options{Dir: dir, Folders: []string{"content"}})
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; b.Loop(); n++ {
		if err := os.WriteFile(filepath.Join(folder, "7", "x.md"), []byte(fmt.Sprint(n)), 0o644); err != nil {
			b.Fatal(err)
		}
		<-w.Changed()
	}
}
