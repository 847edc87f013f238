package main

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"
)

const (
	oneArticle = `<!DOCTYPE html><html><head><title>Mill burns | Courier</title><meta charset="utf-8">
<meta name="description" content="It burnt."><meta property="og:title" content="Mill burns">
<link rel="canonical" href="https://news.example/sport/2020/01/mill-1/">
<script type="application/ld+json">{"headline": "Mill burns", "author": ["Ada Dahl"]}</script></head>
<body><nav><a href="/sport/">Sport</a></nav><main><h1>Mill burns</h1><p>By <a href="/authors/ada-dahl/">Ada Dahl</a></p>
<img src="/photos/0001.jpg" alt="Smoke"><p>All of it.</p></main></body></html>`
	oneFeed    = `<rss><channel><link>https://news.example/</link><item><link>https://news.example/sport/2020/01/mill-1/</link></item></channel></rss>`
	oneSitemap = `<urlset><url><loc>https://news.example/</loc></url><url><loc>https://news.example/sport/2020/01/mill-1/</loc></url></urlset>`
	oneIndex   = `<main><ul><li><a href="/tags/water/">water</a> 2</li></ul></main>`
)

// cards makes a list page with a card for each of the numbered stories.
func cards(numbers ...int) string {
	var b strings.Builder
	b.WriteString("<title>Sport</title><main>")
	for _, n := range numbers {
		fmt.Fprintf(&b, `<article class="card"><h3><a href="/sport/2020/01/mill-%d/">Mill</a></h3><time datetime="2020-01-0%d">%d</time></article>`, n, n, n)
	}
	return b.String() + "</main>"
}

// smallEdition is what Hugo might make of three articles.
func smallEdition() map[string]string {
	return map[string]string{
		"index.html":                      cards(3, 2),
		"sport/2020/01/mill-1/index.html": oneArticle,
		"sport/2020/01/mill-2/index.html": oneArticle,
		"sport/2020/01/mill-3/index.html": oneArticle,
		"sport/index.html":                cards(3, 2),
		"sport/page/2/index.html":         cards(1),
		"tags/water/index.html":           cards(2, 1),
		"tags/index.html":                 oneIndex,
		"feed.xml":                        oneFeed,
		"sport/feed.xml":                  oneFeed,
		"sitemap.xml":                     oneSitemap,
		"photos/0001.jpg":                 "a picture",
	}
}

