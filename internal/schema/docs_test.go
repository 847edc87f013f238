package schema_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stet/internal/schema"
)

// docs/editors.md tells of every schema, and what it has one paste can be read:
// its JSON, and front matter that its snippets begin.
func TestEditorsDoc(t *testing.T) {
	doc := readDoc(t, "docs/editors.md")
	var told []string
	for _, m := range regexp.MustCompile("(?m)^\\| `stet schema ([a-z]+)`").FindAllStringSubmatch(doc, -1) {
		told = append(told, m[1])
	}
	if !slices.Equal(told, schema.Whats) || !strings.Contains(doc, "for what in "+strings.Join(schema.Whats, " ")+";") {
		t.Errorf("docs/editors.md tells of the schemas %q, there are %q", told, schema.Whats)
	}
	for _, m := range regexp.MustCompile(`stet-([a-z]+)\.json`).FindAllStringSubmatch(doc, -1) {
		if !slices.Contains(schema.Whats, m[1]) {
			t.Errorf("docs/editors.md names %s, which nothing makes", m[0])
		}
	}
	snippets := 0
	for _, m := range regexp.MustCompile("(?ms)^```json\n(.*?)^```$").FindAllStringSubmatch(doc, -1) {
		var settings map[string]any
		if err := json.Unmarshal([]byte(m[1]), &settings); err != nil {
			t.Errorf("%v in\n%s", err, m[1])
		}
		for name, one := range settings {
			if snippet, _ := one.(map[string]any); snippet["body"] != nil {
				snippets++
				expectSnippet(t, name, snippet["body"].([]any))
			}
		}
	}
	if snippets < 3 {
		t.Errorf("only %d snippets were found", snippets)
	}
}

func expectSnippet(t *testing.T, name string, body []any) {
	t.Helper()
	var lines []string
	for _, line := range body {
		lines = append(lines, line.(string))
	}
	text := strings.Join(lines, "\n") + "\n"
	text = regexp.MustCompile(`\$\{\d\|([^,|]+)[^}]*\}`).ReplaceAllString(text, "$1")
	text = regexp.MustCompile(`\$\{\d:([^}]*)\}`).ReplaceAllString(text, "$1")
	text = strings.NewReplacer("$CURRENT_YEAR", "2026", "$CURRENT_MONTH", "11", "$CURRENT_DATE", "22", "$0", "", "---\n", "").Replace(text)
	if strings.Contains(text, "$") {
		t.Errorf("the snippet %s keeps a placeholder:\n%s", name, text)
	}
	text = with(text, readers[0].base)
	for _, p := range readers[0].parse(readers[0].path, text) {
		t.Errorf("the snippet %s: %v\n%s", name, p, text)
	}
	if err := valid(t, compiled(t, "story", schema.Names{}), text); err != nil {
		t.Errorf("the snippet %s: %v", name, err)
	}
}
