package build_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"stet"
	"stet/internal/build"
	"stet/internal/diag"
)

// The sites whose finished pages are held to norms.

var shared struct {
	sync.Once
	dir, said string
	made      int
}

// demoEdition is the demo newspaper with all its pictures, which is made once
// for all tests that only look at it.
func demoEdition(t *testing.T) string {
	t.Helper()
	shared.Do(func() {
		shared.dir, _ = os.MkdirTemp("", "stet-demo")
		rep, problems := build.Run(context.Background(), build.Options{Dir: "../..", Out: shared.dir, Theme: stet.Theme(), Now: demoTime})
		var b strings.Builder
		diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
		shared.said, shared.made = b.String(), rep.Made
	})
	if shared.made == 0 {
		t.Fatalf("the demo newspaper does not build: %s", shared.said)
	}
	return shared.dir
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.dir != "" {
		os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// sampleSite is the paper that a stranger begins with, in English and Arabic.
func sampleSite(t *testing.T) build.Options {
	t.Helper()
	o := build.Options{Dir: t.TempDir(), Out: filepath.Join(t.TempDir(), "out"), Theme: stet.Theme(), Now: demoTime}
	write(t, o.Dir, "site.yaml", "format: 1\ntitle: The Valley Post\ndescription: News of the valley.\nbase_url: https://paper.example/news/\ntimezone: Asia/Baghdad\n"+
		"languages:\n  en: {}\n  ar: {title: بريد الوادي, description: أخبار الوادي}\nper_page: 2\npublisher: {name: Valley Press, logo: /favicon.svg, policies: {corrections: /about/, ethics: 'https://press.example/ethics'}}\n")
	const from = "../../cmd/stet/sample"
	dates := strings.NewReplacer("DATE1", "2026-11-21 18:15", "DATE2", "2026-11-20 09:15", "DATE3", "2026-11-18 11:15")
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(from, name)
		rel = strings.TrimPrefix(filepath.ToSlash(rel), "en/")
		write(t, o.Dir, "content/"+rel, dates.Replace(string(data)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// stressSite has what is hard to say right, in all kinds of pages.
func stressSite(t *testing.T) build.Options {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/stress.txtar")
	if err != nil {
		t.Fatal(err)
	}
	o := build.Options{Dir: t.TempDir(), Out: filepath.Join(t.TempDir(), "out"), Theme: stet.Theme(), Now: demoTime}
	for _, f := range archive.Files {
		write(t, o.Dir, f.Name, string(f.Data))
	}
	for name, size := range map[string]drawing{
		"content/world/pictures/a.jpg": {width: 1600, height: 1200, credit: "Ann Lee/The \"Wire\" <&>", creator: "Ann Lee", copyright: "© 2026 The Wire", seed: 1},
		"content/world/pictures/b.jpg": {width: 900, height: 1200, credit: "Ben Cole", license: "https://wire.example/terms", secret: true, seed: 2},
		"content/authors/ann.jpg":      {width: 400, height: 400, credit: "Ben Cole", seed: 3},
	} {
		write(t, o.Dir, name, string(size.file(t, name)))
	}
	return o
}
