package build

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/images"
	"stet/internal/layout"
	"stet/internal/page"
	"stet/internal/site"
)

// A body renders the text of one article. What crosses files (links, pictures,
// the layouts of figures and blocks) it asks for, so that the body's note holds
// it.
type body struct {
	*press
	ask  *page.Ask
	path string
	set  *site.BodySettings
	some bool // pictures that stand alone were written
	wire bool // it is for other papers: without pictures that are not handed on, and without a word of what is wrong
}

// bodies are buffers for the files of texts.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

// answerBody answers "body PATH" with the HTML of a file's text. It is given to
// whoever asks and then forgotten.
func (p *press) answerBody(ask *page.Ask, args string) (page.Answer, error) {
	return p.render(ask, args, false)
}

// quotedBody is how pages show the answer. Of one that was read off a page it is noted
// that the text stands, and with it what else was made of that.
func (p *press) quotedBody() *page.Quoted {
	return &page.Quoted{
		Text:  func(answer any) string { return string(answer.(template.HTML)) },
		Value: func(text string) any { return template.HTML(text) },
		Taken: func(args string) {
			if p.abouts {
				p.sketches.keep(page.Fields(args, 1)[0], nil)
			}
		},
	}
}

// answerWireBody answers "wirebody PATH" with the text as other papers get it:
// without pictures that are not handed on. What is wrong with the text is told
// where readers see it.
func (p *press) answerWireBody(ask *page.Ask, args string) (page.Answer, error) {
	return p.render(ask, args, true)
}

func (p *press) render(ask *page.Ask, args string, wire bool) (page.Answer, error) {
	name := page.Fields(args, 1)[0]
	set, err := page.Get[*site.BodySettings](ask, "bodysettings", page.Args(name))
	if err != nil || set == nil {
		return page.Answer{}, err
	}
	if _, err := ask.Digest("source", name); err != nil || !p.tree.Has(name) {
		return page.Answer{}, err
	}
	if err := p.forgiven[name]; err != nil {
		return page.Answer{}, err
	}
	buf := bodies.Get().(*[]byte)
	defer bodies.Put(buf)
	data, err := p.again(name, *buf)
	if err != nil {
		return page.Answer{}, err
	}
	*buf = data
	b := &body{press: p, ask: ask, path: name, set: set, wire: wire}
	o := article.Options{
		FirstLine: set.Line, Quotes: set.Quotes, Footnotes: set.Footnotes, Trusted: set.Trusted, Sections: set.Sections, Dateline: set.Dateline,
		Sponsored: set.Sponsored, Site: set.Site,
		Link: b.link, Picture: b.picture, Figure: b.figure, Load: b.load, Block: b.block,
	}
	held := written{shown: true, lang: set.Lang}
	looked := p.editors != nil && !wire && p.editors.waits(name)
	if looked {
		held.gather(name, &o)
	}
	html, problems := article.Render(name, article.Body(data, set.Line), o)
	if looked {
		p.editors.note(name, func(w *written) { held.story, *w = w.story, held })
	}
	if !wire && p.abouts {
		p.sketches.put(name, html)
	}
	b.report(problems...)
	return page.Answer{Value: template.HTML(html)}, b.front()
}

// report says what is wrong with the text, once.
func (b *body) report(problems ...diag.Problem) {
	if !b.wire {
		b.ask.Report(problems...)
	}
}

// link says where a link of the text leads.
func (b *body) link(dest string, _ int) (article.Target, error) {
	name, rest := article.PathOf(dest)
	switch {
	case name == "":
		return article.Target{URL: dest}, nil
	case strings.HasSuffix(name, ".md"):
		return b.story(name, rest)
	case strings.HasPrefix(name, "/"):
		return b.rooted(name, rest)
	case b.set.Site != "" && strings.HasPrefix(name, b.set.Site):
		t, err := b.rooted("/"+strings.TrimPrefix(name[len(b.set.Site):], "/"), rest)
		if t.URL = dest; t.Status == article.Secret {
			t.URL = ""
		}
		return t, err
	}
	return b.file(path.Join(path.Dir(b.path), name), rest)
}

// picture says where a picture of the text is to be had. A link to it leads to
// its file as it is; this leads to a rendition.
func (b *body) picture(dest string, line int) (article.Target, error) {
	name, rest := article.PathOf(dest)
	if !pictureEndings[strings.ToLower(path.Ext(name))] {
		return b.link(dest, line)
	}
	if strings.HasPrefix(name, "/") {
		if t, err := page.Get[rootedLink](b.ask, "rooted", page.Args(name)); err != nil || !t.File {
			if t.Secret {
				return article.Target{Status: article.Secret}, err
			}
			return article.Target{URL: t.URL + rest}, err
		}
	}
	src := site.SourceOf(b.path, name)
	if held, err := b.withheld(src); err != nil || held == "secret" {
		return article.Target{Status: article.Secret}, err
	}
	pic, err := b.image(src, "")
	if pic == nil && err == nil {
		return b.file(src, rest)
	}
	if err != nil {
		return article.Target{}, err
	}
	if b.wire && pic.Reserved {
		return article.Target{Status: article.Unpublished}, nil
	}
	return article.Target{URL: pic.URL, Width: pic.Width, Height: pic.Height, Srcset: pic.Srcset}, nil
}

