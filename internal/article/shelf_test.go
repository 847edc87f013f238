package article

import (
	"strings"
	"testing"
)

// What a long text took of a shelf is let go.
func TestShelfAfterLong(t *testing.T) {
	t.Parallel()
	s := new(shelf)
	body := strings.Repeat("a\n", 2*mostLines) + "\n" + strings.Repeat("a\n\n", 2*mostRows*inRow)
	if quickMarkdown([]byte(body), Quotes{}, s) == nil {
		t.Fatal("the text is not read quickly")
	}
	paragraphs, texts := s.paragraphs.rows, s.texts.rows
	s.clear()
	for i := range paragraphs {
		if kept := paragraphs[i] != nil; kept != (i < mostRows) {
			t.Errorf("row %d of paragraphs is kept: %t", i, kept)
		}
	}
	for i := range texts {
		if kept := texts[i] != nil; kept != (i < mostRows) {
			t.Errorf("row %d of texts is kept: %t", i, kept)
		}
	}
	if room := cap(paragraphs[0][0].Lines().Sliced(0, 0)); room > mostLines {
		t.Errorf("a paragraph keeps the room of %d lines", room)
	}
	if room := cap(paragraphs[0][1].Lines().Sliced(0, 0)); room == 0 {
		t.Error("a short paragraph keeps no room for lines")
	}
}

// A text may be rendered while another is.
func TestRenderWithin(t *testing.T) {
	t.Parallel()
	body := []byte("# A *b*\n\nText \"c\" [d](e).\n\n- f\n- g\n\n![h](i.jpg \"j\")\n\n> k\n\nEnd *l*.\n")
	o := Options{Quotes: marksOf["en"]}
	want, _ := Render("a.md", body, o)
	asked := 0
	within := o
	within.Figure = func(f Figure) (string, error) {
		asked++
		if got, _ := Render("b.md", body, o); got != want {
			t.Errorf("within another, a text becomes\n%s\nbut is\n%s", got, want)
		}
		return f.plain(), nil
	}
	if got, _ := Render("a.md", body, within); got != want || asked != 1 {
		t.Errorf("around another, a text becomes\n%s\nbut is\n%s", got, want)
	}
}
