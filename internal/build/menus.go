package build

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/source"
)

// deadMenus reports the entries of menus that lead to nothing in the edition.
// It is asked when all pages are known: those that were made or stand are in the
// ledger.
func (p *press) deadMenus(l *page.Ledger) (problems []diag.Problem) {
	if p.broken || l == nil {
		return nil
	}
	problems = p.deadPublisher(l)
	menus := []map[string][]config.Link{p.config.Menus}
	for _, l := range p.config.Languages {
		menus = append(menus, l.Menus)
	}
	for _, named := range menus {
		for _, name := range slices.Sorted(maps.Keys(named)) {
			for _, to := range named[name] {
				if p.site.Tells(to.URL) {
					problems = append(problems, diag.Problem{Path: source.Settings, Text: "an entry of the menu " + quoted(name) + ", on line " + strconv.Itoa(to.Line) + ", leads to something under embargo",
						Hint: "it is left out until that is published"})
				} else if strings.HasPrefix(to.URL, "/") && !p.leads(l, to.URL) {
					problems = append(problems, diag.Problem{Path: source.Settings, Line: to.Line, Column: to.Column, Length: to.Length,
						Text: "nothing in this edition lies at " + to.URL + ", to which the menu " + quoted(name) + " leads", Hint: likelyURL(l, to.URL)})
				}
			}
		}
	}
	return problems
}

// deadPublisher reports what site.yaml says of the publisher that leads to
// nothing in the edition.
func (p *press) deadPublisher(l *page.Ledger) (problems []diag.Problem) {
	pub := p.config.Publisher
	for _, name := range slices.Sorted(maps.Keys(pub.Policies)) {
		to := pub.Policies[name]
		if strings.HasPrefix(to.URL, "/") && !p.leads(l, to.URL) && !p.site.Tells(to.URL) {
			problems = append(problems, diag.Problem{Path: source.Settings, Line: to.Line, Column: to.Column, Length: to.Length,
				Text: "nothing in this edition lies at " + to.URL + ", where the policy " + quoted(name) + " is said to be", Hint: likelyURL(l, to.URL)})
		}
	}
	if strings.HasPrefix(pub.Logo, "/") && !p.tree.Has("static"+pub.Logo) {
		at := pub.LogoAt
		hint := "put the file there, or correct publisher.logo"
		var there []string
		for _, f := range p.tree.Below("static") {
			there = append(there, strings.TrimPrefix(f.Path, "static"))
		}
		if near := diag.NearestFile(pub.Logo, there); near != "" {
			hint = "did you mean " + quoted(near) + "?"
		}
		problems = append(problems, diag.Problem{Severity: diag.Warning, Path: source.Settings, Line: at.Line, Column: at.Column, Length: at.Length,
			Text: "there is no logo static" + pub.Logo, Hint: hint})
	}
	return problems
}

// leads tells whether a path from the root leads to something: a page, a file,
// or what site.yaml leads on.
func (p *press) leads(l *page.Ledger, url string) bool {
	name, _ := article.PathOf(url)
	if name == "/sitemap.xml" {
		return true // it is left out only while nobody knows where the site will be
	}
	for _, r := range p.config.Redirects {
		before, _, pattern := strings.Cut(strings.ReplaceAll(r.From, ":", "*"), "*")
		if name == before || pattern && strings.HasPrefix(name, before) {
			return true
		}
	}
	name = strings.Trim(name, "/")
	for _, file := range []string{name, strings.TrimPrefix(name+"/index.html", "/"), name + ".html"} {
		_, there := l.Note(file)
		if there || slices.ContainsFunc(p.listed, func(pg page.Page) bool { return pg.Path == file }) { // one that could not be made
			return true
		}
	}
	return false
}

// likelyURL says what may be meant by a path where nothing lies.
func likelyURL(l *page.Ledger, url string) string {
	var known []string
	for _, pg := range l.Pages {
		if name, isFront := strings.CutSuffix(pg.Path, "/index.html"); isFront && strings.Count(name, "/") < 2 {
			known = append(known, "/"+name+"/")
		}
	}
	if near := diag.Nearest(url, known); near != "" {
		return "did you mean " + near + "?"
	}
	return "write the path of a page, such as /about/; a whole address, with https://, if something else than this site answers there"
}
