package layout

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"sync"
	"testing"

	"stet/internal/diag"
	"stet/internal/page"
)

func TestFragmentArgs(t *testing.T) {
	for _, c := range []struct {
		args []any
		dot  string
	}{
		{nil, "<nil>"},
		{[]any{"a b"}, `"a b"`},
		{[]any{""}, `""`},
		{[]any{`"`}, "\"\\\"\""},
		{[]any{"a", "b/ü"}, `[]interface {}{"a", "b/ü"}`},
		{[]any{"/", "/town/"}, `[]interface {}{"/", "/town/"}`},
		{[]any{[]any{"a"}}, `[]interface {}{"a"}`},
		{[]any{"a", 3, 2.5, true, nil}, `[]interface {}{"a", 3, 2.5, true, interface {}(nil)}`},
		{[]any{map[string]any{"k": []any{1, "<"}}}, `map[string]interface {}{"k":[]interface {}{1, "<"}}`},
	} {
		q, err := fragmentArgs("en", "a b.html", c.args)
		if err != nil {
			t.Fatal(err)
		}
		lang, name, dot, err := readFragment(q)
		if err != nil || lang != "en" || name != "a b.html" || fmt.Sprintf("%#v", dot) != c.dot {
			t.Errorf("%s: got %s, %s, %#v, %v; want %s", q, lang, name, dot, err, c.dot)
		}
	}
}

// A digest covers what can be reached, and nothing else.
func TestDigest(t *testing.T) {
	files := map[string][]byte{
		"article.html":    []byte(`{{ template "base.html" . }}{{ define "main" }}{{ template "partials/a.html" . }}{{ end }}`),
		"base.html":       []byte(`{{ block "main" . }}{{ end }}`),
		"tag.html":        []byte(`{{ template "base.html" . }}`),
		"partials/a.html": []byte(`a`),
		"partials/b.html": []byte(`b`),
	}
	before, _ := New(files, languages)
	for _, edit := range []struct {
		file    string
		changes []string
	}{
		{"base.html", []string{"article.html", "base.html", "tag.html"}},
		{"partials/a.html", []string{"article.html", "partials/a.html"}},
		{"partials/b.html", []string{"partials/b.html"}},
	} {
		old := files[edit.file]
		files[edit.file] = append(slices.Clone(old), 'x')
		after, _ := New(files, languages)
		files[edit.file] = old
		var changed []string
		for _, name := range after.Names() {
			if before.Digest(name) != after.Digest(name) {
				changed = append(changed, name)
			}
		}
		if !slices.Equal(changed, edit.changes) {
			t.Errorf("%s changes %q, want %q", edit.file, changed, edit.changes)
		}
	}
}

// newspaper is a set of layouts with fragments in fragments.
func newspaper(t testing.TB) *Layouts {
	l, problems := New(map[string][]byte{
		"article.html": []byte(`{{ template "base.html" . }}{{ define "main" }}<article><h1>{{ .Title }}</h1>
{{ range .Tags }}<a href="{{ .URL }}">{{ .Title }}</a> {{ end }}<time datetime="{{ date "iso" .Date }}">{{ date "long" .Date }}</time>
{{ body }}</article>{{ fragment "more.html" .Section.Title }}{{ end }}`),
		"base.html": []byte(`<!doctype html><html lang="{{ .Lang }}"><title>{{ .Headline }}</title><link rel="stylesheet" href="{{ asset "site.css" }}">
<body>{{ fragment "header.html" }}{{ block "main" . }}{{ end }}{{ fragment "footer.html" }}`),
		"partials/header.html": []byte(`<header><a href="{{ url "/" }}">{{ config "title" }}</a></header>`),
		"partials/footer.html": []byte(`<footer>{{ t "more" }}{{ fragment "header.html" }}</footer>`),
		"partials/more.html":   []byte(`<aside>{{ range latest . 8 }}{{ fragment "card.html" .Headline }}{{ end }}</aside>`),
		"partials/card.html":   []byte(`<p>{{ . }}</p>`),
	}, languages)
	for _, p := range problems {
		t.Error(p)
	}
	return l
}

