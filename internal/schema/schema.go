// Package schema writes the JSON Schemas by which an editor completes and
// checks what people write: front matter, site.yaml and the plans of fronts.
//
// The schemas are of draft 7, which is what the language servers of editors
// know. They are wide rather than narrow: what Stet takes, a schema takes, and
// of what Stet refuses it refuses what can be said in a schema. What a key of a
// file is for stands in docs/, and is read from there. The tests hold keys and
// types to the parsers.
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"unicode"
)

// A Schema is a JSON Schema of draft 7.
type Schema map[string]any

// Names are what a site calls its own things. An editor offers them; others are
// no mistake.
type Names struct {
	Sections, Authors, Tags, Series, Layouts, Languages []string
}

// Whats are what there are schemas of: the front matter of stories and pages, of
// authors, and of sections, topics and series; site.yaml; and the files of
// content/fronts/.
var Whats = []string{"story", "author", "section", "site", "front"}

// Of is the schema of one of Whats, nil for any other word. docs holds the pages
// of docs/; the error is that one of them cannot be read.
func Of(what string, docs fs.FS, n Names) (Schema, error) {
	switch what {
	case "story":
		return file(docs, "The front matter of a story or a page", told(n), shared(n), "Stories and pages", "title")
	case "author":
		return file(docs, "The front matter of an author", person(), shared(n), "Authors", "name")
	case "section":
		return file(docs, "The front matter of a section, topic or series", term(), shared(n), "Sections, topics and series", "title")
	case "site":
		about, err := readSections(docs, "docs/site.md")
		return top("The settings of a site", site(n), about, "format", "title", "timezone"), err
	case "front":
		about, err := readTables(docs, "docs/desk.md", "### Slots", "### The bar")
		return top("The plan of a front page", front(n, about), nil), err
	}
	return nil, nil
}

// file is the schema of front matter, which needs one key.
func file(docs fs.FS, what string, own, every keys, table, needed string) (Schema, error) {
	about, err := readTables(docs, "docs/front-matter.md", "## "+table, "## Every file")
	maps.Copy(every, own)
	return top(what, every, about, needed), err
}

// top is the schema of a whole file.
func top(what string, known keys, about map[string]string, needed ...string) Schema {
	s := parts(known.told(about), needed...)
	s["$schema"] = "http://json-schema.org/draft-07/schema#"
	s["description"] = what
	s["type"] = "object"
	return s
}

// Write writes a schema as indented JSON, always in the same order. Signs that
// nobody sees are written by their numbers.
func (s Schema) Write() ([]byte, error) {
	var b, seen bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(s)
	for _, r := range b.String() {
		if r == '\u00a0' || unicode.Is(unicode.Cf, r) {
			fmt.Fprintf(&seen, "\\u%04x", r)
		} else {
			seen.WriteRune(r)
		}
	}
	return seen.Bytes(), err
}
