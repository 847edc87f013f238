package serve

import (
	"io/fs"
	"os"
)

// Folder is the edition in a folder of the disk. It may not be there yet, and
// may be replaced as a whole: the folder is found anew for each file. A link
// that leads out of it leads nowhere.
func Folder(dir string) fs.FS { return folder(dir) }

type folder string

// Open opens a file of the folder.
func (f folder) Open(name string) (fs.File, error) {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.FS().Open(name)
}

// Stat tells of a file of the folder without opening it.
func (f folder) Stat(name string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return fs.Stat(root.FS(), name)
}
