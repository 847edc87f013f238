package build_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"stet/internal/build"
	"stet/internal/cache"
	"stet/internal/diag"
)

// What stories say of themselves.
var saysOfItself = regexp.MustCompile(`(?m)^((?:title|deck|summary|  alt|  caption|  credit): *"?)([^\s"|>&*{\[])`)

// demoCopy is the demo newspaper, to be edited.
func demoCopy(t *testing.T) build.Options {
	o := demoSite(t)
	dir := t.TempDir()
	for _, name := range []string{"content", "layouts", "static"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(o.Dir, name))); err != nil {
			t.Fatal(err)
		}
	}
	settings, err := os.ReadFile(filepath.Join(o.Dir, "site.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "site.yaml", string(settings))
	o.Dir = dir
	return o
}

// When a story says something else of itself, most answers are not made again to be
// compared: those that are said to stand are the answers of before, all the same. One
// story after another of each paper is edited.
func TestStands(t *testing.T) {
	if testing.Short() {
		t.Skip("each paper is read as often as it has stories")
	}
	papers := map[string]func(*testing.T) build.Options{"bench": benchSite, "demo": demoCopy, "sample": sampleSite, "stress": stressSite}
	for name, paper := range papers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := paper(t)
			o.Out, o.Jobs, o.Cache = filepath.Join(t.TempDir(), "out"), 2, cache.Folder{Dir: t.TempDir(), Version: "1"}
			if _, problems := build.Run(context.Background(), o); diag.AnyError(problems) {
				t.Fatal(problems)
			}
			edited := 0
			err := filepath.WalkDir(filepath.Join(o.Dir, "content"), func(file string, d fs.DirEntry, err error) error {
				if err != nil || !strings.HasSuffix(file, ".md") {
					return err
				}
				text, err := os.ReadFile(file)
				other := saysOfItself.ReplaceAllString(string(text), "${1}Other $2")
				if err != nil || other == string(text) {
					return err
				}
				if err := os.WriteFile(file, []byte(other), 0o666); err != nil {
					return err
				}
				stood, wrong, err := build.Stood(o)
				if err != nil {
					return err
				}
				if len(wrong) > 0 {
					t.Errorf("after %s said something else of itself, these are said to stand: %s", file, strings.Join(wrong, ", "))
				}
				if stood["story"] > 0 && stood["near"] > 0 && stood["list"] > 0 && stood["bodysettings"] > 0 {
					edited++
				}
				return os.WriteFile(file, text, 0o666)
			})
			if err != nil {
				t.Fatal(err)
			}
			if edited < 2 {
				t.Errorf("after edits of %d stories other answers stood", edited)
			}
		})
	}
}
