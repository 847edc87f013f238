package article

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"stet/internal/diag"
)

// Options are what a body needs besides itself. The zero value renders plain
// Markdown by the house rules, with links as they are written.
type Options struct {
	FirstLine int       // line of the file on which the body begins; 0 is 1
	Quotes    Quotes    // of the article's language; the zero value leaves what is typed
	Trusted   bool      // raw HTML passes as it is
	Sections  []string  // what trusted in site.yaml would have to name for that
	Footnotes Footnotes // of the article's language, for those who hear the page
	Dateline  string    // set before the first paragraph as it is, its dash included; "" for none
	Sponsored bool      // links that lead out say that they are paid for
	Site      string    // the site's own address: links to it are asked for, and those of a sponsored text do not lead out

	// Link says where a link or the source of a picture leads. dest is as
	// written, without Markdown's escapes. It is not asked about fragments of
	// the same page and about absolute URLs. An error it returns is reported at
	// the line; a diag.Problem keeps its own text and hint.
	Link func(dest string, line int) (Target, error)
	// Picture says the same of the source of a picture. Without it Link does.
	Picture func(dest string, line int) (Target, error)
	// Figure writes a picture that stands alone. Without it a plain figure is
	// written.
	Figure func(Figure) (string, error)
	// Load says whether a page may load an address, if that is one of another site:
	// a "frame", a "script", an "image", "media", or what a "form" sends to. An error
	// it returns is reported as one of Link is.
	Load func(kind, address string) error
	// Block writes a :::block. Without it a div with its name as class is
	// written.
	Block func(Block) (string, error)
	// Prose, if not nil, is told each paragraph of the text.
	Prose func(Prose)

	NoIDs     bool // headings get no ids of their own
	NoFigures bool // pictures stay as Markdown has them
	NoRule    bool // raw HTML, any scheme of URL and empty heads of columns pass: for tests of conformance
}

// A Target is where a link leads. URL is as it goes into HTML, but not yet
// escaped.
type Target struct {
	URL           string
	Status        Status
	Hint          string // what to do about a missing target, such as did you mean "x"?
	Width, Height int    // of a picture, if known
	Srcset        string // of a picture in several sizes, escaped
}

// A Status says what became of a link's target.
type Status uint8

// The fates of targets.
const (
	Found       Status = iota
	Missing            // an error
	Unpublished        // a warning; the link becomes plain text
	Secret             // the same, but the warning does not name it
)

// A Figure is a picture that stands alone in a body, with its caption.
type Figure struct {
	Src           string // as written
	URL           string // what Link says of it
	Width, Height int    // what Link says of it
	Href          string // where the picture itself leads, if anywhere
	Alt           string // plain
	CaptionHTML   string
	CaptionText   string
	Credit        string            // plain, with typographic quotes
	Attrs         map[string]string // what else its braces say
	Frame         *Frame            // what another site shows in its place; then Src may be ""
	Block         string            // the block whose pictures are shown together: "gallery", "pair" or ""
	Number, Total int               // its place among them, from 1
	Line, Column  int
}

// A Block is a :::block of a body, its content rendered.
type Block struct {
	Name  string
	Attrs map[string]string
	Body  string // HTML
	Line  int
}

// Render turns the body of an article into HTML. The HTML is safe to show even
// where problems are errors: what is not allowed is left out of it.
func Render(path string, body []byte, o Options) (string, []diag.Problem) {
	r := &run{path: path, body: body, o: &o, line: 1}
	defer r.done()
	if at := tooDeep(body); at >= 0 {
		r.fail(at, 0, "write it flatter", "quotes and lists stand too deep in one another")
		return "", r.problems
	}
	made := r.rendered(r.tree())
	return made, r.problems
}

// rendered is the body's tree as HTML.
func (r *run) rendered(doc ast.Node) string {
	if r.o.Prose != nil {
		r.prose(doc)
	}
	r.anchors(doc)
	r.walk(doc)
	r.dateline(doc)
	r.nameNotes(doc)
	made := r.written(doc)
	if r.o.Sponsored {
		made = Anchored(made, func(href, rel string) (string, string) { return href, Sponsored(href, rel, r.o.Site) })
	}
	return made
}

// tree is the body as goldmark reads it, whether it does or not.
func (r *run) tree() ast.Node {
	if r.notes = bytes.Contains(r.body, []byte("[^")); !r.notes {
		r.shelf = shelves.Get().(*shelf)
		if doc := quickMarkdown(r.body, r.o.Quotes.escaped(), r.shelf); doc != nil {
			r.bare = !r.shelf.special
			return doc
		}
	}
	return r.anyMarkdown()
}

