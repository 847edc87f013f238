package layout

import (
	"bytes"
	"context"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"stet"
	"stet/internal/archive"
	"stet/internal/diag"
	"stet/internal/page"
)

// All layouts of the built-in theme, and of the benchmark, are compiled.
func TestThemeCompiled(t *testing.T) {
	for name, from := range map[string]fs.FS{"theme": folderOf(t, stet.Theme(), "layouts"), "bench": os.DirFS("../../bench/stet/layouts")} {
		files := map[string][]byte{}
		err := fs.WalkDir(from, ".", func(path string, d fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".html" {
				files[path], err = fs.ReadFile(from, path)
			}
			return err
		})
		if err != nil || len(files) == 0 {
			t.Fatal(err, len(files))
		}
		l, _ := New(files, nil)
		for _, n := range l.Names() {
			if l.sets[n].compiled() == nil {
				t.Errorf("%s: %s is not compiled", name, n)
			}
		}
	}
}

func folderOf(t *testing.T, from fs.FS, dir string) fs.FS {
	t.Helper()
	f, err := fs.Sub(from, dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The archives that cannot be compiled are those that html/template has
// something against, and those whose templates call themselves.
func TestArchivesCompiled(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		if family, _, _ := strings.Cut(name, "-"); family == "escape" || family == "syntax" {
			continue
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a := archive.Parse(data)
		l, wrong := New(layoutsOf(a), languages)
		for _, n := range l.Names() {
			if l.sets[n].compiled() == nil && name != "endless" && !diag.AnyError(wrong) {
				t.Errorf("%s: %s is not compiled", name, n)
			}
		}
	}
}

// With Interpret nothing is compiled, no digest is as it was, and all else is the
// same.
func TestInterpret(t *testing.T) {
	compiled, not := newspaper(t), newspaper(t)
	not.Interpret()
	p, q := &press{layouts: compiled, dot: story()}, &press{layouts: not, dot: story()}
	if a, b := p.make("a.html"), q.make("a.html"); len(a)+len(b) > 0 || p.out["a.html"] == "" || p.out["a.html"] != q.out["a.html"] {
		t.Errorf("%v %q, %v %q", a, p.out, b, q.out)
	}
	for _, name := range compiled.Names() {
		if name != "base.html" && compiled.sets[name].program == nil {
			t.Errorf("%s was not compiled", name)
		}
		if not.sets[name].program != nil {
			t.Errorf("%s was compiled", name)
		}
		if compiled.Digest(name) == not.Digest(name) {
			t.Errorf("a page of %s that was made compiled would stand", name)
		}
	}
}

// A page that must be left to html/template is the only one that is: those before
// and after it are made compiled, by the same renderer.
func TestLeftOnce(t *testing.T) {
	l, _ := New(map[string][]byte{"article.html": []byte(`<p title="{{ print .A (len .A) }}">{{ range .B }}{{ . }},{{ end }}{{ .C }}</p>`)}, languages)
	p := &press{layouts: l}
	closed := func() chan int { c := make(chan int, 2); c <- 1; c <- 2; close(c); return c }
	type odd struct{ F func() string }
	for i, c := range []struct {
		b, c any
		want string
	}{
		{[]string{"<", "b"}, 1, `<p title="ab2">&lt;,b,1</p>`},
		{closed(), 2, `<p title="ab2">1,2,2</p>`},
		{map[string]int{"x": 3}, "<", `<p title="ab2">3,&lt;</p>`},
		{slices.Values([]string{"i", ">"}), 3, `<p title="ab2">i,&gt;,3</p>`},
		{map[bool]int{true: 1, false: 0}, odd{}, `<p title="ab2">0,1,{&lt;nil&gt;}</p>`},
		{3, nil, `<p title="ab2">0,1,2,</p>`},
	} {
		p.dot = map[string]any{"A": "ab", "B": c.b, "C": c.c}
		if problems := p.make("a.html"); len(problems) > 0 || p.out["a.html"] != c.want {
			t.Errorf("%d: %v, got %s, want %s", i, problems, p.out["a.html"], c.want)
		}
		r := l.sets["article.html"].free.list
		if len(r) != 1 || (r[0].template != nil) != (i > 0) {
			t.Errorf("%d: html/template was needed, or was not, or there are %d renderers", i, len(r))
		}
	}
}

// Eight goroutines execute the same programs, each with a machine of its own.
func TestCompiledTogether(t *testing.T) {
	trees, err := parseText("main", `{{ range .Outers }}{{ .Name }}{{ .Change }}{{ .Hello "x" }}{{ end }}<a href="{{ .Link }}" title="{{ .HTML }}">{{ .Text }}{{ .Odd }}</a>{{ (dict "a" .Map).a.k }}{{ date "long" .Time }}`)
	if err != nil {
		t.Fatal(err)
	}
	want := judgeTrees(trees, values())
	if want.wrong() != "" || !want.ran {
		t.Fatal(want.wrong())
	}
	s := &set{name: "main", trees: trees}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			dot := values()
			r := &renderer{layouts: &Layouts{}, set: s, lang: "en", language: languages["en"], dot: dot}
			r.machine.r = r
			for range 200 {
				if !s.compiled().run(&r.machine, dot) || string(r.machine.out) != want.out {
					t.Errorf("got %q", r.machine.out)
					return
				}
			}
		})
	}
	all.Wait()
}

