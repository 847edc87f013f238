package imports

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What HTML says as plain text: paragraphs have an empty line between them, a line
// break is one, what is quoted has > before its lines, and a link is its text with
// the address behind it.

// apart are elements between which an empty line stands.
var apart = []atom.Atom{
	atom.P, atom.Div, atom.Blockquote, atom.Pre, atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Hr, atom.Article, atom.Section,
	atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Figure, atom.Address,
}

// lined are those that begin a line.
var lined = []atom.Atom{atom.Li, atom.Dt, atom.Dd, atom.Tr, atom.Figcaption}

// hidden are those that show nothing of what is in them.
var hidden = []atom.Atom{atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Title}

// Plain is HTML as plain text. With lines, a line break in it is one too, as
// WordPress and Isso have it.
func Plain(text string, lines bool) string {
	p := &plainer{lines: lines}
	z := html.NewTokenizer(strings.NewReader(strings.ToValidUTF8(text, "")))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if raw := string(z.Raw()); strings.HasPrefix(raw, "<") { // no tag: it has no end
				p.say(raw)
			}
			p.close(len(p.links))
			return p.done()
		case html.TextToken:
			p.say(string(z.Text()))
		case html.StartTagToken:
			p.start(z.Token(), false)
		case html.SelfClosingTagToken:
			p.start(z.Token(), true)
		case html.EndTagToken:
			p.end(z.Token())
		}
	}
}

// A plainer writes plain text.
type plainer struct {
	b      bytes.Buffer
	lines  bool
	breaks int // line ends to be written before the next word
	space  bool
	indent int       // spaces before the next word, where lines are kept
	hide   atom.Atom // the element whose text is not shown
	pre    int
	quotes int
	was    int // quotes of the word before
	links  []plainLink
}

// A plainLink is a link that has begun.
type plainLink struct {
	address string
	from    int // where its text begins
}

// say writes text.
func (p *plainer) say(text string) {
	if p.hide != 0 {
		return
	}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for _, r := range text {
		switch r = plainRune(r); {
		case r < 0:
		case r == '\n' && (p.lines || p.pre > 0):
			p.breaks, p.space, p.indent = min(p.breaks+1, 2), false, 0
		case p.lines && p.breaks > 0 && (r == ' ' || r == '\t'):
			p.indent = min(p.indent+1, 40)
		case unicode.IsSpace(r) && r != '\u00a0' && p.pre == 0:
			p.space = p.breaks == 0
		default:
			p.room()
			p.b.WriteRune(r)
		}
	}
}

// room writes what was to come before a word.
func (p *plainer) room() {
	if p.b.Len() == 0 {
		p.b.WriteString(strings.Repeat("> ", p.quotes))
	} else if p.breaks > 0 {
		for range p.breaks - 1 {
			p.b.WriteString("\n" + strings.TrimSuffix(strings.Repeat("> ", min(p.quotes, p.was)), " "))
		}
		p.b.WriteString("\n" + strings.Repeat("> ", p.quotes) + strings.Repeat(" ", p.indent))
	} else if p.space {
		p.b.WriteByte(' ')
	}
	p.breaks, p.space, p.indent, p.was = 0, false, 0, p.quotes
}

func (p *plainer) paragraph(breaks int) {
	p.breaks, p.space = max(p.breaks, breaks), false
}

func (p *plainer) start(t html.Token, closed bool) {
	if p.hide != 0 {
		return
	}
	attr := func(key string) string {
		for _, a := range t.Attr {
			if a.Key == key {
				return strings.TrimSpace(a.Val)
			}
		}
		return ""
	}
	switch a := t.DataAtom; {
	case slices.Contains(hidden, a):
		if !closed {
			p.hide = a
		}
	case a == atom.Br:
		p.breaks, p.space = min(p.breaks+1, 2), false
	case slices.Contains(apart, a):
		p.paragraph(2)
		switch a {
		case atom.Pre:
			p.pre++
		case atom.Blockquote:
			p.quotes = min(p.quotes+1, 9)
		}
	case slices.Contains(lined, a):
		p.paragraph(1)
		if a == atom.Li {
			p.say("- ")
			p.space = true
		}
	case a == atom.Td || a == atom.Th:
		p.space = p.breaks == 0
	case a == atom.A && !closed:
		p.close(len(p.links))
		p.links = append(p.links, plainLink{address(attr("href"), attr("title")), p.b.Len()})
	case a == atom.Img:
		p.picture(attr("alt"), attr("src"), attr("class"))
	case a == atom.Iframe || a == atom.Embed || a == atom.Video || a == atom.Audio || a == atom.Source:
		p.show(address(attr("src"), ""))
	}
}

