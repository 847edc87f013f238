package config

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"stet/internal/diag"
	"stet/internal/fields"
)

// A parser fills a configuration from the tree of site.yaml.
type parser struct {
	fields.Decoder
	*Config
	noFormats bool            // of feeds that name none
	noHosts   bool            // allow has something wrong in it
	tongues   []*fields.Value // languages of texts, to be looked at when all are known
}

func (p *parser) read(v *fields.Value) {
	p.values, _ = v.Plain().(map[string]any)
	p.Each(v, func(key, v *fields.Value) {
		before := len(p.Problems)
		p.key(key, v)
		p.unsure = p.unsure || len(p.Problems) > before && weighty(key.Text)
	})
	before := len(p.Problems)
	p.languages(v)
	p.unsure = p.unsure || len(p.Problems) > before
	p.required(v)
	p.known()
	p.allowService()
	p.posts(v)
	p.complete()
}

// weighty tells whether a key, or the one that was probably meant, says what
// articles and layouts mean.
func weighty(key string) bool {
	if !slices.Contains(keys, key) {
		key = diag.Nearest(key, keys)
	}
	return slices.Contains([]string{"language", "languages", "urls", "redirects", "trusted", "allow", "menus", "style", "images", "params"}, key)
}

// key reads a key of the top. Languages come last, because they take over what
// the site says.
func (p *parser) key(key, v *fields.Value) {
	switch key.Text {
	case "format":
		p.format(v)
	case "title":
		p.Title = p.Text(v)
	case "description":
		p.Description = p.Text(v)
	case "base_url":
		p.baseURL(v)
	case "language", "languages":
	case "timezone":
		p.timezone(v)
	case "publisher":
		p.publisher(v)
	case "urls":
		p.urls(v)
	case "per_page":
		p.perPage(v)
	case "tags":
		p.KnownTags = p.Choice(v, "any", "known") == "known"
	case "menus":
		p.Menus = p.menus(v)
	case "style":
		p.style(v)
	case "feeds":
		p.feeds(v)
	case "archive":
		if choice := p.Choice(v, ArchiveOff, ArchiveYears, ArchiveMonths, ArchiveDays); choice != "" {
			p.Archive = choice
		}
	case "images":
		p.Each(v, p.images, "quality", "80")
	case "check":
		p.check(v)
	case "redirects":
		p.redirects(v)
	case "trusted":
		p.Trusted = p.Texts(v)
	case "allow":
		before := len(p.Problems)
		p.allow(v)
		p.noHosts = len(p.Problems) > before
	case "comments":
		p.comments(v)
	case "rating":
		p.rating(v)
	case "robots":
		p.robots(v)
	case "trust_txt":
		p.trust(v)
	case "security_txt":
		p.security(v)
	case "manifest":
		p.manifest(v)
	case "theme":
		p.theme(v)
	case "deploy":
		p.deploy(v)
	default:
		p.tree(key, v)
	}
}

// tree keeps what the site's own layouts read.
func (p *parser) tree(key, v *fields.Value) {
	if file := key.Text + "_txt"; key.Text != "params" && slices.Contains(keys, file) {
		p.Error(key, `did you mean "`+file+`"?`, "unknown field %q", key.Text)
		return
	}
	if key.Text != "params" {
		p.Unknown(key, keys, "")
		return
	}
	p.Each(v, func(_, _ *fields.Value) {})
	p.Params, _ = v.Plain().(map[string]any)
}

func (p *parser) format(v *fields.Value) {
	written := p.Text(v)
	if written != "1" && v.Kind == fields.Text {
		p.Error(v, p.Put(v, "1"), "format %q is not known to this Stet, which reads format 1", written)
	}
}

func (p *parser) perPage(v *fields.Value) {
	n := p.Int(v)
	if n >= 1 && n <= 1000 {
		p.PerPage = n
	} else if n != 0 || v.Text == "0" {
		p.Error(v, p.Put(v, "20"), "per_page must be between 1 and 1000, not %d", n)
	}
}

// texts is a map of texts.
func (p *parser) texts(v *fields.Value) map[string]string {
	m := map[string]string{}
	p.Each(v, func(key, v *fields.Value) { m[key.Text] = p.Text(v) })
	return m
}

func (p *parser) style(v *fields.Value) {
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "dateline":
			if choice := p.Choice(v, "byline", "lead", "none"); choice != "" {
				p.Style.Dateline = choice
			}
		case "dates":
			p.Style.Dates = p.texts(v)
		case "corrections":
			p.corrections(v)
		case "age_label":
			p.ageLabel(v)
		default:
			p.Unknown(key, []string{"dateline", "dates", "corrections", "age_label"}, "style")
		}
	}, "dateline", "byline")
}

// corrections reads where notes of each kind stand.
func (p *parser) corrections(v *fields.Value) {
	kinds := slices.Sorted(maps.Keys(p.Style.Corrections))
	p.Each(v, func(key, v *fields.Value) {
		if !slices.Contains(kinds, key.Text) {
			p.Unknown(key, kinds, "style.corrections")
		} else if choice := p.Choice(v, "top", "bottom"); choice != "" {
			p.Style.Corrections[key.Text] = choice
		}
	}, "correction", "top")
}

