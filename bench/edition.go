package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A kind says what a file of an edition is for.
type kind string

// The kinds. Both contestants must make the same of all but extra.
const (
	kindArticle kind = "article"
	kindHome    kind = "front page"
	kindSection kind = "section"
	kindTerm    kind = "tag or author"
	kindIndex   kind = "index of tags or authors"
	kindFeed    kind = "feed"
	kindSitemap kind = "sitemap"
	kindStatic  kind = "static file"
	kindExtra   kind = "extra" // what the other has not: 404, archives by date, Atom…
)

// An edition is a folder that a contestant made.
type edition struct {
	Dir   string
	Files map[string]int64 // size by path with slashes
}

// readEdition lists an edition's files.
func readEdition(dir string) (edition, error) {
	e := edition{Dir: dir, Files: map[string]int64{}}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		e.Files[filepath.ToSlash(rel)] = info.Size()
		return err
	})
	return e, err
}

// read gives a file's bytes.
func (e edition) read(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(e.Dir, filepath.FromSlash(path)))
}

// page parses one of the edition's HTML files.
func (e edition) page(path string) (webPage, error) {
	f, err := os.Open(filepath.Join(e.Dir, filepath.FromSlash(path)))
	if err != nil {
		return webPage{}, err
	}
	defer f.Close()
	return parsePage(f)
}

// paths lists the files of some kinds in order.
func (e edition) paths(kinds ...kind) []string {
	var out []string
	for path := range e.Files {
		if slices.Contains(kinds, kindOf(path)) {
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return out
}

// weigh counts files and bytes that both must make, and those that are extra.
func (e edition) weigh() (common, extra weight) {
	for path, size := range e.Files {
		if kindOf(path) == kindExtra {
			extra.add(size)
		} else {
			common.add(size)
		}
	}
	return common, extra
}

// A weight is a number of files with their bytes.
type weight struct {
	Files int
	Bytes int64
}

// add counts one more file.
func (w *weight) add(size int64) { w.Files++; w.Bytes += size }

// kindOf tells from its path what a file is for.
func kindOf(path string) kind {
	parts := strings.Split(path, "/")
	name := parts[len(parts)-1]
	folders := parts[:len(parts)-1]
	inSection := len(folders) > 0 && slices.Contains(sectionNames, folders[0])
	switch {
	case len(folders) == 0 && name == "index.html":
		return kindHome
	case name == "feed.xml" && (len(folders) == 0 || len(folders) == 1 && inSection):
		return kindFeed
	case strings.HasPrefix(path, "sitemap") && strings.HasSuffix(name, ".xml"):
		return kindSitemap
	case len(folders) > 0 && (folders[0] == "photos" || folders[0] == "css"):
		return kindStatic
	case name != "index.html" || len(folders) == 0:
		return kindExtra
	}
	return kindOfList(withoutPage(folders), inSection)
}

// kindOfList tells what the index.html in these folders is for.
func kindOfList(folders []string, inSection bool) kind {
	ofTerms := len(folders) > 0 && (folders[0] == "tags" || folders[0] == "authors")
	switch {
	case len(folders) == 4 && inSection && digits(folders[1], 4) && digits(folders[2], 2):
		return kindArticle
	case len(folders) == 1 && inSection:
		return kindSection
	case len(folders) == 1 && ofTerms:
		return kindIndex
	case len(folders) == 2 && ofTerms:
		return kindTerm
	}
	return kindExtra
}

// withoutPage drops page/K from the end of a list's folders.
func withoutPage(folders []string) []string {
	n := len(folders)
	if n > 2 && folders[n-2] == "page" && digits(folders[n-1], len(folders[n-1])) {
		return folders[:n-2]
	}
	return folders
}

// digits says whether a word is n digits.
func digits(word string, n int) bool {
	return len(word) == n && n > 0 && strings.Trim(word, "0123456789") == ""
}
