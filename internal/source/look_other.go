//go:build !linux

package source

import (
	"os"
	"path/filepath"
)

// look appends to the room what a folder has that a build sees.
func (k *looker) look(folder string) error {
	dir := filepath.Join(k.l.dir, filepath.FromSlash(folder))
	there, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range there {
		if unseen(folder, e.Name()) {
			continue
		}
		at := k.path(folder, []byte(e.Name()))
		if e.IsDir() {
			k.room = append(k.room, entry{path: at, mode: e.Type()})
		} else if info, err := os.Lstat(filepath.Join(dir, e.Name())); err == nil {
			k.room = append(k.room, entryOf(at, info))
		} else if !os.IsNotExist(err) {
			k.l.fail(folder+"/"+e.Name(), err)
		}
	}
	return nil
}
