package article

import (
	"bytes"
	"html"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"stet/internal/diag"
)

// SplitCredit takes a last part in square brackets off a caption: "Smoke over
// the mill. [Photo courtesy of the fire brigade]".
func SplitCredit(caption string) (words, credit string) {
	trimmed := strings.TrimRight(caption, " \t\n")
	if !strings.HasSuffix(trimmed, "]") || strings.HasSuffix(trimmed, `\]`) {
		return caption, ""
	}
	start := openingBracket(trimmed)
	if start < 0 || start > 0 && strings.ContainsRune(`\]!`, rune(trimmed[start-1])) || strings.HasPrefix(trimmed[start:], "[^") {
		return caption, ""
	}
	credit = strings.TrimSpace(trimmed[start+1 : len(trimmed)-1])
	if credit == "" {
		return caption, ""
	}
	return strings.TrimRight(trimmed[:start], " \t\n"), credit
}

// openingBracket is where the bracket opens that a text ends with, -1 if
// nowhere.
func openingBracket(s string) int {
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case ']':
			depth++
		case '[':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// figure replaces a paragraph that is only a picture, perhaps linked, perhaps
// with {key=value} behind it.
func (r *run) figure(p *ast.Paragraph) bool {
	img, link, braces := alone(p, r.body)
	if img == nil {
		return false
	}
	at := r.destOffset(img, img.Destination, img.Reference != nil)
	f := Figure{Src: unescaped(img.Destination), Alt: plainText(img, r.body)}
	f.Line, f.Column = r.at(img.Pos())
	if braces != "" {
		var fixed string
		if f.Attrs, fixed = readAttributes(braces); fixed != "" {
			r.fail(at, 0, strings.Replace(r.sourceLine(img.Pos()), braces, fixed, 1), "the attributes of this picture cannot be read")
		}
	}
	if link != nil {
		if t, show := r.target(unescaped(link.Destination), r.destOffset(link, link.Destination, link.Reference != nil), false); show {
			f.Href = t.URL
		}
	}
	f.CaptionHTML, f.CaptionText, f.Credit = r.caption(string(img.Title), img.Pos())
	replace(p, r.shown(f, at))
	return true
}

// alone finds the one picture of a paragraph.
func alone(p ast.Node, source []byte) (img *ast.Image, link *ast.Link, braces string) {
	first := p.FirstChild()
	n := first
	if l, ok := n.(*ast.Link); ok && l.ChildCount() == 1 {
		link, n = l, l.FirstChild()
	}
	img, ok := n.(*ast.Image)
	if !ok {
		return nil, nil, ""
	}
	if after := first.NextSibling(); after != nil {
		if braces = textFrom(after, source); !strings.HasPrefix(braces, "{") || !strings.HasSuffix(braces, "}") {
			return nil, nil, ""
		}
	}
	return img, link, braces
}

// textFrom is the source of what follows in a paragraph, if it is text on one
// line.
func textFrom(n ast.Node, source []byte) string {
	first, ok := n.(*ast.Text)
	if !ok {
		return ""
	}
	end := first.Segment.Stop
	for ; n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			if n.SoftLineBreak() || n.HardLineBreak() {
				return ""
			}
			end = n.Segment.Stop
		case *ast.String:
			end++
		default:
			return ""
		}
	}
	return strings.TrimSpace(string(source[first.Segment.Start:min(max(end, first.Segment.Start), len(source))]))
}

// photo is a :::photo, whose content is its caption.
func (r *run) photo(b *block, line int) string {
	f := Figure{Src: b.attrs["src"], Alt: b.attrs["alt"], Attrs: maps.Clone(b.attrs), Line: line}
	_, f.Column = r.at(b.Pos())
	for _, known := range []string{"src", "alt", "credit", "caption"} {
		delete(f.Attrs, known)
	}
	if len(f.Attrs) == 0 {
		f.Attrs = nil
	}
	if f.Src == "" {
		r.fail(b.Pos(), b.colons+len(b.name), r.indented(b.Pos(), strings.Repeat(":", b.colons)+"photo "+missingSrc(b.attrs)), "a photo block needs src, the path of its picture")
		r.walk(b)
		return ""
	}
	r.photoCaption(b, &f)
	if credit := b.attrs["credit"]; credit != "" {
		f.Credit = r.o.Quotes.Set(credit)
	}
	at := b.Pos()
	if i := bytes.Index(r.body[at:], []byte(f.Src)); i >= 0 {
		at += i
	}
	return r.shown(f, at)
}

