package feeds

import (
	"net/url"
	"strings"
)

// escapeURL percent-encodes what a URL may not hold as it is: letters beyond
// ASCII, spaces, quotes. What is encoded already stays, so that the URL is the
// one that html/template writes into a page's href.
func escapeURL(s string) string {
	n := 0
	for n < len(s) && plainInURL(s[n]) {
		n++
	}
	if n == len(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]), plainInURL(c):
			b.WriteByte(c)
		default:
			const hex = "0123456789abcdef"
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func plainInURL(c byte) bool { return plainBytes[c] }

var plainBytes = func() (plain [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&*+,/:;=?@[]-._~") {
		plain[c] = true
	}
	return plain
}()

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

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
