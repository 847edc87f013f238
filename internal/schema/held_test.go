package schema_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/schema"
)

// A place is a shape of a schema and a file that has a value there.
type place struct {
	name  string
	shape map[string]any
	key   string                    // of the top
	put   func(value string) string // the value of that key with another in its place
}

// places are all values of a schema that a file can have, from the top down.
func places(root map[string]any) (all []place) {
	var walk func(p place)
	walk = func(p place) {
		all = append(all, p)
		for _, one := range list(p.shape["anyOf"]) {
			inner := p
			inner.shape = one.(map[string]any)
			walk(inner)
		}
		if items, ok := p.shape["items"].(map[string]any); ok {
			walk(place{p.name + "[]", items, p.key, func(v string) string { return p.put("[" + v + "]") }})
		}
		properties, _ := p.shape["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			others := ""
			for _, needed := range list(p.shape["required"]) {
				if needed != name {
					others += ", " + needed.(string) + ": " + sample[needed.(string)]
				}
			}
			walk(place{p.name + "." + name, properties[name].(map[string]any), p.key, func(v string) string { return p.put("{" + name + ": " + v + others + "}") }})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(root["properties"].(map[string]any))) {
		walk(place{name, root["properties"].(map[string]any)[name].(map[string]any), name, func(v string) string { return v }})
	}
	return all
}

func list(v any) []any {
	all, _ := v.([]any)
	return all
}

// sample are values of parts that must be there.
var sample = map[string]string{"contact": "mailto:a@b.example", "expires": "2027-01-01", "name": "a", "src": "a.jpg", "date": "2026-11-22", "text": "words", "title": "a", "url": "/a/", "story": "a", "from": "/a/"}

// file is a file that has a value in a place.
func (r reader) file(p place, value string) string {
	text := p.key + ": " + p.put(value) + "\n"
	return with(text, r.base)
}

// A key of the top is known to the parser, and the parser knows no other.
func TestKeys(t *testing.T) {
	for _, r := range readers {
		known := slices.Sorted(maps.Keys(written(t, r.what, schema.Names{})["properties"].(map[string]any)))
		for _, key := range known {
			for _, p := range r.parse(r.path, with(key+":\n", r.base)) {
				if strings.Contains(p.Text, "unknown field") {
					t.Errorf("%s: %v", r.what, p)
				}
			}
		}
		doc, want := readDoc(t, "docs/front-matter.md"), []string(nil)
		switch r.what { // article's own test holds the tables of the page to the parser
		case "story":
			want = append(tableKeys(doc, "Stories and pages"), tableKeys(doc, "Every file")...)
		case "author":
			want = append(tableKeys(doc, "Authors"), tableKeys(doc, "Every file")...)
		case "section":
			want = append(tableKeys(doc, "Sections, topics and series"), tableKeys(doc, "Every file")...)
		case "site":
			want = config.Keys()
		case "front":
			want = knownHere(r.parse(r.path, "zzqq: 1\n"))
		}
		slices.Sort(want)
		if want = slices.Compact(want); !slices.Equal(known, want) {
			t.Errorf("%s: the schema has the keys\n%q, the parser\n%q", r.what, known, want)
		}
	}
}

func tableKeys(doc, heading string) (names []string) {
	_, text, _ := strings.Cut(doc, "\n## "+heading+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "| `"); ok {
			name, _, _ := strings.Cut(rest, "`")
			names = append(names, name)
		}
	}
	return names
}

// knownHere is what the parser says it knows, asked for a key that nobody has;
// nil if it takes any key there.
func knownHere(problems []diag.Problem) []string {
	for _, p := range problems {
		if rest, ok := strings.CutPrefix(p.Hint, "known here: "); ok && strings.Contains(p.Text, "zzqq") {
			return strings.Split(rest, ", ")
		}
		if strings.Contains(p.Text, `there is no rule "zzqq"`) {
			names := config.RuleNames()
			if p.Path == "site.yaml" {
				names = append(names, "since")
			}
			slices.Sort(names)
			return names
		}
	}
	return nil
}

// The parts of a key are those that the parser knows, and where it takes any key
// the schema does.
func TestParts(t *testing.T) {
	for _, r := range readers {
		count := 0
		for _, p := range places(written(t, r.what, schema.Names{})) {
			known, closed := p.shape["additionalProperties"].(bool)
			if _, isMap := p.shape["additionalProperties"]; !isMap {
				continue
			}
			count++
			text := r.file(p, "{zzqq: 1}")
			want := knownHere(r.parse(r.path, text))
			properties, _ := p.shape["properties"].(map[string]any)
			switch {
			case known:
				t.Errorf("%s %s takes any key on purpose?", r.what, p.name)
			case closed && !slices.Equal(want, slices.Sorted(maps.Keys(properties))):
				t.Errorf("%s %s: the schema has the parts %q, the parser %q", r.what, p.name, slices.Sorted(maps.Keys(properties)), want)
			case !closed && want != nil && !slices.Equal(want, []string{"en"}): // its languages, which a schema only offers
				t.Errorf("%s %s: the schema takes any key, the parser %q", r.what, p.name, want)
			}
		}
		if count < 2 {
			t.Errorf("%s: only %d maps were found", r.what, count)
		}
	}
}