// anyMarkdown has goldmark read the body.
func (r *run) anyMarkdown() ast.Node {
	pc := parser.NewContext()
	doc := pressOf(r.o.Quotes, r.body).body.Parse(text.NewReader(r.body), parser.WithContext(pc))
	r.unusedNotes(pc)
	return doc
}

// done gives the nodes of the tree back.
func (r *run) done() {
	if r.shelf != nil {
		r.shelf.clear()
		shelves.Put(r.shelf)
		r.shelf = nil
	}
}

// tooDeep is where a line opens so many quotes and lists that nobody can have
// meant it, -1 if none does. goldmark goes down as deep as it is told to.
func tooDeep(body []byte) int {
	for at := 0; at < len(body); {
		end := bytes.IndexByte(body[at:], '\n')
		if end < 0 {
			end = len(body) - at
		}
		if end > 200 && strings.IndexByte(deepens, body[at]) >= 0 && len(bytes.TrimLeft(body[at:at+200], deepens)) == 0 && bytes.ContainsAny(body[at:at+200], ">-+*.)") && !ruled(body[at:at+end]) {
			return at
		}
		at += end + 1
	}
	return -1
}

// deepens are the signs that open quotes and lists, and what may stand between them.
const deepens = "> \t-+*0123456789.)[^]:"

// ruled tells whether a line is made of one sign and spaces, a mere rule.
func ruled(line []byte) bool {
	line = bytes.TrimSpace(line)
	sign := string(line[:1])
	if len(bytes.Trim(line, sign+" \t")) > 0 || sign == ">" {
		return false
	}
	return sign == "-" || sign == "*" || !bytes.ContainsAny(line, " \t")
}

// A run is the rendering of one body.
type run struct {
	path     string
	body     []byte
	o        *Options
	problems []diag.Problem
	tags     []tag  // of raw HTML, open
	shelf    *shelf // on which the tree's nodes lie, unless goldmark made them
	bare     bool   // all texts stand in HTML as they are

	fixed      *diag.Problem // place of all problems, in captions
	line, upTo int           // line is where offset upTo is
	notes      bool          // there may be footnotes
	group      group         // whose picture is being written
	inFlat     bool          // in a title: nothing is asked, nothing reported
	broken     bool          // a title whose HTML cannot stand
}

// at is the line and column of an offset of the body.
func (r *run) at(offset int) (line, column int) {
	if r.fixed != nil {
		return r.fixed.Line, r.fixed.Column
	}
	offset = min(max(offset, 0), len(r.body))
	start := bytes.LastIndexByte(r.body[:offset], '\n') + 1
	return r.lineAt(offset), utf8.RuneCount(r.body[start:offset]) + 1
}

// lineAt is the line alone.
func (r *run) lineAt(offset int) int {
	if r.fixed != nil {
		return r.fixed.Line
	}
	offset = min(max(offset, 0), len(r.body))
	if offset < r.upTo {
		r.line, r.upTo = 1, 0
	}
	r.line += bytes.Count(r.body[r.upTo:offset], []byte("\n"))
	r.upTo = offset
	return r.line + max(r.o.FirstLine, 1) - 1
}

func (r *run) fail(offset, length int, hint, format string, args ...any) {
	r.note(diag.Error, offset, length, hint, format, args...)
}

func (r *run) warn(offset, length int, hint, format string, args ...any) {
	r.note(diag.Warning, offset, length, hint, format, args...)
}

func (r *run) note(severity diag.Severity, offset, length int, hint, format string, args ...any) {
	p := diag.Problem{Severity: severity, Path: r.path, Length: length, Text: fmt.Sprintf(format, args...), Hint: hint}
	p.Line, p.Column = r.at(offset)
	if r.fixed != nil {
		p.Length = 0
	}
	r.problems = append(r.problems, p)
}

// failed reports what one of the functions of Options says.
func (r *run) failed(offset int, err error) {
	line, column := r.at(offset)
	p := diag.Problem{Severity: diag.Error, Text: err.Error()}
	var known diag.Problem
	if errors.As(err, &known) {
		p = known
	}
	if p.Path == "" {
		p.Path, p.Line, p.Column = r.path, line, column
	}
	r.problems = append(r.problems, p)
}

// written is a node's content as HTML.
func (r *run) written(n ast.Node) string {
	var s sheet
	if n.Kind() == ast.KindDocument {
		s.Grow(len(r.body) + len(r.body)/4)
	}
	r.write(&s, n)
	return s.String()
}

