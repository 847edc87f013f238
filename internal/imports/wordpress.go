package imports

import (
	"cmp"
	"encoding/xml"
	"io"
	"strings"
	"time"
)

// An export of WordPress, Tools → Export, is a feed of RSS with elements of its
// own (WXR): each item is a post, with its comments. The names of these elements
// differ between versions only in their namespace.
//
//	<rss><channel><wp:base_blog_url>https://…</wp:base_blog_url><item><title/><link/><guid/><wp:post_name/>…
//	  <wp:comment><wp:comment_id>12</wp:comment_id><wp:comment_author/><wp:comment_author_email/>
//	    <wp:comment_date_gmt>2026-11-20 10:31:07</wp:comment_date_gmt><wp:comment_content/>
//	    <wp:comment_approved>1</wp:comment_approved><wp:comment_type/><wp:comment_parent>0</wp:comment_parent></wp:comment>

// wordpressTime is how WordPress and Isso write times.
const wordpressTime = "2006-01-02 15:04:05"

func (x *taking) wordpress(r io.Reader) error {
	doc := newXML(r)
	if root, err := doc.root(); err != nil {
		return err
	} else if root != "rss" {
		return notOf("WordPress", root, "its outermost element is <rss>")
	}
	blog := ""
	return doc.each(func(channel xml.StartElement) error {
		return doc.each(func(start xml.StartElement) (err error) {
			switch start.Name.Local {
			case "base_blog_url":
				blog, err = doc.text()
			case "item":
				err = x.item(doc, blog)
			}
			return err
		})
	})
}

// item takes the comments of a post.
func (x *taking) item(doc *xmlReader, blog string) error {
	var p Page
	set := map[string]func(text string){
		"title":             func(text string) { p.Title = cmp.Or(p.Title, text) },
		"link":              func(text string) { p.Address = cmp.Or(p.Address, text) },
		"guid":              func(text string) { p.Names = names(append(p.Names, text)...) },
		"thread_identifier": func(text string) { p.Names = names(append(p.Names, text)...) },
	}
	return doc.each(func(start xml.StartElement) error {
		name := start.Name.Local
		if name == "comment" {
			r, err := doc.record(start)
			if err != nil {
				return err
			}
			return x.wordpressComment(p, r, blog)
		}
		if take := set[name]; take != nil {
			text, err := doc.text()
			if err == nil {
				take(text)
			}
			return err
		}
		return nil
	})
}

func (x *taking) wordpressComment(p Page, r record, blog string) error {
	switch kind, state := r["comment_type"], r["comment_approved"]; {
	case kind == "pingback" || kind == "trackback":
		x.left[Pingback]++
		return nil
	case kind != "" && kind != "comment":
		// Such as the notes of a shop, which were never public.
		if kind = "of the type " + kind; len(x.left) > 20 || len(kind) > 40 {
			kind = "of other types"
		}
		x.left[kind]++
		return nil
	case state == "spam":
		x.left[Spam]++
		return nil
	case state == "trash" || state == "post-trashed":
		x.left[Deleted]++
		return nil
	case state != "1":
		x.left[Waiting]++
		return nil
	}
	system := "wp"
	if _, host, ok := strings.Cut(strings.TrimSuffix(blog, "/"), "://"); ok {
		system = "wp-" + brief(strings.TrimPrefix(host, "www.")) // numbers are those of one blog
	}
	c := Comment{Email: r["comment_author_email"]}
	c.ID, c.Parent = id(system, r["comment_id"]), id(system, r["comment_parent"])
	c.Name, c.Text = Plain(r["comment_author"], false), Plain(r["comment_content"], true)
	if t, err := time.Parse(wordpressTime, r["comment_date_gmt"]); err == nil {
		c.Time = t
	} else if t, err := time.ParseInLocation(wordpressTime, r["comment_date"], x.zone()); err == nil {
		c.Time = t
	}
	if c.ID == "" {
		c.ID = system + "-" + brief(p.Address+r["comment_date_gmt"]+r["comment_content"])
	}
	return x.give(p, c)
}

func (x *taking) zone() *time.Location {
	if x.o.Zone == nil {
		return time.UTC
	}
	return x.o.Zone
}
