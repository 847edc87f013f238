package site

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/threads"
)

// What readers say of stories: which file has it, and whether they may say more.
// What is in these files is not known here, so that a comment more changes nothing
// of the site.

// said are the files of what readers have said of a story, each "" if there is none.
type said struct{ thread, tally string }

// readers finds the story of each file of comments and of ratings. A site without
// any is not walked for them.
func (s *Site) readers() {
	files := slices.Concat(within(s.set.Files, strings.TrimSuffix(threads.Comments, "/")), within(s.set.Files, strings.TrimSuffix(threads.Ratings, "/")))
	files = slices.DeleteFunc(files, func(f string) bool { return path.Ext(f) != ".json" })
	if len(files) == 0 {
		return
	}
	s.said = map[*story]said{}
	byStory, summed := map[string]*said{}, map[string]bool{}
	for _, f := range files {
		name, ok := threads.StoryOf(f)
		if !ok {
			summed[f] = true
			continue
		}
		of := cmp.Or(byStory[name], new(said))
		of.take(f)
		byStory[name] = of
	}
	found := map[string]bool{} // names that a story has
	for _, ed := range s.editions {
		for _, some := range [][]*story{ed.stories, ed.pages, ed.gone} {
			for _, st := range some {
				name := st.lasting()
				if of := byStory[name]; of != nil {
					found[name] = true
					s.said[st] = *of
				}
				if len(summed) > 0 {
					s.takeSummed(st, name, summed)
				}
			}
		}
	}
	var l lost
	for _, f := range files {
		if name, ok := threads.StoryOf(f); ok && !found[name] && !l.waits(s, name) {
			s.orphan(f, name, &l)
		} else if summed[f] {
			s.orphan(f, "", &l)
		}
	}
}

// sameNames reports stories that share a lasting name: what readers say of one would
// stand below the other too, and be sent back to it. Only who has written an id can
// have done that.
func (s *Site) sameNames() {
	if s.set.Config.Comments.Service == "" && len(s.said) == 0 {
		return
	}
	var named []*story
	for _, st := range s.stories {
		if st.ID != "" && !st.gone {
			named = append(named, st)
		}
	}
	slices.SortFunc(named, func(a, b *story) int { return cmp.Compare(a.Path, b.Path) })
	first := map[string]*story{}
	for _, st := range named {
		other := cmp.Or(first[st.ID], s.pageAt(st.ID))
		if first[st.ID] == nil {
			first[st.ID] = st
		}
		if other != nil && other != st && other.lasting() == st.ID {
			s.report(diag.Error, st.Article, "id", "the id "+quoted(st.ID)+" is also that of "+other.Path+": readers' comments on one would be on both", "give each story its own, or none")
		}
	}
}

func (of *said) take(file string) {
	if strings.HasPrefix(file, threads.Comments) {
		of.thread = file
	} else {
		of.tally = file
	}
}

// takeSummed gives a story those files whose names are only sums, and strikes them
// off the list.
func (s *Site) takeSummed(st *story, name string, summed map[string]bool) {
	for _, f := range []string{threads.Path(name), threads.RatingPath(name)} {
		if summed[f] {
			of := s.said[st]
			of.take(f)
			s.said[st] = of
			delete(summed, f)
		}
	}
}

// lasting is the story's lasting name.
func (st *story) lasting() string { return cmp.Or(st.ID, st.url) }

// A lost is what it takes to say of what readers have said where it belongs. It is
// gathered when the first file of no story is met.
type lost struct {
	waiting map[string]bool // lasting names of stories that are not published
	names   []string        // of files that stories may have
	files   int             // of no story
}

// guesses is of how many files it is said which was meant: each is compared with
// the names of all stories. Where more are of no story, their stories have moved.
const guesses = 20

// waits tells whether a lasting name is that of a story that is not published.
func (l *lost) waits(s *Site, name string) bool {
	if l.waiting == nil {
		l.waiting = map[string]bool{}
		for _, k := range s.Skipped {
			a := s.sources()[k.Path]
			if a == nil || s.stories[a.Path] != nil || a.Kind != article.Story && a.Kind != article.Page {
				continue
			}
			l.waiting[s.willBe(a)] = true
		}
	}
	return l.waiting[name]
}

// near is the name that was probably meant by one of no story.
func (l *lost) near(s *Site, name string) string {
	if l.files++; l.files > guesses {
		return ""
	}
	if l.names == nil {
		for _, ed := range s.editions {
			for _, st := range slices.Concat(ed.stories, ed.pages) {
				l.names = append(l.names, threads.Name(st.lasting()))
			}
		}
	}
	return cmp.Or(diag.Nearest(name, l.names), diag.NearestFile(name, l.names))
}

// willBe is the lasting name that a story will have when it is published.
func (s *Site) willBe(a *article.Article) string {
	switch {
	case a.ID != "":
		return a.ID
	case a.URL != "":
		return tidyURL(a.URL)
	}
	return s.wouldBe(a)
}

