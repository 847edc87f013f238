package article

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"stet/internal/fields"
	"stet/internal/slug"
)

// inside calls read with the values of a map whose keys are known. The example
// is a key and a text.
func (d *decoder) inside(v *fields.Value, where string, known []string, read func(key string, value *fields.Value), example ...string) {
	d.Each(v, func(k, value *fields.Value) {
		if !slices.Contains(known, k.Text) {
			d.Unknown(k, known, where)
			return
		}
		read(k.Text, value)
	}, example...)
}

// said is the text of a value that has one, for an example; else another.
func said(v *fields.Value, other string) string {
	if text := spaced(v.Text); text != "" && !isBool(v) {
		return text
	}
	return other
}

func (d *decoder) titles(v *fields.Value) {
	d.inside(v, "titles", []string{"short", "search", "social"}, func(key string, value *fields.Value) {
		switch text := d.prose(value); key {
		case "short":
			d.a.Titles.Short = text
		case "search":
			d.a.Titles.Search = text
		default:
			d.a.Titles.Social = text
		}
	}, "short", said(v, "A shorter headline"))
}

// between is what stands between two names in one text.
var between = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\s*[,;،、]\s*(?:(?:and|und|et|&)\s+)?|\s+(?:and|und|et|&)\s+`)
})

// honours stand behind a comma and are no name.
var honours = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(jr|sr|ii|iii|iv|m\.?d|ph\.?d|esq|mp|obe|cbe|kc|qc|rn|sj)\.?$`)
})

// people are the names in one text.
func people(s string) (names []string) {
	if strings.Contains(s, " von und zu ") {
		return []string{s}
	}
	for _, name := range between().Split(s, -1) {
		switch {
		case name == "":
		case honours().MatchString(name) && len(names) > 0:
			names[len(names)-1] += ", " + name
		default:
			names = append(names, name)
		}
	}
	return names
}

// author reads the byline. One text is one person: two names in it would make
// an author that nobody is.
func (d *decoder) author(v *fields.Value) {
	switch v.Kind {
	case fields.Text:
		text := d.line(v)
		names := people(text)
		if len(names) > 1 {
			d.Error(v, d.List(v, names), "one author with several names in it")
		}
		for _, name := range names {
			d.sign(v, Byliner{Name: name})
		}
	case fields.List:
		for _, item := range v.Items {
			d.byliner(item)
		}
	case fields.Map:
		d.byliner(v)
	}
}

func (d *decoder) byliner(v *fields.Value) {
	var b Byliner
	switch v.Kind {
	case fields.Null:
		return
	case fields.Map:
		d.inside(v, "author", []string{"name", "role", "of", "for", "in"}, func(key string, value *fields.Value) {
			switch text := d.line(value); key {
			case "name":
				b.Name = text
			case "role":
				b.Role = text
			case "of":
				b.Of = text
			case "for":
				b.For = text
			default:
				b.In = text
			}
		})
		if b.Name == "" {
			d.Error(v, d.Add(v, "name", "Ada Lovelace"), "an author without a name")
			return
		}
	default:
		b.Name = d.line(v)
	}
	d.sign(v, b)
}

// sign puts a name into the byline. Twice for the same, with another spelling
// perhaps, it would stand there twice.
func (d *decoder) sign(v *fields.Value, b Byliner) {
	if b.Name == "" {
		return
	}
	if by, name, found := strings.Cut(b.Name, " "); found && strings.EqualFold(by, "by") {
		at := v
		if v.Kind == fields.Map {
			at = v.Get("name")
		}
		d.Warn(at, d.Line(at, name), "the byline puts %q before a name by itself", by)
	}
	for _, other := range d.a.Authors {
		same := b
		same.Name = other.Name
		if word := slug.Make(b.Name); word != "" && same == other && word == slug.Make(other.Name) {
			d.Warn(v, "keep one of them", "%q and %q are one author, who is named once", other.Name, b.Name)
			return
		}
	}
	d.a.Authors = append(d.a.Authors, b)
}

func (d *decoder) dateline(v *fields.Value) {
	if v.Kind != fields.Map {
		d.a.Dateline.Place = d.line(v)
		return
	}
	d.inside(v, "dateline", []string{"place", "show", "date"}, func(key string, value *fields.Value) {
		switch key {
		case "place":
			d.a.Dateline.Place = d.line(value)
		case "show":
			d.a.Dateline.Show = d.Choice(value, "byline", "lead", "none")
		default:
			d.a.Dateline.Date = d.When(value)
		}
	})
}

