package build_test

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"stet/internal/config"
)

// The rules of JSON-LD and of pictures; those of shared links and of versions in
// other languages are in norms_links_test.go.

// bylines are the links to people and agencies in the byline, and all of its text.
func bylines(p *finishedPage) (links []*html.Node, said string) {
	for _, n := range p.all("p", "byline") {
		links = append(links, elements(n, "a", "")...)
		said += textOf(n)
	}
	return links, said
}

// credits are the people of a story's JSON-LD.
func credits(story object) (all []object) {
	for _, as := range []string{"author", "translator", "editor", "contributor"} {
		for _, v := range listOf(story[as]) {
			o, _ := v.(object)
			all = append(all, o)
		}
	}
	return all
}

// checkLD1: every visible author is a separate object.
func checkLD1(c *checking) {
	c.stories(func(p *finishedPage, story object) {
		links, _ := bylines(p)
		var names []string
		for _, o := range credits(story) {
			names = append(names, text(o, "name"))
			c.must(strings.HasPrefix(text(o, "url"), c.ed.base), p, "%q has no address", o["name"])
		}
		for _, a := range links {
			c.must(slices.Contains(names, textOf(a)), p, "%q is visible, and there are %q", textOf(a), names)
		}
		c.must(len(names) == len(links), p, "there are %d names for the %d that are visible", len(names), len(links))
		c.must(len(links) == 0 || len(listOf(story["author"])) > 0, p, "nobody wrote it")
	})
}

// checkLD2: a name is only that, of a person or an organisation.
func checkLD2(c *checking) {
	c.stories(func(p *finishedPage, story object) {
		links, _ := bylines(p)
		for _, o := range credits(story) {
			name, kind := text(o, "name"), text(o, "@type")
			c.must(kind == "Person" || kind == "Organization", p, "%q is a %q", name, kind)
			c.must(slices.ContainsFunc(links, func(a *html.Node) bool { return textOf(a) == name }), p, "%q is no name in the byline", name)
		}
	})
}

// times are the visible moments of a story: when it was published, and when it was
// last changed.
func times(p *finishedPage) (published, changed string) {
	for _, n := range p.all("p", "times") {
		for i, at := range elements(n, "time", "") {
			stamp := attr(at, "datetime")
			if i == 0 {
				published, changed = stamp, stamp
			} else if stamp > changed {
				changed = stamp
			}
		}
	}
	return published, changed
}

// checkLD3: the dates are those that are visible, with their zone.
func checkLD3(c *checking) {
	c.stories(func(p *finishedPage, story object) {
		published, changed := times(p)
		c.must(text(story, "datePublished") == published, p, "datePublished is %q, visible is %q", story["datePublished"], published)
		c.must(text(story, "dateModified") == changed, p, "dateModified is %q, visible is %q", story["dateModified"], changed)
		for _, key := range []string{"datePublished", "dateModified"} {
			_, err := time.Parse(time.RFC3339, text(story, key))
			c.must(err == nil, p, "%s has no zone: %v", key, err)
		}
	})
}

// there tells whether an address is that of a file of the edition.
func (ed *edition) there(address string) bool {
	rest, ok := strings.CutPrefix(address, ed.base)
	if rest, err := url.PathUnescape(rest); ok && err == nil {
		_, file := ed.files[rest]
		return file || ed.bare && strings.HasPrefix(rest, "img/")
	}
	return false
}

// checkLD4: the pictures of a story have whole addresses at which they are, in
// the shapes that are shown.
func checkLD4(c *checking) {
	c.stories(func(p *finishedPage, story object) {
		images := listOf(story["image"])
		lead := p.all("figure", "photo-lead")
		c.must(len(lead) == 0 || len(images) > 0, p, "the picture is not told of")
		shapes := map[string]bool{}
		raster := false
		for _, v := range images {
			o, _ := v.(object)
			address, plain := v.(string)
			if !plain {
				address = text(o, "url")
			}
			c.must(c.ed.there(address), p, "there is no picture %q", address)
			raster = raster || !plain && path.Ext(address) != ".svg"
			w, _ := o["width"].(float64)
			h, _ := o["height"].(float64)
			for name, ratio := range map[string]float64{"16:9": 16.0 / 9, "4:3": 4.0 / 3, "1:1": 1} {
				if h > 0 && w/h > ratio*0.99 && w/h < ratio*1.01 {
					shapes[name] = true
				}
			}
		}
		gallery := len(p.all("ol", "pictures")) > 0
		c.must(!raster || gallery || len(shapes) == 3, p, "of 16:9, 4:3 and 1:1 there are %v", shapes)
		for address := range strings.Lines(c.ed.files["robots.txt"]) {
			c.must(!strings.HasPrefix(address, "Disallow: /img"), p, "robots may not fetch pictures")
		}
	})
}

