package feeds

import (
	"cmp"

	"stet/internal/page"
	"stet/internal/site"
)

// A jsonDocument is a JSON Feed 1.1.
type jsonDocument struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Home        string       `json:"home_page_url,omitempty"`
	Feed        string       `json:"feed_url,omitempty"`
	Description string       `json:"description,omitempty"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Language    string       `json:"language,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html,omitempty"`
	Text      string       `json:"content_text,omitempty"`
	Summary   string       `json:"summary,omitempty"`
	Image     string       `json:"image,omitempty"`
	Published string       `json:"date_published,omitempty"`
	Modified  string       `json:"date_modified,omitempty"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
	Language  string       `json:"language,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// jsonFeed makes a JSON Feed 1.1.
func jsonFeed(ask *page.Ask, p page.Page, to *page.Content) error {
	f, items, err := feedOf(ask, p)
	if err != nil {
		return err
	}
	d := jsonDocument{
		Version: "https://jsonfeed.org/version/1.1", Title: clean(f.Title), Home: homeOf(f), Feed: selfOf(f, p),
		Description: clean(f.Description), Language: clean(f.Lang), Items: []jsonItem{},
	}
	if f.Publisher != "" {
		d.Authors = []jsonAuthor{{Name: clean(f.Publisher)}}
	}
	for i := range items {
		d.Items = append(d.Items, items[i].json(f))
	}
	return writeJSON(to, d)
}

func (it *item) json(f *site.Feed) jsonItem {
	j := jsonItem{ID: clean(it.id), URL: it.url, Title: clean(it.Headline), HTML: clean(it.content), Summary: clean(it.Summary)}
	if j.HTML == "" { // an item without content is no item
		j.Text = cmp.Or(j.Summary, j.Title)
	}
	if it.Lang != f.Lang {
		j.Language = clean(it.Lang)
	}
	if !it.Date.IsZero() {
		j.Published = rfc3339(it.Date)
	}
	if it.modified.After(it.Date) {
		j.Modified = rfc3339(it.modified)
	}
	for _, a := range it.authors {
		j.Authors = append(j.Authors, jsonAuthor{clean(a.name), a.url})
	}
	for _, t := range it.topics {
		j.Tags = append(j.Tags, clean(t))
	}
	if it.picture != nil {
		j.Image = it.picture.url
	}
	return j
}
