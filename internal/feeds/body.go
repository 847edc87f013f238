package feeds

import (
	"strings"

	"golang.org/x/net/html"
)

// absolute returns a story's HTML with every URL in it absolute. Tags without
// URLs, and all text, are passed on as they were written.
func (p place) absolute(body string) string {
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
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			raw = p.tag(z, kind, raw)
		}
		b.WriteString(raw)
	}
}

// tag returns the tag with its URLs absolute, or as it was written if it has
// none.
func (p place) tag(z *html.Tokenizer, kind html.TokenType, raw string) string {
	name, more := z.TagName()
	if !more {
		return raw
	}
	var b strings.Builder
	b.WriteString("<" + string(name))
	changed := false
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		was := clean(string(value))
		now := p.attribute(string(key), was)
		changed = changed || now != was
		b.WriteString(" " + string(key) + `="` + htmlValue.Replace(now) + `"`)
	}
	if !changed {
		return raw
	}
	if kind == html.SelfClosingTagToken {
		b.WriteString(" /")
	}
	b.WriteByte('>')
	return b.String()
}

func (p place) attribute(key, value string) string {
	switch key {
	case "href", "src", "poster":
		return p.resolve(value)
	case "srcset":
		return p.srcset(value)
	}
	return value
}

// srcset resolves the URLs of a list such as "a.jpg 1x, b.jpg 2x". A URL may
// hold commas, so that the list cannot be cut at them.
func (p place) srcset(list string) string {
	var parts []string
	const space = " \t\n\f\r"
	for {
		list = strings.TrimLeft(list, space+",")
		if list == "" {
			return strings.Join(parts, ", ")
		}
		end := strings.IndexAny(list, space)
		if end < 0 {
			end = len(list)
		}
		ref := list[:end]
		list = list[end:]
		if bare := strings.TrimRight(ref, ","); bare != ref {
			parts = append(parts, p.resolve(bare))
			continue
		}
		descriptor, rest, _ := strings.Cut(list, ",")
		list = rest
		if descriptor = strings.TrimSpace(descriptor); descriptor != "" {
			descriptor = " " + descriptor
		}
		parts = append(parts, p.resolve(ref)+descriptor)
	}
}
