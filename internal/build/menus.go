package build

import (
	"maps"
	"slices"
	"strings"

	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/source"
)

// deadMenus reports the entries of menus that lead to nothing in the edition.
// It is asked when all pages are known.
func (p *press) deadMenus() (problems []diag.Problem) {
	if p.broken || p.config == nil {
		return nil
	}
	menus := []map[string][]config.Link{p.config.Menus}
	for _, l := range p.config.Languages {
		menus = append(menus, l.Menus)
	}
	for _, named := range menus {
		for _, name := range slices.Sorted(maps.Keys(named)) {
			for _, l := range named[name] {
				if strings.HasPrefix(l.URL, "/") && !p.leads(l.URL) {
					problems = append(problems, diag.Problem{Path: source.Settings, Line: l.Line, Column: l.Column, Length: l.Length,
						Text: "nothing in this edition lies at " + l.URL + ", to which the menu " + quoted(name) + " leads", Hint: p.likelyURL(l.URL)})
				}
			}
		}
	}
	return problems
}

// leads tells whether a path from the root leads to something: a page, a file,
// or what site.yaml leads on.
func (p *press) leads(url string) bool {
	name, _ := pathOf(url)
	if name == "/sitemap.xml" {
		return true // it is left out only while nobody knows where the site will be
	}
	for _, r := range p.config.Redirects {
		before, _, pattern := strings.Cut(strings.ReplaceAll(r.From, ":", "*"), "*")
		if name == before || pattern && strings.HasPrefix(name, before) {
			return true
		}
	}
	key := folded(strings.Trim(name, "/"))
	for _, file := range []string{key, strings.TrimPrefix(key+"/index.html", "/"), key + ".html"} {
		if at, there := p.places.at[file]; there && !at.folder {
			return true
		}
	}
	return false
}

// likelyURL says what may be meant by a path where nothing lies.
func (p *press) likelyURL(url string) string {
	var known []string
	for _, pg := range p.places.pages {
		if name, isFront := strings.CutSuffix(pg.Path, "/index.html"); isFront && strings.Count(name, "/") < 2 {
			known = append(known, "/"+name+"/")
		}
	}
	if near := diag.Nearest(url, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "write the path of a page, such as /about/; a whole address, with https://, if something else than this site answers there"
}
