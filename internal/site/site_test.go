package site

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/language"
	"stet/internal/page"
	"stet/internal/plain"
	"stet/internal/threads"
)

// answers are the types of what the site answers. TestAnswers asks each kind of
// question, so that none is missing.
var answers = []any{
	&Story{}, &Card{}, []*Card{}, &List{}, &Section{}, []Link{}, &Author{}, Link{}, &Front{}, &Target{}, &BodySettings{}, &Shown{}, &Image{}, &Pictured{},
	&Commenting{}, &threads.Edition{}, &Said{}, &Threads{}, &Thread{}, &Tally{}, &CommentFeed{},
	&Bar{}, &Feed{}, &SmallFiles{}, &Manifest{}, &Wire{}, &WireFeed{}, &Media{}, &Sitemap{}, &SitemapPart{}, &NewsSitemap{}, []Redirect{}, &Redirect{}, diag.Problem{}, "", map[string]any{}, []string{}, 0, true,
}

// What is answered is plain data: a layout that could call something on it
// would get what the note of the page does not hold.
func TestPlain(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, a := range answers {
		v := reflect.ValueOf(filled(reflect.TypeOf(a), 3).Interface())
		walk(t, v.Type(), v.Type().String(), seen)
		b := plain.Append(nil, v.Interface())
		again := reflect.New(v.Type())
		if rest, err := plain.Read(string(b), again.Interface()); err != nil || rest != "" {
			t.Errorf("%T is not read back: %v", a, err)
		}
		if c := plain.Append(nil, again.Elem().Interface()); string(c) != string(b) {
			t.Errorf("%T is read back as %+v", a, again.Elem())
		}
	}
}

// filled is a value of a type with something in all its fields.
func filled(t reflect.Type, depth int) reflect.Value {
	v := reflect.New(t).Elem()
	if t == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("X", 3600))))
		return v
	}
	switch t.Kind() {
	case reflect.String:
		v.SetString("ä")
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(-7)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Interface:
		v.Set(reflect.ValueOf("any"))
	case reflect.Pointer:
		if depth > 0 {
			v.Set(reflect.New(t.Elem()))
			v.Elem().Set(filled(t.Elem(), depth-1))
		}
	case reflect.Slice:
		if depth > 0 {
			v.Set(reflect.Append(v, filled(t.Elem(), depth-1)))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(reflect.ValueOf("key"), filled(t.Elem(), depth-1))
	case reflect.Struct:
		for i := range t.NumField() {
			v.Field(i).Set(filled(t.Field(i).Type, depth))
		}
	}
	return v
}

func walk(t *testing.T, typ reflect.Type, at string, seen map[reflect.Type]bool) {
	if seen[typ] || typ == reflect.TypeFor[time.Time]() {
		return
	}
	seen[typ] = true
	// A problem is for people, and the quotation marks are for article.Render:
	// no layout sees them.
	if pkg := typ.PkgPath(); strings.HasPrefix(pkg, "stet/") && pkg != "stet/internal/diag" && typ != reflect.TypeFor[article.Quotes]() {
		for _, typ := range []reflect.Type{typ, reflect.PointerTo(typ)} {
			for i := range typ.NumMethod() {
				t.Errorf("%s: %v has the method %s", at, typ, typ.Method(i).Name)
			}
		}
	}
	switch typ.Kind() {
	case reflect.Func, reflect.Chan, reflect.UnsafePointer, reflect.Complex128:
		t.Errorf("%s is a %v", at, typ)
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		walk(t, typ.Elem(), at, seen)
	case reflect.Struct:
		for i := range typ.NumField() {
			f := typ.Field(i)
			if !f.IsExported() {
				t.Errorf("%s.%s is not exported", at, f.Name)
			}
			walk(t, f.Type, at+"."+f.Name, seen)
		}
	}
}