func (p *plainer) end(t html.Token) {
	switch a := t.DataAtom; {
	case p.hide != 0:
		if a == p.hide {
			p.hide = 0
		}
	case a == atom.A:
		p.close(1)
	case a == atom.Pre:
		p.pre = max(0, p.pre-1)
		p.paragraph(2)
	case a == atom.Blockquote:
		p.quotes = max(0, p.quotes-1)
		p.paragraph(2)
	case slices.Contains(apart, a):
		p.paragraph(2)
	case slices.Contains(lined, a):
		p.paragraph(1)
	}
}

// picture says what a picture shows, and where it is, if it is none of the small
// ones that stand for a sign.
func (p *plainer) picture(alt, src, class string) {
	if alt != "" {
		p.say(alt)
	}
	if alt == "" || !strings.Contains(class, "emoji") && !strings.Contains(class, "smiley") {
		p.show(address(src, ""))
	}
}

// show writes an address.
func (p *plainer) show(address string) {
	if address != "" {
		p.space = p.b.Len() > 0
		p.say(address)
		p.space = true
	}
}

// close writes the addresses behind the texts of links.
func (p *plainer) close(n int) {
	for range min(n, len(p.links)) {
		l := p.links[len(p.links)-1]
		p.links = p.links[:len(p.links)-1]
		text := strings.TrimLeft(string(p.b.Bytes()[l.from:]), " \n>")
		short := strings.TrimRight(text, ".…")
		if bare := strings.TrimPrefix(strings.TrimPrefix(l.address, "https://"), "http://"); short != "" && (strings.HasPrefix(bare, short) || strings.HasPrefix(l.address, short)) && strings.ContainsAny(short, ".:/") {
			if text != strings.TrimSuffix(bare, "/") && text != bare && text != l.address { // it was cut
				p.b.Truncate(p.b.Len() - len(text))
				p.b.WriteString(l.address)
			}
			continue
		}
		switch {
		case l.address == "" || strings.HasPrefix(text, "#") && strings.HasPrefix(l.address, "#"):
		case text == "":
			p.show(l.address)
		default:
			p.b.WriteString(" (" + l.address + ")")
		}
	}
}

func (p *plainer) done() string {
	all := strings.Split(p.b.String(), "\n")
	for i, line := range all {
		all[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return strings.Trim(strings.Join(all, "\n"), "\n ")
}

// address is what a link leads to, as somebody can type it; "" if it is nothing of
// the kind. Disqus leads links over a page of its own.
func address(href, title string) string {
	href = strings.Join(strings.Fields(strings.Map(plainRune, href)), "%20")
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	if host := u.Hostname(); (host == "disq.us" || strings.HasSuffix(host, ".disq.us")) && u.Path == "/url" {
		if to := u.Query().Get("url"); to != "" {
			if i := strings.LastIndexByte(to, ':'); i > len("https:") && threadsMark().MatchString(to[i+1:]) {
				to = to[:i]
			}
			return address(to, "")
		}
		return address(title, "")
	}
	switch u.Scheme {
	case "http", "https":
		return href
	case "mailto":
		return strings.TrimPrefix(href, "mailto:")
	case "":
		if strings.HasPrefix(href, "/") || strings.HasPrefix(href, "#") {
			return href
		}
	}
	return ""
}

// threadsMark is what Disqus writes behind an address.
var threadsMark = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]{20,}$`) })

var (
	code    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("(?s)```.*?```|`[^`\n]+`") })
	element = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^</?([A-Za-z][A-Za-z0-9]*)(\s[^<>]*)?>`) })
	direct  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^<(https?://[^\s<>]+|[^\s<>@]+@[^\s<>]+)>`) })
)

// markdown is a text of Isso as plain text: Markdown is left as it was typed, with
// HTML in it made plain where it is HTML.
func markdown(text string) string {
	var b strings.Builder
	spans := code().FindAllStringIndex(text, -1)
	for i := 0; i < len(text); {
		if len(spans) > 0 && i == spans[0][0] {
			b.WriteString(html.EscapeString(text[i:spans[0][1]]))
			i, spans = spans[0][1], spans[1:]
			continue
		}
		end := len(text)
		if len(spans) > 0 {
			end = spans[0][0]
		}
		part := text[i:end]
		at := strings.IndexByte(part, '<')
		if at < 0 {
			b.WriteString(part)
			i = end
			continue
		}
		b.WriteString(part[:at])
		part = part[at:]
		if m := direct().FindStringSubmatch(part); m != nil {
			b.WriteString(html.EscapeString(m[1]))
			i += at + len(m[0])
		} else if m := element().FindStringSubmatch(part); m != nil && atom.Lookup([]byte(strings.ToLower(m[1]))) != 0 {
			b.WriteString(m[0])
			i += at + len(m[0])
		} else {
			b.WriteString("&lt;")
			i += at + 1
		}
	}
	return Plain(b.String(), true)
}