func (p *parser) images(key, v *fields.Value) {
	switch key.Text {
	case "widths":
		p.widths(v)
	case "quality":
		if n := p.Int(v); n >= 1 && n <= 100 {
			p.Images.Quality = n
		} else {
			p.Error(v, p.Put(v, "80"), "quality must be between 1 and 100")
		}
	case "webp":
		p.Images.WebP = p.Bool(v)
	case "as_is":
		p.Images.AsIs = p.Bool(v)
	case "location":
		p.Images.Location = p.Bool(v)
	case "cards":
		p.Images.Cards = p.Bool(v)
	default:
		p.Unknown(key, []string{"widths", "quality", "webp", "as_is", "location", "cards"}, "images")
	}
}

func (p *parser) widths(v *fields.Value) {
	var widths []int
	for _, text := range p.Texts(v) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 16 || n > 8192 {
			p.Error(v, p.Put(v, "[400, 720, 1120]"), "a width is a number of pixels from 16 to 8192, not %q", text)
			return
		}
		widths = append(widths, n)
	}
	if len(widths) == 0 || len(widths) > 12 {
		p.Error(v, p.Put(v, "[400, 720, 1120]"), "there must be one width at least, and 12 at most")
		return
	}
	p.Images.Widths = widths
}

func (p *parser) check(v *fields.Value) {
	p.Each(v, func(key, v *fields.Value) {
		switch {
		case key.Text == "since":
			p.Check.Since, p.Check.At = p.When(v), Named{v.Text, v.Line, v.Column, v.Length}
		case key.Text == "share":
			p.share(v)
		case !IsRule(key.Text):
			p.unknownRule(key)
		default:
			p.taken(key, v)
		}
	}, "since", "2026-11-22")
}

func (p *parser) taken(key, v *fields.Value) {
	if choice := p.Choice(v, Warn, Fail, Off); choice != "" {
		p.Check.Rules[key.Text] = choice
	}
}

func (p *parser) share(v *fields.Value) {
	n, err := strconv.ParseFloat(v.Text, 64)
	if v.Kind != fields.Text || err != nil || !(n >= 0 && n <= 1) {
		p.Error(v, p.Put(v, "0.05"), "share must be a number from 0 to 1, such as 0.05 for one word in twenty")
		return
	}
	p.Check.Share = n
}

func (p *parser) menus(v *fields.Value) map[string][]Link {
	menus := map[string][]Link{}
	p.Each(v, func(key, v *fields.Value) {
		if v.Kind != fields.List {
			p.Error(v, p.Put(v, "["+form+"]"), "the menu %q must be a list", key.Text)
			return
		}
		for _, item := range v.Items {
			menus[key.Text] = append(menus[key.Text], p.link(item))
		}
	})
	return menus
}

// form is an entry of a menu as it is written.
const form = "{title: About us, url: /about/}"

// link reads an entry of a menu: an address alone, whose page gives its title,
// or both.
func (p *parser) link(v *fields.Value) (l Link) {
	at := v
	if v.Kind == fields.Text {
		l.URL = p.Text(v)
	} else if v.Kind != fields.Map {
		p.Error(v, p.Put(v, form), "an entry of a menu must be an address, or have title and url")
		return l
	} else {
		p.Each(v, func(key, v *fields.Value) {
			switch key.Text {
			case "title":
				l.Title = p.Text(v)
			case "url":
				l.URL, at = p.Text(v), v
			default:
				p.Unknown(key, []string{"title", "url"}, "the menu")
			}
		})
		if l.Title == "" {
			p.Error(v, p.Add(v, "title", "About us"), "an entry of a menu must have title and url")
		} else if l.URL == "" {
			p.Error(v, p.Add(v, "url", "/about/"), "an entry of a menu must have title and url")
		}
	}
	l.Line, l.Column, l.Length = at.Line, at.Column, at.Length
	if l.URL != "" && !address(l.URL) && !strings.HasPrefix(l.URL, "mailto:") {
		p.Error(at, p.Line(at, "/"+strings.TrimPrefix(l.URL, "./")), "an address begins with / or https://, not %q", l.URL)
	}
	return l
}

// required reports keys that no site can be without.
func (p *parser) required(v *fields.Value) {
	for _, need := range []struct{ key, hint, why string }{
		{"format", "format: 1", "it lets a later Stet build the same"},
		{"title", "title: The Name of the Paper", "it is the name of the paper"},
		{"timezone", "timezone: Europe/Berlin", "dates without a zone are in it"},
	} {
		if v.Get(need.key).Empty() {
			p.Error(&fields.Value{Line: 1, Column: 1}, need.hint, "the key %q is missing: %s", need.key, need.why)
		}
	}
}

// complete puts what was normalised, and the defaults, where Value finds them.
func (p *parser) complete() {
	p.values["format"] = 1
	p.values["title"] = p.Title
	p.values["description"] = p.Description
	p.values["base_url"] = p.BaseURL
	p.values["timezone"] = p.Timezone
	p.values["per_page"] = p.PerPage
	p.values["language"] = p.Languages[0].Tag
	if comments, isMap := p.values["comments"].(map[string]any); isMap && p.Comments.Service != "" {
		comments["service"] = p.Comments.Service
	}
	corrections := map[string]any{}
	for kind, at := range p.Style.Corrections {
		corrections[kind] = at
	}
	formats := []any{}
	for _, format := range p.Feeds.Formats {
		formats = append(formats, format)
	}
	for name, set := range map[string]map[string]any{
		"style": {"dateline": p.Style.Dateline, "corrections": corrections},
		"feeds": {"text": p.Feeds.Text, "ninjs": p.Feeds.NINJS, "formats": formats},
	} {
		m, isMap := p.values[name].(map[string]any)
		if !isMap {
			m = map[string]any{}
			p.values[name] = m
		}
		for key, value := range set {
			m[key] = value
		}
	}
}
