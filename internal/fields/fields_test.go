package fields

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/archive"
	"stet/internal/diag"
)

var update = flag.Bool("update", false, "write the goldens anew")

// show writes a tree as text: kind of quoting, line, column and length in
// front of what is there.
func show(b *strings.Builder, v *Value, depth int) {
	indent := strings.Repeat("  ", depth)
	if v == nil {
		fmt.Fprintf(b, "%snil\n", indent)
		return
	}
	fmt.Fprintf(b, "%s%d:%d+%d ", indent, v.Line, v.Column, v.Length)
	switch v.Kind {
	case Null:
		b.WriteString("null\n")
	case Text:
		fmt.Fprintf(b, "%s %q\n", [...]string{"plain", "quoted", "block", "number", "bool", "time"}[v.Style], v.Text)
	case List:
		b.WriteString("list\n")
		for _, item := range v.Items {
			show(b, item, depth+1)
		}
	case Map:
		b.WriteString("map\n")
		for _, pair := range v.Pairs {
			fmt.Fprintf(b, "%s  %s (%d:%d+%d)\n", indent, pair.Key.Text, pair.Key.Line, pair.Key.Column, pair.Key.Length)
			show(b, pair.Value, depth+2)
		}
	}
}

func told(problems []diag.Problem, data string) string {
	var out bytes.Buffer
	diag.Printer{Out: &out, All: true, Lines: func(_ string, n int) (string, bool) {
		lines := strings.Split(strings.ReplaceAll(data, "\r\n", "\n"), "\n")
		if n > len(lines) {
			return "", false
		}
		return lines[n-1], true
	}}.Print(problems)
	return out.String()
}

// In testdata/front each file of an archive is an article, followed by one
// that is wanted: what it gives and what the user is told. \t, \r, \0 and such
// in angle brackets (<09>) stand for bytes that a text file hides.
func TestFront(t *testing.T) {
	eachCase(t, "testdata/front/*.txtar", func(name string, data []byte) string {
		f, problems := SplitFront(name, data)
		var b strings.Builder
		if f.Format != "" {
			show(&b, f.Fields, 0)
		}
		fmt.Fprintf(&b, "body from line %d: %q\n", f.BodyLine, f.Body)
		return b.String() + told(problems, string(data))
	})
}

// In testdata/data they are data files of any format.
func TestData(t *testing.T) {
	eachCase(t, "testdata/data/*.txtar", func(name string, data []byte) string {
		v, problems := Parse(name, data)
		var b strings.Builder
		show(&b, v, 0)
		return b.String() + told(problems, string(data))
	})
}

