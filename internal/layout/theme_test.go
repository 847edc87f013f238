package layout

import (
	"io/fs"
	"strings"
	"testing"

	"stet"
	"stet/internal/diag"
	"stet/internal/language"
	"stet/internal/page"
)

// What the language room reads can be used by layouts.
func TestLanguage(t *testing.T) {
	var english Language = &language.Language{Tag: "en", Last: " and "}
	l, _ := New(nil, map[string]Language{"en": english})
	if l.languages["en"].words != page.Sum(english) {
		t.Error("the digest is not that of the language")
	}
}

// The built-in theme has no mistake that can be seen before a page is made.
func TestTheme(t *testing.T) {
	files := map[string][]byte{}
	err := fs.WalkDir(stet.Theme(), "layouts", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".html") {
			files[strings.TrimPrefix(path, "layouts/")], err = fs.ReadFile(stet.Theme(), path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	l, problems := New(files, nil)
	for _, name := range l.Names() {
		if made, err := l.sets[name].template(); err != nil {
			t.Error(err)
		} else if wrong := escapes(made); wrong != nil {
			p, _ := l.escapeProblem(l.sets[name], wrong)
			problems = append(problems, p)
		}
	}
	for _, p := range diag.Sort(problems) {
		t.Errorf("%v\n    %s", p, p.Hint)
	}
}
