package article_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stet/internal/archive"
	"stet/internal/article"
	"stet/internal/fields"
)

// Each archive of testdata/parse holds files of content/, and below each what
// is read in it: the fields that are not zero, then the problems.
func TestParse(t *testing.T) {
	files, _ := filepath.Glob("testdata/parse/*.txt")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := archive.Parse(data)
			made := map[string]string{}
			var order []string
			for _, name := range a.Names {
				if strings.HasPrefix(name, "want ") {
					continue
				}
				read, problems := article.Parse(name, []byte(a.Files[name]))
				made["want "+name] = shown(read) + printed(a.Files[name], problems)
				order = append(order, name, "want "+name)
			}
			check(t, a, file, made, order...)
		})
	}
}

// shown is the fields of an article that say something.
func shown(a *article.Article) string {
	if a == nil {
		return "nothing\n"
	}
	var b strings.Builder
	v := reflect.ValueOf(*a)
	for _, f := range reflect.VisibleFields(v.Type()) {
		said := v.FieldByIndex(f.Index)
		if !said.IsZero() && !slices.Contains([]string{"Path", "Marks", "BodyLine", "HasBody", "Rare"}, f.Name) {
			fmt.Fprintf(&b, "%s: %s\n", f.Name, value(said))
		}
	}
	return b.String()
}

func value(v reflect.Value) string {
	if w, ok := v.Interface().(fields.When); ok {
		return strings.TrimSuffix(fmt.Sprintf("%04d-%02d-%02d %02d:%02d:%02d%+d", w.Year, w.Month, w.Day, w.Hour, w.Minute, w.Second, w.Offset), "+0")
	}
	switch v.Kind() {
	case reflect.Pointer:
		return value(v.Elem())
	case reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; !v.Field(i).IsZero() && name != "Line" && name != "Column" {
				parts = append(parts, name+"="+value(v.Field(i)))
			}
		}
		return "{" + strings.Join(parts, " ") + "}"
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, value(v.Index(i)))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.String:
		return fmt.Sprintf("%q", v.Interface())
	case reflect.Map:
		return fmt.Sprintf("%#v", v.Interface())
	}
	return fmt.Sprint(v.Interface())
}

func TestMarks(t *testing.T) {
	a, _ := article.Parse("content/town/a.md", []byte("---\ntitle: A\nimage: b.jpg\ndraft: true\n---\n"))
	if got, want := a.Mark("image"), (article.Mark{Key: "image", Line: 3, Column: 8, Length: 5}); got != want {
		t.Errorf("the image is marked at %v, not %v", got, want)
	}
	b, _ := article.Parse("content/town/b.md", []byte("---\ntitle: B\naliases: [/x/, ~, \"/y/\"]\ndraft: true\n---\n"))
	if got, want := b.MarkOf("aliases", 1), (article.Mark{Key: "aliases", Line: 3, Column: 19, Length: 5}); got != want || b.Mark("aliases").Column != 10 || b.MarkOf("aliases", 2).Column != 10 {
		t.Errorf("the second alias is marked at %v, not %v", got, want)
	}
	if got := a.Mark("deck"); got.Line != 1 {
		t.Errorf("what is not there is marked on line %d", got.Line)
	}
	if a.Image.Line != 3 || a.Image.Column != 8 {
		t.Errorf("the picture is on line %d, column %d", a.Image.Line, a.Image.Column)
	}
}

// The same bytes with CRLF and a byte order mark say the same.
func TestLineEnds(t *testing.T) {
	const text = "---\ntitle: A\ndate: 2026-01-02\n---\nOne.\n\n:::factbox\nx\n:::\n"
	plain, _ := article.Parse("content/town/a.md", []byte(text))
	windows, problems := article.Parse("content/town/a.md", []byte("\ufeff"+strings.ReplaceAll(text, "\n", "\r\n")))
	if len(problems) > 0 || !reflect.DeepEqual(plain, windows) {
		t.Errorf("CRLF makes a difference: %v\n%s\n%s", problems, shown(plain), shown(windows))
	}
}

