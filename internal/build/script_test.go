package build_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"stet"
	"stet/internal/build"
	"stet/internal/cache"
	"stet/internal/diag"
	"stet/internal/output"
)

var update = flag.Bool("update", false, "write what the tests get as what they want")

// TestSites runs testdata/sites/*.txtar. Each is a site, with steps above its
// files:
//
//	build [drafts] [proof] [at=TIME] [base=URL] [jobs=N]  makes the edition
//	plain                       builds with no more of the built-in theme than its
//	                            words
//	fails                       the last build had an error and put nothing in place
//	made PATH…                  exactly these pages were made by the last build
//	written PATH…               exactly these files' bytes changed
//	anew PATH…                  both
//	removed PATH…               exactly these files were removed
//	files PATH…                 exactly these files are in the edition
//	shows PATH TEXT             the page holds the text
//	hides PATH TEXT             it does not
//	order PATH TEXT…            the page holds these texts in this order
//	text PATH                   what a browser without styles shows of the page is the
//	                            file "text/PATH" of the archive
//	absent PATH                 there is no such file
//	problems [NAME]             what the user sees is the file "problems" (or
//	                            "problems-NAME") of the archive
//	skipped                     what is not published is the file "skipped"
//	page PATH                   the page is the file "page/PATH" of the archive
//	write PATH FILE             puts a file of the archive into the site
//	edit PATH OLD NEW           replaces a text in a file of the site
//	remove PATH                 removes a file or folder of the site
//	move PATH NEW               moves one
//	touch PATH                  makes it look new
//	eject PATH                  copies a file of the theme into the site
//	font NAME PATH              puts a font of internal/assets/testdata there
//	draw PATH WxH [KEY=VALUE…]  draws a picture into the site; KEY is caption,
//	                            credit, creator, alt, copyright, license or language of
//	                            what its file says, turned, secret or seed
//	cut PATH N                  leaves the first bytes of a file
//	pictures NAME…              exactly these renditions are in the edition,
//	                            with * for their sums
//
// Words in double quotes are Go strings.
func TestSites(t *testing.T) {
	files, err := filepath.Glob("testdata/sites/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no sites to test", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runSite(t, name)
		})
	}
}

// A script is a site that is built and edited step by step.
type script struct {
	*testing.T
	archive  *txtar.Archive
	dir, out string
	theme    fs.FS
	at       time.Time
	report   build.Report
	problems []diag.Problem
	changed  bool // the archive is to be written back
}

