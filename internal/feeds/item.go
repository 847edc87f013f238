package feeds

import (
	"cmp"
	"html/template"
	"path"
	"slices"
	"strings"
	"time"

	"stet/internal/page"
	"stet/internal/site"
)

// An item is a story as every kind of feed tells it, its URLs absolute and
// encoded.
type item struct {
	*site.Card
	id       string
	isLink   bool // the id is the story's URL
	url      string
	authors  []person
	others   []person // who did something else for it
	topics   []string // its section, its tags, its series
	picture  *picture
	content  string // HTML; "" in feeds of summaries
	modified time.Time
}

// A person is who wrote a story.
type person struct{ name, url string }

// A picture is the story's image, with what its file says where the story says
// nothing.
type picture struct {
	*site.Image
	url, kind string
}

// itemsOf asks for what the stories of a feed need.
func itemsOf(ask *page.Ask, f *site.Feed) ([]item, error) {
	items := make([]item, 0, len(f.Cards))
	for i, c := range f.Cards {
		it, err := itemOf(ask, c)
		if err != nil {
			return nil, err
		}
		if i < len(f.Contributors) {
			it.others = people(c, f.Contributors[i])
		}
		if f.FullText {
			var corrections []site.Correction
			if i < len(f.Corrections) {
				corrections = f.Corrections[i]
			}
			if err := it.addContent(ask, corrections); err != nil {
				return nil, err
			}
		}
		items = append(items, it)
	}
	return items, nil
}

// people are those of a story, with the whole addresses of their pages.
func people(c *site.Card, links []site.Link) (all []person) {
	at := placeOf(c.Permalink, c.URL)
	for _, a := range links {
		all = append(all, person{a.Title, at.resolve(a.URL)})
	}
	return all
}

func itemOf(ask *page.Ask, c *site.Card) (item, error) {
	it := item{Card: c, url: escapeURL(cmp.Or(c.Permalink, c.URL)), modified: c.Date}
	if c.Updated.After(c.Date) {
		it.modified = c.Updated
	}
	it.authors = people(c, c.Authors)
	for _, l := range slices.Concat([]site.Link{c.Section}, c.Tags, []site.Link{c.Series}) {
		if l.Title != "" && !slices.Contains(it.topics, l.Title) {
			it.topics = append(it.topics, l.Title)
		}
	}
	it.id, it.isLink = idOf(c.ID), c.ID == c.Permalink
	var err error
	it.picture, err = pictureOf(ask, c, placeOf(c.Permalink, c.URL))
	return it, err
}

// idOf is the name of a story that never changes. By default it is the story's
// address; a story that has moved is known by the address it had, or by the name
// that the desk gave it, which stays as it is.
func idOf(lasting string) string {
	if strings.HasPrefix(lasting, "/") || strings.HasPrefix(lasting, "https://") || strings.HasPrefix(lasting, "http://") {
		return escapeURL(lasting)
	}
	return lasting
}

func pictureOf(ask *page.Ask, c *site.Card, at place) (*picture, error) {
	if c.Image == nil || c.Image.Src == "" {
		return nil, nil
	}
	m, err := page.Get[*site.Media](ask, "media", page.Args(c.Image.Src, c.Lang, ""))
	if err != nil || m == nil {
		return nil, err
	}
	im := worded(c.Image, m)
	return &picture{&im, at.resolve(m.URL), m.Type}, nil
}

// worded is a picture with the words of its file where the story has none.
func worded(im *site.Image, m *site.Media) site.Image {
	all := *im
	all.Alt = cmp.Or(all.Alt, m.Alt)
	if all.Text == "" {
		all.Caption, all.Text = template.HTML(escapeHTML(m.Caption)), m.Caption
	}
	if all.Credit == "" {
		all.Credit, all.Courtesy = m.Credit, all.Courtesy || m.Courtesy
	}
	all.Reserved = all.Reserved || m.Reserved
	return all
}

// addContent adds the story's HTML: its picture, its text and its corrections,
// which must reach those who never come to the site.
func (it *item) addContent(ask *page.Ask, corrections []site.Correction) error {
	var body template.HTML
	if it.Path != "" { // a correction has no text but its own
		var err error
		if body, err = page.Get[template.HTML](ask, "body", page.Args(it.Path)); err != nil {
			return err
		}
	}
	at := placeOf(it.Permalink, it.URL)
	var b strings.Builder
	if it.picture != nil && it.picture.Size != "none" {
		b.WriteString(it.picture.figure(at))
	}
	b.WriteString(at.elsewhere(string(body)))
	for _, c := range corrections {
		b.WriteString("<p>")
		if !c.Date.IsZero() {
			b.WriteString("<strong>" + escapeHTML(strings.TrimSpace(c.Label+" "+c.Date.Format(time.DateOnly))) + "</strong> ")
		}
		b.WriteString(at.elsewhere(string(c.Text)) + "</p>\n")
	}
	it.content = b.String()
	if it.Dir == "rtl" && it.content != "" {
		it.content = `<div dir="rtl" lang="` + escapeValue(it.Lang) + `">` + it.content + "</div>"
	}
	return nil
}

func (p *picture) figure(at place) string {
	caption := at.elsewhere(string(p.Caption))
	if p.Credit != "" {
		caption = strings.TrimSpace(caption + " [" + escapeHTML(p.Credit) + "]")
	}
	if caption != "" {
		caption = "<figcaption>" + caption + "</figcaption>"
	}
	return `<figure><img src="` + escapeValue(p.url) + `" alt="` + escapeValue(p.Alt) + `">` + caption + "</figure>\n"
}

// media writes the picture in the words of Media RSS.
func (it *item) media(w *writer) {
	p := it.picture
	if p == nil {
		return
	}
	w.open("media:content", "url", p.url, "type", p.kind, "medium", "image")
	w.maybe("media:description", cmp.Or(p.Text, p.Alt), "type", "plain")
	if p.Courtesy {
		w.maybe("media:credit", p.Credit)
	} else {
		w.maybe("media:credit", p.Credit, "role", "photographer", "scheme", "urn:ebu")
	}
	w.close("media:content")
}

// selfOf is where a feed lies, or "" if the site does not know where it will
// stand.
func selfOf(f *site.Feed, p page.Page) string {
	if f.Self == "" {
		return ""
	}
	return escapeURL(f.Self + path.Base(p.Path))
}

// homeOf is the page of the list that the feed tells of.
func homeOf(f *site.Feed) string { return escapeURL(cmp.Or(f.Permalink, f.URL)) }
