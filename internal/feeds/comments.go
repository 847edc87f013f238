package feeds

import (
	"cmp"
	"encoding/json"
	"time"

	"stet/internal/page"
	"stet/internal/site"
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

// A commentedStory is a story of which readers may say something, as comments.json
// has it.
type commentedStory struct {
	ID       string `json:"id"`
	URL      string `json:"url"`
	Title    string `json:"title"`
	Lang     string `json:"lang"`
	Comments bool   `json:"comments"`
	Rating   bool   `json:"rating"`
}

// A commentedLanguage is an edition, likewise.
type commentedLanguage struct {
	Paper  string `json:"paper"`
	Dir    string `json:"dir"`
	URL    string `json:"url"`
	Policy string `json:"policy"`
}

// commentsFile makes comments.json, by which the service of comments knows the
// stories of the edition: one a line.
func commentsFile(ask *page.Ask, _ page.Page, to *page.Content) error {
	c, err := must[site.Commentable](ask, "commentable", "")
	if err != nil {
		return err
	}
	languages := map[string]commentedLanguage{}
	for tag, l := range c.Languages {
		languages[tag] = commentedLanguage{clean(l.Paper), l.Dir, escapeURL(l.URL), escapeURL(l.Policy)}
	}
	head, err := json.Marshal(struct {
		Paper     string                       `json:"paper"`
		Languages map[string]commentedLanguage `json:"languages"`
		Length    int                          `json:"length"`
	}{clean(c.Paper), languages, c.Length})
	if err != nil {
		return err
	}
	to.Body.Write(head[:len(head)-1])
	to.Body.WriteString(", \"stories\": [")
	for i, st := range c.Stories {
		line, err := json.Marshal(commentedStory{clean(st.ID), escapeURL(st.URL), clean(st.Title), st.Lang, st.Comments, st.Rating})
		if err != nil {
			return err
		}
		if i > 0 {
			to.Body.WriteByte(',')
		}
		to.Body.WriteByte('\n')
		to.Body.Write(line)
	}
	to.Body.WriteString("\n]}\n")
	return nil
}
