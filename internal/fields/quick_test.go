package fields

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"

	"stet/internal/archive"
)

// same reads a text quickly and with the library, which must give the same tree,
// and tells whether it was read quickly.
func same(t *testing.T, text string) bool {
	t.Helper()
	r := &reader{path: "a.md", first: 2}
	data := r.checkText([]byte(text))
	if r.problems != nil {
		return false
	}
	quick, plain := quickYAML(string(data), 2, nil)
	if !plain {
		return false
	}
	slow := r.anyYAML(string(data))
	if r.problems != nil {
		t.Fatalf("%q has problems that were not seen: %v", text, r.problems)
	}
	if !reflect.DeepEqual(quick, slow) {
		var a, b strings.Builder
		show(&a, quick, 0)
		show(&b, slow, 0)
		t.Errorf("%q is read as\n%s\nbut is\n%s", text, a.String(), b.String())
	}
	return true
}

// What is read quickly is what the library reads.
func FuzzQuick(f *testing.F) {
	for _, text := range frontsIn(f, "../../content", "../../docs", "..", "../../cmd/stet/testdata", "../../../shared/conformance") {
		f.Add(text)
	}
	for text := range partly {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { same(t, text) })
}

// So it is for what is made of the words that mean something.
func FuzzQuickWords(f *testing.F) {
	word := map[string]byte{}
	for i, w := range words {
		word[w] = byte(i)
	}
	for _, text := range []string{
		"a|: |x|\n|bc|: |\n|  |- |x| |\n|  |- |a|: |[|x|, |'|x|'|]|\n",
		"a|:|\n|- |a|: |x|\n|  |bc|: |{|a|: |x|, |bc|: |\"|\\|\"|\"|}| | #|x|\n",
		"#|x|\n|a|:| #|x|\n|  |a|: |x|\n|\n|  |#|\n|  |bc|: |[|]|\n",
	} {
		var data []byte
		for _, w := range strings.Split(text, "|") {
			data = append(data, word[w])
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var text strings.Builder
		for _, c := range data {
			text.WriteString(words[int(c)%len(words)])
		}
		same(t, text.String())
	})
}

var words = []string{
	"\n", "a", "bc", "x", ": ", ":", "- ", "-", " ", "  ", "    ", ", ", ",", "[", "]", "{", "}", "'", "\"", "\\", " #", "#",
	"?", "|", ">", "&", "*", "!", "%", "@", "`", "~", ".", "/", "+", "=", "<<", "é", "خ", "\u00a0", "\u2028", "\ufeff", "\u0085", "\u007f", "\u200f", "🔥",
	"\t", "\r\n", "---", "...", "null", "yes", "Off", "1_000", "0x1F", "0o17", "1e3", ".inf", "-.5", "2026-01-01", "2026-01-01 14:05", "https://x.example/?a=b#c", "C#", "O'Brien", "_",
}

// No text is read otherwise that is made of few signs, whichever and in whatever
// order.
func TestQuickAll(t *testing.T) {
	t.Parallel()
	most := 5
	if testing.Short() {
		most = 4
	}
	for _, signs := range []string{"a:\n -#", "a: [],'", "a: {},\"", "a:\n- {"} {
		read, plain := 0, 0
		for _, before := range []string{"", "a: ", "b: x\na:\n", "b:\n  - "} {
			var on func(string, int)
			on = func(text string, more int) {
				if read++; same(t, text) {
					plain++
				}
				if more == 0 || t.Failed() {
					return
				}
				for _, c := range signs {
					on(text+string(c), more-1)
				}
			}
			on(before, most)
		}
		if plain < 100 {
			t.Errorf("of %d texts made of %q only %d were read quickly", read, signs, plain)
		}
		t.Logf("%q: %d of %d", signs, plain, read)
	}
}

