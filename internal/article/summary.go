package article

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// A summary is cut from the tree, never from Markdown or HTML, so that no tag
// and no letter is ever cut in two.

const (
	enough  = 120 // characters that need no second paragraph
	wanted  = 200 // where a text without sentences is cut
	longest = 240 // of a summary that ends with a sentence
)

// summarize fills in what the front matter does not say.
func (a *Article) summarize(body []byte) {
	switch {
	case a.Summary != "":
	case a.Deck != "":
		_, a.Summary = Inline(a.Deck, Quotes{})
	case a.Kind == Story || a.Kind == Page || a.Kind == Author:
		a.Summary = shorten(opening(start(body)))
	}
}

// start is enough of a body to find its first sentences in, with the lines that
// say where its links lead and what its notes are.
func start(body []byte) []byte {
	const most = 1200
	if len(body) <= 2*most || !hasProse(body[:most]) {
		return body
	}
	end := bytes.Index(body[most:], []byte("\n\n"))
	if end < 0 {
		return body
	}
	first, rest := body[:most+end+2], body[most+end+2:]
	if !bytes.Contains(rest, []byte("]:")) {
		return first
	}
	first = bytes.Clone(first)
	for line := range bytes.Lines(rest) {
		if line[0] == '[' && bytes.Contains(line, []byte("]:")) {
			first = append(first, line...)
		}
	}
	return first
}

// hasProse tells whether some line of a text looks like one of a paragraph.
func hasProse(body []byte) bool {
	fenced := false
	for line := range bytes.Lines(body) {
		fenced = fenced != (bytes.HasPrefix(line, []byte(":::")) || bytes.HasPrefix(line, []byte("```")))
		if !fenced && len(line) > enough/2 && !bytes.ContainsAny(line[:1], "!#>-*|:<`~ \t0123456789") {
			return true
		}
	}
	return false
}

// opening is the words of a body's first paragraphs.
func opening(body []byte) string {
	if tooDeep(body) >= 0 {
		return ""
	}
	if words, plain := plainOpening(body); plain {
		return words
	}
	return parsedOpening(body)
}

// parsedOpening asks Markdown's parser what is a paragraph.
func parsedOpening(body []byte) string {
	doc := pressOf(Quotes{}, nil).body.Parse(text.NewReader(body))
	var b strings.Builder
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindParagraph {
			continue
		}
		if img, _, _ := alone(n, body); img != nil { // with what its braces say
			continue
		}
		if written := strings.TrimRight(b.String(), " "); written != "" && !endsWide(written) {
			b.WriteByte(' ')
		}
		prose(&b, n, body)
		if width(strings.TrimSpace(b.String())) >= enough {
			break
		}
	}
	return strings.TrimSpace(b.String())
}

// plainOpening is what opening returns where the first paragraphs have no signs
// of Markdown.
func plainOpening(body []byte) (words string, plain bool) {
	var b strings.Builder
	for body = bytes.TrimLeft(body, "\n"); len(body) > 0; body = bytes.TrimLeft(body, "\n") {
		chunk := body
		if end := bytes.Index(body, []byte("\n\n")); end >= 0 {
			chunk = body[:end]
		}
		body = body[len(chunk):]
		for line := range bytes.SplitSeq(bytes.TrimSuffix(chunk, []byte("\n")), []byte("\n")) {
			if !plainWords(line) {
				return "", false
			}
			if b.Len() > 0 && !endsWide(b.String()) {
				b.WriteByte(' ')
			}
			b.Write(line)
		}
		if width(b.String()) >= enough {
			break
		}
	}
	return b.String(), true
}

// plainWords tells whether a line begins like a text and has nothing in it that
// Markdown reads in another way.
func plainWords(line []byte) bool {
	if len(line) == 0 || len(bytes.TrimSpace(line)) < len(line) {
		return false
	}
	if c := line[0]; c < utf8.RuneSelf && (c|0x20 < 'a' || c|0x20 > 'z') && c != '"' && c != '\'' && c != '(' {
		return false
	}
	for _, c := range line {
		if meaning[c] {
			return false
		}
	}
	return true
}

