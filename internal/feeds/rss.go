package feeds

import (
	"cmp"
	"time"

	"stet/internal/page"
)

// rss makes an RSS 2.0 feed. Its descriptions are HTML, so that a summary, which
// is text, is escaped once more than a title.
func rss(ask *page.Ask, p page.Page, to *page.Content) error {
	f, items, err := feedOf(ask, p)
	if err != nil {
		return err
	}
	w := newWriter(&to.Body)
	w.open("rss", "version", "2.0",
		"xmlns:atom", "http://www.w3.org/2005/Atom",
		"xmlns:content", "http://purl.org/rss/1.0/modules/content/",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/",
		"xmlns:media", "http://search.yahoo.com/mrss/")
	w.open("channel")
	w.text("title", f.Title)
	w.text("link", homeOf(f))
	w.text("description", escapeHTML(cmp.Or(f.Description, f.Title)))
	w.maybe("language", f.Lang)
	if !f.Updated.IsZero() {
		w.text("lastBuildDate", f.Updated.Format(time.RFC1123Z))
	}
	if self := selfOf(f, p); self != "" {
		w.empty("atom:link", "href", self, "rel", "self", "type", "application/rss+xml")
	}
	for i := range items {
		items[i].rss(w)
	}
	w.close("channel")
	w.close("rss")
	return nil
}

func (it *item) rss(w *writer) {
	w.open("item")
	w.text("title", it.Headline)
	w.text("link", it.url)
	if it.isLink {
		w.text("guid", it.id, "isPermaLink", "true")
	} else {
		w.text("guid", it.id, "isPermaLink", "false")
	}
	if !it.Date.IsZero() {
		w.text("pubDate", it.Date.Format(time.RFC1123Z))
	}
	for _, a := range it.authors {
		w.text("dc:creator", a.name)
	}
	for _, a := range it.others {
		w.text("dc:contributor", a.name)
	}
	for _, t := range it.topics {
		w.text("category", t)
	}
	w.maybe("description", escapeHTML(it.Summary))
	w.maybe("content:encoded", it.content)
	it.media(w)
	w.close("item")
}
