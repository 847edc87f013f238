package feeds

import (
	"stet/internal/page"
	"stet/internal/site"
)

const sitemapNames = "http://www.sitemaps.org/schemas/sitemap/0.9"

// sitemapIndex makes the list of the sitemap's parts.
func sitemapIndex(ask *page.Ask, _ page.Page, to *page.Content) error {
	s, err := must[site.Sitemap](ask, "sitemaps", "")
	if err != nil {
		return err
	}
	w := newWriter(&to.Body)
	w.open("sitemapindex", "xmlns", sitemapNames)
	for _, e := range s.Parts {
		w.open("sitemap")
		writeEntry(w, e)
		w.close("sitemap")
	}
	w.close("sitemapindex")
	return nil
}

// sitemapPart makes one part of the sitemap, where a page names its versions in
// other languages.
func sitemapPart(ask *page.Ask, p page.Page, to *page.Content) error {
	s, err := must[site.SitemapPart](ask, "sitemap", p.Args)
	if err != nil {
		return err
	}
	w := newWriter(&to.Body)
	w.open("urlset", "xmlns", sitemapNames, "xmlns:xhtml", "http://www.w3.org/1999/xhtml")
	for _, e := range s.Entries {
		w.open("url")
		writeEntry(w, e)
		for _, a := range e.Alternates {
			if a.Permalink != "" {
				w.empty("xhtml:link", "rel", "alternate", "hreflang", a.Lang, "href", escapeURL(a.Permalink))
			}
			if a.Default {
				w.empty("xhtml:link", "rel", "alternate", "hreflang", "x-default", "href", escapeURL(a.Permalink))
			}
		}
		w.close("url")
	}
	w.close("urlset")
	return nil
}

func writeEntry(w *writer, e site.SitemapEntry) {
	w.text("loc", escapeURL(e.URL))
	if !e.Lastmod.IsZero() {
		w.text("lastmod", rfc3339(e.Lastmod))
	}
}
