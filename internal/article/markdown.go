package article

import (
	"bytes"
	stdhtml "html"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown is parsed, then worked on as a tree (see render.go), then written.
// All that depends on the site happens in between, so that parsers are made once
// for each set of quotes and of signs in a text, the renderer once for all, and both are shared by all
// workers. A tree is written once: goldmark's tables gain an attribute each time.
// What is plain is parsed without goldmark's parsers (see quick.go).

// A press is goldmark's parsers, set up for one such set.
type press struct {
	body   parser.Parser // of whole documents
	inline parser.Parser // of one paragraph: titles, captions
}

// pen writes trees as HTML.
var pen = newRenderer()

// A setting is what a press is made for.
type setting struct {
	quotes Quotes
	signs  string
}

var presses sync.Map // setting -> *press

// pressOf is the press for a text: one that stops at the signs it has.
func pressOf(q Quotes, text []byte) *press {
	s := setting{quotes: q}
	if q != (Quotes{}) {
		s.signs = q.signsOf(text)
	}
	if p, ok := presses.Load(s); ok {
		return p.(*press)
	}
	p, _ := presses.LoadOrStore(s, newPress(s))
	return p.(*press)
}

func newPress(s setting) *press {
	return &press{body: newBodyParser(s), inline: newInlineParser(s)}
}

func newBodyParser(s setting) parser.Parser {
	blocks := append(parser.DefaultBlockParsers(),
		util.Prioritized(blockParser{}, 650),
		util.Prioritized(extension.NewFootnoteBlockParser(), 999))
	return parser.NewParser(
		parser.WithBlockParsers(blocks...),
		parser.WithInlineParsers(inlineParsers(s, true)...),
		parser.WithParagraphTransformers(
			util.Prioritized(references{}, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200)),
		parser.WithASTTransformers(
			util.Prioritized(extension.NewTableASTTransformer(), 0),
			util.Prioritized(unusedFootnotes{}, 998),
			util.Prioritized(extension.NewFootnoteASTTransformer(), 999)),
		parser.WithAttribute(),
	)
}

// references takes the definitions of references out of paragraphs. goldmark
// makes a reader for each paragraph to look for them.
type references struct{}

// Transform looks only at a paragraph that begins as a definition does.
func (references) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if p.Lines().Len() > 0 {
		first := p.Lines().At(0)
		if line := bytes.TrimLeft(first.Value(reader.Source()), " \t\r\n\v\f"); len(line) > 0 && line[0] != '[' {
			return
		}
	}
	parser.LinkReferenceParagraphTransformer.Transform(p, reader, pc)
}

func newInlineParser(s setting) parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(inlineParsers(s, false)...),
	)
}

func inlineParsers(s setting, body bool) []util.PrioritizedValue {
	list := append(parser.DefaultInlineParsers(), util.Prioritized(extension.NewStrikethroughParser(), 500))
	if body {
		list = append(list,
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
			util.Prioritized(extension.NewFootnoteParser(), 101))
	}
	if s.signs != "" {
		list = append(list, util.Prioritized(typographer{s.quotes.escaped(), s.signs}, 9999))
	}
	return list
}

func newRenderer() renderer.Renderer {
	table := extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute))
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(html.NewRenderer(html.WithUnsafe()), 1000),
		util.Prioritized(links{}, 900),
		util.Prioritized(table, 500),
		util.Prioritized(tables{}, 450),
		util.Prioritized(noteNames{}, 450),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500),
	))
}

// tables puts each table into a box of its own, in which one that is wider than
// the text is scrolled.
type tables struct{}

// RegisterFuncs takes the outermost element of tables over from goldmark.
func (tables) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(extast.KindTable, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<div class=\"table\">\n<table>\n")
		} else {
			_, _ = w.WriteString("</table>\n</div>\n")
		}
		return ast.WalkContinue, nil
	})
}

// links writes links and images whose destinations are final, and texts.
type links struct{}

