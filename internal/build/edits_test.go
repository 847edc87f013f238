package build_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

var (
	sections = []string{"world", "town", "world/asia"}
	people   = []string{"Ann Lee", "Ben Cole", "A. Lee", "The Wire", "ann-lee"}
	topics   = []string{"Water", "water", "Schools", "The River", "Élections"}
)

// firstSite is the site that the edits begin with.
func firstSite() map[string]string {
	files := map[string]string{
		"site.yaml": "format: 1\ntitle: The Paper\ndescription: All of it\nbase_url: https://paper.example/\ntimezone: Europe/Lisbon\nper_page: 3\n" +
			"languages: {en: {}, ar: {title: الجريدة, missing: en}}\nmenus: {footer: [/about/]}\nparams: {motto: First}\nstyle: {dateline: byline, age_label: {years: 1}}\ncomments: {service: https://c.example/, close_after: 20}\nfeeds: {ninjs: true}\n",
		"content/about.md":             "---\ntitle: About\n---\nAbout [the fire](world/fire.md) and [the plan](map/plan.txt).\n\nThe dam, in a line: ![](town/dam/dam.jpg)\n\nNot there yet: ![it](/photos/b.svg)\n",
		"content/map/index.md":         "---\ntitle: The map\n---\n[The plan](plan.txt).\n",
		"content/map/plan.txt":         "A plan.",
		"content/world/_index.md":      "---\ntitle: World\norder: 1\n---\n",
		"content/world/asia/_index.md": "---\ntitle: Asia\n---\nAll of Asia.\n",
		"content/town/_index.md":       "---\ntitle: Town\norder: 2\n---\n",
		"content/ar/world/_index.md":   "---\ntitle: العالم\n---\n",
		"content/authors/ann.md":       "---\nname: Ann Lee\nslug: ann-lee\naliases: [A. Lee]\nrole: Reporter\n---\nAnn reports.\n",
		"content/tags/water.md":        "---\ntitle: Water\n---\nAll on water.\n",
		"content/series/floods.md":     "---\ntitle: The floods\n---\n",
		"data/polls.yaml":              "now: {a: 40, b: 60}\nold: {a: 1, b: 2}\n",
		"static/photos/a.svg":          `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>`,
		"static/robots.extra":          "x",
		"layouts/partials/extra.html":  `<p>{{ config "params.motto" }} {{ data "polls" "now.a" }}</p>`,
		"layouts/embeds/poll.html":     `<p>{{ index .Attrs "of" }} {{ data "polls" "old.b" }} {{ fragment "extra.html" }}</p>`,
		"layouts/page.html":            `{{ template "base.html" . }}{{ define "main" }}<h1>{{ .Title }}</h1>{{ body }}{{ fragment "extra.html" }}{{ end }}`,
		"content/lone.md":              "---\ntitle: Lone\nlayout: lone\nsummary: Alone.\n---\nSome words.\n",
		"layouts/lone.html":            `{{ t "skip" }}{{ range .Crumbs }} {{ .Title }}{{ end }} {{ .URL }} {{ .Words }}{{ range (newestcomments 1).Items }} {{ .Name }}: {{ .Plain }}{{ end }}`,
		"static/assets/site.css":       "@font-face { font-family: F; src: url(f.woff2) }\n",
		"static/assets/f.woff2":        "a font",
	}
	for _, name := range slices.Sorted(maps.Keys(lone)) {
		files["layouts/partials/"+name+".html"] = lone[name]
		files["layouts/lone.html"] += `{{ fragment "` + name + `.html" }}` + "\n"
	}
	for i := range 12 {
		name, text := newStory(i, sections[i%3], i%len(people), i%len(topics))
		files[name] = text
	}
	files["content/world/fire.md"] = "---\ntitle: Fire\nid: fire\ndate: 2026-02-01 08:00\nauthor: Ann Lee\nsummary: It burnt.\n---\nIt <B>burnt</B>.\n\n:::poll {of=fire}\n:::\n"
	files["content/town/old.md"] = "---\ntitle: Old\nid: old\ndate: 2025-03-09 10:00\nauthor: Ann Lee\n---\nOld.\n"
	files["content/ar/world/fire.md"] = "---\ntitle: حريق\nid: fire-ar\nslug: حريق\ndate: 2026-02-01 08:00\nauthor: آن لي\ntags: [ماء]\n---\nاحترقت.\n"
	files["content/town/mill/index.md"] = "---\ntitle: The mill\ndate: 2026-02-02\nimage: {src: mill.svg, alt: A mill, caption: \"The mill. [Ann Lee]\"}\n---\n![Wheel](mill.svg \"The wheel. [Ben]\")\n"
	files["content/town/dam/index.md"] = "---\ntitle: The dam\ndate: 2026-02-26 23:00\nimage: dam.jpg\nsummary: It holds.\n---\nIt holds.\n"
	files["data/comments/=fire.json"] = "[\n{\"id\":\"f\",\"time\":\"2026-02-02T08:00:00Z\",\"name\":\"Fay\",\"text\":\"First.\"}\n]\n"
	files["content/town/dam/dam.jpg"] = photograph(1)
	files["content/town/mill/mill.svg"] = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>`
	return files
}

// photograph is a small JPEG that is like no other of another number.
func photograph(n int) string {
	m := image.NewYCbCr(image.Rect(0, 0, 48, 32), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = byte(n*37 + i)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return b.String()
}

// lone are fragments that ask one thing, and nobody else on their page asks it.
var lone = map[string]string{
	"lone-card":    `{{ with card "content/world/fire.md" }}{{ .Title }}{{ end }}`,
	"lone-near":    `{{ with near "newer" "content/world/fire.md" }}{{ .Title }}{{ end }}`,
	"lone-section": `{{ with section "world" }}{{ .Title }}: {{ .Description }}{{ end }}`,
	"lone-series":  `{{ range series "The floods" }}{{ .Title }} {{ end }}`,
	"lone-tag":     `{{ with tag "Water" }}{{ .Title }} {{ .URL }}{{ end }}`,
}

func newStory(i int, section string, person, topic int) (name, text string) {
	name = fmt.Sprintf("content/%s/story-%d.md", section, i)
	text = fmt.Sprintf("---\ntitle: Story %d\ndate: 2026-02-%02d 10:00\nauthor: %s\ntags: [%s]\nimage: {src: /photos/a.svg, alt: A picture, credit: Ann}\nsummary: Summary %d\n---\nText of story %d. See [the fire](/world/2026/02/fire/).\n",
		i, 1+i%26, people[person], topics[topic], i, i)
	return name, text
}

// edits are all kinds of edit. One that finds nothing to edit returns false.
var edits = map[string]func(*editor) bool{
	"a new story": func(e *editor) bool {
		name, text := newStory(100+e.n, sections[e.IntN(3)], e.IntN(len(people)), e.IntN(len(topics)))
		e.files[name] = text
		return true
	},
	"a body":     func(e *editor) bool { n := e.story(); e.files[n] += fmt.Sprintf("\nMore %d.\n", e.n); return true },
	"a headline": func(e *editor) bool { return e.set(e.story(), "title", fmt.Sprintf("Headline %d", e.n)) },
	"a deck":     func(e *editor) bool { return e.set(e.story(), "deck", fmt.Sprintf("Deck *%d*", e.n)) },
	"a kicker":   func(e *editor) bool { return e.set(e.story(), "kicker", topics[e.IntN(len(topics))]) },
	"tags":       func(e *editor) bool { return e.set(e.story(), "tags", "["+topics[e.IntN(len(topics))]+"]") },
	"authors": func(e *editor) bool {
		return e.set(e.story(), "author", fmt.Sprintf("[%s, {name: %s, role: photographs}]", people[e.IntN(len(people))], people[e.IntN(len(people))]))
	},
	"a weight": func(e *editor) bool { return e.set(e.story(), "weight", fmt.Sprint(e.IntN(5))) },
	"a date": func(e *editor) bool {
		return e.set(e.story(), "date", fmt.Sprintf("2026-%02d-%02d", 1+e.IntN(3), 1+e.IntN(28)))
	},
	"an update": func(e *editor) bool {
		return e.set(e.story(), "updated", fmt.Sprintf("2026-%02d-%02d", 2+e.IntN(3), 1+e.IntN(28)))
	},
	"an embargo": func(e *editor) bool { return e.set(e.story(), "embargo", fmt.Sprintf("2026-%02d-01", 1+e.IntN(6))) },
	"an expiry":  func(e *editor) bool { return e.set(e.story(), "expires", fmt.Sprintf("2026-%02d-15", 3+e.IntN(6))) },
	"a draft":    func(e *editor) bool { return e.set(e.story(), "draft", []string{"true", "false"}[e.IntN(2)]) },
	"a dateline": func(e *editor) bool {
		return e.set(e.story(), "dateline", []string{"Basra", "{place: Basra, show: lead}"}[e.IntN(2)])
	},
	"a series": func(e *editor) bool {
		return e.set(e.story(), "series", fmt.Sprintf("{name: The floods, part: %d}", e.IntN(4)))
	},
	"a section": func(e *editor) bool { return e.set(e.story(), "section", []string{"world", "town"}[e.IntN(2)]) },
	"also":      func(e *editor) bool { return e.set(e.story(), "also", []string{"town", "world"}[e.IntN(2)]) },
	"a kind": func(e *editor) bool {
		kinds := []string{"news", "opinion", "feature", "analysis", "explainer", "interview", "review", "obituary", "gallery", "live", "sponsored"}
		return e.set(e.story(), "type", kinds[e.IntN(len(kinds))])
	},
	"a gallery": func(e *editor) bool {
		return e.set(e.story(), "gallery", []string{"[/photos/a.svg]", "[{src: /photos/a.svg, caption: First}, /photos/a.svg]"}[e.IntN(2)])
	},
	"an old url": func(e *editor) bool { return e.set(e.story(), "aliases", fmt.Sprintf("[/old/%d/]", e.IntN(8))) },
	"a slug":     func(e *editor) bool { return e.set(e.story(), "slug", fmt.Sprintf("slug-%d", e.IntN(30))) },
	"a killing":  func(e *editor) bool { return e.set(e.story(), "status", "killed") },
	"a correction": func(e *editor) bool {
		return e.set(e.story(), "corrections", e.notes())
	},
	"the head of the corrections": func(e *editor) bool {
		if _, ok := e.files["content/corrections.md"]; ok && e.IntN(3) == 0 {
			delete(e.files, "content/corrections.md")
			return true
		}
		e.files["content/corrections.md"] = fmt.Sprintf("---\ntitle: Corrections %d\nslug: %s\n---\nOur rules.\n", e.n, []string{"corrections", "errata"}[e.IntN(2)])
		return true
	},
	"a picture's words": func(e *editor) bool {
		return e.set(e.story(), "image", fmt.Sprintf("{src: /photos/a.svg, alt: Alt %d, caption: \"Caption %d.\"}", e.n, e.n))
	},
	"a text that is only counted": func(e *editor) bool { e.files["content/lone.md"] += "More.\n"; return true },
	"a link": func(e *editor) bool {
		n, to := e.story(), e.story()
		rel, _ := filepath.Rel(path.Dir(n), to)
		e.files[n] += "\n[a link](" + filepath.ToSlash(rel) + ")\n"
		return true
	},
	"a name": func(e *editor) bool {
		n := e.story()
		if strings.HasSuffix(n, "index.md") || strings.Contains(n, "fire") {
			return false
		}
		e.rename(n, path.Dir(n)+fmt.Sprintf("/renamed-%d.md", e.n))
		return true
	},
	"another case": func(e *editor) bool {
		n := e.pick("content/*/story-*.md")
		if n == "" {
			return false
		}
		e.rename(n, strings.Replace(n, "story", "Story", 1))
		return true
	},
	"a folder": func(e *editor) bool {
		from, to := "content/town/", fmt.Sprintf("content/town%d/", e.n)
		if e.IntN(2) == 0 {
			from, to = "content/world/asia/", "content/world/east/"
		}
		for name := range e.files {
			if rest, ok := strings.CutPrefix(name, from); ok {
				e.rename(name, to+rest)
			}
		}
		return true
	},
	"a deletion": func(e *editor) bool {
		n := e.story()
		if strings.Contains(n, "fire") {
			return false
		}
		delete(e.files, n)
		return len(e.files) > 18
	},
	"a swap": func(e *editor) bool {
		a, b := e.story(), e.story()
		if a == b || strings.Contains(a+b, "index.md") {
			return false
		}
		// On the disk too, so that times and sizes stay with the bytes.
		tmp := filepath.Join(e.dir, "content", "swap.tmp")
		for _, m := range [][2]string{{filepath.Join(e.dir, a), tmp}, {filepath.Join(e.dir, b), filepath.Join(e.dir, a)}, {tmp, filepath.Join(e.dir, b)}} {
			if err := os.Rename(m[0], m[1]); err != nil {
				e.Fatal(err)
			}
		}
		e.files[a], e.files[b] = e.files[b], e.files[a]
		return true
	},
	"a bundle": func(e *editor) bool {
		n := e.pick("content/*/story-*.md")
		if n == "" {
			return false
		}
		e.rename(n, strings.TrimSuffix(n, ".md")+"/index.md")
		return true
	},
	"a touch": func(e *editor) bool {
		now := time.Now()
		return os.Chtimes(filepath.Join(e.dir, e.story()), now, now) == nil
	},
	"a partial": func(e *editor) bool {
		e.files["layouts/partials/extra.html"] = fmt.Sprintf(`<p>%d {{ config "title" }} {{ range latest "" 2 }}{{ .Title }}{{ end }}</p>`, e.n)
		return true
	},
	"an override": func(e *editor) bool {
		e.files["layouts/"+[]string{"town/article.html", "tag.html", "world/section.html", "opinion.html"}[e.IntN(4)]] = fmt.Sprintf(`{{ template "base.html" . }}{{ define "main" }}<h1>%d {{ .Title }}</h1>{{ body }}{{ end }}`, e.n)
		return true
	},
	"a bare page": func(e *editor) bool {
		e.files["layouts/404.html"] = fmt.Sprintf(`%d {{ .Title }}{{ range .Crumbs }} {{ .Title }}{{ end }}`, e.n)
		return true
	},
	"no override": func(e *editor) bool {
		for _, n := range []string{"layouts/town/article.html", "layouts/tag.html", "layouts/world/section.html", "layouts/opinion.html", "layouts/404.html", "layouts/languages/en.yaml"} {
			if _, ok := e.files[n]; ok {
				delete(e.files, n)
				return true
			}
		}
		return false
	},
	"words": func(e *editor) bool {
		data, err := os.ReadFile("../../layouts/languages/en.yaml")
		word := []string{"  topics: Topics", "  skip: Skip", "name: English"}[e.IntN(3)]
		e.files["layouts/languages/en.yaml"] = strings.Replace(string(data), word, fmt.Sprint(word, " ", e.n), 1)
		return err == nil
	},
	"what a language lacks": func(e *editor) bool {
		return e.setting("languages", []string{"{en: {}, ar: {title: الجريدة}}", "{en: {missing: ar}, ar: {title: الجريدة, missing: en}}", "{en: {}, ar: {title: الجريدة, missing: en}}"}[e.IntN(3)])
	},
	"a translation": func(e *editor) bool {
		n := e.pick("content/*/story-*.md")
		if n == "" {
			return false
		}
		name := "content/ar/" + strings.TrimPrefix(n, "content/")
		if _, there := e.files[name]; there {
			delete(e.files, name)
		} else {
			e.files[name] = fmt.Sprintf("---\ntitle: خبر %d\ndate: 2026-02-%02d\n---\nنص.\n", e.n, 1+e.n%26)
		}
		return true
	},
	"a static file": func(e *editor) bool { e.files["static/robots.extra"] = fmt.Sprint(e.n); return true },
	"a new static file": func(e *editor) bool {
		n := fmt.Sprintf("static/s%d.txt", e.IntN(5))
		if _, ok := e.files[n]; ok {
			delete(e.files, n)
		} else {
			e.files[n] = fmt.Sprint(e.n)
		}
		return true
	},
	"a picture": func(e *editor) bool {
		e.files["static/photos/a.svg"] = fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="30"/>`, 1+e.n)
		return true
	},
	"a photo": func(e *editor) bool { e.files["content/town/dam/dam.jpg"] = photograph(2 + e.n); return true },
	"a sidecar": func(e *editor) bool {
		e.files["content/town/dam/dam.jpg.yaml"] = fmt.Sprintf("credit: Photographer %d\nalt: The dam, %d\n", e.n, e.n)
		return true
	},
	"widths": func(e *editor) bool {
		return e.setting("images", fmt.Sprintf("{widths: [%d, 32], quality: %d}", 16+e.IntN(8), 60+e.IntN(30)))
	},
	"a new picture": func(e *editor) bool { // to which a page leads already
		if _, ok := e.files["static/photos/b.svg"]; ok {
			delete(e.files, "static/photos/b.svg")
		} else {
			e.files["static/photos/b.svg"] = e.files["static/photos/a.svg"]
		}
		return true
	},
	"a moved picture": func(e *editor) bool {
		for _, m := range [][2]string{{"b", "bb"}, {"bb", "b"}} {
			if from := "static/photos/" + m[0] + ".svg"; e.files[from] != "" {
				e.rename(from, "static/photos/"+m[1]+".svg")
				return true
			}
		}
		return false
	},
	"a stylesheet": func(e *editor) bool {
		e.files["static/assets/site.css"] = fmt.Sprintf("@font-face { font-family: F%d; src: url(f.woff2) }\n", e.n)
		return true
	},
	"a font": func(e *editor) bool { e.files["static/assets/f.woff2"] = fmt.Sprint(e.n); return true },
	"a page's slug": func(e *editor) bool {
		return e.set("content/map/index.md", "slug", fmt.Sprintf("map-%d", e.IntN(30)))
	},
	"data": func(e *editor) bool {
		e.files["data/polls.yaml"] = fmt.Sprintf("now: {a: %d, b: 60}\nold: {a: %d, b: %d}\n", e.IntN(3), e.IntN(3), e.IntN(3))
		return true
	},
	"a biography": func(e *editor) bool {
		e.files["content/authors/ann.md"] += fmt.Sprintf("\nMore %d.\n", e.n)
		return true
	},
	"a role": func(e *editor) bool { return e.set("content/authors/ann.md", "role", fmt.Sprintf("Editor %d", e.n)) },
	"a topic": func(e *editor) bool {
		return e.set("content/tags/water.md", "title", []string{"Water", "The water"}[e.IntN(2)])
	},
	"a section's words": func(e *editor) bool {
		n := e.pick("content/*/_index.md")
		return e.set(n, []string{"title", "description"}[e.IntN(2)], []string{"World", "Town", "Abroad"}[e.IntN(3)])
	},
	"the menus": func(e *editor) bool {
		return e.setting("menus", []string{"{footer: [/about/]}", "{footer: [/world/, /about/]}", "{main: [/world/]}"}[e.IntN(3)])
	},
	"trust":     func(e *editor) bool { return e.setting("trusted", []string{"[]", "[world]"}[e.IntN(2)]) },
	"the title": func(e *editor) bool { return e.setting("title", fmt.Sprintf("Paper %d", e.n)) },
	"the motto": func(e *editor) bool { return e.setting("params", fmt.Sprintf("{motto: Motto %d}", e.n)) },
	"page size": func(e *editor) bool { return e.setting("per_page", fmt.Sprint(2+e.IntN(4))) },
	"the zone": func(e *editor) bool {
		return e.setting("timezone", []string{"Europe/Lisbon", "Asia/Tokyo", "Asia/Baghdad"}[e.IntN(3)])
	},
	"the archive": func(e *editor) bool {
		return e.setting("archive", []string{"days", "months", "years", "off"}[e.IntN(4)])
	},
	"the style": func(e *editor) bool {
		return e.setting("style", []string{"{dateline: byline}", "{dateline: lead}", "{dates: {medium: \"{year}\"}}", "{corrections: {correction: top, update: bottom}}"}[e.IntN(4)])
	},
	"urls": func(e *editor) bool {
		return e.setting("urls", []string{"/{section}/{slug}/", "/{path}/{year}/{slug}.html"}[e.IntN(2)])
	},
	"redirects": func(e *editor) bool {
		return e.setting("redirects", fmt.Sprintf("{/gone/%d/: %s}", e.IntN(4), []string{"/about/", "/world/"}[e.IntN(2)]))
	},
	"the clock": func(e *editor) bool {
		e.now = e.now.Add(time.Duration(e.IntN(40*24)) * time.Hour)
		return true
	},
	"a clock turned back": func(e *editor) bool {
		e.now = e.now.Add(-time.Duration(e.IntN(60*24)) * time.Hour)
		return true
	},
	"another host": func(e *editor) bool {
		e.base = []string{"", "https://x.example/", "https://x.example/news/"}[e.IntN(3)]
		return true
	},
	"drafts": func(e *editor) bool { e.drafts = !e.drafts; return true },
	"a file of the edition spoilt": func(e *editor) bool {
		return os.WriteFile(e.output(), []byte("spoilt"), 0o644) == nil
	},
	"a file of the edition removed": func(e *editor) bool { return os.Remove(e.output()) == nil },
	"undo": func(e *editor) bool {
		if len(e.past) == 0 {
			return false
		}
		for name := range e.files {
			delete(e.files, name)
		}
		for name, text := range e.past[e.IntN(len(e.past))] {
			e.files[name] = text
		}
		return true
	},
}

// notes are corrections of a story as its front matter has them, some of which
// are not to be seen yet; none now and then.
func (e *editor) notes() string {
	kinds := []string{"correction", "clarification", "update", "editors-note"}
	var all []string
	for range e.IntN(4) {
		date := fmt.Sprintf("2026-%02d-%02d", 2+e.IntN(3), 1+e.IntN(28))
		all = append(all, fmt.Sprintf("{date: %s, kind: %s, text: \"It was %d.\"}", date, kinds[e.IntN(len(kinds))], e.n))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func (e *editor) rename(from, to string) {
	if _, taken := e.files[to]; taken {
		return
	}
	e.files[to] = e.files[from]
	delete(e.files, from)
}

// setting sets a key of site.yaml.
func (e *editor) setting(key, value string) bool {
	lines := strings.Split(strings.TrimSuffix(e.files["site.yaml"], "\n"), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, key+": ") {
			lines[i] = key + ": " + value
			e.files["site.yaml"] = strings.Join(lines, "\n") + "\n"
			return true
		}
	}
	e.files["site.yaml"] += key + ": " + value + "\n"
	return true
}
