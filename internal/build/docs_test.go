package build_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"stet"
	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/images"
	"stet/internal/language"
	"stet/internal/layout"
	"stet/internal/site"
)

// docs/ tells the truth: its examples are built, its lists are those of the
// code.

func readDoc(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

// A fence is one fenced block of a page of docs/.
type fence struct {
	info, text string
	heading    string // of the part it stands in
	line       int
}

func fences(doc string) (all []fence) {
	heading, open := "", -1
	for i, line := range strings.Split(doc, "\n") {
		switch {
		case open >= 0 && line == "```":
			open = -1
		case open >= 0:
			all[open].text += line + "\n"
		case strings.HasPrefix(line, "```"):
			open = len(all)
			all = append(all, fence{info: strings.TrimPrefix(line, "```"), heading: heading, line: i + 1})
		case strings.HasPrefix(line, "#"):
			heading = strings.TrimLeft(line, "# ")
		}
	}
	return all
}

var quotedWord = regexp.MustCompile("`([^`]+)`")

// headings are what stands in backquotes in the headings of a level.
func headings(doc, level string) (names []string) {
	for line := range strings.Lines(doc) {
		if rest, ok := strings.CutPrefix(line, level+" `"); ok {
			name, _, _ := strings.Cut(rest, "`")
			names = append(names, name)
		}
	}
	return names
}

// Each go-html-template block that is followed by an html block is a layout
// and what it makes. The word behind go-html-template is the kind of page; a
// line {{/* layouts/… */}} begins another file. With -update, what is made is
// written into the page.
func TestLayoutExamples(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/docs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	doc := readDoc(t, "docs/layouts.md")
	all := fences(doc)
	count := 0
	for i := 0; i+1 < len(all); i++ {
		layout, made := all[i], all[i+1]
		kind, ok := strings.CutPrefix(layout.info, "go-html-template")
		if !ok || made.info != "html" || made.heading != layout.heading {
			continue
		}
		count++
		t.Run(fmt.Sprintf("line %d", layout.line), func(t *testing.T) {
			got := example(t, archive, strings.TrimSpace(kind), layout.text)
			if got == tidy(made.text) {
				return
			}
			if *update {
				fenced := "```" + layout.info + "\n" + layout.text + "```\n\n```html\n"
				doc = strings.Replace(doc, fenced+made.text+"```", fenced+got+"\n```", 1)
				return
			}
			t.Errorf("docs/layouts.md:%d: got\n%s\nwant\n%s", layout.line, got, tidy(made.text))
		})
	}
	if count < 30 {
		t.Errorf("only %d examples were found", count)
	}
	if *update {
		write(t, "../..", "docs/layouts.md", doc)
	}
}

// where each kind of page lies in the site of testdata/docs.txtar.
var where = map[string]string{
	"article": "town/2026/11/mill-fire/index.html",
	"section": "town/index.html",
	"front":   "index.html",
	"author":  "authors/ada-lovelace/index.html",
	"tag":     "tags/mill-fire/index.html",
	"series":  "series/the-mills/index.html",
	"archive": "2026/11/index.html",
	"page":    "about/index.html",
	"index":   "tags/index.html",
	"404":     "404.html",
}

func example(t *testing.T, archive *txtar.Archive, kind, text string) string {
	t.Helper()
	if kind == "" {
		kind = "article"
	}
	dir, out := t.TempDir(), t.TempDir()
	for _, f := range archive.Files {
		write(t, dir, f.Name, string(f.Data))
	}
	name, lines := "layouts/"+kind+".html", ""
	for line := range strings.Lines(text) {
		next, begins := strings.CutPrefix(line, "{{/* layouts/")
		if path, _, ok := strings.Cut(next, " */}}"); begins && ok {
			if strings.TrimSpace(lines) != "" {
				write(t, dir, name, lines)
			}
			name, lines = "layouts/"+path, ""
			continue
		}
		lines += line
	}
	write(t, dir, name, lines)
	rep, problems := build.Run(context.Background(), build.Options{Dir: dir, Out: out, Theme: stet.Theme(), Now: demoTime, Jobs: 1})
	if diag.AnyError(problems) {
		var b strings.Builder
		diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
		t.Fatal(b.String())
	}
	data, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(where[kind])))
	if err != nil {
		t.Fatal(err)
	}
	return tidy(string(data))
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tidy takes away what a reader does not see: empty lines and spaces around
// lines.
func tidy(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// docs/layouts.md has each function, called as the code says, with an example
// that calls it.
func TestLayoutFunctions(t *testing.T) {
	doc := readDoc(t, "docs/layouts.md")
	told := headings(doc, "####")
	slices.Sort(told)
	if got := layout.Functions(); !slices.Equal(got, told) {
		t.Errorf("the functions are %q, docs/layouts.md tells of %q", got, told)
	}
	all := fences(doc)
	for _, usage := range told {
		name, _, _ := strings.Cut(usage, " ")
		call := regexp.MustCompile(`(?s)\{\{[^}]*\b` + name + `\b`)
		if !slices.ContainsFunc(all, func(f fence) bool {
			return strings.HasPrefix(f.info, "go-html-template") && strings.Trim(f.heading, "`") == usage && call.MatchString(f.text)
		}) {
			t.Errorf("docs/layouts.md has no example of %s", usage)
		}
	}
}

// docs/layouts.md names each field of what layouts see.
func TestLayoutFields(t *testing.T) {
	doc := readDoc(t, "docs/layouts.md")
	for name, typ := range map[string]reflect.Type{
		"Head": reflect.TypeFor[site.Head](), "Card": reflect.TypeFor[site.Card](), "Story": reflect.TypeFor[site.Story](),
		"List": reflect.TypeFor[site.List](), "Front": reflect.TypeFor[site.Front](), "Slot": reflect.TypeFor[site.Slot](),
		"Block": reflect.TypeFor[site.Block](), "Bar": reflect.TypeFor[site.Bar](), "Link": reflect.TypeFor[site.Link](), "Image": reflect.TypeFor[site.Image](),
		"Author": reflect.TypeFor[site.Author](), "Section": reflect.TypeFor[site.Section](), "Alternate": reflect.TypeFor[site.Alternate](),
		"Correction": reflect.TypeFor[site.Correction](), "Noted": reflect.TypeFor[site.Noted](), "Thread": reflect.TypeFor[site.Thread](), "Comment": reflect.TypeFor[site.Comment](), "Pictured": reflect.TypeFor[site.Pictured](), "Picture": reflect.TypeFor[images.Picture](), "Words": reflect.TypeFor[images.Words](),
		"Part":   reflect.TypeFor[language.Part](),
		"Figure": reflect.TypeFor[build.Figure](), "Embed": reflect.TypeFor[build.Embed](), "Frame": reflect.TypeFor[build.Frame](),
	} {
		_, text, found := strings.Cut(doc, "\n### `"+name+"`")
		text, _, _ = strings.Cut(text, "\n##")
		var told, known []string
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "| `") {
				for _, m := range quotedWord.FindAllStringSubmatch(strings.Split(line, "|")[1], -1) {
					told = append(told, m[1])
				}
			}
		}
		for i := range typ.NumField() {
			if f := typ.Field(i); !f.Anonymous {
				known = append(known, f.Name)
			}
		}
		slices.Sort(told)
		slices.Sort(known)
		if !found || !slices.Equal(told, known) {
			t.Errorf("%s has the fields %q, docs/layouts.md tells of %q", name, known, told)
		}
	}
}

