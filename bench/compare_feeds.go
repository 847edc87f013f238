package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// compareFeeds compares the stories in the RSS of the front page and of each section, in order.
func (c *comparison) compareFeeds(hugo, stet edition) error {
	for _, path := range c.both(hugo, stet, kindFeed) {
		c.Feeds++
		h, err := feedLinks(hugo, path)
		if err != nil {
			return err
		}
		s, err := feedLinks(stet, path)
		if err != nil {
			return err
		}
		c.sameLists(path, "items", h, s)
		if len(h) == 0 && path == "feed.xml" {
			c.found(path, "items", "(none)", at(s, 0))
		}
	}
	return nil
}

// compareSitemaps compares the addresses that the sitemaps name; how they are
// split into files, and pages that only one has, do not matter.
func (c *comparison) compareSitemaps(hugo, stet edition) error {
	if _, ok := stet.Files["sitemap.xml"]; !ok {
		c.found("sitemap.xml", "sitemap", "(made)", "(missing)")
		return nil
	}
	c.Feeds++
	h, err := sitemapURLs(hugo, "sitemap.xml")
	if err != nil {
		return err
	}
	s, err := sitemapURLs(stet, "sitemap.xml")
	if err != nil {
		return err
	}
	c.sameLists("sitemap.xml", "addresses", h, s)
	if len(h) == 0 {
		c.found("sitemap.xml", "addresses", "(none)", at(s, 0))
	}
	return nil
}

// feedLinks gives the addresses of an RSS feed's items.
func feedLinks(e edition, path string) ([]string, error) {
	data, err := e.read(path)
	if err != nil {
		return nil, err
	}
	return xmlTexts(data, path, "item", "link")
}

// sitemapURLs gives the addresses in a sitemap, and in those that it names:
// the fronts of lists and the articles, in alphabetical order.
func sitemapURLs(e edition, path string) ([]string, error) {
	data, err := e.read(path)
	if err != nil {
		return nil, err
	}
	more, err := xmlTexts(data, path, "sitemap", "loc")
	if err != nil {
		return nil, err
	}
	urls, err := xmlTexts(data, path, "url", "loc")
	if err != nil {
		return nil, err
	}
	var out []string
	for _, url := range urls {
		file := strings.TrimPrefix(url, "/") + "index.html"
		if kindOf(file) != kindExtra && (kindOf(file) == kindHome || frontOf(file) == file) {
			out = append(out, url)
		}
	}
	for _, url := range more {
		if kindOf(strings.TrimPrefix(url, "/")) == kindExtra {
			continue // what is news, and is named elsewhere
		}
		inner, err := sitemapURLs(e, strings.TrimPrefix(url, "/"))
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	slices.Sort(out)
	return out, nil
}

// xmlTexts gives the text of each element of a name directly in a parent of a name.
func xmlTexts(data []byte, path, parent, name string) ([]string, error) {
	var out, open []string
	var text strings.Builder
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			open = append(open, t.Name.Local)
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			open = open[:len(open)-1]
			if t.Name.Local == name && len(open) > 0 && open[len(open)-1] == parent {
				out = append(out, address(strings.TrimSpace(text.String())))
			}
		}
	}
}
