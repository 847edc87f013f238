package watch

import (
	"context"
	"io/fs"
	"maps"
	"time"
)

// Looking at 20,000 files takes 60 milliseconds on a disk of one's own, and may
// take seconds on one far away. So it is done every half second, but for no more
// than a tenth of the time.
const (
	lookEvery = 500 * time.Millisecond
	share     = 10
)

// A look is what tells that a file was changed, without reading it. The zero
// look is of what cannot be looked at.
type look struct {
	kind  fs.FileMode // the kind without the permissions: those are no change
	size  int64       // in bytes
	mtime int64       // in nanoseconds
	inode uint64      // 0 where there is none
}

func lookOf(info fs.FileInfo) look {
	return look{info.Mode().Type(), info.Size(), info.ModTime().UnixNano(), inodeOf(info)}
}

// look looks at all files.
func (w *Watcher) look() map[string]look {
	s, _ := w.walk(nil) // which cannot fail
	return s.looks
}

// poll looks at the files until the context ends.
func (w *Watcher) poll(ctx context.Context) {
	pause := lookEvery
	for wait(ctx, time.After(pause)) {
		begun := time.Now()
		looks := w.look()
		pause = pauseAfter(time.Since(begun))
		if !maps.Equal(looks, w.looks) {
			w.looks = w.settle(ctx, w.looks, looks)
			w.wake()
		}
	}
}

func pauseAfter(took time.Duration) time.Duration { return max(lookEvery, share*took) }

// settle looks until files are quiet, and returns how they look then.
func (w *Watcher) settle(ctx context.Context, before, now map[string]look) map[string]look {
	latest := time.After(longest)
	for {
		quiet := time.After(quietAfter(before, now))
		select {
		case <-ctx.Done():
			return now
		case <-latest:
			return now
		case <-quiet:
		}
		again := w.look()
		if maps.Equal(again, now) {
			return now
		}
		before, now = now, again
	}
}

// quietAfter is how long files are waited for that look so now.
func quietAfter(before, now map[string]look) time.Duration {
	for p, l := range now {
		if l.kind.IsRegular() && l.size == 0 && before[p] != l {
			return emptyFor
		}
	}
	return quietFor
}

// wait waits for a time; it tells that the context has not ended.
func wait(ctx context.Context, until <-chan time.Time) bool {
	select {
	case <-ctx.Done():
		return false
	case <-until:
		return true
	}
}
