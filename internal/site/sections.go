package site

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/slug"
)

// sections gives each story its section: the first folder, or the deepest
// sub-section its folders make, or the one its front matter names. Stories come
// newest first, so each list is in order as it grows.
func (s *Site) sections(ed *edition) {
	folders := make([]string, 0, len(ed.files))
	for f := range ed.files {
		folders = append(folders, f)
	}
	slices.Sort(folders) // parents first
	for _, f := range folders {
		if f != "" {
			s.section(ed, f)
		} else {
			s.report(diag.Warning, ed.files[f], "title", "nothing is made of this file: it is in no section", "the front page's title and description stand in site.yaml")
		}
	}
	for _, st := range ed.stories {
		if st.lies != nil && !st.lies.made {
			st.lies.made = true
			s.section(ed, topOf(st.lies.path))
		}
	}
	for _, st := range ed.stories {
		st.section = s.sectionOf(st)
		st.section.stories = append(st.section.stories, st)
		for p := st.section.parent; p != nil; p = p.parent {
			p.stories = append(p.stories, st)
		}
		if st.twice {
			s.alsoIn(st)
		}
	}
	for _, st := range ed.gone {
		st.section = s.sectionOfGone(st)
	}
	for _, l := range ed.sections {
		slices.SortFunc(l.subs, sectionOrder)
	}
	slices.SortFunc(ed.sections, sectionOrder)
	ed.add(&list{kind: "all", url: ed.prefix + "/", headline: ed.title, stories: ed.stories})
}

// A folder is where stories lie, which have all they take from it in common:
// there are fewer of these, and each is asked about once.
type folder struct {
	ed      *edition
	path    string // below the edition
	made    bool   // there is a section of its first part
	section *list
}

// folder is that of a story. Those that lie together come one after the other.
func (s *Site) folder(ed *edition, key string) *folder {
	at := key
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		at = key[:i]
	}
	if s.at == nil || s.at.ed != ed || s.at.path != at {
		s.at = &folder{ed: ed, path: at}
	}
	return s.at
}

// alsoIn lists a story in the further sections it names.
func (s *Site) alsoIn(st *story) {
	for _, name := range st.Also {
		l := st.ed.findSection(name)
		if l == nil {
			s.report(diag.Error, st.Article, "also", "there is no section "+quoted(name), meant(name, st.ed.sectionNames()))
			continue
		}
		for ; l != nil; l = l.parent {
			if n := len(l.stories); n == 0 || l.stories[n-1] != st {
				l.stories = append(l.stories, st)
				st.also = append(st.also, l)
			}
		}
	}
}

// section finds or makes the section of a folder, with those above it.
func (s *Site) section(ed *edition, folder string) *list {
	if l := ed.lists["section "+folder]; l != nil {
		return l
	}
	l := &list{kind: "section", name: folder, source: ed.files[folder]}
	base := folder
	above := ed.prefix + "/"
	if i := strings.LastIndexByte(folder, '/'); i >= 0 {
		l.parent = s.section(ed, folder[:i])
		l.parent.subs = append(l.parent.subs, l)
		base, above = folder[i+1:], l.parent.url
	} else {
		ed.sections = append(ed.sections, l)
	}
	own := slug.Make(base)
	l.headline = humanise(base)
	if a := l.source; a != nil {
		if a.Slug != "" {
			own = slug.Make(a.Slug)
		}
		if a.Title != "" {
			l.headline = a.Title
		}
	}
	if own == "" {
		s.problems = append(s.problems, diag.Problem{Severity: diag.Error, Path: "content" + ed.prefix + "/" + folder,
			Text: "there is neither a letter nor a digit in the name of this folder", Hint: "rename it, or give it an _index.md with slug:"})
		own = noWord
	}
	l.url = above + own + "/"
	for _, called := range []string{"title " + slug.Make(l.headline), "url " + strings.Trim(strings.TrimPrefix(l.url, ed.prefix), "/")} {
		if ed.called[called] == nil {
			ed.called[called] = l
		}
	}
	return ed.add(l)
}

