package feeds

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"stet/internal/page"
	"stet/internal/site"
)

// atom makes an Atom feed (RFC 4287).
func atom(ask *page.Ask, p page.Page, to *page.Content) error {
	f, items, err := feedOf(ask, p)
	if err != nil {
		return err
	}
	w := newWriter(&to.Body)
	w.open("feed", "xmlns", "http://www.w3.org/2005/Atom", "xmlns:media", "http://search.yahoo.com/mrss/", "xml:lang", f.Lang)
	self := selfOf(f, p)
	w.text("id", atomID(cmp.Or(self, "/"+p.Path), "", time.Time{}))
	w.text("title", f.Title)
	w.maybe("subtitle", f.Description)
	w.text("updated", rfc3339(f.Updated))
	w.empty("link", "rel", "alternate", "type", "text/html", "href", homeOf(f))
	if self != "" {
		w.empty("link", "rel", "self", "type", "application/atom+xml", "href", self)
	}
	writePerson(w, "author", person{name: cmp.Or(f.Publisher, f.Title)})
	for i := range items {
		items[i].atom(w, f)
	}
	w.close("feed")
	return nil
}

func (it *item) atom(w *writer, f *site.Feed) {
	lang := it.Lang
	if lang == f.Lang {
		lang = ""
	}
	w.open("entry", "xml:lang", lang)
	w.text("id", atomID(it.id, it.Permalink, it.Date))
	w.text("title", it.Headline)
	if !it.Date.IsZero() {
		w.text("published", rfc3339(it.Date))
	}
	w.text("updated", rfc3339(it.modified))
	w.empty("link", "rel", "alternate", "type", "text/html", "href", it.url)
	for _, a := range it.authors {
		writePerson(w, "author", a)
	}
	for _, a := range it.others {
		writePerson(w, "contributor", a)
	}
	for _, t := range it.topics {
		w.empty("category", "term", t)
	}
	w.maybe("summary", it.Summary)
	w.maybe("content", it.content, "type", "html")
	it.media(w)
	w.close("entry")
}

func writePerson(w *writer, as string, p person) {
	w.open(as)
	w.text("name", p.name)
	w.maybe("uri", p.url)
	w.close(as)
}

// atomID makes an IRI of an id that is none: a tag (RFC 4151) of the site's
// host and the story's year, both of which stay when a story moves.
func atomID(id, permalink string, date time.Time) string {
	if scheme, _, found := strings.Cut(id, ":"); found && !strings.ContainsAny(scheme, "/ ?#") {
		if u, err := url.Parse(id); err == nil && u.Scheme != "" {
			return escapeURL(id)
		}
	}
	host := "localhost"
	if u, err := url.Parse(permalink); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return fmt.Sprintf("tag:%s,%04d:%s", escapeURL(host), max(1970, date.UTC().Year()), escapeURL(id))
}

// rfc3339 is a time as Atom, JSON Feed and sitemaps write it. Where Atom wants
// a time and there is none, the feed is as old as can be.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0).UTC()
	}
	return t.Format(time.RFC3339)
}
