package source

import (
	"io/fs"
	"syscall"
)

func statOf(info fs.FileInfo) Stat {
	s := Stat{Size: info.Size(), Mtime: info.ModTime().UnixNano()}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		s.Ctime, s.Inode = sys.Ctimespec.Nano(), sys.Ino
	}
	return s
}