// docs/site.md names the keys of site.yaml, and its examples can be pasted.
func TestSiteKeys(t *testing.T) {
	doc := readDoc(t, "docs/site.md")
	told, known := headings(doc, "##"), config.Keys()
	slices.Sort(told)
	slices.Sort(known)
	if !slices.Equal(told, known) {
		t.Errorf("site.yaml has the keys %q, docs/site.md tells of %q", known, told)
	}
	for _, f := range fences(doc) {
		if f.info != "yaml" {
			continue
		}
		text := f.text
		for _, line := range []string{"format: 1", "title: The Paper", "timezone: UTC"} {
			key, _, _ := strings.Cut(line, ":")
			if !regexp.MustCompile(`(?m)^` + key + `:`).MatchString(text) {
				text += line + "\n"
			}
		}
		_, problems := config.Parse("site.yaml", []byte(text))
		for _, p := range problems {
			t.Errorf("docs/site.md:%d: %v\n%s", f.line, p, p.Hint)
		}
	}
}

var localLink = regexp.MustCompile(`\]\(([^)#: ]+)(#[^)]*)?\)`)

// What docs/ link to is there.
func TestDocsLinks(t *testing.T) {
	for _, name := range []string{"README.md", "ARCHITECTURE.md", "docs/desk.md", "docs/editors.md", "docs/guide.md", "docs/front-matter.md", "docs/layouts.md", "docs/photos.md", "docs/site.md"} {
		text := readDoc(t, name)
		for _, f := range fences(text) {
			text = strings.ReplaceAll(text, f.text, "")
		}
		text = regexp.MustCompile("`[^`\n]*`").ReplaceAllString(text, "")
		for _, m := range localLink.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join("../..", filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
			}
		}
	}
}

var pictureName = regexp.MustCompile(`[\w-]+\.jpg`)

// What docs/guide.md shows of content/ builds without a problem, together and
// in one site.
func TestGuide(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "site.yaml", "format: 1\ntitle: The Valley Post\ntimezone: UTC\nallow: {frame: [films.example.org]}\n")
	count := 0
	for _, f := range fences(readDoc(t, "docs/guide.md")) {
		name, ok := strings.CutPrefix(f.info, "markdown ")
		if !ok {
			continue
		}
		count++
		write(t, dir, name, f.text)
		for _, picture := range pictureName.FindAllString(f.text, -1) {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 40)), nil); err != nil {
				t.Fatal(err)
			}
			write(t, dir, filepath.Dir(name)+"/"+picture, b.String())
		}
	}
	rep, problems := build.Run(context.Background(), build.Options{Dir: dir, Out: t.TempDir(), Theme: stet.Theme(), Now: demoTime})
	var b strings.Builder
	diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
	if b.Len() > 0 || count < 5 {
		t.Errorf("%d files of docs/guide.md: %s", count, b.String())
	}
}
