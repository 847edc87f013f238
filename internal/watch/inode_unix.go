//go:build linux || darwin

package watch

import (
	"io/fs"
	"syscall"
)

// inodeOf tells a file from another one that was put in its place.
func inodeOf(info fs.FileInfo) uint64 {
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		return sys.Ino
	}
	return 0
}
