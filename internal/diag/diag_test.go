package diag

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"stet/internal/archive"
)

var update = flag.Bool("update", false, "write the goldens anew")

// Each archive has problems.json, the files they are in, and want; its comment
// may hold the words "all:" and "color:".
func TestPrint(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	if len(archives) == 0 {
		t.Fatal("no testdata")
	}
	for _, path := range archives {
		t.Run(filepath.Base(path), func(t *testing.T) { printCase(t, path) })
	}
}

func printCase(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	a := archive.Parse(data)
	var problems []Problem
	if err := json.Unmarshal([]byte(a.Files["problems.json"]), &problems); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	Printer{
		Out:   &out,
		All:   strings.Contains(a.Comment, "all:"),
		Color: strings.Contains(a.Comment, "color:"),
		Lines: func(path string, line int) (string, bool) {
			lines := strings.Split(a.Files[path], "\n")
			if line > len(lines) {
				return "", false
			}
			return lines[line-1], true
		},
	}.Print(problems)
	if *update {
		a.Files["want"] = out.String()
		if err := os.WriteFile(path, a.Format(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := out.String(); got != a.Files["want"] {
		t.Errorf("got:\n%s\nwant:\n%s", got, a.Files["want"])
	}
}

func TestPrintNothing(t *testing.T) {
	var out bytes.Buffer
	Printer{Out: &out}.Print(nil)
	if out.Len() > 0 {
		t.Errorf("printed %q for no problems", out.String())
	}
}

func TestSort(t *testing.T) {
	a := Problem{Path: "a.md", Line: 2, Column: 1, Text: "x"}
	b := Problem{Path: "a.md", Line: 10, Column: 1, Text: "x"}
	c := Problem{Path: "b.md", Line: 1, Column: 1, Text: "x"}
	d := Problem{Path: "b.md", Line: 1, Column: 1, Text: "x", Hint: "other"}
	given := []Problem{d, c, b, a, b, c}
	if got, want := Sort(given), []Problem{a, b, c, d}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if given[0] != d {
		t.Error("the given list was changed")
	}
	if AnyError(given) || !AnyError(append(given, Problem{Severity: Error})) {
		t.Error("AnyError is wrong")
	}
}

func TestNearest(t *testing.T) {
	known := strings.Fields("title author authors date updated base_url dateline deck slug tags per_page الكاتب")
	for word, want := range map[string]string{
		"autor": "author", "auhtor": "author", "Title": "title", "titel": "title", "base-url": "base_url",
		"baseURL": "base_url", "perPage": "per_page", "dat": "date", "tag": "tags", "xyzzy": "", "": "", "ti": "",
		"update": "updated", "الكتب": "الكاتب", "title": "", "slgu": "slug", "description": "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := Nearest("cat", []string{"hat", "bat"}); got != "bat" {
		t.Errorf("of equals not the first in the alphabet: %q", got)
	}
}

func TestNearestFile(t *testing.T) {
	known := strings.Fields("news/cap1.md news/foot.md news/fire.jpg news/a.md news/mill-fire/index.md")
	for name, want := range map[string]string{
		"news/nope.md": "", "news/gone.md": "", "news/nofile.jpg": "", "news/A.MD": "news/a.md", "news/fire.png": "news/fire.jpg",
		"news/fier.jpg": "news/fire.jpg", "news/cap2.md": "news/cap1.md", "news/mil-fire.md": "news/mill-fire/index.md", "news/index.md": "",
	} {
		if got := NearestFile(name, known); got != want {
			t.Errorf("NearestFile(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestJSON(t *testing.T) {
	p := Problem{Severity: Error, Path: "a.md", Line: 4, Column: 1, Length: 5, Text: `unknown field "autor"`}
	got, _ := json.Marshal(p)
	want := `{"severity":"error","path":"a.md","line":4,"column":1,"length":5,"text":"unknown field \"autor\""}`
	if string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var back Problem
	if err := json.Unmarshal(got, &back); err != nil || back != p {
		t.Errorf("came back as %v, %v", back, err)
	}
	got, _ = json.Marshal(Problem{Path: "a.md", Text: "x"})
	if want := `{"severity":"warning","path":"a.md","text":"x"}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Whatever a file holds, its excerpt is one line that cannot steer a terminal,
// and its marker stands within the excerpt.
func FuzzExcerpt(f *testing.F) {
	f.Add("autor: Ada", 1, 5)
	f.Add("\tعنوان: خبر", 3, 2)
	f.Add("日本語: 新聞", 4, 9)
	f.Add(strings.Repeat("long ", 90), 300, 20)
	f.Fuzz(func(t *testing.T, line string, column, length int) {
		line, _, _ = strings.Cut(line, "\n")
		e := excerptOf(line, column%1000, length%1000)
		if strings.ContainsAny(e.text+e.marker, "\n\r\x1b\x07\u202e") {
			t.Errorf("unsafe: %q %q", e.text, e.marker)
		}
		if n := len([]rune(e.marker)); n > 3*excerptWidth && !strings.HasPrefix(e.marker, "here") {
			t.Errorf("the marker is %d columns wide", n)
		}
	})
}
