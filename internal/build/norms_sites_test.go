package build_test

import (
	"context"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"stet"
	"stet/internal/build"
	"stet/internal/diag"
)

// The sites whose finished pages are held to norms.

// A paper is a site whose edition is made once for all tests that only look at it.
type paper struct {
	site   func(t *testing.T) build.Options
	silent bool // nothing is to be said of it

	mu     sync.Mutex
	folder string // of the edition, "" until it is made
	said   string // by the build
	made   int    // pages
	pages  *edition
}

// The demo newspaper is made with all its pictures.
var (
	demoPaper   = &paper{site: demoSite}
	samplePaper = &paper{site: sampleSite}
	stressPaper = &paper{site: stressSite}
	lightPaper  = &paper{site: lightSite, silent: true}
	fewPaper    = &paper{site: fewWords, silent: true}
)

// edition is the folder of the edition, which nobody changes.
func (p *paper) edition(t *testing.T) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.folder != "" {
		return p.folder
	}
	o := p.site(t)
	o.Out = lasting(t)
	rep, problems := build.Run(context.Background(), o)
	var b strings.Builder
	diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
	if rep.Made == 0 || diag.AnyError(problems) {
		t.Fatalf("a paper does not build: %s", &b)
	}
	if p.silent && b.Len() > 0 {
		t.Errorf("of a paper is said: %s", &b)
	}
	p.folder, p.said, p.made = o.Out, b.String(), rep.Made
	return p.folder
}

// read is the edition as whoever reads it finds it.
func (p *paper) read(t *testing.T) *edition {
	t.Helper()
	dir := p.edition(t)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pages == nil {
		p.pages = read(t, dir, demoTime)
	}
	return p.pages
}

// scratch is a folder that is there until all tests have ended.
var scratch string

// lasting is a new folder in it.
func lasting(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(scratch, "")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// roomier is how much the heap may grow between two collections, in percent. The
// tests make thousands of small editions, and would spend a quarter of their time on
// collecting otherwise.
const roomier = 400

func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(roomier)
	}
	var err error
	if scratch, err = os.MkdirTemp("", "stet-papers"); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	os.RemoveAll(scratch)
	os.Exit(code)
}

// demoSite is the demo newspaper. The sizes of its pictures, which take long, are made
// once for all its editions.
func demoSite(*testing.T) build.Options {
	return build.Options{Dir: "../..", Theme: stet.Theme(), Now: demoTime, Pictures: filepath.Join(scratch, "pictures")}
}

// sampleSite is the paper that a stranger begins with, in English and Arabic.
func sampleSite(t *testing.T) build.Options {
	t.Helper()
	o := build.Options{Dir: t.TempDir(), Theme: stet.Theme(), Now: demoTime}
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
	o := build.Options{Dir: t.TempDir(), Theme: stet.Theme(), Now: demoTime}
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
