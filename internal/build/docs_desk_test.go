package build_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stet"
	"stet/internal/build"
	"stet/internal/diag"
)

// What docs/desk.md shows of content/fronts/ can be pasted: each builds without a
// problem, and makes its front another.
func TestDeskFronts(t *testing.T) {
	count := 0
	for _, f := range fences(readDoc(t, "docs/desk.md")) {
		name, ok := strings.CutPrefix(f.info, "yaml ")
		if !ok || !strings.HasPrefix(name, "content/fronts/") {
			continue
		}
		count++
		dir, out := t.TempDir(), t.TempDir()
		write(t, dir, "site.yaml", "format: 1\ntitle: The Valley Post\ntimezone: Europe/London\n")
		for _, story := range []string{"town/mill-fire", "town/mill-fire-cause", "town/lantern-night", "politics/harbour-vote", "politics/wall", "opinion/pay", "opinion/reeds"} {
			text := "---\ntitle: " + story + "\ndate: 2026-11-20\ntags: [The Long Wall]\n---\nText.\n"
			if strings.HasPrefix(story, "opinion/") {
				text = strings.Replace(text, "date:", "type: opinion\ndate:", 1)
			}
			write(t, dir, "content/"+story+".md", text)
		}
		var fronts []string
		for _, with := range []string{"", f.text} {
			if with != "" {
				write(t, dir, name, with)
			}
			rep, problems := build.Run(context.Background(), build.Options{Dir: dir, Out: out, Theme: stet.Theme(), Now: demoTime})
			var b bytes.Buffer
			diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
			if b.Len() > 0 {
				t.Errorf("docs/desk.md:%d: %s", f.line, &b)
			}
			page := strings.TrimPrefix(strings.TrimSuffix(name, ".yaml"), "content/fronts/") + "/index.html"
			data, err := os.ReadFile(filepath.Join(out, strings.TrimPrefix(page, "front/")))
			if err != nil {
				t.Fatal(err)
			}
			fronts = append(fronts, string(data))
		}
		if fronts[0] == fronts[1] {
			t.Errorf("docs/desk.md:%d: the front is the same without it", f.line)
		}
	}
	if count < 3 {
		t.Errorf("only %d examples were found", count)
	}
}