// Eight workers make pages that all show the same fragments; each fragment is
// rendered once.
func TestTogether(t *testing.T) {
	p := &press{layouts: newspaper(t), dot: story()}
	var mu sync.Mutex
	asked := map[string]int{}
	p.asked = func(kind, args string) {
		mu.Lock()
		asked[kind+" "+args]++
		mu.Unlock()
	}
	rendered := map[string]int{}
	book := p.book()
	answer := book["fragment"].Answer
	book["fragment"] = page.Answerer{Noted: true, Keep: true, Answer: func(ask *page.Ask, args string) (page.Answer, error) {
		mu.Lock()
		rendered[args]++
		mu.Unlock()
		return answer(ask, args)
	}}
	var pages []page.Page
	for i := range 400 {
		pages = append(pages, page.Page{Path: fmt.Sprintf("world/%d/index.html", i), Kind: "article"})
	}
	seen := map[string]bool{}
	job := page.Job{Book: book, Workers: 8, Makers: map[string]page.Maker{"article": p.article}, Put: func(r page.Result) error {
		mu.Lock()
		seen[r.Content.Body.String()] = true
		mu.Unlock()
		return nil
	}}
	_, problems, err := new(page.Ledger).Make(context.Background(), pages, job)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	if len(seen) != 1 {
		t.Errorf("%d different pages", len(seen))
	}
	for out := range seen {
		if strings.Count(out, "<header>") != 2 || !strings.Contains(out, "<p>[latest en World 8]</p>") || !strings.Contains(out, "<p>content/world/fire.md</p>") {
			t.Errorf("got\n%s", out)
		}
	}
	if len(rendered) != 4 {
		t.Errorf("fragments: %v", rendered)
	}
	for args, n := range rendered {
		if n != 1 {
			t.Errorf("fragment %s was rendered %d times", args, n)
		}
	}
	if n := asked["config en title"]; n != 1 {
		t.Errorf("config en title was answered %d times", n)
	}
}

// A page that failed leaves nothing behind, and the next is made.
func TestAfterError(t *testing.T) {
	l, _ := New(map[string][]byte{"article.html": []byte(`<p>{{ .Title }}{{ .Image.Src }}</p>`)}, languages)
	p := &press{layouts: l, dot: story()}
	if problems := p.make("a/index.html", "b/index.html"); len(problems) != 2 || !strings.Contains(problems[1].While, "b/index.html") {
		t.Errorf("got %v", problems)
	}
	with := story()
	with.Image = &Image{Src: "fire.jpg"}
	p.dot = with
	if problems := p.make("a/index.html"); len(problems) > 0 || p.out["a/index.html"] != "<p>A <em>great</em> firefire.jpg</p>" {
		t.Errorf("got %q, %v", p.out, problems)
	}
}

// Many workers meet the same mistakes at once, and all say the same.
func TestErrorsTogether(t *testing.T) {
	for _, text := range []string{`<p>{{ .Image.Src }}</p>`, `<p title="{{ .Title }}`, `<a href="{{ .Bad }}">x</a>`, `{{ fragment "a.html" }}`} {
		l, _ := New(map[string][]byte{"article.html": []byte(text), "partials/a.html": []byte(`{{ .X }}`)}, languages)
		p := &press{layouts: l, dot: story()}
		var pages []page.Page
		for i := range 64 {
			pages = append(pages, page.Page{Path: fmt.Sprintf("%02d.html", i), Kind: "article"})
		}
		job := page.Job{Book: p.book(), Workers: 8, Makers: map[string]page.Maker{"article": p.article}, Put: func(page.Result) error { return nil }}
		_, problems, err := new(page.Ledger).Make(context.Background(), pages, job)
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]int{}
		for _, p := range problems {
			said[p.Error()]++
		}
		if len(said) != 1 || len(problems) != 64 && !strings.Contains(text, "fragment") {
			t.Errorf("%s: %d problems, %v", text, len(problems), said)
		}
	}
}

