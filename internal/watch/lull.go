package watch

import "time"

// A save is several events: the file is cut to nothing, then written; or a
// backup is made, a new file written and renamed. Builds would see the middle of
// it. Events of one save follow within a millisecond or two, so that quietFor is
// ample and not felt; should one take longer, it is built twice. A file that is empty is likely to be written any moment,
// and is waited for longer.
const (
	quietFor = 10 * time.Millisecond
	emptyFor = 75 * time.Millisecond
	longest  = time.Second // if files never are quiet
)

// A lull is the wait for quiet after a change.
type lull struct {
	quiet  *time.Timer // fires when files have been quiet
	latest *time.Timer // fires when that took too long
	begun  bool
	empty  map[string]bool // files that were empty when they changed last
}

func newLull() *lull {
	l := &lull{quiet: time.NewTimer(longest), latest: time.NewTimer(longest)}
	l.end()
	return l
}

// stir begins the wait again, for a file that may be empty. A path of "" is no
// file.
func (l *lull) stir(path string, empty bool) {
	if !l.begun {
		l.begun = true
		l.latest.Reset(longest)
	}
	if empty {
		l.empty[path] = true
	} else {
		delete(l.empty, path)
	}
	if len(l.empty) > 0 {
		l.quiet.Reset(emptyFor)
	} else {
		l.quiet.Reset(quietFor)
	}
}

// end ends the wait; neither timer fires any more.
func (l *lull) end() {
	l.quiet.Stop()
	l.latest.Stop()
	l.begun, l.empty = false, map[string]bool{}
}
