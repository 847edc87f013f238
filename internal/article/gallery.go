package article

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A group is a block whose pictures belong together: a gallery or a pair. It
// counts them.
type group struct {
	name          string
	number, total int
}

// isGroup tells whether a block shows its pictures together.
func isGroup(name string) bool { return name == "gallery" || name == "pair" }

// walkGroup goes through a gallery or a pair. What is no picture in it is text like
// any other.
func (r *run) walkGroup(b *block) {
	for c := b.FirstChild(); c != nil; {
		following := c.NextSibling()
		if p, ok := c.(*ast.Paragraph); ok {
			r.part(p)
		}
		c = following
	}
	in := group{name: b.name}
	for c := b.FirstChild(); c != nil; c = c.NextSibling() {
		if r.isPicture(c) {
			in.total++
		}
	}
	r.counted(b, in.total)
	depth := len(r.tags)
	for c := b.FirstChild(); c != nil; {
		following := c.NextSibling()
		if r.isPicture(c) {
			in.number++
			r.group = in
		}
		r.node(c)
		r.group, c = group{}, following
	}
	r.neverClosed(depth)
}

// isPicture tells whether a part of a block is a picture that stands alone.
func (r *run) isPicture(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Paragraph:
		img, _, _ := alone(n, r.body)
		return img != nil
	case *block:
		return n.name == "photo"
	}
	return false
}

// part makes a paragraph of each picture of a paragraph that holds nothing but
// pictures, so that no empty lines are needed between them.
func (r *run) part(p *ast.Paragraph) {
	count := 0
	for c := p.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.(type) {
		case *ast.Image, *ast.Link:
			if c.Kind() == ast.KindLink && (c.ChildCount() != 1 || c.FirstChild().Kind() != ast.KindImage) {
				return
			}
			count++
		case *ast.Text, *ast.String:
		default:
			return
		}
	}
	if count < 2 {
		return
	}
	r.brokenPictures(p)
	var own *ast.Paragraph
	for c := p.FirstChild(); c != nil; {
		following := c.NextSibling()
		p.RemoveChild(p, c)
		if c.Kind() == ast.KindImage || c.Kind() == ast.KindLink || own == nil {
			own = ast.NewParagraph()
			p.Parent().InsertBefore(p.Parent(), p, own)
		}
		if t, ok := c.(*ast.Text); ok {
			t.SetSoftLineBreak(false)
			t.SetHardLineBreak(false)
			if strings.TrimSpace(string(t.Value(r.body))) == "" {
				c = following
				continue
			}
		}
		own.AppendChild(own, c)
		c = following
	}
	p.Parent().RemoveChild(p.Parent(), p)
}

// counted says when a block holds more or fewer pictures than its name tells.
func (r *run) counted(b *block, n int) {
	signs := strings.Repeat(":", b.colons)
	hint := "put a picture on each line, such as ![what is to be seen](photo.jpg \"Caption [Credit]\")"
	switch {
	case n == 0:
		r.warn(b.Pos(), b.colons+len(b.name), hint, "this %s has no pictures", b.name)
	case b.name == "pair" && n == 1:
		r.warn(b.Pos(), b.colons+len(b.name), hint, "this pair has one picture only")
	case b.name == "pair" && n > 2:
		r.warn(b.Pos(), b.colons+len(b.name), "write "+signs+"gallery", "this pair has %d pictures", n)
	}
}
