package article_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stet/internal/article"
)

// What is noted of a text's pictures when it is parsed is what is shown when it
// is rendered, whatever was passed over.
func FuzzShown(f *testing.F) {
	seeds(f, "render", "body.md")
	for _, body := range []string{
		"Text.\n\n![a](b.jpg \"c [d]\")\n\nMore.\n", "<!-- a\n\nb -->\n\n![a](b.jpg)\n", "```\na\n\n![a](b.jpg)\n\n```\n", "a[^1]\n\n[^1]: b\n\n    ![a](b.jpg)\n",
		":::photo {src=a.jpg credit=\"A/B\" courtesy=true focus=\"0.2,0.3\"}\nCaption.\n\nMore.\n:::\n", ":::embed {src=https://a/ title=b image=c.jpg}\nd [e]\n:::\n", ":::gallery\n![a](a.jpg)\n![b](b.jpg \"B [C]\")\n\ntext\n:::\n",
		"> ![a](b.jpg)\n\n- ![c](d.jpg)\n\n  ![e](f.jpg)\n", "![a][x]\n\ntext\n\n[x]: b.jpg \"c\"\n", "text ![a](b.jpg) text\n", "a\n\n===\n\n![a](b.jpg)",
		"<pre>\n\na\n\n![a](b.jpg)\n\n</pre>\n", "<script>\n\nlet x</script>\n\n![a](b.jpg)", "[![a](b.jpg)](c.md)\n\n![*a* \"b\"](<c d.jpg> 'e \"f\" [g \"h\"]'){size=wide focus=\"50% 20%\"}",
	} {
		f.Add([]byte(body))
	}
	_ = fs.WalkDir(os.DirFS("../../content"), ".", func(name string, _ fs.DirEntry, err error) error {
		if data, _ := os.ReadFile(filepath.Join("../../content", name)); strings.HasSuffix(name, ".md") {
			_, body, _ := strings.Cut(strings.TrimPrefix(string(data), "---"), "\n---\n")
			f.Add([]byte(body))
		}
		return err
	})
	f.Fuzz(func(t *testing.T, body []byte) {
		const head = "---\ntitle: A\ndate: 2026-01-01\n---\n"
		a, _ := article.Parse("content/a/b.md", []byte(head+string(body)))
		if a == nil {
			return
		}
		var want []article.Picture
		there := func(dest string, _ int) (article.Target, error) { return article.Target{URL: dest}, nil }
		article.Render("content/a/b.md", article.Body([]byte(head+string(body)), a.BodyLine), article.Options{Link: there, Picture: there,
			Figure: func(f article.Figure) (string, error) {
				src, _ := article.PathOf(f.Src)
				if src == "" || strings.Contains(src, ":") {
					return "", nil
				}
				p := article.Picture{Src: src, Alt: f.Alt, Caption: f.CaptionText, Credit: f.Credit, Courtesy: f.Attrs["courtesy"] == "true"}
				p.Focus, _ = article.ReadFocus(f.Attrs["focus"])
				want = append(want, p)
				return "", nil
			}})
		if !slices.Equal(a.Shown, want) {
			t.Errorf("of\n%s\nis noted %+v, but shown is %+v", body, a.Shown, want)
		}
	})
}
