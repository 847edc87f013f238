package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"slices"
	"sync"
)

// bytesApart is how far the editions' sizes may lie apart.
const bytesApart = 0.10

// runCompare is `bench compare HUGO STET`.
func runCompare(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dirs, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(dirs) != 2 {
		return usageError("usage: go run ./bench compare HUGO STET, two folders with editions of the archive")
	}
	result, err := compareEditions(dirs[0], dirs[1])
	if err != nil {
		return err
	}
	return result.report(stdout)
}

// compareEditions says whether two contestants made the same of the archive.
func compareEditions(hugoDir, stetDir string) (*comparison, error) {
	hugo, err := readEdition(hugoDir)
	if err != nil {
		return nil, err
	}
	stet, err := readEdition(stetDir)
	if err != nil {
		return nil, err
	}
	c := &comparison{}
	c.Hugo, c.HugoMore = hugo.weigh()
	c.Stet, c.StetMore = stet.weigh()
	for _, step := range []func(hugo, stet edition) error{
		c.compareArticles, c.compareLists, c.compareIndexes, c.compareFeeds, c.compareSitemaps, c.compareStatic, c.compareBytes,
	} {
		if err := step(hugo, stet); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// both gives the paths of some kinds that both editions have, and notes those that one lacks.
func (c *comparison) both(hugo, stet edition, kinds ...kind) []string {
	var out []string
	for _, path := range hugo.paths(kinds...) {
		if _, ok := stet.Files[path]; ok {
			out = append(out, path)
		} else {
			c.found(path, string(kindOf(path)), "(made)", "(missing)")
		}
	}
	for _, path := range stet.paths(kinds...) {
		if _, ok := hugo.Files[path]; !ok {
			c.found(path, string(kindOf(path)), "(missing)", "(made)")
		}
	}
	return out
}

// compareArticles compares every article's page, on all cores.
func (c *comparison) compareArticles(hugo, stet edition) error {
	paths := c.both(hugo, stet, kindArticle)
	c.Articles = len(paths)
	if len(paths) == 0 {
		c.found(".", "articles", "(none in both)", "(none in both)")
	}
	work := make(chan string)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for path := range work {
				h, errH := hugo.page(path)
				s, errS := stet.page(path)
				if errH != nil || errS != nil {
					c.found(path, "HTML", fmt.Sprint(errH), fmt.Sprint(errS))
					continue
				}
				c.comparePages(path, h, s)
			}
		})
	}
	for _, path := range paths {
		work <- path
	}
	close(work)
	workers.Wait()
	return nil
}

// comparePages compares two pages of one article.
func (c *comparison) comparePages(path string, hugo, stet webPage) {
	c.sameText(path, "title", hugo.Title, stet.Title)
	c.sameText(path, "canonical", hugo.Canonical, stet.Canonical)
	c.sameText(path, "text of main", hugo.Main, stet.Main)
	if hugo.Main == "" {
		c.found(path, "text of main", "(empty)", "(empty)")
	}
	c.sameLists(path, "links", hugo.Links, stet.Links)
	c.sameLists(path, "meta", hugo.Meta, stet.Meta)
	c.sameLists(path, "images", hugo.Images, stet.Images)
	if !reflect.DeepEqual(hugo.Data, stet.Data) {
		c.found(path, "JSON-LD", asJSON(hugo.Data), asJSON(stet.Data))
	}
}

// asJSON writes a value with its keys in order.
func asJSON(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// compareStatic compares the bytes of what is only copied.
func (c *comparison) compareStatic(hugo, stet edition) error {
	for _, path := range c.both(hugo, stet, kindStatic) {
		h, err := hugo.read(path)
		if err != nil {
			return err
		}
		s, err := stet.read(path)
		if err != nil {
			return err
		}
		if !bytes.Equal(h, s) {
			c.found(path, "static file", fmt.Sprintf("%d bytes", len(h)), fmt.Sprintf("%d other bytes", len(s)))
		}
	}
	return nil
}

// compareBytes compares the sizes of what both must make, and does not let
// Hugo do more than Stet beyond that.
func (c *comparison) compareBytes(_, _ edition) error {
	apart := ratio(float64(c.Stet.Bytes), float64(c.Hugo.Bytes)) - 1
	if apart > bytesApart || apart < -bytesApart {
		c.found(".", "total bytes", c.Hugo.String(), c.Stet.String())
	}
	if float64(c.HugoMore.Bytes) > 0.01*float64(c.Hugo.Bytes) {
		c.found(".", "bytes of what the other has not", c.HugoMore.String(), c.StetMore.String())
	}
	return nil
}

// sorted gives a sorted copy.
func sorted(row []string) []string {
	out := slices.Clone(row)
	slices.Sort(out)
	return out
}