// checkImage: a story has a picture: its own, or the one that is drawn for whoever
// shares it.
func checkImage(c *checking) {
	c.stories(func(p *finishedPage, story object) {
		images := listOf(story["image"])
		c.must(len(images) > 0 || undrawn(p), p, "it has no image")
		photos := len(p.all("figure", "")) + len(p.all("ol", "pictures"))
		if drawn, plain := story["image"].(string); plain {
			c.must(drawn == p.meta("og:image") && c.ed.there(drawn), p, "its image is %q, that of a shared link %q", drawn, p.meta("og:image"))
		} else {
			c.must(photos > 0 || undrawn(p), p, "it shows no picture, and its image is %v", story["image"])
		}
	})
}

// checkLive: live coverage is told of as such, with the times in which it was.
func checkLive(c *checking) {
	c.stories(func(p *finishedPage, story object) {
		above := p.all("p", "labels") // the first are its own, the others of cards
		live := len(above) > 0 && slices.ContainsFunc(elements(above[0], "span", "label-type"), func(n *html.Node) bool { return textOf(n) == "Live" })
		is := text(story, "@type") == "LiveBlogPosting"
		c.must(live == is, p, "it is a %q", story["@type"])
		from, until := text(story, "coverageStartTime"), text(story, "coverageEndTime")
		if !is {
			c.must(from+until == "", p, "it is not live, and has a time")
			return
		}
		begins, err := time.Parse(time.RFC3339, from)
		ends, other := time.Parse(time.RFC3339, until)
		c.must(err == nil && other == nil && !ends.Before(begins), p, "coverage is from %q until %q", from, until)
		c.must(story["dateline"] == nil, p, "dateline is of NewsArticle alone")
	})
}

// empty tells whether a value of JSON says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0 || slices.ContainsFunc(v, empty)
	case object:
		for _, e := range v {
			if empty(e) {
				return true
			}
		}
		return len(v) == 0
	}
	return false
}

// checkLD5: it is JSON, nothing in it is empty, and it cannot end its script.
func checkLD5(c *checking) {
	for _, p := range c.all() {
		for i, script := range p.scripts {
			c.must(p.data[i] != nil, p, "this is not JSON: %s", script)
			c.must(!empty(p.data[i]), p, "something is empty in %s", script)
			c.must(!strings.Contains(script, "<"), p, "< is not escaped in %s", script)
			o, _ := p.data[i].(object)
			c.must(text(o, "@context") == "https://schema.org", p, "it has no context")
		}
		_, is := p.story()
		c.must(!is || len(p.objects(articles...)) == 1, p, "a story is not told of")
	}
}

// checkStory: what is recommended of a story is told where it is known.
func checkStory(c *checking) {
	c.stories(func(p *finishedPage, story object) {
		for _, key := range []string{"headline", "datePublished", "dateModified", "inLanguage", "publisher", "mainEntityOfPage", "isPartOf", "description"} {
			c.must(story[key] != nil || key == "description" && len(p.metas[key]) == 0, p, "there is no %s", key)
		}
		c.must(text(story, "mainEntityOfPage") == p.meta("og:url"), p, "mainEntityOfPage is %q", story["mainEntityOfPage"])
		c.must(text(story, "headline") == textOf(p.all("h1", "")[0]), p, "headline is %q", story["headline"])
		var tags []string
		for _, n := range p.all("a", "") {
			if attr(n, "rel") == "tag" {
				tags = append(tags, textOf(n))
			}
		}
		c.must(len(listOf(story["keywords"])) == len(tags), p, "of %q keywords are %v", tags, story["keywords"])
		corrections := 0
		for _, n := range p.all("div", "correction") {
			note := textOf(elements(n, "p", "")[1])
			for _, v := range listOf(story["correction"]) {
				if o, _ := v.(object); text(o, "text") == note && text(o, "datePublished") == attr(elements(n, "time", "")[0], "datetime") {
					corrections++
				}
			}
		}
		c.must(corrections == len(listOf(story["correction"])), p, "of %v %d are visible", story["correction"], corrections)
		c.must(p.meta("article:section") == text(story, "articleSection"), p, "articleSection is %q", story["articleSection"])
		_, said := bylines(p)
		c.must(story["dateline"] == nil || strings.Contains(said+textOf(p.all("div", "body")[0]), text(story, "dateline")), p, "the dateline %q is not visible", story["dateline"])
	})
}

