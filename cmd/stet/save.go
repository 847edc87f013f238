package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stet/internal/desk"
	"stet/internal/diag"
)

// A saving changes files of a site, all of them or none: what is new is written
// beside them first, then renamed, and what was is kept until all is done. A
// link to a file stays one, and so do the rights of a file.
type saving struct {
	dir      string
	from, to string         // what is renamed; "" if nothing is
	undo     []func() error // in the order in which it was done
	kept     []string       // what was, under names that nobody sees
}

// save renames a file or folder, if from is not "", and writes files. Their
// paths are those that they then have.
func save(dir, from, to string, files []desk.File) (err error) {
	s := saving{dir: dir, from: from, to: to}
	defer func() {
		if err == nil {
			for _, name := range s.kept {
				os.Remove(name)
			}
			return
		}
		for _, undo := range slices.Backward(s.undo) {
			err = errors.Join(err, undo())
		}
	}()
	var staged []string
	for _, file := range files {
		name, err := s.stage(file)
		if err != nil {
			return unsaved(file.Path, err)
		}
		staged = append(staged, name)
	}
	if from != "" {
		if err := s.rename(); err != nil {
			return unsaved(from, err)
		}
	}
	for i, file := range files {
		if err := s.replace(file, staged[i]); err != nil {
			return unsaved(file.Path, err)
		}
	}
	return nil
}

var errDiffers = errors.New("it was changed meanwhile")

func unsaved(name string, err error) error {
	p := diag.Problem{Severity: diag.Error, Path: name, Text: "nothing was changed: " + unwrapped(err), Hint: "the file and its folder must be yours to write, with room on the disk"}
	if errors.Is(err, errDiffers) {
		p.Hint = "try again"
	}
	return p
}

func (s *saving) at(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// before is the path of a file before anything is renamed.
func (s *saving) before(name string) string {
	if name == s.to && s.to != "" {
		return s.from
	}
	if rest, ok := strings.CutPrefix(name, s.to+"/"); ok && s.to != "" {
		return s.from + "/" + rest
	}
	return name
}

// stage writes what a file is to be beside it.
func (s *saving) stage(file desk.File) (string, error) {
	name, err := filepath.EvalSymlinks(s.at(s.before(file.Path)))
	if err != nil {
		return "", err
	}
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o200 == 0 {
		return "", fs.ErrPermission
	}
	if now, err := os.ReadFile(name); err != nil || !bytes.Equal(now, file.Was) {
		return "", errors.Join(err, errDiffers)
	}
	w, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.tmp")
	if err != nil {
		return "", err
	}
	s.undo = append(s.undo, func() error { return gone(os.Remove(w.Name())) })
	_, err = w.Write(file.Data)
	return w.Name(), errors.Join(err, w.Chmod(info.Mode().Perm()), w.Sync(), w.Close())
}

// gone is an error other than that there is no such file.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// rename renames, and makes the folders that are needed.
func (s *saving) rename() error {
	from, to := s.at(s.from), s.at(s.to)
	is, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if is.Mode()&fs.ModeSymlink != 0 {
		return errors.New("it is a link, and would lead elsewhere")
	}
	if there, err := os.Lstat(to); err == nil && !os.SameFile(is, there) {
		return fs.ErrExist
	}
	var missing []string // the deepest first
	for dir := filepath.Dir(to); !exists(dir); dir = filepath.Dir(dir) {
		missing = append(missing, dir)
	}
	for _, dir := range slices.Backward(missing) {
		s.undo = append(s.undo, func() error { return gone(os.Remove(dir)) })
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	s.undo = append(s.undo, func() error { return os.Rename(to, from) })
	return nil
}

// replace puts what was staged in the place of a file, and keeps that.
func (s *saving) replace(file desk.File, staged string) error {
	name, err := filepath.EvalSymlinks(s.at(file.Path))
	if err != nil {
		return err
	}
	if s.to != "" && file.Path != s.to && s.before(file.Path) != file.Path {
		staged = filepath.Join(filepath.Dir(name), filepath.Base(staged)) // it was renamed with its folder
	}
	kept := filepath.Join(filepath.Dir(staged), strings.TrimSuffix(filepath.Base(staged), ".tmp")+"~.tmp")
	if os.Link(name, kept) != nil {
		if err := os.Rename(name, kept); err != nil {
			return err
		}
	}
	s.kept = append(s.kept, kept)
	s.undo = append(s.undo, func() error { return os.Rename(kept, name) })
	return os.Rename(staged, name)
}
