package config

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"stet/internal/diag"
	"stet/internal/fields"
)

// A Front is what a file of content/fronts/ says: which stories the desk wants
// where on a front page. Which of them there are, only the site knows.
type Front struct {
	Path     string
	Filled   bool   // the file names slots; else the front fills itself
	Slots    []Slot // in the order of the file
	Bars     []Bar  // the first whose time it is is shown
	NoBlocks bool
	Blocks   []Named // sections that have a block; none named, all have
}

// A Slot is a place on a front.
type Slot struct {
	Named          // the slot's own name
	Title   string // shown above it
	Stories []Planned
	Fill    Fill
	Count   int // of stories; 0 if the file says nothing
}

// A Named is a word that means something of the site, and where it stands.
type Named struct {
	Name                 string
	Line, Column, Length int
}

// Planned is a story that the desk puts into a slot, perhaps for a time.
type Planned struct {
	Story Named
	Title string // instead of its headline
	Times
}

// Times are from when until when something is shown. UntilAt is where its end
// is written.
type Times struct {
	From, Until     fields.When
	FromAt, UntilAt Named
}

// Fill says which stories may fill a slot: those of which all of it is true.
type Fill struct {
	Section, Tag, Series, Author Named
	Kind                         string
}

// IsZero tells whether any story may.
func (f Fill) IsZero() bool { return f == Fill{} }

// A Bar is a line that a front shows above all else.
type Bar struct {
	Text       string
	Label      string // before it, instead of the language's word for breaking news
	URL        Named
	Story      Named // where it leads, instead of URL
	Everywhere bool  // on all pages
	ShowAt     Named // where that is written
	Times
}

// MostInSlot is how many stories a slot may have.
const MostInSlot = 100

var (
	frontKeys = []string{"slots", "bar", "blocks"}
	slotKeys  = []string{"name", "title", "story", "fill", "count"}
	storyKeys = []string{"story", "from", "until", "title"}
	fillKeys  = []string{"section", "kind", "tag", "series", "author"}
	barKeys   = []string{"text", "label", "url", "story", "from", "until", "show"}

	slotName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9-]*$`) })
	odd      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^a-z0-9]+`) })
)

// minimalFront is the least that a file of content/fronts/ says.
const minimalFront = "begin the file with\nslots:\n  - name: lead\n    story: news/fire.md"

// A frontParser fills a front from the tree of its file.
type frontParser struct {
	fields.Decoder
	*Front
}

// ParseFront reads a file of content/fronts/. The front is never nil; what is
// wrong with it is left out.
func ParseFront(name string, data []byte) (*Front, []diag.Problem) {
	v, problems := fields.Parse(name, data)
	p := &frontParser{fields.Decoder{Path: name, Data: data, Strict: true, Problems: problems}, &Front{Path: name}}
	if path.Ext(name) == ".toml" {
		p.Format = "toml"
	}
	switch {
	case v == nil:
	case v.Empty():
		p.Warn(v, minimalFront, "this file says nothing: the front fills itself")
	case v.Kind != fields.Map:
		p.Error(v, minimalFront, "a front must be keys and values")
	default:
		p.Each(v, p.key)
	}
	return p.Front, diag.Sort(p.Problems)
}

func (p *frontParser) key(key, v *fields.Value) {
	switch key.Text {
	case "slots":
		p.slots(v)
	case "bar":
		for _, item := range v.Entries() {
			p.bar(item)
		}
	case "blocks":
		p.blocks(v)
	default:
		p.Unknown(key, frontKeys, "a front")
	}
}

func (p *frontParser) slots(v *fields.Value) {
	if v.Kind != fields.List && v.Kind != fields.Null {
		p.Error(v, "write\nslots:\n  - name: lead\n    story: news/fire.md", "slots must be a list, each with a name")
		return
	}
	p.Filled = v.Kind == fields.List
	for _, item := range v.Items {
		if item.Kind == fields.Text {
			p.Error(item, p.Put(item, p.Inline("name", item.Text)), "a slot must be a map with a name")
			continue
		}
		s := p.slot(item)
		if i := slices.IndexFunc(p.Slots, func(o Slot) bool { return o.Name == s.Name }); i >= 0 {
			at := item.Get("name")
			p.Error(at, p.Line(at, s.Name+"-2"), "there are two slots called %q; the other is on line %d", s.Name, p.Slots[i].Line)
		} else if s.Name != "" {
			p.Slots = append(p.Slots, s)
		}
	}
}

func (p *frontParser) slot(v *fields.Value) (s Slot) {
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "name":
			s.Named = p.slotName(v)
		case "title":
			s.Title = p.Text(v)
		case "story":
			for _, item := range v.Entries() {
				if item.Kind != fields.Null {
					s.Stories = append(s.Stories, p.planned(item)...)
				}
			}
		case "fill":
			p.Each(v, func(key, v *fields.Value) { p.fill(&s.Fill, key, v) }, "section", v.Text)
		case "count":
			s.Count = p.count(v)
		default:
			p.Unknown(key, slotKeys, "a slot")
		}
	}, "name", "lead")
	if v.Kind == fields.Map && v.Get("name").Empty() {
		p.Error(v, p.Add(v, "name", "lead"), "a slot without a name")
	}
	return s
}

