package layout

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stet"
	"stet/internal/diag"
)

// All layouts of the built-in theme, and of the benchmark, are compiled.
func TestThemeCompiled(t *testing.T) {
	for name, from := range map[string]fs.FS{"theme": folderOf(t, stet.Theme(), "layouts"), "bench": os.DirFS("../../bench/stet/layouts")} {
		files := map[string][]byte{}
		err := fs.WalkDir(from, ".", func(path string, d fs.DirEntry, err error) error {
			if err == nil && filepath.Ext(path) == ".html" {
				files[path], err = fs.ReadFile(from, path)
			}
			return err
		})
		if err != nil || len(files) == 0 {
			t.Fatal(err, len(files))
		}
		l, _ := New(files, nil)
		for _, n := range l.Names() {
			if l.sets[n].compiled() == nil {
				t.Errorf("%s: %s is not compiled", name, n)
			}
		}
	}
}

func folderOf(t *testing.T, from fs.FS, dir string) fs.FS {
	t.Helper()
	f, err := fs.Sub(from, dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The archives that cannot be compiled are those that html/template has
// something against, and those whose templates call themselves.
func TestArchivesCompiled(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		if family, _, _ := strings.Cut(name, "-"); family == "escape" || family == "syntax" {
			continue
		}
		a := readArchive(t, path)
		l, wrong := New(layoutsOf(a), languages)
		for _, n := range l.Names() {
			if l.sets[n].compiled() == nil && name != "endless" && !diag.AnyError(wrong) {
				t.Errorf("%s: %s is not compiled", name, n)
			}
		}
	}
}
