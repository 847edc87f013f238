package feeds

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stet/internal/archive"
	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/site"
)

var update = flag.Bool("update", false, "write the goldens anew")

// Each archive has pages ("KIND PATH ARGS" on a line), base (the site's
// base_url, may be empty), what is answered (feed.json, sitemap.json, …, and
// "body PATH"), and, under "want PATH", what the pages are to be.
func TestMakers(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	if len(archives) == 0 {
		t.Fatal("no testdata")
	}
	for _, path := range archives {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			a := archive.Parse(data)
			for line := range strings.Lines(a.Files["pages"]) {
				f := append(strings.Fields(line), "", "")
				p := page.Page{Kind: f[0], Path: f[1], Args: strings.TrimSpace(strings.Join(f[2:], " "))}
				got := made(t, p, bookOf(t, a))
				name := "want " + p.Path
				if *update {
					if _, ok := a.Files[name]; !ok {
						a.Names = append(a.Names, name)
					}
					a.Files[name] = got
					if err := os.WriteFile(path, a.Format(), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				if got != a.Files[name] {
					t.Errorf("%s: got:\n%s\nwant:\n%s", p.Path, got, a.Files[name])
				}
				wellFormed(t, p, got)
			}
		})
	}
}

// made makes one page, as a build does.
func made(t testing.TB, p page.Page, book page.Book) string {
	t.Helper()
	got, problems := tryMake(t, p, book)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return got
}

