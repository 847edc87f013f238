package article

import (
	stdhtml "html"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Sponsored is HTML of a story that somebody paid for: its links to other hosts
// than the site's own say so to search engines. Whatever is no such link passes
// as it was written.
func Sponsored(body, site string) string {
	var b strings.Builder
	b.Grow(len(body) + len(body)/8)
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := z.Next()
		raw := string(z.Raw())
		if kind == html.ErrorToken {
			b.WriteString(raw)
			return b.String()
		}
		if kind == html.StartTagToken {
			raw = paidLink(z, raw, site)
		}
		b.WriteString(raw)
	}
}

// paidLink is a tag with rel="sponsored" if it is a link that leads out.
func paidLink(z *html.Tokenizer, raw, site string) string {
	name, more := z.TagName()
	if string(name) != "a" && string(name) != "area" {
		return raw
	}
	tag := "<" + string(name)
	var rel, attrs string
	out := false
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch k := string(key); k {
		case "rel":
			rel = string(value)
			continue
		case "href":
			out = outbound(string(value), site)
		}
		attrs += " " + string(key) + `="` + stdhtml.EscapeString(string(value)) + `"`
	}
	said := strings.Fields(rel)
	if !out || slices.Contains(said, "sponsored") {
		return raw
	}
	return tag + attrs + ` rel="` + stdhtml.EscapeString(strings.Join(append(said, "sponsored"), " ")) + `">`
}

// outbound tells whether a URL leads to another host than the site's.
func outbound(dest, site string) bool {
	u, err := url.Parse(strings.TrimSpace(dest))
	if err != nil {
		return true
	}
	if u.Host == "" {
		return false
	}
	own, err := url.Parse(site)
	return err != nil || !strings.EqualFold(u.Host, own.Host)
}