func missingSrc(attrs map[string]string) string {
	list := attributes{list: []attribute{{"src", "photo.jpg"}}}
	for _, key := range []string{"alt", "credit"} {
		if value, given := attrs[key]; given {
			list.add(key, value)
		}
	}
	return list.written()
}

// photoCaption takes the text of a photo block. A single paragraph is written
// without its <p>.
func (r *run) photoCaption(b *block, f *Figure) {
	p, single := b.FirstChild().(*ast.Paragraph)
	switch {
	case b.FirstChild() == nil:
		f.CaptionHTML, f.CaptionText, f.Credit = r.caption(b.attrs["caption"], b.Pos())
	case single && p.NextSibling() == nil:
		var words strings.Builder
		for i := range p.Lines().Len() {
			line := p.Lines().At(i)
			words.Write(line.Value(r.body))
		}
		f.CaptionHTML, f.CaptionText, f.Credit = r.caption(words.String(), p.Lines().At(0).Start)
	default:
		f.CaptionText = spaced(plainText(b, r.body))
		r.walk(b)
		f.CaptionHTML = r.written(b)
	}
}

// caption writes a caption's inline Markdown, with links like those of the
// body.
func (r *run) caption(source string, offset int) (marked, plain, credit string) {
	source, credit = SplitCredit(source)
	if credit != "" {
		_, credit = Inline(credit, r.o.Quotes)
	}
	if marked, plain, simple := unmarkedInline(source, r.o.Quotes); simple {
		return marked, plain, credit
	}
	place := diag.Problem{}
	place.Line, place.Column = r.at(offset)
	inner := &run{path: r.path, body: []byte(source), o: r.o, fixed: &place}
	marked, plain = inner.inlined()
	r.problems = append(r.problems, inner.problems...)
	return marked, plain, credit
}

// shown asks where a picture lies and has it written.
func (r *run) shown(f Figure, offset int) string {
	t, show := r.target(f.Src, offset, true)
	if !show {
		return ""
	}
	f.URL, f.Width, f.Height = t.URL, t.Width, t.Height
	return r.figured(f, offset)
}

// figured has a figure written.
func (r *run) figured(f Figure, offset int) string {
	f.Block, f.Number, f.Total = r.group.name, r.group.number, r.group.total
	if r.o.Figure == nil {
		return f.plain()
	}
	made, err := r.o.Figure(f)
	if err != nil {
		r.failed(offset, err)
		return ""
	}
	return ended(made)
}

// plain is a figure as it is written where there is no layout.
func (f Figure) plain() string {
	var b strings.Builder
	b.WriteString("<figure>")
	href, inside := f.Href, `<img src="`+string(address([]byte(f.URL)))+`" alt="`+html.EscapeString(f.Alt)+`"`
	if f.Width > 0 && f.Height > 0 {
		inside += ` width="` + strconv.Itoa(f.Width) + `" height="` + strconv.Itoa(f.Height) + `"`
	}
	inside += ">"
	if f.Frame != nil {
		if href = f.Frame.Href; f.URL == "" {
			inside = ""
		}
		inside += html.EscapeString(f.Frame.Title)
	}
	if href != "" {
		inside = `<a href="` + string(address([]byte(href))) + `">` + inside + "</a>"
	}
	b.WriteString(inside)
	if f.CaptionHTML != "" || f.Credit != "" {
		b.WriteString("<figcaption>" + f.CaptionHTML)
		if f.Credit != "" {
			if f.CaptionHTML != "" {
				b.WriteByte(' ')
			}
			b.WriteString(`<span class="credit">[` + html.EscapeString(f.Credit) + "]</span>")
		}
		b.WriteString("</figcaption>")
	}
	b.WriteString("</figure>\n")
	return b.String()
}

var pictureLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^!\[([^\]\n]*)\]\(\s*(<[^>\n]*>|[^"'\n]*?)(?:\s+(["'])([^\n]*)["'])?\s*\)`)
})

// spokenCaption is a path with a caption behind it that lacks its quotes.
var spokenCaption = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\S.*?\.(?i:jpe?g|png|gif|webp|avif|svg|tiff?))\s+(\S.*)$`)
})

// brokenPictures finds what was meant as a picture and is none: a caption with
// the very quotes that enclose it, or a path with spaces.
func (r *run) brokenPictures(p *ast.Paragraph) {
	for i := range p.Lines().Len() {
		line := p.Lines().At(i)
		value := line.Value(r.body)
		for from := 0; ; {
			at := bytes.Index(value[from:], []byte("!["))
			if at < 0 {
				break
			}
			at += from
			from = at + 2
			if at == 0 || value[at-1] != '\\' {
				r.brokenPicture(p, value, at, line.Start+at)
			}
		}
	}
}

func (r *run) brokenPicture(p ast.Node, line []byte, at, offset int) {
	if isRead(p, offset) {
		return
	}
	rest := line[at:]
	if following := bytes.Index(rest[2:], []byte("![")); following >= 0 {
		rest = rest[:following+2]
	}
	m := pictureLike().FindSubmatch(rest)
	if m == nil {
		return
	}
	alt, src, sign, caption := string(m[1]), strings.TrimSpace(string(m[2])), string(m[3]), string(m[4])
	text := "this picture cannot be read: its caption contains the quotes that enclose it"
	switch {
	case sign != "" && strings.Contains(strings.ReplaceAll(caption, `\`+sign, ""), sign):
	case spokenCaption().MatchString(src):
		words := spokenCaption().FindStringSubmatch(src)
		if src = words[1]; sign != "" {
			caption = " " + sign + caption + sign
		}
		caption = words[2] + caption
		text = "this picture cannot be read: its caption has no quotes"
	case strings.ContainsAny(src, " \t") && !strings.HasPrefix(src, "<"):
		text = "this picture cannot be read: its path has spaces"
	default:
		return
	}
	fixed := "![" + alt + "](" + pathInMarkdown(src) + captionInMarkdown(caption) + ")"
	r.fail(offset, utf8.RuneCount(m[0]), strings.Replace(r.sourceLine(offset), string(m[0]), fixed, 1), "%s", text)
}

// sourceLine is the line of the body that an offset is in.
func (r *run) sourceLine(offset int) string {
	start := bytes.LastIndexByte(r.body[:offset], '\n') + 1
	line, _, _ := bytes.Cut(r.body[start:], []byte("\n"))
	return string(line)
}

func pathInMarkdown(src string) string {
	if strings.ContainsAny(src, " \t") && !strings.HasPrefix(src, "<") {
		return "<" + src + ">"
	}
	return src
}

// captionInMarkdown puts a caption into signs that it does not contain.
func captionInMarkdown(s string) string {
	switch {
	case s == "":
		return ""
	case !strings.Contains(s, `"`):
		return ` "` + s + `"`
	case !strings.Contains(s, "'"):
		return " '" + s + "'"
	case !strings.ContainsAny(s, "()"):
		return " (" + s + ")"
	}
	return ` "` + strings.ReplaceAll(strings.ReplaceAll(s, `\"`, `"`), `"`, `\"`) + `"`
}

// isRead tells whether a picture or a footnote begins at an offset, or code or
// HTML holds it.
func isRead(n ast.Node, offset int) bool {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Image, *extast.FootnoteLink:
			if c.Pos() == offset {
				return true
			}
		case *ast.Text:
			s := c.Segment
			if n.Kind() == ast.KindCodeSpan && s.Start <= offset && offset < s.Stop {
				return true
			}
		case *ast.RawHTML:
			for i := range c.Segments.Len() {
				if s := c.Segments.At(i); s.Start <= offset && offset < s.Stop {
					return true
				}
			}
		}
		if isRead(c, offset) {
			return true
		}
	}
	return false
}
