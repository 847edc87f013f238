package fields

import (
	"reflect"
	"strings"
	"testing"
)

// What is read quickly is what the library reads.
func FuzzQuick(f *testing.F) {
	f.Add(string(article[4:strings.Index(string(article), "---\nBody")]))
	f.Add("a: 1\nb:\nc:\n- x\n- y: 1\n  z: [a, 'b', \"c\"]\n\nd:\n  e: 2026-01-01\n  f: null\n")
	f.Add("عنوان: x\na: خبر عاجل\nb: [خبر, 新聞]\n")
	f.Add("a: [\"b]\nc: [']\n")
	f.Add("a: x\n  y\nb: 'it''s'\nc: \"\"\nd: []\ne: [a]\n")
	f.Add("a:\n  - b: 1\n    c: 2\n  - d\nb: x # y\n")
	f.Fuzz(func(t *testing.T, text string) {
		r := &reader{path: "a.md", first: 2}
		data := r.checkText([]byte(text))
		if r.problems != nil || blank(string(data)) {
			return
		}
		quick, plain := quickYAML(string(data), 2, nil)
		if !plain {
			return
		}
		slow := r.anyYAML(string(data))
		if r.problems != nil {
			t.Fatalf("%q has problems that were not seen: %v", text, r.problems)
		}
		var a, b strings.Builder
		show(&a, quick, 0)
		show(&b, slow, 0)
		if a.String() != b.String() || !reflect.DeepEqual(quick, slow) {
			t.Errorf("%q is read as\n%s\nbut is\n%s", text, a.String(), b.String())
		}
	})
}

// Front matter as people write it is plain, so that it is read quickly.
func TestQuick(t *testing.T) {
	for _, text := range []string{
		string(article[4:strings.Index(string(article), "---\nBody")]),
		"title: Council votes on the mill's roof\ndate: 2026-11-22 14:05\ntags: [water, \"the mill\"]\nauthor: Ada Lovelace\ndraft: true\n",
		"title: خبر عاجل من بغداد\ncorrections:\n  - date: 2026-11-22\n    kind: correction\n    text: The name was wrong.\n  - date: 2026-11-23\n    text: Again.\n",
	} {
		if _, plain := quickYAML(text, 1, nil); !plain {
			t.Errorf("not read quickly:\n%s", text)
		}
	}
}

func BenchmarkAnyYAML(b *testing.B) {
	text := string(article[4:strings.Index(string(article), "---\nBody")])
	b.ReportAllocs()
	for b.Loop() {
		(&reader{first: 2}).anyYAML(text)
	}
}
