package feeds

import (
	"stet/internal/page"
	"stet/internal/site"
)

const newsNames = "http://www.google.com/schemas/sitemap-news/0.9"

// newsSitemap makes a part of the sitemap of what is news now. A sitemap has to
// name a page at least: where nothing is news, that is the front page.
func newsSitemap(ask *page.Ask, p page.Page, to *page.Content) error {
	s, err := must[site.NewsSitemap](ask, "newssitemap", p.Args)
	if err != nil {
		return err
	}
	w := newWriter(&to.Body)
	w.open("urlset", "xmlns", sitemapNames, "xmlns:news", newsNames)
	for _, e := range s.Entries {
		w.open("url")
		w.text("loc", escapeURL(e.URL))
		w.open("news:news")
		w.open("news:publication")
		w.text("news:name", e.Publication)
		w.text("news:language", e.Lang)
		w.close("news:publication")
		at := rfc3339(e.Date)
		if e.DayOnly {
			at = e.Date.Format("2006-01-02")
		}
		w.text("news:publication_date", at)
		w.text("news:title", e.Title)
		w.close("news:news")
		w.close("url")
	}
	if len(s.Entries) == 0 {
		w.open("url")
		w.text("loc", escapeURL(s.Front))
		w.close("url")
	}
	w.close("urlset")
	return nil
}

// gone makes the file that tells a web server that the page beside it is a
// notice, to be answered with status 410.
func gone(_ *page.Ask, _ page.Page, to *page.Content) error {
	to.Body.WriteString("410\n")
	return nil
}
