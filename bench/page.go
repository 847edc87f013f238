package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// baseURL is where both contestants think that the archive is published.
const baseURL = "https://news.example"

// A webPage is what a reader, a crawler or a card of it could tell two pages apart by.
type webPage struct {
	Title     string
	Canonical string
	Main      string   // the text of <main>, white space collapsed
	Links     []string // href of each <a>, in order
	Meta      []string // name, property or the like with the content, in order
	Data      []any    // JSON-LD values
	Images    []string // src and alt, in order
	Cards     []webCard
	MainLinks []string // href and text of each <a> in <main>, in order
}

// A webCard is one story on a list.
type webCard struct {
	URL   string
	Date  string // as its <time> says
	Looks string // text, links and images
}

// parsePage reads a page's HTML.
func parsePage(r io.Reader) (webPage, error) {
	doc, err := html.Parse(r)
	if err != nil {
		return webPage{}, err
	}
	var p webPage
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			if err := p.read(n); err != nil {
				return webPage{}, err
			}
		}
	}
	return p, nil
}

// read takes in what one element says.
func (p *webPage) read(n *html.Node) error {
	switch n.DataAtom {
	case atom.Title:
		if p.Title == "" {
			p.Title = textOf(n)
		}
	case atom.Link:
		if attribute(n, "rel") == "canonical" {
			p.Canonical = attribute(n, "href")
		}
	case atom.Meta:
		p.Meta = append(p.Meta, metaOf(n))
	case atom.Script:
		if attribute(n, "type") != "application/ld+json" {
			return nil
		}
		var value any
		if err := json.Unmarshal([]byte(rawText(n)), &value); err != nil {
			return fmt.Errorf("JSON-LD: %w", err)
		}
		p.Data = append(p.Data, value)
	case atom.Main:
		p.Main += textOf(n)
		for _, a := range elements(n, atom.A) {
			p.MainLinks = append(p.MainLinks, address(attribute(a, "href"))+" "+textOf(a))
		}
	case atom.A:
		if href := attribute(n, "href"); href != "" {
			p.Links = append(p.Links, address(href))
		}
	case atom.Img:
		p.Images = append(p.Images, imageOf(n))
	case atom.Article:
		if strings.Contains(" "+attribute(n, "class")+" ", " card ") {
			p.Cards = append(p.Cards, cardOf(n))
		}
	}
	return nil
}

// cardOf reads the card of a story; its first link is the story's.
func cardOf(n *html.Node) webCard {
	var c webCard
	looks := []string{textOf(n)}
	for _, a := range elements(n, atom.A) {
		href := address(attribute(a, "href"))
		if c.URL == "" {
			c.URL = href
		}
		looks = append(looks, href)
	}
	for _, img := range elements(n, atom.Img) {
		looks = append(looks, imageOf(img))
	}
	for _, t := range elements(n, atom.Time) {
		c.Date = attribute(t, "datetime")
	}
	c.Looks = strings.Join(looks, " | ")
	return c
}

// imageOf gives an image's address and the text in its place.
func imageOf(n *html.Node) string {
	return address(attribute(n, "src")) + " " + attribute(n, "alt")
}

// metaOf gives what a meta element says, in a fixed order of its attributes.
func metaOf(n *html.Node) string {
	var parts []string
	for _, key := range []string{"charset", "http-equiv", "name", "property", "content"} {
		if value := attribute(n, key); value != "" {
			parts = append(parts, key+"="+value)
		}
	}
	return strings.Join(parts, " ")
}

// address gives a URL of the site without scheme and host.
func address(url string) string {
	if rest, ok := strings.CutPrefix(url, baseURL); ok && strings.HasPrefix(rest, "/") {
		return rest
	}
	return url
}

// elements lists a kind of elements below a node, in order.
func elements(n *html.Node, kind atom.Atom) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.DataAtom == kind {
			out = append(out, d)
		}
	}
	return out
}

// attribute gives an attribute's value, empty where there is none.
func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// rawText joins the text directly in an element.
func rawText(n *html.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// textOf gives what a reader sees of an element, white space collapsed; the
// edges of paragraphs, items and the like are white space too.
func textOf(n *html.Node) string {
	var b strings.Builder
	writeText(&b, n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// writeText adds an element's text.
func writeText(b *strings.Builder, n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		b.WriteString(n.Data)
		return
	case n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Template:
		return
	}
	inline := inlineElements[n.DataAtom]
	if !inline {
		b.WriteByte(' ')
	}
	for c := range n.ChildNodes() {
		writeText(b, c)
	}
	if !inline {
		b.WriteByte(' ')
	}
}

// inlineElements are those whose edges do not part words.
var inlineElements = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Cite: true, atom.Code: true, atom.Del: true, atom.Em: true,
	atom.I: true, atom.Ins: true, atom.Mark: true, atom.Q: true, atom.S: true, atom.Small: true, atom.Span: true,
	atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true,
}
