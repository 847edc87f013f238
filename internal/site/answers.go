package site

import (
	"html/template"
	"time"

	"stet/internal/language"
)

// What the site answers is plain data: exported fields, no methods, no pointer
// into the site. A URL begins with the site's base path and is not escaped; a
// Permalink is absolute, or empty in a site without base_url. Title and Deck
// and Caption are HTML, made from inline Markdown; Headline is the title as
// plain text.

// A Link is a name that leads somewhere. URL is "" where there is no page.
type Link struct {
	Title string
	URL   string
	Name  string // the slug or path by which it can be asked for
}

// A Card is a story as lists show it. It holds front matter only, and the
// summary written when the file was parsed.
type Card struct {
	Path           string // of the source file; what `card` and `near` are asked with
	ID             string // the story's lasting name
	URL            string
	Permalink      string
	Lang, Dir      string
	Language       string // the name of its language, where that is not the page's
	Type           string // "news", "opinion", …
	Title          template.HTML
	Headline       string
	Short          string // plain; the headline if no other is given
	Deck           template.HTML
	Summary        string
	Kicker         Link
	Section        Link
	Date           time.Time
	Updated        time.Time // zero if never
	DayOnly        bool      // Date was written without a time of day
	UpdatedDayOnly bool      // likewise Updated
	Byline         []language.Part
	Authors        []Link
	Place          string // of filing
	Tags           []Link
	Series         Link
	Part           int
	Image          *Image
	Corrected      string // "correction" or "clarification" if something was put right
	Draft          bool
	Coming         time.Time // when it will be published, if that is not yet: in previews only
	Sponsor        Link
}

// An Image is a picture with what is said of it.
type Image struct {
	Src      string // of the source file: content/… or static/…
	Alt      string
	Caption  template.HTML
	Text     string // the caption as plain text
	Credit   string // as it is shown between brackets, without them
	Courtesy bool
	Size     string // "text", "wide", "full", "none"
	Focus    [2]float64
	Reserved bool // it is not handed on to others
}

// Head is what the dot of every page has, whatever its kind.
type Head struct {
	Kind        string // "article", "section", "front", …
	Description string // plain
	Search      string // for <title>; plain, without the site's name
	Social      string // plain
	Index       bool   // false keeps search engines out
	Canonical   string // absolute; "" without base_url
	Locale      string // of the page, as Open Graph has it: "en_GB"
	Feed        string // URL of the RSS feed of this list, or ""
	Crumbs      []Link // from the front page to the parent
	Alternates  []Alternate
	Nearest     []Alternate // in each language that has no version: what is nearest to the page
	Params      map[string]any
}

// An Alternate is the same page in one of its languages.
type Alternate struct {
	Lang, Name string // "ar", "العربية"
	URL        string
	Permalink  string // "" also where search engines are not to be told of it
	Locale     string // as in Head
	Default    bool   // for readers of all other languages
	Title      string // of what is nearest: the section, or the paper
}

// A Story is an article as its own page sees it: dot of article.html and, but
// for what only stories have, of page.html.
type Story struct {
	Head
	Card
	Expires     time.Time // when it is taken away, zero if never
	Live        Span      // the time of live coverage
	Dateline    string    // set before the first paragraph; "" if it is elsewhere
	Gallery     []Image
	Corrections []Correction // all, the oldest first
	NotesAbove  []Correction // those of them that stand above the text
	NotesBelow  []Correction // and below it
	Source      Link
	Related     []string // source paths chosen by the desk
	NoRelated   bool
	Notice      string // instead of the story, if it was killed or has expired
	Age         int    // in years, if that is told
	Comments    string // "open", "closed" or "off"
	Rating      string // likewise
	Thread      bool   // readers have said something that is shown: ask thread for it
	Tally       bool   // they have answered whether they like it: ask tally
	Layout      string
	Words       int // asked for by itself: it changes with every edit of the text
	Minutes     int // that reading them takes; at least 1 if there are any
	HasBody     bool
	Pictures    bool    // the text seems to hold some
	Shown       []Image // the pictures that stand alone in the text
	NINJS       string  // URL of its ninjs item, "" if it has none
}

// A Span is from one time until another; either is zero if it is not said.
type Span struct{ From, Until time.Time }

// A Correction is one dated note on a story.
type Correction struct {
	ID      string // of the note on the story's page
	Date    time.Time
	DayOnly bool   // Date was written without a time of day
	Kind    string // "correction", "clarification", "update" or "editors-note"
	Label   string // the kind in the edition's language
	Text    template.HTML
	Plain   string
}

// A Noted is a correction with the story it is on, as corrections.html lists it.
type Noted struct {
	Correction
	URL       string // of the note on the story's page
	Title     template.HTML
	Headline  string
	Lang, Dir string // of the story
}

// A List is a front of a list or one of its archive pages: dot of
// section.html, tag.html, author.html, series.html, archive.html and
// corrections.html.
type List struct {
	Head
	Name      string // slug, or "2026/03"
	URL       string
	Permalink string
	Lang, Dir string
	Title     template.HTML
	Headline  string
	Cards     []*Card
	Page      int    // 0 is the front, else counted from the oldest
	Newer     string // URL, "" if there is none
	Older     string
	Front     string  // URL of the list's front
	Links     []Link  // sub-sections; years, months or days; all terms of an index
	Image     *Image  // of a section, topic or series
	Author    *Author // of author.html
	Source    string  // path of the file that describes it, or ""
	HasBody   bool    // the file has a text
	Parent    Link    // of a sub-section
	Slots     []Slot  // of a section's front that the desk has planned; Cards are without these stories
	Bar       *Bar    // of a section's front

	Corrections []Noted // of corrections.html, the newest first
}

// An Author is somebody who has a page.
type Author struct {
	Name     string
	URL      string
	Slug     string
	Role     string
	Summary  string // the first sentences of the biography
	Photo    *Image
	Contact  []Link // Title is the kind ("email"), URL ready for href, Name the value
	Inactive bool
	Source   string // path of the file, or ""

	Organisation bool // and no person
}

// A Section is one of the paper's parts.
type Section struct {
	Link
	Description string
	Parent      Link
	Subs        []Link
	Feed        string
}

// A Front is a front page's dot: slots filled in order, no story twice.
type Front struct {
	Head
	URL       string
	Permalink string
	Lang, Dir string
	Title     template.HTML
	Headline  string
	Slots     []Slot // none is empty
	Blocks    []Block
	Bar       *Bar
	Newer     string // always ""
	Older     string // URL of the older stories of the whole paper; "" if there are none
}

// A Slot is a named place on a front.
type Slot struct {
	Name  string
	Title string // shown above it, or ""
	Cards []*Card
	// Headlines are those that the desk gave stories for this front alone, by
	// path. Their cards have them already.
	Headlines map[string]template.HTML
}

// A Bar is a line that stands above a front, or above all pages.
type Bar struct {
	Label string // such as "Breaking"
	Text  template.HTML
	URL   string // "" if it leads nowhere
}

// A Block is a section's place on a front.
type Block struct {
	Section Link
	Cards   []*Card
}
