package poster

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/png"
	"io/fs"
	"os"
	"slices"
	"testing"

	"stet"
)

func themeFonts(t testing.TB) [][]byte {
	t.Helper()
	var files [][]byte
	for _, name := range []string{"noto-naskh-arabic-bold", "noto-serif-bold"} {
		data, err := fs.ReadFile(stet.Theme(), "layouts/fonts/"+name+".ttf")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, data)
	}
	return files
}

func parsed(t testing.TB) *Fonts {
	t.Helper()
	f, _, err := Parse(themeFonts(t))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// drawn are posters, with a sum of their bytes.
var drawn = []struct {
	Words
	sum string
}{
	{Words{"The Post", "Town", "Yes"}, "c35fc48b6747c99d"},
	{Words{"The Pellmouth Lantern", "Town", "Brandle Mill burns for a second night as crews pump the quay"}, "00fcdaa9e2325ee2"},
	{Words{"The Post", "Politics", "A “headline” of one hundred & forty <characters>, with emoji 👩‍🚒 and العربية, that goes on about the harbour, the ferry and the very long vote"}, "5daa192db68b8a58"},
	{Words{"بريد الوادي", "أخبار", "اندلع حريق كبير في المطحنة القديمة لليلة الثانية، و«BBC» تنشر 25 صورة"}, "afdce0cfdc9c6e9e"},
	{Words{"The Post", "Δήμος", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"}, "43b516737ac6408e"},
	{Words{"", "", "Паводок у Києві"}, "33e6267c407f4a2b"},
}

// The same words have the same bytes, on every machine and whoever draws beside.
// If posters are to look different, raise Look and write down the new sums:
// STET_POSTERS names a folder to look at them.
func TestSame(t *testing.T) {
	f := parsed(t)
	for i, d := range drawn {
		first, err := f.Draw(f.Fit(d.Words))
		if err != nil {
			t.Fatal(err)
		}
		if dir := os.Getenv("STET_POSTERS"); dir != "" {
			os.WriteFile(dir+"/"+string(rune('a'+i))+".png", first, 0o644)
		}
		m, err := png.Decode(bytes.NewReader(first))
		if err != nil || m.Bounds().Dx() != Width || m.Bounds().Dy() != Height {
			t.Fatalf("%v: %v", err, m.Bounds())
		}
		sum := sha256.Sum256(first)
		if got := hex.EncodeToString(sum[:8]); got != d.sum {
			t.Errorf("%q is %s, not %s", d.Headline, got, d.sum)
		}
		again := make(chan []byte)
		for range 4 {
			go func() {
				data, _ := f.Draw(f.Fit(d.Words))
				again <- data
			}()
		}
		for range 4 {
			if !bytes.Equal(<-again, first) {
				t.Errorf("%q is another picture", d.Headline)
			}
		}
	}
}

// What no font can say is left out: emoji alone, a text with foreign letters
// whole.
func TestFit(t *testing.T) {
	f := parsed(t)
	for _, c := range []struct{ has, wants Words }{
		{Words{"Post", "Town", "Fire 🔥 and 👩‍🚒 water\u200f\n ❤️!"}, Words{"Post", "Town", "Fire and water\u200f !"}},
		{Words{"Post", "東京", "漢字 in it"}, Words{Headline: "Post"}},
		{Words{"Post", "東京", "Kanji"}, Words{"Post", "", "Kanji"}},
		{Words{"東京", "Town", "हिन्दी"}, Words{}},
		{Words{"Post", "", "🔥"}, Words{Headline: "Post"}},
		{Words{"Post", "", "می\u200cروم"}, Words{"Post", "", "می\u200cروم"}}, // the letters are parted by what is not seen
		{Words{"Post", "", "cafe\u0301"}, Words{"Post", "", "café"}},
	} {
		if got := f.Fit(c.has); got != c.wants {
			t.Errorf("of %+q fits %+q, not %+q", c.has, got, c.wants)
		}
	}
}

// Arabic letters join: a word is not drawn as its letters one after the other are.
func TestShaped(t *testing.T) {
	f := parsed(t)
	s := newSetter(f.fonts)
	glyphs := func(text string, rtl bool) (ids []uint32, width int) {
		for _, r := range s.shape(text, rtl).runs {
			for _, g := range r.Glyphs {
				ids = append(ids, uint32(g.GlyphID))
			}
			width += int(r.Advance)
		}
		return ids, width
	}
	joined, width := glyphs("حريق", true)
	var apart int
	for _, r := range "حريق" {
		_, w := glyphs(string(r), true)
		apart += w
	}
	if len(joined) == 0 || width >= apart {
		t.Errorf("joined the word is %d wide, its letters apart %d", width, apart)
	}
	lam, _ := glyphs("ل", true)
	alef, _ := glyphs("ا", true)
	if both, _ := glyphs("لا", true); slices.Contains(both, lam[0]) || slices.Contains(both, alef[0]) {
		t.Errorf("lam and alef are %d, which are the signs for them alone", both)
	}
	for _, text := range []string{"بريد", "\u200f1. حريق", "«حريق»"} {
		if !leftwards(text) {
			t.Errorf("%q begins at the left", text)
		}
	}
	if leftwards("BBC حريق") || leftwards("12") {
		t.Error("a text that begins with Latin letters begins at the right")
	}
}

// A headline is as large as it can be, and never wider or lower than its place.
func TestRoom(t *testing.T) {
	f := parsed(t)
	for _, d := range drawn {
		data, err := f.Draw(f.Fit(d.Words))
		if err != nil {
			t.Fatal(err)
		}
		m, _ := png.Decode(bytes.NewReader(data))
		paper := m.At(2, Height-2)
		for y := bar; y < Height; y++ {
			for _, x := range []int{margin / 2, Width - margin/2} {
				if m.At(x, y) != paper {
					t.Fatalf("%q has something in the margin, at %d %d", d.Headline, x, y)
				}
			}
		}
		for x := range Width {
			if m.At(x, Height-20) != paper {
				t.Fatalf("%q goes on below", d.Headline)
			}
		}
	}
}

// A file that is no font is told, whatever it holds.
func TestNoFont(t *testing.T) {
	files := append(themeFonts(t), []byte("no font"))
	if _, bad, err := Parse(files); err != ErrFont || bad != 2 {
		t.Errorf("file %d: %v", bad, err)
	}
}

// A site's own font may be damaged, and a headline be anything.
func FuzzDraw(f *testing.F) {
	naskh := themeFonts(f)[0]
	f.Add(0, byte(0), "حريق A 🔥")
	f.Add(900, byte(255), "\u202eabc\u2066")
	f.Add(40000, byte(7), "a b c d e f g h i j k l m n o p q r s t u v w x y z")
	f.Fuzz(func(t *testing.T, at int, with byte, headline string) {
		file := bytes.Clone(naskh)
		if at >= 0 && at < len(file) {
			file[at] ^= with
		}
		fonts, _, err := Parse([][]byte{file, themeFonts(t)[1]})
		if err != nil {
			return
		}
		w := fonts.Fit(Words{"Post", headline, headline})
		if w.Headline == "" {
			return
		}
		if data, err := fonts.Draw(w); err == nil {
			if _, err := png.Decode(bytes.NewReader(data)); err != nil {
				t.Error(err)
			}
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	f := parsed(b)
	w := f.Fit(drawn[1].Words)
	for b.Loop() {
		if _, err := f.Draw(w); err != nil {
			b.Fatal(err)
		}
	}
}
