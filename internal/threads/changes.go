package threads

import (
	"maps"
	"slices"
)

// Changes are what is others at a service than it was at some moment: what it
// answers to export.
type Changes struct {
	Seq     int64    `json:"seq"`   // of the moment up to which they go
	Epoch   int64    `json:"epoch"` // numbers of another epoch say nothing in this one
	Threads []Change `json:"threads"`
	Ratings []Rating `json:"ratings"`
	More    bool     `json:"more"` // there are further ones after Seq
}

// A Change is what is others in the thread of a story.
type Change struct {
	Story string    `json:"story"` // by its lasting name
	Put   []Comment `json:"put,omitempty"`
	Gone  []string  `json:"gone,omitempty"` // IDs of what readers are no more to see
}

// A Rating is the tally of a story.
type Rating struct {
	Story string `json:"story"`
	Tally
}

// Merge is a thread after a change. A comment that is put replaces the one with
// its ID, and all that the change does not name stays. What is gone and put is
// put.
func Merge(all []Comment, c Change) []Comment {
	by := make(map[string]Comment, len(all)+len(c.Put))
	for _, one := range all {
		by[one.ID] = one
	}
	for _, id := range c.Gone {
		delete(by, id)
	}
	for _, one := range c.Put {
		by[one.ID] = one
	}
	merged := slices.Collect(maps.Values(by))
	Sort(merged)
	return merged
}

// Lacks says what keeps a comment out of a file, and what to do; "" if nothing
// does.
func Lacks(c Comment) (what, hint string) { return lacks(c) }
