package build_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stet"
	"stet/internal/build"
)

// A file that is too large to be looked through for a place is published, and
// that is said, until places may be known. The file is a hole of which the disk
// has nothing, and nothing is put in place.
func TestTooLargeToLookThrough(t *testing.T) {
	dir := t.TempDir()
	const settings = "format: 1\ntitle: Paper\ntimezone: UTC\nbase_url: https://p.example/\n"
	write(t, dir, "site.yaml", settings)
	write(t, dir, "static/film.mp4", "")
	said := func() string {
		var all []string
		_, _, problems := build.Plan(context.Background(), build.Options{Dir: dir, Out: t.TempDir(), Theme: stet.Theme(), Now: demoTime})
		for _, p := range problems {
			all = append(all, p.Severity.String()+": "+p.Path+": "+p.Text)
		}
		return strings.Join(all, "\n")
	}
	if got := said(); got != "" {
		t.Errorf("of a small file is said:\n%s", got)
	}
	if err := os.Truncate(filepath.Join(dir, "static/film.mp4"), 256<<20+1); err != nil {
		t.Fatal(err)
	}
	const want = "warning: static/film.mp4: this file is too large to be looked through for the place where it was made, and is published as it is"
	if got := said(); got != want {
		t.Errorf("of a large file is said:\n%s", got)
	}
	write(t, dir, "site.yaml", settings+"images: {location: true}\n")
	if got := said(); got != "" {
		t.Errorf("where places may be known is said:\n%s", got)
	}
}
