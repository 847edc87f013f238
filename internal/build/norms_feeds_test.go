package build_test

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// A told is a story as a feed of any format tells it.
type told struct {
	feed, id, url, title string
	isLink               bool
	html                 []string // of content and captions
	addresses            []string // all that are no link of a text
	credits              int
}

// stories are those of all feeds, in the three formats.
func (f *edition) stories() (all []told, wrong []string) {
	wrong = append(f.each("feed.xml", func(name string, doc node) []string {
		for _, it := range doc.one("channel").all("item") {
			if strings.HasSuffix(name, "comments/feed.xml") { // of which norms_readers_test.go speaks
				continue
			}
			t := told{feed: name, id: it.text("guid"), url: it.text("link"), title: it.text("title"), isLink: it.one("guid").attr("isPermaLink") != "false",
				html: []string{it.text("content:encoded")}, addresses: []string{it.text("link")}}
			for _, m := range it.all("media:content") {
				t.addresses = append(t.addresses, m.attr("url"))
				t.credits += len(m.all("media:credit"))
			}
			all = append(all, t)
		}
		return nil
	}), f.each("atom.xml", func(name string, doc node) []string {
		for _, e := range doc.all("entry") {
			t := told{feed: name, id: e.text("id"), title: e.text("title"), html: []string{e.text("content")}}
			for _, l := range e.all("link") {
				t.addresses = append(t.addresses, l.attr("href"))
				t.url = l.attr("href")
			}
			for _, a := range e.all("author") {
				t.addresses = append(t.addresses, a.text("uri"))
			}
			all = append(all, t)
		}
		return nil
	})...)
	for _, name := range f.at("feed.json") {
		var d struct {
			Items []struct {
				ID, URL, Title, Image string
				HTML                  string `json:"content_html"`
			}
		}
		if err := json.Unmarshal([]byte(f.files[name]), &d); err != nil {
			wrong = append(wrong, name+": "+err.Error())
		}
		for _, it := range d.Items {
			t := told{feed: name, id: it.ID, url: it.URL, title: it.Title, html: []string{it.HTML}, addresses: []string{it.URL}}
			if it.Image != "" {
				t.addresses = append(t.addresses, it.Image)
			}
			all = append(all, t)
		}
	}
	return all, wrong
}

// everyStory runs a check on each story of each feed.
func everyStory(check func(f *edition, t told) string) func(f *edition) []string {
	return func(f *edition) []string {
		all, wrong := f.stories()
		if len(all) < 10 {
			wrong = append(wrong, "there are hardly any stories in feeds")
		}
		for _, t := range all {
			if w := check(f, t); w != "" {
				wrong = append(wrong, t.feed+", "+t.title+": "+w)
			}
		}
		return wrong
	}
}

// widgets are the elements that feeds do not have.
var widgets = []string{"script", "style", "nav", "form", "button", "input", "select", "textarea", "iframe", "object", "embed", "noscript", "template", "dialog"}

// siteOnly says what in a text works on the story's own page alone.
func siteOnly(_ *edition, t told) string {
	for _, text := range t.html {
		z := html.NewTokenizer(strings.NewReader(text))
		for z.Next() != html.ErrorToken {
			tag := z.Token()
			if tag.Type != html.StartTagToken && tag.Type != html.SelfClosingTagToken {
				continue
			}
			if slices.Contains(widgets, tag.Data) {
				return "it has a " + tag.Data
			}
			for _, a := range tag.Attr {
				if a.Key == "id" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "data-") {
					return "it has the attribute " + a.Key
				}
			}
		}
	}
	return ""
}

