package fields

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stet/internal/archive"
	"stet/internal/diag"
)

// In testdata/edit each archive is files, each followed by what is done to it
// ("set KEY TEXT", "remove KEY", "append KEY TEXT" or "append KEY K=TEXT|K=TEXT",
// "drop KEY N", "rewrite KEY[.KEY|.N] TEXT") and by what it is then, or by what
// is said if nothing is done. Each is done to the file with the line ends of
// Windows and a byte order mark too.
func TestEdit(t *testing.T) {
	names, err := filepath.Glob("testdata/edit/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no archives: ", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		a := archive.Parse(data)
		for i := 0; i+2 < len(a.Names); i += 3 {
			before, do := a.Files[a.Names[i]], a.Files[a.Names[i+1]]
			got, wrong := edited(a.Names[i], before, do)
			if *update {
				a.Files[a.Names[i+2]] = got
			}
			if got != a.Files[a.Names[i+2]] {
				t.Errorf("%s: %s\n%s\ngives\n%s", name, a.Names[i], do, got)
			}
			windows := func(s string) string { return "\ufeff" + strings.ReplaceAll(s, "\n", "\r\n") }
			if again, _ := edited(a.Names[i], windows(before), do); !wrong && again != windows(got) {
				t.Errorf("%s: %s with other line ends\n%s\ngives\n%q", name, a.Names[i], do, again)
			}
		}
		if *update {
			if err := os.WriteFile(name, a.Format(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func edited(name, text, do string) (after string, wrong bool) {
	if strings.Contains(name, ".yaml") {
		name = "x.yaml"
	} else {
		name = "x.md"
	}
	e, problems := Edit(name, []byte(text))
	if e == nil {
		return told(problems, text), true
	}
	for line := range strings.Lines(do) {
		err := step(e, strings.SplitN(strings.TrimRight(line, "\n"), " ", 3))
		var p diag.Problem
		if errors.As(err, &p) {
			return told([]diag.Problem{p}, text), true
		}
	}
	return string(e.Bytes()), false
}

func step(e *Editor, words []string) error {
	key, rest := words[1], ""
	if len(words) > 2 {
		rest = words[2]
	}
	switch words[0] {
	case "set":
		return e.Set(key, rest, "date", "title")
	case "remove":
		return e.Remove(key)
	case "drop":
		return e.Drop(key, number(rest))
	case "append":
		var entry []string
		for _, part := range strings.Split(rest, "|") {
			if k, v, pair := strings.Cut(part, "="); pair {
				entry = append(entry, k, v)
			} else {
				entry = append(entry, part)
			}
		}
		return e.Append(key, entry...)
	case "rewrite":
		v := e.Fields()
		for _, part := range strings.Split(key, ".") {
			if v.Kind == List {
				v = v.Items[number(part)]
			} else {
				v = v.Get(part)
			}
		}
		return e.Rewrite(v, rest)
	}
	panic("there is no " + words[0])
}

// What is edited reads as it was but for what was changed, and every line that
// is not of that key is as it was; what cannot be edited stays.
func FuzzEdit(f *testing.F) {
	names, _ := filepath.Glob("testdata/edit/*.txtar")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		a := archive.Parse(data)
		for i := 0; i+2 < len(a.Names); i += 3 {
			f.Add(a.Files[a.Names[i]], "aliases", `say: "no" # ever`)
		}
	}
	f.Add("---\ntitle: A\ndate: 2026-01-01\ndraft: true\n---\n\nText.", "date", "2026-11-22 14:05")
	f.Add("+++\ntitle = 'A'\n[[corrections]]\ntext='x'\n[params]\na=1\n+++\n", "corrections", "'''\\")
	f.Fuzz(func(t *testing.T, text, key, value string) {
		if wordLength(key+":") != len(key) || value == "" || strings.ContainsAny(value, "\x00\r") || len(text) > 2000 {
			return
		}
		for _, change := range []func(e *Editor) error{
			func(e *Editor) error { return e.Set(key, value, "date") },
			func(e *Editor) error { return e.Remove(key) },
			func(e *Editor) error { return e.Append(key, value) },
			func(e *Editor) error { return e.Append(key, "date", "2026-11-22 14:05", "text", value) },
			func(e *Editor) error { return e.Drop(key, 0) },
		} {
			e, _ := Edit("x.md", []byte(text))
			if e == nil {
				return
			}
			was := e.Fields()
			if v := was.Get(key); v.Empty() && v != nil {
				continue
			}
			if err := change(e); err != nil {
				if !bytes.Equal(e.Bytes(), []byte(text)) {
					t.Fatalf("an error, %v, and it is changed: %q", err, e.Bytes())
				}
				continue
			}
			hold(t, text, string(e.Bytes()), key, was)
		}
	})
}

func hold(t *testing.T, before, after, key string, was *Value) {
	e, problems := Edit("x.md", []byte(after))
	if e == nil {
		t.Fatalf("%q became %q: %v", before, after, problems)
	}
	for _, pair := range was.Pairs {
		if now := e.Fields().Get(pair.Key.Text); pair.Key.Text != key && (now == nil || !now.alike(pair.Value)) {
			t.Fatalf("%q became %q, in which %s is another", before, after, pair.Key.Text)
		}
	}
	// All that differs is one run of lines, and those that are gone are the key's.
	old, _ := rawLines([]byte(before))
	now, _ := rawLines([]byte(after))
	for len(old) > 0 && len(now) > 0 && old[0] == now[0] {
		old, now = old[1:], now[1:]
	}
	for len(old) > 0 && len(now) > 0 && old[len(old)-1] == now[len(now)-1] {
		old, now = old[:len(old)-1], now[:len(now)-1]
	}
	if len(old) == 0 {
		return
	}
	front, _ := SplitFront("x.md", []byte(before))
	if front.Fields.Get(key) == nil {
		t.Fatalf("%q became %q: the lines %q had nothing to do with it", before, after, old)
	}
}
