package images

import (
	"strings"
	"testing"

	"stet/internal/pixels"
)

// Of each picture one rendition comes well before the others, so that those who
// make them together do not wait for each other.
func TestInTurn(t *testing.T) {
	for _, n := range []int{0, 1, 3, lead, lead + 1, 30} {
		var asked []string
		for i := range n {
			for width := range 4 {
				asked = append(asked, order{src: strings.Repeat("a", i+1), key: "k", Job: pixels.Job{Width: width + 1, Type: "image/jpeg"}}.args())
			}
		}
		s := NewShop(nil)
		pages := s.Pages(asked)
		first, seen := map[string]int{}, map[string]bool{}
		for i, p := range pages {
			src := orderOf(p.Args).src
			if at, known := first[src]; !known {
				first[src] = i
			} else if n > 2*lead && len(src) < n-lead && i-at < lead {
				t.Errorf("of %d pictures, number %d has a second rendition %d pages after its first", n, len(src), i-at)
			}
			seen[p.Path] = true
		}
		if len(seen) != 4*n || len(pages) != 4*n || len(s.Names()) != 4*n {
			t.Errorf("of %d pictures %d renditions are listed, %d of them once", n, len(pages), len(seen))
		}
	}
}

// A kept is a store in memory.
type kept map[string][]byte

func (k kept) Get(name string) ([]byte, bool) { data, ok := k[name]; return data, ok }
func (k kept) Put(name string, data []byte)   { k[name] = data }

// reading gives those bytes for any file but one beside a picture.
func reading(data string) func(string) []byte {
	return func(path string) []byte {
		if strings.HasSuffix(path, Beside("")) {
			return nil
		}
		return []byte(data)
	}
}

// All renditions of a picture are made once, and none lies in memory when all
// were taken.
func TestTaken(t *testing.T) {
	data := drawn(jpegOf)
	ph, _ := Inspect("a.jpg", []byte(data), nil)
	var asked []string
	for width := range 4 {
		asked = append(asked, order{src: "a.jpg", key: ph.Key, Job: pixels.Job{Width: width + 1, Type: "image/jpeg"}}.args())
	}
	for _, store := range []Store{nil, kept{}} {
		s := NewShop(store)
		for i, p := range s.Pages(asked) {
			read := reading(data)
			if i > 0 {
				read = reading("") // all are made by now
			}
			if len(s.Make(p.Path, read)) == 0 {
				t.Errorf("with the store %v, %s was not made", store != nil, p.Path)
			}
		}
		if left := s.batches["a.jpg"].made; len(left) > 0 {
			t.Errorf("with the store %v, %d renditions lie in memory", store != nil, len(left))
		}
	}
}
