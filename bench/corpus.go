package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The archive's first moment and its length; the articles lie evenly between.
var archiveStart = time.Date(2006, 1, 2, 0, 0, 0, 0, time.UTC)

const (
	archiveSeconds = 20 * 365 * 24 * 3600
	linkable       = 500 // how many recent addresses an article may link to
)

// siteHead is what every paper says of itself; all else has a default. No page
// tells how old its story is, as what is measured has to stand whatever the day.
const siteHead = `format: 1
title: "The Example Courier"
description: "News made up for measuring."
base_url: https://news.example/
language: en
timezone: UTC
check: {credit-missing: off, opinion-unlabelled: off}
style: {age_label: off}
`

// siteYAML is the archive's settings for Stet: the pages and feeds that Hugo
// makes too, and no others.
const siteYAML = siteHead + `per_page: 20
archive: off
images: {as_is: true}
feeds: {text: summary, formats: [rss], terms: false}
`

// runCorpus is `bench corpus OUT N [-seed 1]`.
func runCorpus(args []string, _, stderr io.Writer) error {
	flags := flag.NewFlagSet("corpus", flag.ContinueOnError)
	flags.SetOutput(stderr)
	seed := flags.Uint64("seed", 1, "another seed makes another archive")
	names, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(names) != 2 {
		return usageError("usage: go run ./bench corpus OUT N [-seed 1]")
	}
	n, err := strconv.Atoi(names[1])
	if err != nil || n < 1 || n > archiveSeconds {
		return usageError(fmt.Sprintf("%q is not a number of articles", names[1]))
	}
	return writeCorpus(names[0], n, *seed)
}

// eachStory makes the archive's stories one after the other, oldest first;
// they are the same for the same n and seed.
func eachStory(n int, seed uint64, use func(story) error) error {
	d := &dice{state: seed}
	var earlier []string
	for i := range n {
		s := newStory(d, i, storyTime(i, n), earlier)
		if err := use(s); err != nil {
			return err
		}
		if len(earlier) < linkable {
			earlier = append(earlier, s.URL())
		} else {
			earlier[i%linkable] = s.URL()
		}
	}
	return nil
}

// storyTime is when the i-th of n stories was published: each later than the one before.
func storyTime(i, n int) time.Time {
	return archiveStart.Add(time.Duration(int64(i)*archiveSeconds/int64(n)) * time.Second)
}

// writeCorpus writes the archive into the folder: site.yaml, content/ and static/photos/.
func writeCorpus(out string, n int, seed uint64) error {
	content := filepath.Join(out, "content")
	for i, name := range sectionNames {
		title := strings.ToUpper(name[:1]) + name[1:]
		index := fmt.Sprintf("---\ntitle: \"%s\"\norder: %d\n---\n", title, i+1)
		if err := writeFile(filepath.Join(content, name, "_index.md"), index); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(out, "site.yaml"), siteYAML); err != nil {
		return err
	}
	if err := writePhotos(filepath.Join(out, "static", "photos")); err != nil {
		return err
	}
	return eachStory(n, seed, func(s story) error {
		return writeFile(filepath.Join(content, filepath.FromSlash(s.File())), s.Text)
	})
}

// writeFile writes one file and the folders above it.
func writeFile(path, text string) error {
	err := os.WriteFile(path, []byte(text), 0o644)
	if os.IsNotExist(err) {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = os.WriteFile(path, []byte(text), 0o644)
		}
	}
	return err
}
