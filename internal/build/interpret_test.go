package build_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"stet"
	"stet/internal/build"
	"stet/internal/diag"
)

// html/template itself makes of whole papers what their compiled layouts make:
// the same bytes, and the same messages. TestSites and TestRandomEdits hold each
// of their sites to it too.
func TestNotCompiled(t *testing.T) {
	papers := map[string]func(*testing.T) build.Options{
		"stress": stressSite, "sample": sampleSite, "bench": benchSite,
		"demo": func(*testing.T) build.Options {
			return build.Options{Dir: "../..", Theme: stet.Theme(), Now: demoTime}
		},
	}
	for name, paper := range papers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := paper(t)
			o.Proof = true // nothing is decoded: pictures have no layouts
			o.Out = filepath.Join(t.TempDir(), "compiled")
			rep, problems := build.Run(context.Background(), o)
			if rep.Made < 20 || diag.AnyError(problems) {
				t.Fatalf("made %d pages: %v", rep.Made, problems)
			}
			p := o
			p.Out, p.Interpret = filepath.Join(t.TempDir(), "not"), true
			again, wrong := build.Run(context.Background(), p)
			if a, b := saying(rep, problems), saying(again, wrong); a != b || again.Made != rep.Made {
				t.Errorf("compiled, %d pages are made and it says\n%s\nnot compiled, %d and\n%s", rep.Made, a, again.Made, b)
			}
			if d := differ(o.Out, p.Out); d != "" {
				t.Errorf("these are others: %s", d)
			}
		})
	}
}

// benchSite has the layouts with which Stet is measured, and the settings.
func benchSite(t *testing.T) build.Options {
	o := build.Options{Dir: t.TempDir(), Theme: stet.Theme(), Now: demoTime}
	write(t, o.Dir, "site.yaml", "format: 1\ntitle: \"The Example Courier\"\ndescription: \"News made up for measuring.\"\nbase_url: https://news.example/\nlanguage: en\n"+
		"timezone: UTC\nper_page: 20\narchive: off\nimages: {as_is: true}\nfeeds: {text: summary, formats: [rss], terms: false}\n")
	const from = "../../bench/stet"
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(from, name)
		write(t, o.Dir, filepath.ToSlash(rel), string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		write(t, o.Dir, fmt.Sprintf("content/%s/story-%d.md", sections[i%2], i), fmt.Sprintf("---\ntitle: 'Story %d: \"a\" & <b>'\ndate: 2026-%02d-%02d 10:00\nauthor: [%s, Ben O'Cole]\n"+
			"tags: [%s, \"Tea & <Toast>\"]\ndateline: Basra\nsummary: 'What \"they\" say & do'\nimage: {src: photo.jpg, alt: 'A \"mill\"', caption: It burnt., credit: Ann & Co}\n---\nText of *story* %d.\n\n![The mill](photo.jpg)\n",
			i, 1+i%9, 1+i%28, people[i%2], topics[i%len(topics)], i))
	}
	for _, section := range sections[:2] {
		write(t, o.Dir, "content/"+section+"/photo.jpg", photograph(1))
	}
	return o
}
