package article

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Footnotes are the names of footnotes for those who hear a page: signs such as ↩ say nothing.
type Footnotes struct {
	List string // all of them, below the text
	Back string // the link from a note to where it belongs
}

// nameNotes gives the list of footnotes and the links back their names.
func (r *run) nameNotes(doc ast.Node) {
	if !r.notes || r.o.Footnotes == (Footnotes{}) {
		return
	}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *extast.FootnoteList:
			n.SetAttributeString("aria-label", []byte(r.o.Footnotes.List))
		case *extast.FootnoteBacklink:
			n.SetAttributeString("aria-label", []byte(r.o.Footnotes.Back))
		}
		return ast.WalkContinue, nil
	})
}

// noteNames writes what nameNotes named, as goldmark does but for the names.
type noteNames struct{}

// RegisterFuncs takes the list of footnotes and the links back over from goldmark.
func (noteNames) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	named := func(w util.BufWriter, n ast.Node) {
		if name, ok := n.AttributeString("aria-label"); ok && len(name.([]byte)) > 0 {
			_, _ = fmt.Fprintf(w, ` aria-label="%s"`, util.EscapeHTML(name.([]byte)))
		}
	}
	reg.Register(extast.KindFootnoteList, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			_, _ = w.WriteString("</ol>\n</div>\n")
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString(`<div class="footnotes" role="doc-endnotes"`)
		named(w, n)
		_, _ = w.WriteString(">\n<hr>\n<ol>\n")
		return ast.WalkContinue, nil
	})
	reg.Register(extast.KindFootnoteBacklink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if back, ok := n.(*extast.FootnoteBacklink); ok && entering {
			nth := ""
			if back.RefIndex > 0 {
				nth = strconv.Itoa(back.RefIndex)
			}
			_, _ = fmt.Fprintf(w, `&#160;<a href="#fnref%s:%d" class="footnote-backref" role="doc-backlink"`, nth, back.Index)
			named(w, n)
			_, _ = w.WriteString(`>&#x21a9;&#xfe0e;</a>`)
		}
		return ast.WalkContinue, nil
	})
}

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
	unused, _ := pc.Get(unusedKey).([]*extast.Footnote)
	for _, note := range unused {
		r.warn(note.Pos(), utf8.RuneCount(note.Ref)+3, "write [^"+string(note.Ref)+"] where it belongs, or remove it", "no text refers to the footnote %q, and it is left out", note.Ref)
	}
}

var noteLike = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\[\^([^\]\[\s]+)\]`) })

// missingNotes names what refers to a footnote that is not there, as it is
// shown as it was typed.
func (r *run) missingNotes(p *ast.Paragraph) {
	for i := range p.Lines().Len() {
		line := p.Lines().At(i)
		value := line.Value(r.body)
		for _, m := range noteLike().FindAllSubmatchIndex(value, -1) {
			at := line.Start + m[0]
			if m[0] > 0 && value[m[0]-1] == '\\' || isRead(p, at) {
				continue
			}
			label := string(value[m[2]:m[3]])
			r.warn(at, utf8.RuneCountInString(label)+3, "add a line such as\n[^"+label+"]: The note.", "there is no footnote %q", label)
		}
	}
}
