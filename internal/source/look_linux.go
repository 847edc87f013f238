package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"

	"golang.org/x/sys/unix"
)

// A looker tells what folders of the site have. It asks the system itself, for
// each file by its name in the open folder: the looks of all files are taken at
// each build, and by their whole paths that takes twice as long.
type looker struct {
	l   *lister
	buf []byte
}

func (l *lister) looker() *looker { return &looker{l: l} }

// look tells what a folder has that a build sees.
func (k *looker) look(folder string) ([]entry, error) {
	fd, err := openFolder(int(k.l.top.Fd()), folder)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	if k.buf == nil {
		k.buf = make([]byte, 1<<15)
	}
	var all []entry
	for {
		n, err := unix.ReadDirent(fd, k.buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if n <= 0 {
			break
		}
		all = k.named(all, folder, k.buf[:n])
	}
	seen := all[:0]
	for _, e := range all {
		if e.mode.IsRegular() {
			if err = e.look(fd); err != nil {
				if !errors.Is(err, fs.ErrNotExist) {
					k.l.fail(folder+"/"+e.name, err)
				}
				continue
			}
		}
		seen = append(seen, e)
	}
	return seen, nil
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
func (k *looker) named(all []entry, folder string, said []byte) []entry {
	for len(said) > 0 { // number, offset, length, kind, name with a zero
		length := binary.NativeEndian.Uint16(said[16:])
		kind, name := said[18], said[19:length]
		said = said[length:]
		if end := bytes.IndexByte(name, 0); end >= 0 {
			name = name[:end]
		}
		e := entry{name: string(name)}
		if e.name == "." || e.name == ".." || unseen(folder, e.name) {
			continue
		}
		switch kind {
		case unix.DT_DIR:
			e.mode = fs.ModeDir
		case unix.DT_LNK:
			e.mode = fs.ModeSymlink
		}
		all = append(all, e)
	}
	return all
}

// look sees what lies under the name in a folder.
func (e *entry) look(folder int) (err error) {
	var s unix.Stat_t
	for {
		if err = unix.Fstatat(folder, e.name, &s, unix.AT_SYMLINK_NOFOLLOW); err != unix.EINTR {
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
