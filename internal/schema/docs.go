package schema

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// What keys are for is read from docs/: from the rows of its tables, or from
// what stands below the heading of a key.

// of gives a shape its description.
func (s Schema) of(about string) Schema {
	s["description"] = about
	return s
}

// told gives keys the descriptions that docs/ has of them; of parts of a key,
// those under its name and theirs.
func (k keys) told(about map[string]string) keys {
	for name, s := range k {
		if words := about[name]; words != "" {
			s.of(words)
		}
		inner, _ := s["properties"].(keys)
		for part, shape := range inner {
			if words := about[name+"."+part]; words != "" {
				shape.of(words)
			}
		}
	}
	return k
}

// readPage reads a page of docs/.
func readPage(docs fs.FS, name string) (string, error) {
	data, err := fs.ReadFile(docs, name)
	return strings.ReplaceAll(string(data), "\r\n", "\n"), err
}

var quoted = regexp.MustCompile("`([^`]+)`")

// readTables reads the tables below some headings of a page. A row begins with a
// key, or with several. Of four cells the second is its type, the third what it
// is for and the last an example.
func readTables(docs fs.FS, name string, headings ...string) (map[string]string, error) {
	page, err := readPage(docs, name)
	about := map[string]string{}
	for _, heading := range headings {
		for line := range strings.Lines(below(page, heading)) {
			cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
			if !strings.HasPrefix(line, "| `") {
				continue
			}
			words := plain(cells[1])
			if len(cells) == 4 {
				words = plain(cells[2]) + "\n(" + plain(cells[1]) + ")\n" + plain(cells[3])
			}
			for _, m := range quoted.FindAllStringSubmatch(cells[0], -1) {
				about[m[1]] = words
			}
		}
	}
	return about, err
}

// below is what stands below a heading, up to the next of its level.
func below(page, heading string) string {
	_, text, _ := strings.Cut(page, "\n"+heading+"\n")
	level, _, _ := strings.Cut(heading, " ")
	text, _, _ = strings.Cut(text, "\n"+level+" ")
	if len(level) > 2 {
		text, _, _ = strings.Cut(text, "\n"+level[1:]+" ")
	}
	return text
}

// readSections reads a page that has a heading for each key, "## `key`": its
// first paragraph, and of parts of the key the entries "- `part`: …" of a list.
func readSections(docs fs.FS, name string) (map[string]string, error) {
	page, err := readPage(docs, name)
	about := map[string]string{}
	for i, section := range strings.Split(page, "\n## `") {
		key, text, found := strings.Cut(section, "`\n")
		if i == 0 || !found {
			continue
		}
		paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
		about[key] = plain(paragraphs[0])
		lists := slices.DeleteFunc(paragraphs, func(p string) bool { return !strings.HasPrefix(p, "- `") })
		for _, entries := range lists {
			for _, entry := range strings.Split(strings.TrimPrefix(entries, "- `"), "\n- `") {
				if part, words, found := strings.Cut(entry, "`: "); found {
					about[key+"."+part] = plain(words)
				}
			}
		}
	}
	return about, err
}

var linked = regexp.MustCompile(`\[([^\]]+)\]\([^)]+\)`)

// plain is Markdown as plain text on one line.
func plain(markdown string) string {
	markdown = linked.ReplaceAllString(markdown, "$1")
	markdown = strings.NewReplacer("`", "", "**", "").Replace(markdown)
	return strings.Join(strings.Fields(markdown), " ")
}
