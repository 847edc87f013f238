package check

import (
	"strings"

	"stet/internal/diag"
	"stet/internal/photo"
)

// A Picture is one of a story as readers will see it: what the story does not
// say of it, its file and its sidecar do.
type Picture struct {
	Key     string // of the front matter; "" if it stands in the text
	Line    int    // where it is in the file; 0 if it is where its key is
	Column  int
	Src     string // the source file
	Alt     string
	Caption string // plain
	Credit  string
	Filled  []string // "caption", "credit" and "alt", as far as only its file says them
	Beside  []string // and as far as its sidecar does
	// Troubles are those of what its file says.
	Troubles []photo.Trouble
}

// The rules of pictures, as site.yaml names them.
const (
	Credit = "credit-missing"
	Alt    = "alt-missing"
)

// A Lack is what a rule misses: a problem without a place.
type Lack struct {
	Rule string
	diag.Problem
}

// Lacks says what a picture lacks.
func (p Picture) Lacks() (lacks []Lack) {
	if strings.TrimSpace(p.Credit) == "" {
		lacks = append(lacks, Lack{Credit, diag.Problem{Text: "the picture has no credit",
			Hint: p.say("say whose it is: credit: NAME", "say whose it is at the end of its caption: [NAME]")}})
	}
	if strings.TrimSpace(p.Alt) == "" {
		lacks = append(lacks, Lack{Alt, diag.Problem{Text: "the picture has no alt text",
			Hint: "say what is to be seen, for those who do not see it" + p.say(": alt: …", ", in the square brackets before its path")}})
	}
	return lacks
}

// say is the one or the other, for a picture of the front matter or the text.
func (p Picture) say(front, text string) string {
	if p.Key != "" {
		return front
	}
	return text
}

func (c *checker) picture(p Picture) {
	at := p.Place(c.Mark)
	for _, lack := range p.Lacks() {
		c.say(lack.Rule, at, lack.Text, lack.Hint)
	}
	if alike(p.Alt, p.Caption) {
		c.say("alt-repeats-caption", at, "the alt text repeats the caption, which is read aloud twice then", "say in alt what is to be seen, and in the caption what it means")
	}
	if unended(p.Caption) {
		c.say("caption-no-stop", at, "the caption does not end with a stop", "end it like a sentence, with . ? ! or …"+p.say("", ", before the credit in square brackets"))
	}
	if len(p.Filled) > 0 {
		c.say("photo-filled", at, "only the photo's file says its "+strings.Join(p.Filled, ", "), "read it with stet photo, and write it into the story")
	}
	for _, t := range p.Troubles {
		c.say("photo-data", at, "in the photo's file, "+t.String(), "stet photo "+p.Src+" tells all that it says; with --write it sets it right")
	}
}

// Place is where a picture is in its story's file, whose keys are where mark says.
func (p Picture) Place(mark func(key string) diag.Problem) diag.Problem {
	at := mark(p.Key)
	if p.Line > 0 {
		at.Line, at.Column, at.Length = p.Line, p.Column, 0
	}
	return at
}