// wouldBe is the address that a story would have if it were published.
func (s *Site) wouldBe(a *article.Article) string {
	ed, rest := s.editionOf(a.Path)
	st := &story{Article: a, ed: ed, key: keyOf(rest)}
	if a.Kind == article.Page {
		return ed.prefix + "/" + st.slug() + "/"
	}
	if a.Date.IsZero() || st.slug() == noWord {
		return ""
	}
	st.date, st.gone = a.Date.In(s.set.Config.Zone), true
	st.section = s.sectionOfGone(st)
	return s.address(st, s.way(st.section), st.slug())
}

// orphan reports a file of a story that there is not. What is under embargo is not
// named for it.
func (s *Site) orphan(file, name string, l *lost) {
	text, hint := "no story has the lasting name "+quoted(name)+", to which this belongs", ""
	folder := threads.Comments
	if strings.HasPrefix(file, threads.Ratings) {
		folder = threads.Ratings
	}
	if name == "" {
		text = "no story has a file of this name"
	} else if old, ok := s.oldAt[fileOf(name)]; ok && s.stories[old.in.Path] != nil {
		hint = "that was the address of " + old.in.Path + ": write there\nid: " + name
	}
	if hint == "" {
		if hint = "remove it, or name it by the lasting name of its story, as " + folder + "town/2026/11/mill-fire.json is of /town/2026/11/mill-fire/"; name != "" {
			hint = "remove it; or, if the story has moved, write in its front matter\nid: " + name
		}
		if near := l.near(s, strings.TrimSuffix(strings.TrimPrefix(file, folder), ".json")); near != "" {
			hint = "did you mean " + quoted(folder+near+".json") + "?"
		}
	}
	s.problems = append(s.problems, diag.Problem{Severity: diag.Error, Path: file, Text: text, Hint: hint})
}

// rating says whether readers are asked if they like a story: "open", "closed" or
// "off". The story's own word counts; else it closes when its comments do.
func (s *Site) rating(st *story) string {
	set := s.set.Config
	switch {
	case set.Comments.Service == "" || !set.Rating.Asked:
		return "off"
	case st.Rating != "":
		return st.Rating
	case st.Kind == article.Page, s.unrated(st):
		return "off"
	case s.late(st):
		return "closed"
	}
	return "open"
}

// unrated tells whether stories of this kind, or of this section, are not asked
// about.
func (s *Site) unrated(st *story) bool {
	return slices.ContainsFunc(s.set.Config.Rating.Off, func(off config.Named) bool {
		if off.Name == st.Type {
			return true
		}
		for l := st.section; l != nil; l = l.parent {
			if l.name == off.Name || l == st.ed.findSection(off.Name) {
				return true
			}
		}
		return false
	})
}

// late tells whether a story has been out for so long that readers say no more of
// it.
func (s *Site) late(st *story) bool {
	days := s.set.Config.Comments.CloseAfter
	return days > 0 && !st.Draft && !st.since().AddDate(0, 0, days).After(s.set.Now)
}

// checkReaders reports what site.yaml says of readers and the site has not.
func (s *Site) checkReaders() {
	set := s.set.Config
	report := func(n config.Named, text, hint string) {
		s.problems = append(s.problems, diag.Problem{Severity: diag.Error, Path: settingsFile, Line: n.Line, Column: n.Column, Length: n.Length, Text: text, Hint: hint})
	}
	for _, off := range set.Rating.Off {
		if off.Line == 0 || slices.Contains(config.Kinds, off.Name) || off.Name == "" {
			continue
		}
		known := slices.Concat(config.Kinds, s.SectionNames())
		if !slices.ContainsFunc(s.editions, func(ed *edition) bool { return ed.findSection(off.Name) != nil }) && len(within(s.set.Files, "content/"+off.Name)) == 0 {
			report(off, "there is no kind of story and no section "+quoted(off.Name), meant(off.Name, known))
		}
	}
	if to := set.Comments.Policy; strings.HasPrefix(to.URL, "/") {
		address, _, _ := strings.Cut(to.URL, "#")
		if s.pageAt(address) == nil && (s.set.Has == nil || !s.set.Has("static"+address)) && !s.Tells(address) && s.oldAt[fileOf(tidyURL(address))].in.Path == "" {
			var known []string
			for _, ed := range s.editions {
				for _, st := range ed.pages {
					known = append(known, st.url)
				}
			}
			hint := meant(to.URL, known)
			if name := strings.Trim(address, "/"); diag.Nearest(to.URL, known) == "" && name != "" && !strings.Contains(name, "/") {
				hint = "write it: content/" + name + ".md"
			}
			report(config.Named{Name: to.URL, Line: to.Line, Column: to.Column, Length: to.Length}, "there is no page "+to.URL+" with the rules for comments", hint)
		}
	}
}

// pageAt is the page or story at an address from the root of the site.
func (s *Site) pageAt(address string) *story {
	url := tidyURL(address)
	for _, ed := range s.editions {
		for _, st := range ed.pages {
			if st.url == url {
				return st
			}
		}
		if st := ed.byURL()[url]; st != nil && !st.gone {
			return st
		}
	}
	return nil
}