// A question that failed is told where its reason is, and not again by those
// that asked it; a question nobody answers is told where it is asked.
func TestUnanswered(t *testing.T) {
	l, _ := New(map[string][]byte{"article.html": []byte(`<p>{{ body }}</p>`), "tag.html": []byte("\n {{ asset \"x\" }}")}, languages)
	book := l.Answers()
	book["body"] = page.Answerer{Answer: func(*page.Ask, string) (page.Answer, error) {
		return page.Answer{}, diag.Problem{Severity: diag.Error, Path: "content/world/fire.md", Line: 3, Text: "no such photo"}
	}}
	job := page.Job{Book: book, Makers: map[string]page.Maker{"page": func(ask *page.Ask, p page.Page, to *page.Content) error {
		return l.Execute(ask, Context{"en", p.Path}, p.Args, story(), &to.Body)
	}}}
	pages := []page.Page{{Path: "a", Kind: "page", Args: "article.html"}, {Path: "b", Kind: "page", Args: "tag.html"}}
	_, problems, err := new(page.Ledger).Make(context.Background(), pages, job)
	var got []string
	for _, p := range diag.Sort(problems) {
		got = append(got, p.Error())
	}
	want := []string{`nobody answers questions of the kind "asset"`, "content/world/fire.md:3: no such photo"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestFolder(t *testing.T) {
	l, _ := New(map[string][]byte{"embeds/note.html": nil, "embeds/pullquote.html": nil, "base.html": nil, "languages/en.yaml": []byte("{{")}, nil)
	if got := l.Folder("embeds"); !slices.Equal(got, []string{"note", "pullquote"}) {
		t.Errorf("got %q", got)
	}
}

// The same article with plain html/template, and all functions ready.
func BenchmarkPlain(b *testing.B) {
	l := newspaper(b)
	t, err := l.sets["article.html"].template()
	if err != nil {
		b.Fatal(err)
	}
	ready := template.HTML(strings.Repeat("<p>text of an article</p>\n", 400))
	funcs := template.FuncMap{}
	for name := range functions {
		funcs[name] = func(...any) (any, error) { return ready[:60], nil }
	}
	funcs["body"] = func(...any) (any, error) { return ready, nil }
	t.Funcs(funcs)
	var w bytes.Buffer
	for b.Loop() {
		w.Reset()
		if err := t.Execute(&w, story()); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(w.Len()))
}

func BenchmarkExecute(b *testing.B) {
	l := newspaper(b)
	p := &press{layouts: l, dot: story()}
	ready := template.HTML(strings.Repeat("<p>text of an article</p>\n", 400))
	book := p.book()
	book["body"] = page.Answerer{Keep: true, Answer: func(*page.Ask, string) (page.Answer, error) { return page.Answer{Value: ready}, nil }}
	for _, kind := range []string{"asset", "url", "config", "latest"} {
		a := book[kind]
		a.Keep = true
		book[kind] = a
	}
	job := page.Job{Book: book, Makers: map[string]page.Maker{"page": func(ask *page.Ask, p page.Page, to *page.Content) error {
		dot := story()
		for b.Loop() {
			to.Body.Reset()
			if err := l.Execute(ask, Context{"en", p.Path}, "article.html", dot, &to.Body); err != nil {
				return err
			}
		}
		b.SetBytes(int64(to.Body.Len()))
		return nil
	}}, Put: func(page.Result) error { return nil }}
	if _, problems, err := new(page.Ledger).Make(context.Background(), []page.Page{{Path: "a", Kind: "page"}}, job); err != nil || len(problems) > 0 {
		b.Fatal(err, problems)
	}
}

func BenchmarkNew(b *testing.B) {
	l := newspaper(b)
	files := map[string][]byte{}
	for name, f := range l.files {
		files[name] = []byte(f.text)
	}
	for b.Loop() {
		New(files, languages)
	}
}
