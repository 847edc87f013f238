package article

import (
	"bytes"
	"strconv"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"stet/internal/slug"
)

// anchors gives every heading an id: its own, from {#id}, or one made of its
// words. goldmark's ids know ASCII alone.
func (r *run) anchors(doc ast.Node) {
	if r.o.NoIDs {
		return
	}
	headings := headingsIn(doc, nil)
	if len(headings) == 0 {
		return
	}
	taken := make(map[string]int, len(headings))
	for _, h := range headings {
		if id, given := h.AttributeString("id"); given {
			if id, ok := id.([]byte); ok {
				taken[string(id)] = 1
			}
		}
	}
	for _, h := range headings {
		if _, given := h.AttributeString("id"); !given {
			h.SetAttributeString("id", util.StringToReadOnlyBytes(unused(slug.Anchor(plainText(h, r.body)), taken)))
		}
	}
}

func headingsIn(n ast.Node, found []*ast.Heading) []*ast.Heading {
	for c := n.FirstChild(); c != nil && c.Type() != ast.TypeInline; c = c.NextSibling() {
		if h, ok := c.(*ast.Heading); ok {
			found = append(found, h)
		} else if c.Kind() != ast.KindParagraph {
			found = headingsIn(c, found)
		}
	}
	return found
}

// unused is an id that is not taken yet, with -1, -2 if need be.
func unused(id string, taken map[string]int) string {
	if id == "" {
		id = "section"
	}
	free := id
	for n := max(taken[id], 1); taken[free] > 0; n++ {
		free = id + "-" + strconv.Itoa(n)
		taken[id] = n + 1
	}
	taken[free] = 1
	return free
}

// onlyID is the id of a heading that has nothing else.
func onlyID(h *ast.Heading) (id []byte, only bool) {
	given := h.Attributes()
	if len(given) != 1 || string(given[0].Name) != "id" {
		return nil, false
	}
	id, only = given[0].Value.([]byte)
	return id, only
}

// headingAttributes keeps of {#id .class key=value} what is safe.
func (r *run) headingAttributes(h *ast.Heading) {
	if h.Attributes() == nil || r.o.NoRule {
		return
	}
	given := h.Attributes()
	if id, only := onlyID(h); only && len(id) > 0 {
		return // as nearly all headings
	}
	h.RemoveAttributes()
	for _, a := range given {
		value, isText := a.Value.([]byte)
		name := string(bytes.ToLower(a.Name))
		switch {
		case !isText || len(value) == 0, !everywhere[name]:
			r.fail(h.Pos(), 0, "use {#id}, {.class}, lang or dir, or remove it", "a heading cannot have the attribute %q", a.Name)
		default:
			h.SetAttributeString(name, value)
		}
	}
}
