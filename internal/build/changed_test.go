package build_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"stet/internal/build"
	"stet/internal/diag"
)

// A file that changes while it is being built makes the build begin anew, so
// that the edition is that of the file as it is now: a text that is rendered, a
// text that is rendered once more for a feed, a file that is copied, and one of
// data.
func TestChangedUnderway(t *testing.T) {
	for _, c := range []struct{ file, shown string }{
		{"content/world/b.md", "world/2026/01/b/index.html"},
		{"content/world/a.md", "feed.xml"},
		{"static/x.txt", "x.txt"},
		{"data/d.yaml", "index.html"},
	} {
		t.Run(c.file, func(t *testing.T) {
			dir := t.TempDir()
			files := map[string]string{
				"site.yaml":          "format: 1\ntitle: P\ntimezone: UTC\nbase_url: https://x.example/\n",
				"content/world/a.md": "---\ntitle: A\ndate: 2026-01-01\n---\nword: before\n",
				"content/world/b.md": "---\ntitle: B\ndate: 2026-01-02\n---\nword: before\n",
				"static/x.txt":       "word: before\n", "data/d.yaml": "word: before\n",
				"layouts/article.html": "{{ body }}", "layouts/front.html": `{{ data "d" "word" }}`,
				"layouts/section.html": "{{ .Title }}", "layouts/archive.html": "{{ .Title }}", "layouts/404.html": "gone",
			}
			for name, text := range files {
				writeFile(t, filepath.Join(dir, "site", name), text)
			}
			// The page that is made first is of another kind each time.
			var once sync.Once
			tell := func(done, _ int) {
				if c.file == "data/d.yaml" && done == 0 {
					return
				}
				once.Do(func() {
					writeFile(t, filepath.Join(dir, "site", c.file), strings.ReplaceAll(files[c.file], "before", "after!"))
				})
			}
			theme := words().(fstest.MapFS)
			o := build.Options{Dir: filepath.Join(dir, "site"), Out: filepath.Join(dir, "out"), Theme: theme, Now: demoTime, Jobs: 1, Progress: tell}
			if c.file == "data/d.yaml" { // the front page, which asks for it, is the first
				o.Theme = &meddler{FS: theme, when: "layouts/languages/en.yaml", do: func() { tell(1, 1) }}
			}
			rep, problems := build.Run(context.Background(), o)
			if diag.AnyError(problems) {
				t.Fatal(problems)
			}
			got, err := os.ReadFile(filepath.Join(dir, "out", c.shown))
			if err != nil || !strings.Contains(string(got), "after!") {
				t.Errorf("%s: %v, of %d files\n%s", c.shown, err, rep.Files, got)
			}
		})
	}
}

// A file that changes at every look is an error in the end, not a crash.
func TestNeverStill(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "site", "site.yaml"), "format: 1\ntitle: P\ntimezone: UTC\n")
	n := 0
	files := words().(fstest.MapFS)
	files["static/z.txt"] = &fstest.MapFile{} // is loaded after site.yaml
	theme := &meddler{FS: files, when: "static/z.txt"}
	theme.do = func() {
		n++
		writeFile(t, filepath.Join(dir, "site", "site.yaml"), "format: 1\ntitle: P\ntimezone: UTC\n#"+strings.Repeat("x", n)+"\n")
	}
	_, problems := build.Run(context.Background(), build.Options{Dir: filepath.Join(dir, "site"), Out: filepath.Join(dir, "out"), Theme: theme, Now: demoTime, Jobs: 1})
	if len(problems) == 0 || !strings.Contains(problems[0].Text, "changed while it was being built") {
		t.Error(problems)
	}
	if _, err := os.Stat(filepath.Join(dir, "out")); err == nil {
		t.Error("there is an output folder")
	}
}

// A meddler does something whenever a file is opened.
type meddler struct {
	fs.FS
	when string
	do   func()
}

func (m *meddler) Open(name string) (fs.File, error) {
	if name == m.when {
		m.do()
	}
	return m.FS.Open(name)
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Millisecond)
}