func (s *Site) sectionOf(st *story) *list {
	ed := st.ed
	if st.lies == nil {
		if l := ed.findSection(st.Section); l != nil {
			return l
		}
		own := slug.Make(st.Section)
		if own == "" {
			s.report(diag.Error, st.Article, "section", "there is neither a letter nor a digit in the name of this section", meant(st.Section, ed.sectionNames()))
			return s.section(ed, topOf(st.key))
		}
		s.report(diag.Warning, st.Article, "section", "no folder and no other story makes a section "+quoted(st.Section),
			meant(st.Section, ed.sectionNames()))
		return s.section(ed, own)
	}
	if st.lies.section == nil {
		st.lies.section = s.nearestSection(ed, st.lies.path)
	}
	return st.lies.section
}

// nearestSection is that of a folder, or of one above it.
func (s *Site) nearestSection(ed *edition, folder string) *list {
	for {
		if l := ed.lists["section "+folder]; l != nil {
			return l
		}
		i := strings.LastIndexByte(folder, '/')
		if i < 0 {
			return s.section(ed, folder)
		}
		folder = folder[:i]
	}
}

// sectionOfGone is the section of a story that is gone. One that no other story
// makes is gone with it, but for its part of the address: it is no list.
func (s *Site) sectionOfGone(st *story) *list {
	if st.Kind == article.Page {
		return nil
	}
	name := topOf(st.key)
	if st.Section != "" {
		if l := st.ed.findSection(st.Section); l != nil {
			return l
		}
		name = cmp.Or(slug.Make(st.Section), name)
	} else {
		for folder := path.Dir(st.key); folder != "."; folder = path.Dir(folder) {
			if l := st.ed.lists["section "+folder]; l != nil {
				return l
			}
		}
	}
	return &list{ed: st.ed, kind: "section", name: name, headline: humanise(name), url: st.ed.prefix + "/" + cmp.Or(slug.Make(name), noWord) + "/"}
}

// listed is the section of a story, nil if that is no list.
func (st *story) listed() *list {
	if l := st.section; l != nil && (!st.gone || st.ed.lists[l.id()] == l) {
		return l
	}
	return nil
}

// findSection finds a section by its folder, its slug or its title.
func (ed *edition) findSection(name string) *list {
	if l := ed.lists["section "+name]; l != nil {
		return l
	}
	if l := ed.called["title "+slug.Make(name)]; l != nil {
		return l
	}
	return ed.called["url "+name]
}

func (ed *edition) sectionNames() []string {
	var names []string
	for _, l := range ed.order {
		if l.kind == "section" {
			names = append(names, l.name)
		}
	}
	return names
}

// sectionOrder puts sections in the order their files give, the others after
// them by name.
func sectionOrder(a, b *list) int {
	return cmp.Or(cmp.Compare(orderOf(a.source), orderOf(b.source)), cmp.Compare(a.headline, b.headline), cmp.Compare(a.name, b.name))
}

func orderOf(a *article.Article) int {
	if a == nil || a.Order == 0 {
		return 1 << 30
	}
	return a.Order
}

// topOf is the first folder of a key.
func topOf(key string) string {
	top, _, _ := strings.Cut(key, "/")
	return top
}

// humanise makes a title of a folder's name.
func humanise(folder string) string {
	words := strings.ReplaceAll(folder, "-", " ")
	for i, r := range words {
		return strings.ToUpper(string(r)) + words[i+len(string(r)):]
	}
	return words
}

func quoted(s string) string { return `"` + s + `"` }

func meant(word string, candidates []string) string {
	if near := diag.Nearest(word, candidates); near != "" {
		return "did you mean " + quoted(near) + "?"
	}
	if len(candidates) == 0 {
		return ""
	}
	slices.Sort(candidates)
	return "there are: " + strings.Join(candidates, ", ")
}