func runSite(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{T: t, archive: archive, dir: filepath.Join(t.TempDir(), "site"), theme: stet.Theme(), at: demoTime}
	s.out = filepath.Join(filepath.Dir(s.dir), "out")
	for _, f := range archive.Files {
		if !s.golden(f.Name) && !strings.HasPrefix(f.Name, "later/") {
			s.put(f.Name, f.Data)
		}
	}
	for n, line := range strings.Split(string(archive.Comment), "\n") {
		words, err := split(line)
		if err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		if len(words) > 0 {
			s.step(fmt.Sprintf("line %d: %s: ", n+1, line), words[0], words[1:])
		}
	}
	if s.changed {
		if err := os.WriteFile(name, txtar.Format(s.archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *script) golden(name string) bool {
	return strings.HasPrefix(name, "problems") || name == "skipped" || strings.HasPrefix(name, "page/") || strings.HasPrefix(name, "text/")
}

// split parts a step into words; # begins a comment.
func split(line string) (words []string, err error) {
	for line = strings.TrimSpace(line); line != "" && line[0] != '#'; line = strings.TrimSpace(line) {
		if line[0] == '"' {
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				return nil, err
			}
			word, _ := strconv.Unquote(quoted)
			words, line = append(words, word), line[len(quoted):]
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		words, line = append(words, word), rest
	}
	return words, nil
}

func (s *script) step(at, do string, args []string) {
	s.Helper()
	switch do {
	case "build":
		s.build(args)
	case "plain":
		s.theme = words()
	case "fails":
		if !diag.AnyError(s.problems) || s.report.Written != nil {
			s.Errorf("%sit did not fail:\n%s", at, s.said())
		}
	case "made":
		s.list(at, s.report.Pages, args)
	case "written":
		s.list(at, s.report.Written, args)
	case "anew":
		s.list(at, s.report.Pages, args)
		s.list(at, s.report.Written, args)
	case "removed":
		s.list(at, s.report.Removed, args)
	case "files":
		s.list(at, s.files(), args)
	case "shows", "hides":
		if got := strings.Contains(s.read(args[0]), args[1]); got != (do == "shows") {
			s.Errorf("%sit does not, in\n%s", at, s.read(args[0]))
		}
	case "order":
		rest := s.read(args[0])
		for _, text := range args[1:] {
			_, after, found := strings.Cut(rest, text)
			if !found {
				s.Errorf("%s%q does not follow, in\n%s", at, text, s.read(args[0]))
				break
			}
			rest = after
		}
	case "text":
		s.compare(at, "text/"+args[0], unstyled(s.read(args[0])))
	case "absent":
		if _, err := os.Lstat(s.output(args[0])); err == nil {
			s.Errorf("%sit is there", at)
		}
	case "problems":
		s.compare(at, strings.Join(append([]string{"problems"}, args...), "-"), s.said())
	case "skipped":
		s.compare(at, "skipped", s.unpublished())
	case "pictures":
		s.pictures(at, args)
	case "page":
		s.compare(at, "page/"+args[0], s.read(args[0]))
	default:
		s.change(at, do, args)
	}
}

// words is the built-in theme without its layouts and files.
func words() fs.FS {
	theme := fstest.MapFS{}
	names, _ := fs.Glob(stet.Theme(), "layouts/languages/*")
	for _, name := range names {
		data, _ := fs.ReadFile(stet.Theme(), name)
		theme[name] = &fstest.MapFile{Data: data}
	}
	return theme
}

// change is a step that edits the site.
func (s *script) change(at, do string, args []string) {
	s.Helper()
	var err error
	switch do {
	case "write":
		s.put(args[0], s.file("later/"+args[1]))
	case "edit":
		data, e := os.ReadFile(s.source(args[0]))
		if e != nil || !bytes.Contains(data, []byte(args[1])) {
			s.Fatalf("%sthere is no such text: %v", at, e)
		}
		s.put(args[0], bytes.ReplaceAll(data, []byte(args[1]), []byte(args[2])))
	case "remove":
		err = os.RemoveAll(s.source(args[0]))
	case "move":
		err = os.MkdirAll(filepath.Dir(s.source(args[1])), 0o755)
		if err == nil {
			err = os.Rename(s.source(args[0]), s.source(args[1]))
		}
	case "eject":
		data, e := fs.ReadFile(s.theme, args[0])
		if err = e; err == nil {
			s.put(args[0], data)
		}
	case "font":
		data, e := os.ReadFile("../assets/testdata/" + args[0])
		if err = e; err == nil {
			s.put(args[1], data)
		}
	case "draw":
		s.draw(args)
	case "cut":
		n, _ := strconv.Atoi(args[1])
		err = os.Truncate(s.source(args[0]), int64(n))
	case "touch":
		now := time.Now()
		err = os.Chtimes(s.source(args[0]), now, now)
	default:
		s.Fatalf("%sthere is no such step", at)
	}
	if err != nil {
		s.Fatal(at, err)
	}
}

func (s *script) build(args []string) {
	s.Helper()
	o := build.Options{Dir: s.dir, Out: s.out, Theme: s.theme, Now: s.at, Jobs: 2}
	for _, a := range args {
		key, value, _ := strings.Cut(a, "=")
		switch key {
		case "drafts":
			o.Drafts = true
		case "adopt":
			o.Adopt = true
		case "proof":
			o.Proof = true
		case "base":
			o.BaseURL = value
		case "jobs":
			o.Jobs, _ = strconv.Atoi(value)
		case "at":
			at, err := time.Parse(time.RFC3339, value)
			if err != nil {
				s.Fatal(err)
			}
			o.Now, s.at = at, at
		default:
			s.Fatalf("build has no option %q", a)
		}
	}
	clean := o
	o.Cache, o.Started = cache.Folder{Dir: s.out + "-cache", Version: "test"}, time.Now()
	s.report, s.problems = build.Run(context.Background(), o)
	if diag.AnyError(s.problems) && !o.Proof && s.report.Written != nil {
		s.Error("something was put in place in spite of an error")
	}
	s.clean(clean)
}

// clean compares the edition with one that is made from nothing into a new
// folder, by layouts that are not compiled: the bytes and the messages must be
// the same.
func (s *script) clean(o build.Options) {
	s.Helper()
	if testing.Short() {
		return // under the race detector: one job races with nobody
	}
	o.Interpret = true
	o.Out = filepath.Join(s.TempDir(), "clean")
	o.Jobs = 1
	said := s.said()
	rep, problems := build.Run(context.Background(), o)
	var b strings.Builder
	diag.Printer{Out: &b, Lines: rep.Lines}.Print(problems)
	if b.String() != said {
		s.Errorf("a clean build says\n%s\nthis one said\n%s", &b, said)
	}
	if diag.AnyError(problems) {
		return
	}
	if diff := differ(o.Out, s.out); diff != "" {
		s.Errorf("a clean build makes others: %s", diff)
	}
}

// bytesOf reads an edition: the bytes of its files by their paths.
func bytesOf(dir string) map[string]string {
	files := map[string]string{}
	fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(name, ".stet/") {
			data, _ := os.ReadFile(filepath.Join(dir, name))
			files[name] = string(data)
		}
		return err
	})
	return files
}

// withAbouts are these files of an edition, and what its manifest says about them.
func withAbouts(dir string, files map[string]string) map[string]string {
	there, err := output.Read(dir)
	if err != nil {
		files["the manifest"] = err.Error()
	}
	for _, f := range there.Files {
		if f.About != "" {
			files["what is about "+f.Name] = f.About
		}
	}
	return files
}

// differ names the files in which two editions differ, or what is said about them.
func differ(a, b string) string {
	x, y := withAbouts(a, bytesOf(a)), withAbouts(b, bytesOf(b))
	var names []string
	for name := range x {
		if got, ok := y[name]; !ok || got != x[name] {
			names = append(names, name)
		}
	}
	for name := range y {
		if _, ok := x[name]; !ok {
			names = append(names, "not "+name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (s *script) said() string {
	var b strings.Builder
	diag.Printer{Out: &b, Lines: s.report.Lines}.Print(s.problems)
	return b.String()
}

func (s *script) unpublished() string {
	var b strings.Builder
	for _, x := range s.report.Skipped {
		fmt.Fprintf(&b, "%s %s", x.Path, x.Reason)
		if !x.Until.IsZero() {
			fmt.Fprintf(&b, " until %s", x.Until.Format(time.RFC3339))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (s *script) list(at string, got, want []string) {
	s.Helper()
	got = slices.Clone(got)
	for i, name := range got {
		for _, pattern := range want {
			if fits, _ := path.Match(pattern, name); fits {
				got[i] = pattern
			}
		}
	}
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		s.Errorf("%sit was\n  %s\n%s", at, strings.Join(got, "\n  "), s.said())
	}
}

func (s *script) compare(at, name, got string) {
	s.Helper()
	for i := range s.archive.Files {
		if f := &s.archive.Files[i]; f.Name == name {
			if string(f.Data) != got && *update {
				f.Data, s.changed = []byte(got), true
			}
			if string(f.Data) != got {
				s.Errorf("%sgot\n%s\nwant\n%s", at, got, f.Data)
			}
			return
		}
	}
	if *update {
		s.archive.Files = append(s.archive.Files, txtar.File{Name: name, Data: []byte(got)})
		s.changed = true
		return
	}
	s.Errorf("%sthere is no %s in the archive; got\n%s", at, name, got)
}

func (s *script) file(name string) []byte {
	for _, f := range s.archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	s.Fatalf("there is no file %s in the archive", name)
	return nil
}

func (s *script) source(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// output is where a file of the edition is; one * stands for what a name has that
// changes with the bytes.
func (s *script) output(name string) string {
	name = filepath.Join(s.out, filepath.FromSlash(name))
	if all, _ := filepath.Glob(name); strings.Contains(name, "*") && len(all) == 1 {
		return all[0]
	}
	return name
}

func (s *script) put(name string, data []byte) {
	s.Helper()
	if err := os.MkdirAll(filepath.Dir(s.source(name)), 0o755); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(s.source(name), unescape(data), 0o644); err != nil {
		s.Fatal(err)
	}
}

// unescape makes of "\x" escapes on lines that begin with "!" what a text
// archive cannot hold: byte order marks, carriage returns, other encodings.
func unescape(data []byte) []byte {
	if !bytes.HasPrefix(data, []byte("!escaped\n")) {
		return data
	}
	s, err := strconv.Unquote(`"` + strings.ReplaceAll(strings.ReplaceAll(string(data[len("!escaped\n"):]), `"`, `\"`), "\n", `\n`) + `"`)
	if err != nil {
		panic(err)
	}
	return []byte(s)
}

func (s *script) read(name string) string {
	s.Helper()
	data, err := os.ReadFile(s.output(name))
	if err != nil {
		s.Errorf("%v\n%s", err, s.said())
	}
	return string(data)
}

// files lists the edition, without what the theme adds.
func (s *script) files() (names []string) {
	fs.WalkDir(os.DirFS(s.out), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(name, ".stet/") {
			names = append(names, name)
		}
		return err
	})
	return names
}
