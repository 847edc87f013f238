package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// shownFindings is how many differences are printed.
const shownFindings = 10

// A finding is one difference between two editions.
type finding struct {
	Path string // the file or list
	What string // which part of it
	Hugo string
	Stet string
}

// comparison is what came of comparing two editions.
type comparison struct {
	mutex    sync.Mutex
	Findings []finding
	Articles int
	Lists    int
	Feeds    int
	Hugo     weight // what both must make
	Stet     weight
	HugoMore weight // extra
	StetMore weight
}

// found notes a difference.
func (c *comparison) found(path, what, hugo, stet string) {
	hugo, stet = excerpts(hugo, stet)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.Findings = append(c.Findings, finding{path, what, hugo, stet})
}

// sameLists compares two rows and notes the first place where they part.
func (c *comparison) sameLists(path, what string, hugo, stet []string) {
	for i := range max(len(hugo), len(stet)) {
		h, s := at(hugo, i), at(stet, i)
		if h != s {
			c.found(path, fmt.Sprintf("%s, number %d (of %d and %d)", what, i+1, len(hugo), len(stet)), h, s)
			return
		}
	}
}

// sameText compares two texts.
func (c *comparison) sameText(path, what, hugo, stet string) {
	if hugo != stet {
		c.found(path, what, hugo, stet)
	}
}

// at gives a row's element, or says that there is none.
func at(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return "(none)"
}

// excerpts cuts two long texts down to where they begin to differ.
func excerpts(a, b string) (string, string) {
	const before, length = 30, 120
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-before)
	cut := func(s string) string {
		if len(s) <= length {
			return s
		}
		start := min(from, len(s))
		end := min(start+length, len(s))
		out := s[start:end]
		if start > 0 {
			out = "…" + out
		}
		if end < len(s) {
			out += "…"
		}
		return strings.ToValidUTF8(out, "")
	}
	return cut(a), cut(b)
}

// report prints what was compared and the first differences; any is an error.
func (c *comparison) report(w io.Writer) error {
	fmt.Fprintf(w, "compared %d articles, %d lists, %d feeds and sitemaps: hugo %s, stet %s (%+.1f %%)\n",
		c.Articles, c.Lists, c.Feeds, c.Hugo, c.Stet, 100*(ratio(float64(c.Stet.Bytes), float64(c.Hugo.Bytes))-1))
	fmt.Fprintf(w, "beyond these, not compared: hugo %s, stet %s\n", c.HugoMore, c.StetMore)
	if len(c.Findings) == 0 {
		fmt.Fprintln(w, "they are the same")
		return nil
	}
	slices.SortStableFunc(c.Findings, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.What, b.What))
	})
	for _, f := range c.Findings[:min(len(c.Findings), shownFindings)] {
		fmt.Fprintf(w, "%s: %s\n  hugo: %s\n  stet: %s\n", f.Path, f.What, f.Hugo, f.Stet)
	}
	return fmt.Errorf("the editions differ in %d places, of which the first %d are above", len(c.Findings), min(len(c.Findings), shownFindings))
}

// String says it in words.
func (w weight) String() string {
	return fmt.Sprintf("%d files, %.1f MB", w.Files, float64(w.Bytes)/1e6)
}
