package watch

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// polled is a watcher that only looks, in time that is not waited for.
func polled(t *testing.T, do func(t *testing.T, s *site, w *Watcher)) {
	s := newSite(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		o := s.options()
		o.Poll = true
		w, err := Start(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		do(t, s, w)
		cancel()
		for range w.Changed() { // closed in the end
		}
	})
}

func TestPollingSaysThatItWasAskedFor(t *testing.T) {
	polled(t, func(t *testing.T, s *site, w *Watcher) {
		if why, remedy := w.Polling(); why != "it was asked for" || remedy != "" {
			t.Errorf("%q, %q", why, remedy)
		}
	})
}

func TestPollingLooksEveryHalfSecond(t *testing.T) {
	polled(t, func(t *testing.T, s *site, w *Watcher) {
		begun := time.Now()
		s.write(story, "one")
		<-w.Changed()
		if took := time.Since(begun); took != lookEvery+quietFor {
			t.Errorf("woken after %v", took)
		}
		s.must(os.Truncate(s.at(story), 0))
		begun = time.Now()
		<-w.Changed()
		if took := time.Since(begun); took != lookEvery+emptyFor {
			t.Errorf("woken for an empty file after %v", took)
		}
	})
}

// While a file is written on and on, there is a wake each second.
func TestPollingAWriterWithoutEnd(t *testing.T) {
	polled(t, func(t *testing.T, s *site, w *Watcher) {
		begun, long := time.Now(), ""
		for time.Since(begun) < 10*time.Second {
			long += "x"
			s.write(story, long)
			time.Sleep(quietFor / 2)
			select {
			case <-w.Changed():
				if took := time.Since(begun); took > lookEvery+longest+quietFor {
					t.Errorf("woken after %v", took)
				}
				return
			default:
			}
		}
		t.Error("never woken")
	})
}

// A wake waits until two looks are the same.
func TestPollingAWriter(t *testing.T) {
	polled(t, func(t *testing.T, s *site, w *Watcher) {
		time.Sleep(lookEvery - quietFor/2)
		for n := range 20 {
			s.write(story, strings.Repeat("x", n))
			time.Sleep(quietFor - 1)
		}
		select {
		case <-w.Changed():
			t.Error("woken while the file is written")
		default:
		}
		<-w.Changed()
	})
}

func TestPauseAfter(t *testing.T) {
	if quick, slow := pauseAfter(0), pauseAfter(time.Minute); quick != lookEvery || slow != 10*time.Minute {
		t.Errorf("the next look is after %v and %v", quick, slow)
	}
}

func TestStartFails(t *testing.T) {
	s := newSite(t)
	for name, want := range map[string]error{"nowhere": fs.ErrNotExist, "notes.txt": syscall.ENOTDIR} {
		w, err := Start(t.Context(), Options{Dir: s.at(name), Folders: []string{"content"}})
		if w != nil || !errors.Is(err, want) || !strings.Contains(err.Error(), name) {
			t.Errorf("watching %s: %v, not %v", name, err, want)
		}
	}
}

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	if err := probe(dir, dir); err != nil {
		t.Errorf("a probe fails here: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if len(left) > 0 || err != nil {
		t.Errorf("left behind: %q", left)
	}
	if err := probe(filepath.Join(dir, "nowhere"), dir); err != nil {
		t.Errorf("a probe that cannot be made: %v", err)
	}
}

// If the system does not tell of the probe, files are looked at, and it is said
// why. The probe is heard in another folder here than it is made in.
func TestProbeIsNotHeard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	o := s.options()
	o.probe = func(dir string) error { return probe(dir, s.at("shared")) }
	r := s.read(t, o)
	why, remedy := r.w.Polling()
	if !strings.Contains(why, "the system did not tell of it") || remedy == "" {
		t.Errorf("it polls because %q; %q", why, remedy)
	}
	s.write(story, "two")
	r.agrees("an edit")
}
