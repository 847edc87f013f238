package article_test

import (
	"os"
	"strings"
	"testing"
)

// An archive is a test as text, in the txtar format: a comment, then files
// under lines such as "-- name --".
type archive struct {
	comment string
	names   []string
	files   map[string]string
}

func readArchive(t *testing.T, path string) archive {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a := archive{files: map[string]string{}}
	for line := range strings.Lines(string(data)) {
		name, opens := strings.CutPrefix(line, "-- ")
		name, closes := strings.CutSuffix(name, " --\n")
		switch {
		case opens && closes:
			a.names = append(a.names, name)
		case a.names == nil:
			a.comment += line
		default:
			a.files[a.names[len(a.names)-1]] += line
		}
	}
	return a
}

func (a archive) write(t *testing.T, path string) {
	t.Helper()
	text := a.comment
	for _, name := range a.names {
		text += "-- " + name + " --\n" + a.files[name]
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
