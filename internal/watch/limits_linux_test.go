package watch

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/fsnotify/fsnotify"
)

// Limits are reached for real, in a process of its own: a user name space has
// limits of its own, and changing them touches nobody else.

const root, nobody = 0, 65534

// limited runs this test again in such a process, as this user of the name space;
// there it is true.
func limited(t *testing.T, user int) bool {
	t.Helper()
	const name = "STET_LIMITED"
	if os.Getenv(name) != "" {
		return true
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), name+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: user, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: user, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &exit):
		t.Skipf("here is no user name space to be had: %v", err)
	case err != nil:
		t.Errorf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	}
	return false
}

func limit(t *testing.T, name string, n int) {
	t.Helper()
	if err := os.WriteFile("/proc/sys/user/"+name, fmt.Append(nil, n), 0o644); err != nil {
		t.Skipf("the limit cannot be lowered: %v", err)
	}
}

func (r *reader) polls(why, remedy string) {
	r.t.Helper()
	gotWhy, gotRemedy := r.w.Polling()
	if !strings.Contains(gotWhy, why) || !strings.Contains(gotRemedy, remedy) {
		r.t.Errorf("it polls because %q; %q\nnot because %q; %q", gotWhy, gotRemedy, why, remedy)
	}
	if (why == "") != (gotWhy == "") {
		r.t.Errorf("it polls because %q", gotWhy)
	}
	if n := watchers(); (why == "") != (n == 1) {
		r.t.Errorf("%d watchers of the system are open", n)
	}
}

// watchers counts the watchers of the system that this program has open.
func watchers() (n int) {
	open, _ := filepath.Glob("/proc/self/fd/*")
	for _, fd := range open {
		if to, _ := os.Readlink(fd); strings.Contains(to, "inotify") {
			n++
		}
	}
	return n
}

func TestTooManyWatches(t *testing.T) {
	if !limited(t, root) {
		return
	}
	limit(t, "max_inotify_watches", 3)
	s := newSite(t)
	r := s.read(t, s.options())
	r.polls("5 folders are too many for fs.inotify.max_user_watches, which is ", "sudo sysctl fs.inotify.max_user_watches=")
	s.write("content/world/asia/flood.md", "two")
	r.agrees("an edit")
}

// The limit may be reached while the site grows.
func TestTooManyWatchesLater(t *testing.T) {
	if !limited(t, root) {
		return
	}
	limit(t, "max_inotify_watches", 8)
	s := newSite(t)
	r := s.read(t, s.options())
	r.polls("", "")
	s.write("content/a/b/c/d/e/f.md", "one")
	r.agrees("a growth")
	s.write("content/a/b/c/d/e/f.md", "two")
	r.agrees("an edit")
	r.polls("10 folders are too many for fs.inotify.max_user_watches, which is ", "sudo sysctl")
}

func TestTooManyWatchers(t *testing.T) {
	if !limited(t, root) {
		return
	}
	limit(t, "max_inotify_instances", 0)
	s := newSite(t)
	r := s.read(t, s.options())
	r.polls("fs.inotify.max_user_instances", "sudo sysctl fs.inotify.max_user_instances=")
	s.write(story, "two")
	r.agrees("an edit")
}

// One watcher at a time is enough, also while folders come and go.
func TestOneWatcher(t *testing.T) {
	if !limited(t, root) {
		return
	}
	limit(t, "max_inotify_instances", 1)
	s := newSite(t)
	r := s.read(t, s.options())
	s.write("content/a/b.md", "one")
	r.agrees("a new folder")
	r.polls("", "")
}

// A folder that may not be read is looked at until it may.
func TestUnreadable(t *testing.T) {
	if !limited(t, nobody) {
		return
	}
	s := newSite(t)
	s.mkdir("content/closed")
	s.must(os.Chmod(s.at("content/closed"), 0))
	r := s.read(t, s.options())
	r.polls("content/closed cannot be watched: permission denied", "see to it")
	s.must(os.Chmod(s.at("content/closed"), 0o755))
	r.agrees("it may be read")
}

// A file system that others change too is not relied on. Here the one of the
// test is taken for such a one.
func TestShared(t *testing.T) {
	s := newSite(t)
	var fs syscall.Statfs_t
	s.must(syscall.Statfs(s.at("content/world"), &fs))
	if _, known := shared[uint32(fs.Type)]; !known {
		shared[uint32(fs.Type)] = "FUSE"
		defer delete(shared, uint32(fs.Type))
	}
	r := s.read(t, s.options())
	r.polls(" which does not tell of changes made elsewhere", "on a disk of this system")
	s.write(story, "two")
	r.agrees("an edit")
}

func TestTooManyFiles(t *testing.T) {
	if !limited(t, root) {
		return
	}
	s := newSite(t)
	var held []*os.File
	var err error
	s.must(syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 100, Max: 100}))
	for err == nil {
		var f *os.File
		f, err = os.Open(os.DevNull)
		held = append(held, f)
	}
	r := s.read(t, s.options())
	for _, f := range held {
		f.Close()
	}
	r.polls("as many files open as it may", "ulimit -n")
	s.write(story, "two")
	r.agrees("an edit")
}

// When more happened than the system keeps, folders may have been made of which
// nothing was told.
func TestOverflow(t *testing.T) {
	kept := limitOf("fs.inotify.max_queued_events")
	if kept == 0 || kept > 1_000_000 {
		t.Skipf("this system keeps %d events, too many to have them lost", kept)
	}
	t.Parallel()
	s := newSite(t)
	o := s.options()
	stalled, goOn, once := make(chan bool), make(chan bool), sync.Once{}
	o.Ignore = func(way string) bool { // the watcher asks, and so comes to a stop
		if way == "content/stall.md" {
			once.Do(func() {
				stalled <- true
				<-goOn
			})
		}
		return false
	}
	r := s.read(t, o)
	other := anotherOf(t, s.at("content"))
	s.write("content/stall.md", "one")
	<-stalled
	s.stirUp(kept + 10_000) // fsnotify has taken some thousand out of the queue
	s.mkdir("content/lost")
	s.must(overflown(other))
	close(goOn)
	r.agrees("an overflow")
	s.write("content/lost/x.md", "two")
	r.agrees("an edit in a folder that nobody told of")
}

// stirUp makes so many events: two files are written by turns, because what
// happens to one file again and again is one event.
func (s *site) stirUp(n int) {
	s.t.Helper()
	var files [2]*os.File
	for i := range files {
		f, err := os.Create(s.at(fmt.Sprintf("content/%d.md", i)))
		s.must(err)
		defer f.Close()
		files[i] = f
	}
	for i := range n {
		_, err := files[i%2].WriteString("x")
		s.must(err)
	}
}

// anotherOf watches a folder and does not receive.
func anotherOf(t *testing.T, folder string) *fsnotify.Watcher {
	t.Helper()
	other, err := fsnotify.NewWatcher()
	if err == nil {
		err = other.Add(folder)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	return other
}

// overflown receives, and tells whether events were lost.
func overflown(other *fsnotify.Watcher) error {
	for {
		select {
		case ev := <-other.Events:
			if filepath.Base(ev.Name) == "lost" {
				return errors.New("the system lost nothing")
			}
		case err := <-other.Errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				return nil
			}
			return err
		}
	}
}
