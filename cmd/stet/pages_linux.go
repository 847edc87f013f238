package main

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// largePages asks the system to give so many bytes of the heap in large pages, a
// five hundredth as many. That is a wish, which says nothing of what is in them:
// where the system has none, all is as it was. The memory is not touched, and is
// the collector's to give to whoever asks next.
func largePages(bytes int64) {
	heap := make([]byte, bytes)
	unix.Madvise(heap, unix.MADV_HUGEPAGE)
	heap = nil
	runtime.GC()
}
