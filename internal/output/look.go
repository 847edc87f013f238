package output

import (
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
)

// What is known of a file before it is asked for: nothing, if it is zero.
const (
	asItWas int32 = iota + 1
	notAsItWas
)

// LookAhead begins to look at all files of the last edition, for Stands, while
// its caller does something else.
func (e *Edition) LookAhead() {
	e.looked = make([]atomic.Int32, len(e.old.lines))
	clear(e.looked) // else each page of it is met twice: when it is read first, and when written
	e.ahead.Go(func() {
		for i := range e.looked {
			if e.enough.Load() {
				return
			}
			e.standing(i)
		}
	})
}

// Trust takes all files of the last edition to lie there as it left them, for
// who looks at them afterwards.
func (e *Edition) Trust() { e.trusted = true }

// standing tells whether a file lies there as its line says. It looks only once
// if it is known that all are looked at.
func (e *Edition) standing(i int) bool {
	if e.trusted {
		return true
	}
	if e.looked == nil {
		return e.asLeft(&e.old.lines[i])
	}
	found := e.looked[i].Load()
	if found == 0 {
		if found = notAsItWas; e.asLeft(&e.old.lines[i]) {
			found = asItWas
		}
		e.looked[i].Store(found)
	}
	return found == asItWas
}

// Stands tells whether a file lies there as the last edition left it.
func (e *Edition) Stands(name string) bool {
	i, ok := e.old.find(name)
	return ok && e.standing(i)
}

// lies tells whether a file of the last edition lies there, as it was left or not.
func (e *Edition) lies(name string) bool {
	i, ok := e.old.find(name)
	if ok && (e.looked == nil || e.looked[i].Load() != asItWas) {
		_, _, ok = e.look(name)
	}
	return ok
}

// asLeft tells whether a file lies there as its line says.
func (e *Edition) asLeft(l *line) bool {
	size, mtime, ok := e.look(l.name)
	return ok && size == l.Size && mtime == l.Mtime
}

// lookAt tells the size of a file and when it was written, if a file lies there.
func (e *Edition) lookAt(name string) (size, mtime int64, ok bool) {
	info, err := os.Lstat(e.place(name))
	if err != nil || !info.Mode().IsRegular() {
		return 0, 0, false
	}
	return info.Size(), info.ModTime().UnixNano(), true
}

// pieceOf fills b from a file, if one lies there: a pipe would be waited for.
func (e *Edition) pieceOf(name string, b []byte, at int64) error {
	if _, _, ok := e.lookAt(name); !ok {
		return fs.ErrNotExist
	}
	f, err := os.Open(e.place(name))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.ReadFull(io.NewSectionReader(f, at, int64(len(b))), b)
	return err
}

// AllStand tells whether the edition of that name lies there whole, as it was
// left, and how many files it has.
func (e *Edition) AllStand(id string, workers int) (files int, ok bool) {
	if e.old.id != id || !e.old.complete {
		return 0, false
	}
	lines := e.old.lines
	err := each(len(lines), workers, func(i int) error {
		if !e.asLeft(&lines[i]) {
			return fs.ErrNotExist
		}
		return nil
	})
	return len(lines), err == nil
}

// each does something n times, some at a time, until one fails. Of several that fail
// the error is that of the first, whoever was quicker: what is begun is done.
func each(n, workers int, do func(i int) error) error {
	var next atomic.Int64
	var stop atomic.Bool
	var mu sync.Mutex
	var failed error
	first := n
	var wg sync.WaitGroup
	for range min(max(1, workers), n) {
		wg.Go(func() {
			for !stop.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(i); err != nil {
					stop.Store(true)
					mu.Lock()
					if i < first {
						first, failed = i, err
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return failed
}