func tryMake(t testing.TB, p page.Page, book page.Book) (got string, problems []diag.Problem) {
	t.Helper()
	_, problems, err := new(page.Ledger).Make(context.Background(), []page.Page{p}, page.Job{
		Makers: Makers(),
		Book:   book,
		Put: func(r page.Result) error {
			got = r.Content.Body.String()
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return got, problems
}

// bookOf answers with what stands in an archive.
func bookOf(t testing.TB, a archive.Archive) page.Book {
	base := strings.TrimSpace(a.Files["base"])
	_, path, _ := strings.Cut(strings.TrimPrefix(base, "https://"), "/")
	folder := strings.TrimSuffix("/"+path, "/")
	b := page.Book{
		"body": answer(func(args string) any { return template.HTML(a.Files["body "+page.Fields(args, 1)[0]]) }),
		"media": answer(func(args string) any {
			src := page.Fields(args, 3)[0]
			_, rest, _ := strings.Cut(src, "/")
			m := &site.Media{URL: folder + "/" + rest, Type: map[string]string{".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}[filepath.Ext(src)]}
			if text, ok := a.Files["media "+src]; ok {
				read(t, text, m)
			}
			return m
		}),
		"url": answer(func(args string) any { return folder + page.Fields(args, 1)[0] }),
		"absolute": answer(func(args string) any {
			if base == "" {
				return ""
			}
			return strings.TrimSuffix(base, "/") + strings.TrimPrefix(page.Fields(args, 1)[0], folder)
		}),
	}
	b["policy"] = answer(func(string) any { return "default-src 'self'" })
	told(t, b, a, "feed", new(site.Feed))
	told(t, b, a, "sitemaps", new(site.Sitemap))
	told(t, b, a, "sitemap", new(site.SitemapPart))
	told(t, b, a, "newssitemap", new(site.NewsSitemap))
	told(t, b, a, "redirect", new(site.Redirect))
	told(t, b, a, "smallfiles", new(site.SmallFiles))
	told(t, b, a, "manifest", new(site.Manifest))
	told(t, b, a, "wire", new(site.Wire))
	told(t, b, a, "wirefeed", new(site.WireFeed))
	b["wirebody"] = b["body"]
	if text, ok := a.Files["redirects.json"]; ok {
		var all []site.Redirect
		read(t, text, &all)
		b["redirects"] = answer(func(string) any { return all })
	}
	return b
}

func told(t testing.TB, b page.Book, a archive.Archive, kind string, into any) {
	if text, ok := a.Files[kind+".json"]; ok {
		read(t, text, into)
		b[kind] = answer(func(string) any { return into })
	}
}

func read(t testing.TB, text string, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func answer(f func(args string) any) page.Answerer {
	return page.Answerer{Answer: func(_ *page.Ask, args string) (page.Answer, error) {
		return page.Answer{Value: f(args)}, nil
	}}
}

// What foreign text may do to a feed: nothing.
func TestHostile(t *testing.T) {
	for _, title := range []string{
		"]]>", "<script>alert(1)</script>", "NUL \x00 and \x1b", "🔥", "حريق في المطحنة", "\xff\xfe broken", "a & b &amp; c",
		"</title></channel>", "\u202eturned", "x\ufffe\uffff", "two\nlines\tand\rmore", "x\u0085\u0090",
	} {
		f := &site.Feed{
			Title: title, Description: title, Lang: "en", URL: "/", Permalink: "https://example.org/", Self: "https://example.org/", FullText: true, Publisher: title,
			Cards: []*site.Card{{
				Path: "content/a.md", ID: title, URL: "/a/", Permalink: "https://example.org/a/" + title, Headline: title, Summary: title,
				Authors: []site.Link{{Title: title, URL: "/authors/" + title}}, Tags: []site.Link{{Title: title}},
				Image: &site.Image{Src: "content/" + title + ".jpg", Alt: title, Text: title, Credit: title},
			}},
		}
		book := bookOf(t, archive.Archive{Files: map[string]string{"base": "https://example.org", "body content/a.md": "<p>" + title + `<a href="` + title + `">x</a>`}})
		book["feed"] = answer(func(string) any { return f })
		book["wire"] = answer(func(string) any {
			link := []site.Link{{Title: title, URL: "https://example.org/" + title}}
			return &site.Wire{Path: "content/a.md", ID: title, Permalink: "https://example.org/a/" + title, Lang: "en", Type: "opinion", Headline: title, Deck: title, Summary: title,
				Byline: title, Place: title, Authors: link, Others: link, Section: title, Topics: link, Owner: title, Source: link[0],
				Images: []site.Image{*f.Cards[0].Image}, Notes: []site.Correction{{Label: title, Plain: title}}}
		})
		for kind, path := range map[string]string{"rss": "feed.xml", "atom": "atom.xml", "jsonfeed": "feed.json", "ninjs": "a.ninjs.json"} {
			p := page.Page{Kind: kind, Path: path}
			got := made(t, p, book)
			wellFormed(t, p, got)
			if strings.ContainsAny(got, "\x00\x1b\r") || strings.Contains(got, "]]>") && kind != "jsonfeed" && kind != "ninjs" {
				t.Errorf("%s of %q holds what it must not:\n%s", kind, title, got)
			}
			if want := clean(title); !strings.Contains(textOf(t, kind, got), want) {
				t.Errorf("%s of %q does not hold %q:\n%s", kind, title, want, got)
			}
		}
	}
}

// textOf is the title that a reader finds in a feed.
func textOf(t *testing.T, kind, doc string) string {
	if kind == "ninjs" {
		var d ninjsItem
		if err := json.Unmarshal([]byte(doc), &d); err != nil {
			t.Fatal(err)
		}
		return d.Headlines[0].Value
	}
	if kind == "jsonfeed" {
		var d jsonDocument
		if err := json.Unmarshal([]byte(doc), &d); err != nil {
			t.Fatal(err)
		}
		return d.Items[0].Title
	}
	return xmlText(t, doc)
}

// A feed of a list without stories is a feed.
func TestEmpty(t *testing.T) {
	book := bookOf(t, archive.Archive{Files: map[string]string{}})
	book["feed"] = answer(func(string) any { return &site.Feed{Title: "T", Lang: "en", URL: "/"} })
	for _, kind := range []string{"rss", "atom", "jsonfeed"} {
		p := page.Page{Kind: kind, Path: "feed.x"}
		wellFormed(t, p, made(t, p, book))
	}
}

// What is not there is an error that names the question.
func TestMissing(t *testing.T) {
	none := answer(func(string) any { return nil })
	book := page.Book{"feed": none, "sitemap": none, "redirect": none, "wire": none, "wirefeed": none, "smallfiles": none, "manifest": none}
	for _, kind := range []string{"rss", "atom", "jsonfeed", "sitemappart", "redirect", "ninjs", "ninjsfeed", "robots", "trust", "security", "headers", "manifest"} {
		_, problems := tryMake(t, page.Page{Kind: kind, Path: "x", Args: "x"}, book)
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Text, "there is no ") {
			t.Errorf("%s: got %v", kind, problems)
		}
	}
	book["redirect"] = answer(func(string) any { return &site.Redirect{From: "/a/", To: "javascript:alert(1)"} })
	if _, problems := tryMake(t, page.Page{Kind: "redirect", Path: "x"}, book); len(problems) != 1 || problems[0].Hint == "" {
		t.Errorf("an unsafe redirect: got %v", problems)
	}
}

// The body is absolute whatever it holds, and only its URLs are changed.
func TestAbsolute(t *testing.T) {
	at := placeOf("https://example.org/news/fire/", "")
	for from, want := range map[string]string{
		`<a href="#fn1">1</a>`:                                      `<a href="https://example.org/news/fire/#fn1">1</a>`,
		`<a href=/a?b=1&amp;c=2>x</a>`:                              `<a href="https://example.org/a?b=1&amp;c=2">x</a>`,
		`<img src="a b.jpg" alt='"q"'>`:                             `<img src="https://example.org/news/fire/a%20b.jpg" alt="&#34;q&#34;">`,
		`<img src="//cdn.example/x.png" />`:                         `<img src="https://cdn.example/x.png" />`,
		`<a href="mailto:a@b.c">`:                                   `<a href="mailto:a@b.c">`,
		`<a href='https://x.example/y'>`:                            `<a href='https://x.example/y'>`,
		`<a href="/العالم/">`:                                       `<a href="https://example.org/%d8%a7%d9%84%d8%b9%d8%a7%d9%84%d9%85/">`,
		`<p title="href=/x">/x &amp; y</p>`:                         `<p title="href=/x">/x &amp; y</p>`,
		`<video poster=p.jpg src=v.mp4>`:                            `<video poster="https://example.org/news/fire/p.jpg" src="https://example.org/news/fire/v.mp4">`,
		`<img srcset="a.jpg 1x, /b,c.jpg 2x">`:                      `<img srcset="https://example.org/news/fire/a.jpg 1x, https://example.org/b,c.jpg 2x">`,
		`<img srcset="a.jpg, b.jpg 640w,c.jpg">`:                    `<img srcset="https://example.org/news/fire/a.jpg, https://example.org/news/fire/b.jpg 640w, https://example.org/news/fire/c.jpg">`,
		`<img src="data:image/gif;base64,R0lG">`:                    `<img src="data:image/gif;base64,R0lG">`,
		`<script>"<a href='/x'>"</script><!-- <a href="/x"> -->`:    ``,
		`<a href="http://[broken">x`:                                `<a href="http://[broken">x`,
		`<svg viewBox="0 0 1 1"><use href="#i"/></svg>`:             `<svg viewBox="0 0 1 1"><use href="https://example.org/news/fire/#i" /></svg>`,
		`cut <a href="/x`:                                           `cut <a href="/x`,
		`<a href="/x%20y%zz">`:                                      `<a href="https://example.org/x%20y%25zz">`,
		`<a href="?p=2">`:                                           `<a href="https://example.org/news/fire/?p=2">`,
		`<a href="">`:                                               `<a href="">`,
		`<a href="javascript:alert(1)">`:                            `<a href="javascript:alert(1)">`,
		`<A HREF="/x" Class=a>x</A>`:                                `<a href="https://example.org/x">x</A>`,
		`<a href="../flood/">`:                                      `<a href="https://example.org/news/flood/">`,
		`<a href="/a" title="&lt;b&gt; &amp;amp; &#34;">`:           `<a href="https://example.org/a" title="&lt;b&gt; &amp;amp; &#34;">`,
		"<a href=\"/a\nb\">":                                        `<a href="https://example.org/ab">`,
		`<a href="time:/x">`:                                        `<a href="time:/x">`,
		`<a href="12:30/x">`:                                        `<a href="12:30/x">`,
		`<a href="./12:30/x">`:                                      `<a href="https://example.org/news/fire/12:30/x">`,
		`<source srcset="/a.avif"><img srcset=" , ,/b.jpg  2x , ">`: `<source srcset="https://example.org/a.avif"><img srcset="https://example.org/b.jpg 2x">`,
	} {
		if got := at.elsewhere(from); got != want {
			t.Errorf("%s\n got %s\nwant %s", from, got, want)
		}
	}
	if got := placeOf("", "/news/fire/").elsewhere(`<a href="x.pdf"><a href="#a">`); got != `<a href="/news/fire/x.pdf"><a href="/news/fire/#a">` {
		t.Errorf("without base_url: %s", got)
	}
}

// Whatever a body holds, it is made absolute once and for all, and what comes
// of it fits into XML.
func FuzzAbsolute(f *testing.F) {
	f.Add(`<p><a href="/x">x</a><img srcset="a 1x, b 2x">`)
	f.Add("<a href='&#x0;\x00'><svg/onload=x src=\"]]>\">")
	f.Fuzz(func(t *testing.T, body string) {
		at := placeOf("https://example.org/a/", "")
		once := at.elsewhere(body)
		if twice := at.elsewhere(once); twice != once {
			t.Errorf("%q becomes %q, then %q", body, once, twice)
		}
		if bad := siteOnlyIn(once); bad != "" {
			t.Errorf("%q keeps %s: %q", body, bad, once)
		}
		var b bytes.Buffer
		w := newWriter(&b)
		w.text("x", once, "y", once)
		wellFormed(t, page.Page{Kind: "rss"}, b.String())
	})
}

// siteOnlyIn names what a story's HTML has that works on its site alone.
func siteOnlyIn(body string) string {
	z := html.NewTokenizer(strings.NewReader(body))
	for z.Next() != html.ErrorToken {
		t := z.Token()
		if t.Type != html.StartTagToken && t.Type != html.SelfClosingTagToken {
			continue
		}
		switch t.Data {
		case "script", "style", "nav", "form", "button", "input", "select", "textarea", "iframe", "noscript":
			return t.Data
		}
		for _, a := range t.Attr {
			if a.Key == "id" || a.Key == "class" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "data-") {
				return a.Key
			}
		}
	}
	return ""
}

func ExampleMakers() {
	fmt.Println(len(Makers()))
	// Output: 18
}
