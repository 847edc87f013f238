package article

import (
	stdhtml "html"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// Raw HTML goes through a tokenizer: what comes out of it is written anew,
// tag by tag, and nothing else gets through. So a tag that never ends, or one
// that hides in a comment, cannot swallow what follows it on the page.

func set(names string) map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		m[name] = true
	}
	return m
}

// everywhere are the attributes that any tag may have.
var everywhere = set("id class lang dir title")

// allowed are the tags that pass, with attributes of their own.
var allowed = func() map[string]map[string]bool {
	m := map[string]map[string]bool{
		"a":        set("href hreflang rel"),
		"img":      set("src alt width height"),
		"abbr":     set(""),
		"time":     set("datetime"),
		"ins":      set("datetime"),
		"del":      set("datetime"),
		"details":  set("open name"),
		"ol":       set("start reversed type"),
		"li":       set("value"),
		"td":       set("colspan rowspan headers align"),
		"th":       set("colspan rowspan headers align scope abbr"),
		"col":      set("span"),
		"colgroup": set("span"),
	}
	plain := "sub sup kbd mark small s u b i em strong q cite summary br wbr hr dl dt dd table caption thead tbody tfoot tr " +
		"span div p section bdi bdo ruby rt rp figure figcaption ul blockquote code pre samp var dfn aside h1 h2 h3 h4 h5 h6"
	for name := range set(plain) {
		m[name] = nil
	}
	return m
}()

// void are the tags that have no end.
var void = set("area base br col embed hr img input link meta param source track wbr")

// A tag is one that was opened and waits for its end.
type tag struct {
	name   string
	in     ast.Node // what it was opened in
	offset int
	silent bool // not written, nor is its end
}

// A piece is raw HTML together with where each part of it stands in the body.
type piece struct {
	text  []byte
	parts []part
}

type part struct{ text, body int }

func (p *piece) add(start int, value []byte) {
	p.parts = append(p.parts, part{len(p.text), start})
	p.text = append(p.text, value...)
}

// offset is the place in the body of a place in the piece.
func (p *piece) offset(at int) int {
	for i := len(p.parts) - 1; i >= 0; i-- {
		if p.parts[i].text <= at {
			return p.parts[i].body + at - p.parts[i].text
		}
	}
	return 0
}

func (r *run) htmlBlock(n *ast.HTMLBlock) {
	var p piece
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		p.add(line.Start, line.Value(r.body))
	}
	if n.HasClosure() {
		p.add(n.ClosureLine.Start, n.ClosureLine.Value(r.body))
	}
	r.raw(n, &p)
}

func (r *run) rawHTML(n *ast.RawHTML) {
	var p piece
	for i := range n.Segments.Len() {
		s := n.Segments.At(i)
		p.add(s.Start, s.Value(r.body))
	}
	r.raw(n, &p)
}

// raw puts what may pass in the place of a node of raw HTML.
func (r *run) raw(n ast.Node, p *piece) {
	if r.o.Trusted || r.o.NoRule {
		r.foreign(p)
		replace(n, strings.ReplaceAll(string(p.text), "\x00", "\uFFFD"))
		return
	}
	c := cleaner{run: r, piece: p, in: n.Parent()}
	c.clean()
	replace(n, c.out.String())
}

// A cleaner takes one piece of raw HTML apart.
type cleaner struct {
	*run
	*piece
	in     ast.Node
	at     int    // offset of the token in the piece
	hidden string // the tag whose raw text is left out
	out    strings.Builder
}

func (c *cleaner) clean() {
	z := html.NewTokenizer(strings.NewReader(string(c.text)))
	for {
		kind := z.Next()
		raw := string(z.Raw())
		if kind == html.ErrorToken {
			c.rest(string(c.text[c.at:]))
			return
		}
		c.token(z, kind, raw)
		c.at += len(raw)
	}
}

// rest is what the tokenizer could not finish.
func (c *cleaner) rest(left string) {
	if strings.TrimSpace(left) != "" {
		c.fail(c.offset(c.at), utf8.RuneCountInString(strings.TrimRight(left, "\n")), "close it with >, or write &lt; to show the sign <", "a tag of HTML that never ends")
	}
}

