package main

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stet"
	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/imports"
	"stet/internal/source"
)

// A storyList is the stories of a site by their lasting names, as they were when the
// site was read.
type storyList struct {
	dir       string
	config    *config.Config
	at        time.Time // when the reading began
	all       []imports.Story
	redirects []imports.Redirect
	of        map[string]string // files by lasting names
}

// settled is how much older than a reading a file must be for what was read to be
// certain: file systems count time in steps.
const settled = 2 * time.Second

// stands tells whether the site still has a story, by no more than its own file and
// site.yaml. What else may change its name, such as its section's, is looked at when
// the site is read anew.
func (l *storyList) stands(id string) bool {
	file, ok := l.of[id]
	return ok && l.old(file) && l.old(source.Settings)
}

// old tells whether a file is what it was when the site was read.
func (l *storyList) old(name string) bool {
	info, err := os.Stat(filepath.Join(l.dir, filepath.FromSlash(name)))
	return err == nil && info.ModTime().Before(l.at.Add(-settled))
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
	list := &storyList{dir: f.dir, config: cfg, at: o.Now, of: map[string]string{}}
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
		list.of[p.ID] = name
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
	return imports.NewStories(l.config.BasePath(), l.all, l.redirects)
}