func eachCase(t *testing.T, pattern string, run func(name string, data []byte) string) {
	archives, _ := filepath.Glob(pattern)
	if len(archives) == 0 {
		t.Fatal("no testdata")
	}
	for _, path := range archives {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a := archive.Parse(data)
		for i := 0; i+1 < len(a.Names); i += 2 {
			name, want := a.Names[i], a.Names[i+1]
			t.Run(filepath.Base(path)+"/"+name, func(t *testing.T) {
				got := run(name, reveal(a.Files[name]))
				if *update {
					a.Files[want] = got
				}
				if got != a.Files[want] {
					t.Errorf("got:\n%s\nwant:\n%s", got, a.Files[want])
				}
			})
		}
		if *update {
			if err := os.WriteFile(path, a.Format(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func reveal(s string) []byte {
	var b []byte
	for i := 0; i < len(s); i++ {
		var c byte
		if i+3 < len(s) && s[i] == '<' && s[i+3] == '>' {
			if n, err := fmt.Sscanf(s[i:i+4], "<%02x>", &c); n == 1 && err == nil {
				b = append(b, c)
				i += 3
				continue
			}
		}
		b = append(b, s[i])
	}
	return b
}

// Nothing in other people's collections of awkward files panics, and what is
// refused is refused at a place.
func TestConformance(t *testing.T) {
	root := "../../../shared/conformance/frontmatter"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the conformance data is not here:", err)
	}
	filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, problems := SplitFront(path, data)
		if f.Fields == nil {
			t.Errorf("%s: no fields", path)
		}
		if len(f.Fields.Pairs) == 0 && problems == nil && !bytes.Contains(data, []byte("---\n---")) {
			t.Errorf("%s: neither fields nor a problem", path)
		}
		for _, p := range problems {
			if p.Line == 0 || p.Column == 0 || p.Hint == "" {
				t.Errorf("%s: not located or without a hint: %+v", path, p)
			}
		}
		if v, problems := Parse(path, data); v == nil && problems == nil {
			t.Errorf("%s as data: neither a value nor a problem", path)
		}
		if testing.Verbose() {
			t.Logf("%s\n%s", path, told(problems, string(data)))
		}
		return nil
	})
}

// What the clocks of a zone skip and repeat.
func TestOdd(t *testing.T) {
	for written, want := range map[string]string{
		"Europe/Berlin 2026-03-29 01:59":          "",
		"Europe/Berlin 2026-03-29 02:00":          "skipped",
		"Europe/Berlin 2026-03-29 02:59":          "skipped",
		"Europe/Berlin 2026-03-29 03:00":          "",
		"Europe/Berlin 2026-03-29":                "",
		"Europe/Berlin 2026-10-25 01:59":          "",
		"Europe/Berlin 2026-10-25 02:00":          "repeated",
		"Europe/Berlin 2026-10-25 02:59":          "repeated",
		"Europe/Berlin 2026-10-25T02:30:00+02:00": "",
		"Europe/Berlin 2026-10-25 03:00":          "",
		"America/New_York 2026-11-01 01:30":       "repeated",
		"America/New_York 2026-11-01 00:59":       "",
		"America/New_York 2026-11-01 02:00":       "",
		"Australia/Lord_Howe 2026-10-04 02:15":    "skipped",
		"Australia/Lord_Howe 2026-04-05 01:45":    "repeated",
		"Pacific/Apia 2011-12-30 12:00":           "skipped",
		"UTC 2026-03-29 02:30":                    "",
		"Asia/Baghdad 2026-03-29 02:30":           "",
		"Europe/Berlin 2026-07-01 02:30":          "",
		"Europe/Berlin 2050-03-27 02:30":          "skipped",
		"Europe/Berlin 1850-03-27 02:30":          "",
	} {
		name, date, _ := strings.Cut(written, " ")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		w, fits := ParseWhen(date)
		if got := w.Odd(zone); got != want || !fits {
			t.Errorf("%s is %q, want %q", written, got, want)
		}
	}
}

func TestWhen(t *testing.T) {
	for written, want := range map[string]string{
		"2026-11-22":                    "2026-11-22 00:00:00 +0300",
		"2026-11-22 14:05":              "2026-11-22 14:05:00 +0300",
		"2026-11-22T14:05":              "2026-11-22 14:05:00 +0300",
		"2026-11-22T14:05:09":           "2026-11-22 14:05:09 +0300",
		"2026-11-22T14:05:09Z":          "2026-11-22 17:05:09 +0300",
		"2026-11-22T14:05:09.123+05:30": "2026-11-22 11:35:09 +0300",
		"2026-11-22 14:05 -0800":        "2026-11-23 01:05:00 +0300",
		"٢٠٢٦-١١-٢٢":                    "2026-11-22 00:00:00 +0300",
		"\u200f۲۰۲۶-۱۱-۲۲\u00a0۱۴:۰۵":   "2026-11-22 14:05:00 +0300",
		"2024-02-29":                    "2024-02-29 00:00:00 +0300",
		"2026-02-30":                    "",
		"2026-02-29":                    "",
		"2026-13-01":                    "",
		"2026-11-22 25:00":              "",
		"2026-11-22 14":                 "",
		"tomorrow":                      "",
		"":                              "",
		"2026-11-22 14:05 Baghdad":      "",
		"22.11.2026":                    "",
		"99999-01-01":                   "",
		"2026-11-22T14:05:09+99:99":     "",
		"2026-11-22T14:05:09.123":       "2026-11-22 14:05:09 +0300",
		"2026-11-22 14:05:09.5 Z":       "2026-11-22 17:05:09 +0300",
		"0000-01-01":                    "",
	} {
		w, fits := ParseWhen(written)
		got := ""
		if fits {
			got = w.In(time.FixedZone("", 3*3600)).Format("2006-01-02 15:04:05 -0700")
		}
		if got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
}

// Where clocks are changed, a date without a zone is of the season it is in, and
// one with a zone is the same moment everywhere.
func TestSeasons(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for written, want := range map[string]string{
		"2026-01-22 14:05":          "2026-01-22T14:05:00+01:00",
		"2026-07-22 14:05":          "2026-07-22T14:05:00+02:00",
		"2026-07-22T14:05:09Z":      "2026-07-22T16:05:09+02:00",
		"2026-07-22T14:05:09+05:30": "2026-07-22T10:35:09+02:00",
		"2026-03-29T00:59:59Z":      "2026-03-29T01:59:59+01:00",
		"2026-03-29T01:00:00Z":      "2026-03-29T03:00:00+02:00",
		"2026-03-29 02:30":          "2026-03-29T03:30:00+02:00",
		"2026-12-31T23:30:00-00:30": "2027-01-01T01:00:00+01:00",
	} {
		w, _ := ParseWhen(written)
		if got := w.In(zone).Format(time.RFC3339); got != want {
			t.Errorf("%q is %q, want %q", written, got, want)
		}
	}
}

func TestLikelyDate(t *testing.T) {
	for written, want := range map[string]string{
		"22.11.2026":                "2026-11-22",
		"11/22/2026 14:05":          "2026-11-22 14:05",
		"22 November 2026":          "2026-11-22",
		"Nov 22, 2026 9:05":         "2026-11-22 09:05",
		"Sunday, 22 Nov 2026":       "2026-11-22",
		"2026/11/22":                "2026-11-22",
		"2026-02-30":                "2026-02-28",
		"2026-11-02 2:05pm":         "2026-11-02 14:05",
		"2 Nov 2026, 12 a.m.":       "2026-11-02 00:00",
		"2026-11-22 14:05 CET":      "2026-11-22 14:05 +01:00",
		"22.11.2026 14:05:09 UTC+3": "2026-11-22 14:05:09 +03:00",
		"2026/11/22T14:05-08:00":    "2026-11-22 14:05 -08:00",
		"“2026-11-01”":              "2026-11-01",
		"‘1 November 2026 at 9:05’": "2026-11-01 09:05",
		"2026-11-22 14:05 Baghdad":  "",
		"2026-11-22 14:05 IST":      "",
		"2026-11-22 25:00":          "",
		"2026-13-01":                "",
		"tomorrow":                  "",
	} {
		if got := likelyDate(written); got != want {
			t.Errorf("%q is taken for %q, want %q", written, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	v, problems := YAML("x.yaml", []byte("a: 1.10\nb: 7\nc: yes\nd: 2026-11-22\ne: [1.5, 007, null]\nf: {g: \"1\"}\n"), 1)
	got := fmt.Sprintf("%#v %v", v.Plain(), problems)
	want := `map[string]interface {}{"a":"1.10", "b":7, "c":true, "d":"2026-11-22", "e":[]interface {}{1.5, "007", interface {}(nil)}, "f":map[string]interface {}{"g":"1"}} []`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// In testdata/decoder the keys of a file say which method reads their values.
func TestDecoder(t *testing.T) {
	eachCase(t, "testdata/decoder/*.txtar", func(name string, data []byte) string {
		f, problems := SplitFront(name, data)
		d := Decoder{Path: name, Format: f.Format, Data: data, Problems: problems}
		var b strings.Builder
		d.Each(f.Fields, func(key, v *Value) {
			method, _, _ := strings.Cut(key.Text, "_")
			var got any
			switch method {
			case "text":
				got = d.Text(v)
			case "bool":
				got = d.Bool(v)
			case "int":
				got = d.Int(v)
			case "float":
				got = d.Float(v)
			case "texts":
				got = d.Texts(v)
			case "when":
				got = d.When(v)
			case "choice":
				got = d.Choice(v, "open", "closed", "off")
			case "each":
				d.Each(v, func(_, _ *Value) {})
			default:
				d.Unknown(key, []string{"author", "title"}, "")
			}
			fmt.Fprintf(&b, "%s: %#v\n", key.Text, got)
		})
		return b.String() + told(d.Problems, string(data))
	})
}

var article = []byte(`---
title: "Council said plans for a new harbour"
date: 2006-01-02T10:00:00Z
author:
  - "Amina Adler"
dateline: "Arvenholt"
section: politics
kicker: "Water"
tags:
  - water-policy
  - energy-crisis
summary: "Plans for a new harbour wall would go before members next week after months of talks."
image:
  src: /photos/0001.jpg
  alt: "Storms could damage homes"
  caption: "Residents officials and engineers who have warned"
  credit: "Dina Demir/Example Wire"
---
Body.
`)

func BenchmarkSplitFront(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		SplitFront("a.md", article)
	}
}

func FuzzSplitFront(f *testing.F) {
	f.Add(article)
	f.Add([]byte("+++\ntitle = \"x\"\n[a.b]\nc = [1, {d = 2}]\n+++\nBody"))
	f.Add([]byte("---\ntitle: Mayor: \"No\"\na: [b\nc: @d\n\te: 'f\n---\n"))
	f.Add([]byte("----\nx\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		front, problems := SplitFront("a.md", data)
		if front.Fields == nil || front.BodyLine < 1 {
			t.Fatal("no fields or no body line")
		}
		lines := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines+1 || p.Column < 0 || p.Hint == "" {
				t.Errorf("not located or without a hint: %+v", p)
			}
			if strings.Contains(p.Text, "cannot be read:") {
				t.Errorf("a panic was caught: %s", p.Text)
			}
		}
	})
}

func FuzzWhen(f *testing.F) {
	f.Add("2026-11-22T14:05:09.5+03:00")
	f.Add("٢٠٢٦-١١-٢٢")
	f.Fuzz(func(t *testing.T, s string) {
		w, fits := ParseWhen(s)
		if fits && (w.IsZero() || w.In(time.UTC).IsZero() && w.Year > 1) {
			t.Errorf("%q is read as nothing", s)
		}
		if _, fits := ParseWhen(likelyDate(s)); !fits && likelyDate(s) != "" {
			t.Errorf("%q is rewritten as %q, which cannot be read", s, likelyDate(s))
		}
	})
}

func FuzzTOML(f *testing.F) {
	f.Add([]byte("a = 1\nb.c = 'x'\n[t]\nd = 2026-02-30\n[[u.v]]\ne = [1, \"é\"]\nf = {g = true}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, problems := TOML("a.toml", data, 1)
		if v == nil && problems == nil {
			t.Error("neither a value nor a problem")
		}
		for _, p := range problems {
			if strings.Contains(p.Text, "cannot be read:") {
				t.Errorf("a panic was caught: %s", p.Text)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("a.json", []byte(`{"a": [1, "x\n", {"b": null}]}`))
	f.Add("a.csv", []byte("a;b\n1;\"2\n\"\n"))
	f.Add("a.yaml", []byte("- a: &x [*x]\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		v, problems := Parse(name, data)
		if v == nil && problems == nil {
			t.Error("neither a value nor a problem")
		}
		v.Plain()
	})
}

// What is made to be slow is refused, or read, in little time.
func TestHostile(t *testing.T) {
	var yamlKeys, tomlKeys strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&yamlKeys, "k%d: v\n", i)
		fmt.Fprintf(&tomlKeys, "k%d = 1\n", i)
	}
	for name, text := range map[string]string{
		"brackets":      "---\na: " + strings.Repeat("[", 500_000) + "\n---\n",
		"braces":        "---\na: " + strings.Repeat("{", 500_000) + "\n---\n",
		"the same key":  "---\n" + strings.Repeat("a: b\n", 150_000) + "---\n",
		"keys":          "---\n" + yamlKeys.String() + "---\n",
		"dashes":        "---\n" + strings.Repeat("- ", 400_000) + "\n---\n",
		"questions":     "---\n" + strings.Repeat("? ", 400_000) + "\n---\n",
		"quotes":        "---\n" + strings.Repeat("a: \"x\n", 100_000) + "---\n",
		"colons":        "---\n" + strings.Repeat("a: b: c\n", 100_000) + "---\n",
		"open brackets": "---\n" + strings.Repeat("a: [b\n  c\n", 80_000) + "---\n",
		"long quote":    "---\na: \"x\n" + strings.Repeat("  y\n", 200_000) + "---\n",
		"a long list":   "---\na: [" + strings.Repeat("é, ", 200_000) + "x]\n---\n",
		"long maps":     "---\na:\n" + strings.Repeat("- {a: é, b: [x, {c: d}]}\n", 40_000) + "---\n",
		"comments":      "---\na: b\n" + strings.Repeat("# c\n", 250_000) + "---\n",
		"long bracket":  "---\na: [x\n" + strings.Repeat("  y\n", 200_000) + "---\n",
		"blocks":        "---\n" + strings.Repeat("a: |\n", 100_000) + "---\n",
		"bare blocks":   "---\n" + strings.Repeat("|\n", 300_000) + "---\n",
		"words":         "---\n" + strings.Repeat("a:b\n", 60_000) + "c: d\n---\n",
		"tabs":          "---\n" + strings.Repeat("a:\n\tb: c\n", 90_000) + "---\n",
		"unclosed":      "---\n" + strings.Repeat("a\n", 2_000_000),
		"TOML keys":     "+++\n" + tomlKeys.String() + "+++\n",
		"TOML brackets": "+++\na = " + strings.Repeat("[", 500_000) + "\n+++\n",
		"TOML tables":   "+++\n" + strings.Repeat("[[a]]\nb=1\n", 70_000) + "+++\n",
		"TOML dots":     "+++\na" + strings.Repeat(".a", 300_000) + " = 1\n+++\n",
	} {
		begun := time.Now()
		_, problems := SplitFront("a.md", []byte(text))
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("%s: %v, %d problems", name, took, len(problems))
		} else {
			t.Logf("%s: %v, %d problems", name, took, len(problems))
		}
	}
}
