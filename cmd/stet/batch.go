package main

import (
	"os"
	"runtime/debug"
)

// What a build holds in memory grows with the number of its files, and all of
// it lives to the end: a collector that lets the heap double each time would
// take twice what is needed, and one that is kept busy costs a third of the
// time. So it lets the heap grow freely up to some times what a site of this
// size needs, so that it is collected as often as a small one, measured on
// archives of 1,000, 10,000, 40,000 and 100,000 articles.
const growth = -1 // nothing is collected below that bound

// room is how much a program may take: bytes for each file, but so many at
// least and so many at most.
type room struct{ file, least, most int64 }

var (
	batch   = room{28 << 9, 64 << 20, 896 << 20}
	looking = room{37 << 9, 96 << 20, 3 << 29} // a check, which knows all links of all pages
	preview = room{19 << 9, 24 << 20, 1 << 30} // which stays: its first build may take longer
)

// bound sets the collector for a site of so many files. Whoever sets GOGC or
// GOMEMLIMIT has the last word.
func (r room) bound(files int) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(min(max(int64(files)*r.file, r.least), r.most))
}
