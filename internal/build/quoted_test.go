package build_test

import (
	"context"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stet"
	"stet/internal/build"
	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/output"
	"stet/internal/page"
)

// Every article's page shows its text as it was answered, and says where: so no
// text is rendered again when something else of the page changes.
func TestQuoted(t *testing.T) {
	papers := map[string]build.Options{"bench": benchSite(t), "demo": {Dir: "../..", Theme: stet.Theme(), Now: demoTime}}
	for name, o := range papers {
		t.Run(name, func(t *testing.T) {
			o.Out, o.Proof, o.Memory = filepath.Join(t.TempDir(), "out"), true, new(build.Memory)
			rep, problems := build.Run(context.Background(), o)
			shown := 0
			for _, p := range rep.Ledger.Pages {
				if p.Kind != "article" {
					continue
				}
				text, err := os.ReadFile(filepath.Join(o.Out, p.Path))
				if err != nil {
					t.Fatal(err)
				}
				if p.Quote.Size == 0 {
					if asks(rep.Ledger, p, "body") {
						t.Errorf("%s does not say where its text is", p.Path)
					}
					continue
				}
				asked := rep.Ledger.Questions[p.Note[p.Quote.Nth]]
				if body := text[p.Quote.At : p.Quote.At+p.Quote.Size]; asked.Kind != "body" || page.Sum(template.HTML(body)) != asked.Digest {
					t.Errorf("%s shows this for %s: %s", p.Path, asked.Question, body)
				}
				shown++
			}
			if shown < 20 {
				t.Errorf("%d texts are shown: %v", shown, problems)
			}
		})
	}
}

// When a layout is edited, its pages are made again with the texts that the old ones
// show: none is rendered, which would ask how.
func TestQuotedAgain(t *testing.T) {
	o := benchSite(t)
	o.Out, o.Cache, o.Clock = filepath.Join(t.TempDir(), "out"), cache.Folder{Dir: t.TempDir(), Version: "1"}, time.Now
	rendered := func() (made, texts int) {
		rep, problems := build.Run(context.Background(), o)
		if diag.AnyError(problems) {
			t.Fatal(problems)
		}
		for _, c := range rep.Profile {
			if c.What == "question" && c.Name == "bodysettings" {
				texts += c.Times
			}
		}
		return rep.Made, texts
	}
	if made, texts := rendered(); made < 60 || texts < 60 {
		t.Fatalf("%d pages were made first, and %d texts rendered", made, texts)
	}
	layout := filepath.Join(o.Dir, "layouts", "article.html")
	text, err := os.ReadFile(layout)
	if err != nil {
		t.Fatal(err)
	}
	write(t, o.Dir, "layouts/article.html", strings.Replace(string(text), "<h1>", "<h1 class=new>", 1))
	if made, texts := rendered(); made < 60 || texts > 0 {
		t.Errorf("%d pages were made again, and %d texts rendered", made, texts)
	}
	for _, layout := range []string{strings.Replace(string(text), "<h1>", "<h1 class=new>", 1), "no text", string(text)} {
		write(t, o.Dir, "layouts/article.html", layout)
		rendered()
		clean := o
		clean.Out, clean.Cache = filepath.Join(t.TempDir(), "out"), cache.Folder{}
		build.Run(context.Background(), clean)
		if d := cmp.Diff(saysOfFiles(t, clean.Out), saysOfFiles(t, o.Out)); d != "" {
			t.Errorf("the manifest says of pages: %s", d)
		}
	}
}

// saysOfFiles is what an edition's manifest says about its files.
func saysOfFiles(t *testing.T, out string) map[string]string {
	data, err := os.ReadFile(filepath.Join(out, output.Own, "manifest"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for l := range strings.Lines(string(data)) {
		if f := strings.SplitN(l, " ", 4); len(f) == 4 {
			name, about, _ := strings.Cut(f[3], "\t")
			all[name] = about
		}
	}
	if len(all) < 60 {
		t.Fatalf("the manifest has %d files", len(all))
	}
	return all
}

func asks(l *page.Ledger, p page.PageNote, kind string) bool {
	for _, n := range p.Note {
		if l.Questions[n].Kind == kind {
			return true
		}
	}
	return false
}
