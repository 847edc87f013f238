package article

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/slug"
)

// A decoder fills an Article from its front matter.
type decoder struct {
	*fields.Decoder
	a   *Article
	top *fields.Value
}

// A key knows what to do with its value.
type key func(d *decoder, v *fields.Value)

// shared are the keys that every kind of file knows.
var shared = map[string]key{
	"slug":        (*decoder).slug,
	"url":         (*decoder).url,
	"aliases":     func(d *decoder, v *fields.Value) { d.a.Aliases = d.names(v) },
	"language":    (*decoder).language,
	"translation": func(d *decoder, v *fields.Value) { d.a.Translation = fields.Clean(d.Text(v)) },
	"draft":       func(d *decoder, v *fields.Value) { d.a.Draft = d.Bool(v) },
	"layout":      func(d *decoder, v *fields.Value) { d.a.Layout = fields.Clean(d.Text(v)) },
	"index":       func(d *decoder, v *fields.Value) { d.a.NoIndex = d.no(v) },
	"feed":        func(d *decoder, v *fields.Value) { d.a.NoFeed = d.no(v) },
	"internal":    func(*decoder, *fields.Value) {}, // the desk's own
	"ignore":      (*decoder).ignore,
	"params":      (*decoder).params,
	"summary":     func(d *decoder, v *fields.Value) { d.a.Summary = d.prose(v) },
}

// told are the keys of stories and pages.
var told = map[string]key{
	"title":       func(d *decoder, v *fields.Value) { d.a.Title = d.prose(v) },
	"titles":      (*decoder).titles,
	"author":      (*decoder).author,
	"dateline":    (*decoder).dateline,
	"section":     func(d *decoder, v *fields.Value) { d.a.Section = fields.Clean(d.Text(v)) },
	"also":        func(d *decoder, v *fields.Value) { d.a.Also = d.names(v) },
	"kicker":      func(d *decoder, v *fields.Value) { d.a.Kicker = d.prose(v) },
	"date":        func(d *decoder, v *fields.Value) { d.a.Date = d.When(v) },
	"updated":     func(d *decoder, v *fields.Value) { d.a.Updated = d.When(v) },
	"embargo":     func(d *decoder, v *fields.Value) { d.a.Embargo = d.When(v) },
	"expires":     func(d *decoder, v *fields.Value) { d.a.Expires = d.When(v) },
	"status":      func(d *decoder, v *fields.Value) { d.a.Status = d.Choice(v, "killed") },
	"notice":      func(d *decoder, v *fields.Value) { d.a.Notice = strings.TrimSpace(d.Text(v)) },
	"image":       func(d *decoder, v *fields.Value) { d.a.Image = d.image(v, "image") },
	"gallery":     (*decoder).gallery,
	"deck":        func(d *decoder, v *fields.Value) { d.a.Deck = d.linked(v) },
	"tags":        func(d *decoder, v *fields.Value) { d.a.Tags = d.names(v) },
	"series":      (*decoder).series,
	"type":        (*decoder).kind,
	"live":        (*decoder).live,
	"sponsor":     func(d *decoder, v *fields.Value) { d.a.Sponsor = d.source(v, "sponsor", "name", "url") },
	"corrections": (*decoder).corrections,
	"source":      func(d *decoder, v *fields.Value) { d.a.Source = d.source(v, "source", "name", "url", "canonical") },
	"related":     (*decoder).related,
	"id":          func(d *decoder, v *fields.Value) { d.a.ID = fields.Clean(d.line(v)) },
	"comments":    func(d *decoder, v *fields.Value) { d.a.Comments = d.open(v) },
	"rating":      func(d *decoder, v *fields.Value) { d.a.Rating = d.open(v) },
	"pin":         (*decoder).pin,
	"weight":      func(d *decoder, v *fields.Value) { d.a.Weight = d.Int(v) },
	"hide":        func(d *decoder, v *fields.Value) { d.a.Hide = d.Bool(v) },
}

// term are the keys of sections, topics and series.
var term = map[string]key{
	"title":       told["title"],
	"titles":      told["titles"],
	"image":       told["image"],
	"order":       func(d *decoder, v *fields.Value) { d.a.Order = d.Int(v) },
	"description": (*decoder).description,
}

