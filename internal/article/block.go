package article

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// A block is :::name {key=value} … ::: in Markdown. It is a node of goldmark's
// tree like a block quote, not a text put in before or after, so that it may
// stand in lists and quotes and hold any Markdown, and a ::: inside code is
// code.
type block struct {
	ast.BaseBlock
	name   string
	attrs  map[string]string
	colons int
	closed bool
	wrong  *fault // nil if all is well
}

// A fault is what is wrong with a line of colons, and the line as it should be.
type fault struct{ text, hint string }

var blockKind = ast.NewNodeKind("Block")

// Kind is goldmark's way to tell nodes apart.
func (b *block) Kind() ast.NodeKind { return blockKind }

// Dump shows the node to whoever debugs.
func (b *block) Dump(source []byte, level int) { ast.DumpHelper(b, source, level, nil, nil) }

// deepest is how many blocks may stand in one another.
const deepest = 20

type blockParser struct{}

// Trigger tells goldmark where to ask.
func (blockParser) Trigger() []byte { return []byte{':'} }

// Open begins a block.
func (blockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 {
		return nil, parser.NoChildren
	}
	colons, rest := countColons(line[at:])
	if colons < 3 || depth(pc) >= deepest {
		return nil, parser.NoChildren
	}
	b := &block{colons: colons}
	reader.AdvanceToEOL()
	if rest == "" {
		b.closed = true
		b.wrong = &fault{"a line of colons that closes nothing", "remove it, or open a block above with a line such as :::factbox; to show it as text, write \\:::"}
		return b, parser.NoChildren
	}
	b.open(rest)
	return b, parser.HasChildren
}

// depth is how many blocks are open.
func depth(pc parser.Context) (n int) {
	for _, open := range pc.OpenedBlocks() {
		if open.Node.Kind() == blockKind {
			n++
		}
	}
	return n
}

