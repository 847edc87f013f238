package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// themeYAML is the archive's settings for the built-in theme: those that must
// be said, and else the defaults.
const themeYAML = siteHead

// seriesName is a series that the paper in the built-in theme has.
const seriesName = "The long repair"

// writeBare writes the archive with layouts that have no side column: neither
// the latest stories nor more of the section stand in every page.
func writeBare(dir string, n int, seed uint64) error {
	if err := writeForStet(dir, n, seed); err != nil {
		return err
	}
	for _, partial := range []string{"latest.html", "more.html"} {
		if err := writeFile(filepath.Join(dir, "layouts", "partials", partial), ""); err != nil {
			return err
		}
	}
	return nil
}

// writeForTheme writes the archive for the built-in theme, all settings at
// their defaults. One story more is the first of a series. The theme's footer
// is the paper's own, as it is, so that it can be edited.
func writeForTheme(dir string, n int, seed uint64) error {
	if err := writeCorpus(dir, n, seed); err != nil {
		return err
	}
	_, module, err := findModule()
	if err != nil {
		return err
	}
	footer, err := os.ReadFile(filepath.Join(module, footerFile))
	if err != nil {
		return err
	}
	s := newSequel(0, archiveStart.AddDate(10, 0, 0))
	for name, text := range map[string]string{
		"site.yaml": themeYAML, filepath.FromSlash(footerFile): string(footer), filepath.Join("content", s.File()): s.Text,
	} {
		if err := writeFile(filepath.Join(dir, name), text); err != nil {
			return err
		}
	}
	return nil
}

// newSequel writes a part of the series, with four tags and two authors.
func newSequel(part int, when time.Time) story {
	d := &dice{state: uint64(part)}
	s := story{Section: sectionNames[0], Slug: fmt.Sprintf("the-long-repair-%d", part+1), Date: when}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: \"The long repair, part %d\"\ndate: %s\nauthor: [\"%s\", \"%s\"]\ntags: [%s]\nseries: {name: \"%s\", part: %d}\nsummary: \"%s\"\n---\n",
		part+1, when.Format(time.RFC3339), firstNames[0]+" "+lastNames[part%len(lastNames)], firstNames[1]+" "+lastNames[part%len(lastNames)],
		strings.Join(d.sample(tagNames, 4), ", "), seriesName, part+1, sentence(d, 18, 28))
	writeBody(&b, d, part, "/photos/0000.jpg", nil)
	s.Text = b.String()
	return s
}

// A built is what Stet reports of a build.
type built struct {
	Made    int      `json:"made"`
	Written []string `json:"written"`
}

// buildTelling builds with Stet upon the edition before, and reads what it reports.
func buildTelling(stet string, p paper) (usage, built, error) {
	took, answer, err := measureAnswer(p.Dir, stet, "build", "-C", p.Dir, "--out", p.Out, "--cache", p.Cache, "--json")
	var b built
	if err == nil {
		err = json.Unmarshal(answer, &b)
	}
	slices.Sort(b.Written)
	return took, b, err
}

// eachFile gives the files of an edition in the order of their paths, without
// what Stet keeps there for itself.
func eachFile(dir string, use func(path string) error) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == ".stet" {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return use(filepath.ToSlash(rel))
	})
}

// showing lists the files of an edition that hold some words.
func showing(dir, words string) (paths []string, err error) {
	var buf bytes.Buffer
	err = eachFile(dir, func(path string) error {
		if err := readInto(&buf, filepath.Join(dir, filepath.FromSlash(path))); err != nil {
			return err
		}
		if bytes.Contains(buf.Bytes(), []byte(words)) {
			paths = append(paths, path)
		}
		return nil
	})
	slices.Sort(paths)
	return paths, err
}

// readInto reads a file into a buffer that is used again and again.
func readInto(buf *bytes.Buffer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	buf.Reset()
	_, err = io.Copy(buf, f)
	return err
}

// sameEdition compares all files of two editions of one paper, byte for byte.
func sameEdition(dir, clean string) (files int, err error) {
	var a, b bytes.Buffer
	err = eachFile(clean, func(path string) error {
		files++
		if err := readInto(&a, filepath.Join(dir, filepath.FromSlash(path))); err != nil {
			return fmt.Errorf("%s is missing: a clean build has it", path)
		}
		if err := readInto(&b, filepath.Join(clean, filepath.FromSlash(path))); err != nil {
			return err
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			at := firstDifference(a.Bytes(), b.Bytes())
			return fmt.Errorf("%s is not as in a clean build, from byte %d on", path, at)
		}
		return nil
	})
	if err != nil {
		return files, err
	}
	return files, eachFile(dir, func(path string) error {
		if _, err := os.Lstat(filepath.Join(clean, filepath.FromSlash(path))); err != nil {
			return fmt.Errorf("%s is left over: a clean build has it not", path)
		}
		return nil
	})
}

// firstDifference is the place where two texts part.
func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