// checkPublisher: the paper says who it is on its front pages and on all stories,
// with all policies.
func checkPublisher(c *checking) {
	for _, p := range c.all() {
		_, is := p.story()
		front := len(p.all("body", "kind-front")) > 0
		if !is && !front {
			continue
		}
		var whole object
		for _, o := range p.objects("NewsMediaOrganization") {
			c.must(text(o, "@id") == c.ed.base+"#publisher", p, "the publisher is %q", o["@id"])
			if text(o, "@context") != "" {
				whole = o
			}
		}
		want := []string{"name", "url", "logo", "legalName", "correctionsPolicy", "ethicsPolicy"}
		if strings.Contains(p.text, "Ferry") || strings.Contains(c.ed.base, "pellmouth") { // the sample has few policies
			want = append(want, "masthead", "missionCoveragePrioritiesPolicy")
		}
		if strings.Contains(c.ed.files["index.html"], "diversityStaffingReport") {
			for _, as := range config.Policies {
				want = append(want, as)
			}
			want = append(want, "sameAs", "email", "telephone", "address", "foundingDate")
		}
		for _, key := range want {
			c.must(whole[key] != nil, p, "the publisher has no %s", key)
		}
		for _, as := range config.Policies {
			c.must(whole[as] == nil || strings.HasPrefix(text(whole, as), "https://"), p, "%s is %v", as, whole[as])
		}
		logo, _ := whole["logo"].(object)
		c.must(c.ed.there(text(logo, "url")) && logo["width"] != nil, p, "the logo is %v", logo)
		c.must(!front || len(p.objects("WebSite")) == 1, p, "the front page is no WebSite")
	}
}

// kinds of pages that have a way to them.
var below = regexp.MustCompile(`class="kind-(article|section|tag|author|series|archive|corrections|index)"`)

// checkCrumbs: the way to a page is told as it is visible: each step is a link of
// the page, and the last is its headline.
func checkCrumbs(c *checking) {
	for _, p := range c.all() {
		lists := p.objects("BreadcrumbList")
		indexed := p.meta("robots") != "noindex"
		c.must((len(lists) == 1) == (indexed && (below.MatchString(p.text) || strings.Contains(p.text, "kind-page") || strings.Contains(p.text, "kind-all"))), p, "there are %d lists of crumbs", len(lists))
		for _, l := range lists {
			steps := listOf(l["itemListElement"])
			for i, v := range steps {
				o, _ := v.(object)
				name, to := text(o, "name"), text(o, "item")
				position, _ := o["position"].(float64)
				c.must(position == float64(i+1), p, "step %d has position %v", i+1, o["position"])
				if i == len(steps)-1 {
					c.must(name == textOf(p.all("h1", "")[0]), p, "the last step is %q", name)
					break
				}
				seen := slices.ContainsFunc(p.all("a", ""), func(a *html.Node) bool {
					return textOf(a) == name && c.ed.absolute(attr(a, "href")) == to
				})
				c.must(seen, p, "no link leads to %q at %q", name, to)
			}
			c.must(len(steps) > 1, p, "there are %d steps", len(steps))
		}
	}
}

// absolute is the whole address of a link.
func (ed *edition) absolute(href string) string {
	base, _ := url.Parse(ed.base)
	to, err := base.Parse(href)
	if err != nil {
		return ""
	}
	return to.String()
}

// checkProfile: an author's page is about that author.
func checkProfile(c *checking) {
	for _, p := range c.all() {
		if !strings.Contains(p.text, `class="kind-author"`) || strings.Contains(p.path, "/page/") {
			continue
		}
		profiles := p.objects("ProfilePage")
		c.must(len(profiles) == 1, p, "there are %d profiles", len(profiles))
		for _, o := range profiles {
			who, _ := o["mainEntity"].(object)
			c.must(text(who, "name") == textOf(p.all("h1", "")[0]), p, "it is about %q", who["name"])
			c.must(text(who, "url") == p.canonical, p, "of %q", who["url"])
			c.must(text(who, "@type") == "Person" || text(who, "@type") == "Organization", p, "who is a %q", who["@type"])
			for _, n := range p.all("p", "author-role") {
				c.must(text(who, "@type") != "Person" || text(who, "jobTitle") == textOf(n), p, "the role is %q", who["jobTitle"])
			}
		}
	}
}

// checkIM1: each picture with a credit is told of on the page that shows it, with
// whose it is.
func checkIM1(c *checking) {
	for _, p := range c.all() {
		objects := p.objects("ImageObject")
		var credited []string
		for _, o := range objects {
			c.must(c.ed.there(text(o, "contentUrl")), p, "there is no picture %q", o["contentUrl"])
			credited = append(credited, text(o, "creditText"))
			known := o["creditText"] != nil || o["creator"] != nil || o["copyrightNotice"] != nil || o["license"] != nil
			c.must(known || strings.Contains(text(o, "url"), "favicon.svg"), p, "whose is %q?", o["contentUrl"])
		}
		for _, n := range p.all("figure", "") {
			for _, credit := range elements(n, "span", "credit") {
				shown := textOf(credit)
				told := slices.ContainsFunc(credited, func(name string) bool { return name != "" && strings.Contains(shown, name) })
				c.must(told, p, "%q is shown, and there are %q", shown, credited)
			}
		}
	}
}
