package article

import (
	stdhtml "html"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Anchored is HTML whose links lead where link says, with the rel that it says; those
// without an address any more lead nowhere. Whatever is no link, or stays as it is, passes as it was written.
func Anchored(body string, link func(href, rel string) (string, string)) string {
	if !strings.Contains(body, "<a") && !strings.Contains(body, "<A") {
		return body
	}
	var b strings.Builder
	b.Grow(len(body) + len(body)/8)
	for z := html.NewTokenizer(strings.NewReader(body)); ; {
		kind := z.Next()
		raw := string(z.Raw()) // before it is taken apart
		switch kind {
		case html.StartTagToken:
			b.WriteString(anchored(z, raw, link))
		case html.ErrorToken:
			return b.String() + raw
		default:
			b.WriteString(raw)
		}
	}
}

// anchored is a tag, written anew if it is a link that changes.
func anchored(z *html.Tokenizer, raw string, link func(href, rel string) (string, string)) string {
	name, more := z.TagName()
	if tag := string(name); !more || tag != "a" && tag != "area" {
		return raw
	}
	written := "<" + string(name)
	var href, rel string
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "href":
			href = string(value)
		case "rel":
			rel = string(value)
		default:
			written += " " + string(key) + `="` + stdhtml.EscapeString(string(value)) + `"`
		}
	}
	to, as := href, rel
	if href != "" {
		to, as = link(href, rel)
	}
	if to == href && as == rel {
		return raw
	}
	if to == "" {
		return "<" + string(name) + ">"
	}
	written += ` href="` + stdhtml.EscapeString(to) + `"`
	if as != "" {
		written += ` rel="` + stdhtml.EscapeString(as) + `"`
	}
	return written + ">"
}

// Sponsored is the rel of a link in what somebody paid for: one to another host
// than the site's own says so.
func Sponsored(href, rel, site string) string {
	if said := strings.Fields(rel); outbound(href, site) && !slices.Contains(said, "sponsored") {
		return strings.Join(append(said, "sponsored"), " ")
	}
	return rel
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