// person are the keys of authors.
var person = map[string]key{
	"name":         func(d *decoder, v *fields.Value) { d.a.Name = d.line(v) },
	"role":         func(d *decoder, v *fields.Value) { d.a.Role = d.line(v) },
	"photo":        func(d *decoder, v *fields.Value) { d.a.Photo = d.image(v, "photo") },
	"contact":      (*decoder).contact,
	"active":       func(d *decoder, v *fields.Value) { d.a.Inactive = d.no(v) },
	"organisation": func(d *decoder, v *fields.Value) { d.a.Organisation = d.Bool(v) },
	"bio":          (*decoder).description,
	"description":  (*decoder).description,
}

func own(k Kind) map[string]key {
	switch k {
	case Story, Page:
		return told
	case Author:
		return person
	}
	return term
}

// numberOf numbers the keys from 1, in the order of the alphabet; 0 is none.
func numberOf(key string) uint8 { return numbers()[key] }

var numbers = sync.OnceValue(func() map[string]uint8 {
	all := map[string]uint8{}
	for _, keys := range []map[string]key{shared, told, person, term} {
		for k := range keys {
			all[k] = 0
		}
	}
	for i, k := range slices.Sorted(maps.Keys(all)) {
		all[k] = uint8(i + 1)
	}
	return all
})

func (d *decoder) front() {
	mine := own(d.a.Kind)
	d.a.Marks = make([]Spot, 0, len(d.top.Pairs))
	for _, pair := range d.top.Pairs {
		v := pair.Value
		if n := numberOf(pair.Key.Text); n > 0 {
			d.a.Marks = append(d.a.Marks, Spot{n, int32(v.Line), int32(v.Column), int32(v.Length)})
		}
		read, known := mine[pair.Key.Text]
		if !known {
			read, known = shared[pair.Key.Text]
		}
		if !known {
			d.unknown(pair.Key)
			continue
		}
		read(d, v)
		switch pair.Key.Text {
		case "related", "aliases", "corrections":
			d.markEntries(pair.Key.Text, v.Items)
		case "ignore":
			var rules []*fields.Value
			for _, p := range v.Pairs {
				rules = append(rules, p.Key)
			}
			slices.SortFunc(rules, func(a, b *fields.Value) int { return strings.Compare(a.Text, b.Text) })
			d.markEntries(pair.Key.Text, rules)
		}
	}
}

// markEntries marks those entries of a list that are read, behind the list. Those
// of a map are its keys, in the order of the alphabet.
func (d *decoder) markEntries(key string, entries []*fields.Value) {
	for _, v := range entries {
		if v.Kind == fields.Text && strings.TrimSpace(v.Text) != "" || v.Kind == fields.Map {
			d.a.Marks = append(d.a.Marks, Spot{numberOf(key), int32(v.Line), int32(v.Column), int32(v.Length)})
		}
	}
}

// elsewhere is what other programs call our keys.
var elsewhere = map[string]string{
	"description": "summary", "excerpt": "summary", "abstract": "summary",
	"subtitle": "deck", "subhead": "deck", "standfirst": "deck", "dek": "deck", "lead": "deck",
	"headline": "title", "byline": "author", "by": "author",
	"category": "section", "categories": "section", "topic": "tags", "topics": "tags", "keywords": "tags",
	"lastmod": "updated", "modified": "updated", "last_modified_at": "updated", "updated_at": "updated",
	"published": "date", "publishdate": "date", "published_at": "date", "expirydate": "expires",
	"cover": "image", "picture": "image", "thumbnail": "image", "featured_image": "image", "feature_image": "image", "hero": "image",
	"permalink": "url", "redirect_from": "aliases", "alias": "aliases", "lang": "language", "template": "layout", "noindex": "index",
	"bio": "description", "email": "contact", "twitter": "contact", "website": "contact", "title": "name", "job": "role", "avatar": "photo", "organization": "organisation", "org": "organisation",
}

// unknown reports a key that this kind of file does not have.
func (d *decoder) unknown(k *fields.Value) {
	mine := own(d.a.Kind)
	other := elsewhere[strings.ToLower(k.Text)]
	if _, shares := shared[other]; other != "" && (mine[other] != nil || shares) {
		d.Warn(k, `did you mean "`+other+`"?`, "unknown field %q", k.Text)
		return
	}
	candidates := make([]string, 0, len(mine)+len(shared))
	for name := range mine {
		candidates = append(candidates, name)
	}
	for name := range shared {
		candidates = append(candidates, name)
	}
	if plain := strings.ToLower(k.Text); mine["embargo"] != nil && (strings.HasPrefix(plain, "embargo") || diag.Nearest(plain, candidates) == "embargo") {
		d.Error(k, `did you mean "embargo"? As it stands, nothing would keep the story back`, "unknown field %q", k.Text)
		return
	}
	d.Unknown(k, candidates, "")
}