// partly are texts, and whether they are read quickly. Any of them is read as the
// library reads it.
var partly = map[string]bool{
	"title: Council votes on the mill's roof\ndate: 2026-11-22 14:05\ntags: [water, \"the mill\"]\nauthor: Ada Lovelace\ndraft: true\n":                           true,
	"title: خبر عاجل من بغداد\ncorrections:\n  - date: 2026-11-22\n    kind: correction\n    text: The name was wrong.\n  - date: 2026-11-23\n    text: Again.\n": true,
	"عنوان: x\na: خبر عاجل\nb: [خبر, 新聞]\n":                                                                    false,
	"a: خبر عاجل\nb: [خبر, 新聞, {c: خبر, d: x}]\n":                                                              true,
	"a: 1\nb:\nc:\n- x\n- y: 1\n  z: [a, 'b', \"c\"]\n\nd:\n  e: 2026-01-01\n  f: null\n":                      true,
	"a:\n  - b: 1\n    c: 2\n  - d\nb: x # y\n":                                                                true,
	"# a\na: x\n\n  # b\nb: # c\n  c: y\n  # d\nd:  # e\n#":                                                    true,
	"a:   x   \nb:  'y'  # z\nc:  \n":                                                                          true,
	"a: 'it''s'\nb: \"\"\nc: []\nd: {}\ne: ''\nf: \"a \\\"b\\\" \\\\\"\n":                                      true,
	"a: [ x , 'y' , \"z\" ]\nb: { c: [d, {e: f}], g: 'h' }\nc: [x,y]\n":                                        true,
	"a: yes\nb: Off\nc: 1_000\nd: 0x1F\ne: 0o17\nf: 1e3\ng: .inf\nh: -1.50\ni: +1\nj: 1:30\nk: .5\nl: 12e03\n": true,
	"a: ~\nb: NULL\nc: null\nd: True\ne: 2026-01-01T10:00:00Z\nf: 2026-13-45\ng: 007\n":                        true,
	"a: C#\nb: https://x.example/a?b=c#d\nc: a:b\nd: ../x.jpg\ne: <b>\nf: x - y\ng: x, y [z]\n":                true,
	"a: [C#, https://x.example/a?b=c#d, a:b, ../x.jpg, O'Brien, -1, Q&A, U.S.]\n":                              true,
	"yes: a\nnull: b\n_a-1: c\n":                                                                               true,
	"a:\n-   b:  c\n    d: e\n-  f\n":                                                                          true,

	"a: ~ # x\n":               false,
	"a: x\n  y\n":              false,
	"a: x\n y\nb: z\n":         false,
	"a: \"b\\n\"\n":            false,
	"a: \"b\n":                 false,
	"a: ['b]\n":                false,
	"a: [b, ]\n":               false,
	"a: [b: c]\n":              false,
	"a: [b # c]\n":             false,
	"a: {b: }\n":               false,
	"a: {b, c}\n":              false,
	"a: {b: c, b: d}\n":        false,
	"a: x\na: y\n":             false,
	"a: b: c\n":                false,
	"a: b:\n":                  false,
	"a: \"b\" c\n":             false,
	"a: \"b\"# c\n":            false,
	"a: |\n  x\n":              false,
	"a: &x y\nb: *x\n":         false,
	"a: !!str 1\n":             false,
	"a: -\n":                   false,
	"a: - b\n":                 false,
	"a:\n  -\n  - b\n":         false,
	"a:\n  - - b\n":            false,
	"a:\n  b\n":                false,
	"a:\n  [b]\n":              false,
	"a:\n    b: c\n  d: e\n":   false,
	"a:\n  - b\n   c: d\n":     false,
	"a:\tb\n":                  false,
	"a: b\tc\n":                false,
	" a: b\n":                  false,
	"\"a\": b\n":               false,
	"a b: c\n":                 false,
	"<<: a\n":                  false,
	"? a\n":                    false,
	"a: b\n---\nc: d\n":        false,
	"a: b\n...\n":              false,
	"%YAML 1.2\n---\na: b\n":   false,
	"- a\n":                    false,
	"a\n":                      false,
	"":                         false,
	"# a\n":                    false,
	"a: \u2028b\n":             false,
	"a: \u0085b\n":             false,
	"a: \ufeffb\n":             false,
	"a: \u007f\n":              false,
	"a: \u0090\n":              false,
	"a: \ufffd\n":              false,
	"a: \u00a0b\nb: \u200fc\n": true,
}

func TestQuick(t *testing.T) {
	for text, want := range partly {
		if got := same(t, text); got != want {
			t.Errorf("%q is read quickly: %t, want %t", text, got, want)
		}
	}
	for n := 1; n < 2000; n *= 2 {
		for _, text := range []string{"a:%# b\nc: d\n", "a: b%# c\nd: e\n", "a: [b]%# c\nd: e\n", "a:% b\n", "a:\n-%b: c\n", "a:%\nb: c\n", "a: {b:%c,% d: e% }\n"} {
			same(t, strings.ReplaceAll(text, "%", strings.Repeat(" ", n)))
			same(t, strings.ReplaceAll(text, "%", strings.Repeat(" ", n)+strings.Repeat("\n", n)+" "))
			same(t, strings.ReplaceAll(text, "%", strings.Repeat("\n# x", n)+" "))
		}
	}
	long := strings.Repeat("خ, x ", 200_000)
	for _, text := range []string{"a: " + long + "\n", "a: [" + strings.TrimSuffix(strings.Repeat("خ, ", 100_000), ", ") + "]\n"} {
		if !same(t, text) {
			t.Errorf("%.40q… is not read quickly", text)
		}
	}
}