// meaning are the bytes that may be signs of Markdown inside of a line.
var meaning = func() (t [256]bool) {
	for c := range ' ' {
		t[c] = true
	}
	for _, c := range []byte("\\`*_[]<>&~\x7f") {
		t[c] = true
	}
	return t
}()

// prose writes what a reader would read aloud.
func prose(b *strings.Builder, n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			value := unmarked(c.Segment.Value(source), c.IsRaw() || n.Kind() == ast.KindCodeSpan)
			b.Write(value)
			if (c.SoftLineBreak() || c.HardLineBreak()) && !endsWide(string(value)) {
				b.WriteByte(' ')
			}
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *ast.Image, *ast.RawHTML, *extast.FootnoteLink, *extast.FootnoteBacklink, *extast.TaskCheckBox:
		default:
			prose(b, c, source)
		}
	}
}

// endsWide tells whether no space belongs behind a text.
func endsWide(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return columns(r) == 2 && !unicode.Is(unicode.Hangul, r)
}

// columns is how much a character says: those of China, Japan and Korea are
// twice as wide as others, and hold about as much more.
func columns(r rune) int {
	if r >= 0x1100 && (r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60 || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)) {
		return 2
	}
	return 1
}

func width(s string) (n int) {
	for _, r := range s {
		n += columns(r)
	}
	return n
}

// shorten cuts a text after a sentence, else between words, else between two
// characters that a reader sees.
func shorten(s string) string {
	if strings.Contains(s, "  ") {
		s = strings.Join(strings.Fields(s), " ")
	}
	if width(s) <= longest {
		return s
	}
	if end := sentences(s); end > 0 {
		return s[:end]
	}
	return strings.TrimRightFunc(s[:word(s)], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-、，", r)
	}) + "…"
}

// sentences is where the last whole sentence ends that still fits, 0 if the
// first is too long, or too short to stand alone.
func sentences(s string) int {
	end, count, before := 0, 0, ' '
	for i, r := range s {
		if count += columns(r); count > longest {
			break
		}
		if count > enough/2 && strings.ContainsRune(".!?…。！？؟।።։။", r) {
			if after := closed(s, i+utf8.RuneLen(r)); ends(s, i, after, r, before) {
				end = after
			}
		}
		before = r
	}
	return end
}

// closed skips the quotes and brackets that close behind a full stop.
func closed(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune("\"'”’»)]」』）.!?…", r) {
			break
		}
		i += size
	}
	return i
}

// ends tells whether a sign ends a sentence; after a point it may be an
// initial, a short form or a number.
func ends(s string, at, after int, sign, before rune) bool {
	if sign >= 0x2100 {
		return true
	}
	if after < len(s) && s[after] != ' ' {
		return false
	}
	following, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[after:], " \"'“‘«("))
	if unicode.IsLower(following) {
		return false
	}
	if sign != '.' {
		return true
	}
	word := s[:at]
	word = word[strings.LastIndexAny(word, " (\"“")+1:]
	short := utf8.RuneCountInString(word) < 2 || strings.Contains(word, ".")
	return !short && !abbreviations[word] && !unicode.IsSpace(before)
}

var abbreviations = set("Mr Mrs Ms Dr St Prof Sen Rep Gov Gen Col Lt Sgt Capt Rev Hon Jr Sr vs No Nr Inc Ltd Co Corp Jan Feb Mar Apr Aug Sept Sep Oct Nov Dec Mme Mlle Hr Fr Sra Dra")

// word is where a text of the wanted length can be cut.
func word(s string) int {
	count, space, grapheme := 0, 0, 0
	var before rune
	for i, r := range s {
		if count += columns(r); count > wanted {
			break
		}
		if unicode.IsSpace(r) {
			space = i
		}
		if i > 0 && !joins(before, r) {
			grapheme = i
		}
		before = r
	}
	if space > grapheme/2 {
		return space
	}
	return grapheme
}

// joins tells whether two code points are shown as one character, or may be.
func joins(before, r rune) bool {
	const joiner = 0x200d
	return unicode.IsMark(r) || unicode.Is(unicode.Cf, r) || before == joiner ||
		unicode.Is(unicode.Regional_Indicator, r) || r >= 0x1f3fb && r <= 0x1f3ff ||
		r >= 0x1160 && r <= 0x11ff // Hangul vowels and finals
}
