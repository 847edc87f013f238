//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakBytes gives the most memory that an ended process held at once, 0 where
// the system does not tell.
func peakBytes(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(usage.Maxrss) // bytes there, kilobytes elsewhere
	}
	return int64(usage.Maxrss) * 1024
}
