package build_test

import (
	"fmt"
	"maps"
	"time"
)

func init() { maps.Copy(edits, fed) }

// fed are edits of what feeds and small files for machines hold.
var fed = map[string]func(*editor) bool{
	"the feeds": func(e *editor) bool {
		return e.setting("feeds", []string{"{text: full}", "{text: summary, ninjs: true}", "{formats: [rss]}", "{terms: false, ninjs: true}"}[e.IntN(4)])
	},
	"a named feed": func(e *editor) bool {
		return e.setting("feeds", "{ninjs: true, named: {week: "+[]string{
			"{hours: 100, formats: [rss]}", "{title: W, hours: 1000, count: 4, exclude: {kinds: [opinion, analysis]}, formats: [json, ninjs]}",
			"{include: {sections: [town], authors: [Ann Lee]}, text: summary}", "{include: {tags: [Water, Schools], series: [The floods]}, exclude: {sections: [world/asia]}}",
			"{include: {tags: [Nothing], kinds: [news]}}", "{include: {tags: [ماء]}, exclude: {authors: [Nobody]}}",
		}[e.IntN(6)]+", opinion: {count: 2}}}")
	},
	"a reserved picture": func(e *editor) bool {
		return e.set(e.story(), "image", fmt.Sprintf("{src: /photos/a.svg, alt: Alt, distribute: %t}", e.IntN(2) == 0))
	},
	"the robots": func(e *editor) bool {
		return e.setting("robots", fmt.Sprintf("{GPTBot: off, CCBot: [/n%d/]}", e.n))
	},
	"the hosts": func(e *editor) bool {
		return e.setting("allow", fmt.Sprintf("{connect: [n%d.example], image: [a.example]}", e.n))
	},
	"the trust": func(e *editor) bool {
		return e.setting("trust_txt", []string{"{}", "{member: https://a.example/, datatrainingallowed: no}", "{contact: mailto:a@a.example}"}[e.IntN(3)])
	},
	"the security": func(e *editor) bool {
		return e.setting("security_txt", fmt.Sprintf("{contact: mailto:a@a.example, expires: %s}", e.now.Add(time.Duration(e.IntN(2000)-500)*time.Hour).Format(time.RFC3339)))
	},
	"the manifest": func(e *editor) bool {
		return e.setting("manifest", []string{"{}", "{short_name: P, icons: [/photos/a.svg]}", "{theme_color: \"#fff\"}"}[e.IntN(3)])
	},
	"the accents": func(e *editor) bool {
		return e.setting("theme", []string{"{}", `{accent: "#1c5a8a"}`, `{sections: {town: "#2f6a33"}}`, `{paper: "#fdf6e3", sections: {world: {dark: "#f0a0c0"}}}`}[e.IntN(4)])
	},
	"a logo": func(e *editor) bool {
		return e.setting("theme", []string{"{}", "{logo: /photos/a.svg}", "{logo: {light: /photos/a.svg, dark: /photos/a.svg, alt: The Paper}}"}[e.IntN(3)])
	},
	"a file of its own": func(e *editor) bool {
		name := []string{"static/robots.txt", "static/_headers", "static/ar/manifest.webmanifest", "static/img/x.svg"}[e.IntN(4)]
		if _, ok := e.files[name]; ok {
			delete(e.files, name)
		} else {
			e.files[name] = fmt.Sprint("own ", e.n)
		}
		return true
	},
}