// required reports what every file of its kind must say.
func (d *decoder) required() {
	a := d.a
	first := &fields.Value{Line: 1, Column: 1}
	name, given, example := "title", a.Title, "Headline"
	if a.Kind == Author {
		name, given, example = "name", a.Name, "Ada Lovelace"
	}
	if given == "" && !d.wrong(name) {
		at, hint := first, "add a line such as\n"+d.Line(&fields.Value{Name: name}, example)
		if v := d.top.Get(name); v != nil {
			at, hint = v, d.Line(v, example)
		}
		why := ""
		if at.Comment != "" {
			hint, why = d.Line(at, at.Comment), ", and in YAML what follows # is a comment"
		}
		d.Error(at, hint, "%s %s needs a %s%s", article(a.Kind), a.Kind, name, why)
	}
	if a.Type == "sponsored" && a.Sponsor.Name == "" && !d.wrong("sponsor") {
		d.Warn(d.top.Get("type"), "add a line such as\n"+d.Line(&fields.Value{Name: "sponsor"}, "Mill Bakery"), "a sponsored story should say who paid for it")
	}
	if a.Type == "gallery" && len(a.Gallery) == 0 && !a.Pictures && !d.wrong("gallery") {
		d.Warn(d.top.Get("type"), "add a line such as\n"+d.Put(&fields.Value{Name: "gallery"}, "["+d.Inline("src", "boats.jpg", "alt", "Boats with lights")+"]"), "a story of the type gallery should have pictures")
	}
	if a.Notice != "" && a.Status == "" && a.Expires.IsZero() && !d.wrong("status") && !d.wrong("expires") {
		d.Warn(d.top.Get("notice"), "add a line such as\n"+d.Line(&fields.Value{Name: "status"}, "killed")+"\nor remove the notice", "this notice stands in place of the text, and the story is in lists and feeds all the same")
	}
	if a.Kind == Story && a.Date.IsZero() && !a.Draft && !d.wrong("date") {
		d.Error(first, "add a line such as\n"+d.Line(&fields.Value{Name: "date"}, "2026-11-22 14:05")+"\nor, while it is being written,\n"+d.Line(&fields.Value{Name: "draft"}, "true"), "only a draft may lack a date")
	}
}

// wrong tells whether an error at a key's value is already told.
func (d *decoder) wrong(name string) bool {
	v := d.top.Get(name)
	return v != nil && slices.ContainsFunc(d.Problems, func(p diag.Problem) bool {
		return p.Severity == diag.Error && p.Line == v.Line
	})
}

func article(k Kind) string {
	if k == Author {
		return "an"
	}
	return "a"
}

// line is a text without line breaks.
func (d *decoder) line(v *fields.Value) string {
	return spaced(d.Text(v))
}

// prose is a line that people read, and perhaps have written with a # in it.
func (d *decoder) prose(v *fields.Value) string {
	if v.Comment != "" && v.Kind == fields.Text {
		d.Warn(v, d.Line(v, v.Text+" "+v.Comment)+"\nor, if it is a comment, put it on a line of its own", "%s ends before the #: in YAML what follows is a comment", v.Name)
	}
	return d.line(v)
}

