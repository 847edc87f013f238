package watch

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// A folder is watched first and listed then, so that nothing comes in between
// unseen.
//
// A link is followed as a build follows it: one that leads out of the site, or
// in a circle, is not. Each step on the way to what it leads to is watched by
// its name, whether it is there or not. So it is noticed when a link that led
// nowhere leads somewhere, or when a file changes that lies outside of the watched
// folders and is linked to from inside.
//
// What a survey found is not mended. When a folder or a link was made, moved or
// removed there is a new survey, with a new watcher of the system. What is known
// of a tree that was moved, while more is being moved, is hard to bring up to
// date, and fsnotify itself loses folders over it: it takes a watch to be where
// the folder was before. A survey of 1,000 folders takes 15 milliseconds.

// A survey is one walk through all that is watched.
type survey struct {
	dir    string // with no link in it, as all paths here but ways
	ignore func(way string) bool
	watch  func(folder string) error // nil if files are only looked at
	spots  map[string]*spot
	looks  map[string]look // nil if the system tells
}

// A spot is a folder that is watched.
type spot struct {
	ways  []string        // on which all of it belongs to the site: paths from the site's folder
	names map[string]bool // what else is watched in it
}

// A step is a folder on the way to another one.
type step struct {
	folder string
	from   *step
}

func (s *step) has(folder string) bool {
	for ; s != nil; s = s.from {
		if s.folder == folder {
			return true
		}
	}
	return false
}

// hops is how many links may follow upon each other.
const hops = 40

// matters tells whether a change of this path is one of the site.
func (s *survey) matters(p string) bool {
	at, name := s.spots[filepath.Dir(p)], filepath.Base(p)
	if at == nil || at.names[name] { // nil is around the site's folder
		return true
	}
	for _, way := range at.ways {
		if !s.ignore(path.Join(way, name)) {
			return true
		}
	}
	return false
}

// all walks through these files and folders of the site's folder.
func (s *survey) all(names []string) error {
	if _, err := s.spot(s.dir); err != nil {
		return err
	}
	for _, name := range names {
		if err := s.follow(s.dir, name, name, nil); err != nil {
			return err
		}
	}
	return nil
}

// spot has a folder watched.
func (s *survey) spot(folder string) (*spot, error) {
	if at := s.spots[folder]; at != nil {
		return at, nil
	}
	if s.watch != nil {
		if err := s.watch(folder); err != nil {
			return nil, err
		}
	}
	at := &spot{names: map[string]bool{}}
	s.spots[folder] = at
	return at, nil
}

// folder walks through a folder that belongs to the site on this way.
func (s *survey) folder(real, way string, from *step) error {
	if from.has(real) {
		return nil
	}
	at, err := s.spot(real)
	if err != nil {
		return s.shut(real, err)
	}
	at.ways = append(at.ways, way)
	entries, err := os.ReadDir(real)
	if err != nil {
		return s.shut(real, err)
	}
	here := &step{real, from}
	for _, e := range entries {
		p, sub := filepath.Join(real, e.Name()), path.Join(way, e.Name())
		switch {
		case s.ignore(sub):
		case e.Type()&fs.ModeSymlink != 0:
			err = s.follow(real, e.Name(), sub, here)
		case e.IsDir():
			err = s.folder(p, sub, here)
		case s.looks != nil:
			s.see(p, e.Info)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// follow walks to what lies at a path that may hold links, and through it.
func (s *survey) follow(folder, name, way string, from *step) error {
	real, err := s.resolve(folder, name)
	if err != nil || real == "" {
		return err
	}
	info, err := os.Lstat(real)
	switch {
	case err != nil:
		return s.shut(real, err)
	case info.IsDir():
		return s.folder(real, way, from)
	case s.looks != nil:
		s.looks[real] = lookOf(info)
	}
	return nil
}

// resolve finds out where a path leads that may hold links; it is "" if it leads
// nowhere or out of the site.
func (s *survey) resolve(folder, name string) (string, error) {
	at, followed := folder, 0
	for steps := strings.Split(name, "/"); len(steps) > 0; {
		next := steps[0]
		steps = steps[1:]
		if next == "" || next == "." {
			continue
		}
		if next == ".." {
			if at == s.dir {
				return "", nil
			}
			at = filepath.Dir(at)
			continue
		}
		p := filepath.Join(at, next)
		link, target, err := s.await(at, next)
		switch {
		case err != nil:
			return "", s.shut(p, err)
		case !link:
			at = p
		case filepath.IsAbs(target) || followed == hops:
			return "", nil
		default:
			followed++
			steps = append(strings.Split(filepath.ToSlash(target), "/"), steps...)
		}
	}
	return at, nil
}

// await watches a name in a folder, whether it is there or not, and tells whether
// it is a link, and where that leads.
func (s *survey) await(folder, name string) (link bool, target string, err error) {
	at, err := s.spot(folder)
	if err != nil {
		return false, "", err
	}
	at.names[name] = true
	p := filepath.Join(folder, name)
	info, err := os.Lstat(p)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return false, "", err
	}
	if s.looks != nil {
		s.looks[p] = lookOf(info)
	}
	target, err = os.Readlink(p)
	return true, target, err
}

// see looks at a file.
func (s *survey) see(p string, stat func() (fs.FileInfo, error)) {
	info, err := stat()
	if err != nil {
		s.shut(p, err)
		return
	}
	s.looks[p] = lookOf(info)
}

// shut gives back the error of what cannot be entered or seen. What has just
// gone is none: the folder it was in is watched. If files are only looked at, it
// is how this one looks.
func (s *survey) shut(p string, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if s.looks != nil {
		s.looks[p] = look{}
		return nil
	}
	return err
}
