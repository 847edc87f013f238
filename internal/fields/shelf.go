package fields

import "sync"

// An archive has half a million values in its front matter, none of which is
// needed any more when its file has been read. So they are made of what those of
// other files were made of.

// A shelf has what trees are made of.
type shelf struct {
	values []Value // as many as are in use; there is room for more
	pairs  slots[Pair]
	items  slots[*Value]
}

// Slots are the pairs of maps, or the entries of lists. Those that are still being
// read lie on one another, as maps lie in one another.
type slots[T any] struct {
	done []T
	open []T
}

var shelves = sync.Pool{New: func() any { return new(shelf) }}

// room is how much is made at a time.
const room = 64

// take gives a value that says nothing yet.
func (s *shelf) take() *Value {
	if len(s.values) == cap(s.values) {
		s.values = make([]Value, 0, room)
	}
	s.values = s.values[:len(s.values)+1]
	return &s.values[len(s.values)-1]
}

// keep takes the open ones from an index on for complete.
func (s *slots[T]) keep(from int) []T {
	n := len(s.open) - from
	if s.done == nil || cap(s.done)-len(s.done) < n {
		s.done = make([]T, 0, max(n, room))
	}
	at := len(s.done)
	s.done = append(s.done, s.open[from:]...)
	s.open = s.open[:from]
	return s.done[at:len(s.done):len(s.done)]
}

// back puts a shelf back, for the next file.
func (s *shelf) back() {
	clear(s.values)
	s.values = s.values[:0]
	s.pairs.empty()
	s.items.empty()
	shelves.Put(s)
}

func (s *slots[T]) empty() {
	clear(s.done)
	clear(s.open[:cap(s.open)])
	s.done, s.open = s.done[:0], s.open[:0]
}
