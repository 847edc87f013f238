package stet_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The laws of the house that can be read off its source. ARCHITECTURE.md says
// why they are; its table of rooms is what the imports are held against.

const (
	longestFile     = 500 // lines, tests counted too
	longestFunction = 80  // lines, tests counted too
)

// A goFile is one parsed file of this module.
type goFile struct {
	path   string
	dir    string
	data   []byte
	file   *ast.File
	set    *token.FileSet
	test   bool
	madeBy bool // generated
}

func (f *goFile) at(pos token.Pos) token.Position { return f.set.Position(pos) }

// imports lists what a file imports.
func (f *goFile) imports() (paths []string) {
	for _, i := range f.file.Imports {
		paths = append(paths, strings.Trim(i.Path.Value, `"`))
	}
	return paths
}

// aside tells whether a file stands beside the program, for tests alone.
func (f *goFile) aside() bool { return f.test || f.room() == "browser" }

// room is the name of the room that a file belongs to, or "".
func (f *goFile) room() string {
	if rest, ok := strings.CutPrefix(f.dir, "internal/"); ok {
		return rest
	}
	return ""
}

func sources(t *testing.T) []*goFile {
	t.Helper()
	var all []*goFile
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		name := d.Name()
		if d.IsDir() && p != "." && (name == "testdata" || name == "public" || strings.HasPrefix(name, ".")) {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() || path.Ext(name) != ".go" {
			return err
		}
		f := &goFile{path: filepath.ToSlash(p), dir: path.Dir(filepath.ToSlash(p)), set: token.NewFileSet(), test: strings.HasSuffix(name, "_test.go")}
		if f.data, err = os.ReadFile(p); err != nil {
			return err
		}
		f.data = bytes.ReplaceAll(f.data, []byte("\r\n"), []byte("\n")) // a checkout on Windows
		f.file, err = parser.ParseFile(f.set, f.path, f.data, parser.ParseComments)
		f.madeBy = err == nil && ast.IsGenerated(f.file)
		all = append(all, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A room is a row of the table in ARCHITECTURE.md.
type room struct {
	name               string
	imports, libraries []string
}

var quotedName = regexp.MustCompile("`([^`]+)`")

// rooms reads the table under the heading "Rooms".
func rooms(t *testing.T) []room {
	t.Helper()
	data, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(data), "\n## Rooms\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var all []room
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| `") || len(cells) != 4 {
			continue
		}
		all = append(all, room{namesIn(cells[0])[0], namesIn(cells[2]), namesIn(cells[3])})
	}
	if len(all) < 10 {
		t.Fatalf("the table of rooms in ARCHITECTURE.md has %d rows", len(all))
	}
	return all
}

func namesIn(cell string) (names []string) {
	for _, m := range quotedName.FindAllStringSubmatch(cell, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return names
}

// The rooms and their arrows are those of ARCHITECTURE.md, and the arrows point
// to rooms that stand above in the table.
func TestRooms(t *testing.T) {
	imports, libraries := map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, f := range sources(t) {
		name := f.room()
		if name == "" || f.test {
			continue
		}
		if imports[name] == nil {
			imports[name], libraries[name] = map[string]bool{}, map[string]bool{}
		}
		for _, p := range f.imports() {
			if other, ok := strings.CutPrefix(p, "stet/internal/"); ok {
				imports[name][other] = true
			} else if first, _, _ := strings.Cut(p, "/"); strings.Contains(first, ".") {
				libraries[name][moduleOf(p)] = true
			}
		}
	}
	known := map[string]bool{}
	for _, r := range rooms(t) {
		if imports[r.name] == nil {
			t.Errorf("ARCHITECTURE.md has a room %s, the house has none", r.name)
		}
		for _, other := range r.imports {
			if !known[other] {
				t.Errorf("%s imports %s, which does not stand above it: arrows point one way", r.name, other)
			}
		}
		known[r.name] = true
		same(t, r.name+" imports", keysOf(imports[r.name]), r.imports)
		same(t, r.name+" uses the libraries", keysOf(libraries[r.name]), r.libraries)
	}
	for name := range imports {
		if !known[name] {
			t.Errorf("the room %s is not in the table of ARCHITECTURE.md", name)
		}
	}
}

// moduleOf is the module of an imported package, near enough.
func moduleOf(importPath string) string {
	parts := strings.Split(importPath, "/")
	return strings.Join(parts[:min(3, len(parts))], "/")
}

func keysOf(m map[string]bool) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s %q; ARCHITECTURE.md says %q", what, got, want)
	}
}

// A room is named for what it is.
func TestNames(t *testing.T) {
	for _, f := range sources(t) {
		switch f.file.Name.Name {
		case "util", "utils", "helper", "helpers", "common", "types", "misc", "shared":
			t.Errorf("%s: no room is called %s", f.path, f.file.Name.Name)
		}
	}
}

// Every package tells its story in a comment.
func TestPackageComments(t *testing.T) {
	told := map[string]bool{}
	for _, f := range sources(t) {
		if !f.test {
			told[f.dir] = told[f.dir] || f.file.Doc != nil && len(strings.TrimSpace(f.file.Doc.Text())) > 40
		}
	}
	for dir, ok := range told {
		if !ok {
			t.Errorf("the package in %s has no comment that says what it is for", dir)
		}
	}
}

func TestFormatted(t *testing.T) {
	for _, f := range sources(t) {
		if got, err := format.Source(f.data); err != nil || !bytes.Equal(got, f.data) {
			t.Errorf("%s is not as gofmt writes it", f.path)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, f := range sources(t) {
		if f.madeBy {
			continue
		}
		if n := bytes.Count(f.data, []byte("\n")); n > longestFile {
			t.Errorf("%s has %d lines, which is more than %d", f.path, n, longestFile)
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			fn, ok := n.(*ast.FuncDecl)
			if !ok {
				return true
			}
			if lines := f.at(fn.End()).Line - f.at(fn.Pos()).Line + 1; lines > longestFunction {
				t.Errorf("%s: %s has %d lines, which is more than %d", f.at(fn.Pos()), fn.Name.Name, lines, longestFunction)
			}
			return true
		})
	}
}

// forbidden is what only cmd/stet does: it prints, exits and reads the clock,
// the environment and flags.
var forbidden = map[string][]string{
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"os":   {"Args", "Exit", "Getenv", "LookupEnv", "Environ", "Stdin", "Stdout", "Stderr", "UserCacheDir", "UserHomeDir"},
	"time": {"Now", "Since", "Until", "Local", "LoadLocation"},
}

// allowedUses are exceptions, each with its reason.
var allowedUses = map[string]string{
	"internal/config time.LoadLocation": "the zone that site.yaml names; the data is in the program",

	// Watching waits, and what it finds depends on no time: files that take long
	// to look at are only looked at less often.
	"internal/watch time.Now":   "how long a look at the files takes",
	"internal/watch time.Since": "how long a look at the files takes",
}

// Below cmd/stet nobody prints, exits or reads the clock, the environment or
// flags; no build starts another program or uses the network.
func TestQuiet(t *testing.T) {
	network := map[string]bool{"net": true, "net/http": true, "net/rpc": true, "net/smtp": true}
	for _, f := range sources(t) {
		if f.room() == "" || f.aside() {
			continue
		}
		for _, p := range f.imports() {
			switch {
			case p == "testing", p == "stet/internal/browser":
				t.Errorf("%s imports %s, which is for tests", f.path, p)
			case p == "os/exec" && f.room() == "deploy": // a branch is sent by git, which has its user's keys
			case p == "os/exec", p == "flag", p == "log", p == "log/slog":
				t.Errorf("%s imports %s", f.path, p)
			case network[p] && f.room() != "serve" && f.room() != "service" && f.room() != "deploy":
				t.Errorf("%s imports %s: a build has no network", f.path, p)
			}
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			of, ok := s.X.(*ast.Ident)
			use := ""
			if ok && slices.Contains(forbidden[of.Name], s.Sel.Name) {
				use = of.Name + "." + s.Sel.Name
			}
			if use != "" && allowedUses[f.dir+" "+use] == "" {
				t.Errorf("%s: %s is for cmd/stet alone", f.at(s.Pos()), use)
			}
			return true
		})
	}
}

// Only source reads a site, only output writes an edition; serve shows one, and
// comments makes a database, which is part of neither; deploy has folders as targets.
func TestGates(t *testing.T) {
	gates := []string{"source", "output", "serve", "cache", "watch", "comments", "deploy"}
	for _, f := range sources(t) {
		if f.room() == "" || f.aside() || slices.Contains(gates, f.room()) {
			continue
		}
		for _, p := range f.imports() {
			if p == "embed" && f.room() == "service" {
				continue // its own pages
			}
			if p == "os" || p == "io/ioutil" || p == "embed" {
				t.Errorf("%s imports %s: files are read by source and written by output", f.path, p)
			}
		}
	}
}
