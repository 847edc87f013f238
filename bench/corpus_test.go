package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestCorpusIsDeterministic writes the archive twice, and once with another seed.
func TestCorpusIsDeterministic(t *testing.T) {
	sums := map[string]string{}
	for name, seed := range map[string]uint64{"one": 1, "again": 1, "other": 2} {
		dir := t.TempDir()
		if err := writeCorpus(dir, 60, seed); err != nil {
			t.Fatal(err)
		}
		sums[name] = sumOfTree(t, dir)
	}
	if sums["one"] != sums["again"] {
		t.Error("the same number and seed made two different archives")
	}
	if sums["one"] == sums["other"] {
		t.Error("another seed made the same archive")
	}
}

// sumOfTree digests the paths and bytes of all files in a folder.
func sumOfTree(t *testing.T, dir string) string {
	t.Helper()
	sum := sha256.New()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		fmt.Fprintf(sum, "%s %d\n%s", filepath.ToSlash(rel), len(data), data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// TestCorpusFiles counts what lies in the archive's folder.
func TestCorpusFiles(t *testing.T) {
	dir := t.TempDir()
	if err := writeCorpus(dir, 300, 1); err != nil {
		t.Fatal(err)
	}
	photos, _ := filepath.Glob(filepath.Join(dir, "static", "photos", "*.jpg"))
	if len(photos) != photoCount {
		t.Errorf("%d pictures, want %d", len(photos), photoCount)
	}
	for _, path := range photos {
		if info, err := os.Stat(path); err != nil || info.Size() < 600 || info.Size() > 2000 {
			t.Errorf("%s: %v, want 600 to 2000 bytes", path, info.Size())
		}
	}
	articles, _ := filepath.Glob(filepath.Join(dir, "content", "*", "*", "*", "*.md"))
	if len(articles) != 300 {
		t.Errorf("%d articles, want 300", len(articles))
	}
	sections, _ := filepath.Glob(filepath.Join(dir, "content", "*", "_index.md"))
	if len(sections) != 12 {
		t.Errorf("%d sections, want 12", len(sections))
	}
	if data, err := os.ReadFile(filepath.Join(dir, "site.yaml")); err != nil || !strings.Contains(string(data), "format: 1\n") {
		t.Errorf("site.yaml: %q, %v", data, err)
	}
}

// TestStories checks the shape of a large archive's articles.
func TestStories(t *testing.T) {
	const n = 10_000
	var before time.Time
	for i := 1; i < 100_000; i++ {
		if !storyTime(i, 100_000).After(storyTime(i-1, 100_000)) {
			t.Fatalf("of 100,000 stories number %d is not later than the one before", i)
		}
	}
	urls, authors, tags, sections := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]int{}
	figures, words, links := 0, 0, 0
	link := regexp.MustCompile(`\[Read more\]\(([^)]+)\)`)
	err := eachStory(n, 1, func(s story) error {
		if !s.Date.After(before) {
			t.Fatalf("%s is not later than %s", s.Date, before)
		}
		before = s.Date
		if urls[s.URL()] {
			t.Fatalf("%s twice", s.URL())
		}
		urls[s.URL()] = true
		sections[s.Section]++
		head, body, _ := strings.Cut(strings.TrimPrefix(s.Text, "---\n"), "---\n")
		for line := range strings.Lines(head) {
			if name, ok := strings.CutPrefix(line, `  - "`); ok {
				authors[strings.TrimSuffix(name, "\"\n")] = true
			} else if tag, ok := strings.CutPrefix(line, "  - "); ok {
				tags[strings.TrimSpace(tag)] = true
			}
		}
		if strings.Count(body, "\n## ")+strings.Count(body[:3], "## ") != 3 {
			t.Fatalf("%s has not three subheads", s.URL())
		}
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			links++
			if !urls[m[1]] {
				t.Fatalf("%s links to %s, which is not earlier", s.URL(), m[1])
			}
		}
		figures += strings.Count(body, "![")
		words += len(strings.Fields(body))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if before.Year() != 2025 || len(sections) != 12 || len(authors) != 400 || len(tags) != 100 {
		t.Errorf("until %d, %d sections, %d authors, %d tags; want 2025, 12, 400, 100", before.Year(), len(sections), len(authors), len(tags))
	}
	if figures != n/4 || links != 2*n-2 {
		t.Errorf("%d figures and %d links, want %d and %d", figures, links, n/4, 2*n-2)
	}
	if mean := words / n; mean < 400 || mean > 560 {
		t.Errorf("%d words an article, want about 450", mean)
	}
	t.Log(words/n, "words an article;", sections)
}
