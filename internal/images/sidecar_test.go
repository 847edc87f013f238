package images

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"

	"stet/internal/photo"
)

// What the sidecar says is believed before the file, and an empty text of it
// keeps out what the file says.
func TestSidecar(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	caption, credit, alt := "The file's", "File", "In the file"
	data, err := photo.Write(b.Bytes(), photo.Changes{Caption: &caption, Credit: &credit, Alt: &alt, Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for beside, want := range map[string]Words{
		"":                        {Caption: "The file's", Credit: "File", Alt: "In the file"},
		"credit: Desk\n":          {Caption: "The file's", Credit: "Desk", Alt: "In the file"},
		"caption: The desk's\n":   {Caption: "The desk's", Credit: "File", Alt: "In the file"},
		"alt: ''\ncaption: ''\n":  {Credit: "File"},
		"credit: ''\nalt: Desk\n": {Caption: "The file's", Alt: "Desk"},
	} {
		ph, problems := Inspect("a.jpg", data, []byte(beside))
		if w := ph.WordsIn("en", "en"); w.Caption != want.Caption || w.Credit != want.Credit || w.Alt != want.Alt || len(problems) > 0 {
			t.Errorf("with %q: %+v, %v", beside, w, problems)
		}
		if !slices.IsSorted(ph.Sidecar) {
			t.Errorf("keys %q", ph.Sidecar)
		}
	}
	if _, problems := Inspect("a.jpg", data, []byte("kredit: Desk\n")); len(problems) != 1 || problems[0].Path != "a.jpg.yaml" {
		t.Errorf("got %v", problems)
	}
}
