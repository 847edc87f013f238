package article

import (
	"bytes"
	"cmp"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"stet/internal/diag"
)

// What another site shows is asked for only when a reader wants it: an :::embed is
// a picture of the paper's own, or nothing but words, that leads to that site, and
// becomes its frame when it is chosen. So no other site learns who reads a story.

// A Frame is what another site shows in the place of a figure, once a reader asks
// for it.
type Frame struct {
	URL   string // of what is shown
	Host  string // that sends it
	Href  string // of the page there, for those without scripts
	Title string // plain, with typographic quotes
	Ratio string // of its width to its height, such as "16:9"
}

// embedKeys are the attributes of an :::embed.
var embedKeys = []string{"src", "title", "image", "href", "ratio", "alt", "caption", "credit", "courtesy", "focus", "distribute"}

var isRatio = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[1-9]\d{0,3}:[1-9]\d{0,3}$`) })

// embed is an :::embed, whose content is its caption.
func (r *run) embed(b *block, line int) string {
	f := Figure{Src: b.attrs["image"], Alt: b.attrs["alt"], Attrs: maps.Clone(b.attrs), Line: line}
	_, f.Column = r.at(b.Pos())
	maps.DeleteFunc(f.Attrs, func(key, _ string) bool { return key != "courtesy" && key != "focus" && key != "distribute" })
	for _, key := range slices.Sorted(maps.Keys(b.attrs)) {
		if !slices.Contains(embedKeys, key) {
			hint := "it knows " + strings.Join(embedKeys, ", ")
			if near := diag.Nearest(key, embedKeys); near != "" {
				hint = `did you mean "` + near + `"?`
			}
			r.warn(r.valueOffset(b, key), utf8.RuneCountInString(key), hint, "the block \"embed\" does nothing with the attribute %q", key)
		}
	}
	r.photoCaption(b, &f)
	if credit := b.attrs["credit"]; credit != "" {
		f.Credit = r.o.Quotes.Set(credit)
	}
	if f.Frame = r.frame(b); f.Frame == nil {
		return ""
	}
	if f.Src != "" {
		return r.shown(f, r.valueOffset(b, f.Src))
	}
	return r.figured(f, b.Pos())
}

// valueOffset is where a word of a block's braces stands.
func (r *run) valueOffset(b *block, word string) int {
	at := b.Pos()
	if i := bytes.Index(r.body[at:], []byte(word)); i >= 0 {
		return at + i
	}
	return at
}

// frame reads what an embed shows; nil if that cannot be.
func (r *run) frame(b *block) *Frame {
	f := &Frame{URL: strings.TrimSpace(b.attrs["src"]), Title: r.o.Quotes.Set(strings.TrimSpace(b.attrs["title"])), Ratio: b.attrs["ratio"]}
	whole, length := b.Pos(), b.colons+len(b.name)
	line := func(key, value string) string {
		attrs := attributes{}
		for _, known := range embedKeys {
			if known == key {
				attrs.add(key, value)
			} else if given, ok := b.attrs[known]; ok {
				attrs.add(known, given)
			}
		}
		return r.indented(whole, strings.Repeat(":", b.colons)+"embed "+attrs.written())
	}
	at, long := r.valueOffset(b, b.attrs["src"]), utf8.RuneCountInString(b.attrs["src"])
	u, err := url.Parse(f.URL)
	switch {
	case f.URL == "":
		r.fail(whole, length, line("src", cmp.Or(b.attrs["url"], "https://www.example.org/film")), "an embed needs src, the address of what another site shows")
		return nil
	case err == nil && u.Scheme == "http" && u.Host != "":
		r.fail(at, long, line("src", "https:"+f.URL[len("http:"):]), "what a page loads must come by https:, not by http:")
		return nil
	case err != nil || u.Scheme != "https" || u.Host == "":
		hint := "write its whole address, which begins with https://"
		if pictureName().MatchString(f.URL) {
			hint = "a picture is written ![what is to be seen](" + f.URL + "), that of an embed image=" + attributeValue(f.URL)
		}
		r.fail(at, long, hint, "an embed shows what lies on another site, not %q", f.URL)
		return nil
	case f.Title == "":
		r.fail(whole, length, line("title", "What is to be seen"), "an embed needs title, which says what it is to all who do not see it")
		return nil
	}
	f.URL, f.Host = u.String(), u.Host
	if f.Ratio == "" {
		f.Ratio = "16:9"
	} else if !isRatio().MatchString(f.Ratio) {
		r.fail(r.valueOffset(b, f.Ratio), utf8.RuneCountInString(f.Ratio), line("ratio", "16:9"), "a ratio is of width to height, such as 16:9, not %q", f.Ratio)
		f.Ratio = "16:9"
	}
	if !r.loads("frame", b.attrs["src"], at) {
		return nil
	}
	if href := b.attrs["href"]; href == "" {
		f.Href = pageOf(u)
	} else if t, show := r.target(href, r.valueOffset(b, href), false); show {
		f.Href = t.URL
	} else {
		return nil
	}
	return f
}

// isFilm is what YouTube calls a film.
var isFilm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w-]{11}$`) })

