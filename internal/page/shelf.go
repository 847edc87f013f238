package page

import (
	"hash/maphash"
	"sync"
)

// A shelf holds the new questions of one kind. An edition of 100,000 stories asks
// more than a million: entries lie side by side in blocks and never move, are
// found by a table of their numbers, as in [index], and stand in notes by number.
type shelf struct {
	who    Answerer // of its kind
	mu     sync.Mutex
	number int // of the shelf
	count  int
	blocks []*[blockSize]entry
	seed   maphash.Seed
	// slots have one more than the entry's number where its hash says, or after that,
	// and above it eight more bits of the hash: few entries are looked at in vain.
	slots []uint32
}

// An entry's number is that of its shelf and its place there, put together and
// below 0. Sixteen entries fill their memory without rest.
const (
	blockSize = 16
	placeBits = 24
	places    = 1<<placeBits - 1
)

func numberOf(shelf, n int) int32 { return int32(-1 - (shelf<<placeBits | n)) }

func placeOf(num int32) (shelf, n int) {
	return int(-1-num) >> placeBits, int(-1-num) & places
}

func (s *shelf) at(n int) *entry { return &s.blocks[n/blockSize][n%blockSize] }

// entry finds the question's entry, or makes one.
func (s *shelf) entry(q Question) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if 4*(s.count+1) > 3*len(s.slots) {
		s.grow()
	}
	at, tag := s.slot(q)
	for ; s.slots[at] != 0; at = (at + 1) & (len(s.slots) - 1) {
		if slot := s.slots[at]; slot&^places == tag {
			if e := s.at(int(slot&places) - 1); e.Args == q.Args && e.Kind == q.Kind {
				return e
			}
		}
	}
	if s.count == places {
		panic("page: more questions of the kind " + q.Kind + " than have a number") // rather than a page made of others
	}
	if s.count%blockSize == 0 {
		s.blocks = append(s.blocks, new([blockSize]entry))
	}
	e := s.at(s.count)
	e.Question, e.num = q, numberOf(s.number, s.count)
	s.count++
	s.slots[at] = tag | uint32(s.count)
	return e
}

func (s *shelf) slot(q Question) (at int, tag uint32) {
	h := maphash.String(s.seed, q.Args)
	return int(h & uint64(len(s.slots)-1)), uint32(h>>32) &^ places
}

// grow makes a table of twice the size.
func (s *shelf) grow() {
	s.slots = make([]uint32, max(blockSize, 2*len(s.slots)))
	for n := range s.count {
		at, tag := s.slot(s.at(n).Question)
		for s.slots[at] != 0 {
			at = (at + 1) & (len(s.slots) - 1)
		}
		s.slots[at] = tag | uint32(n+1)
	}
}

// close lets go of what only answering needs.
func (s *shelf) close() {
	s.slots = nil
	for n := range s.count {
		s.at(n).value = nil
	}
}
