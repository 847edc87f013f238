package main

import (
	"path"
	"slices"
	"strings"

	"stet"
	"stet/internal/build"
	"stet/internal/imports"
)

// A storyList is the stories of a site by their lasting names.
type storyList struct {
	base      string
	all       []imports.Story
	redirects []imports.Redirect
	has       map[string]bool
}

// readStories reads the site in a folder. What is wrong with some of its files does
// not keep it from that.
func readStories(s *system, f *siteFlags) (*storyList, error) {
	cfg, err := settings(f.dir)
	if err != nil {
		return nil, err
	}
	o := build.Options{Dir: f.dir, Theme: stet.Theme(), Now: s.now(), Out: f.inside("public")}
	o.Cache = f.keep(s, o.Out)
	r, problems := build.Read(o)
	if r == nil {
		told{s: s, f: f, found: problems}.problems()
		return nil, errTold
	}
	defer r.Close()
	list := &storyList{base: cfg.BasePath(), has: map[string]bool{}}
	hidden := map[string]bool{} // of what is under embargo nobody is told
	for _, name := range r.Site.Embargoed() {
		hidden[name] = true
	}
	for _, name := range r.Files() {
		if !strings.HasPrefix(name, "content/") || path.Ext(name) != ".md" {
			continue
		}
		p := r.Site.Place(name)
		if p == nil || p.URL == "" {
			continue
		}
		list.has[p.ID] = true
		if hidden[name] {
			continue
		}
		one := imports.Story{ID: p.ID, URL: p.URL}
		if a := r.Article(name); a != nil {
			one.Old = slices.Clone(a.Aliases)
		}
		list.all = append(list.all, one)
	}
	for _, to := range cfg.Redirects {
		if to.Status != 410 {
			list.redirects = append(list.redirects, imports.Redirect{From: to.From, To: to.To})
		}
	}
	return list, nil
}

func (l *storyList) stories() *imports.Stories {
	return imports.NewStories(l.base, l.all, l.redirects)
}
