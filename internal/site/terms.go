package site

import (
	"slices"
	"strings"
	"unicode"

	"stet/internal/article"
	"stet/internal/diag"
)

// terms lists the stories by topic, series and author. Stories come newest
// first, so that a name is spelt as in the newest story that has it.
func (s *Site) terms(ed *edition) {
	n := 0
	for _, st := range ed.stories {
		n += len(st.Tags)
	}
	room := make([]*list, 0, n) // for the topics of all stories
	for _, st := range ed.stories {
		from := len(room)
		for _, tag := range st.Tags {
			if l := s.topic(ed, st, tag); l != nil && !slices.Contains(room[from:], l) {
				room = append(room, l)
				l.stories = append(l.stories, st)
			}
		}
		st.tags = slices.Clip(room[from:])
		if st.Series.Name != "" && s.hasPage(st, "series", ed.series, st.Series.Name) {
			st.series = ed.term(st, ed.series, "series", "/series/", st.Series.Name)
			st.series.stories = append(st.series.stories, st)
		}
		s.signed(ed, st)
	}
	// Whoever and whatever has a file has a page, with or without stories.
	for _, t := range []struct {
		names     *names
		kind, url string
	}{{ed.topics, "tag", "/tags/"}, {ed.series, "series", "/series/"}, {ed.people, "author", "/authors/"}} {
		var slugs []string
		for own := range t.names.files {
			slugs = append(slugs, own)
		}
		slices.Sort(slugs)
		for _, own := range slugs {
			ed.term(nil, t.names, t.kind, t.url, own)
		}
	}
	for _, l := range ed.people.lists {
		l.author = s.author(l)
	}
	s.alike(ed, ed.topics, "tags", "topic")
	s.alike(ed, ed.series, "series", "series")
	s.alike(ed, ed.people, "author", "author")
}

// signed lists a story with those whom its byline names.
func (s *Site) signed(ed *edition, st *story) {
	for i, by := range st.Authors {
		if by.Role != "" && !ed.lang.Credited(by.Role) {
			if near := ed.roles().Alike(strings.ToLower(by.Role)); near != "" {
				s.report(diag.Warning, st.Article, "author", "the role "+quoted(by.Role)+" is shown as it is written: it is nearly "+quoted(near)+", for which there are words",
					"did you mean "+quoted(near)+"?")
			}
		}
		l := ed.people.called[by.Name]
		if l == nil {
			if !s.hasPage(st, "author", ed.people, by.Name) {
				continue
			}
			l = ed.term(st, ed.people, "author", "/authors/", by.Name)
		}
		if n := len(l.stories); n == 0 || l.stories[n-1] != st {
			l.stories = append(l.stories, st)
			continue
		}
		for _, other := range st.Authors[:i] {
			same := by
			if same.Name = other.Name; same == other && ed.people.called[other.Name] == l {
				s.report(diag.Warning, st.Article, "author", quoted(other.Name)+" and "+quoted(by.Name)+" are one author, who is named once", "keep one of them")
				break
			}
		}
	}
}

// rare is how many stories may have a name that is perhaps a slip: whoever writes it
// more often means it.
const rare = 3

// alike reports terms without a file that are nearly called as one that has one.
func (s *Site) alike(ed *edition, n *names, key, what string) {
	if len(n.files) == 0 {
		return
	}
	known := diag.NewSpellings(n.known())
	for _, l := range n.lists {
		if l.source != nil || len(l.stories) == 0 || len(l.stories) > rare {
			continue
		}
		if near := known.Alike(l.headline); near != "" {
			s.report(diag.Warning, l.stories[0].Article, key, "the "+what+" "+quoted(l.headline)+" is nearly called as "+quoted(near)+", which has a file",
				"did you mean "+quoted(near)+"? If both are right, add content"+strings.TrimSuffix(l.url, "/")+".md")
		}
	}
}

// hasPage tells whether an address can be made of a name, and says if not.
func (s *Site) hasPage(st *story, key string, n *names, name string) bool {
	if n.slug(name) != "" {
		return true
	}
	s.report(diag.Warning, st.Article, key, quoted(name)+" gets no page, as it holds neither a letter nor a digit", "write it in letters")
	return false
}

func (s *Site) topic(ed *edition, st *story, tag string) *list {
	if l := ed.topics.called[tag]; l != nil {
		return l
	}
	own := ed.topics.slug(tag)
	if !s.hasPage(st, "tags", ed.topics, tag) {
		return nil
	}
	if s.set.Config.KnownTags && ed.topics.files[own] == nil {
		s.report(diag.Error, st.Article, "tags", "there is no topic "+quoted(tag)+" in content/tags/, and site.yaml says tags: known",
			meant(tag, ed.topics.known()))
		return nil
	}
	return ed.term(st, ed.topics, "tag", "/tags/", tag)
}

// term finds or makes the list of a topic, series or author that a story names,
// or a file if there is no story.
func (ed *edition) term(st *story, n *names, kind, folder, called string) *list {
	if l := n.called[called]; l != nil {
		return l
	}
	own := n.slug(called)
	l := n.lists[own]
	if l == nil {
		l = &list{kind: kind, name: own, url: ed.prefix + folder + own + "/", headline: n.spelling(own, called), source: n.files[own]}
		n.lists[own] = ed.add(l)
		l.spelt = called
	} else if st != nil {
		ed.site.merged(st, n, l, called)
	}
	n.called[called] = l
	return l
}

// paid tells whether a name without a file stands above nothing but what it paid
// for: it is no author of the paper.
func (l *list) paid() bool {
	return l.kind == "author" && l.source == nil && len(l.stories) > 0 && !slices.ContainsFunc(l.stories, (*story).unpaid)
}

func (s *Site) author(l *list) *Author {
	a := &Author{Name: l.headline, Slug: l.name, URL: s.url(l.url)}
	f := l.source
	if f == nil {
		return a
	}
	a.Role, a.Summary, a.Inactive, a.Source, a.Organisation = f.Role, f.Summary, f.Inactive, f.Path, f.Organisation
	a.Photo = s.image(l.ed, f, f.Photo)
	if !f.Inactive {
		for _, c := range f.Contact {
			a.Contact = append(a.Contact, contactLink(c))
		}
	}
	return a
}

// dialled is a character of a telephone number as its address has it, which has
// no spaces.
func dialled(r rune) rune {
	if unicode.IsSpace(r) || strings.ContainsRune("()/", r) {
		return -1
	}
	return r
}

func contactLink(c article.Contact) Link {
	l := Link{Title: c.Kind, Name: c.Value, URL: c.Value}
	switch c.Kind {
	case "email", "e-mail", "mail":
		l.URL = "mailto:" + c.Value
	case "phone", "tel", "mobile":
		l.URL = "tel:" + strings.Map(dialled, c.Value)
	default:
		if !isAbsolute(c.Value) {
			l.URL = ""
		}
	}
	return l
}
