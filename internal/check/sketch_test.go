package check

import (
	"slices"
	"strings"
	"testing"
)

// A text in HTML has the sketch that it had in editions of years ago.
func TestSketchStands(t *testing.T) {
	t.Parallel()
	text := `<h2 id="a-mill">A mill</h2>
<p>The mill on <a href="/river/">Riverside Road</a> burnt in 2026; @ten [firefighters] were there, “misunderstanding” each other&#39;s ~words~ &amp; signs.</p>
<script>var silent = 1 < 2</script><p>Straße, خبر, 新聞, counterrevolutionaries of ‘26, thermodynamics, a1b2c3d4, Elizabethan_{x} abcdefgh abcdefghi abcdefghijkl abcdefghijklm.</p>
`
	if got, want := NewSketch(text).String(), "AAIAAQEAAgABAAEBAQABAQABAQAAAgEAAAAAAAAAAQEAAAABAQAAAAABAQEBAAEAAAACAQEBAQEAAQAAAAABAA"; got != want {
		t.Errorf("the sketch is\n%s\nbut was\n%s", got, want)
	}
}

// Words have the same hash whether they are read byte by byte, as at the end of a text,
// or not.
func FuzzSketch(f *testing.F) {
	f.Add("The mill, on Riverside Road: burnt in 2026; ten firefighters' @[\\]^_`{|}~\x7f misunderstandings")
	f.Add("a ab abc abcd abcde abcdef abcdefg abcdefgh abcdefghi abcdefghij abcdefghijk abcdefghijkl abcdefghijklm abcdefghijklmn")
	f.Add("zzzzzzzzzzzz ZZZZZZZZZZZZZZZ z1 1z zz@zz zzzzzzzzz[zz zzzz`zz \x00z z\x80 zé ézzzzzzzz 新zz\u00adzz zzzzzzzz\u2019s")
	f.Fuzz(func(t *testing.T, text string) {
		var words []string
		want := new(Sketch)
		for _, field := range strings.Fields(strings.NewReplacer("<", "", "&", "").Replace(text)) {
			for piece := range slices.Chunk([]byte(field), 16) {
				words = append(words, string(piece))
				for i, n := range NewSketch(string(piece)) {
					want[i] += n
				}
			}
		}
		if got := NewSketch(strings.Join(words, " ") + strings.Repeat(" ", 17)); *got != *want {
			t.Errorf("the sketch of %q is\n%v\nbut those of its words are\n%v", words, got, want)
		}
	})
}