// bank are values of every kind that people write.
var bank = []string{
	"~", `""`, "word", "two words", "Word", "WORD", "1984", "0", "1", "-3", "20", "500", "5000", "1.10", "0.5", "1_000", "007", "٢٠", `"12"`, "true", "True", "false", "yes", "no", "on", "off", "Off", `"off"`, `"true"`, `"No"`,
	"2026-11-22", "2026-11-22 14:05", "2026-11-22T14:05:00+03:00", "٢٠٢٦-١١-٢٢", "2026-11-22 14:05 Z", "2026-02-30", "22.11.2026", "2026/11/22", "14 days", "2 weeks",
	"/a/b/", "/a/b", "a/b.md", "https://example.org/a", "HTTPS://example.org", "//example.org", "example.org", "/a/?b", `"/{section}/{slug}.html"`, `"/{id}/"`, "mailto:a@b.example", "Europe/Berlin", "en", "pt-BR",
	"[]", "[a, b]", "[1, 2]", "[0.5, 0.3]", "[400, 800]", "[true]", "[~, a]", "[[a]]", "[{a: b}]", "[/a/]", "[en, ar]", "[news, opinion]", "[rss]",
	"{}", "{a: b}", "{a: 1}", "{a: [b]}", "{a: {b: c}}", "{/a/: /b/}", "{en: {}}", "{a: [/b/]}",
	"killed", "opinion", "Opinion", "byline", "lead", "wide", "update", "closed", "known", "summary", "months", "bottom", "warn", "error", "all", "content/news/a.md",
}

// Whatever the parser takes, the schema takes; and what the parser refuses, the
// schema does as well, but for what it is told here that it cannot know.
func TestTypes(t *testing.T) {
	for _, r := range readers {
		t.Run(r.what, func(t *testing.T) {
			t.Parallel()
			expectTypes(t, r)
		})
	}
}

func expectTypes(t *testing.T, r reader) {
	s := compiled(t, r.what, schema.Names{Tags: []string{"a"}, Sections: []string{"news"}})
	tried, refused, let := map[string]bool{}, 0, []string{}
	for _, p := range places(written(t, r.what, schema.Names{})) {
		for _, value := range bank {
			text := r.file(p, value)
			if tried[text] {
				continue
			}
			tried[text] = true
			problems := r.parse(r.path, text)
			err := valid(t, s, text)
			switch {
			case len(problems) == 0 && err != nil:
				t.Errorf("%s: %v; the parser takes\n%s", r.what, err, text)
			case diag.AnyError(problems) && err == nil && !unknowable(value, problems):
				let = append(let, p.name+": "+value+" ("+problems[0].Text+")")
			case err != nil:
				refused++
			}
		}
	}
	if len(let) > 0 {
		t.Errorf("%s: the schema takes %d wrong values, such as\n%s", r.what, len(let), strings.Join(let[:min(len(let), 20)], "\n"))
	}
	if len(tried) < 500 || refused < len(tried)/5 {
		t.Errorf("%s: of %d values only %d were refused", r.what, len(tried), refused)
	}
}

// unknowable tells whether what a parser has against a value is nothing that a
// schema can say.
func unknowable(value string, problems []diag.Problem) bool {
	return slices.Contains([]string{`"off"`, `"true"`, `"No"`}, value) || // quotes are not seen
		slices.Contains([]string{`"12"`, "007", "1_000", "٢٠", "True"}, value) || // nor how a number or a truth is written
		value == "false" && strings.Contains(problems[0].Text, "off") || // nor whether it was an off, by YAML 1.1
		slices.ContainsFunc([]string{"a day that does not exist", "only a draft may lack a date", "language must be a tag", "is not a language", "quality must be", "must have from and to", "contact is missing", "leads to itself", "one width at least", "there is no time zone", "does not allow it", "the site has no language"}, func(s string) bool {
			return strings.Contains(problems[0].Text, s)
		})
}

// Every key says what it is for.
func TestDescriptions(t *testing.T) {
	for _, r := range readers {
		var walk func(name string, shape map[string]any)
		walk = func(name string, shape map[string]any) {
			properties, _ := shape["properties"].(map[string]any)
			for key, inner := range properties {
				inner := inner.(map[string]any)
				if about, _ := inner["description"].(string); len(about) < 8 || strings.ContainsAny(about, "`[|") && !strings.Contains(about, ": ") {
					t.Errorf("%s %s.%s is for %q", r.what, name, key, about)
				}
				walk(name+"."+key, inner)
			}
			for _, one := range list(shape["anyOf"]) {
				walk(name, one.(map[string]any))
			}
			if items, ok := shape["items"].(map[string]any); ok {
				walk(name+"[]", items)
			}
			if others, ok := shape["additionalProperties"].(map[string]any); ok {
				walk(name+".*", others)
			}
		}
		walk(r.what, written(t, r.what, schema.Names{}))
	}
}
