package comments

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestLength(t *testing.T) {
	for text, want := range map[string]int{
		"":                 0,
		"Mill":             4,
		"a\nb":             3,
		"a\r\nb":           3,
		"a\rb":             3,
		"a\r\n\r\nb":       4,
		"a\n\rb":           4,
		"\r":               1,
		"é":                1,
		"e\u0301":          2,
		"حريق":             4,
		"😀":                2,
		"👩\u200d🚒":         5,
		"\u2028":           1,
		"a\x00b":           3,
		"a\xff\xfeb":       4,
		"\xed\xa0\x80":     3, // half a pair, which is no UTF-8
		"𝒳" + "\r\n" + "𝒳": 5,
	} {
		if got := Length(text); got != want {
			t.Errorf("Length(%q) is %d, not %d", text, got, want)
		}
	}
}

func TestNormal(t *testing.T) {
	for text, want := range map[string]string{
		"a\r\nb\rc\nd": "a\nb\nc\nd",
		"a\n\rb":       "a\n\nb",
		"a\x00\xffb":   "a\ufffd\ufffdb",
		"\u202eabc":    "\u202eabc",
	} {
		if got := Normal(text); got != want {
			t.Errorf("Normal(%q) is %q, not %q", text, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"Café", "CAFE\u0301", "cafe", "ｃａｆｅ", "ca\u200bfe"},
		{"Straße", "STRASSE"},
		{"مُحَمَّد", "محمد", "محـــمد"},
	} {
		for _, text := range same[1:] {
			if Fold(text) != Fold(same[0]) {
				t.Errorf("Fold(%q) is %q, Fold(%q) is %q", text, Fold(text), same[0], Fold(same[0]))
			}
		}
	}
}

// What is counted is what a browser counts: units of UTF-16 of the text with \n
// between its lines; and it is the same of what is stored.
func FuzzLength(f *testing.F) {
	for _, seed := range []string{"a\r\nb", "\r\r\n\n", "😀\xff", "\x00", "é", "\xf0\x9f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		kept := Normal(text)
		if want := len(utf16.Encode([]rune(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)))); Length(text) != want || Length(kept) != want {
			t.Errorf("%q counts %d, as it is stored %d; want %d", text, Length(text), Length(kept), want)
		}
		if !utf8.ValidString(kept) || strings.ContainsAny(kept, "\r\x00") || Normal(kept) != kept {
			t.Errorf("%q is stored as %q", text, kept)
		}
		Fold(text)
		same(text)
	})
}
