package service

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"time"

	"stet/internal/comments"
)

// feedLength is how many comments the feed has.
const feedLength = 50

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Link    atomLink    `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Link    atomLink `xml:"link"`
	Content struct {
		Lang string `xml:"xml:lang,attr,omitempty"`
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	} `xml:"content"`
}

// feed is the queue for a feed reader, which signs in by the key in its address. It
// says what everybody would read if it were approved, and no more: no e-mail address.
func (d *desk) feed(w http.ResponseWriter, r *http.Request) {
	ctx, tag := r.Context(), d.tag(r)
	_, err := d.s.store.FeedAccount(ctx, r.URL.Query().Get("key"))
	if none(err) {
		http.Error(w, "this feed has another address now", http.StatusNotFound)
		return
	}
	var waiting []comments.Comment
	var stories map[string]comments.Story
	if err == nil {
		waiting, err = d.s.store.Find(ctx, comments.Query{State: comments.Waiting, Limit: feedLength})
	}
	if err == nil {
		var ids []string
		for _, c := range waiting {
			ids = append(ids, c.Story)
		}
		stories, err = d.s.store.Stories(ctx, ids...)
	}
	if err != nil {
		trouble(w, err)
		http.Error(w, "the queue cannot be read just now", http.StatusInternalServerError)
		return
	}
	v, home := d.voices[tag], d.home(r)
	paper, _ := d.s.masthead(tag)
	f := atomFeed{Lang: tag, ID: home, Title: v.say("feed_title", "paper", paper), Updated: time.Unix(0, 0).UTC().Format(time.RFC3339), Link: atomLink{"alternate", "text/html", home}}
	for i, c := range waiting {
		to := home + "comment?id=" + c.ID
		e := atomEntry{ID: to, Title: v.say("feed_entry", "name", isolated(c.Name), "story", isolated(d.named(c.Story, stories).Title)), Updated: c.Sent.UTC().Format(time.RFC3339),
			Author: c.Name, Link: atomLink{"alternate", "text/html", to}}
		e.Content.Lang, e.Content.Type, e.Content.Text = c.Lang, "text", c.Text
		if i == 0 {
			f.Updated = e.Updated
		}
		f.Entries = append(f.Entries, e)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(f); err != nil {
		trouble(w, err)
		http.Error(w, "the queue cannot be read just now", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Write(b.Bytes())
}
