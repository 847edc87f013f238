package build

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"stet/internal/article"
	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/output"
	"stet/internal/page"
	"stet/internal/site"
)

// An against compares what is made with an edition that lies somewhere. It rests
// on the manifest there and nothing else: no file of that edition is read, and
// nothing of the cache.
type against struct {
	*press
	folder string
	past   output.Published
	mu     sync.Mutex
	pages  []check.Listed // that were made
}

// compare begins a comparison; the error says why there can be none.
func (p *press) compare(folder string) (*against, error) {
	a := &against{press: p, folder: folder}
	var err error
	if a.past, err = output.Read(folder); err != nil {
		return nil, incomparable(folder, err)
	}
	wrong := diag.Problem{Severity: diag.Error, Path: filepath.ToSlash(folder)}
	switch {
	case a.past.BaseURL != p.config.BaseURL:
		wrong.Text = fmt.Sprintf("the edition there is for %s, this site is for %s", addressed(a.past.BaseURL), addressed(p.config.BaseURL))
		wrong.Hint = "compare with an edition that was built for the same base_url; a target of deploy in site.yaml says which is its own"
	case a.past.Drafts && !p.o.Drafts:
		wrong.Text, wrong.Hint = "the edition there has drafts in it", "compare with one that readers see, or take drafts for published with --drafts"
	default:
		return a, nil
	}
	return nil, wrong
}

func addressed(base string) string {
	if base == "" {
		return "no address"
	}
	return base
}

// incomparable says why the manifest of a folder is of no use, and what to do.
func incomparable(folder string, err error) error {
	p := diag.Problem{Severity: diag.Error, Path: filepath.ToSlash(folder), Text: err.Error(), Hint: "see to it that you may read it"}
	again := "build into it again, which mends that, with the files of the site as they were published"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.Text, p.Hint = "there is no such folder to compare with", "give the folder of an edition that `stet build` made, such as public"
	case errors.Is(err, output.ErrNone):
		p.Text, p.Hint = "there is no edition to compare with: the folder has no "+output.Own+"/manifest", "give the folder that `stet build` made, copied with what is hidden in it"
	case errors.Is(err, output.ErrOlder):
		p.Text, p.Hint = "the edition there was made by an older stet, which did not note what its stories are", "build into it again with this one, with the files of the site as they were published"
	case errors.Is(err, output.ErrHalf):
		p.Hint = again
	case errors.Is(err, output.ErrDamaged):
		p.Hint = "build into an empty folder, with the files of the site as they were published, and compare with that"
	}
	return p
}

// put notes what was made.
func (a *against) put(r page.Result) error {
	l := check.Listed{Name: r.Path}
	if about, ok := check.ParseAbout(r.Content.About); ok {
		l.Source, l.About = page.Fields(r.Args, 1)[0], &about
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pages = append(a.pages, l)
	return nil
}

// problems are what the comparison found, and what of it is only counted.
func (a *against) problems() (found, older []diag.Problem, err error) {
	e := check.Editions{
		Archive: a.config.Archive != config.ArchiveOff,
		Share:   a.config.Check.Share, Stamp: a.o.Now.In(a.config.Zone).Format("2006-01-02 15:04"),
		Mark: a.site.Mark, Leads: a.site.Leads, Unpublished: a.site.Missing, Veiled: a.veiled(),
		Rules: func(source string) map[string]string {
			if source == "" {
				return a.config.Check.Holding()
			}
			rules, _ := a.site.Rules(source)
			return rules
		},
	}
	for _, l := range a.config.Languages {
		e.Languages = append(e.Languages, l.Prefix) // "" for the first, which no folder is called
	}
	for _, f := range a.past.Files {
		l := check.Listed{Name: f.Name}
		if f.About != "" {
			about, ok := check.ParseAbout(f.About)
			if !ok {
				return nil, nil, incomparable(a.folder, output.ErrDamaged)
			}
			l.About = &about
		}
		if l.About != nil || path.Ext(f.Name) == ".html" {
			e.Before = append(e.Before, l)
		}
	}
	e.Now = a.pages
	for _, pg := range a.listed { // of which some could not be made
		e.Now = append(e.Now, check.Listed{Name: pg.Path})
	}
	slices.SortStableFunc(e.Now, func(x, y check.Listed) int { return cmp.Compare(x.Name, y.Name) })
	e.Now = slices.CompactFunc(e.Now, func(x, y check.Listed) bool { return x.Name == y.Name })
	for _, p := range e.Problems() {
		if _, old := a.site.Rules(p.Path); old {
			older = append(older, p)
		} else {
			found = append(found, p)
		}
	}
	return found, older, nil
}

// veiled finds for an address a story under embargo, if there were a page with all
// of these stories and none without.
func (p *press) veiled() func(address string) string {
	secret, _ := p.embargoed()
	pages := sync.OnceValue(func() map[string]bool {
		languages, _, err := p.languages()
		if err != nil {
			return nil
		}
		var articles []*article.Article
		for _, r := range p.records {
			if r.Said != nil && !slices.ContainsFunc(p.site.Skipped, func(k site.Skipped) bool { return k.Path == r.Path && k.Reason != "embargo" }) {
				articles = append(articles, r.Said)
			}
		}
		all := map[string]bool{}
		open, _ := site.New(p.siteSettings(languages, true), articles)
		for _, pg := range open.Pages() {
			all[check.Address(pg.Path)] = true
		}
		return all
	})
	return func(address string) string {
		if len(secret) > 0 && pages()[address] {
			return secret[0]
		}
		return ""
	}
}
