package deploy

import (
	"cmp"
	"path"
	"slices"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// A Phase is a part of a deploy. One begins when the one before has ended.
type Phase uint8

// The phases. New pages come before those that link to them, and what is removed
// is removed when nothing leads there any more, but for stories that have left.
const (
	Withdraw Phase = iota // pages of stories that have left the site
	Clear                 // files that lie where a folder is to be, or the other way round, and twins
	Assets                // and all else that pages show
	NewPages
	Pages // that have changed
	Lists
	Feeds
	Sitemaps
	Removals
	OldAssets // that no edition has named for assetDays
)

// assetDays is how long an asset stays that no edition names any more. Whoever
// has an older page open, or got it from a cache, still finds its styles.
const assetDays = 30

// A Change is one thing to do at a target.
type Change struct {
	Phase Phase
	Path  string
	File  *File  // what is sent; nil: the path is removed
	Was   *Entry // what lies there; nil: nothing that is known of
}

// Changes are what a deploy does.
type Changes struct {
	List []Change // in order
	Left []Story  // stories that the site has no more
	// Stay are assets that no edition names any more, and that stay a while.
	Stay []Entry
	// Retired is the number of those that begin to.
	Retired int
	// Told is whether the manifest is to be written though no file changes.
	Told bool
}

// Nothing tells whether there is nothing to do.
func (c Changes) Nothing() bool { return len(c.List) == 0 && !c.Told }

// Plan says what is to be done so that a target has an edition, in order. What
// lies there is nil if nothing is known of it.
func Plan(e Edition, at *Manifest, now time.Time) Changes {
	c := Changes{}
	if !e.Earlier {
		c.Left = at.left(e.Stories())
	}
	withdrawn := map[string]bool{}
	for _, s := range c.Left {
		withdrawn[s.Path] = true
	}
	named, folders, twins := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range e.Files {
		f := &e.Files[i]
		key := folded(f.Path)
		named[f.Path], twins[key] = true, true
		for dir := path.Dir(key); dir != "." && !folders[dir]; dir = path.Dir(dir) {
			folders[dir] = true
		}
		was, known := at.find(f.Path)
		if known && was.same(f) {
			c.Told = c.Told || was.Gone != ""
			continue
		}
		c.List = append(c.List, Change{phaseOf(f, known && was.there(), withdrawn[f.Path]), f.Path, f, was})
	}
	if at != nil {
		inTheWay := func(name string) bool {
			key := folded(name)
			return twins[key] || folders[key] || within(key, twins)
		}
		c.remove(at, named, withdrawn, inTheWay, now)
		c.Told = c.Told || len(c.List) > 0 || c.Retired > 0 || at.BaseURL != e.BaseURL
	} else {
		c.Told = true
	}
	slices.SortStableFunc(c.List, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Phase, b.Phase), cmp.Compare(a.Path, b.Path))
	})
	return c
}

// same tells whether a file lies at the target already, as it is to.
func (e *Entry) same(f *File) bool {
	return !e.Moving && e.Size == f.Size && e.Sum == Sum(f.Sum) && e.Header == f.Header
}

// within tells whether a path lies in a folder that is a file now.
func within(name string, files map[string]bool) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if files[dir] {
			return true
		}
	}
	return false
}

// folded is a path as a disk sees it that takes capitals and small letters, and the
// forms of Unicode, for equal: what differs in these from a file that is sent must
// be gone before, or it would be that file that is removed.
func folded(name string) string {
	for i := range len(name) {
		if c := name[i]; c >= 0x80 || c >= 'A' && c <= 'Z' {
			return cases.Fold().String(norm.NFC.String(name))
		}
	}
	return name
}

// there tells whether readers may find something at a path.
func (e *Entry) there() bool { return !e.Moving || e.Before }

// front is where readers begin: what it leads to is there before it is, also at a
// first deploy.
const front = "index.html"

func phaseOf(f *File, known, withdrawn bool) Phase {
	switch {
	case withdrawn:
		return Withdraw // a redirect or a notice in its place
	case f.Kind == Asset, f.Kind == Other:
		return Assets
	case f.Kind == Feed:
		return Feeds
	case f.Kind == Sitemap:
		return Sitemaps
	case !known && f.Path != front:
		return NewPages
	case f.Kind == Page:
		return Pages
	}
	return Lists
}

// remove adds what an edition names no more.
func (c *Changes) remove(at *Manifest, named, withdrawn map[string]bool, inTheWay func(string) bool, now time.Time) {
	today := now.UTC().Format(time.DateOnly)
	for i := range at.Files {
		e := &at.Files[i]
		switch {
		case named[e.Path]:
		case withdrawn[e.Path]:
			c.List = append(c.List, Change{Phase: Withdraw, Path: e.Path, Was: e})
		case inTheWay(e.Path):
			c.List = append(c.List, Change{Phase: Clear, Path: e.Path, Was: e})
		case KindOf(e.Path, false) != Asset || e.Moving:
			c.List = append(c.List, Change{Phase: Removals, Path: e.Path, Was: e})
		case e.Gone == "":
			stays := *e
			stays.Gone = today
			c.Stay, c.Retired = append(c.Stay, stays), c.Retired+1
		case old(e.Gone, now):
			c.List = append(c.List, Change{Phase: OldAssets, Path: e.Path, Was: e})
		default:
			c.Stay = append(c.Stay, *e)
		}
	}
}

func old(since string, now time.Time) bool {
	day, err := time.Parse(time.DateOnly, since)
	return err == nil && !now.Before(day.AddDate(0, 0, assetDays))
}

// Stories are those of an edition.
func (e *Edition) Stories() (all []Story) {
	for _, f := range e.Files {
		if f.Story != nil {
			all = append(all, *f.Story)
		}
	}
	return all
}

// URL is the address of a file below the base URL of an edition.
func URL(base, name string) string {
	if path.Base(name) == "index.html" {
		name = name[:len(name)-len("index.html")]
	}
	return base + escaped(name)
}
