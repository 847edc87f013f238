package layout

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stet/internal/archive"
)

// Whatever a layout holds, what is wrong with it is told with a place inside
// of it, nothing panics, and it is the same compiled as not.
func FuzzLayout(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		a := archive.Parse(data)
		f.Add(a.Files["article.html"], a.Files["partials/p.html"])
	}
	f.Fuzz(func(t *testing.T, article, partial string) {
		files := map[string][]byte{
			"article.html": []byte(article), "partials/p.html": []byte(partial),
			"base.html": []byte(`<title>{{ block "title" . }}x{{ end }}</title>{{ block "main" . }}{{ end }}`),
		}
		l, problems := New(files, languages)
		p := &press{layouts: l, dot: story()}
		if len(article)+len(partial) < 2000 && !strings.Contains(article+partial, "range") {
			made := p.make("world/index.html")
			problems = append(problems, made...)
			plain, _ := New(files, languages)
			plain.Interpret()
			q := &press{layouts: plain, dot: story()}
			if wrong := q.make("world/index.html"); fmt.Sprint(wrong) != fmt.Sprint(made) || p.out["world/index.html"] != q.out["world/index.html"] {
				t.Errorf("%q, %q: compiled it gives %v %q, with html/template %v %q", article, partial, made, p.out, wrong, q.out)
			}
		}
		for _, p := range problems {
			text, ok := files[strings.TrimPrefix(p.Path, folder)]
			if !ok {
				continue
			}
			lines := bytes.Split(bytes.TrimPrefix(text, []byte(byteOrderMark)), []byte("\n"))
			if p.Text == "" || p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len(bytes.Runes(lines[p.Line-1]))+1 {
				t.Errorf("%q, %q: %+v", article, partial, p)
			}
		}
	})
}
