// Package feeds makes what machines read of an edition: RSS, Atom, JSON Feed
// and ninjs, sitemaps, redirects, and small files such as robots.txt.
//
// Each is the maker of one kind of page ([Makers]), written by hand: the
// formats are small, and what a library would leave to chance is what matters
// here. All text is escaped in one place (xml.go), where characters that XML
// cannot hold are dropped. All URLs are absolute and percent-encoded (url.go),
// those inside a story's HTML too (body.go), because a reader shows the story
// far from its site; what works only there is left out. In a site without base_url nothing can be absolute: links
// are paths from the root then, and a feed does not say where it lies.
//
// No feed tells the time of the build. It is as new as its newest story, so
// that it is made again only when it says something else.
package feeds

import (
	"fmt"

	"stet/internal/page"
	"stet/internal/site"
)

// Makers returns who makes which kind of page. They ask "feed", "body", "media",
// "wire", "wirefeed", "wirebody", "url", "absolute", "sitemaps", "sitemap",
// "newssitemap", "smallfiles", "manifest", "redirects", "redirect", "newestcomments" and
// "commentable".
func Makers() map[string]page.Maker {
	return map[string]page.Maker{
		"rss":         rss,
		"atom":        atom,
		"jsonfeed":    jsonFeed,
		"sitemap":     sitemapIndex,
		"sitemappart": sitemapPart,
		"robots":      robots,
		"redirects":   redirects,
		"redirect":    redirect,
		"newssitemap": newsSitemap,
		"gone":        gone,
		"ninjs":       ninjs,
		"ninjsfeed":   ninjsFeed,
		"trust":       trust,
		"security":    security,
		"headers":     headers,
		"manifest":    manifest,

		"commentsfeed": commentsFeed,
		"commentsfile": commentsFile,
	}
}

// feedOf asks for what a feed's page tells, and for what its stories need.
func feedOf(ask *page.Ask, p page.Page) (*site.Feed, []item, error) {
	f, err := must[site.Feed](ask, "feed", p.Args)
	if err != nil {
		return nil, nil, err
	}
	items, err := itemsOf(ask, f)
	return f, items, err
}

// absolute asks for the whole URL of a path from the site's root; "" without
// base_url.
func absolute(ask *page.Ask, rooted string) (string, error) {
	u, err := page.Get[string](ask, "url", page.Args(rooted))
	if err != nil {
		return "", err
	}
	return page.Get[string](ask, "absolute", page.Args(u))
}

// must asks for something that has to be there, since there is a page of it.
func must[T any](ask *page.Ask, kind, args string) (*T, error) {
	v, err := page.Get[*T](ask, kind, args)
	if err == nil && v == nil {
		err = fmt.Errorf("there is no %s", page.Question{Kind: kind, Args: args})
	}
	return v, err
}
