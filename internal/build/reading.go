package build

import (
	"runtime"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/site"
	"stet/internal/source"
)

// A Reading is a site that was read, with its drafts, and of which nothing is
// made: for who changes its files.
type Reading struct {
	Site     *site.Site
	Config   *config.Config
	Lines    diag.Lines
	Problems []diag.Problem // what is wrong with it now
	press    *press
}

// Read reads a site. It is nil if the site cannot be read; what is wrong with
// some of its files does not keep it from that.
func Read(o Options) (*Reading, []diag.Problem) {
	if o.Jobs < 1 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	o.Drafts = true
	tree, problems, err := source.Open(o.Dir, o.Theme)
	if err != nil {
		return nil, append(problems, explain(o, noSite(o.Dir, err)))
	}
	p, found, err := open(o, tree, o.Memory.files(o))
	if problems = append(problems, found...); err != nil {
		problems = append(problems, explain(o, err))
	}
	if p.site == nil {
		tree.Close()
		return nil, diag.Sort(problems)
	}
	problems = diag.Sort(problems)
	return &Reading{p.site, p.config, tree.Lines(), problems, p}, problems
}

// Close lets go of the site's folder.
func (r *Reading) Close() error { return r.press.tree.Close() }

// Files are the files of the site and its theme, sorted.
func (r *Reading) Files() []string {
	var names []string
	for _, f := range r.press.tree.Files {
		names = append(names, f.Path)
	}
	return names
}

// Has tells whether there is such a file.
func (r *Reading) Has(name string) bool { return r.press.tree.Has(name) }

// File reads a file, as it was when the site was read.
func (r *Reading) File(name string) ([]byte, error) { return r.press.tree.Read(name) }

// Article is what a file of content/ says, nil if nothing could be read.
func (r *Reading) Article(name string) *article.Article {
	if i, ok := r.press.tree.Index(name); ok && i < len(r.press.records) {
		return r.press.records[i].Said
	}
	return nil
}

// As is the site as it would be if these files were others, and what would be
// wrong with it then. A nil file is one that is gone.
func (r *Reading) As(files map[string][]byte) (*site.Site, []diag.Problem) {
	languages, problems, err := r.press.languages()
	if err != nil {
		return nil, append(problems, explain(r.press.o, err))
	}
	var articles []*article.Article
	var names []string
	take := func(name string, data []byte) {
		names = append(names, name)
		if reader.Wants(name) {
			a, found := article.Parse(name, data)
			if problems = append(problems, found...); a != nil {
				articles = append(articles, a)
			}
		}
	}
	for i, f := range r.press.tree.Files {
		if data, changed := files[f.Path]; changed {
			if data != nil {
				take(f.Path, data)
			}
			continue
		}
		names = append(names, f.Path)
		problems = append(problems, r.press.records[i].Problems...)
		if a := r.press.records[i].Said; a != nil {
			articles = append(articles, a)
		}
	}
	for name, data := range files {
		if data != nil && !r.press.tree.Has(name) {
			take(name, data)
		}
	}
	var fronts []*config.Front
	for _, front := range r.press.fronts {
		if data, changed := files[front.Path]; changed {
			if data == nil {
				continue
			}
			var found []diag.Problem
			front, found = config.ParseFront(front.Path, data)
			problems = append(problems, found...)
		}
		fronts = append(fronts, front)
	}
	slices.SortFunc(articles, func(a, b *article.Article) int { return strings.Compare(a.Path, b.Path) })
	slices.Sort(names)
	s, found := site.New(site.Settings{
		Config: r.press.config, Languages: languages, Now: r.press.o.Now, Drafts: true, Jobs: r.press.o.Jobs, Fronts: fronts, Files: names,
		Has: func(name string) bool { _, ok := slices.BinarySearch(names, name); return ok },
	}, articles)
	return s, diag.Sort(append(problems, found...))
}
