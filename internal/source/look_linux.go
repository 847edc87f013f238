package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"

	"golang.org/x/sys/unix"
)

// look appends to the room what a folder has that a build sees. It asks the system
// itself, for each file by its name in the open folder: the looks of all files are
// taken at each build, and by their whole paths that takes twice as long.
func (k *looker) look(folder string) error {
	fd, err := openFolder(int(k.l.top.Fd()), folder)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if k.buf == nil {
		k.buf = make([]byte, 1<<15)
	}
	for {
		n, err := unix.ReadDirent(fd, k.buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		if n <= 0 {
			break
		}
		k.named(folder, k.buf[:n])
	}
	seen := k.room[:0]
	for _, e := range k.room {
		if e.mode.IsRegular() {
			if err = e.look(fd, e.bare()[len(folder)+1:]); err != nil {
				if !errors.Is(err, fs.ErrNotExist) {
					k.l.fail(e.bare(), err)
				}
				continue
			}
		}
		seen = append(seen, e)
	}
	k.room = seen
	return nil
}

func openFolder(at int, name string) (fd int, err error) {
	for {
		fd, err = unix.Openat(at, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

// named takes names out of what the system says of a folder. Only of folders and
// links is the kind certain yet.
func (k *looker) named(folder string, said []byte) {
	for len(said) > 0 { // number, offset, length, kind, name with a zero
		length := binary.NativeEndian.Uint16(said[16:])
		kind, name := said[18], said[19:length]
		said = said[length:]
		if end := bytes.IndexByte(name, 0); end >= 0 {
			name = name[:end]
		}
		if string(name) == "." || string(name) == ".." {
			continue
		}
		e := entry{path: k.path(folder, name)}
		if unseen(folder, e.bare()[len(folder)+1:]) {
			continue
		}
		switch kind {
		case unix.DT_DIR:
			e.mode = fs.ModeDir
		case unix.DT_LNK:
			e.mode = fs.ModeSymlink
		}
		k.room = append(k.room, e)
	}
}

// look sees what lies under its name in a folder.
func (e *entry) look(folder int, name string) (err error) {
	var s unix.Stat_t
	for {
		if err = unix.Fstatat(folder, name, &s, unix.AT_SYMLINK_NOFOLLOW); err != unix.EINTR {
			break
		}
	}
	switch s.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		e.stat = Stat{Size: s.Size, Mtime: s.Mtim.Nano(), Ctime: s.Ctim.Nano(), Inode: s.Ino}
	case unix.S_IFDIR:
		e.mode = fs.ModeDir
	case unix.S_IFLNK:
		e.mode = fs.ModeSymlink
	default:
		e.mode = fs.ModeIrregular
	}
	return err
}
