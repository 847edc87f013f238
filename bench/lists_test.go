package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/diag"
)

var cardLink = regexp.MustCompile(`<h3><a href="([^"]+)">`)

// Of 1,000 articles each stands in the front and the archive pages of its
// section, of each of its tags and of each of its authors exactly once, in the
// order of their dates, and every archive page is full.
func TestListsAreWhole(t *testing.T) {
	dir := t.TempDir()
	s := newSites(dir)
	if err := writeForStet(s.Stet.Dir, 1000, 7); err != nil {
		t.Fatal(err)
	}
	_, problems := build.Run(context.Background(), build.Options{Dir: s.Stet.Dir, Out: s.Stet.Out, Theme: stet.Theme(),
		Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)})
	if diag.AnyError(problems) {
		t.Fatal(problems[0])
	}
	want := map[string][]string{} // by list, oldest first
	err := eachStory(1000, 7, func(st story) error {
		for _, list := range listsOf(st) {
			want[list] = append(want[list], st.URL())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for list, urls := range want {
		if got := readWhole(t, s.Stet.Out, list); !slices.Equal(got, urls) {
			t.Errorf("%s lists %d stories, want %d in order", list, len(got), len(urls))
		}
	}
	if len(want) < 12+50+100 {
		t.Errorf("only %d lists were tested", len(want))
	}
}

// readWhole is what a list shows from its first archive page to the top of its
// front, oldest first.
func readWhole(t *testing.T, out, list string) []string {
	var all []string
	read := func(path string) []string {
		data, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(path), "index.html"))
		if err != nil {
			return nil
		}
		main, _, _ := strings.Cut(string(data), "</main>")
		var urls []string
		for _, m := range cardLink.FindAllStringSubmatch(main, -1) {
			urls = append(urls, m[1])
		}
		slices.Reverse(urls)
		return urls
	}
	for k := 1; ; k++ {
		urls := read(fmt.Sprintf("%s/page/%d", list, k))
		if urls == nil {
			break
		}
		if len(urls) != 20 {
			t.Errorf("%s/page/%d has %d stories", list, k, len(urls))
		}
		all = append(all, urls...)
	}
	front := read(list)
	if len(front) >= 40 {
		t.Errorf("the front of %s has %d stories", list, len(front))
	}
	return append(all, front...)
}

// listsOf reads off a story's front matter which lists it belongs to.
func listsOf(s story) []string {
	lists := []string{s.Section}
	key := ""
	front, _, _ := strings.Cut(s.Text[4:], "\n---")
	for line := range strings.Lines(front) {
		line = strings.TrimRight(line, "\n")
		if item, ok := strings.CutPrefix(line, "  - "); ok {
			name := strings.ReplaceAll(strings.ToLower(strings.Trim(item, `"`)), " ", "-")
			switch key {
			case "author":
				lists = append(lists, "authors/"+name)
			case "tags":
				lists = append(lists, "tags/"+name)
			}
			continue
		}
		key, _, _ = strings.Cut(line, ":")
	}
	return lists
}
