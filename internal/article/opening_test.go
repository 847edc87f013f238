package article

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Where the first paragraphs are read without Markdown's parser, they are what it
// reads.
func FuzzOpening(f *testing.F) {
	for _, body := range []string{
		"One.\n\nTwo\nthree.\n", "One  \ntwo", "One\\\ntwo", "One\n two", "One\n===\n", "a | b\n--|--\n", "a\n: b\n", "é\u00a0\u2028 x\n", "(a) \"b\" 'c'\n",
		"新聞\n新聞\n\nx\n", "1. a\n", "a\n1. b\n", "a\n# b\n", "a\n:::b\n", "a\x0cb\x0c\n\x0bc", "a :::b {c} | d ^ e ! f # g\n", "a\n\n\n\nb", "a\n\n    b\n", "\n\na\n\n[^1]: b\n", "https://x.example/a_b\n",
		"a &amp; b", "a*b*", "a~~b~~", "a![b](c)", "\ufeffa", "a\u0085b\u0085\n\u0085c", "a\r\nb", "{a}\nb {#c}\n", "a\n{#b}\n", "a\n{.b}\n===\n",
	} {
		f.Add([]byte(body))
	}
	_ = fs.WalkDir(os.DirFS("../../content"), ".", func(name string, _ fs.DirEntry, err error) error {
		if data, _ := os.ReadFile(filepath.Join("../../content", name)); filepath.Ext(name) == ".md" {
			_, body, _ := bytes.Cut(bytes.TrimPrefix(data, []byte("---")), []byte("\n---\n"))
			f.Add(body)
		}
		return err
	})
	f.Fuzz(func(t *testing.T, body []byte) {
		got, plain := plainOpening(body)
		if want := parsedOpening(body); plain && got != want {
			t.Errorf("%q opens with %q, want %q", body, got, want)
		}
	})
}

// Nearly all articles begin with plain words.
func TestPlainOpening(t *testing.T) {
	for body, want := range map[string]bool{
		"The fire tore through the loft (at 4 a.m.) before dawn,\nbringing down a third of “the roof”; nobody was hurt!\n\nMore.\n": true,
		"اندلع الحريق قبل الفجر.\n\nانتهى.\n":                                                                                       true,
		"## One\n\ntwo\n":              false,
		"The *Kittiwake* came home.\n": false,
		"Short.\n\n- a\n":              false,
	} {
		if _, plain := plainOpening([]byte(body)); plain != want {
			t.Errorf("%q is plain: %t, want %t", body, plain, want)
		}
	}
}

// What characters are by heart they are by Unicode's tables.
func TestRoleOf(t *testing.T) {
	for r := rune(0); r <= 0x10ffff; r++ {
		if got, want := roleOf(r), looked(r); got != want {
			t.Errorf("%U is %d, want %d", r, got, want)
		}
	}
}

// Words are counted the same wherever in a text they stand.
func TestCountWords(t *testing.T) {
	for _, name := range []string{"testdata/story.md", "../../content/town/mill-fire/index.md", "../../content/ar/town/mill-fire/index.md"} {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for end := range min(len(body), 500) {
			want := countWords(body[:end])
			for pad := 1; pad < 8; pad++ {
				moved := append(bytes.Repeat([]byte("\n"), pad), body[:end]...)
				if got := countWords(moved); got != want {
					t.Fatalf("%s, the first %d bytes: behind %d empty lines %d words, else %d", name, end, pad, got, want)
				}
			}
		}
	}
}

// A file never has what another file said.
func TestRares(t *testing.T) {
	rare, _ := Parse("content/a/b.md", []byte("---\ntitle: A\ndate: 2026-01-01\nid: x\n---\n"))
	plain, _ := Parse("content/a/c.md", []byte("---\ntitle: A\ndate: 2026-01-01\n---\n"))
	other, _ := Parse("content/a/d.md", []byte("---\ntitle: A\ndate: 2026-01-01\nid: y\n---\n"))
	if rare.ID != "x" || plain.Rare != &nothing || other.ID != "y" || !nothing.silent() {
		t.Errorf("%q, %+v, %q", rare.ID, *plain.Rare, other.ID)
	}
}