func (p *frontParser) slotName(v *fields.Value) Named {
	n := p.named(v)
	if n.Name != "" && !slotName().MatchString(n.Name) {
		likely := strings.Trim(odd().ReplaceAllString(strings.ToLower(n.Name), "-"), "-0123456789")
		if likely == "" {
			likely = "row"
		}
		p.Error(v, p.Line(v, likely), "the name of a slot is of small letters a to z, digits and hyphens: %q is for the layout, title is what readers see", n.Name)
		return Named{}
	}
	return n
}

func (p *frontParser) count(v *fields.Value) int {
	n := p.Int(v)
	if v.Kind == fields.Text && (n < 1 || n > MostInSlot) {
		if n != 0 || strings.Trim(v.Text, "+-0") == "" {
			p.Error(v, p.Line(v, "8"), "count must be between 1 and %d, not %s", MostInSlot, v.Text)
		}
		return 0
	}
	return n
}

// planned is a story, and when it is to be shown; none if it names no story.
func (p *frontParser) planned(v *fields.Value) []Planned {
	if v.Kind == fields.Text {
		return []Planned{{Story: p.named(v)}}
	}
	var s Planned
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "story":
			s.Story = p.named(v)
		case "title":
			s.Title = p.Text(v)
		case "from", "until":
			p.time(&s.Times, key, v)
		default:
			p.Unknown(key, storyKeys, "a story of a slot")
		}
	}, "story", "news/fire.md")
	if s.Story.Name == "" {
		if v.Kind == fields.Map && v.Get("story").Empty() {
			p.Error(v, p.Add(v, "story", "news/fire.md"), "it says of no story when it is to be shown")
		}
		return nil
	}
	return []Planned{s}
}

func (p *frontParser) time(t *Times, key, v *fields.Value) {
	when, at := p.When(v), p.at(v)
	if key.Text == "from" {
		t.From, t.FromAt = when, at
	} else {
		t.Until, t.UntilAt = when, at
	}
}

func (p *frontParser) fill(f *Fill, key, v *fields.Value) {
	switch key.Text {
	case "section":
		f.Section = p.named(v)
		f.Section.Name = strings.Trim(f.Section.Name, "/")
	case "kind":
		f.Kind = p.Choice(v, Kinds...)
	case "tag":
		f.Tag = p.named(v)
	case "series":
		f.Series = p.named(v)
	case "author":
		f.Author = p.named(v)
	default:
		p.Unknown(key, fillKeys, "fill")
	}
}

func (p *frontParser) bar(v *fields.Value) {
	if v.Kind == fields.Null {
		return
	}
	if v.Kind == fields.Text {
		p.Error(v, p.Put(v, p.Inline("text", v.Text)), "a bar must have text")
		return
	}
	var b Bar
	before := len(p.Problems)
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "text":
			b.Text = p.Text(v)
		case "label":
			b.Label = p.Text(v)
		case "url":
			if b.URL = p.named(v); b.URL.Name != "" && !address(b.URL.Name) {
				p.Error(v, p.Line(v, "/"+strings.TrimPrefix(b.URL.Name, "/")), "url must be an address such as /news/ or https://example.org/, not %q", b.URL.Name)
			}
		case "story":
			b.Story = p.named(v)
		case "from", "until":
			p.time(&b.Times, key, v)
		case "show":
			b.Everywhere, b.ShowAt = p.Choice(v, "front", "all") == "all", p.at(v)
		default:
			p.Unknown(key, barKeys, "bar")
		}
	}, "text", "Polls close at ten")
	switch {
	case len(p.Problems) > before:
		return
	case b.Text == "":
		p.Error(v, p.Add(v, "text", "Polls close at ten"), "a bar must have text")
		return
	case b.URL.Name != "" && b.Story.Name != "":
		p.Error(v.Get("url"), "keep story, which follows the story if it moves", "a bar leads to one place, not to a url and a story")
		return
	}
	p.Bars = append(p.Bars, b)
}

func (p *frontParser) blocks(v *fields.Value) {
	if v.Kind == fields.Text && v.Style == fields.Bool {
		p.NoBlocks = !p.Bool(v)
		return
	}
	if p.Texts(v) == nil {
		return
	}
	for _, item := range v.Entries() {
		if n := p.named(item); n.Name != "" {
			n.Name = strings.Trim(n.Name, "/")
			p.Blocks = append(p.Blocks, n)
		}
	}
}

func (p *frontParser) named(v *fields.Value) Named {
	n := p.at(v)
	n.Name = fields.Clean(p.Text(v))
	return n
}

func (p *frontParser) at(v *fields.Value) Named {
	return Named{Line: v.Line, Column: v.Column, Length: v.Length}
}
