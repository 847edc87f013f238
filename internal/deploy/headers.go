package deploy

import (
	"path"
	"regexp"
	"strings"
	"sync"
)

// KindOf tells the kind of a file by its path, and by whether it is the page of a
// story.
func KindOf(name string, story bool) Kind {
	base := path.Base(name)
	switch {
	case fingerprinted().MatchString(name):
		return Asset
	case story:
		return Page
	case path.Ext(base) == ".html", path.Ext(base) == ".htm":
		return List
	case base == "robots.txt", strings.Contains(base, "sitemap") && path.Ext(base) == ".xml", strings.HasPrefix(name, "sitemaps/"):
		return Sitemap
	case base == "feed.xml", base == "atom.xml", base == "feed.json", path.Ext(base) == ".xml" || strings.HasPrefix(name, "feeds/"):
		return Feed
	}
	return Other
}

// fingerprinted are the names that room assets and room images give.
var fingerprinted = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|/)(assets|img)/.*[.-][0-9a-f]{10,32}\.[a-z0-9]+$`)
})

// HeaderOf is what is to be said with a file. Cache says otherwise for some kinds.
func HeaderOf(name string, kind Kind, cache map[string]string) Header {
	h := Header{Type: TypeOf(name), Cache: usualCache[kind]}
	if other, ok := cache[kind.String()]; ok && kind != Asset {
		h.Cache = other
	}
	return h
}

// usualCache is for how long a file of a kind may be kept. What a reader or a CDN
// keeps for long would show a killed story for as long.
var usualCache = [...]string{
	Asset:   "public, max-age=31536000, immutable",
	Other:   "public, max-age=3600",
	Page:    "public, max-age=300",
	List:    "public, max-age=60",
	Feed:    "public, max-age=60",
	Sitemap: "public, max-age=60",
}

// types are said the same on every machine, so they are not asked of it.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8",
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".txt": "text/plain; charset=utf-8", ".md": "text/markdown; charset=utf-8", ".csv": "text/csv; charset=utf-8",
	".vtt": "text/vtt; charset=utf-8", ".ics": "text/calendar; charset=utf-8",
	".xml": "application/xml; charset=utf-8", ".xsl": "text/xsl; charset=utf-8",
	".json": "application/json; charset=utf-8", ".map": "application/json; charset=utf-8", ".geojson": "application/geo+json; charset=utf-8",
	".webmanifest": "application/manifest+json; charset=utf-8", ".svg": "image/svg+xml; charset=utf-8",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".avif": "image/avif", ".gif": "image/gif", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav", ".mp4": "video/mp4", ".webm": "video/webm",
	".pdf": "application/pdf", ".wasm": "application/wasm", ".zip": "application/zip", ".gz": "application/gzip", ".epub": "application/epub+zip",
}

// feedTypes are those of files whose ending does not say it.
var feedTypes = map[string]string{
	"feed.xml": "application/rss+xml; charset=utf-8", "atom.xml": "application/atom+xml; charset=utf-8", "feed.json": "application/feed+json; charset=utf-8",
}

// TypeOf is the content type of a file, by its name.
func TypeOf(name string) string {
	if t := feedTypes[path.Base(name)]; t != "" {
		return t
	}
	if t := types[strings.ToLower(path.Ext(name))]; t != "" {
		return t
	}
	if base := path.Base(name); strings.HasPrefix(base, "_") { // _headers, _redirects
		return types[".txt"]
	}
	return "application/octet-stream"
}
