package config

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"stet/internal/diag"
	"stet/internal/fields"
)

// A parser fills a configuration from the tree of site.yaml.
type parser struct {
	fields.Decoder
	*Config
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
	p.complete()
}

// weighty tells whether a key, or the one that was probably meant, says what
// articles and layouts mean.
func weighty(key string) bool {
	if !slices.Contains(keys, key) {
		key = diag.Nearest(key, keys)
	}
	return slices.Contains([]string{"language", "languages", "urls", "redirects", "trusted", "allow", "menus", "style", "theme", "images", "params"}, key)
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
		p.allow(v)
	case "comments":
		p.comments(v)
	case "robots":
		p.robots(v)
	case "trust_txt":
		p.trust(v)
	case "security_txt":
		p.security(v)
	case "manifest":
		p.manifest(v)
	default:
		p.tree(key, v)
	}
}

// tree keeps what other rooms read.
func (p *parser) tree(key, v *fields.Value) {
	targets := map[string]*map[string]any{
		"theme": &p.Theme, "deploy": &p.Deploy, "params": &p.Params,
	}
	target := targets[key.Text]
	if file := key.Text + "_txt"; target == nil && slices.Contains(keys, file) {
		p.Error(key, `did you mean "`+file+`"?`, "unknown field %q", key.Text)
		return
	}
	if target == nil {
		p.Unknown(key, keys, "")
		return
	}
	p.Each(v, func(_, _ *fields.Value) {})
	*target, _ = v.Plain().(map[string]any)
	if key.Text != "deploy" {
		return
	}
	p.Each(v, func(name, v *fields.Value) {
		if v.Kind != fields.Map {
			p.Error(v, p.Put(v, p.Inline("to", "/var/www/html", "base_url", "https://example.org/")), "the deploy target %q must be a map", name.Text)
		}
	})
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

func (p *parser) publisher(v *fields.Value) {
	texts := map[string]*string{
		"name": &p.Publisher.Name, "logo": &p.Publisher.Logo, "url": &p.Publisher.URL, "email": &p.Publisher.Email,
		"phone": &p.Publisher.Phone, "address": &p.Publisher.Address, "founded": &p.Publisher.Founded,
	}
	known := []string{"name", "logo", "url", "email", "phone", "address", "founded", "policies", "same_as"}
	p.Each(v, func(key, v *fields.Value) {
		switch target := texts[key.Text]; {
		case key.Text == "logo" || key.Text == "url":
			if *target = p.Text(v); *target != "" && !address(*target) {
				p.Error(v, p.Put(v, "/"+strings.TrimPrefix(*target, "./")), "an address begins with / or https://, not %q", *target)
			}
		case target != nil:
			*target = p.Text(v)
		case key.Text == "policies":
			p.policies(v)
		case key.Text == "same_as":
			p.Publisher.SameAs = p.Texts(v)
		default:
			p.Unknown(key, known, "publisher")
		}
	}, "name", "The Publisher")
}

// Policies are the names that the publisher's rules go by, each with the property
// of NewsMediaOrganization in schema.org that it is.
var Policies = map[string]string{
	"principles": "publishingPrinciples", "corrections": "correctionsPolicy", "ethics": "ethicsPolicy", "masthead": "masthead",
	"mission": "missionCoveragePrioritiesPolicy", "bylines": "noBylinesPolicy", "ownership": "ownershipFundingInfo",
	"sources": "unnamedSourcesPolicy", "verification": "verificationFactCheckingPolicy", "feedback": "actionableFeedbackPolicy",
	"diversity": "diversityPolicy", "staff": "diversityStaffingReport",
}

// policies reads where the publisher's rules are to be read.
func (p *parser) policies(v *fields.Value) {
	p.Publisher.Policies = map[string]Link{}
	p.Each(v, func(key, v *fields.Value) {
		if Policies[key.Text] == "" {
			p.Unknown(key, slices.Sorted(maps.Keys(Policies)), "publisher.policies")
			return
		}
		to := p.Text(v)
		if to != "" && !address(to) {
			p.Error(v, p.Put(v, "/"+strings.TrimPrefix(to, "./")), "an address begins with / or https://, not %q", to)
		}
		p.Publisher.Policies[key.Text] = Link{URL: to, Line: v.Line, Column: v.Column, Length: v.Length}
	}, "corrections", "/corrections-policy/")
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
			p.Check.Since = p.When(v)
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
	if choice := p.Choice(v, Off, Warn, Fail); choice != "" {
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

// languages reads `language` or `languages`, and gives each what is the
// site's.
func (p *parser) languages(v *fields.Value) {
	one, many := v.Get("language"), v.Get("languages")
	switch {
	case one != nil && many != nil:
		p.Error(one, "remove language; the first of languages is at the root", "both language and languages are there")
	case one != nil && one.Kind == fields.List && len(one.Items) == 1:
		p.Text(one)
	case one != nil:
		p.Languages = nil
		p.language(one, p.Text(one), nil)
	case many != nil && many.Kind == fields.List:
		p.Languages = nil
		for _, item := range many.Items {
			p.language(item, p.Text(item), nil)
		}
	case many != nil && many.Kind == fields.Text:
		p.Error(many, p.List(many, strings.FieldsFunc(many.Text, func(r rune) bool { return r == ',' || r == ' ' })), "languages must be a list or a map")
	case many != nil:
		p.Languages = nil
		p.Each(many, func(key, v *fields.Value) { p.language(key, key.Text, v) })
	}
	if len(p.Languages) == 0 {
		p.Languages = New().Languages
	}
	for i := range p.Languages {
		p.inherit(&p.Languages[i])
	}
}

func (p *parser) inherit(l *Language) {
	if l.Title == "" {
		l.Title = p.Title
	}
	if l.Description == "" {
		l.Description = p.Description
	}
	if l.Menus == nil {
		l.Menus = p.Menus
		return
	}
	for name, links := range p.Menus {
		if l.Menus[name] == nil {
			l.Menus[name] = links
		}
	}
}

// language reads one language; where is what names it.
func (p *parser) language(where *fields.Value, tag string, v *fields.Value) {
	if _, err := language.Parse(tag); err != nil || tag == "" || strings.ContainsAny(tag, "_ /") {
		p.Error(where, "use a tag of BCP 47, such as en, ar or pt-BR", "%q is not a language", tag)
		return
	}
	l := Language{Tag: tag}
	if len(p.Languages) > 0 {
		l.Prefix = strings.ToLower(tag)
	}
	for _, other := range p.Languages {
		if strings.EqualFold(other.Tag, tag) {
			p.Error(where, "remove one", "the language %q is there twice", tag)
			return
		}
	}
	p.Each(v, func(key, v *fields.Value) {
		switch key.Text {
		case "title":
			l.Title = p.Text(v)
		case "description":
			l.Description = p.Text(v)
		case "menus":
			l.Menus = p.menus(v)
		default:
			p.Unknown(key, []string{"title", "description", "menus"}, "the language "+tag)
		}
	})
	p.Languages = append(p.Languages, l)
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
	corrections := map[string]any{}
	for kind, at := range p.Style.Corrections {
		corrections[kind] = at
	}
	for name, set := range map[string]map[string]any{
		"style": {"dateline": p.Style.Dateline, "corrections": corrections},
		"feeds": {"text": p.Feeds.Text, "ninjs": p.Feeds.NINJS},
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