func (c *cleaner) token(z *html.Tokenizer, kind html.TokenType, raw string) {
	switch kind {
	case html.TextToken:
		if c.hidden == "" {
			c.out.WriteString(strings.ReplaceAll(strings.ReplaceAll(raw, "\x00", "\uFFFD"), "<", "&lt;"))
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		c.start(z.Token(), raw)
	case html.EndTagToken:
		c.end(z.Token().Data, raw)
	case html.CommentToken:
		c.comment(raw)
	default:
		c.fault(raw, "write text, or a block such as :::factbox", "HTML of this kind is not allowed here")
	}
}

// fault reports a token. In a title, which has nobody to tell, the whole of it
// is shown as text instead.
func (c *cleaner) fault(raw, hint, format string, args ...any) {
	c.broken = true
	if !c.inFlat {
		c.fail(c.offset(c.at), utf8.RuneCountInString(strings.TrimRight(raw, "\n")), hint, format, args...)
	}
}

func (c *cleaner) comment(raw string) {
	switch {
	case !strings.HasPrefix(raw, "<!--"):
		c.fault(raw, "remove it", "only tags of HTML are read here")
	case !strings.HasSuffix(raw, ">") || len(raw) < 5 || !strings.HasSuffix(raw[:len(raw)-1], "-") && !strings.HasSuffix(raw, "--!>"):
		c.fault("<!--", "end it with -->", "a comment that never ends")
	}
}

func (c *cleaner) start(t html.Token, raw string) {
	own, known := allowed[t.Data]
	silent := false
	switch {
	case !known:
		c.fault(raw, c.instead(t.Data), "the tag <%s> is not allowed here", t.Data)
		silent = true
	case t.Data == "a" || t.Data == "img":
		silent = !c.linked(&t)
	}
	if known {
		c.attributes(&t, own, raw)
	}
	if !silent {
		c.write(t)
	}
	if !void[t.Data] {
		c.tags = append(c.tags, tag{t.Data, c.in, c.offset(c.at), silent})
	}
	if !known && rawText[t.Data] {
		c.hidden = t.Data
	}
}

// rawText are the tags whose content browsers do not read as HTML.
var rawText = set("script style iframe noembed noframes noscript plaintext textarea title xmp")

// instead says what to do about a tag.
func (c *cleaner) instead(name string) string {
	trust := ""
	if s := c.o.Sections; len(s) > 0 {
		trust = ", or let raw HTML of this section pass with trusted: [" + strings.Join(s, ", ") + "] in site.yaml"
	}
	switch name {
	case "center", "font", "big", "tt", "strike", "marquee", "blink", "nobr":
		return "use Markdown, or a tag such as <span class=\"…\"> that the stylesheet knows"
	case "video", "audio", "picture", "source", "iframe", "embed", "object", "svg":
		if name == "picture" || name == "source" {
			return "use a picture of its own, such as ![what it shows](photo.jpg)" + trust
		}
		if name == "iframe" || name == "embed" || name == "object" {
			return `write :::embed {src="https://…" title="What it is"} and, on the next line, :::, which shows it once a reader asks for it` + trust
		}
		return "write a link to it" + trust
	}
	return "remove it or use a block such as :::factbox" + trust
}

// linked asks where a link or a picture leads.
func (c *cleaner) linked(t *html.Token) bool {
	key := map[string]string{"a": "href", "img": "src"}[t.Data]
	for i := range t.Attr {
		if t.Attr[i].Key != key {
			continue
		}
		at := c.offset(c.at)
		if j := strings.Index(string(c.text[c.at:]), t.Attr[i].Val); j >= 0 {
			at = c.offset(c.at + j)
		}
		if c.inFlat {
			c.broken = c.broken || t.Data == "img"
			return t.Data == "a" && (schemes[scheme(t.Attr[i].Val)] || strings.HasPrefix(t.Attr[i].Val, "/"))
		}
		target, show := c.target(t.Attr[i].Val, at, t.Data == "img")
		t.Attr[i].Val = target.URL
		return show
	}
	if t.Data == "img" {
		c.fault(string(c.text[c.at:]), "add src=\"…\"", "the tag <img> has no src")
	}
	return t.Data == "a"
}

// attributes leaves a tag those that it may have.
func (c *cleaner) attributes(t *html.Token, own map[string]bool, raw string) {
	seen := map[string]bool{}
	t.Attr = slices.DeleteFunc(t.Attr, func(a html.Attribute) bool {
		twice, may := seen[a.Key], a.Namespace == "" && (own[a.Key] || everywhere[a.Key])
		seen[a.Key] = true
		if !twice && !may {
			c.fault(raw, notAttribute(a.Key), "the attribute %q of <%s> is not allowed here", a.Key, t.Data)
		}
		return twice || !may
	})
}

// write writes a tag.
func (c *cleaner) write(t html.Token) {
	c.out.WriteString("<" + t.Data)
	for _, a := range t.Attr {
		value := stdhtml.EscapeString(strings.ReplaceAll(a.Val, "\x00", ""))
		if a.Key == "href" || a.Key == "src" {
			value = string(address([]byte(a.Val)))
		}
		c.out.WriteString(" " + a.Key + `="` + value + `"`)
	}
	c.out.WriteString(">")
}

func notAttribute(key string) string {
	switch {
	case key == "style":
		return "use class, and write the style into a stylesheet"
	case strings.HasPrefix(key, "on"):
		return "remove it: an article runs no script"
	}
	return "remove it"
}

// end closes the tag that was opened last, in the same paragraph or block.
func (c *cleaner) end(name, raw string) {
	if c.hidden == name {
		c.hidden = ""
	}
	if len(c.tags) > 0 {
		last := c.tags[len(c.tags)-1]
		if last.name == name && last.in == c.in {
			c.tags = c.tags[:len(c.tags)-1]
			if !last.silent {
				c.out.WriteString("</" + name + ">")
			}
			return
		}
	}
	_, known := allowed[name]
	switch {
	case void[name] && known:
		c.fault(raw, "write <"+name+"> alone", "the tag <%s> has no end", name)
	case known:
		c.fault(raw, "remove it, or open it with <"+name+"> in the same paragraph; tags close in the reverse order of their opening", "the tag </%s> closes nothing", name)
	default:
		c.fault(raw, c.instead(name), "the tag </%s> is not allowed here", name)
	}
}

// neverClosed reports the tags that were opened in what ends here, and closes
// them.
func (r *run) neverClosed(depth int) {
	for len(r.tags) > depth {
		last := r.tags[len(r.tags)-1]
		r.tags = r.tags[:len(r.tags)-1]
		if last.silent {
			continue
		}
		r.broken = true
		if !r.inFlat {
			r.fail(last.offset, len(last.name)+2, "close it with </"+last.name+"> in the same paragraph or block", "the tag <%s> is never closed", last.name)
		}
		s := ast.NewString([]byte("</" + last.name + ">"))
		s.SetCode(true)
		last.in.AppendChild(last.in, s)
	}
}
