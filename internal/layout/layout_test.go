package layout

import (
	"context"
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/archive"
	"stet/internal/diag"
	"stet/internal/page"
)

var update = flag.Bool("update", false, "write what the tests got into their archives")

// english is a language as small as can be.
type english struct{ Texts map[string]string }

func (e *english) Text(key string, args ...any) (string, error) {
	text, ok := e.Texts[key]
	if !ok {
		return "", fmt.Errorf(`there is no message %q in en; did you mean "more"?`, key)
	}
	return text + strings.TrimSuffix(fmt.Sprintln(args...), "\n"), nil
}

func (*english) Date(style string, t time.Time) (string, error) {
	return t.Format("2 January 2006"), nil
}

func (*english) Number(n int) string               { return fmt.Sprintf("n%d", n) }
func (*english) Upper(s string) string             { return strings.ToUpper(s) }
func (e *english) Parts() (any, map[string]string) { return e, nil }
func (*english) Join(items []string) string        { return strings.Join(items, " and ") }

var languages = map[string]Language{
	"en": &english{map[string]string{"more": "More"}},
	"ar": &english{map[string]string{"more": "المزيد"}},
}

type Link struct{ Title, URL string }

type Image struct{ Src, Alt string }

type Head struct {
	Lang   string
	Params map[string]any
}

type Card struct {
	Path, URL string
	Title     template.HTML
	Headline  string
	Section   Link
	Date      time.Time
	Updated   time.Time
	Tags      []Link
	Image     *Image
}

// A Story is the dot of the tests' articles.
type Story struct {
	Head
	Card
	Bad, Style string
	Words      int
}

// Panics is a mistake in a program.
func (*Story) Panics() string { panic("out of ink") }

func story() *Story {
	return &Story{
		Head: Head{Lang: "en", Params: map[string]any{"mood": "calm", "deep": map[string]any{"er": 7}}},
		Card: Card{
			Path: "content/world/fire.md", URL: "/world/fire/", Title: "A <em>great</em> fire", Headline: "A great fire",
			Section: Link{"World", "/world/"}, Date: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
			Tags: []Link{{"Fires", "/tags/fires/"}, {"Mills", "/tags/mills/"}},
		},
		Bad: "javascript:alert(1)", Style: "expression(1)", Words: 412,
	}
}

// A press makes pages of layouts with answers that repeat the question.
type press struct {
	layouts *Layouts
	asked   func(kind, args string)
	dot     any
	out     map[string]string
}

var kinds = []string{"latest", "section", "sections", "author", "tag", "related", "near", "front", "series", "menu", "card", "image", "asset", "data", "url", "absolute", "body", "config"}

func (p *press) book() page.Book {
	book := p.layouts.Answers()
	for _, kind := range kinds {
		book[kind] = page.Answerer{Answer: func(_ *page.Ask, args string) (page.Answer, error) {
			if p.asked != nil {
				p.asked(kind, args)
			}
			return page.Answer{Value: answer(kind, args)}, nil
		}}
	}
	return book
}

func answer(kind, args string) any {
	switch {
	case args == "en titel":
		return diag.Problem{Text: `site.yaml has no key "titel"`, Hint: `did you mean "title"?`}
	case kind == "latest" || kind == "related":
		return []*Card{{Headline: "[" + kind + " " + args + "]", URL: "/x/"}}
	case kind == "card":
		return &Card{Headline: "[card " + args + "]", URL: "/x/"}
	case kind == "near":
		return nil
	case kind == "body":
		return template.HTML("<p>" + args + "</p>")
	}
	return "[" + kind + " " + args + "]"
}

// make makes one page for each path, with article.html.
func (p *press) make(paths ...string) []diag.Problem {
	p.out = map[string]string{}
	var pages []page.Page
	for _, path := range paths {
		pages = append(pages, page.Page{Path: path, Kind: "article"})
	}
	job := page.Job{Book: p.book(), Workers: 1, Makers: map[string]page.Maker{"article": p.article}}
	job.Put = func(r page.Result) error {
		p.out[r.Path] = r.Content.Body.String()
		return nil
	}
	_, problems, err := new(page.Ledger).Make(context.Background(), pages, job)
	if err != nil {
		panic(err)
	}
	return problems
}

func (p *press) article(ask *page.Ask, pg page.Page, to *page.Content) error {
	c := Context{Lang: "en", Making: pg.Path}
	name, err := p.layouts.Pick(ask, c, "world/article.html", "article.html")
	if err != nil {
		return err
	}
	return p.layouts.Execute(ask, c, name, p.dot, &to.Body)
}

func layoutsOf(a archive.Archive) map[string][]byte {
	files := map[string][]byte{}
	for name, text := range a.Files {
		if name != "problems" && name != "output" {
			files[name] = []byte(text)
		}
	}
	return files
}

// Each archive holds layouts and what making an article with them gives: the
// problems as an editor of the layouts reads them, or the page.
func TestArchives(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	if len(paths) == 0 {
		t.Fatal("no archives")
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			a := archive.Parse(data)
			got := map[string]string{}
			got["problems"], got["output"] = run(a, false)
			if problems, output := run(a, true); problems != got["problems"] || output != got["output"] {
				t.Errorf("html/template itself gives\n%s%s\ncompiled it gives\n%s%s", problems, output, got["problems"], got["output"])
			}
			for _, name := range []string{"problems", "output"} {
				if *update {
					setFile(&a, name, got[name])
				} else if got[name] != a.Files[name] {
					t.Errorf("%s:\n%s\nwant:\n%s", name, got[name], a.Files[name])
				}
			}
			if *update {
				if err := os.WriteFile(path, a.Format(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func setFile(a *archive.Archive, name, text string) {
	a.Names = slices.DeleteFunc(a.Names, func(n string) bool { return n == name })
	if text != "" {
		a.Names = append(a.Names, name)
	}
	a.Files[name] = text
}

// run makes an article and prints its problems.
func run(a archive.Archive, interpret bool) (problems, output string) {
	files := layoutsOf(a)
	l, wrong := New(files, languages)
	if interpret {
		l.Interpret()
	}
	p := &press{layouts: l, dot: story()}
	if !diag.AnyError(wrong) {
		wrong = append(wrong, p.make("world/index.html")...)
	}
	var b strings.Builder
	lines := func(path string, line int) (string, bool) {
		all := strings.Split(strings.TrimPrefix(string(files[strings.TrimPrefix(path, "layouts/")]), "\ufeff"), "\n")
		if line > len(all) {
			return "", false
		}
		return all[line-1], true
	}
	for _, w := range diag.Sort(wrong) {
		var one strings.Builder
		diag.Printer{Out: &one, Lines: lines}.Print([]diag.Problem{w})
		said := one.String()
		b.WriteString(said[:strings.LastIndex(strings.TrimSuffix(said, "\n"), "\n")+1])
	}
	return b.String(), p.out["world/index.html"]
}
