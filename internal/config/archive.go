package config

import (
	"slices"

	"stet/internal/fields"
)

// How fine the archive of the whole paper is: the pages of years, months and
// days, and the older pages of the front.
const (
	ArchiveOff    = "off"
	ArchiveYears  = "years"
	ArchiveMonths = "months"
	ArchiveDays   = "days"
)

// feedFormats are the formats of feeds by the names site.yaml has for them.
var feedFormats = []string{"rss", "atom", "json"}

// Has tells whether the paper and its sections have feeds of a format: "rss",
// "atom" or "json".
func (f Feeds) Has(format string) bool { return slices.Contains(f.Formats, format) }

// Menu is a menu of a language's edition.
func (c *Config) Menu(language, name string) []Link {
	l, ok := c.Language(language)
	if ok && l.Menus != nil {
		return l.Menus[name]
	}
	return c.Menus[name]
}

func (p *parser) feed(key, v *fields.Value) {
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
		p.Feeds.Formats = nil
		for _, f := range p.Texts(v) {
			if !slices.Contains(feedFormats, f) {
				p.Error(v, p.Put(v, "[rss, atom, json]"), "there is no feed format %q", f)
				continue
			}
			p.Feeds.Formats = append(p.Feeds.Formats, f)
		}
	default:
		p.Unknown(key, []string{"text", "formats", "terms", "ninjs"}, "feeds")
	}
}
