// Package article turns one source file into an Article, and its body into
// HTML.
//
// [Parse] depends on the file's path and bytes alone: it knows no clock, no
// zone, no other file and no setting, so that its result can be kept for as long
// as the file stands. What crosses files (where a link leads, how large a
// picture is, which layout shows a figure) is asked for when the body is
// rendered, through the functions handed to [Render].
package article

import (
	"reflect"
	"sync"

	"stet/internal/fields"
)

// A Kind tells what a file of content/ is about; its path says it.
type Kind string

// The kinds of file. "content/ar/…" is the same for a further language.
const (
	Story   Kind = "story"   // content/SECTION/**/SLUG.md
	Page    Kind = "page"    // content/NAME.md
	Section Kind = "section" // **/_index.md
	Author  Kind = "author"  // content/authors/SLUG.md
	Topic   Kind = "topic"   // content/tags/SLUG.md
	Series  Kind = "series"  // content/series/SLUG.md
)

// An Article is what one file of content/ says, as it is written there: dates
// without a zone stay without one, and texts with Markdown stay Markdown.
type Article struct {
	Path   string // content/world/fire.md
	Kind   Kind
	Bundle bool // index.md: what lies beside it belongs to it

	Title  string // headline, inline Markdown
	Kicker string
	Deck   string // inline Markdown
	// Summary is what the front matter says, else the deck, else the first
	// sentences of the body. Plain text.
	Summary string

	Authors  []Byliner
	Dateline Dateline
	Section  string // overrides the folder
	Tags     []string
	Series   Part
	Type     string // "news" if not said

	Date, Updated    fields.When
	Embargo, Expires fields.When
	Draft            bool
	Status           string // "killed" or ""

	Image     *Image
	NoRelated bool // related: false

	Slug            string
	Pin             int
	Weight          int
	Hide            bool
	NoIndex, NoFeed bool

	Words    int  // of the body
	HasBody  bool // anything but white space
	Pictures bool // the body seems to hold some
	BodyLine int  // the body's first line in the file
	// Shown are the pictures that stand alone in the text of a story or page. They are
	// not Rare: in a paper with photographs many stories have some.
	Shown []Picture

	Marks []Spot

	*Rare // never nil; most share one that says nothing
}

// Rare is what few files say, apart from the rest because an archive is held in
// memory whole.
type Rare struct {
	Titles  Titles
	Also    []string // other sections that list the story
	Live    Span
	Sponsor Source
	Notice  string

	Gallery     []Image
	Corrections []Correction
	Source      Source
	Related     []string // paths as written

	URL         string
	Aliases     []string
	ID          string
	Language    string // BCP 47, if the file says so
	Translation string

	Comments, Rating string // "open", "closed", "off" or ""
	Layout           string
	Ignore           map[string]string
	Params           map[string]any

	// Of authors, sections, topics and series.
	Name         string
	Role         string
	Photo        *Image
	Contact      []Contact
	Inactive     bool
	Organisation bool // an agency or a desk, and no person
	Description  string
	Order        int
}

var nothing Rare // shared by all that say nothing rare

// rares are those that said nothing, to be filled for the next file.
var rares = sync.Pool{New: func() any { return new(Rare) }}

// Settle lets go of a Rare that says nothing, for one that is shared.
func (a *Article) Settle() {
	if a.Rare == nil || a.Rare.silent() {
		a.Rare = &nothing
	}
}

// settle does so for an article that has its Rare from rares.
func (a *Article) settle() {
	if a.Rare.silent() {
		rares.Put(a.Rare)
		a.Rare = &nothing
	}
}

func (r *Rare) silent() bool { return reflect.ValueOf(r).Elem().IsZero() }

// Bare lets go of a Rare that says nothing, until it is settled.
func (a *Article) Bare() {
	if a.Rare == &nothing {
		a.Rare = nil
	}
}

// Titles are the headline for other places; "" stands for the headline.
type Titles struct{ Short, Search, Social string }

// A Byliner is one name of the byline, with what the story says of it.
type Byliner struct {
	Name string
	Role string // "photographs", "translation", …
	Of   string // affiliation for this story
	For  string // the paper it was written for
	In   string // place this author filed from
}

// A Dateline is the place of filing.
type Dateline struct {
	Place string
	Show  string // "byline", "lead", "none" or ""
	Date  fields.When
}

// A Part is a story's place in a series.
type Part struct {
	Name   string
	Number int // 0 if not said
}

// A Span is the time of live coverage.
type Span struct{ From, Until fields.When }

// A Source is where a story comes from, or who pays for it.
type Source struct {
	Name, URL string
	Canonical bool
}

// Notes are the kinds of corrections, the usual one first.
var Notes = []string{"correction", "clarification", "update", "editors-note"}

// A Correction is one dated note on a story that was changed.
type Correction struct {
	Date fields.When
	Kind string // one of Notes
	Text string // inline Markdown
}

// An Image is a picture as the front matter names it.
type Image struct {
	Src      string // as written: relative to the file, or /… in static/
	Alt      string
	Caption  string // inline Markdown, without the credit
	Credit   string
	Courtesy bool
	Size     string     // "text", "wide", "full", "none" or ""
	Focus    [2]float64 // fractions from the top left; the centre if not said
	Reserved bool       // distribute: false, it is not handed on to others
	Line     int        // where Src is written
	Column   int
}

// A Contact is one way to reach an author, such as "email" and an address.
type Contact struct{ Kind, Value string }

// A Spot is a Mark with the number of its key among all keys: it holds no text,
// because an archive has a hundred thousand of them.
type Spot struct {
	Key                  uint8
	Line, Column, Length int32
}

// A Mark tells where a key of the front matter is written, for what is found
// out only when other files are known.
type Mark struct {
	Key                  string
	Line, Column, Length int32
}

// MarkOf returns where an entry of the list under a key is written, counted from
// 0, for those keys whose entries are marked; or what Mark returns.
func (a *Article) MarkOf(key string, entry int) Mark {
	n := numberOf(key)
	for _, s := range a.Marks {
		if s.Key != n {
			continue
		}
		if entry < 0 {
			return Mark{key, s.Line, s.Column, s.Length}
		}
		entry--
	}
	return a.Mark(key)
}

// Mark returns where the value of a key is written, or the file's first line.
func (a *Article) Mark(key string) Mark {
	n := numberOf(key)
	for _, s := range a.Marks {
		if s.Key == n && n > 0 {
			return Mark{key, s.Line, s.Column, s.Length}
		}
	}
	return Mark{Key: key, Line: 1, Column: 1}
}
