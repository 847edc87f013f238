package threads

import (
	"bytes"
	"encoding/json"
)

// EditionFile is the file of an edition that says on which stories readers may say
// something: the build makes it, and the service goes by it.
const EditionFile = "comments.json"

// Most is how long a comment may be: in UTF-16 units, as browsers count, with a
// line break as one.
const Most = 1500

// An Edition is what that file says. It has nothing that the edition does not show.
type Edition struct {
	Paper     string                     `json:"paper"` // the newspaper's name
	Languages map[string]EditionLanguage `json:"languages"`
	Length    int                        `json:"length"` // of a comment: Most
	Stories   []EditionStory             `json:"stories"`
}

// An EditionLanguage is the edition in one language. URLs are paths from the root
// of the host.
type EditionLanguage struct {
	Paper  string `json:"paper"`
	Dir    string `json:"dir"` // ltr or rtl
	URL    string `json:"url"` // of its front page
	Policy string `json:"policy"`
}

// An EditionStory is a story of which readers may say something.
type EditionStory struct {
	ID       string `json:"id"` // its lasting name
	URL      string `json:"url"`
	Title    string `json:"title"` // plain
	Lang     string `json:"lang"`
	Comments bool   `json:"comments"` // are taken
	Rating   bool   `json:"rating"`
}

// FormatEdition writes the file, a story a line. What HTML would take for its own is
// escaped in it, since it lies beside the pages.
func FormatEdition(e Edition) []byte {
	stories := e.Stories
	e.Stories = []EditionStory{}
	var b bytes.Buffer
	b.Write(bytes.TrimSuffix(safe(e), []byte("]}")))
	for i, st := range stories {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(safe(st))
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

func safe(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // of texts and numbers
	}
	return b
}
