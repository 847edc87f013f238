package article

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/front-matter.md names each key that a file may have, and its examples
// can be pasted.

// A row is a line of a table of keys.
type row struct{ key, example string }

// tableOf reads the table under a heading.
func tableOf(doc, heading string) (rows []row) {
	_, text, _ := strings.Cut(doc, "\n## "+heading+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if strings.HasPrefix(line, "| `") && len(cells) == 4 {
			unquoted := func(s string) string { return strings.Trim(strings.TrimSpace(s), "`") }
			rows = append(rows, row{unquoted(cells[0]), unquoted(cells[3])})
		}
	}
	return rows
}

func frontMatterDoc(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../../docs/front-matter.md")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

func TestDocsKeys(t *testing.T) {
	doc := frontMatterDoc(t)
	for _, c := range []struct {
		heading string
		keys    map[string]key
		path    string
		needed  string
	}{
		{"Stories and pages", told, "content/town/fire.md", "title: T\ndate: 2026-11-22\nexpires: 2027-01-01\n"},
		{"Every file", shared, "content/town/fire.md", "title: T\ndate: 2026-11-22\n"},
		{"Sections, topics and series", term, "content/town/_index.md", "title: T\n"},
		{"Authors", person, "content/authors/ada.md", "name: A\n"},
	} {
		var told []string
		for _, r := range tableOf(doc, c.heading) {
			told = append(told, r.key)
			text := "---\n" + r.example + "\n"
			for line := range strings.Lines(c.needed) {
				if name, _, _ := strings.Cut(line, ":"); name != r.key {
					text += line
				}
			}
			expectClean(t, c.path, text+"---\nText.\n")
			if !strings.HasPrefix(r.example, r.key+":") {
				t.Errorf("the example of %s is %s", r.key, r.example)
			}
		}
		slices.Sort(told)
		if known := slices.Sorted(maps.Keys(c.keys)); !slices.Equal(told, known) {
			t.Errorf("%s: the keys are %q, docs/front-matter.md tells of %q", c.heading, known, told)
		}
	}
}

var fenced = regexp.MustCompile("(?ms)^```(yaml|markdown) ?([^\n]*)\n(.*?)^```$")

func TestDocsExamples(t *testing.T) {
	found := fenced.FindAllStringSubmatch(frontMatterDoc(t), -1)
	if len(found) < 8 {
		t.Errorf("only %d examples were found", len(found))
	}
	for _, m := range found {
		path, text := m[2], m[3]
		if m[1] == "yaml" {
			path = "content/town/fire.md"
			if !strings.HasPrefix(text, "title:") {
				text += "title: T\n"
			}
			text = "---\n" + text + "date: 2026-11-22\n---\nText.\n"
		}
		expectClean(t, path, text)
	}
}

func expectClean(t *testing.T, path, text string) {
	t.Helper()
	_, problems := Parse(path, []byte(text))
	for _, p := range problems {
		t.Errorf("%s: %v\n%s\nin\n%s", path, p, p.Hint, text)
	}
}
