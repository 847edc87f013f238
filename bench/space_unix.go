//go:build linux || darwin

package main

import "syscall"

// freeBytes tells how much can still be written in a folder, if that is known.
func freeBytes(dir string) (free int64, known bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
