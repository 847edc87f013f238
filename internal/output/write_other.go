//go:build !linux

package output

import (
	"errors"
	"os"
)

// write writes a new file and returns its time.
func write(name string, data []byte) (mtime int64, err error) {
	w, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return 0, err
	}
	_, err = w.Write(data)
	info, err2 := w.Stat()
	if err = errors.Join(err, err2, w.Close()); err != nil {
		return 0, err
	}
	return info.ModTime().UnixNano(), nil
}