var pictureName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\.(?i:jpe?g|png|gif|webp|avif|svg)$`) })

// pageOf is the page on which a site shows to visitors what it shows in a frame.
func pageOf(u *url.URL) string {
	name := path.Base(u.Path)
	switch host := strings.TrimPrefix(u.Hostname(), "www."); {
	case (host == "youtube-nocookie.com" || host == "youtube.com") && path.Dir(u.Path) == "/embed" && isFilm().MatchString(name):
		return "https://www.youtube.com/watch?v=" + name
	case host == "player.vimeo.com" && path.Dir(u.Path) == "/video":
		return "https://vimeo.com/" + name
	}
	return u.String()
}

// loads tells whether a page may load an address of another site, and reports it
// if not.
func (r *run) loads(kind, address string, offset int) bool {
	if r.o.Load == nil || r.inFlat {
		return true
	}
	err := r.o.Load(kind, address)
	if err == nil {
		return true
	}
	before := len(r.problems)
	r.failed(offset, err)
	for i := range r.problems[before:] {
		if p := &r.problems[before+i]; p.Length == 0 && r.fixed == nil {
			p.Length = utf8.RuneCountInString(address)
		}
	}
	return false
}

// loaded is what tags have loaded by an attribute.
var loaded = map[string]string{
	"script src": "script", "iframe src": "frame", "frame src": "frame", "form action": "form", "button formaction": "form", "input formaction": "form",
	"img src": "image", "img srcset": "image", "input src": "image", "video poster": "image", "source srcset": "image",
	"video src": "media", "audio src": "media", "source src": "media", "track src": "media", "object data": "plug-in", "embed src": "plug-in",
}

// Loads tells what a tag has loaded by an attribute, both in small letters: what
// Options.Load is asked of, or a "plug-in"; "" if nothing.
func Loads(tag, attribute string) string { return loaded[tag+" "+attribute] }

// foreign reports what raw HTML of a trusted section loads that no browser would.
func (r *run) foreign(p *piece) {
	if r.o.Load == nil || r.o.NoRule || !bytes.ContainsRune(p.text, '<') {
		return
	}
	z := html.NewTokenizer(bytes.NewReader(p.text))
	for at := 0; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		raw := len(z.Raw())
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			r.foreignTag(z.Token(), p, at, raw)
		}
		at += raw
	}
}

func (r *run) foreignTag(t html.Token, p *piece, at, length int) {
	if t.Data == "object" || t.Data == "embed" {
		r.fail(p.offset(at), utf8.RuneCount(p.text[at:at+length]), "link to it, or show it with <iframe> or :::embed", "browsers load no <%s> here: the site's Content-Security-Policy has none", t.Data)
		return
	}
	for _, a := range t.Attr {
		kind := Loads(t.Data, a.Key)
		if kind == "" {
			continue
		}
		addresses := []string{a.Val}
		if a.Key == "srcset" { // with widths, which are no addresses of another site
			addresses = strings.FieldsFunc(a.Val, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
		}
		for _, address := range addresses {
			offset := p.offset(at)
			if i := bytes.Index(p.text[at:at+length], []byte(address)); i >= 0 && address != "" {
				offset = p.offset(at + i)
			}
			r.loads(kind, address, offset)
		}
	}
}