// linkTo is a link in Markdown, with where it leads.
var linkTo = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\]\(<?([^)\s>]+)`) })

// linked is prose that may have links. It stands on other pages too, so that a path
// from the file leads nowhere.
func (d *decoder) linked(v *fields.Value) string {
	text := d.prose(v)
	if strings.Contains(text, "](") {
		for _, m := range linkTo().FindAllStringSubmatch(text, -1) {
			if !strings.HasPrefix(m[1], "/") && !schemes[scheme(m[1])] {
				d.Warn(v, "write the address of the page from the root, such as /town/2026/11/fire/", "the link to %q is left out: here links must be absolute or begin with /", m[1])
			}
		}
	}
	return text
}

// spaced is a text with single spaces between its words. It is nearly always
// written so, and then need not be held twice.
func spaced(s string) string {
	before := ' '
	for _, r := range s {
		if r <= ' ' || r >= utf8.RuneSelf { // few are
			if unicode.IsSpace(r) && (r != ' ' || before == ' ') {
				return strings.Join(strings.Fields(s), " ")
			}
		}
		before = r
	}
	return strings.TrimSuffix(s, " ")
}

// names is a list of texts, without empty ones.
func (d *decoder) names(v *fields.Value) []string {
	texts := d.Texts(v)
	names := texts[:0]
	for _, name := range texts {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return names
}

// no tells whether something was refused.
func (d *decoder) no(v *fields.Value) bool { return !d.Bool(v) && isBool(v) }

func isBool(v *fields.Value) bool { return v.Kind == fields.Text && v.Style == fields.Bool }

// open reads how something is open. In YAML off is a no, and every no is one.
func (d *decoder) open(v *fields.Value) string {
	if isBool(v) && !d.Bool(v) {
		return "off"
	}
	return d.Choice(v, "open", "closed", "off")
}

func (d *decoder) pin(v *fields.Value) {
	if isBool(v) {
		if d.Bool(v) {
			d.a.Pin = 1
		}
		return
	}
	d.a.Pin = d.Int(v)
}

func (d *decoder) slug(v *fields.Value) {
	written := fields.Clean(d.Text(v))
	d.a.Slug = slug.Make(written)
	switch {
	case written == "":
	case strings.Contains(strings.Trim(written, "/"), "/"):
		d.Error(v, d.Line(&fields.Value{Name: "url"}, "/"+strings.Trim(written, "/")+"/"), "slug is only the last part of the URL; the whole one is url")
	case d.a.Slug == "":
		d.Error(v, d.Line(v, "a-word"), "slug has neither letters nor digits: %q", written)
	}
}

func (d *decoder) url(v *fields.Value) {
	written := fields.Clean(d.Text(v))
	says, rest := "url must begin with /, from the root of the site", written
	if _, after, whole := strings.Cut(written, "//"); whole && (scheme(written) != "" || strings.HasPrefix(written, "//")) {
		_, rest, _ = strings.Cut(after, "/")
	} else if strings.HasPrefix(written, "/") {
		says = "url must be a path of this site, without .., ?, # and \\"
	}
	if written == "" || rest == written && written[0] == '/' && !strings.Contains(written, "..") && !strings.ContainsAny(written, "?#\\") {
		d.a.URL = written
		return
	}
	rest, _, _ = strings.Cut(strings.ReplaceAll(rest, "\\", "/"), "#")
	rest, _, _ = strings.Cut(rest, "?")
	hint := "write its path on this site, such as /news/fire/"
	if clean := path.Clean("/" + rest); clean != "/" && scheme(rest) == "" {
		if strings.HasSuffix(rest, "/") {
			clean += "/"
		}
		hint = d.Line(v, clean)
	}
	d.Error(v, hint, "%s", says)
}

func (d *decoder) language(v *fields.Value) {
	d.a.Language = fields.Clean(d.Text(v))
	if d.a.Language == "" {
		return
	}
	if _, err := language.Parse(d.a.Language); err != nil {
		d.Error(v, d.Line(v, "en"), "language must be a tag such as en, ar or pt-BR, not %q", d.a.Language)
	}
}

func (d *decoder) ignore(v *fields.Value) {
	d.Each(v, func(k, reason *fields.Value) {
		if d.a.Ignore == nil {
			d.a.Ignore = map[string]string{}
		}
		d.a.Ignore[k.Text] = d.line(reason)
		if reason.Empty() {
			d.Error(k, d.Line(reason, "why it does not apply here"), "an ignored check needs a reason")
		}
	}, ignored(v)...)
}

// ignored are the rules that somebody meant to ignore, each with a reason.
func ignored(v *fields.Value) (pairs []string) {
	for _, at := range v.Entries() {
		for _, pair := range at.Pairs {
			pairs = append(pairs, pair.Key.Text, said(pair.Value, "why it does not apply here"))
		}
		for rule := range strings.FieldsFuncSeq(said(at, ""), func(r rune) bool { return r == ',' || r == ' ' }) {
			pairs = append(pairs, rule, "why it does not apply here")
		}
	}
	if pairs == nil {
		return []string{"alt-missing", "why it does not apply here"}
	}
	return pairs
}

func (d *decoder) params(v *fields.Value) {
	d.Each(v, func(k, value *fields.Value) {
		if d.a.Params == nil {
			d.a.Params = map[string]any{}
		}
		d.a.Params[k.Text] = wide(value.Plain())
	})
}

// wide has all whole numbers in one type.
func wide(v any) any {
	switch v := v.(type) {
	case int:
		return int64(v)
	case []any:
		for i := range v {
			v[i] = wide(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = wide(v[k])
		}
	}
	return v
}

func (d *decoder) description(v *fields.Value) { d.a.Description = strings.TrimSpace(d.Text(v)) }
