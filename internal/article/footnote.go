package article

import (
	"bytes"
	"regexp"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var unusedKey = parser.NewContextKey()

// unusedFootnotes remembers the footnotes that no text refers to, before
// goldmark removes them from the tree without a word.
type unusedFootnotes struct{}

// Transform looks at the list of footnotes, if there is one.
func (unusedFootnotes) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	if !bytes.Contains(reader.Source(), []byte("[^")) {
		return
	}
	var unused []*extast.Footnote
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		if note, ok := n.(*extast.Footnote); ok && entering && note.Index < 0 {
			unused = append(unused, note)
		}
		return ast.WalkContinue, nil
	})
	pc.Set(unusedKey, unused)
}

// unusedNotes names the footnotes that no text refers to, as they are not in
// the page.
func (r *run) unusedNotes(pc parser.Context) {
	r.notes = bytes.Contains(r.body, []byte("[^"))
	unused, _ := pc.Get(unusedKey).([]*extast.Footnote)
	for _, note := range unused {
		r.warn(note.Pos(), utf8.RuneCount(note.Ref)+3, "write [^"+string(note.Ref)+"] where it belongs, or remove it", "no text refers to the footnote %q, and it is left out", note.Ref)
	}
}

var noteLike = regexp.MustCompile(`\[\^([^\]\[\s]+)\]`)

// missingNotes names what refers to a footnote that is not there, as it is
// shown as it was typed.
func (r *run) missingNotes(p *ast.Paragraph) {
	for i := range p.Lines().Len() {
		line := p.Lines().At(i)
		value := line.Value(r.body)
		for _, m := range noteLike.FindAllSubmatchIndex(value, -1) {
			at := line.Start + m[0]
			if m[0] > 0 && value[m[0]-1] == '\\' || isRead(p, at) {
				continue
			}
			label := string(value[m[2]:m[3]])
			r.warn(at, utf8.RuneCountInString(label)+3, "add a line such as\n[^"+label+"]: The note.", "there is no footnote %q", label)
		}
	}
}