// whole says which address is not absolute.
func whole(_ *edition, t told) string {
	for _, address := range t.addresses {
		if w := addressed(address); w != "" && address != "" {
			return w
		}
	}
	for _, text := range t.html {
		z := html.NewTokenizer(strings.NewReader(text))
		for z.Next() != html.ErrorToken {
			for _, a := range z.Token().Attr {
				if w := addressed(a.Val); w != "" && slices.Contains([]string{"href", "src", "poster"}, a.Key) && !strings.HasPrefix(a.Val, "mailto:") {
					return w
				}
				if a.Key == "srcset" && strings.Contains(a.Val, ", /") || strings.HasPrefix(a.Val, "/") {
					return a.Val
				}
			}
		}
	}
	return ""
}

// Section 3.4, what holds for feeds of every format.
var feedNorms = []norm{
	{"FD1 an id, of one story alone", func(f *edition) []string {
		all, wrong := f.stories()
		ids := map[string]string{}
		for _, t := range all {
			key := t.feed + " " + t.id
			if t.id == "" || ids[key] != "" {
				wrong = append(wrong, key+" is twice there, or is none")
			}
			ids[key] = t.url
		}
		return wrong
	}, []spoiler{edit("feed.json", `"id": "https://post.example/news/town/2026/11/council/"`, `"id": "https://post.example/news/opinion/2026/11/view/"`)}},
	{"FD2 addresses are whole", everyStory(whole), []spoiler{swap("atom.xml", `&lt;a href="https://post.example/news/`, `&lt;a href="/news/`)}},
	{"FD3 nothing that works on the site alone", everyStory(siteOnly), []spoiler{swap("feed.xml", `&lt;p&gt;`, `&lt;p id="p"&gt;`)}},
	{"FD4 the page is there", everyStory(func(f *edition, t told) string {
		if at, _, _ := strings.Cut(t.url, "#"); f.files[f.page(at)] == "" {
			return t.url + " is not"
		}
		return ""
	}), []spoiler{edit("feed.xml", "<link>https://post.example/news/town/", "<link>https://post.example/news/down/")}},
	{"FD5 nothing paid for", everyStory(func(f *edition, t told) string {
		if strings.Contains(f.files[f.page(t.url)], `rel="sponsored`) {
			return "somebody paid for it"
		}
		return ""
	}), []spoiler{edit("feed.xml", "<link>https://post.example/news/town/2026/11/council/", "<link>https://post.example/news/town/2026/11/paid/")}},
}

func rssItems(check func(f *edition, it node) string) func(f *edition) []string {
	return func(f *edition) []string {
		return f.each("feed.xml", func(_ string, doc node) (wrong []string) {
			for _, it := range doc.one("channel").all("item") {
				if w := check(f, it); w != "" {
					wrong = append(wrong, it.text("title")+": "+w)
				}
			}
			return wrong
		})
	}
}

// rfc822 tells whether a date is one as RSS has it.
func rfc822(text string) bool {
	at, err := mail.ParseDate(text)
	return err == nil && at.Format(time.RFC1123Z) == text
}

func atoms(check func(f *edition, name string, doc node) []string) func(f *edition) []string {
	return func(f *edition) []string {
		return f.each("atom.xml", func(name string, doc node) []string { return check(f, name, doc) })
	}
}

// once says which of these an element does not have exactly once.
func once(n node, names ...string) (wrong []string) {
	for _, name := range names {
		if all := n.all(name); len(all) != 1 || strings.TrimSpace(all[0].Text) == "" {
			wrong = append(wrong, fmt.Sprintf("%d times %s", len(all), name))
		}
	}
	return wrong
}

// ownAddress says whether a feed knows where it lies.
func (f *edition) ownAddress(name, self string) []string {
	if f.page(self) != name {
		return []string{"it says that it lies at " + self}
	}
	return nil
}

