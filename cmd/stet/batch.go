package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"

	"stet/internal/build"
)

// What a build holds in memory grows with the number of its files, and all of
// it lives to the end: a collector that lets the heap double each time would
// take twice what is needed, and one that is kept busy costs a third of the
// time. So it lets the heap grow freely up to some times what a site of this
// size needs, so that it is collected as often as a small one, measured on
// archives of 1,000, 10,000, 40,000 and 100,000 articles. A theme that makes many
// pages of each file needs more, which is known when they are listed.
const growth = -1 // nothing is collected below that bound

// room is how much a program may take: bytes for each file, but so many at
// least and so many at most.
type room struct{ file, least, most int64 }

var (
	batch   = room{28 << 9, 64 << 20, 896 << 20}
	looking = room{37 << 9, 96 << 20, 3 << 29} // a check, which knows all links of all pages
	preview = room{19 << 9, 24 << 20, 1 << 30} // which stays: its first build may take longer
)

// perPage is how many bytes more a program may take for each page, where they are
// more than five for four files: up to there, what is measured for a file is enough.
const perPage = 8 << 10

// bound sets the collector for a site of so many files and pages. Whoever sets
// GOGC or GOMEMLIMIT has the last word.
func (r room) bound(files, pages int) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(r.bytes(files, pages))
}

// bytes is the bound for a site of so many files and pages.
func (r room) bytes(files, pages int) int64 {
	more := max(0, pages-files-files/4)
	return min(max(int64(files)*r.file, r.least), r.most) + int64(more)*perPage
}

// cores are those that Go was given.
var cores = runtime.GOMAXPROCS(0)

// rush readies the program for a build that has the machine to itself and then
// ends. It is given one processor more than it has workers: where none is idle,
// Go's monitor takes it away from who waits for the system for longer than 20 µs,
// as nearly all do that make a folder or a file, and looks every 20 µs whether it
// has to. And the heap of a large site is asked for in large pages, for to get it
// in small ones is a fifteenth of a cold build.
func rush(o *build.Options) {
	if o.Jobs == 0 {
		o.Jobs = cores
	}
	bytes := batch.least
	o.Listed = func(files, pages int) {
		batch.bound(files, pages)
		bytes = batch.bytes(files, pages)
	}
	o.Reading = sync.OnceFunc(func() { // who has to begin anew has them
		if os.Getenv("GOMAXPROCS") == "" {
			runtime.GOMAXPROCS(cores + 1)
		}
		if bytes > batch.least {
			largePages(bytes / 4 * 3)
		}
	})
}
