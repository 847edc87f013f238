package watch

import (
	"context"
	"io/fs"
	"os"
	"slices"

	"github.com/fsnotify/fsnotify"
)

// survey has the system tell of all that is watched, by a new watcher.
func (w *Watcher) survey() error {
	if w.events != nil {
		w.events.Close() // first: a user may have only so many
	}
	events, err := open(w.lost)
	if err != nil {
		return err
	}
	s, err := w.walk(func(folder string) error {
		if err := distrust(folder); err != nil {
			return err
		}
		if err := events.Add(folder); err != nil {
			return &fs.PathError{Op: "watch", Path: folder, Err: err}
		}
		return nil
	})
	if err != nil {
		events.Close()
		return err
	}
	w.events, w.seen, w.doubt = events, s, false
	return nil
}

// walk walks through all that is watched, and has each folder watched so; or, if
// that is nil, looks at each file.
func (w *Watcher) walk(watch func(folder string) error) (*survey, error) {
	s := &survey{dir: w.dir, ignore: w.options.Ignore, watch: watch, spots: map[string]*spot{}}
	if watch == nil {
		s.looks = map[string]look{}
	}
	return s, s.all(slices.Concat(w.options.Files, w.options.Folders))
}

// open makes a watcher of the system. Its errors mean that events were lost, and
// are received all the time: fsnotify sends some while it holds the lock that
// adding a folder and closing wait for.
func open(lost chan<- struct{}) (*fsnotify.Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	go func() {
		for range events.Errors {
			select {
			case lost <- struct{}{}:
			default:
			}
		}
	}()
	return events, nil
}

// listen waits for events until the context ends. The error says why the system
// tells of the site no more.
func (w *Watcher) listen(ctx context.Context) error {
	l := newLull()
	defer l.end()
	for {
		late := false
		select {
		case <-ctx.Done():
			return nil
		case ev := <-w.events.Events:
			w.event(ev, l)
			continue
		case <-w.lost:
			w.doubt = true
			l.stir("", false)
			continue
		case <-l.quiet.C:
		case <-l.latest.C:
			late = true
		}
		if w.doubt {
			if err := w.survey(); err != nil {
				return err
			}
			if !late { // there may be folders now of which nothing was heard
				l.stir("", false)
				continue
			}
		}
		l.end()
		w.wake()
	}
}

// event hears what the system tells. A change of mode alone is none: indexers
// and backups do that all day.
func (w *Watcher) event(ev fsnotify.Event, l *lull) {
	if ev.Op == fsnotify.Chmod || !w.seen.matters(ev.Name) {
		return
	}
	const moved = fsnotify.Create | fsnotify.Remove | fsnotify.Rename
	info, err := os.Lstat(ev.Name)
	here := err == nil
	folder := w.seen.spots[ev.Name] != nil || here && info.Mode()&(fs.ModeDir|fs.ModeSymlink) != 0
	if folder && ev.Op&moved != 0 {
		w.doubt = true
	}
	l.stir(ev.Name, here && info.Mode().IsRegular() && info.Size() == 0)
}
