package watch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// A reason is why files are looked at instead of waiting for events. It is said
// in one line, and what to do about it in another.
type reason struct{ why, remedy string }

func (r *reason) Error() string { return r.why }

// explain says in words why the system does not tell of changes.
func (w *Watcher) explain(err error) *reason {
	var r *reason
	var p *fs.PathError
	switch {
	case errors.As(err, &r):
		return r
	case errors.Is(err, syscall.ENOSPC):
		return tooManyWatches(w.folders())
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return tooManyFiles()
	case errors.As(err, &p):
		return &reason{p.Path + " cannot be watched: " + p.Err.Error(), "see to it that it is there and that you may read it, and start again"}
	default:
		return &reason{"the system cannot tell of changes: " + err.Error(), ""}
	}
}

// folders counts the folders that are to be watched.
func (w *Watcher) folders() int {
	s, _ := w.walk(nil) // which cannot fail
	return len(s.spots)
}

// The limits of inotify hold for all programs of a user together.
const (
	watchesLimit   = "fs.inotify.max_user_watches"
	instancesLimit = "fs.inotify.max_user_instances"
)

func tooManyWatches(needed int) *reason {
	limit := limitOf(watchesLimit)
	return &reason{
		why:    fmt.Sprintf("%d folders are too many for %s%s", needed, watchesLimit, is(limit)),
		remedy: raise(watchesLimit, max(524288, 2*limit)),
	}
}

// tooManyFiles says which of two limits was reached: the system has one error
// for both.
func tooManyFiles() *reason {
	f, err := os.Open(os.DevNull)
	if err != nil {
		return &reason{"this program has as many files open as it may", "allow it more with `ulimit -n 65536`, and start again"}
	}
	f.Close()
	limit := limitOf(instancesLimit)
	return &reason{
		why:    fmt.Sprintf("more programs watch files than %s allows%s", instancesLimit, is(limit)),
		remedy: raise(instancesLimit, max(1024, 2*limit)),
	}
}

func raise(name string, to int) string {
	return fmt.Sprintf("raise it with `sudo sysctl %s=%d`, and start again", name, to)
}

func is(limit int) string {
	if limit == 0 {
		return ""
	}
	return fmt.Sprintf(", which is %d", limit)
}

// limitOf reads a limit of Linux; it is 0 if there is none.
func limitOf(name string) int {
	data, err := os.ReadFile("/proc/sys/" + strings.ReplaceAll(name, ".", "/"))
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(data)))
	return n
}
