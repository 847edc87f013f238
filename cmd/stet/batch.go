package main

import (
	"os"
	"runtime/debug"
)

// What a build holds in memory grows with the number of its files, and all of
// it lives to the end: a collector that lets the heap double each time would
// take twice what is needed, and one that is kept busy costs a third of the
// time. So it lets the heap grow freely up to what a site of this size
// needs, measured on archives of 1,000, 10,000 and 40,000 articles.
const growth = -1 // nothing is collected below that bound

// room is how much a program may take: bytes, and bytes for each file.
type room struct{ base, file int64 }

var (
	batch   = room{64 << 20, 17 << 9}
	looking = room{64 << 20, 12 << 10} // a check, which knows all links of all pages
	preview = room{20 << 20, 8 << 10}  // which stays: its first build may take longer
)

// bound sets the collector for a site of so many files. Whoever sets GOGC or
// GOMEMLIMIT has the last word.
func (r room) bound(files int) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(r.base + int64(files)*r.file)
}
