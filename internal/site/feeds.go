package site

import (
	"slices"
	"strings"
	"time"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
)

// Which lists have feeds, and what these tell.

type feedKind struct{ file, kind, format string }

var feedFiles = []feedKind{
	{"feed.xml", "rss", "rss"}, {"atom.xml", "atom", "atom"}, {"feed.json", "jsonfeed", "json"}, {"ninjs.json", "ninjsfeed", "ninjs"},
}

// feedKinds are the feeds of a list: those site.yaml names for the paper and
// its sections, RSS with summaries for topics, authors and kinds of story.
func (s *Site) feedKinds(l *list) []feedKind {
	feeds := s.set.Config.Feeds
	var formats []string
	switch l.kind {
	case "all":
		if formats = feeds.Formats; s.wired() {
			formats = append(slices.Clip(formats), "ninjs")
		}
	case "section":
		formats = feeds.Formats
	case "feed":
		formats = l.chosen.Formats
	case "corrections":
		if feeds.Has("rss") {
			formats = []string{"rss"}
		}
	case "tag", "author", "kind":
		if feeds.Terms && feeds.Has("rss") {
			formats = []string{"rss"}
		}
	}
	var kinds []feedKind
	for _, k := range feedFiles {
		if slices.Contains(formats, k.format) && (k.format != "ninjs" || s.set.Config.BaseURL != "") {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func (s *Site) hasFeed(l *list) bool {
	kinds := s.feedKinds(l)
	return len(kinds) > 0 && kinds[0].kind == "rss"
}

// feedPages adds the feeds.
func (s *Site) feedPages(all *pages) {
	for _, ed := range s.editions {
		for _, some := range [][]*list{ed.order, ed.feeds} {
			for _, l := range some {
				for _, f := range s.feedKinds(l) {
					all.add(strings.TrimPrefix(l.url, "/")+f.file, f.kind, ed.tag, l.kind, l.name)
				}
			}
		}
	}
}

// feeds makes the lists of stories that have a feed and no page: those that
// site.yaml names, and those of each kind of story but news, which most are.
// Where both would be called the same, site.yaml counts.
func (s *Site) feeds() {
	for i := range s.set.Config.Feeds.Named {
		s.chosenFeeds(&s.set.Config.Feeds.Named[i])
	}
	if !s.set.Config.Feeds.Terms {
		return
	}
	for _, ed := range s.editions {
		byKind := map[string][]*story{}
		for _, st := range ed.stories {
			if st.Type != "news" && st.fed() && len(byKind[st.Type]) < s.set.Config.PerPage {
				byKind[st.Type] = append(byKind[st.Type], st)
			}
		}
		for _, kind := range config.Kinds {
			if stories := byKind[kind]; stories != nil && ed.lists["feed "+kind] == nil {
				title, _ := ed.lang.Text("type_" + kind)
				ed.addFeed(&list{kind: "kind", name: kind, headline: title, stories: stories})
			}
		}
	}
}

// addFeed makes a list known of which there is a feed and no page.
func (ed *edition) addFeed(l *list) {
	l.ed, l.url = ed, ed.prefix+"/feeds/"+l.name+"/"
	ed.lists[l.id()] = l
	ed.feeds = append(ed.feeds, l)
}

// chosenFeeds makes a feed that site.yaml names, in each edition that has what
// the feed is to hold, or in all if none has.
func (s *Site) chosenFeeds(f *config.NamedFeed) {
	var in []*edition
	for _, ed := range s.editions {
		if !ed.lacks(f.Include) {
			in = append(in, ed)
		}
	}
	if in == nil {
		in = s.editions
	}
	s.unknownNames(f.Include)
	s.unknownNames(f.Exclude)
	for _, ed := range in {
		l := &list{kind: "feed", name: f.Name, headline: f.Title, chosen: f}
		most := f.Count
		if most == 0 {
			most = s.set.Config.PerPage
		}
		for _, st := range ed.stories {
			if len(l.stories) == most {
				break
			}
			if !st.fed() || !ed.fits(f.Include, st, true) || ed.fits(f.Exclude, st, false) {
				continue
			}
			if until := st.since().Add(time.Duration(f.Hours) * time.Hour); f.Hours > 0 {
				if !until.After(s.set.Now) {
					continue
				}
				s.changes(until, Coming{st.Path, "feed"})
			}
			l.stories = append(l.stories, st)
		}
		ed.addFeed(l)
	}
}

// A chooser is a kind of names by which feeds choose stories.
type chooser struct {
	what  string
	names []config.Named
	list  func(ed *edition, name string) *list
	has   func(a *article.Article) []string // such names of a story
	of    func(ed *edition) *names          // nil for sections
}

// choosers are the kinds of names that choose these stories.
func choosers(c config.Stories) (all []chooser) {
	byName := func(of func(*edition) *names) func(*edition, string) *list {
		return func(ed *edition, name string) *list { return of(ed).list(name) }
	}
	topics, series, people := func(ed *edition) *names { return ed.topics }, func(ed *edition) *names { return ed.series }, func(ed *edition) *names { return ed.people }
	for _, k := range []chooser{
		{"section", c.Sections, (*edition).findSection, func(a *article.Article) []string { return []string{a.Section} }, nil},
		{"topic", c.Tags, byName(topics), func(a *article.Article) []string { return a.Tags }, topics},
		{"series", c.Series, byName(series), func(a *article.Article) []string { return []string{a.Series.Name} }, series},
		{"author", c.Authors, byName(people), authorNames, people},
	} {
		if len(k.names) > 0 {
			all = append(all, k)
		}
	}
	return all
}

// lacks tells whether an edition knows none of the names of some kind.
func (ed *edition) lacks(c config.Stories) bool {
	return slices.ContainsFunc(choosers(c), func(k chooser) bool {
		return !slices.ContainsFunc(k.names, func(n config.Named) bool { return k.list(ed, n.Name) != nil })
	})
}

// fits tells whether a story fits each kind of name that there is, or any of
// them. It fits a kind if it fits one of its names.
func (ed *edition) fits(c config.Stories, st *story, each bool) bool {
	if c.Kinds != nil && slices.Contains(c.Kinds, st.Type) != each {
		return !each
	}
	for _, k := range choosers(c) {
		fits := slices.ContainsFunc(k.names, func(n config.Named) bool {
			l := k.list(ed, n.Name)
			return l != nil && l.has(st)
		})
		if fits != each {
			return !each
		}
	}
	return each
}

// unknownNames reports names that no edition has, nor anything that waits to be
// published.
func (s *Site) unknownNames(c config.Stories) {
	for _, k := range choosers(c) {
		for _, n := range k.names {
			if slices.ContainsFunc(s.editions, func(ed *edition) bool {
				return k.list(ed, n.Name) != nil || k.of != nil && k.of(ed).files[k.of(ed).slug(n.Name)] != nil || k.of == nil && len(within(s.set.Files, "content"+ed.prefix+"/"+n.Name)) > 0
			}) || s.awaited(k, n.Name) {
				continue
			}
			var all []string
			for _, ed := range s.editions {
				if k.of == nil {
					all = append(all, ed.sectionNames()...)
					continue
				}
				for _, l := range k.of(ed).order {
					all = append(all, l.headline)
				}
			}
			hint := "the feed knows nothing by it until there is one"
			if near := diag.Nearest(n.Name, all); near != "" {
				hint = "did you mean " + quoted(near) + "?"
			}
			s.problems = append(s.problems, diag.Problem{Severity: diag.Warning, Path: settingsFile, Line: n.Line, Column: n.Column, Length: n.Length,
				Text: "there is no " + k.what + " " + quoted(n.Name), Hint: hint})
		}
	}
}

// settingsFile is the file of the site's settings, for messages.
const settingsFile = "site.yaml"

// awaited tells whether a story that readers do not see has such a name.
func (s *Site) awaited(k chooser, name string) bool {
	return slices.ContainsFunc(s.Unpublished, func(u Skipped) bool {
		a := s.sources()[u.Path]
		return a != nil && slices.ContainsFunc(k.has(a), func(other string) bool { return folded(other) == folded(name) })
	})
}
