package article

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Inline writes the inline Markdown of a title, a deck or a caption as HTML and
// as plain text. Emphasis, code, sub and sup and the like are kept; a link
// only if it is absolute or begins with /. Nothing in it is an error: HTML
// that a body could not have is shown as it is typed.
func Inline(src string, q Quotes) (marked, plain string) {
	if marked, plain, simple := unmarkedInline(src, q); simple {
		return marked, plain
	}
	o := &Options{NoFigures: true, Quotes: q}
	r := &run{body: []byte(src), o: o, inFlat: true}
	marked, plain = r.inlined()
	if r.broken {
		return Inline(strings.ReplaceAll(src, "<", "&lt;"), q)
	}
	return marked, plain
}

// inlined renders the body as one run of text.
func (r *run) inlined() (marked, plain string) {
	doc := pressOf(r.o.Quotes, r.body).inline.Parse(text.NewReader(r.body))
	var words []string
	for p := doc.FirstChild(); p != nil; p = p.NextSibling() {
		words = append(words, strings.ReplaceAll(plainText(p, r.body), "\n", " "))
		r.walk(p)
	}
	return r.paragraphs(doc), strings.Join(words, " ")
}

// paragraphs writes what is in paragraphs, with spaces between them.
func (r *run) paragraphs(doc ast.Node) string {
	parts := make([]string, 0, 1)
	for p := doc.FirstChild(); p != nil; p = p.NextSibling() {
		var s sheet
		for c := p.FirstChild(); c != nil; c = c.NextSibling() {
			r.write(&s, c)
		}
		parts = append(parts, s.String())
	}
	return strings.Join(parts, " ")
}

// unmarkedInline is the short way for the many texts that have no Markdown in
// them, but for the apostrophe inside a word.
func unmarkedInline(src string, q Quotes) (marked, plain string, simple bool) {
	escape, apostrophes := false, false
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '*', '_', '`', '[', ']', '<', '&', '\\', '~', '\n', '\r', '\t', 0:
			return "", "", false
		case '>':
			escape = true
		case '"':
			if q != (Quotes{}) {
				return "", "", false
			}
			escape = true
		case '-', '.':
			if i > 0 && src[i-1] == c && q != (Quotes{}) {
				return "", "", false
			}
		case ' ':
			if q.Space != "" && roomy(src[max(i-2, 0):min(i+2, len(src))]) {
				return "", "", false
			}
		case '\'':
			if q == (Quotes{}) {
				continue
			}
			if i == 0 || i+1 == len(src) || !latin(src[i-1]) || !latin(src[i+1]) {
				return "", "", false
			}
			apostrophes = true
		}
	}
	plain = strings.TrimSpace(src)
	if apostrophes {
		plain = strings.ReplaceAll(plain, "'", apostrophe)
	}
	if marked = plain; escape {
		marked = markedUp.Replace(plain)
	}
	return marked, plain, true
}

// markedUp escapes as goldmark does.
var markedUp = strings.NewReplacer(">", "&gt;", `"`, "&quot;")

func latin(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }
