//go:build !linux

package source

import (
	"os"
	"path/filepath"
)

// A looker tells what folders of the site have.
type looker struct{ l *lister }

func (l *lister) looker() *looker { return &looker{l} }

// look tells what a folder has that a build sees.
func (k *looker) look(folder string) ([]entry, error) {
	dir := filepath.Join(k.l.dir, filepath.FromSlash(folder))
	there, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	all := make([]entry, 0, len(there))
	for _, e := range there {
		if unseen(folder, e.Name()) {
			continue
		}
		if e.IsDir() {
			all = append(all, entry{name: e.Name(), mode: e.Type()})
		} else if info, err := os.Lstat(filepath.Join(dir, e.Name())); err == nil {
			all = append(all, entryOf(e.Name(), info))
		} else if !os.IsNotExist(err) {
			k.l.fail(folder+"/"+e.Name(), err)
		}
	}
	return all, nil
}
