package build_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // which posters and renditions are
	_ "image/png"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/text/language"
)

// The rules of shared links, and of versions of a page in other languages.

var locale = regexp.MustCompile(`^[a-z]{2,3}_[A-Z]{2}$`)

// checkOG: whoever shares a page gets a title, a kind, a picture with its size and
// its text, and an address; of a story also when it was published and by whom.
func checkOG(c *checking) {
	for _, p := range c.all() {
		if p.path == "404.html" || strings.HasSuffix(p.path, "/404.html") {
			continue
		}
		for _, key := range []string{"og:title", "og:type", "og:url", "og:site_name", "og:locale", "twitter:card"} {
			c.must(len(p.metas[key]) == 1 && p.meta(key) != "", p, "%s is %q", key, p.metas[key])
		}
		c.must(locale.MatchString(p.meta("og:locale")), p, "og:locale is %q", p.meta("og:locale"))
		c.must(strings.HasPrefix(p.meta("og:url"), c.ed.base), p, "og:url is %q", p.meta("og:url"))
		c.must(p.meta("og:description") == p.meta("description"), p, "og:description is %q", p.meta("og:description"))
		robots := p.meta("robots")
		c.must(robots == "noindex" || strings.Contains(robots, "max-image-preview:large"), p, "robots is %q", robots)
		if story, is := p.story(); is {
			c.must(p.meta("og:type") == "article", p, "og:type is %q", p.meta("og:type"))
			checkArticle(c, p, story)
		}
		if len(p.all("p", "notice")) == 0 {
			checkShared(c, p)
		}
	}
}

// undrawn tells whether a page is in a script that no picture is drawn in.
func undrawn(p *finishedPage) bool { return strings.HasPrefix(pageLanguage(p), "zh") }

// checkShared looks at the picture of a shared page.
func checkShared(c *checking, p *finishedPage) {
	address := p.meta("og:image")
	if address == "" && undrawn(p) {
		return
	}
	c.must(c.ed.there(address), p, "og:image is %q", address)
	if c.ed.bare {
		return
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader([]byte(c.ed.files[strings.TrimPrefix(address, c.ed.base)])))
	c.must(err == nil, p, "the picture of a shared link: %v", err)
	c.must(p.meta("og:image:width") == fmt.Sprint(size.Width) && p.meta("og:image:height") == fmt.Sprint(size.Height), p, "og:image is said to be %q by %q", p.metas["og:image:width"], p.metas["og:image:height"])
	c.must(p.meta("og:image:type") == "image/"+kind, p, "og:image:type is %q", p.meta("og:image:type"))
	c.must(p.meta("og:image:alt") != "", p, "og:image has no text")
	c.must(p.meta("twitter:card") == "summary_large_image", p, "twitter:card is %q", p.meta("twitter:card"))
}

// checkArticle looks at what is said of a shared story.
func checkArticle(c *checking, p *finishedPage, story object) {
	published, changed := times(p)
	c.must(p.meta("article:published_time") == published, p, "article:published_time is %q", p.meta("article:published_time"))
	if modified := p.metas["article:modified_time"]; changed != published || len(modified) > 0 {
		c.must(len(modified) == 1 && modified[0] == changed, p, "article:modified_time is %q", modified)
	}
	c.must(p.meta("article:expiration_time") == text(story, "expires"), p, "article:expiration_time is %q", p.meta("article:expiration_time"))
	var wrote []string
	for _, v := range listOf(story["author"]) {
		o, _ := v.(object)
		wrote = append(wrote, text(o, "url"))
	}
	c.must(slices.Equal(p.metas["article:author"], wrote), p, "article:author is %q, and %q wrote it", p.metas["article:author"], wrote)
	c.must(p.meta("article:section") == text(story, "articleSection"), p, "article:section is %q", p.meta("article:section"))
	c.must(len(p.metas["article:tag"]) == len(listOf(story["keywords"])), p, "article:tag is %q", p.metas["article:tag"])
	_, said := bylines(p)
	n := 1
	if said != "" {
		c.must(p.meta("twitter:label1") != "" && p.meta("twitter:data1") == said, p, "twitter:data1 is %q", p.meta("twitter:data1"))
		n = 2
	}
	if story["wordCount"] != nil {
		c.must(p.meta(fmt.Sprintf("twitter:label%d", n)) != "" && p.meta(fmt.Sprintf("twitter:data%d", n)) != "", p, "the time to read it is not told")
	}
}

// hreflangs are the versions that the head of a page names, by language.
func hreflangs(p *finishedPage) map[string]string {
	set := map[string]string{}
	for _, n := range p.all("link", "") {
		if attr(n, "rel") == "alternate" && attr(n, "hreflang") != "" {
			set[attr(n, "hreflang")] = attr(n, "href")
		}
	}
	return set
}