// withheld says why a file of another story's bundle is not published, as site's
// Withheld does. Of files below the text's own folder nobody needs to know.
func (b *body) withheld(src string) (string, error) {
	if !strings.HasPrefix(src, "content/") || path.Dir(src) == path.Dir(b.path) {
		return "", nil
	}
	return page.Get[string](b.ask, "withheld", page.Args(src))
}

// image asks for a picture in the site's widths.
func (b *body) image(src, focus string) (*images.Picture, error) {
	return page.Get[*images.Picture](b.ask, "image", page.Args(src, "", "", focus, b.set.Lang))
}

func (b *body) story(name, rest string) (article.Target, error) {
	t, err := page.Get[*site.Target](b.ask, "link", page.Args(b.path, name))
	switch {
	case err != nil:
		return article.Target{}, err
	case t == nil || t.URL == "" && !t.Hidden:
		hint := "write the path of a file in content/, such as ../politics/harbour.md"
		if t != nil && t.Near != "" {
			hint = t.Near
		}
		return article.Target{Status: article.Missing, Hint: hint}, nil
	case t.Secret:
		return article.Target{Status: article.Secret}, nil
	case t.Hidden:
		return article.Target{Status: article.Unpublished}, nil
	}
	return article.Target{URL: t.URL + rest}, nil
}

// rooted is a link from the site's root.
func (b *body) rooted(name, rest string) (article.Target, error) {
	t, err := page.Get[rootedLink](b.ask, "rooted", page.Args(name))
	if err != nil {
		return article.Target{}, err
	}
	switch {
	case t.File:
		return b.file("static"+name, rest)
	case t.Secret:
		return article.Target{Status: article.Secret}, nil
	}
	return article.Target{URL: t.URL + rest}, nil
}

// A rootedLink is the answer to "rooted /PATH": the path with the site's base
// path, whether static/ has such a file, and whether it leads to something under
// embargo.
type rootedLink struct {
	URL    string
	File   bool
	Secret bool
}

func (p *press) answerRooted(_ *page.Ask, args string) (page.Answer, error) {
	name := page.Fields(args, 1)[0]
	return page.Answer{Value: rootedLink{p.site.URL(name), p.tree.Has("static" + name), p.site.Tells(name)}}, nil
}

func (b *body) file(name, rest string) (article.Target, error) {
	u, err := page.Get[string](b.ask, "file", page.Args(name))
	if err != nil {
		return article.Target{}, err
	}
	if held := b.site.Withheld(name); u == "" && b.tree.Has(name) && held != "" {
		if held == "secret" {
			return article.Target{Status: article.Secret}, nil
		}
		return article.Target{Status: article.Unpublished, Hint: "it lies beside a story that was killed or has expired"}, nil
	}
	if u == "" {
		return article.Target{Status: article.Missing, Hint: b.nearFile(name)}, nil
	}
	return article.Target{URL: u + rest}, nil
}

var pictureEndings = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".avif": true, ".svg": true}

// Embed is the dot of layouts/embeds/NAME.html: a :::block of a text.
type Embed struct {
	Name  string
	Attrs map[string]string
	Body  template.HTML
}

func (b *body) block(k article.Block) (string, error) {
	name := "embeds/" + k.Name + ".html"
	if _, ok := b.layouts.Lookup(name); !ok {
		hint := "add " + "layouts/" + name
		if n := diag.Nearest(k.Name, b.layouts.Folder("embeds")); n != "" {
			hint = "did you mean " + quoted(n) + "?"
		}
		if _, err := b.ask.Digest("lookup", page.Args(name)); err != nil {
			return "", err
		}
		return "", diag.Problem{Severity: diag.Error, Text: "there is no block " + quoted(k.Name), Hint: hint}
	}
	b.unread(name, k)
	return b.execute(name, Embed{k.Name, k.Attrs, template.HTML(k.Body)}, k.Line)
}

// unread reports the attributes of a block that its layout never reads, as far
// as that can be known.
func (b *body) unread(name string, k article.Block) {
	keys, all := b.layouts.Keys(name, "Attrs")
	if !all {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(k.Attrs)) {
		if slices.Contains(keys, key) {
			continue
		}
		hint := "it knows " + strings.Join(keys, ", ")
		if near := diag.Nearest(key, keys); near != "" {
			hint = "did you mean " + quoted(near) + "?"
		} else if len(keys) == 0 {
			hint = "it knows none"
		}
		b.report(diag.Problem{Path: b.path, Line: k.Line, Text: "the block " + quoted(k.Name) + " does nothing with the attribute " + quoted(key), Hint: hint})
	}
}

func (b *body) execute(name string, dot any, line int) (string, error) {
	if b.broken {
		return "", nil
	}
	var w bytes.Buffer
	err := b.layouts.Execute(b.ask, layout.Context{Lang: b.set.Lang, Making: fmt.Sprintf("%s, line %d", b.path, line)}, name, dot, &w)
	return strings.TrimSpace(w.String()), err
}
