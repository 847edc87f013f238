package config

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"stet/internal/diag"
	"stet/internal/fields"
)

// Feeds says what feeds hold.
type Feeds struct {
	Text    string   // full or summary
	Formats []string // of the paper and its sections: rss, atom, json
	Terms   bool     // topics, authors and kinds of story have one too
	NINJS   bool     // stories have an ninjs item, and the paper a feed of them
	Named   []NamedFeed
}

// A NamedFeed is a feed of stories that site.yaml chooses. It lies at
// /feeds/NAME/.
type NamedFeed struct {
	Named
	Title   string   // "" for one that is made of the name
	Count   int      // of stories at most; 0 for that of a page
	Hours   int      // how old a story may be; 0 for any age
	Text    string   // full or summary
	Formats []string // as in Feeds, or ninjs
	// A story is in the feed if it fits each list of Include that names anything,
	// and none of Exclude. It fits a list if it fits a name of it.
	Include, Exclude Stories
}

// Stories are those that a feed is to hold, or is not to hold.
type Stories struct {
	Sections, Tags, Series, Authors []Named
	Kinds                           []string
}

// feedFormats are the formats of feeds by the names site.yaml has for them.
var feedFormats = []string{"rss", "atom", "json"}

// mostCount and mostHours bound a named feed: what a reader program takes, and
// ten years.
const mostCount, mostHours = 1000, 87600

// Has tells whether the paper and its sections have feeds of a format: "rss",
// "atom" or "json".
func (f Feeds) Has(format string) bool { return slices.Contains(f.Formats, format) }

// feeds reads the feeds. Those that have a name come last, because they take
// over what is said of all.
func (p *parser) feeds(v *fields.Value) {
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "text":
			if choice := p.Choice(v, "full", "summary"); choice != "" {
				p.Feeds.Text = choice
			}
		case "ninjs":
			p.Feeds.NINJS = p.Bool(v)
		case "terms":
			p.Feeds.Terms = p.Bool(v)
		case "formats":
			p.Feeds.Formats, p.noFormats = p.formats(v, feedFormats), v.Empty()
		case "named":
		default:
			p.Unknown(key, []string{"text", "formats", "terms", "ninjs", "named"}, "feeds")
		}
	}, "text", "full")
	p.Each(v.Get("named"), p.namedFeed)
}

func (p *parser) formats(v *fields.Value, known []string) (formats []string) {
	for i, f := range p.Texts(v) {
		at := v
		if v.Kind == fields.List && i < len(v.Items) {
			at = v.Items[i]
		}
		switch near := diag.Nearest(f, known); {
		case slices.Contains(known, f):
			formats = append(formats, f)
		case near != "":
			p.Error(at, p.Line(at, near), "there is no feed format %q", f)
		default:
			p.Error(v, p.Put(v, "["+strings.Join(known, ", ")+"]"), "there is no feed format %q", f)
		}
	}
	return formats
}

var namedKeys = []string{"title", "count", "hours", "include", "exclude", "text", "formats"}

// namedFeed reads a feed that has a name.
func (p *parser) namedFeed(key, v *fields.Value) {
	f := NamedFeed{Named: Named{key.Text, key.Line, key.Column, key.Length}, Text: p.Feeds.Text, Formats: p.Feeds.Formats}
	if plain := addressable(key.Text); plain != key.Text || plain == "" {
		hint := "write it in small letters, digits and -"
		if plain != "" {
			hint = "write " + plain
		}
		p.Error(key, hint, "the name of a feed is part of its address, and cannot be %q", key.Text)
	}
	if v.Kind == fields.Null {
		p.Error(v, p.Put(v, p.Inline("title", "The Week")), "the feed %q says nothing", key.Text)
		return
	}
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "title":
			f.Title = p.Text(v)
		case "count":
			f.Count = p.within(v, mostCount, "20")
		case "hours":
			f.Hours = p.within(v, mostHours, "48")
		case "include":
			f.Include = p.stories(v, key.Text)
		case "exclude":
			f.Exclude = p.stories(v, key.Text)
		case "text":
			if choice := p.Choice(v, "full", "summary"); choice != "" {
				f.Text = choice
			}
		case "formats":
			f.Formats = p.formats(v, append(slices.Clone(feedFormats), "ninjs"))
		default:
			p.Unknown(key, namedKeys, "a named feed")
		}
	}, "title", "The Week")
	if len(f.Formats) == 0 {
		p.noFormat(key, v)
	}
	p.Feeds.Named = append(p.Feeds.Named, f)
}

// noFormat tells of a named feed that is in no format, and so has no file.
func (p *parser) noFormat(key, v *fields.Value) {
	switch own := v.Get("formats"); {
	case own != nil && own.Empty():
		p.Error(own, p.Put(own, "[rss]"), "the feed %q has no file without a format", key.Text)
	case own == nil && v.Kind == fields.Map && p.noFormats:
		p.Error(key, p.Add(v, "formats", "rss"), "the feed %q has no file: formats of all feeds is empty, and it names none", key.Text)
	}
}

// addressable is a name as an address can have it.
func addressable(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '-':
			return unicode.ToLower(r)
		case unicode.IsSpace(r) || r == '_':
			return '-'
		}
		return -1
	}, name), "-")
}

// within is a whole number from 1 to most.
func (p *parser) within(v *fields.Value, most int, example string) int {
	n := p.Int(v)
	if n >= 1 && n <= most {
		return n
	}
	if n != 0 || v.Text == "0" {
		p.Error(v, p.Put(v, example), "%s must be between 1 and %d, not %d", v.Name, most, n)
	}
	return 0
}

// stories reads which stories are meant.
func (p *parser) stories(v *fields.Value, where string) (s Stories) {
	lists := map[string]*[]Named{"sections": &s.Sections, "tags": &s.Tags, "series": &s.Series, "authors": &s.Authors}
	p.Each(v, func(key, v *fields.Value) {
		list := lists[key.Text]
		switch {
		case key.Text == "kinds":
			s.Kinds = p.storyKinds(v)
			return
		case list == nil:
			p.Unknown(key, append(slices.Collect(maps.Keys(lists)), "kinds"), where)
			return
		}
		for i, name := range p.Texts(v) {
			at := v
			if v.Kind == fields.List && i < len(v.Items) {
				at = v.Items[i]
			}
			if name = strings.TrimSpace(name); key.Text == "sections" {
				name = strings.Trim(name, "/")
			}
			*list = append(*list, Named{name, at.Line, at.Column, at.Length})
		}
	}, "sections", "town")
	return s
}
