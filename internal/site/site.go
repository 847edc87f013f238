// Package site is the whole site as a value.
//
// [New] takes the settings, all articles and the time, and says which stories
// are in the edition, under which URL, and in which lists. It is made anew at
// every build and never changed: what differs from the edition before comes out
// when the pages ask their questions again.
//
// [Site.Pages] lists the pages of the edition and [Site.Book] answers their
// questions about content. The answers (answers.go, machines.go) are plain
// data: what a page sees of the site is what it asked for.
//
// The time is compared only here. What is not published now is in
// [Site.Skipped], with the reason and, where there is one, the time at which
// that changes.
package site

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/language"
)

// Settings are what New goes by beside the articles.
type Settings struct {
	Config    *config.Config
	Languages map[string]*language.Language // by tag
	Now       time.Time
	Drafts    bool // drafts and coming stories are in the edition
	Jobs      int
	Fronts    []*config.Front
	Files     []string               // of the site, sorted
	Has       func(path string) bool // whether a file is among them
}

// A Site is one edition's content.
type Site struct {
	set      Settings
	base     string // base path, "/" or "/news/"
	editions []*edition
	room     []story                            // for all stories, which are many, in the order of the articles
	at       *folder                            // where the story before lay
	stories  map[string]*story                  // published ones and pages, by source path
	sources  func() map[string]*article.Article // all that there are, by path
	problems []diag.Problem
	mapped   func() []SitemapEntry
	old      []Redirect
	oldAt    map[string]oldURL // by the path of its page
	names    func() storyNames
	notes    map[*story][]note // of those that were corrected

	recent      []*story        // that are news now
	recentNews  func() []*story // the same in their order
	opinions    func() map[*list]bool
	embargoed   []string // source paths of what is under embargo now
	sealed      []string // and the folders of bundles among it
	shownOpenly func() map[string]bool
	secretWords func() map[string]bool
	rules       ruling
	said        map[*story]said // of those of which readers have said something

	// Skipped lists what is not published, and why.
	Skipped []Skipped
	// Unpublished lists what readers do not see now, and why: with drafts in the
	// edition, that is more than what was skipped.
	Unpublished []Skipped
	// Next is the earliest time after now at which the edition would be
	// another; zero if there is none.
	Next time.Time
	// Coming is what will happen then.
	Coming []Coming
}

// A Skipped is a file that is not in the edition.
type Skipped struct {
	Path   string
	Reason string    // "draft", "future", "embargo", "expired"
	Until  time.Time // when it will be in; zero if never
}

// A Coming is what happens to a file at some time.
type Coming struct {
	Path string
	// What happens: "future" or "embargo" ends and it is published, "lifted" is the
	// embargo of what stays unpublished, it "expires", a "draft" without a date is of
	// another day, it is no more in the "news" sitemap or in a "feed", its "age" is
	// told or another one, its "comments" are closed, it shows a "correction" or that
	// there was an "update"; a "front" changes, "security"'s file is out of date,
	// or no more too far from that, which is "securing"; "since" then stories are
	// checked.
	What string
}

// An edition is one language's part of the site.
type edition struct {
	site      *Site
	lang      *language.Language
	tag       string
	prefix    string // "" for the first language, "/ar" for a further one
	missing   string // the edition whose stories stand in where this one has no version, or ""
	title     string
	stories   []*story // newest first
	pages     []*story // without a date
	gone      []*story // killed and expired: a notice stands in their place, and they are in no list
	lists     map[string]*list
	order     []*list // all lists in a fixed order
	years     []*list // of the archive, newest first
	feeds     []*list // that have a feed and no page
	sections  []*list // in the order of the menu
	topics    *names
	series    *names
	people    *names
	files     map[string]*article.Article // section files by folder below the edition
	byKey     map[string]*story           // and by "=" and the translation key
	byURL     func() map[string]*story
	wording   func() wording
	roles     func() diag.Spellings // which have words of their own in bylines
	called    map[string]*list      // sections by the slug of their title, and by their URL
	common    func() *commonSettings
	labels    sync.Map                   // what stories have above their headlines -> Link
	about     map[*article.Article]*list // lists by the file that describes them
	heads     *story                     // the list of corrections, or nil
	corrected []*story                   // that have corrections
	noted     []noted                    // all corrections, newest first
	plans     map[*list]*plan            // of fronts, by section; the paper's by the list of all stories
	bar       *Bar                       // on all pages
}

// A story is an article in the edition.
type story struct {
	*article.Article
	// These are asked of all stories one after the other, so they lie together.
	ed      *edition
	url     string  // from the root of the site, without the base path
	key     string  // path without language, index.md and .md: what its translations share
	lies    *folder // nil if it says itself which section it is in
	section *list

	date   time.Time
	coming time.Time // when it is published, if that is not yet
	gone   bool      // a notice stands in its place
	twice  bool      // it names further sections
	also   []*list
	tags   []*list
	series *list
	shown  shown
}

