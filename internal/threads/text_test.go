package threads

import (
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"stet/internal/archive"
)

var update = flag.Bool("update", false, "write the goldens anew")

// unquote reads \u and the like in a text that stands for one.
func unquote(t *testing.T, text string) string {
	t.Helper()
	s, err := strconv.Unquote(`"` + strings.NewReplacer("\n", `\n`, `"`, `\"`).Replace(text) + `"`)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return s
}

// What readers write, and what becomes of it.
func TestHostile(t *testing.T) {
	const file = "testdata/hostile.txtar"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := archive.Parse(data)
	var names []string
	for _, name := range a.Names {
		if strings.HasPrefix(name, "html of ") {
			continue
		}
		names = append(names, name, "html of "+name)
		text := unquote(t, strings.TrimSuffix(a.Files[name], "\n"))
		got, want := HTML(text)+"\n", "html of "+name
		harmless(t, got)
		if *update {
			a.Files[want] = got
		}
		if got != a.Files[want] {
			t.Errorf("%s: got\n%swant\n%s", name, got, a.Files[want])
		}
	}
	if a.Names = names; *update {
		if err := os.WriteFile(file, a.Format(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// harmless sees that HTML is nothing but paragraphs, breaks and links that
// lead away, that all of it is closed, and that nothing turns what stands around it.
func harmless(t *testing.T, text string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(text))
	open := ""
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		tag := z.Token()
		switch {
		case kind == html.TextToken:
		case tag.String() == `<p dir="auto">` && open == "", tag.String() == "<br>" && open == "p":
		case tag.String() == "</p>" && open == "p", tag.String() == "</a>" && open == "pa":
		case kind == html.StartTagToken && tag.Data == "a" && open == "p" && len(tag.Attr) == 3:
			href := tag.Attr[0]
			if href.Key != "href" || !strings.HasPrefix(href.Val, "http://") && !strings.HasPrefix(href.Val, "https://") || tag.Attr[1].Val != "ugc nofollow noopener" || tag.Attr[2].Val != "ltr" {
				t.Fatalf("the link %s in %q", tag, text)
			}
		default:
			t.Fatalf("%s is in %q", tag, text)
		}
		switch kind {
		case html.StartTagToken:
			if tag.Data != "br" {
				open += tag.Data
			}
		case html.EndTagToken:
			open = strings.TrimSuffix(open, tag.Data)
		}
	}
	if open != "" || strings.ContainsAny(text, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u0000\u200b") || !utf8.ValidString(text) {
		t.Fatalf("%q is open, or turns what stands around it", text)
	}
}

// However much is written, what is shown is bounded, and so is the time it takes.
func TestHuge(t *testing.T) {
	start := time.Now()
	for _, one := range []string{"a", "\n", "\n\n", "<", "&", "http://a.example/ ", "https://" + strings.Repeat("(", 1000), "\u0300", "ب", "https://a.example/" + strings.Repeat(".", 1000)} {
		text := strings.Repeat(one, 1<<20/len(one))
		got := HTML(text)
		harmless(t, got)
		if len(got) > 30*Longest {
			t.Errorf("of 1 MB of %q %d bytes are shown", one, len(got))
		}
	}
	if taken := time.Since(start); taken > 20*time.Second {
		t.Errorf("it took %v", taken)
	}
	if text, cut := Shown(strings.Repeat("ب", Longest)); cut || utf8.RuneCountInString(text) != Longest {
		t.Errorf("what is just so long is cut")
	}
	if text, cut := Shown(strings.Repeat("ب", Longest+1)); !cut || !strings.HasSuffix(text, "ب […]") {
		t.Errorf("what is longer is not cut")
	}
}

func TestShownName(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Marsh":              "Ada Marsh",
		" Ada\n\tMarsh ":         "Ada Marsh",
		"<b>Ada</b>":             "<b>Ada</b>",
		"\u202eadA\u202c":        "adA",
		"The\u200b Paper\u2060":  "The Paper",
		"\u200b\u202e":           "…",
		"\u200fAda\u200e Marsh":  "Ada Marsh",
		"\u3164 \u2800\u0301":    "…",
		strings.Repeat(" ", 200): "…",
		"ليلى":                   "ليلى",
		strings.Repeat("a", 121): strings.Repeat("a", 120) + "…",
	} {
		if got := ShownName(name); got != want {
			t.Errorf("ShownName(%q) is %q, not %q", name, got, want)
		}
	}
}

// Whatever is written, it is text.
func FuzzHTML(f *testing.F) {
	for _, seed := range []string{"a\n\nb", "a\n \t\nb", "a" + strings.Repeat("\u0301\u200d", 20), "\v\u00a0", "https://a.example/(b).", "<p dir=auto>", "\u202e", "https://a.example/\"onclick=", "HTTP://A.EXAMPLE'"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		harmless(t, HTML(text))
		if name := ShownName(text); name == "" || strings.ContainsAny(name, "\n\u202e\u2066") || ShownName(name) != name && !strings.HasSuffix(name, "…") {
			t.Errorf("ShownName(%q) is %q", text, name)
		}
		if once := Clean(text); Clean(once) != once {
			t.Errorf("%q is cleaned to %q, and that to %q", text, once, Clean(once))
		}
		if once := CleanName(text); CleanName(once) != once {
			t.Errorf("the name %q is cleaned to %q, and that to %q", text, once, CleanName(once))
		}
	})
}