// compareFiles compares two editions given as texts by path.
func compareFiles(t *testing.T, hugo, stet map[string]string) *comparison {
	t.Helper()
	dirs := []string{t.TempDir(), t.TempDir()}
	for i, files := range []map[string]string{hugo, stet} {
		for path, text := range files {
			if err := writeFile(filepath.Join(dirs[i], path), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	c, err := compareEditions(dirs[0], dirs[1])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSameEditions lets everything pass that the two may do differently.
func TestSameEditions(t *testing.T) {
	stet := smallEdition()
	stet["sport/index.html"] = cards(3) // other pages, counted from the oldest
	delete(stet, "sport/page/2/index.html")
	stet["sport/page/1/index.html"] = cards(2, 1)
	stet["sport/2020/01/mill-1/index.html"] = strings.NewReplacer("All of it.", "All\n of   it.", `alt="Smoke"`, `alt="Smoke" width="20"`,
		`"headline": "Mill burns", "author": ["Ada Dahl"]`, `"author":["Ada Dahl"],"headline":"Mill\u0020burns"`).Replace(oneArticle)
	stet["sitemap.xml"] = `<sitemapindex><sitemap><loc>https://news.example/sitemap-1.xml</loc></sitemap><sitemap><loc>https://news.example/news-sitemap.xml</loc></sitemap></sitemapindex>`
	stet["news-sitemap.xml"] = `<urlset><url><loc>https://news.example/</loc></url></urlset>`
	stet["sitemap-1.xml"] = strings.Replace(oneSitemap, "</urlset>", "<url><loc>https://news.example/2020/01/</loc></url></urlset>", 1)
	stet["2020/01/index.html"] = cards(3, 2, 1)
	stet["atom.xml"] = strings.Repeat("more ", 1000)
	c := compareFiles(t, smallEdition(), stet)
	var out bytes.Buffer
	if err := c.report(&out); err != nil {
		t.Errorf("%v\n%s", err, &out)
	}
	if c.Articles != 3 || c.Lists != 4 || c.Feeds != 3 || c.StetMore.Files != 3 {
		t.Errorf("compared %d articles, %d lists, %d feeds, not %d: want 3, 4, 3 and 3", c.Articles, c.Lists, c.Feeds, c.StetMore.Files)
	}
}

// TestDifferences changes one thing at a time, which must be found and named.
func TestDifferences(t *testing.T) {
	const article = "sport/2020/01/mill-2/index.html"
	swap := func(path, from, to string) func(map[string]string) {
		return func(files map[string]string) {
			if !strings.Contains(files[path], from) {
				t.Fatalf("no %q in %s", from, path)
			}
			files[path] = strings.Replace(files[path], from, to, 1)
		}
	}
	put := func(path, text string) func(map[string]string) {
		return func(files map[string]string) { files[path] = text }
	}
	drop := func(path string) func(map[string]string) {
		return func(files map[string]string) { delete(files, path) }
	}
	for _, test := range []struct {
		path, what string
		change     func(map[string]string)
	}{
		{article, "title", swap(article, "<title>Mill", "<title>Hill")},
		{article, "canonical", swap(article, `href="https`, `href="http`)},
		{article, "text of main", swap(article, "All of it", "Some of it")},
		{article, "text of main", swap(article, "All of", "Allof")},
		{article, "links", swap(article, "/authors/ada-dahl/", "/authors/ada/")},
		{article, "links", swap(article, `<nav><a href="/sport/">Sport</a></nav>`, "")},
		{article, "meta", swap(article, `content="It burnt."`, `content="It burned."`)},
		{article, "meta", swap(article, "og:title", "og:name")},
		{article, "JSON-LD", swap(article, `["Ada Dahl"]`, `"Ada Dahl"`)},
		{article, "JSON-LD", swap(article, "application/ld+json", "text/plain")},
		{article, "images", swap(article, `alt="Smoke"`, `alt="Fire"`)},
		{article, "images", swap(article, "0001.jpg", "0002.jpg")},
		{article, "article", drop(article)},
		{"sport/2020/01/mill-9/index.html", "article", put("sport/2020/01/mill-9/index.html", oneArticle)},
		{"sport/index.html", "stories", put("sport/page/2/index.html", cards())},
		{"sport/index.html", "listed twice", put("sport/page/2/index.html", cards(2, 1))},
		{"sport/index.html", "not newest first", put("sport/index.html", cards(2, 3))},
		{"sport/index.html", "title", swap("sport/index.html", "<title>Sport", "<title>Sports")},
		{"sport/index.html", "the card of /sport/2020/01/mill-2/", swap("sport/index.html", ">2<", ">two<")},
		{"tags/water/index.html", "list", drop("tags/water/index.html")},
		{"tags/index.html", "links", swap("tags/index.html", "water<", "wine<")},
		{"index.html", "links", put("index.html", cards(3))},
		{"sport/feed.xml", "feed", drop("sport/feed.xml")},
		{"feed.xml", "items", swap("feed.xml", "mill-1", "mill-2")},
		{"sitemap.xml", "addresses", swap("sitemap.xml", "mill-1", "mill-2")},
		{"sitemap.xml", "sitemap", drop("sitemap.xml")},
		{"photos/0001.jpg", "static file", put("photos/0001.jpg", "a pictur_")},
		{".", "total bytes", put("photos/0001.jpg", strings.Repeat("large", 1000))},
	} {
		stet := maps.Clone(smallEdition())
		test.change(stet)
		c := compareFiles(t, smallEdition(), stet)
		if !c.has(test.path, test.what) {
			t.Errorf("%s: %s: not found in %+v", test.path, test.what, c.Findings)
		}
		var out bytes.Buffer
		if err := c.report(&out); err == nil {
			t.Errorf("%s: %s: no error", test.path, test.what)
		} else if len(c.Findings) <= shownFindings && !strings.Contains(out.String(), test.path+": "+test.what) {
			t.Errorf("%s: %s: not printed:\n%s", test.path, test.what, &out)
		}
	}
}

// has says whether a difference of this kind was found there.
func (c *comparison) has(path, what string) bool {
	for _, f := range c.Findings {
		if f.Path == path && strings.HasPrefix(f.What, what) {
			return true
		}
	}
	return false
}

// TestNothingToCompare must not pass as the same.
func TestNothingToCompare(t *testing.T) {
	c := compareFiles(t, map[string]string{"sitemap.xml": oneSitemap}, map[string]string{"sitemap.xml": oneSitemap})
	if !c.has(".", "articles") {
		t.Error("two editions without articles are held for the same")
	}
}

// TestKinds tells the files of an edition apart.
func TestKinds(t *testing.T) {
	for path, want := range map[string]kind{
		"index.html":                    kindHome,
		"404.html":                      kindExtra,
		"page/2/index.html":             kindExtra,
		"sport/index.html":              kindSection,
		"sport/page/12/index.html":      kindSection,
		"sport/2020/01/mill/index.html": kindArticle,
		"sport/2020/01/index.html":      kindExtra,
		"2020/01/02/index.html":         kindExtra,
		"tags/index.html":               kindIndex,
		"tags/water/index.html":         kindTerm,
		"tags/water/page/3/index.html":  kindTerm,
		"tags/water/feed.xml":           kindExtra,
		"authors/ada/index.html":        kindTerm,
		"feed.xml":                      kindFeed,
		"sport/feed.xml":                kindFeed,
		"sport/atom.xml":                kindExtra,
		"sitemap.xml":                   kindSitemap,
		"sitemap-2.xml":                 kindSitemap,
		"news-sitemap.xml":              kindExtra,
		"photos/0001.jpg":               kindStatic,
		".stet/manifest":                kindExtra,
	} {
		if got := kindOf(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}

// TestUsage names what exists.
func TestUsage(t *testing.T) {
	var out, errs bytes.Buffer
	if status := run([]string{"spin"}, &out, &errs); status != 2 || !strings.Contains(errs.String(), `no "spin" yet`) || !strings.Contains(errs.String(), "cold") {
		t.Errorf("status %d, %q", status, &errs)
	}
}
