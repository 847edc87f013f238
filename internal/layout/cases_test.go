package layout

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// A sample is a template of testdata/cases with what comes of it.
type sample struct {
	note string // lines of comment before it
	line int
	text string
	want string
}

// readSamples reads a file of cases: the lines of a template, then what it
// gives, indented by two. An empty line ends one as well.
func readSamples(t *testing.T, path string) (all []sample) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var c sample
	end := func() {
		if c.text != "" {
			c.text = strings.TrimSuffix(c.text, "\n")
			all = append(all, c)
			c = sample{}
		}
	}
	for i, line := range strings.Split(string(data), "\n") {
		switch {
		case c.text == "" && strings.HasPrefix(line, "# "):
			c.note += line + "\n"
		case isResult(line):
			c.want = line[2:]
			end()
		case line == "":
			end()
		default:
			if c.text == "" {
				c.line = i + 1
			}
			c.text += line + "\n"
		}
	}
	end()
	return all
}

func isResult(line string) bool {
	return len(line) > 3 && line[:2] == "  " && strings.ContainsRune("=~!", rune(line[2])) && line[3] == ' '
}

// came is what came of a template, as its file says it.
func (v verdict) came() string {
	switch {
	case v.err != nil:
		return "! " + shown(v.err.Error())
	case !v.ran:
		return "~ " + shown(v.out)
	}
	return "= " + shown(v.out)
}

// address is one of this machine's memory.
var address = regexp.MustCompile(`\b0x[0-9a-f]{6,}\b`)

// shown is a text on one line, as it is if nothing of it would be lost.
func shown(s string) string {
	s = address.ReplaceAllString(s, "0x…")
	odd := func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }
	if s == "" || strings.HasPrefix(s, `"`) || strings.HasPrefix(s, " ") || strings.HasSuffix(s, " ") || strings.ContainsFunc(s, odd) {
		return strconv.Quote(s)
	}
	return s
}

// Each case gives, compiled, what html/template makes of it, or is left to it;
// and as a page of a build it gives the same bytes, or the same messages, with
// layouts compiled and not.
func TestCases(t *testing.T) {
	paths, _ := filepath.Glob("testdata/cases/*.txt")
	if len(paths) < 5 {
		t.Fatalf("only %d files of cases", len(paths))
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			for _, c := range readSamples(t, path) {
				v, ok := judge(t, c.text, values())
				if !ok {
					t.Errorf("%s:%d: %s cannot be parsed", path, c.line, c.text)
				}
				if wrong := v.wrong(); wrong != "" {
					t.Errorf("%s:%d: %s: %s", path, c.line, c.text, wrong)
				}
				if wrong := compareWhole(c.text, values(), values()); wrong != "" {
					t.Errorf("%s:%d: %s: %s", path, c.line, c.text, wrong)
				}
				c.expect(t, v, path, name)
				if got := v.came(); !*update && got != c.want {
					t.Errorf("%s:%d: %s gives\n  %s\nwant\n  %s", path, c.line, c.text, got, c.want)
				}
				fmt.Fprintf(&b, "%s%s\n  %s\n\n", c.note, c.text, v.came())
			}
			if *update {
				if err := os.WriteFile(path, []byte(strings.TrimSuffix(b.String(), "\n")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// expect holds a case against what its file is for, whatever it says of it.
func (c sample) expect(t *testing.T, v verdict, path, name string) {
	t.Helper()
	switch left := v.err == nil && !v.ran; {
	case name == "left" && (v.err != nil || v.ran):
		t.Errorf("%s:%d: %s is not left to html/template: %s", path, c.line, c.text, v.came())
	case name == "errors" && v.err == nil:
		t.Errorf("%s:%d: %s is no error: %s", path, c.line, c.text, v.came())
	case left && name != "left" && !strings.Contains(c.text, "left to html/template"):
		t.Errorf("%s:%d: %s is not compiled; html/template gives %q", path, c.line, c.text, v.out)
	}
}

// Functions of one value and of two do the same with values of all kinds, as
// they come out of a map, out of a variable and out of a pipeline.
func TestPairs(t *testing.T) {
	t.Parallel()
	dot := values()
	two := []string{"eq", "ne", "lt", "le", "gt", "ge", "index", "slice", "and", "or", "print", "printf", "println", "html", "js", "urlquery", "call"}
	for _, f := range two {
		for _, form := range []string{"{{%s .A .B}}", "{{$a := .A}}{{$b := .B}}{{%s $a $b}}", "{{.B | %s .A}}"} {
			var list []any
			for _, a := range dot {
				for _, b := range dot {
					list = append(list, map[string]any{"A": a, "B": b})
				}
			}
			checkPairs(t, fmt.Sprintf(form, f), list)
		}
	}
	for _, form := range []string{"{{len .A}}", "{{not .A}}", "{{index .A}}", "{{slice .A}}", "{{slice .A 1}}", "{{slice .A 0 1}}", "{{slice .A 0 1 1}}", "{{call .A}}", "{{if .A}}1{{else}}2{{end}}", "{{with .A}}{{.}}{{else}}2{{end}}", "{{.A | printf \"%v\"}}",
		"{{index .A 0}}", "{{index .A \"k\"}}", "{{.A.Name}}", "{{.A.k}}", "{{.A.String}}", "{{(index .A 0).Name}}", "{{eq .A nil}}", "{{ne nil .A}}", "{{and .A nil}}", "{{template \"t\" .A}}{{define \"t\"}}{{.}}{{end}}"} {
		var list []any
		for _, a := range dot {
			list = append(list, map[string]any{"A": a})
		}
		checkPairs(t, form, list)
	}
}

// checkPairs executes a template with each of these as its dot.
func checkPairs(t *testing.T, text string, list []any) {
	t.Helper()
	b := bothOf(t, text)
	ran, wrong := 0, 0
	for _, dot := range list {
		if difference := b.differ(dot); difference != "" {
			t.Errorf("%s with %v: %s", text, dot, difference)
			if wrong++; wrong > 5 {
				t.Fatal("and so on")
			}
		}
		if b.ran {
			ran++
		}
	}
	if ran == 0 && b.p != nil {
		t.Errorf("%s was never compiled", text)
	}
}

// compareWhole makes a page both ways, with the same data or, where it has a
// channel that can be read once only, with data made twice.
func compareWhole(text string, dot, again any) (wrong string) {
	compiled, not := whole(text, dot, false), whole(text, again, true)
	if reflect.DeepEqual(compiled, not) {
		return ""
	}
	return fmt.Sprintf("compiled it gives\n%q\nand says %s and asks %q\nnot compiled\n%q\nand says %s and asks %q", compiled.out, compiled.said, compiled.asked, not.out, not.said, not.asked)
}
