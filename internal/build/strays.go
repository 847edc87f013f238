package build

import (
	"path"
	"slices"
	"strings"

	"stet/internal/diag"
)

// pageLayouts are the names of layouts that pages are made with.
var pageLayouts = []string{"404", "analysis", "archive", "article", "author", "corrections", "explainer", "feature", "front", "gallery", "index", "interview",
	"live", "obituary", "opinion", "page", "review", "section", "series", "sponsored", "tag"}

// layoutFolders are the folders of layouts/ that are no section's.
var layoutFolders = []string{"embeds", "fonts", "images", "languages", "partials"}

// strays names the site's own layouts that nothing is made with and whose name is
// nearly that of one. What anybody else names, a layout or an article, is not
// misspelt.
func (p *press) strays() (problems []diag.Problem) {
	folders := slices.Concat(layoutFolders, p.site.SectionNames())
	for _, f := range p.tree.Below("layouts") {
		name := strings.TrimPrefix(f.Path, "layouts/")
		if f.Theme || path.Ext(name) != ".html" {
			continue
		}
		folder, stem := path.Dir(name), strings.TrimSuffix(path.Base(name), ".html")
		meant := ""
		switch {
		case folder == "." || slices.Contains(folders, folder) && !slices.Contains(layoutFolders, folder):
			if near := diag.Nearest(stem, pageLayouts); near != "" && !slices.Contains(pageLayouts, stem) {
				meant = path.Join("layouts", folder, near+".html")
			}
		case !slices.Contains(folders, folder):
			if near := diag.Nearest(folder, folders); near != "" {
				meant = path.Join("layouts", near, path.Base(name))
			}
		}
		if meant != "" && !p.names(name) {
			problems = append(problems, diag.Problem{Path: f.Path, Text: "nothing is made with this layout", Hint: "did you mean " + meant + "?"})
		}
	}
	return problems
}

// names tells whether an article or another layout names a layout.
func (p *press) names(name string) bool {
	stem := strings.TrimSuffix(name, ".html")
	for i := range p.records {
		r := &p.records[i]
		if r.Said != nil && strings.TrimSuffix(r.Said.Layout, ".html") == stem {
			return true
		}
	}
	for _, other := range p.layouts.Names() {
		if other == name {
			continue
		}
		if data, err := p.tree.Read("layouts/" + other); err == nil && strings.Contains(string(data), name) {
			return true
		}
	}
	return false
}