// walk works on all that is in a node.
func (r *run) walk(n ast.Node) {
	depth := len(r.tags)
	for c := n.FirstChild(); c != nil; {
		following := c.NextSibling()
		r.node(c)
		c = following
	}
	r.neverClosed(depth)
}

func (r *run) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text, *ast.String, *ast.CodeBlock, *ast.FencedCodeBlock, *ast.CodeSpan:
	case *ast.Paragraph:
		r.paragraph(n)
	case *ast.Heading:
		r.headingAttributes(n)
		r.walk(n)
	case *ast.Link:
		r.link(n)
	case *ast.Image:
		r.image(n)
	case *ast.AutoLink:
		r.autoLink(n)
	case *ast.HTMLBlock:
		r.htmlBlock(n)
	case *ast.RawHTML:
		r.rawHTML(n)
	case *block:
		r.block(n)
	case *extast.TableHeader:
		r.head(n)
	case *extast.TableRow:
		r.row(n)
	default:
		r.walk(n)
	}
}

func (r *run) paragraph(p *ast.Paragraph) {
	if !r.o.NoFigures {
		r.brokenPictures(p)
		if r.figure(p) {
			return
		}
	}
	if r.notes {
		r.missingNotes(p)
	}
	r.twoColons(p)
	r.walk(p)
}

// replace puts finished HTML in a node's place.
func replace(n ast.Node, html string) {
	s := ast.NewString([]byte(html))
	s.SetCode(true)
	n.Parent().ReplaceChild(n.Parent(), n, s)
}

// unwrap puts what is in a node in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; {
		following := c.NextSibling()
		n.RemoveChild(n, c)
		parent.InsertBefore(parent, n, c)
		c = following
	}
	parent.RemoveChild(parent, n)
}

// block hands a block over to its layout.
func (r *run) block(b *block) {
	line := r.lineAt(b.Pos())
	signs := strings.Repeat(":", b.colons)
	switch {
	case b.wrong != nil:
		r.fail(b.Pos(), b.colons+len(b.name), r.indented(b.Pos(), b.wrong.hint), "%s", b.wrong.text)
		r.walk(b)
		unwrap(b)
		return
	case !b.closed:
		r.fail(b.Pos(), b.colons+len(b.name), "put a line of "+signs+" below its last line", "the block %s%s is never closed", signs, b.name)
	}
	if b.name == "photo" && !r.o.NoFigures {
		replace(b, r.photo(b, line))
		return
	}
	if b.name == "embed" && !r.o.NoFigures {
		replace(b, r.embed(b, line))
		return
	}
	if isGroup(b.name) && !r.o.NoFigures {
		r.walkGroup(b)
	} else {
		r.walk(b)
	}
	replace(b, r.called(b, Block{Name: b.name, Attrs: b.attrs, Body: r.written(b), Line: line}))
}

// indented is a hint of whole lines with what stands before an offset on its
// line, such as the sign of a quotation.
func (r *run) indented(offset int, hint string) string {
	if !strings.HasPrefix(hint, ":") {
		return hint
	}
	before := string(r.body[bytes.LastIndexByte(r.body[:offset], '\n')+1 : offset])
	below := strings.Map(func(c rune) rune {
		if c == '>' {
			return c
		}
		return ' '
	}, before)
	return before + strings.ReplaceAll(hint, "\n", "\n"+below)
}

func (r *run) called(n ast.Node, b Block) string {
	if r.o.Block == nil {
		return `<div class="` + html.EscapeString(b.Name) + "\">\n" + b.Body + "</div>\n"
	}
	made, err := r.o.Block(b)
	if err != nil {
		r.failed(n.Pos(), err)
		return ""
	}
	return ended(made)
}

// ended is HTML with a line end.
func ended(html string) string {
	if html == "" || strings.HasSuffix(html, "\n") {
		return html
	}
	return html + "\n"
}

// dateline sets the place before the first paragraph, and nowhere else.
func (r *run) dateline(doc ast.Node) {
	if r.o.Dateline == "" {
		return
	}
	for c := doc.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Kind() != ast.KindParagraph {
			continue
		}
		s := ast.NewString([]byte(`<span class="dateline">` + html.EscapeString(r.o.Dateline) + `</span> `))
		s.SetCode(true)
		if first := c.FirstChild(); first != nil {
			c.InsertBefore(c, first, s)
		}
		return
	}
}