func (d *decoder) series(v *fields.Value) {
	if v.Kind != fields.Map {
		d.a.Series.Name = d.line(v)
		return
	}
	d.inside(v, "series", []string{"name", "part"}, func(key string, value *fields.Value) {
		if key == "name" {
			d.a.Series.Name = d.line(value)
		} else {
			d.a.Series.Number = d.part(value)
		}
	})
	if d.a.Series.Name == "" {
		d.Error(v, d.Add(v, "name", "The name of the series"), "a series without a name")
	}
}

// part is the number of a part.
func (d *decoder) part(v *fields.Value) int {
	n := d.Int(v)
	if n < 0 || n == 0 && v.Text == "0" {
		d.Error(v, d.Line(v, "1"), "part must be a whole number from 1 on, not %s", v.Text)
		return 0
	}
	return n
}

// Types are the kinds that a story may be of.
var Types = []string{"news", "analysis", "opinion", "explainer", "feature", "interview", "review", "obituary", "gallery", "live", "sponsored"}

func (d *decoder) kind(v *fields.Value) {
	d.a.Type = d.Choice(v, Types...)
	if d.a.Type == "" {
		d.a.Type = "news"
	}
}

func (d *decoder) live(v *fields.Value) {
	likely := "2026-11-22 14:05"
	if _, isDate := fields.ParseWhen(v.Text); isDate {
		likely = v.Text
	}
	d.inside(v, "live", []string{"from", "until"}, func(key string, value *fields.Value) {
		if key == "from" {
			d.a.Live.From = d.When(value)
		} else {
			d.a.Live.Until = d.When(value)
		}
	}, "from", likely)
}

func (d *decoder) source(v *fields.Value, where string, known ...string) (s Source) {
	if v.Kind != fields.Map {
		s.Name = d.line(v)
		return s
	}
	d.inside(v, where, known, func(key string, value *fields.Value) {
		switch key {
		case "name":
			s.Name = d.line(value)
		case "url":
			s.URL = d.absolute(value)
		default:
			s.Canonical = d.Bool(value)
		}
	})
	return s
}

// hostLike is an address that lacks https://, or has something else before its
// host: example.org/x, //example.org, ftp://example.org.
var hostLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[a-z]*:?//)?([\pL\pN-]+(?:\.[\pL\pN-]+)+(?::[0-9]+)?(?:[/?#].*)?)$`)
})

// absolute is a URL of another site.
func (d *decoder) absolute(v *fields.Value) string {
	url := fields.Clean(d.Text(v))
	if s := scheme(url); url != "" && s != "https" && s != "http" {
		hint := "write it as https://example.org/"
		if found := hostLike().FindStringSubmatch(url); found != nil {
			hint = d.Line(v, "https://"+found[1])
		}
		d.Error(v, hint, "url must be a whole address, with https://")
		return ""
	}
	return url
}

func (d *decoder) corrections(v *fields.Value) {
	switch v.Kind {
	case fields.Map:
		d.Error(v, d.Put(v, "["+d.corrected(v)+"]"), "corrections must be a list, not a map of keys and values")
		d.correction(v)
		d.a.Corrections = nil
	case fields.Text:
		d.Error(v, d.Put(v, "["+d.corrected(v)+"]"), "corrections must be a list, not a text")
	}
	for _, item := range v.Items {
		if item.Kind != fields.Null {
			d.correction(item)
		}
	}
}

// corrected is a correction as it is written, or as it should be.
func (d *decoder) corrected(v *fields.Value) string {
	get := func(key, other string) string {
		if part := v.Get(key); part != nil {
			return said(part, other)
		}
		return other
	}
	return d.Inline("date", get("date", "2026-11-22"), "kind", get("kind", "correction"), "text", get("text", said(v, "what was wrong, and what is right")))
}

