// Package watch says that files changed, once they have been quiet.
//
// It says never which. Systems tell of changes late, twice or not at all, and
// of a folder that was moved in they tell nothing of what lies in it. So what
// they tell only wakes, and whoever is woken looks at the files: an event too
// many costs a look, and no event can make a wrong page.
//
// [Start] makes a survey: it walks through the site's folders and has the system
// tell of each (survey.go). What the system tells is heard in listen.go. It
// begins a lull, which ends when files are quiet (lull.go), and [Watcher.Changed]
// delivers. Where the system cannot be relied on (system_linux.go and its
// neighbours, probe.go) or has reached a limit (reason.go), files are looked at
// every half second (look.go).
package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// Options say what is watched.
type Options struct {
	Dir     string   // the site's folder
	Folders []string // folders in Dir that are watched with all below them; they may come and go
	Files   []string // files in Dir that are watched; they too

	// Ignore tells what in Folders is not watched, by its path from Dir, with
	// slashes: what editors leave behind, or a folder such as .git. Of what is
	// in an ignored folder it is not asked. Nil ignores nothing.
	Ignore func(path string) bool

	// Poll has files looked at every half second from the beginning.
	Poll bool

	probe func(dir string) error // in place of the probe, in tests
}

// A Watcher watches a site until its context ends.
type Watcher struct {
	options Options
	dir     string // Options.Dir, with no link in it
	changed chan struct{}
	reason  atomic.Pointer[reason] // nil while the system tells

	events *fsnotify.Watcher
	lost   chan struct{} // holds a value after events were lost
	seen   *survey
	doubt  bool // whether folders and links are still as seen has them
	looks  map[string]look
}

// Start watches a site until ctx ends. What changes after Start has returned is
// told, so a caller starts first and looks at the files then. The error is that
// the site's folder cannot be found or is none.
func Start(ctx context.Context, o Options) (*Watcher, error) {
	dir, err := realDir(o.Dir)
	if err != nil {
		return nil, err
	}
	if o.Ignore == nil {
		o.Ignore = func(string) bool { return false }
	}
	if o.probe == nil {
		o.probe = func(dir string) error { return probe(dir, dir) }
	}
	w := &Watcher{options: o, dir: dir, changed: make(chan struct{}, 1), lost: make(chan struct{}, 1)}
	if err := w.begin(); err != nil {
		w.deafen(err)
	}
	go w.run(ctx)
	return w, nil
}

func realDir(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return "", fmt.Errorf("watching: %w", err)
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = &os.PathError{Op: "open", Path: dir, Err: syscall.ENOTDIR}
	}
	if err != nil {
		return "", fmt.Errorf("watching: %w", err)
	}
	return dir, nil
}

// Changed delivers a value after files changed and have been quiet for some 25
// milliseconds, and once a second while they are not; half a second later while
// files are looked at. Changes while nobody receives are one value. After the last
// change there is always a value that was sent after it. The channel is closed
// when the context has ended and all is let go.
func (w *Watcher) Changed() <-chan struct{} { return w.changed }

// Polling tells why files are looked at every half second instead of waiting to
// be told, and what to do about it. Each is one line for people, lower case and
// without a full stop; remedy may be "". Both are "" while the system tells of
// changes. That may end at any time, with a value from Changed.
func (w *Watcher) Polling() (why, remedy string) {
	if r := w.reason.Load(); r != nil {
		return r.why, r.remedy
	}
	return "", ""
}

func (w *Watcher) run(ctx context.Context) {
	defer close(w.changed)
	if w.reason.Load() == nil {
		err := w.listen(ctx)
		w.events.Close()
		if err == nil {
			return
		}
		w.deafen(err)
		w.wake()
	}
	w.poll(ctx)
}

func (w *Watcher) wake() {
	select {
	case w.changed <- struct{}{}:
	default: // one is there that nobody has taken
	}
}

// begin has the system tell of the site. The error says why it does not.
func (w *Watcher) begin() error {
	if w.options.Poll {
		return &reason{why: "it was asked for"}
	}
	if err := w.options.probe(w.dir); err != nil {
		return err
	}
	return w.survey()
}

// deafen takes the first look at the files, because the system does not tell.
func (w *Watcher) deafen(err error) {
	w.looks = w.look()
	w.reason.Store(w.explain(err))
}