// policyIn is where an edition's readers find the rules for comments: in their own
// language, if they are there in it.
func (s *Site) policyIn(ed *edition) string {
	to := s.set.Config.Comments.Policy.URL
	if !strings.HasPrefix(to, "/") {
		return to
	}
	if s.Tells(to) {
		return ""
	}
	address, at, _ := strings.Cut(to, "#")
	if at != "" {
		at = "#" + at
	}
	if st := s.pageAt(address); st != nil {
		if own := ed.version(st); own != nil {
			return s.url(own.url) + at
		}
	}
	return s.url(to)
}

// answerCommenting answers "commenting LANG": what is said where readers may say
// something. Without a service there is nothing.
func (s *Site) answerCommenting(f []string) (page.Answer, error) {
	set := s.set.Config
	if set.Comments.Service == "" {
		return none, nil
	}
	ed := s.edition(f[0])
	in := func(texts map[string]string) string { return cmp.Or(texts[ed.tag], texts[""]) }
	return page.Answer{Value: &Commenting{
		Lang: ed.tag, Service: set.Comments.Service, Policy: s.policyIn(ed), Length: threads.Most,
		Question: in(set.Rating.Question), Yes: in(set.Rating.Yes), No: in(set.Rating.No),
	}}, nil
}

// answerSaid answers "said PATH": the files of what readers have said of a story,
// as far as that is shown.
func (s *Site) answerSaid(f []string) (page.Answer, error) {
	st := s.stories[f[0]]
	if st == nil {
		return none, nil
	}
	of := s.saidOf(st)
	if of == (said{}) {
		return none, nil
	}
	full := &Said{Thread: of.thread, Tally: of.tally}
	if of.thread != "" && s.set.Config.Feeds.Has("rss") {
		full.Feed = s.url(st.ed.prefix + commentsFolder + "feed.xml")
	}
	return page.Answer{Value: full}, nil
}

// saidOf is what is shown of it.
func (s *Site) saidOf(st *story) said {
	of := s.said[st]
	if st.gone || st.Comments == "off" {
		of.thread = ""
	}
	if st.gone || s.rating(st) == "off" {
		of.tally = ""
	}
	return of
}

// answerThreads answers "threads LANG": the stories of an edition of which readers
// have said something that is shown, by their paths, each with its file.
func (s *Site) answerThreads(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	all := map[string]string{}
	for st := range s.said {
		if of := s.saidOf(st); st.ed == ed && of.thread != "" {
			all[st.Path] = of.thread
		}
	}
	heading, err := ed.lang.Text("comments")
	return page.Answer{Value: &Threads{
		Title: ed.title, Heading: heading, Lang: ed.tag, Dir: ed.lang.Dir, Files: all,
		URL: s.url(ed.prefix + "/"), Permalink: s.absolute(ed.prefix + "/"), Self: s.absolute(ed.prefix + commentsFolder),
	}}, err
}

// commentsFolder is where the feed of comments lies.
const commentsFolder = "/comments/"

// readerPages adds the feeds of comments, and what the service is told.
func (s *Site) readerPages(all *pages) {
	if s.set.Config.Feeds.Has("rss") {
		for _, ed := range s.editions {
			if s.commented(ed) {
				all.add(strings.TrimPrefix(ed.prefix+commentsFolder, "/")+"feed.xml", "commentsfeed", ed.tag)
			}
		}
	}
	if s.set.Config.Comments.Service != "" {
		all.add(threads.EditionFile, "commentsfile")
	}
}

// commented tells whether an edition shows comments.
func (s *Site) commented(ed *edition) bool {
	for st := range s.said {
		if st.ed == ed && s.saidOf(st).thread != "" {
			return true
		}
	}
	return false
}

// answerCommentable answers "commentable": what the service is told of the edition,
// with URLs as they stand in files.
func (s *Site) answerCommentable([]string) (page.Answer, error) {
	e := &threads.Edition{Paper: s.editions[0].title, Length: threads.Most, Languages: map[string]threads.EditionLanguage{}, Stories: []threads.EditionStory{}}
	for _, ed := range s.editions {
		e.Languages[ed.tag] = threads.EditionLanguage{Paper: ed.title, Dir: ed.lang.Dir, URL: EscapeURL(s.url(ed.prefix + "/")), Policy: EscapeURL(s.policyIn(ed))}
		for _, some := range [][]*story{ed.stories, ed.pages} {
			for _, st := range some {
				comments, rating := s.comments(st) == "open", s.rating(st) == "open"
				if st.Draft || !st.coming.IsZero() || !comments && !rating {
					continue
				}
				_, title := article.Inline(st.Title, quotes(ed.lang))
				e.Stories = append(e.Stories, threads.EditionStory{ID: st.lasting(), URL: EscapeURL(s.url(st.url)), Title: title, Lang: ed.tag, Comments: comments, Rating: rating})
			}
		}
	}
	return page.Answer{Value: e}, nil
}