func TestInline(t *testing.T) {
	en := article.Quotes{Open: "“", Close: "”", OpenSingle: "‘", CloseSingle: "’"}
	for _, c := range []struct{ src, html, text string }{
		{"Plain", "Plain", "Plain"},
		{"The council's vote", "The council’s vote", "The council’s vote"},
		{"1. Not a list", "1. Not a list", "1. Not a list"},
		{"# Not a heading", "# Not a heading", "# Not a heading"},
		{`He said "no" *loudly*...`, "He said “no” <em>loudly</em>…", "He said “no” loudly…"},
		{"AT&T & 1 < 2 > 0", "AT&amp;T &amp; 1 &lt; 2 &gt; 0", "AT&T & 1 < 2 > 0"},
		{"`code` and **strong**", "<code>code</code> and <strong>strong</strong>", "code and strong"},
		{"[a](https://x.example) [b](/b) [c](c.md) [d](javascript:x)", `<a href="https://x.example">a</a> <a href="/b">b</a> c d`, "a b c d"},
		{"H<sub>2</sub>O", "H<sub>2</sub>O", "H2O"},
		{"A <script>alert(1)</script> case", "A &lt;script&gt;alert(1)&lt;/script&gt; case", "A <script>alert(1)</script> case"},
		{"An <b>open case", "An &lt;b&gt;open case", "An <b>open case"},
		{"![alt](x.jpg) text", "alt text", "alt text"},
		{"two\nlines", "two\nlines", "two lines"},
		{`back\*slash &eacute;`, "back*slash é", "back*slash é"},
		{"*Gazette*'s", "<em>Gazette</em>’s", "Gazette’s"},
		{"", "", ""},
	} {
		html, text := article.Inline(c.src, en)
		if html != c.html || text != c.text {
			t.Errorf("%q became %q and %q, not %q and %q", c.src, html, text, c.html, c.text)
		}
	}
	if html, _ := article.Inline(`It's "so"`, article.Quotes{}); html != "It's &quot;so&quot;" {
		t.Errorf("without quotes: %q", html)
	}
	if got := en.Set(`"It's -- so"`); got != "“It’s – so”" {
		t.Errorf("set: %q", got)
	}
}

// A space that is typed before a sign in French keeps it on its line; none is added,
// and what only looks like a sign is let be. ~ is the narrow space, _ a plain one that
// stays.
func TestSpaces(t *testing.T) {
	fr := quotes["fr"]
	for src, want := range map[string]string{
		"Vraiment ?":                       "Vraiment~?",
		"Vraiment  ?!":                     "Vraiment~?!",
		"Vraiment ?! Oui ; non : jamais !": "Vraiment~?! Oui~; non~: jamais~!",
		"Bravo! Non? À 12:30;":             "Bravo! Non? À 12:30;",
		"Il dit « oui » et « non ! »":      "Il dit «~oui~» et «~non~!~»",
		"«oui»":                            "«oui»",
		"(vraiment ?)":                     "(vraiment~?)",
		"page ?a=1 :ici: ;x !important":    "page ?a=1 :ici: ;x !important",
		"un\u00a0: deux\u202f; trois":      "un\u00a0: deux\u202f; trois",
		": début":                          ": début",
		"Le bilan : 3 morts":               "Le bilan~: 3 morts",
		"« »":                              "«~»",
	} {
		want = strings.ReplaceAll(want, "~", "\u202f")
		if marked, plain := article.Inline(src, fr); marked != want || plain != want {
			t.Errorf("%q became %q and %q, not %q", src, marked, plain, want)
		}
		if got := fr.Set(src); got != want {
			t.Errorf("%q was set as %q, not %q", src, got, want)
		}
		if got, _ := article.Inline(src, quotes["en"]); got != src && got != strings.Join(strings.Fields(src), " ") {
			t.Errorf("in English %q became %q", src, got)
		}
	}
	if got, _ := article.Inline("*Quoi !* `a ? b` [oui !](/a) **non** ; [b](https://x.example/?a=1 \"t ;\")", fr); got != "<em>Quoi\u202f!</em> <code>a ? b</code> <a href=\"/a\">oui\u202f!</a> <strong>non</strong>\u202f; <a href=\"https://x.example/?a=1\" title=\"t ;\">b</a>" {
		t.Errorf("marked text became %q", got)
	}
}

func BenchmarkInline(b *testing.B) {
	q := quotes["en"]
	for b.Loop() {
		article.Inline("Council's plan to keep the mill open until spring", q)
	}
}