// New makes the site of these articles. The problems are what is found out only
// when all files are known.
func New(set Settings, articles []*article.Article) (*Site, []diag.Problem) {
	set.Now = set.Now.In(set.Config.Zone) // whatever the zone of the machine
	s := &Site{
		set: set, base: set.Config.BasePath(),
		stories: make(map[string]*story, len(articles)),
		room:    make([]story, 0, len(articles)),
		notes:   map[*story][]note{},
		rules:   newRuling(set.Config),
	}
	s.sources = sync.OnceValue(func() map[string]*article.Article {
		all := make(map[string]*article.Article, len(articles))
		for _, a := range articles {
			all[a.Path] = a
		}
		return all
	})
	for i, l := range set.Config.Languages {
		ed := newEdition(set, l, i == 0)
		ed.site = s
		s.editions = append(s.editions, ed)
	}
	for _, a := range articles {
		if !s.place(a) {
			continue
		}
		s.pictures(a)
	}
	for _, ed := range s.editions {
		ed.sort()
		s.sections(ed)
		s.terms(ed)
		s.dates(ed)
		s.listCorrections(ed)
		ed.finish()
	}
	for _, ed := range s.editions {
		ed.borrow()
	}
	s.names = sync.OnceValue(s.storyNames)
	s.mapped = sync.OnceValue(s.mapAll)
	s.shownOpenly = sync.OnceValue(s.openly)
	s.secretWords = sync.OnceValue(s.hushed)
	s.recentNews = sync.OnceValue(s.news)
	s.opinions = sync.OnceValue(s.allOpinions)
	s.addresses()
	s.redirects()
	s.readers()
	s.sameNames()
	s.headlines()
	s.relatives()
	s.fronts()
	s.feeds()
	s.smallFiles()
	s.uncheckable()
	s.checkReaders()
	s.themed()
	s.secrets()
	return s, s.problems
}

func newEdition(set Settings, l config.Language, first bool) *edition {
	ed := &edition{
		lang: set.Languages[l.Tag], tag: l.Tag, title: l.Title, missing: l.Missing,
		lists: map[string]*list{}, called: map[string]*list{}, files: map[string]*article.Article{},
		topics: newNames(), series: newNames(), people: newNames(),
	}
	if ed.title == "" {
		ed.title = set.Config.Title
	}
	if !first {
		ed.prefix = "/" + l.Prefix
	}
	ed.roles = sync.OnceValue(func() diag.Spellings { return diag.NewSpellings(slices.Collect(maps.Keys(ed.lang.Credits))) })
	ed.wording = sync.OnceValue(func() wording { return newWording(ed.stories) })
	ed.common = sync.OnceValue(ed.commonSettings)
	return ed
}

// place puts an article where its path says: into the edition of its language,
// as a story, a page, or the description of a section, author, topic or series.
// It tells whether the article is in the edition.
func (s *Site) place(a *article.Article) bool {
	ed, rest := s.editionOf(a.Path)
	end, embargoed := s.embargo(a)
	if embargoed {
		s.keepSecret(a)
	}
	if reason := "draft"; a.Draft {
		if embargoed && !s.set.Drafts { // nor is a draft named before
			reason = "embargo"
			s.changes(end, Coming{a.Path, "lifted"})
		}
		if s.hide(a, reason, time.Time{}) {
			return false
		}
	}
	switch a.Kind {
	case article.Section:
		ed.files[strings.TrimSuffix(strings.TrimSuffix(rest, "_index.md"), "/")] = a
	case article.Author:
		s.describe(ed.people, rest, a, a.Name)
	case article.Topic:
		s.describe(ed.topics, rest, a, a.Title)
	case article.Series:
		s.describe(ed.series, rest, a, a.Title)
	default:
		s.ignored(a)
		return s.admit(ed, a, rest)
	}
	return true
}

// editionOf finds the edition a file belongs to, and its path within it.
func (s *Site) editionOf(path string) (*edition, string) {
	rest := strings.TrimPrefix(path, "content/")
	for _, ed := range s.editions[1:] {
		if in, ok := strings.CutPrefix(rest, ed.prefix[1:]+"/"); ok {
			return ed, in
		}
	}
	return s.editions[0], rest
}

