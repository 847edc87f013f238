package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// siteFiles holds what each contestant makes the archive's pages with: Hugo's
// settings, layouts and style sheet, and Stet's layouts.
//
//go:embed all:hugo all:stet
var siteFiles embed.FS

// sites are the folders of one comparison.
type sites struct {
	Stet, Hugo, Cache               string
	StetOut, HugoOut, FloorOut, Bin string
}

// newSites names the folders below the work folder.
func newSites(work string) sites {
	at := func(name string) string { return filepath.Join(work, name) }
	return sites{Stet: at("stet"), Hugo: at("hugo"), Cache: at("cache"), Bin: at("bin"),
		StetOut: at("stet-out"), HugoOut: at("hugo-out"), FloorOut: at("floor-out")}
}

// prepare writes the archive for Stet, and the same files, linked, for Hugo,
// and gives each its layouts.
func (s sites) prepare(n int, seed uint64) error {
	if err := writeCorpus(s.Stet, n, seed); err != nil {
		return err
	}
	for _, part := range []string{"content", "static"} {
		if err := linkTree(filepath.Join(s.Stet, part), filepath.Join(s.Hugo, part)); err != nil {
			return err
		}
	}
	if err := unpack("hugo", s.Hugo); err != nil {
		return err
	}
	if err := unpack("hugo/static", filepath.Join(s.Stet, "static")); err != nil {
		return err
	}
	return unpack("stet", s.Stet)
}

// unpack writes an embedded folder's files into a folder.
func unpack(from, to string) error {
	tree, err := fs.Sub(siteFiles, from)
	if err != nil {
		return err
	}
	return fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, path)
		if err != nil {
			return err
		}
		return writeFile(filepath.Join(to, filepath.FromSlash(path)), string(data))
	})
}

// linkTree gives a folder's files a second name in another folder, and copies
// them where the system has no hard links.
func linkTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if os.Link(path, target) == nil {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := writeFile(target, string(data)); err != nil {
			return fmt.Errorf("copying the archive for Hugo: %w", err)
		}
		return nil
	})
}