// An article with what it has in the benchmark, all answers ready.
func benchmarkArticle(b *testing.B, interpret bool) {
	l := newspaper(b)
	if interpret {
		l.Interpret()
	}
	p := &press{layouts: l, dot: story()}
	ready := template.HTML(strings.Repeat("<p>text of an article</p>\n", 400))
	book := p.book()
	for kind, a := range book {
		a.Keep = true
		if kind == "body" {
			a.Answer = func(*page.Ask, string) (page.Answer, error) { return page.Answer{Value: ready}, nil }
		}
		book[kind] = a
	}
	make := func(ask *page.Ask, pg page.Page, to *page.Content) error {
		dot := story()
		for b.Loop() {
			to.Body.Reset()
			if err := l.Execute(ask, Context{"en", pg.Path}, "article.html", dot, &to.Body); err != nil {
				return err
			}
		}
		return nil
	}
	job := page.Job{Book: book, Makers: map[string]page.Maker{"page": make}, Put: func(page.Result) error { return nil }}
	_, problems, err := new(page.Ledger).Make(context.Background(), []page.Page{{Path: "a", Kind: "page"}}, job)
	if err != nil || len(problems) > 0 {
		b.Fatal(err, problems)
	}
}

func BenchmarkCompiled(b *testing.B)    { benchmarkArticle(b, false) }
func BenchmarkInterpreted(b *testing.B) { benchmarkArticle(b, true) }

// The same without questions: a list of stories with links, texts and times.
func benchmarkCards(b *testing.B, interpret bool) {
	trees, err := parseText("main", `<h1>{{ .Headline }}</h1>{{ range .Cards }}<article class="card" lang="{{ .Lang }}"><a href="{{ .URL }}" title="{{ .Title }}">{{ .Title }}</a>
{{ with .Section }}<a class="kicker" href="{{ .URL }}">{{ .Title }}</a>{{ end }}{{ if not .Date.IsZero }}<time datetime="{{ date "iso" .Date }}">{{ date "long" .Date }}</time>{{ end }}
{{ range $i, $t := .Tags }}{{ if $i }}, {{ end }}<a href="{{ $t.URL }}">{{ $t.Title }}</a>{{ end }}</article>{{ end }}`)
	if err != nil {
		b.Fatal(err)
	}
	var cards []*Story
	for range 20 {
		cards = append(cards, story())
	}
	dot := &struct {
		Headline string
		Cards    []*Story
	}{"All stories", cards}
	s := &set{name: "main", trees: trees}
	r := &renderer{layouts: &Layouts{}, set: s, lang: "en", language: languages["en"], dot: dot}
	r.machine.r = r
	if err := r.ready(); err != nil {
		b.Fatal(err)
	}
	var w bytes.Buffer
	for b.Loop() {
		w.Reset()
		if interpret {
			err = r.execute(&w)
		} else if !r.run(&w) {
			b.Fatal("not compiled")
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCardsCompiled(b *testing.B)    { benchmarkCards(b, false) }
func BenchmarkCardsInterpreted(b *testing.B) { benchmarkCards(b, true) }
