package build_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"stet"
	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/page"
)

// A check is handed each HTML page as a build publishes it, and puts nothing
// anywhere.
func TestCheckPages(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	write(t, dir, "site.yaml", "format: 1\ntitle: A\ntimezone: UTC\n")
	write(t, dir, "content/about.md", "---\ntitle: About\n---\nAbout us.\n")
	write(t, dir, "content/news/a.md", "---\ntitle: One\ndate: 2026-01-02\n---\nA [link](b.md), and [us](../about.md).\n")
	write(t, dir, "content/news/b.md", "---\ntitle: Two\ndate: 2026-01-03\n---\nA text.\n")
	write(t, dir, "content/news/c.md", "---\ntitle: Gone\ndate: 2026-01-03\nstatus: killed\n---\nA a a text.\n")
	o := build.Options{Dir: dir, Out: out, Theme: stet.Theme(), Now: demoTime}
	if _, problems := build.Run(context.Background(), o); len(problems) > 0 {
		t.Fatal(problems)
	}
	var mu sync.Mutex
	seen := map[string]string{}
	o.Out = filepath.Join(t.TempDir(), "out")
	done, problems := build.Check(context.Background(), o, build.Checking{Page: func(pg page.Page, html []byte) {
		mu.Lock()
		defer mu.Unlock()
		if seen[pg.Path] != "" {
			t.Errorf("%s was handed on twice", pg.Path)
		}
		seen[pg.Path] = string(html)
	}})
	if len(problems) > 0 || !done.Read {
		t.Fatal(problems)
	}
	if got := strings.Join(done.Stories, " "); got != "content/about.md content/news/a.md content/news/b.md" {
		t.Errorf("looked at %s", got)
	}
	if _, err := os.Stat(o.Out); err == nil {
		t.Error("something was put in place")
	}
	n := 0
	err := filepath.Walk(out, func(name string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || filepath.Ext(name) != ".html" {
			return err
		}
		n++
		path, _ := filepath.Rel(out, name)
		if data, _ := os.ReadFile(name); !bytes.Equal(data, []byte(seen[filepath.ToSlash(path)])) {
			t.Errorf("%s is another page in the edition", path)
		}
		return nil
	})
	if err != nil || n != len(seen) || n < 10 {
		t.Errorf("%d pages in the edition, %d handed on: %v", n, len(seen), err)
	}
}

// What a site cannot be built for is said, whatever else could be looked at.
func TestCheckBroken(t *testing.T) {
	dir := t.TempDir()
	o := build.Options{Dir: dir, Out: filepath.Join(dir, "public"), Theme: stet.Theme(), Now: demoTime}
	if done, problems := build.Check(context.Background(), o, build.Checking{}); done.Read || !diag.AnyError(problems) {
		t.Error("there is no site.yaml", problems)
	}
	write(t, dir, "site.yaml", "format: 1\ntitle: A\ntimezone: UTC\n")
	write(t, dir, "content/news/a.md", "---\ntitle: One\ndate: 2026-01-02\nimage: a.jpg\n---\nA [link](none.md).\n")
	write(t, dir, "layouts/article.html", "{{ nothing }}")
	_, problems := build.Check(context.Background(), o, build.Checking{})
	var texts []string
	for _, p := range problems {
		texts = append(texts, p.Path+": "+p.Text)
	}
	got := strings.Join(texts, "\n")
	for _, want := range []string{"layouts/article.html: ", "content/news/a.md: the picture has no credit", "none.md"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said:\n%s", want, got)
		}
	}
}

// The panel of the preview says of a story what a check says of it, in each
// language, whether the story is old or not.
func TestCheckAtDesk(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "site.yaml", "format: 1\ntitle: A\ntimezone: UTC\nlanguages: {en: {}, ar: {}}\ncheck: {date-style: error, headline-card: off, story-unlisted: off, since: 2026-01-05}\n")
	slips := "\n---\nThey said the the same on 2nd May.\n\nCorrection: no.\n\n![A mill, seen from here](/mill.jpg \"A mill seen from here\")\n"
	write(t, dir, "content/about.md", "---\ntitle: About"+slips)
	write(t, dir, "content/opinion/a.md", "---\ntitle: One\nimage: /mill.jpg\ndate: 2026-01-06"+slips)
	write(t, dir, "content/opinion/old.md", "---\ntitle: Old\ngallery: [/mill.jpg, {src: /mill.jpg, alt: A mill}]\ndate: 2026-01-02"+slips)
	write(t, dir, "content/ar/opinion/a.md", "---\ntitle: خبر\ndate: 2026-01-07\n---\nقال في في ٢ أيار.\n\nتصحيح: لا.\n")
	write(t, dir, "static/mill.jpg", string(drawing{width: 60, height: 40, caption: "A mill"}.file(t, "mill.jpg")))
	o := build.Options{Dir: dir, Out: filepath.Join(t.TempDir(), "out"), Theme: stet.Theme(), Now: demoTime, Desk: true, Proof: true}
	done, found := build.Check(context.Background(), o, build.Checking{})
	said := map[string][]diag.Problem{}
	for _, p := range append(found, done.Older...) {
		said[p.Path] = append(said[p.Path], p)
	}
	rep, _ := build.Run(context.Background(), o)
	for file, source := range map[string]string{"about/index.html": "content/about.md", "opinion/2026/01/a/index.html": "content/opinion/a.md",
		"opinion/2026/01/old/index.html": "content/opinion/old.md", "ar/opinion/2026/01/a/index.html": "content/ar/opinion/a.md"} {
		f := rep.Desk.Facts(file)
		if f == nil {
			t.Fatalf("%s is not there", file)
		}
		if got := diag.Sort(f.Checks); !slices.Equal(got, said[source]) || len(got) < 3 {
			t.Errorf("%s: the desk says\n%v\nand a check\n%v", source, got, said[source])
		}
	}
	if len(done.Older) < 5 || done.Since != "2026-01-05" || slices.ContainsFunc(found, func(p diag.Problem) bool { return p.Path == "content/opinion/old.md" }) {
		t.Errorf("of older stories since %s is said: %v", done.Since, done.Older)
	}
}