// Each kind of question gets an answer of one of the types above, and a
// question about what there is not gets one too.
func TestAnswers(t *testing.T) {
	var articles []*article.Article
	for _, f := range [][2]string{
		{"content/world/a.md", "title: A\ndate: 2026-01-02\ntags: [x]\nauthor: Ada\nseries: {name: S, part: 1}\naliases: [/old/]\nrelated: [b.md]\nimage: {src: a.jpg, credit: Ada}"},
		{"content/world/b.md", "title: B\ndate: 2026-01-01\ncorrections: [{date: 2026-01-02, text: t}]"},
		{"content/about.md", "title: About"},
	} {
		a, problems := article.Parse(f[0], []byte("---\n"+f[1]+"\n---\ntext\n"))
		if a == nil || len(problems) > 0 {
			t.Fatal(problems)
		}
		articles = append(articles, a)
	}
	set := settings(t, "base_url: https://x.example/\nmenus: {main: [{title: World, url: /world/}]}\ncomments: {service: https://c.example/}\n")
	set.Files = []string{"data/comments/world/2026/01/a.json"}
	front, problems := config.ParseFront("content/fronts/front.yaml", []byte("bar: {text: B, show: all}\nslots: [{name: lead, story: {story: world/b, title: C}}]\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	set.Fronts = []*config.Front{front}
	s, problems := New(set, articles)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	types := map[reflect.Type]bool{}
	for _, a := range answers {
		types[reflect.TypeOf(a)] = true
	}
	known := map[string][][]string{
		"story": {{"content/world/a.md"}}, "card": {{"en", "content/world/a.md"}}, "list": {{"en", "section", "world", "0"}},
		"latest": {{"en", "*", "3"}, {"en", "world", "3"}, {"en", "nowhere", "3"}}, "section": {{"en", "world"}}, "sections": {{"en"}}, "indexes": {{"en"}},
		"author": {{"en", "Ada"}}, "tag": {{"en", "x"}}, "series": {{"en", "S"}}, "related": {{"en", "content/world/a.md", "3"}},
		"near": {{"en", "older", "content/world/a.md"}}, "front": {{"en"}}, "bar": {{"en"}}, "index": {{"en", "tags"}}, "plainpage": {{"en"}},
		"link": {{"content/world/a.md", "b.md"}, {"content/world/a.md", "bb.md"}}, "bodysettings": {{"content/world/a.md"}},
		"url": {{"/x"}}, "absolute": {{"/x"}}, "config": {{"en", "title"}, {"en", "per_page"}, {"en", "nonsense"}},
		"menu": {{"en", "main"}}, "feed": {{"en", "all", ""}}, "sitemaps": {{}}, "sitemap": {{"1"}}, "redirects": {{}}, "redirect": {{"old/index.html"}},
		"newssitemap": {{"1"}}, "withheld": {{"content/world/x.jpg"}},
		"smallfiles": {{}}, "policy": {{}}, "manifest": {{"en"}}, "wire": {{"content/world/a.md"}}, "wirefeed": {{"en", "all", ""}},
		"commenting": {{"en"}}, "commentable": {{}}, "said": {{"content/world/a.md"}}, "threads": {{"en"}},
		"shown": {{"en"}}, "picture": {{"content/world/a.md", "1"}},
	}
	for kind, who := range s.Book() {
		asked := known[kind]
		if asked == nil {
			t.Errorf("%s is not asked", kind)
		}
		for i, args := range append(asked, nil, []string{"", "", "", ""}, []string{"xx", "\x00", "-1", "-1"}) {
			a, err := who.Answer(nil, page.Args(args...))
			if err != nil {
				t.Errorf("%s %q: %v", kind, args, err)
			}
			if a.Value == nil {
				if i < len(asked) {
					t.Errorf("%s %q: there is no answer", kind, args)
				}
				continue
			}
			if !types[reflect.TypeOf(a.Value)] {
				t.Errorf("%s %q is answered with a %T", kind, args, a.Value)
			}
			plain.Append(nil, a.Value)
		}
	}
}

func settings(t *testing.T, more string) Settings {
	t.Helper()
	cfg, problems := config.Parse("site.yaml", []byte("format: 1\ntitle: P\ntimezone: UTC\n"+more))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return Settings{Config: cfg, Languages: map[string]*language.Language{"en": english(t)}, Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Jobs: 2}
}

// Every story of a list is on exactly one of its pages, in order; the pages of
// the archive are full; and a new story changes none of them.
func TestPages(t *testing.T) {
	for per := 1; per <= 20; per++ {
		for n := 0; n <= 100; n++ {
			l := &list{stories: make([]*story, n)}
			at := 0
			for _, k := range append([]int{0}, backward(l.pages(per))...) {
				from, to := l.span(k, per)
				if from != at || to < from {
					t.Fatalf("per %d, n %d: page %d has %d to %d, not from %d", per, n, k, from, to, at)
				}
				if size := to - from; k > 0 && size != per || k == 0 && (size >= 2*per || n >= per && size < per) {
					t.Fatalf("per %d, n %d: page %d has %d stories", per, n, k, size)
				}
				at = to
			}
			if at != n {
				t.Fatalf("per %d, n %d: %d stories are shown", per, n, at)
			}
			more := &list{stories: make([]*story, n+1)}
			for k := 1; k <= l.pages(per); k++ {
				from, to := l.span(k, per)
				if from2, to2 := more.span(k, per); from2 != from+1 || to2 != to+1 {
					t.Fatalf("per %d, n %d: page %d is another after a new story", per, n, k)
				}
			}
		}
	}
}

func backward(n int) (all []int) {
	for ; n > 0; n-- {
		all = append(all, n)
	}
	return all
}

// A site of many old addresses, related by address, is made in no time: nothing
// looks through all stories for each.
func TestMany(t *testing.T) {
	const n = 8000
	articles := make([]*article.Article, n)
	for i := range articles {
		date, _ := fields.ParseWhen(fmt.Sprintf("2026-01-%02d", 1+i%28))
		articles[i] = &article.Article{
			Path: fmt.Sprintf("content/world/s%05d.md", i), Kind: article.Story, Title: "A", Date: date, Section: "The World",
			Rare: &article.Rare{Aliases: []string{fmt.Sprintf("/old/%d.html", i)}, Related: []string{fmt.Sprintf("/the-world/2026/01/s%05d/", (i+28)%n)}},
		}
	}
	start := time.Now()
	s, problems := New(settings(t, ""), articles)
	for _, p := range problems {
		if p.Severity == diag.Error {
			t.Fatal(p)
		}
	}
	book := s.Book()
	for i := range articles {
		for _, q := range [][2]string{
			{"redirect", page.Args(fmt.Sprintf("old/%d.html", i))},
			{"link", page.Args("content/about.md", fmt.Sprintf("wrold/s%05d.md", i))},
			{"related", page.Args("en", articles[i].Path, "3")},
		} {
			if a, err := book[q[0]].Answer(nil, q[1]); err != nil || a.Value == nil {
				t.Fatalf("%v: %v", q, err)
			}
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

func english(t *testing.T) *language.Language {
	t.Helper()
	const name = "../../layouts/languages/en.yaml"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := fields.YAML(name, data, 1)
	l, problems := language.Parse("en", v, name)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return l
}

// A part of the sitemap is below 50 MB though every address is as long as can be,
// in many languages, and has 10,000 pages where they are short.
func TestPerMap(t *testing.T) {
	for _, editions := range []int{1, 2, 12} {
		for _, length := range []int{40, 400, 4000} {
			s := &Site{set: Settings{Config: config.New()}}
			s.set.Config.BaseURL = "https://x.example/"
			for range editions {
				st := &story{url: "/" + strings.Repeat("ص", length/2)}
				s.editions = append(s.editions, &edition{site: s, stories: []*story{st}})
			}
			entry := min(len("https://x.example/")+3*length, longestMapped) + len("  <url>\n    <loc></loc>\n    <lastmod>2026-11-22T12:00:00+00:00</lastmod>\n  </url>\n")
			if editions > 1 {
				entry += editions * (min(len("https://x.example/")+3*length, longestMapped) + len("    <xhtml:link rel=\"alternate\" hreflang=\"zh-Hant-TW\" href=\"\"/>\n"))
			}
			switch per := s.perMap(); {
			case per*entry+300 > 52_428_800:
				t.Errorf("%d pages of %d bytes", per, entry)
			case per < 10_000 && per*entry < 52_428_800/3:
				t.Errorf("only %d pages of %d bytes", per, entry)
			}
		}
	}
	s := &Site{set: Settings{Config: config.New()}}
	s.set.Config.BaseURL = "https://x.example/"
	for url, fits := range map[string]bool{"/" + strings.Repeat("a", 2000): true, "/" + strings.Repeat("a", 2030): false, "/" + strings.Repeat("ص", 338): true, "/" + strings.Repeat("ص", 340): false} {
		if s.mappable(url) != fits {
			t.Errorf("%d bytes: %v", len(url), !fits)
		}
	}
}

// Of more stories than a news sitemap may hold, the older ones stand in another.
func TestNewsParts(t *testing.T) {
	var articles []*article.Article
	for i := range 1001 {
		a, _ := article.Parse(fmt.Sprintf("content/world/s%d.md", i), []byte("---\ntitle: A\ndate: 2026-05-31 12:00\n---\ntext\n"))
		articles = append(articles, a)
	}
	s, _ := New(settings(t, "base_url: https://x.example/\n"), articles)
	index, err := s.answerSitemaps(nil)
	if err != nil {
		t.Fatal(err)
	}
	parts := index.Value.(*Sitemap).Parts
	last, err := s.answerNews([]string{"2"})
	if err != nil || len(parts) != 3 || parts[2].URL != "https://x.example/news-sitemap-2.xml" || len(last.Value.(*NewsSitemap).Entries) != 1 {
		t.Errorf("%v: %+v", err, parts)
	}
}