// nearly is a line that would open a block with one colon more.
var nearly = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^::[\pL\pM\pN_-]+[ \t]*(\{.*\})?[ \t]*$`) })

// twoColons reports lines of text that were probably meant to open a block.
func (r *run) twoColons(p *ast.Paragraph) {
	for i := range p.Lines().Len() {
		line := p.Lines().At(i)
		if text := line.Value(r.body); bytes.HasPrefix(text, []byte("::")) && !r.inFlat {
			if text = bytes.TrimRight(text, "\n"); nearly().Match(text) {
				r.warn(line.Start, 2, ":"+string(text)+"\nor, to show it as text, write \\"+string(text), "a block begins with three colons")
			}
		}
	}
}

func countColons(line []byte) (n int, rest string) {
	for n < len(line) && line[n] == ':' {
		n++
	}
	return n, strings.TrimSpace(string(line[n:]))
}

// open reads name and attributes.
func (b *block) open(rest string) {
	signs := strings.Repeat(":", b.colons)
	name, given := cutName(rest)
	b.name = name
	switch {
	case name == "":
		example := signs + "factbox"
		if strings.HasPrefix(given, "{") {
			example += " " + given
		}
		b.wrong = &fault{"a block needs a name", "put one after the colons, such as " + example + "; to show the line as text, write \\" + signs}
	case given == "":
	case !strings.HasPrefix(given, "{"):
		b.wrong = &fault{"only attributes in braces may follow the name of a block", signs + name + "\n" + strings.TrimRight(given, ": ") + "\n" + signs}
	default:
		var fixed string
		if b.attrs, fixed = readAttributes(given); fixed != "" {
			b.wrong = &fault{"the attributes of this block cannot be read", signs + name + " " + fixed}
		}
	}
}

func cutName(s string) (name, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
	if end < 0 {
		return s, ""
	}
	return s[:end], strings.TrimSpace(s[end:])
}

// Continue goes on with a block unless the line closes it.
func (blockParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	width, at := util.IndentWidth(line, reader.LineOffset())
	if width < 4 && at < len(line) && line[at] == ':' {
		colons, rest := countColons(line[at:])
		if colons >= 3 && rest == "" && !literal(pc.LastOpenedBlock().Node) && closes(pc, colons) == node {
			node.(*block).closed = true
			reader.AdvanceToEOL()
			return parser.Close
		}
	}
	return parser.Continue | parser.HasChildren
}

// literal tells whether what stands in a node is no Markdown.
func literal(n ast.Node) bool {
	if h, ok := n.(*ast.HTMLBlock); ok {
		return h.HTMLBlockType < ast.HTMLBlockType6
	}
	return n.Kind() == ast.KindFencedCodeBlock
}

// closes is the block that a line of colons closes: the innermost with as
// many, else the innermost with fewer.
func closes(pc parser.Context, colons int) (found ast.Node) {
	open := pc.OpenedBlocks()
	for i := len(open) - 1; i >= 0; i-- {
		b, ok := open[i].Node.(*block)
		switch {
		case !ok:
		case b.colons == colons:
			return b
		case b.colons < colons && found == nil:
			found = b
		}
	}
	return found
}

// Close has nothing to do.
func (blockParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph says that no blank line is needed above.
func (blockParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine says that four spaces make code.
func (blockParser) CanAcceptIndentedLine() bool { return false }

// readAttributes reads {key=value key="quoted value"}. If it cannot, fixed is
// what was probably meant.
func readAttributes(s string) (attrs map[string]string, fixed string) {
	r := attributes{rest: strings.TrimPrefix(s, "{")}
	if end := strings.LastIndexByte(r.rest, '}'); end >= 0 && strings.TrimSpace(r.rest[end+1:]) == "" {
		r.rest = r.rest[:end]
	} else {
		r.wrong = true
	}
	for r.next() {
	}
	if r.wrong {
		fixed = r.written()
	}
	for _, a := range r.list {
		if attrs == nil {
			attrs = make(map[string]string, len(r.list))
		}
		attrs[a.key] = a.value
	}
	return attrs, fixed
}

type attribute struct{ key, value string }

// attributes reads what stands between braces.
type attributes struct {
	rest  string
	list  []attribute
	wrong bool
}

func (r *attributes) next() bool {
	r.rest = strings.TrimLeft(r.rest, " \t,")
	if r.rest == "" {
		return false
	}
	key, after := cutName(r.rest)
	if value, found := strings.CutPrefix(after, "="); found && key != "" {
		r.rest = strings.TrimLeft(value, " \t")
		r.add(key, r.value())
		return true
	}
	r.stray()
	return true
}

func (r *attributes) add(key, value string) {
	for _, a := range r.list {
		if a.key == key {
			r.wrong = true
			return
		}
	}
	r.list = append(r.list, attribute{key, value})
}

// stray is a word without a key: it belongs to the value before it, which
// lacks its quotes.
func (r *attributes) stray() {
	r.wrong = true
	word, rest := cutSpace(r.rest)
	r.rest = rest
	if n := len(r.list); n > 0 {
		r.list[n-1].value += " " + word
		return
	}
	if word = strings.Trim(word, "#.\"'"); word != "" {
		r.list = append(r.list, attribute{"key", word})
	}
}

func cutSpace(s string) (word, rest string) {
	if i := strings.IndexAny(s, " \t"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// quotePairs are the quotes a value may stand in; editors curl them.
var quotePairs = map[rune]string{'"': `"`, '\'': `'`, '“': "”", '”': "”", '„': "“", '‘': "’", '«': "»"}

func (r *attributes) value() string {
	first, size := utf8.DecodeRuneInString(r.rest)
	closing, quoted := quotePairs[first]
	if !quoted {
		var word string
		word, r.rest = cutSpace(r.rest)
		return word
	}
	value, rest, closed := strings.Cut(r.rest[size:], closing)
	if !closed {
		r.wrong = true
		r.rest = ""
		return strings.TrimSpace(value)
	}
	r.rest = rest
	return value
}

// written is the attributes as they should be.
func (r *attributes) written() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, a := range r.list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(a.key + "=" + attributeValue(a.value))
	}
	b.WriteByte('}')
	return b.String()
}

func attributeValue(s string) string {
	switch {
	case s != "" && !strings.ContainsAny(s, " \t\"'{},=“”„‘«"):
		return s
	case strings.Contains(s, `"`):
		return "'" + s + "'"
	}
	return `"` + s + `"`
}
