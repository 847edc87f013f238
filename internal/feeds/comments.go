package feeds

import (
	"cmp"
	"time"

	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/threads"
)

// newestComments is how many comments their feed has.
const newestComments = "20"

// commentsFeed makes an RSS 2.0 feed of the newest comments of an edition.
func commentsFeed(ask *page.Ask, p page.Page, to *page.Content) error {
	f, err := must[site.CommentFeed](ask, "newestcomments", page.Args(page.Fields(p.Args, 1)[0], newestComments))
	if err != nil {
		return err
	}
	w := newWriter(&to.Body)
	w.open("rss", "version", "2.0",
		"xmlns:atom", "http://www.w3.org/2005/Atom",
		"xmlns:dc", "http://purl.org/dc/elements/1.1/")
	w.open("channel")
	title := f.Heading + " | " + f.Title
	w.text("title", title)
	w.text("link", escapeURL(cmp.Or(f.Permalink, f.URL)))
	w.text("description", escapeHTML(title))
	w.maybe("language", f.Lang)
	if !f.Updated.IsZero() {
		w.text("lastBuildDate", f.Updated.Format(time.RFC1123Z))
	}
	if f.Self != "" {
		w.empty("atom:link", "href", escapeURL(f.Self+"feed.xml"), "rel", "self", "type", "application/rss+xml")
	}
	for i := range f.Items {
		comment(w, &f.Items[i], f.Dir)
	}
	w.close("channel")
	w.close("rss")
	return nil
}

// comment writes a comment, by whom and on what.
func comment(w *writer, c *site.CommentItem, dir string) {
	at := escapeURL(cmp.Or(c.Permalink, c.URL)) + "#comment-" + c.ID
	html := string(c.Text)
	if dir == "rtl" {
		html = `<div dir="rtl">` + html + "</div>"
	}
	w.open("item")
	w.text("title", c.Name+": "+c.Headline)
	w.text("link", at)
	if c.Permalink != "" {
		w.text("guid", at, "isPermaLink", "true")
	} else {
		w.text("guid", at, "isPermaLink", "false")
	}
	w.text("pubDate", c.Time.Format(time.RFC1123Z))
	w.text("dc:creator", c.Name)
	w.text("description", html)
	w.close("item")
}

// commentsFile makes comments.json, by which the service of comments knows the
// stories of the edition.
func commentsFile(ask *page.Ask, _ page.Page, to *page.Content) error {
	c, err := must[threads.Edition](ask, "commentable", "")
	if err != nil {
		return err
	}
	to.Body.Write(threads.FormatEdition(*c))
	return nil
}