// RegisterFuncs takes links, images and texts over from goldmark.
func (l links) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindLink, l.link)
	reg.Register(ast.KindImage, l.image)
	reg.Register(ast.KindText, l.text)
	reg.Register(blockKind, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkContinue, nil
	})
}

func (links) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Link)
	_, _ = w.WriteString(`<a href="`)
	_, _ = w.Write(address(n.Destination))
	_ = w.WriteByte('"')
	writeTitle(w, n.Title)
	_ = w.WriteByte('>')
	return ast.WalkContinue, nil
}

func (links) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Image)
	_, _ = w.WriteString(`<img src="`)
	_, _ = w.Write(address(n.Destination))
	_, _ = w.WriteString(`" alt="`)
	_, _ = w.Write(util.EscapeHTML([]byte(plainText(n, source))))
	_ = w.WriteByte('"')
	writeTitle(w, n.Title)
	if n.Attributes() != nil {
		html.RenderAttributes(w, n, nil)
	}
	_ = w.WriteByte('>')
	return ast.WalkSkipChildren, nil
}

// text writes a text as goldmark does, which looks at each byte for what it may
// stand for; in most texts nothing stands for anything.
func (links) text(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Text)
	value := n.Segment.Value(source)
	switch {
	case bare(value):
		_, _ = w.Write(value)
	case n.IsRaw():
		html.DefaultWriter.RawWrite(w, value)
	default:
		html.DefaultWriter.Write(w, value)
	}
	switch {
	case n.IsRaw():
	case n.HardLineBreak():
		_, _ = w.WriteString("<br>\n")
	case n.SoftLineBreak():
		_ = w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}

// bare tells whether HTML writes a text just as Markdown does.
func bare(text []byte) bool { return unstopped(text, &special) == len(text) }

// special are the bytes that HTML or Markdown may write in another way.
var special = [256]byte{0: 1, '\\': 1, '&': 1, '<': 1, '>': 1, '"': 1}

func writeTitle(w util.BufWriter, title []byte) {
	if title == nil {
		return
	}
	_, _ = w.WriteString(` title="`)
	html.DefaultWriter.Write(w, title)
	_ = w.WriteByte('"')
}

// address is a URL as HTML, percent-encoded where it must be.
func address(url []byte) []byte { return util.EscapeHTML(util.URLEscape(url, false)) }

// A sheet is the paper that goldmark writes on. What is written is not copied
// once more to be read.
type sheet struct{ strings.Builder }

// Available is part of goldmark's idea of a writer.
func (s *sheet) Available() int { return s.Cap() - s.Len() }

// Buffered is part of goldmark's idea of a writer.
func (s *sheet) Buffered() int { return s.Len() }

// Flush has nothing to do.
func (s *sheet) Flush() error { return nil }

// plainText is the words in a node, without any markup.
func plainText(n ast.Node, source []byte) string {
	if t, ok := n.FirstChild().(*ast.Text); ok && t.NextSibling() == nil && !t.SoftLineBreak() && !t.HardLineBreak() {
		return string(unmarked(t.Segment.Value(source), t.IsRaw() || n.Kind() == ast.KindCodeSpan))
	}
	var b bytes.Buffer
	writePlain(&b, n, source)
	return b.String()
}

func writePlain(b *bytes.Buffer, n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(unmarked(c.Segment.Value(source), c.IsRaw() || n.Kind() == ast.KindCodeSpan))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte('\n')
			}
		case *ast.String:
			b.WriteString(stdhtml.UnescapeString(string(c.Value)))
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *ast.RawHTML, *extast.FootnoteLink, *extast.FootnoteBacklink:
		default:
			writePlain(b, c, source)
			if c.Type() == ast.TypeBlock {
				b.WriteByte('\n')
			}
		}
	}
}

// unmarked is a text without backslashes and entities.
func unmarked(text []byte, raw bool) []byte {
	if raw || !bytes.ContainsAny(text, "\\&\x00") {
		return text
	}
	var s sheet
	html.DefaultWriter.Write(&s, text)
	return []byte(stdhtml.UnescapeString(s.String()))
}
