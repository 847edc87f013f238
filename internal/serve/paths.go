package serve

import (
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainPath tells whether a URL's path can only mean one file. Whatever a
// server and a file system might read in two ways is refused: dot segments, in
// whatever spelling, backslashes, control characters, a slash that is encoded
// or doubled, bytes that are no text.
func plainPath(u *url.URL) bool {
	p := u.Path
	if !strings.HasPrefix(p, "/") || !utf8.ValidString(p) || strings.Contains(p, "//") ||
		strings.Contains(strings.ToLower(u.EscapedPath()), "%2f") {
		return false
	}
	if strings.ContainsFunc(p, func(r rune) bool { return r == '\\' || unicode.IsControl(r) }) {
		return false
	}
	for segment := range strings.SplitSeq(p, "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

// hidden tells whether a file is not for readers: what begins with a dot, but
// for .well-known, and what only hosts read.
func hidden(name string) bool {
	for segment := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(segment, ".") && segment != ".well-known" {
			return true
		}
	}
	return name == "_redirects" || name == "_headers"
}

// types are what browsers must know of a file. The system's own table differs
// from one machine to the next.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8", ".xhtml": "application/xhtml+xml; charset=utf-8",
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".txt": "text/plain; charset=utf-8", ".md": "text/plain; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".ics": "text/calendar; charset=utf-8",
	".vtt": "text/vtt; charset=utf-8", ".xml": "application/xml; charset=utf-8", ".xsl": "text/xsl; charset=utf-8",
	".json": "application/json; charset=utf-8", ".map": "application/json; charset=utf-8", ".geojson": "application/geo+json; charset=utf-8",
	".webmanifest": "application/manifest+json; charset=utf-8", ".svg": "image/svg+xml; charset=utf-8",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
	".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".wav": "audio/wav", ".opus": "audio/ogg",
	".mp4": "video/mp4", ".webm": "video/webm", ".pdf": "application/pdf", ".zip": "application/zip", ".wasm": "application/wasm",
}

// feedTypes are those of files whose ending says less than their name.
var feedTypes = map[string]string{
	"feed.xml":  "application/rss+xml; charset=utf-8",
	"atom.xml":  "application/atom+xml; charset=utf-8",
	"feed.json": "application/feed+json; charset=utf-8",
}

func typeOf(name string) string {
	if t, ok := feedTypes[path.Base(name)]; ok {
		return t
	}
	if t, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}
