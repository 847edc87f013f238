package output

import (
	"io/fs"
	"syscall"
)

// write writes a new file and returns its time. Of the system it asks no more
// than that; an [os.File] is also made ready for waiting, which files never do.
func write(name string, data []byte) (mtime int64, err error) {
	var fd int
	for {
		fd, err = syscall.Open(name, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_TRUNC|syscall.O_CLOEXEC, 0o644)
		if err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	for len(data) > 0 && err == nil {
		var n int
		if n, err = syscall.Write(fd, data); err == syscall.EINTR {
			n, err = 0, nil
		}
		data = data[max(n, 0):]
	}
	var stat syscall.Stat_t
	if err == nil {
		err = syscall.Fstat(fd, &stat)
	}
	if c := syscall.Close(fd); err == nil {
		err = c
	}
	if err != nil {
		return 0, &fs.PathError{Op: "write", Path: name, Err: err}
	}
	return stat.Mtim.Nano(), nil
}
