package output

import (
	"errors"
	"os"
)

// A Published is what the manifest of an edition says of it, for those who
// compare another with it.
type Published struct {
	ID      string
	BaseURL string
	Drafts  bool
	Files   []PublishedFile // sorted by name
}

// A PublishedFile is a file of an edition.
type PublishedFile struct {
	Name  string
	Size  int64
	Sum   [16]byte // XXH3
	About string   // as Put was told
}

// Why nothing can be compared with what lies in a folder, beside ErrHalf.
var (
	ErrNone    = errors.New("there is no edition")
	ErrOlder   = errors.New("an older stet made the edition")
	ErrDamaged = errManifest
)

// Read reads what the manifest in a folder says. It takes no lock and looks at no
// other file. Its errors are ErrNone, ErrOlder, ErrHalf, ErrDamaged, and those of
// reading files.
func Read(dir string) (Published, error) {
	if _, err := os.Stat(dir); err != nil {
		return Published{}, err
	}
	m, err := readManifest(dir)
	switch {
	case err != nil:
	case !m.exists:
		err = ErrNone
	case m.older:
		err = ErrOlder
	case !m.complete:
		err = ErrHalf
	}
	if err != nil {
		return Published{}, err
	}
	p := Published{ID: m.id, BaseURL: m.baseURL, Drafts: m.drafts, Files: make([]PublishedFile, len(m.lines))}
	for i, l := range m.lines {
		p.Files[i] = PublishedFile{l.name, l.Size, l.Sum, l.About}
	}
	return p, nil
}
