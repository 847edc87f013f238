package slug_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"stet/internal/slug"
)

// testdata/scripts.txt holds a title and its slug on each line, with " → "
// between them.
func TestMake(t *testing.T) {
	file, err := os.Open("testdata/scripts.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		title, want, found := strings.Cut(lines.Text(), "→")
		if !found {
			continue
		}
		if got, want := slug.Make(strings.TrimSpace(title)), strings.TrimSpace(want); got != want {
			t.Errorf("the slug of %q is %q, not %q", title, got, want)
		}
	}
}

func TestInvisible(t *testing.T) {
	for title, want := range map[string]string{
		"\u200fخبر\u200e عاجل\u202c": "خبر-عاجل",
		"كــتــاب":                   "كتاب",
		"Cafe\u0301":                 "café",
		"soft\u00adhyphen":           "softhyphen",
		"❤\ufe0f":                    "",
		"bad \xff byte":              "bad-byte",
		"":                           "",
	} {
		if got := slug.Make(title); got != want {
			t.Errorf("the slug of %+q is %+q, not %+q", title, got, want)
		}
	}
}

func TestLength(t *testing.T) {
	for title, want := range map[string]string{
		strings.Repeat("a", 200):                   strings.Repeat("a", 80),
		strings.Repeat("abcdefghi ", 20):           strings.TrimSuffix(strings.Repeat("abcdefghi-", 8), "-"),
		strings.Repeat("日本", 100):                  strings.Repeat("日本", 40),
		strings.Repeat("की", 100):                  strings.Repeat("की", 40),
		strings.Repeat("\U00010330", 100):          strings.Repeat("\U00010330", 60),
		"a" + strings.Repeat("b", 78) + " council": "a" + strings.Repeat("b", 78),
	} {
		if got := slug.Make(title); got != want {
			t.Errorf("the slug of %q is %q, not %q", title, got, want)
		}
	}
}

func FuzzMake(f *testing.F) {
	for _, s := range []string{"The council's vote", "日本語", "كتــاب", "con", "e\u0301", "İstanbul", "ΟΔΟΣ", "\xff", "a\u200d\u0308b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		made := slug.Make(s)
		switch {
		case slug.Make(made) != made:
			t.Errorf("the slug of the slug of %q is %q, not %q", s, slug.Make(made), made)
		case !utf8.ValidString(made) || !norm.NFC.IsNormalString(made):
			t.Errorf("the slug of %q is no composed text: %+q", s, made)
		case strings.HasPrefix(made, "-"), strings.HasSuffix(made, "-"), strings.Contains(made, "--"):
			t.Errorf("the slug of %q has loose hyphens: %q", s, made)
		case utf8.RuneCountInString(made) > slug.Longest+2:
			t.Errorf("the slug of %q is too long: %q", s, made)
		case strings.ContainsFunc(made, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`/\:*?"<>|.%#&'`, r) }):
			t.Errorf("the slug of %q cannot be a file name: %q", s, made)
		case made == "" && strings.ContainsFunc(s, func(r rune) bool { return unicode.IsDigit(r) }):
			t.Errorf("the slug of %q is empty", s)
		}
	})
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		slug.Make("Council votes to keep the mill open until spring")
	}
}

// A plain text has the anchor that it has before letters of other scripts.
func FuzzAnchorPlain(f *testing.F) {
	f.Add("The Mill's `end`, 2026: -- A\x00b\x7f Z@[z`{ ")
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.Map(func(r rune) rune { return r & 0x7f }, text)
		if got, want := strings.TrimPrefix(slug.Anchor(text)+"-é", "-"), slug.Anchor(text+" é"); got != want {
			t.Errorf("%q becomes %q, but %q before é", text, got, want)
		}
	})
}
