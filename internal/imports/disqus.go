package imports

import (
	"encoding/xml"
	"io"
	"time"
)

// An export of Disqus, Moderation → Export, mails a file of XML: first the pages,
// called threads, then all comments, called posts, which name their thread and the
// post that they answer by numbers.
//
//	<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
//	  <thread dsq:id="1"><id>their name</id><link>URL</link><title/><isDeleted>false</isDeleted>…</thread>
//	  <post dsq:id="2"><message>HTML</message><createdAt>2026-11-20T10:31:07Z</createdAt><isDeleted/><isSpam/>
//	    <author><name/><email/></author><thread dsq:id="1"/><parent dsq:id="…"/></post>

// A disqusThread is a page of Disqus.
type disqusThread struct {
	page    Page
	deleted bool
}

func (x *taking) disqus(r io.Reader) error {
	doc := newXML(r)
	if root, err := doc.root(); err != nil {
		return err
	} else if root != "disqus" {
		return notOf("Disqus", root, "its outermost element is <disqus>")
	}
	threads := map[string]disqusThread{}
	return doc.each(func(start xml.StartElement) error {
		switch start.Name.Local {
		case "thread":
			r, err := doc.record(start)
			if err == nil {
				threads[r["@id"]] = disqusThread{Page{Address: r["link"], Names: names(r["id"]), Title: r["title"]}, r["isDeleted"] == "true"}
			}
			return err
		case "post":
			r, err := doc.record(start)
			if err != nil {
				return err
			}
			return x.post(r, threads[r["thread@id"]])
		}
		return nil
	})
}

// post takes a comment of Disqus.
func (x *taking) post(r record, on disqusThread) error {
	switch {
	case r["isSpam"] == "true":
		x.left[Spam]++
		return nil
	case r["isDeleted"] == "true" || on.deleted:
		x.left[Deleted]++
		return nil
	case r["isApproved"] == "false":
		x.left[Waiting]++
		return nil
	}
	c := Comment{Email: r["author/email"]}
	c.ID, c.Parent = id("disqus", r["@id"]), id("disqus", r["parent@id"])
	c.Name, c.Text = r["author/name"], Plain(r["message"], false)
	if c.Name == "" {
		c.Name = r["author/username"]
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, r["createdAt"]); err == nil {
			c.Time = t
			break
		}
	}
	if c.ID == "" {
		c.ID = "disqus-" + brief(r["thread@id"]+r["createdAt"]+r["message"])
	}
	return x.give(on.page, c)
}

// notOf says that a file is no export of a system.
func notOf(system, root, hint string) error {
	switch root {
	case "":
		return broken(1, hint, "this is no export of %s: no element of XML is in it", system)
	case "rss":
		hint = "it looks like one of WordPress: stet comments import wordpress FILE"
	case "disqus":
		hint = "it looks like one of Disqus: stet comments import disqus FILE"
	}
	return broken(1, hint, "this is no export of %s", system)
}
