package feeds

import (
	"net/url"
	"strings"

	"stet/internal/site"
)

// escapeURL percent-encodes what a URL may not hold as it is.
func escapeURL(s string) string { return site.EscapeURL(s) }

// A place is what the URLs of one story are relative to.
type place struct{ url *url.URL }

// placeOf is the place of a story: its permalink, or its path in a site without
// base_url.
func placeOf(permalink, path string) place {
	if permalink == "" {
		permalink = path
	}
	u, err := url.Parse(escapeURL(permalink))
	if err != nil {
		return place{}
	}
	return place{u}
}

// resolve makes a URL absolute and percent-encodes it. What is no URL of the
// web (mailto:, data:) stays as it is.
func (p place) resolve(ref string) string {
	trimmed := lineBreaks.Replace(strings.Trim(ref, " \t\n\r\f"))
	if trimmed == "" || foreign(trimmed) {
		return ref
	}
	escaped := escapeURL(trimmed)
	u, err := url.Parse(escaped)
	if err != nil || u.Scheme != "" || p.url == nil {
		return escaped
	}
	return escapeURL(p.url.ResolveReference(u).String())
}

// lineBreaks are what browsers leave out of a URL.
var lineBreaks = strings.NewReplacer("\t", "", "\n", "", "\r", "")

// foreign tells whether a URL has a scheme other than the web's.
func foreign(ref string) bool {
	scheme, _, found := strings.Cut(ref, ":")
	if !found || scheme == "" || strings.ContainsAny(scheme, "/?#") {
		return false
	}
	scheme = strings.ToLower(scheme)
	return scheme != "http" && scheme != "https"
}
