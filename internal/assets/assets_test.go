package assets

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stet/internal/archive"
	"stet/internal/diag"
	"stet/internal/page"
)

var update = flag.Bool("update", false, "write the goldens anew")

// Each archive is the files of a site; "asked" lists the assets that a page
// asks for, and want is what comes of it: answers, pages and problems.
func TestAssets(t *testing.T) {
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
			got := build(t, a.Files, strings.Split(strings.TrimSpace(a.Files["asked"]), "\n"))
			if *update {
				if !slices.Contains(a.Names, "want") {
					a.Names = append(a.Names, "want")
				}
				a.Files["want"] = got
				if err := os.WriteFile(path, a.Format(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got != a.Files["want"] {
				t.Errorf("got:\n%s\nwant:\n%s", got, a.Files["want"])
			}
		})
	}
}

// build makes a page that asks for assets, and the pages these call for.
func build(t testing.TB, files map[string]string, asked []string) string {
	t.Helper()
	out, problems := tryBuild(t, files, asked)
	text := strings.Join(out, "")
	for _, p := range diag.Sort(problems) {
		text += "! " + p.Error() + "\n! " + p.Hint + "\n"
	}
	return text
}

func tryBuild(t testing.TB, files map[string]string, asked []string) (out []string, problems []diag.Problem) {
	t.Helper()
	read := func(ask *page.Ask, path string) ([]byte, bool, error) {
		_, err := ask.Digest("source", path)
		data, ok := files[path]
		return []byte(data), ok, err
	}
	book := Book(read)
	book["url"] = answer(func(args string) any { return "/base" + page.Fields(args, 1)[0] })
	book["source"] = answer(func(args string) any { return files[args] })
	makers := Makers(read)
	makers["test"] = func(ask *page.Ask, p page.Page, to *page.Content) error {
		for _, name := range asked {
			a, err := page.Get[*Asset](ask, "asset", page.Args(name))
			if err != nil {
				return err
			}
			if a == nil {
				out = append(out, name+" is nowhere\n")
			} else {
				out = append(out, name+" is "+a.Name+" at "+a.URL+"\n")
			}
		}
		return nil
	}
	_, problems, err := new(page.Ledger).Make(context.Background(), []page.Page{{Path: "index.html", Kind: "test"}}, page.Job{
		Makers: makers,
		Book:   book,
		Calls:  []string{"asset"}, More: func(ask *page.Ask, of func(string) []string) ([]page.Page, error) {
			return Pages(ask, of("asset")), nil
		},
		Put: func(r page.Result) error {
			if r.Kind == "asset" {
				if r.Content.Copy != "" {
					out = append(out, "> "+r.Path+" copies "+r.Content.Copy+"\n")
				} else {
					out = append(out, "> "+r.Path+"\n"+r.Content.Body.String())
				}
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, problems
}

func answer(f func(args string) any) page.Answerer {
	return page.Answerer{Answer: func(_ *page.Ask, args string) (page.Answer, error) {
		return page.Answer{Value: f(args)}, nil
	}}
}

// A changed font changes the names of all that leads to it, and of nothing else.
func TestNames(t *testing.T) {
	files := map[string]string{
		"static/assets/a.css": `@import "b.css";`, "static/assets/b.css": `@font-face { src: url(f.woff2) }`, "static/assets/f.woff2": "1", "static/assets/c.css": "c{}",
	}
	asked := []string{"a.css", "c.css"}
	before, _ := tryBuild(t, files, asked)
	files["static/assets/f.woff2"] = "2"
	after, _ := tryBuild(t, files, asked)
	if before[0] == after[0] || before[1] != after[1] {
		t.Errorf("before %q, after %q", before, after)
	}
}

func TestReferences(t *testing.T) {
	for css, want := range map[string]string{
		`a { b: url(x.png) }`:                              "x.png",
		`a { b: URL( 'x y.png' ), url("z") }`:              "x y.png|z",
		`@import "a.css"; @IMPORT/**/ url(b.css) screen;`:  "a.css|b.css",
		`@import 'a.css' layer(x);`:                        "a.css",
		`/* url(no) @import "no" */ a{b:url(yes)}`:         "yes",
		`a::after { content: "url(no)"; c: 'url("no")' }`:  "",
		`a { b: my-url(no); c: curl(no); d: #url(no) }`:    "",
		`a { b: url(a\).png) }`:                            "a).png",
		`a { b: url("a\"b\000041 c\41.png") }`:             `a"bAcA.png`,
		`a { b: url(bad'quote) url(good) }`:                "good",
		`a { b: url(with space) url() url( ) }`:            "|",
		"a { b: \"unended\n url(x) }":                      "x",
		`a { b: url(unended`:                               "",
		`a { b: url("unended`:                              "",
		`/* unended url(x)`:                                "",
		`a { b: "\`:                                        "",
		`a { b: \`:                                         "",
		`@import`:                                          "",
		`@import "`:                                        "",
		`@importer "no"; @import/* url(no) */"x"`:          "x",
		`a { b: image-set("no.png" 1x, url("yes.png") 2x)`: "yes.png",
		`a { b: url("x" format) }`:                         "",
		`a { b: "url(" url(x) ")" }`:                       "x",
		"a { b: \"a\\\nurl(no)\" }":                        "",
	} {
		var got []string
		for _, r := range references(css) {
			got = append(got, r.url)
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%s: got %q, want %q", css, s, want)
		}
	}
}

// Comments are not sent, but for those that want to be read; what they stood
// between stays apart, and every line where it was.
func TestComments(t *testing.T) {
	for css, want := range map[string]string{
		"/* a */a{}":                          "a{}",
		"a/* b */c{}":                         "a/**/c{}",
		"a /* b */c{}":                        "a c{}",
		"a{b:c/* d */}":                       "a{b:c}",
		"/* a\n b\n*/c{}":                     "\n\nc{}",
		"a/*\n*/b{}":                          "a\nb{}",
		"/*! free */a{}/*# b=c */":            "/*! free */a{}/*# b=c */",
		"/**/a{}/***/":                        "a{}",
		`a{b:"/* c */"}/* d */`:               `a{b:"/* c */"}`,
		"a{b:url(/*c*/)}":                     "a{b:url(/*c*/)}",
		"a{} /* unended":                      "a{} /* unended",
		"/* a */@import/* b */\"y.css\"/**/;": "@import/**/\"/base/assets/y.9fa229a4f6.css\";",
	} {
		out, _ := tryBuild(t, map[string]string{"static/assets/x.css": css, "static/assets/y.css": "y{}"}, []string{"x.css"})
		_, got, _ := strings.Cut(out[len(out)-1], "\n")
		for _, page := range out[1:] {
			if strings.HasPrefix(page, "> assets/x.") {
				_, got, _ = strings.Cut(page, "\n")
			}
		}
		if got != want {
			t.Errorf("of %q there is %q, want %q", css, got, want)
		}
	}
}

// Whatever a stylesheet holds, its references lie in order inside it, and once
// rewritten it refers to as many files.
func FuzzReferences(f *testing.F) {
	f.Add(`@import "a.css"; a { b: url(x.png) url("y\"z") }`)
	f.Add("/* */ \\ url('\\\n') @import")
	f.Fuzz(func(t *testing.T, css string) {
		last := 0
		found := references(css)
		for _, r := range found {
			if r.start < last || r.end <= r.start || r.end > len(css) || r.at < r.start || r.at > r.end {
				t.Fatalf("%q: %+v after %d", css, r, last)
			}
			last = r.end
		}
		files := map[string]string{"static/assets/x.css": css}
		out, _ := tryBuild(t, files, []string{"x.css"})
		if len(found) > 0 || len(out) != 2 {
			return
		}
		_, sent, _ := strings.Cut(out[1], "\n")
		if len(scan(css).comments) == 0 && sent != css {
			t.Errorf("%q was changed: %q", css, out)
		}
		for _, c := range scan(sent).comments {
			if left := sent[c.start:c.end]; left != "/**/" && left[2] != '!' && left[2] != '#' {
				t.Errorf("of %q %q is left", css, sent)
			}
		}
		if strings.Count(sent, "\n") != strings.Count(css, "\n") {
			t.Errorf("%q and %q have not as many lines", css, sent)
		}
	})
}