// Section 3.4, format by format.
var formatNorms = []norm{
	{"RSS1 version and channel", func(f *edition) []string {
		return f.each("feed.xml", func(_ string, doc node) []string {
			wrong := once(doc.one("channel"), "title", "link", "description")
			if doc.XMLName.Local != "rss" || doc.attr("version") != "2.0" {
				wrong = append(wrong, "it is no RSS 2.0")
			}
			return wrong
		})
	}, []spoiler{edit("feed.xml", `version="2.0"`, `version="0.9"`)}},
	{"RSS2 title or description", rssItems(func(_ *edition, it node) string {
		if it.text("title")+it.text("description") == "" {
			return "neither"
		}
		return ""
	}), []spoiler{swap("feed.xml", `(?s)<item>\s*<title>.*?</title>(.*?)<description>.*?</description>`, "<item>")}},
	{"RSS3 guid", rssItems(func(f *edition, it node) string {
		if g := it.one("guid"); g.attr("isPermaLink") != "false" && (addressed(g.Text) != "" || g.Text != it.text("link")) {
			return g.Text + " is no address of it"
		}
		return ""
	}), []spoiler{swap("feeds/short/feed.xml", `<guid isPermaLink="true">[^<]*`, `<guid isPermaLink="true">story`)}},
	{"RSS4 dates", func(f *edition) []string {
		wrong := rssItems(func(_ *edition, it node) string {
			if !rfc822(it.text("pubDate")) {
				return it.text("pubDate")
			}
			return ""
		})(f)
		return append(wrong, f.each("feed.xml", func(_ string, doc node) []string {
			if at := doc.one("channel").text("lastBuildDate"); at != "" && !rfc822(at) {
				return []string{at}
			}
			return nil
		})...)
	}, []spoiler{edit("feed.xml", "<pubDate>Sun, 22 Nov 2026", "<pubDate>Sun, 22 November 2026")}},
	{"RSS5 names in dc:creator", rssItems(func(f *edition, it node) string {
		if len(it.all("author")) > 0 {
			return "an author, which is an address"
		}
		if strings.Contains(f.files[f.page(it.text("link"))], `rel="author"`) && len(it.all("dc:creator")) == 0 {
			return "nobody"
		}
		return ""
	}), []spoiler{swap("feed.xml", `<dc:creator>Ada Lovelace</dc:creator>`, "<author>Ada Lovelace</author>")}},
	{"RSS6 the text in content:encoded", func(f *edition) []string {
		return f.each("feed.xml", func(name string, doc node) (wrong []string) {
			for _, it := range doc.one("channel").all("item") {
				full := name == "feed.xml" || path.Dir(name) == "town"
				if n := len(it.all("content:encoded")); full && n != 1 {
					wrong = append(wrong, it.text("title")+" has none")
				}
			}
			return wrong
		})
	}, []spoiler{swap("feed.xml", `(?s)<content:encoded>.*?</content:encoded>`, "")}},
	{"RSS7 credits of pictures", rssItems(func(_ *edition, it node) string {
		for _, m := range it.all("media:content") {
			for _, c := range m.all("media:credit") {
				if c.attr("role") != "" && (c.attr("role") != "photographer" || c.attr("scheme") != "urn:ebu") || strings.TrimSpace(c.Text) == "" {
					return "the credit " + c.Text
				}
			}
			if len(m.all("media:credit")) != 1 {
				return "no credit"
			}
		}
		return ""
	}), []spoiler{swap("feed.xml", `(?s)<media:credit.*?</media:credit>`, "")}},
	{"RSS8 its own address", func(f *edition) []string {
		return f.each("feed.xml", func(name string, doc node) []string {
			self := doc.one("channel").one("atom:link")
			if self.attr("rel") != "self" || self.attr("type") != "application/rss+xml" {
				return []string{"it does not say where it lies"}
			}
			return f.ownAddress(name, self.attr("href"))
		})
	}, []spoiler{edit("feed.xml", `rel="self"`, `rel="alternate"`)}},
	{"AT1 one id, title and updated, and an author", atoms(func(_ *edition, _ string, doc node) []string {
		wrong := once(doc, "id", "title", "updated")
		if len(doc.all("author")) == 0 || doc.one("author").text("name") == "" {
			wrong = append(wrong, "no author")
		}
		return wrong
	}), []spoiler{edit("atom.xml", "</id>", "</id><id>urn:x:y</id>")}},
	{"AT2 entries", atoms(func(_ *edition, _ string, doc node) (wrong []string) {
		for _, e := range doc.all("entry") {
			wrong = append(wrong, once(e, "id", "title", "updated")...)
			if l := e.one("link"); l.attr("rel") != "alternate" {
				wrong = append(wrong, "no link of "+e.text("title"))
			}
		}
		return wrong
	}), []spoiler{swap("atom.xml", `<entry>\s*<id>[^<]*</id>`, "<entry>")}},
	{"AT3 times", atoms(func(f *edition, _ string, doc node) (wrong []string) {
		newest := time.Time{}
		for _, e := range append(doc.all("entry"), doc) {
			for _, name := range []string{"published", "updated"} {
				text := e.text(name)
				at, err := time.Parse(time.RFC3339, text)
				if text == "" && name == "published" {
					continue
				}
				if err != nil || at.After(f.now) {
					wrong = append(wrong, name+" "+text)
				}
				if e.XMLName.Local == "entry" && at.After(newest) {
					newest = at
				}
			}
		}
		if at, _ := time.Parse(time.RFC3339, doc.text("updated")); at.Before(newest) {
			wrong = append(wrong, "the feed is older than its newest entry")
		}
		return wrong
	}), []spoiler{swap("atom.xml", `</subtitle>\s*<updated>[^<]*`, "</subtitle><updated>2026-11-01T00:00:00Z")}},
	{"AT4 ids are IRIs", atoms(func(_ *edition, _ string, doc node) (wrong []string) {
		for _, e := range append(doc.all("entry"), doc) {
			if id := e.text("id"); !iri.MatchString(id) {
				wrong = append(wrong, id)
			}
		}
		return wrong
	}), []spoiler{swap("atom.xml", `(?s)(<entry.*?<id>)https:`, "<entry><id>")}},
	{"AT5 its own address", atoms(func(f *edition, name string, doc node) []string {
		for _, l := range doc.all("link") {
			if l.attr("rel") == "self" && l.attr("type") == "application/atom+xml" {
				return f.ownAddress(name, l.attr("href"))
			}
		}
		return []string{"it does not say where it lies"}
	}), []spoiler{edit("atom.xml", `news/atom.xml"/>`, `news/feed.xml"/>`)}},
	{"JF1 by its schema", func(f *edition) (wrong []string) {
		for _, name := range f.at("feed.json") {
			if err := wrongBy("jsonfeed", f.files[name]); err != nil {
				wrong = append(wrong, name+": "+err.Error())
			}
		}
		return wrong
	}, []spoiler{
		edit("feed.json", `"authors": [`, `"author": [`), edit("feed.json", `"title": `, `"headline": `), swap("feed.json", `(?s)"items": \[.*\]`, `"items": {}`),
		swap("feed.json", `"id": "[^"]*"`, `"id": 1`), edit("feed.json", `"content_html": `, `"content": `), swap("feed.json", `(?s)"authors": \[\s*\{.*?\}\s*\]`, `"authors": ["Ada Lovelace"]`),
	}},
	{"JF2 its own address", func(f *edition) (wrong []string) {
		for _, name := range f.at("feed.json") {
			var d struct{ Version, Feed_URL string }
			if err := json.Unmarshal([]byte(f.files[name]), &d); err != nil || d.Version != "https://jsonfeed.org/version/1.1" {
				wrong = append(wrong, name+" is no JSON Feed 1.1")
			}
			wrong = append(wrong, f.ownAddress(name, d.Feed_URL)...)
		}
		return wrong
	}, []spoiler{edit("feed.json", "version/1.1", "version/1")}},
}

var iri = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:[^\s<>"]+$`)
