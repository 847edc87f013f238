package build_test

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// What machines are told of what readers say: it is what everybody sees.

// saidOn are the comments of a page by the addresses of their elements.
func saidOn(p *finishedPage) map[string]*html.Node {
	all := map[string]*html.Node{}
	for _, n := range p.all("article", "comment") {
		all[p.canonical+"#"+attr(n, "id")] = n
	}
	return all
}

// oneLine is a text on one line.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// checkComments: the number of comments is that of those on the page, and each that
// is told of is one of them, with its text, name and time.
func checkComments(c *checking) {
	c.stories(func(p *finishedPage, story object) {
		there := saidOn(p)
		count, _ := story["commentCount"].(float64)
		c.must(int(count) == len(there), p, "commentCount is %v, and there are %d comments", story["commentCount"], len(there))
		told := listOf(story["comment"])
		c.must(len(told) == min(len(there), 20), p, "of %d comments %d are told of", len(there), len(told))
		before := ""
		for _, v := range told {
			o, _ := v.(object)
			who, _ := o["author"].(object)
			n := there[text(o, "url")]
			if n == nil {
				c.must(false, p, "no comment is at %q", o["url"])
				continue
			}
			words := elements(n, "div", "comment-text")
			c.must(len(words) == 1 && oneLine(textOf(words[0])) == oneLine(text(o, "text")), p, "the text of %s is %q", text(o, "url"), o["text"])
			c.must(textOf(elements(n, "bdi", "comment-name")[0]) == text(who, "name"), p, "the name of %s is %q", text(o, "url"), who["name"])
			at := text(o, "dateCreated")
			c.must(attr(elements(n, "time", "")[0], "datetime") == at, p, "the time of %s is %q", text(o, "url"), at)
			c.must(before == "" || at <= before, p, "%s is newer than the one before", text(o, "url"))
			own := slices.Contains(strings.Fields(attr(n, "class")), "comment-paper")
			c.must((text(who, "@type") == "Person") != own, p, "%s is by a %q", text(o, "url"), who["@type"])
			parent, answers := o["parentItem"].(object)
			c.must(!answers || there[text(parent, "url")] != nil, p, "%s answers nothing that is there", text(o, "url"))
			before = at
		}
		if like, ok := story["interactionStatistic"].(object); ok {
			n, _ := like["userInteractionCount"].(float64)
			seen := p.all("p", "tally")
			c.must(len(seen) == 1 && strings.Contains(strings.ReplaceAll(textOf(seen[0]), ",", ""), strconv.Itoa(int(n))), p, "%v likes are told of", n)
		} else {
			c.must(len(p.all("p", "tally")) == 0, p, "the tally is not told of")
		}
	})
}

// commentFeeds: each item of the feed of comments is a comment of a page, the newest
// first, and the pages name the feed.
func commentFeeds(ed *edition) (wrong []string) {
	for _, name := range ed.at("feed.xml") {
		if !strings.HasSuffix(name, "comments/feed.xml") {
			continue
		}
		doc, err := parseXML(ed.files[name])
		if err != nil {
			return []string{name + ": " + err.Error()}
		}
		items := doc.one("channel").all("item")
		if len(items) == 0 || len(items) > 20 {
			wrong = append(wrong, name+": there are "+strconv.Itoa(len(items)))
		}
		known, before := map[string]bool{}, time.Time{}
		for _, it := range items {
			at := it.text("guid")
			address, _, _ := strings.Cut(it.text("link"), "#")
			p := ed.byURL[address]
			if p == nil || saidOn(p)[it.text("link")] == nil || known[at] || at != it.text("link") {
				wrong = append(wrong, name+": "+at+" is no comment, or one that was there before")
				continue
			}
			known[at] = true
			sent, err := mail.ParseDate(it.text("pubDate"))
			seen, _ := time.Parse(time.RFC3339, attr(elements(saidOn(p)[at], "time", "")[0], "datetime"))
			if err != nil || !sent.Equal(seen) || !before.IsZero() && sent.After(before) {
				wrong = append(wrong, name+": "+at+" is of "+it.text("pubDate"))
			}
			if before = sent; it.text("dc:creator") == "" || siteOnly(ed, told{html: []string{it.text("description")}}) != "" {
				wrong = append(wrong, name+": "+at+" has no name, or what works on the site alone")
			}
			if !slices.ContainsFunc(p.all("link", ""), func(l *html.Node) bool { return ed.absolute(attr(l, "href")) == ed.base+name }) {
				wrong = append(wrong, p.path+" does not name "+name)
			}
		}
	}
	return wrong
}

// readerNorms are the rules for both.
var readerNorms = []norm{
	{"LD/comments", pages(checkComments), []spoiler{
		within("*", `"commentCount":  \d+`, `"commentCount": 99`),
		within("*", `("@type": "Comment", "text": ")`, `${1}x`),
		within("*", `("dateCreated": ")\d{4}`, `${1}2001`),
		within("*", `("author": \{"@type": "Person", "name": ")([^"]*"\}, "url": "[^"]*#comment)`, `${1}x$2`),
		within("*", `#comment-\w+", "parentItem"`, `#comment-none", "parentItem"`),
		within("*", `("parentItem": \{"@type": "Comment", "url": "[^"]*)"`, `${1}x"`),
		within("*", `comment comment-paper`, `comment`),
		within("*", `("userInteractionCount":  )\d+`, `${1}1000`),
		within("*", `<p class="tally">[^<]*</p>`, ``),
	}},
	{"FD/comments", commentFeeds, []spoiler{
		within("comments/feed.xml", `<guid([^<]*)</guid>`, `<guid${1}x</guid>`),
		within("comments/feed.xml", `<pubDate>([^<]*) 2026`, `<pubDate>$1 2025`),
		within("comments/feed.xml", `<dc:creator>[^<]*</dc:creator>`, ``),
		within("comments/feed.xml", `#comment-`, `#said-`),
		within("comments/feed.xml", `<description>&lt;p`, `<description>&lt;p id="a"`),
		within("*", `<link rel="alternate" type="application/rss\+xml" title="Comments" href="[^"]*">`, ``),
	}},
}
