package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// siteFiles holds what each contestant makes the archive's pages with: Hugo's
// settings, layouts and style sheet, and Stet's layouts; and what each makes
// the pages of photographs with.
//
//go:embed all:hugo all:stet all:photos
var siteFiles embed.FS

// A paper is one contestant's site, its edition, and what is kept between builds.
type paper struct{ Dir, Out, Cache string }

// newPaper names a paper's folders below the work folder.
func newPaper(work, name string) paper {
	at := func(part string) string { return filepath.Join(work, name+part) }
	return paper{Dir: at(""), Out: at("-out"), Cache: at("-cache")}
}

// A builder builds a paper's edition upon the one that is there.
type builder func(paper) (usage, error)

// withHugo builds with Hugo, which makes all again each time.
func withHugo(program string) builder {
	return func(p paper) (usage, error) {
		return measure(p.Dir, program, "--destination", p.Out, "--cacheDir", p.Cache)
	}
}

// withStet builds with Stet.
func withStet(program string, flags ...string) builder {
	return func(p paper) (usage, error) {
		return measure(p.Dir, append([]string{program, "build", "-C", p.Dir, "--out", p.Out, "--cache", p.Cache}, flags...)...)
	}
}

// first builds into an empty folder, with nothing kept of an earlier build.
func (p paper) first(build builder) (usage, error) {
	for _, dir := range []string{p.Out, p.Cache} {
		if err := emptied(dir); err != nil {
			return usage{}, err
		}
	}
	return build(p)
}

// sites are the folders of one comparison.
type sites struct {
	Stet, Hugo    paper
	FloorOut, Bin string
}

// newSites names the folders below the work folder.
func newSites(work string) sites {
	return sites{Stet: newPaper(work, "stet"), Hugo: newPaper(work, "hugo"),
		FloorOut: filepath.Join(work, "floor-out"), Bin: filepath.Join(work, "bin")}
}

// spaceFor tells about how many bytes so many sites and editions of so many
// articles take in memory, where each file takes whole pages. An edition in the
// built-in theme counts for two.
func spaceFor(articles, sites, editions int) int64 {
	const ofSite, ofEdition, atLeast = 10_000, 20_000, 100_000_000
	return atLeast + int64(articles)*int64(sites*ofSite+editions*ofEdition)
}

// prepare writes the archive for Stet, and the same files, linked, for Hugo,
// and gives each its layouts.
func (s sites) prepare(n int, seed uint64) error {
	if err := writeForStet(s.Stet.Dir, n, seed); err != nil {
		return err
	}
	for _, part := range []string{"content", "static"} {
		if err := linkTree(filepath.Join(s.Stet.Dir, part), filepath.Join(s.Hugo.Dir, part)); err != nil {
			return err
		}
	}
	return unpack("hugo", s.Hugo.Dir)
}

// writeForStet writes the archive with the layouts that make of it what Hugo's make.
func writeForStet(dir string, n int, seed uint64) error {
	if err := writeCorpus(dir, n, seed); err != nil {
		return err
	}
	if err := unpack("hugo/static", filepath.Join(dir, "static")); err != nil {
		return err
	}
	return unpack("stet", dir)
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
		if err := linkFile(path, target); err != nil {
			return fmt.Errorf("copying the archive for Hugo: %w", err)
		}
		return nil
	})
}

// linkFile gives a file a second name, or copies it.
func linkFile(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(to, string(data))
}
