package article

import (
	"bytes"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// schemes are the kinds of absolute URL that may be linked to.
var schemes = map[string]bool{"http": true, "https": true, "mailto": true, "tel": true}

// scheme is the part of a URL before its first colon, as browsers see it: they
// drop control characters first.
func scheme(url string) string {
	if strings.ContainsAny(url, "\t\n\r") {
		url = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(url)
	}
	url = strings.TrimLeftFunc(url, func(r rune) bool { return r <= ' ' })
	for i := 0; i < len(url); i++ {
		c := url[i] | 0x20
		switch {
		case url[i] == ':' && i > 0:
			return strings.ToLower(url[:i])
		case c >= 'a' && c <= 'z', i > 0 && (digit(url[i]) || url[i] == '+' || url[i] == '-' || url[i] == '.'):
		default:
			return ""
		}
	}
	return ""
}

// unescaped is a destination without Markdown's escapes, as URLEscape does it.
func unescaped(dest []byte) string {
	if bytes.ContainsAny(dest, "\\&") {
		dest = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(dest)))
	}
	return string(dest)
}

// target says where a destination leads; show is false if it leads nowhere and
// only what it says may be shown.
func (r *run) target(dest string, offset int, picture bool) (t Target, show bool) {
	t.URL = dest
	if r.o.NoRule && r.o.Link == nil || strings.HasPrefix(dest, "#") {
		return t, true
	}
	if s := scheme(dest); s != "" && !r.o.NoRule {
		if own := r.o.Site != "" && strings.HasPrefix(dest, r.o.Site); own && !picture && r.o.Link != nil {
			return r.ask(dest, offset, false)
		}
		if schemes[s] && (!picture || strings.HasPrefix(s, "http")) {
			return t, !picture || r.loads("image", dest, offset)
		}
		hint := "use https://, http://, mailto: or tel:"
		if strings.Contains(dest, ".") && !strings.ContainsAny(dest, "(),/\t") {
			hint += "; a file is written ./" + dest
		}
		r.fail(offset, utf8.RuneCountInString(dest), hint, "links of the kind %q are not allowed", s+":")
		return t, false
	}
	if r.o.Link == nil || strings.HasPrefix(dest, "//") {
		return t, !picture || r.loads("image", dest, offset)
	}
	return r.ask(dest, offset, picture)
}

func (r *run) ask(dest string, offset int, picture bool) (Target, bool) {
	what := "link"
	if picture {
		what = "picture"
	}
	if dest == "" {
		r.fail(offset, 0, "write one between the brackets", "a %s without an address", what)
		return Target{}, false
	}
	line := r.lineAt(offset)
	leads := r.o.Link
	if picture && r.o.Picture != nil {
		leads = r.o.Picture
	}
	t, err := leads(dest, line)
	length := utf8.RuneCountInString(dest)
	switch {
	case err != nil:
		r.failed(offset, err)
		return t, false
	case t.Status == Missing:
		hint := t.Hint
		if hint == "" {
			hint = "check the path: it is looked for beside this file, or from the site's root if it begins with /"
		}
		r.fail(offset, length, hint, "the %s leads nowhere: %s", what, dest)
		return t, false
	case t.Status == Unpublished:
		hint := t.Hint
		if hint == "" {
			hint = "it becomes a link when that is published"
		}
		r.warn(offset, length, hint, "the %s leads to something that is not published: %s", what, dest)
		return t, false
	case t.Status == Secret:
		r.warn(offset, 0, "it becomes a "+what+" when that is published", "the %s on line %d leads to something under embargo", what, line)
		quiet := &r.problems[len(r.problems)-1]
		quiet.Line, quiet.Column = 0, 0 // the line would be shown, which names it
		return t, false
	}
	if s := scheme(t.URL); s != "" && !schemes[s] {
		r.fail(offset, length, "use https://, http://, mailto: or tel:", "links of the kind %q are not allowed", s+":")
		return t, false
	}
	return t, true
}

// destOffset is where a destination is written, as far as can be found out: a
// reference's stands elsewhere.
func (r *run) destOffset(n ast.Node, dest []byte, reference bool) int {
	at := n.Pos()
	if at < 0 || at > len(r.body) || reference || len(dest) == 0 {
		return max(at, 0)
	}
	end := len(r.body)
	if i := bytes.Index(r.body[at:], []byte("\n\n")); i >= 0 {
		end = at + i
	}
	from := at
	if last := lastText(n); last > at && last < end {
		from = last
	}
	if i := bytes.Index(r.body[from:end], []byte("](")); i >= 0 {
		from += i
	}
	if i := bytes.Index(r.body[from:end], dest); i >= 0 {
		return from + i
	}
	return at
}

// lastText is the end of the last text in a node.
func lastText(n ast.Node) int {
	for c := n.LastChild(); c != nil; c = c.PreviousSibling() {
		if t, ok := c.(*ast.Text); ok {
			return t.Segment.Stop
		}
		if end := lastText(c); end > 0 {
			return end
		}
	}
	return 0
}

func (r *run) link(n *ast.Link) {
	if r.inFlat {
		r.flatLink(n)
		return
	}
	t, show := r.target(unescaped(n.Destination), r.destOffset(n, n.Destination, n.Reference != nil), false)
	r.walk(n)
	n.Destination = []byte(t.URL)
	if !show {
		unwrap(n)
	}
}

// flatLink keeps a link of a title only if it needs nobody's answer.
func (r *run) flatLink(n *ast.Link) {
	dest := unescaped(n.Destination)
	r.walk(n)
	n.Destination = []byte(dest)
	if s := scheme(dest); !schemes[s] && (s != "" || !strings.HasPrefix(dest, "/")) {
		unwrap(n)
	}
}

func (r *run) image(n *ast.Image) {
	if r.inFlat {
		replace(n, html.EscapeString(plainText(n, r.body)))
		return
	}
	t, show := r.target(unescaped(n.Destination), r.destOffset(n, n.Destination, n.Reference != nil), true)
	n.Destination = []byte(t.URL)
	switch {
	case !show:
		replace(n, html.EscapeString(plainText(n, r.body)))
	case !r.o.NoFigures:
		n.SetAttributeString("loading", []byte("lazy"))
		if t.Width > 0 && t.Height > 0 {
			n.SetAttributeString("width", []byte(strconv.Itoa(t.Width)))
			n.SetAttributeString("height", []byte(strconv.Itoa(t.Height)))
		}
		if t.Srcset != "" {
			n.SetAttributeString("srcset", []byte(t.Srcset))
			n.SetAttributeString("sizes", []byte("auto, 100vw"))
		}
	}
}

func (r *run) autoLink(n *ast.AutoLink) {
	if r.o.NoRule || n.AutoLinkType == ast.AutoLinkEmail {
		return
	}
	label := string(n.Label(r.body))
	if _, show := r.target(label, n.Pos()+1, false); !show || r.inFlat && !schemes[scheme(label)] {
		replace(n, html.EscapeString(label))
	}
}

// PathOf is the path that a link names, and what follows it.
func PathOf(dest string) (name, rest string) {
	name, rest = cutSuffix(dest)
	if unescaped, err := url.PathUnescape(name); err == nil {
		name = unescaped
	}
	return name, rest
}

// cutSuffix parts a link from its query and fragment.
func cutSuffix(dest string) (name, rest string) {
	if i := strings.IndexAny(dest, "?#"); i >= 0 {
		return dest[:i], dest[i:]
	}
	return dest, ""
}