// As deep as lists and maps may stand, so that the library says where it is too
// deep.
func TestQuickDepth(t *testing.T) {
	for n := range MaxDepth + 5 {
		maps, lists := "", ""
		for i := range n {
			maps += strings.Repeat(" ", i) + "a:\n"
			lists += strings.Repeat("  ", i) + "- a:\n"
		}
		end := strings.Repeat(" ", n)
		for _, text := range []string{
			maps + end + "b: c\n", maps + end + "- b\n", maps + end + "b: []\n", maps + end + "b: {c: d}\n",
			"b:\n" + lists + strings.Repeat("  ", n) + "- c\n",
			"a: " + strings.Repeat("[", n) + "b" + strings.Repeat("]", n) + "\n",
			"a: " + strings.Repeat("{b: ", n) + "c" + strings.Repeat("}", n) + "\n",
		} {
			if quick := same(t, text); !quick && n > 0 && n < MaxDepth/2-1 {
				t.Errorf("not read quickly: %q", text)
			}
		}
	}
}

// Nearly all front matter as people write it is read quickly: that of the demo
// newspaper, of the documentation, and of the archive of the bench.
func TestQuickShare(t *testing.T) {
	roots := map[string]int{"../../content": 100, "../../docs": 40}
	if !testing.Short() {
		bench := t.TempDir()
		run := exec.Command("go", "run", "./bench", "corpus", bench, "300")
		run.Dir = "../.."
		if out, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		roots[bench] = 300
	}
	for root, least := range roots {
		all := frontsIn(t, root)
		quick := 0
		for _, text := range all {
			if same(t, text) {
				quick++
			} else {
				t.Logf("not read quickly in %s:\n%s", root, text)
			}
		}
		if len(all) < least || quick*100 < len(all)*95 {
			t.Errorf("%s: of %d only %d are read quickly", root, len(all), quick)
		}
		t.Logf("%s: %d of %d", root, quick, len(all))
	}
}

// What is in fences within a document, such as an example, or a file of an archive.
var fences = regexp.MustCompile("(?ms)^---\n([^\n]*:.*?)^---$")

// frontsIn is the front matter of the files in folders, and of those that are
// written down in others.
func frontsIn(t testing.TB, roots ...string) (all []string) {
	for _, root := range roots {
		filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return nil
			}
			switch filepath.Ext(path) {
			case ".md", ".txtar", ".txt", ".html", ".yaml":
			default:
				return nil
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{path: string(data)}
			if filepath.Ext(path) == ".txtar" {
				files = archive.Parse(data).Files
			}
			for _, text := range files {
				for _, found := range fences.FindAllStringSubmatch(strings.ReplaceAll(text, "\r\n", "\n"), -1) {
					all = append(all, found[1])
				}
			}
			return nil
		})
	}
	return all
}

// A tree whose parts were those of others is what it would be otherwise, also where
// several are read at once.
func TestShelf(t *testing.T) {
	all := frontsIn(t, "../../content", "../../docs")
	want := make([]string, len(all))
	for i, text := range all {
		v, _ := YAML("a.md", []byte(text), 2)
		want[i] = shown(v)
	}
	var workers sync.WaitGroup
	for worker := range 4 {
		workers.Go(func() {
			var held []Front
			var which []int
			for i := range 3 * len(all) {
				n := (i*7 + worker*13) % len(all)
				f, _ := SplitFront("a.md", []byte("---\n"+all[n]+"---\nText.\n"))
				held, which = append(held, f), append(which, n)
				if len(held) < 3 {
					continue
				}
				for j := range held {
					if got := shown(held[j].Fields); got != want[which[j]] {
						t.Errorf("is\n%s\nwant\n%s", got, want[which[j]])
						return
					}
				}
				held[0].Free()
				held, which = held[1:], which[1:]
			}
		})
	}
	workers.Wait()
}

func shown(v *Value) string {
	var b strings.Builder
	show(&b, v, 0)
	return b.String()
}

func BenchmarkAnyYAML(b *testing.B) {
	text := string(article[4:strings.Index(string(article), "---\nBody")])
	b.ReportAllocs()
	for b.Loop() {
		(&reader{first: 2}).anyYAML(text)
	}
}