// versioned visits the pages that name versions.
func (c *checking) versioned(visit func(p *finishedPage, set map[string]string)) {
	for _, p := range c.all() {
		if set := hreflangs(p); len(set) > 0 {
			visit(p, set)
		}
	}
}

func pageLanguage(p *finishedPage) string { return attr(elements(p.doc, "html", "")[0], "lang") }

// checkHL1: each version names itself and all others that readers can choose.
func checkHL1(c *checking) {
	for _, p := range c.all() {
		set := hreflangs(p)
		if len(set) > 0 {
			c.must(slices.Contains(slices.Collect(maps.Values(set)), p.canonical), p, "it does not name itself: %v", set)
		}
		for _, nav := range p.all("nav", "languages") {
			for _, a := range elements(nav, "a", "") {
				if attr(a, "class") == "nearest" {
					continue // no version, and it says so
				}
				to := c.ed.byURL[c.ed.absolute(attr(a, "href"))]
				if to == nil || to.meta("robots") == "noindex" || p.meta("robots") == "noindex" || p.canonical != p.meta("og:url") {
					continue // search engines are not to list both
				}
				c.must(set[attr(a, "hreflang")] != "", p, "it does not name its version in %s", attr(a, "hreflang"))
			}
		}
	}
}

// checkHL2: each version names the same versions.
func checkHL2(c *checking) {
	c.versioned(func(p *finishedPage, set map[string]string) {
		for lang, address := range set {
			to := c.ed.byURL[address]
			c.must(to != nil && maps.Equal(hreflangs(to), set), p, "the version in %s at %q does not name the same", lang, address)
		}
	})
}

// checkHL3: the addresses are whole, and those that the versions call canonical.
func checkHL3(c *checking) {
	c.versioned(func(p *finishedPage, set map[string]string) {
		for lang, address := range set {
			to := c.ed.byURL[address]
			c.must(strings.HasPrefix(address, c.ed.base) && to != nil, p, "%q is the canonical address of no page", address)
			c.must(to == nil || lang == "x-default" || pageLanguage(to) == lang, p, "the page at %q is not in %s", address, lang)
		}
	})
}

var code = regexp.MustCompile(`^([a-z]{2})(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`)

// checkHL4: languages are ISO 639-1, territories ISO 3166-1.
func checkHL4(c *checking) {
	c.versioned(func(p *finishedPage, set map[string]string) {
		for lang := range set {
			m := code.FindStringSubmatch(lang)
			c.must(m != nil || lang == "x-default", p, "%q is no code of a language", lang)
			if m == nil {
				continue
			}
			_, err := language.ParseBase(m[1])
			c.must(err == nil, p, "there is no language %q", m[1])
			if m[3] != "" {
				region, err := language.ParseRegion(m[3][1:])
				c.must(err == nil && region.IsCountry() && region.Canonicalize().String() == m[3][1:], p, "there is no territory %q", m[3])
			}
		}
	})
}

var (
	mapURL  = regexp.MustCompile(`(?s)<url>(.*?)</url>`)
	mapLoc  = regexp.MustCompile(`<loc>(.*?)</loc>`)
	mapLink = regexp.MustCompile(`<xhtml:link rel="alternate" hreflang="(.*?)" href="(.*?)"/>`)
)

// checkHL5: the head and the sitemap say the same.
func checkHL5(c *checking) {
	told := map[string]bool{}
	for _, name := range c.ed.at("sitemaps/*.xml") {
		for _, m := range mapURL.FindAllStringSubmatch(c.ed.files[name], -1) {
			address := html.UnescapeString(mapLoc.FindStringSubmatch(m[1])[1])
			set := map[string]string{}
			for _, l := range mapLink.FindAllStringSubmatch(m[1], -1) {
				set[l[1]] = html.UnescapeString(l[2])
			}
			told[address] = true
			p := c.ed.byURL[address]
			c.must(p != nil, &finishedPage{path: name}, "%q is the canonical address of no page", address)
			if p != nil {
				c.must(maps.Equal(hreflangs(p), set), p, "its head names %v, the sitemap %v", hreflangs(p), set)
			}
		}
	}
	c.versioned(func(p *finishedPage, _ map[string]string) {
		c.must(told[p.canonical], p, "it has versions, and is not in the sitemap")
	})
}

// checkHL6: hreflang says in which language the other page is, lang in which this
// text is.
func checkHL6(c *checking) {
	for _, p := range c.all() {
		for _, n := range p.all("link", "") {
			if attr(n, "rel") == "alternate" && attr(n, "type") == "" {
				c.must(attr(n, "hreflang") != "" && attr(n, "lang") == "", p, "a version is named by lang: %v", n.Attr)
			}
		}
		for lang, address := range hreflangs(p) {
			c.must(address != p.canonical || lang == "x-default" || lang == pageLanguage(p), p, "it is in %s and calls itself %s", pageLanguage(p), lang)
		}
	}
}
