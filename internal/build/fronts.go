package build

import (
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/source"
)

// frontFiles reads the files of content/fronts/, of every language of the site.
func (p *press) frontFiles() ([]diag.Problem, error) {
	var problems []diag.Problem
	before := map[string]string{}
	var files []source.File
	for _, folder := range p.frontFolders() {
		files = append(files, p.tree.Below(folder)...)
	}
	for _, f := range files {
		switch path.Ext(f.Path) {
		case ".yaml", ".yml", ".toml", ".json":
		default:
			problems = append(problems, diag.Problem{Path: f.Path, Text: "nothing is made of this file: a front is a file of YAML",
				Hint: "name it .yaml if it is one, such as front.yaml or town.yaml; put anything else elsewhere"})
			continue
		}
		stem := strings.TrimSuffix(f.Path, path.Ext(f.Path))
		if other := before[stem]; other != "" {
			problems = append(problems, diag.Problem{Severity: diag.Error, Path: f.Path, Text: "this and " + other + " would both be the front " + quoted(path.Base(stem)), Hint: "keep one of them"})
			continue
		}
		before[stem] = f.Path
		data, err := p.tree.Read(f.Path)
		if err != nil {
			return problems, err
		}
		front, found := config.ParseFront(f.Path, data)
		problems = append(problems, found...)
		p.fronts = append(p.fronts, front)
	}
	return problems, nil
}

// frontFolders are where fronts lie, in each language of the site, sorted.
func (p *press) frontFolders() []string {
	all := []string{"content/fronts"}
	for _, l := range p.config.Languages[1:] {
		all = append(all, "content/"+l.Prefix+"/fronts")
	}
	slices.Sort(all)
	return all
}

// isFront tells whether a file lies where fronts do.
func (p *press) isFront(name string) bool {
	return slices.ContainsFunc(p.frontFolders(), func(folder string) bool { return strings.HasPrefix(name, folder+"/") })
}

// misnamed names files that look like articles or fronts and are not read as
// such.
func (p *press) misnamed() (problems []diag.Problem) {
	for _, f := range p.tree.Below("content") {
		ext := path.Ext(f.Path)
		if ext == ".md" && !strings.Contains(f.Path, "/fronts/") {
			continue // as nearly all are
		}
		if article.OfFronts(f.Path) {
			if !p.isFront(f.Path) {
				problems = append(problems, diag.Problem{Path: f.Path, Text: "nothing is made of this file: " + quoted(article.LanguageOf(f.Path)) + " is no further language of the site",
					Hint: "the fronts of the first language lie in content/fronts/; languages stand in site.yaml"})
			}
			continue
		}
		switch strings.ToLower(ext) {
		case ".md", ".markdown", ".mdown", ".mkd", ".mdx":
			if ext != ".md" {
				problems = append(problems, diag.Problem{Path: f.Path, Text: "nothing is made of this file: the name of an article ends in .md",
					Hint: "rename it to " + strings.TrimSuffix(path.Base(f.Path), ext) + ".md"})
			}
		}
	}
	return problems
}
