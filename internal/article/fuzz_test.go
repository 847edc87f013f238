package article_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"stet/internal/article"
)

func seeds(f *testing.F, folder, suffix string) {
	files, _ := filepath.Glob("testdata/" + folder + "/*.txt")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range strings.Split(string(data), "\n-- ") {
			if name, body, found := strings.Cut(part, " --\n"); found && strings.HasSuffix(name, suffix) && !strings.HasPrefix(name, "want ") {
				f.Add([]byte(body))
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	seeds(f, "parse", ".md")
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, path := range []string{"content/a/b.md", "content/authors/x.md", "content/_index.md"} {
			a, problems := article.Parse(path, data)
			if a == nil && len(problems) == 0 {
				t.Error("nothing was read and nobody says why")
			}
			for _, p := range problems {
				if p.Text == "" || p.Path != path || p.Line < 1 {
					t.Errorf("a problem without place or text: %+v", p)
				}
			}
		}
	})
}

// What is not trusted never brings a script, whatever the bytes and however the
// pieces are put together.
func FuzzRender(f *testing.F) {
	seeds(f, "render", "body.md")
	for _, s := range []string{
		"<div>\n<img src=x onerror=alert(1)\n\n> </div>", "[a](java&Tab;script:x)", "<javascript:alert(1)>", "<a href=' javascript:x'>a</a>",
		"![<script>](x \"<script>\")", ":::a {b=\"<script>\"}\n<script>\n:::", "# a {#\"><script>}", "<svg><style><img title='</style><img src=x onerror=alert(1)>'>",
		"`<script>`", "[x]: javascript:y\n\n[x]", "<!--><script>alert(1)</script>-->", "<a\nhref=\"javascript:x\">", "[a](<javascript:x>)", "![a](data:text/html,x)",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		o := article.Options{Quotes: quotes["en"], Dateline: "LONDON"}
		made, problems := article.Render("content/a/b.md", body, o)
		harmless(t, made)
		for _, p := range problems {
			if p.Text == "" || p.Line < 1 || p.Column < 1 {
				t.Errorf("a problem without place or text: %+v", p)
			}
		}
		article.Inline(string(body), quotes["fr"])
		marked, _ := article.Inline(string(body), quotes["en"])
		harmless(t, marked)
	})
}

// harmless looks at HTML as a browser would.
func harmless(t *testing.T, made string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(made))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("a comment got through: %q", z.Raw())
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			switch token.Data {
			case "script", "style", "iframe", "object", "embed", "svg", "math", "base", "link", "meta", "form", "textarea", "title", "xmp", "noscript", "template":
				t.Errorf("<%s> got through: %s", token.Data, made)
			}
			for _, a := range token.Attr {
				url := strings.ToLower(strings.Map(func(r rune) rune {
					if r <= ' ' {
						return -1
					}
					return r
				}, a.Val))
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" ||
					(a.Key == "href" || a.Key == "src") && (strings.HasPrefix(url, "javascript:") || strings.HasPrefix(url, "data:") || strings.HasPrefix(url, "vbscript:")) {
					t.Errorf("%s=%q got through: %s", a.Key, a.Val, made)
				}
			}
		}
	}
}