// admit takes a story or page into the edition if its time has come.
func (s *Site) admit(ed *edition, a *article.Article, rest string) bool {
	s.room = append(s.room, story{Article: a, ed: ed, key: keyOf(rest)})
	st := &s.room[len(s.room)-1]
	if st.twice = len(a.Also) > 0; a.Section == "" {
		st.lies = s.folder(ed, st.key)
	}
	zone := s.set.Config.Zone
	s.clocks(a)
	if !a.Date.IsZero() {
		st.date = a.Date.In(zone)
	}
	now := s.set.Now
	if coming := st.since(); coming.After(now) {
		reason := "future"
		if end, embargoed := s.embargo(a); embargoed {
			reason = "embargo"
			if end.Before(coming) {
				s.changes(end, Coming{a.Path, "lifted"})
			}
		}
		s.changes(coming, Coming{a.Path, reason})
		st.coming = coming
		if !a.Draft && s.hide(a, reason, coming) {
			return false
		}
	}
	if a.Kind == article.Page && strings.Contains(st.key, "/") && !a.Draft {
		s.report(diag.Error, a, "title", "a story needs a date", "add a line such as\ndate: "+now.Format("2006-01-02 15:04")+
			"\nor add the language "+quoted(article.LanguageOf(a.Path))+" to site.yaml, if this folder is one")
	}
	if a.Kind == article.Page && s.headsCorrections(st) {
		return true
	}
	if st.date.IsZero() && a.Kind != article.Page { // a draft's date is not yet known: it is today's
		today := now.In(zone)
		st.date = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, zone)
		if a.Draft { // else it is an error, and there is no edition
			s.changes(st.date.AddDate(0, 0, 1), Coming{a.Path, "draft"})
		}
	}
	s.stories[a.Path] = st
	if s.withdrawn(st) {
		ed.gone = append(ed.gone, st)
		return false
	}
	s.note(st)
	if !a.Updated.IsZero() {
		s.changes(a.Updated.In(zone), Coming{a.Path, "update"})
	}
	if a.Kind == article.Page {
		ed.pages = append(ed.pages, st)
		return true
	}
	ed.stories = append(ed.stories, st)
	if st.coming.IsZero() && !a.Draft {
		s.moments(st)
	}
	return true
}

// withdrawn tells whether a notice stands in the place of a story: it was
// killed, or has expired.
func (s *Site) withdrawn(st *story) bool {
	st.gone = st.Status == "killed"
	if !st.Expires.IsZero() {
		expires := st.Expires.In(s.set.Config.Zone)
		s.changes(expires, Coming{st.Path, "expires"})
		if !st.gone && !expires.After(s.set.Now) {
			st.gone = true
			s.skip(st.Article, "expired", time.Time{})
		}
	}
	return st.gone
}

// hide notes that readers do not see a file, and tells whether it is skipped:
// with drafts in the edition it is not.
func (s *Site) hide(a *article.Article, reason string, until time.Time) bool {
	if s.set.Drafts {
		s.Unpublished = append(s.Unpublished, Skipped{a.Path, reason, until})
		return false
	}
	s.skip(a, reason, until)
	return true
}

func (s *Site) skip(a *article.Article, reason string, until time.Time) {
	skipped := Skipped{a.Path, reason, until}
	s.Skipped, s.Unpublished = append(s.Skipped, skipped), append(s.Unpublished, skipped)
}

// changes notes a time at which the edition will be another, and why.
func (s *Site) changes(at time.Time, c Coming) {
	if !at.After(s.set.Now) || !s.Next.IsZero() && at.After(s.Next) {
		return
	}
	if !at.Equal(s.Next) {
		s.Next, s.Coming = at, nil
	}
	s.Coming = append(s.Coming, c)
}

func (s *Site) report(severity diag.Severity, a *article.Article, key, text, hint string) {
	m := a.Mark(key)
	s.problems = append(s.problems, diag.Problem{Severity: severity, Path: a.Path,
		Line: int(m.Line), Column: int(m.Column), Length: int(m.Length), Text: text, Hint: hint})
}

// reportEntry is report for an entry of a list.
func (s *Site) reportEntry(severity diag.Severity, a *article.Article, key string, entry int, text, hint string) {
	m := a.MarkOf(key, entry)
	s.problems = append(s.problems, diag.Problem{Severity: severity, Path: a.Path,
		Line: int(m.Line), Column: int(m.Column), Length: int(m.Length), Text: text, Hint: hint})
}

// keyOf is what the versions of a story in several languages share.
func keyOf(rest string) string {
	return strings.TrimSuffix(strings.TrimSuffix(rest, ".md"), "/index")
}

func baseName(rest string) string {
	rest = keyOf(rest)
	return rest[strings.LastIndexByte(rest, '/')+1:]
}

// sort puts the stories in the order of lists: the newest first, those of one
// time by their path.
func (ed *edition) sort() {
	newestFirst(ed.stories)
	slices.SortFunc(ed.pages, func(a, b *story) int { return strings.Compare(a.Path, b.Path) })
}

// newestFirst sorts by the seconds of the stories' dates, which have no less:
// they stand beside each other, so that few stories are looked at in a large
// archive.
func newestFirst(stories []*story) {
	type dated struct {
		at int64
		*story
	}
	all := make([]dated, len(stories))
	for i, st := range stories {
		all[i] = dated{st.date.Unix(), st}
	}
	slices.SortFunc(all, func(a, b dated) int {
		if a.at != b.at {
			return cmp.Compare(b.at, a.at)
		}
		return strings.Compare(a.Path, b.Path)
	})
	for i := range all {
		stories[i] = all[i].story
	}
}