func (d *decoder) correction(v *fields.Value) {
	c := Correction{Kind: "correction"}
	if v.Kind != fields.Map {
		d.Error(v, d.Put(v, d.corrected(v)), "a correction must have date and text")
		return
	}
	d.inside(v, "corrections", []string{"date", "kind", "text"}, func(key string, value *fields.Value) {
		switch key {
		case "date":
			c.Date = d.When(value)
		case "kind":
			if kind := d.Choice(value, Notes...); kind != "" {
				c.Kind = kind
			}
		default:
			c.Text = d.linked(value)
		}
	})
	switch {
	case c.Text == "":
		d.Error(v, d.Add(v, "text", "what was wrong, and what is right"), "a correction without a text")
	case v.Get("date").Empty():
		d.Error(v, d.Add(v, "date", "2026-11-22"), "a correction without a date")
	case !c.Date.IsZero(): // else it cannot be read, which was told
		d.a.Corrections = append(d.a.Corrections, c)
	}
}

func (d *decoder) related(v *fields.Value) {
	if isBool(v) {
		if d.a.NoRelated = !d.Bool(v); !d.a.NoRelated {
			d.Error(v, "remove the line, and related stories are found without it; or name them, such as\n"+d.List(v, []string{"politics/harbour.md"}),
				"related must be paths or false, not %q", v.Text)
		}
		return
	}
	d.a.Related = d.names(v)
}

func (d *decoder) gallery(v *fields.Value) {
	items := v.Items
	if v.Kind == fields.Text || v.Kind == fields.Map {
		items = []*fields.Value{v}
	}
	for _, item := range items {
		if image := d.image(item, "gallery"); image != nil {
			d.a.Gallery = append(d.a.Gallery, *image)
		}
	}
}

var imageKeys = []string{"src", "alt", "caption", "credit", "courtesy", "focus", "size", "distribute"}

// image reads a picture: its path, or a map.
func (d *decoder) image(v *fields.Value, where string) *Image {
	img := &Image{Focus: [2]float64{0.5, 0.5}, Line: v.Line, Column: v.Column}
	if v.Kind != fields.Map {
		if img.Src = strings.TrimSpace(d.Text(v)); img.Src == "" || isBool(v) {
			return nil
		}
		return img
	}
	credit := ""
	d.inside(v, where, imageKeys, func(key string, value *fields.Value) {
		switch key {
		case "src":
			img.Src, img.Line, img.Column = strings.TrimSpace(d.Text(value)), value.Line, value.Column
		case "alt":
			img.Alt = d.prose(value)
		case "caption":
			img.Caption, credit = SplitCredit(d.linked(value))
		case "credit":
			img.Credit = d.line(value)
		case "courtesy":
			img.Courtesy = d.Bool(value)
		case "distribute":
			img.Reserved = value.Kind != fields.Null && !d.Bool(value)
		case "focus":
			d.focus(value, img)
		default:
			img.Size = d.Choice(value, "text", "wide", "full", "none")
		}
	})
	d.credit(v, img, credit)
	if img.Src == "" {
		d.Error(v, d.Add(v, "src", "photo.jpg"), "a picture without src, its path")
		return nil
	}
	return img
}

// credit takes the credit from the caption's end, unless there is one already.
func (d *decoder) credit(v *fields.Value, img *Image, fromCaption string) {
	switch {
	case fromCaption == "":
	case img.Credit == "":
		_, img.Credit = Inline(fromCaption, Quotes{})
	default:
		img.Caption = d.line(v.Get("caption"))
	}
}

func (d *decoder) focus(v *fields.Value, img *Image) {
	if v.Kind == fields.Null {
		return
	}
	if v.Kind != fields.List || len(v.Items) != 2 {
		d.Error(v, d.Put(v, "[0.5, 0.3]"), "focus must be two numbers, from the left and from the top")
		return
	}
	for i, item := range v.Items {
		f := d.Float(item)
		if f < 0 || f > 1 {
			d.Error(item, d.Put(v, "[0.5, 0.3]"), "focus must be two numbers from 0 to 1, not %s", item.Text)
			return
		}
		img.Focus[i] = f
	}
}

// contact reads a map of ways to reach somebody, a list of such maps, or one
// address.
func (d *decoder) contact(v *fields.Value) {
	switch v.Kind {
	case fields.List:
		for _, item := range v.Items {
			d.contact(item)
		}
	case fields.Map:
		d.Each(v, func(k, value *fields.Value) {
			if text := d.line(value); text != "" {
				d.a.Contact = append(d.a.Contact, Contact{k.Text, text})
			}
		})
	case fields.Text:
		text := fields.Clean(v.Text)
		kind := "url"
		if strings.Contains(text, "@") && scheme(text) == "" {
			kind = "email"
		}
		if text != "" {
			d.a.Contact = append(d.a.Contact, Contact{kind, text})
		}
	}
}
