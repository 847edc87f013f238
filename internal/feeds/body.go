package feeds

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Where no page of the site is around it, a story's HTML has to do without what
// works only there. Elements that are left out with all they hold, such whose
// content takes their place, and such that are empty and left out.
var (
	widgets = set("script", "style", "template", "nav", "form", "button", "select", "textarea", "dialog", "title", "noembed", "noframes")
	shells  = set("object", "canvas", "label", "fieldset", "legend", "map", "slot", "html", "body", "head", "main")
	inputs  = set("input", "link", "meta", "base", "area", "param", "frame", "track")
	frames  = set("iframe", "embed")
	voids   = set("img", "br", "hr", "wbr", "source", "col", "input", "link", "meta", "base", "area", "param", "frame", "track", "embed")
)

func set(words ...string) map[string]bool {
	all := map[string]bool{}
	for _, w := range words {
		all[w] = true
	}
	return all
}

// siteOnly is the attribute by which a layout says that an element is for the
// site's own pages.
const siteOnly = "data-site-only"

// elsewhere returns a story's HTML as it can stand in another page: every URL in
// it absolute, without what works on the site alone, and without ids, of which
// the other stories of a feed have the same. Text is passed on as it was written.
func (p place) elsewhere(body string) string {
	var b strings.Builder
	b.Grow(len(body) + len(body)/8)
	p.move(&b, body)
	return b.String()
}

func (p place) move(b *strings.Builder, body string) {
	z := html.NewTokenizer(strings.NewReader(body))
	out, depth := "", 0 // the element that is left out, and how often it is open
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			if out == "" {
				b.Write(z.Raw())
			}
			return
		}
		raw := string(z.Raw())
		if kind == html.CommentToken || kind == html.DoctypeToken {
			continue
		}
		if kind == html.TextToken {
			if out == "" {
				if less, ends := strings.CutSuffix(raw, "<"); ends { // no tag with what comes when a comment is left out
					raw = less + "&lt;"
				}
				b.WriteString(raw)
			}
			continue
		}
		t := newTag(z)
		switch opens := kind != html.EndTagToken; {
		case out != "" && t.name == out && opens:
			depth++
		case out != "" && t.name == out:
			if depth--; depth == 0 {
				out = ""
			}
		case out != "", shells[t.name], inputs[t.name]:
		case t.name == "noscript" && opens: // its content is raw for the tokenizer
			if z.Next() == html.TextToken {
				p.move(b, string(z.Raw()))
			}
		case t.name == "noscript":
		case frames[t.name]:
			if opens {
				b.WriteString(p.frame(t))
			}
			out, depth = hidden(t.name, opens)
		case widgets[t.name] || opens && t.has(siteOnly):
			out, depth = hidden(t.name, opens)
		default:
			b.WriteString(p.tag(t, kind, raw))
		}
	}
}

// hidden is the element that is left out from here on: one that holds nothing is
// left out already.
func hidden(name string, opens bool) (string, int) {
	if !opens || voids[name] {
		return "", 0
	}
	return name, 1
}

// A tag is one with its attributes, name and value in turn.
type tag struct {
	name  string
	attrs []string
}

func newTag(z *html.Tokenizer) tag {
	name, more := z.TagName()
	t := tag{name: string(name)}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		t.attrs = append(t.attrs, string(key), string(value))
	}
	return t
}

func (t tag) get(key string) string {
	for i := 0; i < len(t.attrs); i += 2 {
		if t.attrs[i] == key {
			return t.attrs[i+1]
		}
	}
	return ""
}

func (t tag) has(key string) bool {
	for i := 0; i < len(t.attrs); i += 2 {
		if t.attrs[i] == key {
			return true
		}
	}
	return false
}

// frame is a link in the place of a frame, which feed readers do not show.
func (p place) frame(t tag) string {
	src := p.resolve(clean(t.get("src")))
	if src == "" || foreign(src) {
		return ""
	}
	text := strings.TrimSpace(t.get("title"))
	if u, err := url.Parse(src); text == "" && err == nil {
		text = u.Hostname()
	}
	if text == "" {
		text = src
	}
	return `<p><a href="` + htmlValue.Replace(src) + `">` + escapeHTML(text) + "</a></p>"
}

// tag returns the tag with its URLs absolute and without what is of no use
// elsewhere, or as it was written if it is the same.
func (p place) tag(t tag, kind html.TokenType, raw string) string {
	if len(t.attrs) == 0 {
		return raw
	}
	var b strings.Builder
	b.WriteString("<" + t.name)
	changed := false
	for i := 0; i < len(t.attrs); i += 2 {
		key, was := t.attrs[i], clean(t.attrs[i+1])
		if local(key, t.name) {
			changed = true
			continue
		}
		now := p.attribute(key, was)
		changed = changed || now != was
		b.WriteString(" " + key + `="` + htmlValue.Replace(now) + `"`)
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

// local tells whether an attribute of an element means something on the site's
// own pages only.
func local(key, element string) bool {
	switch key {
	case "id", "class", "style", "role", "tabindex", "loading", "decoding", "fetchpriority", "accesskey", "autofocus", "contenteditable", "draggable",
		"hidden", "is", "itemid", "itemprop", "itemref", "itemscope", "itemtype", "nonce", "part", "slot", "target", "usemap", "popover", "inert":
		return true
	case "name":
		return element == "a"
	}
	return strings.HasPrefix(key, "data-") || strings.HasPrefix(key, "aria-") || strings.HasPrefix(key, "on")
}

func (p place) attribute(key, value string) string {
	switch key {
	case "href", "src", "poster", "cite", "longdesc", "xlink:href":
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
