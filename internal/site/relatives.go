package site

import (
	"cmp"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"stet/internal/article"
	"stet/internal/diag"
)

// relatives reports what articles say of each other that does not hold, and
// puts old URLs in order.
func (s *Site) relatives() {
	for _, ed := range s.editions {
		for _, st := range ed.stories {
			for i, r := range st.Related {
				if o := s.storyAt(st, r); o != nil {
					s.foreign(st, i, o)
					continue
				}
				switch hidden := s.hidden(st, r); {
				case s.isEmbargoed(hidden), strings.HasPrefix(r, "/") && s.Tells(r):
					s.problems = append(s.problems, diag.Problem{Path: st.Path, Text: "a story under related, on line " + strconv.Itoa(int(st.MarkOf("related", i).Line)) + ", is under embargo", Hint: "it is left out until it is published"})
				case hidden != nil && s.stories[hidden.Path] != nil:
					s.reportEntry(diag.Warning, st.Article, "related", i, "the story "+quoted(r)+" was killed or has expired", "remove it from the list")
				case hidden != nil:
					s.reportEntry(diag.Warning, st.Article, "related", i, "the story "+quoted(r)+" is not published", "it is left out until it is")
				default:
					s.reportEntry(diag.Error, st.Article, "related", i, "there is no story "+quoted(r), s.nearStory(r, path.Join(path.Dir(st.Path), r)))
				}
			}
		}
	}
}

// foreign reports that a path below content/ leads out of the folder of its
// language, where no story is called so. A path beside the file, or one that begins
// with content/, says which is meant.
func (s *Site) foreign(st *story, i int, o *story) {
	name := st.Related[i]
	paths := s.pathsOf(st.Path, name)
	if o.ed == st.ed || st.ed.missing == o.ed.tag || strings.HasPrefix(name, "content/") || !slices.Contains(paths[2:], o.Path) {
		return
	}
	hint := "put " + quoted(st.ed.folder()+name) + " there, or write " + quoted(o.Path) + " if that one is meant"
	if v := st.ed.version(o); v != nil {
		hint = "did you mean " + quoted(strings.TrimPrefix(v.Path, st.ed.folder())) + "?"
	}
	s.reportEntry(diag.Warning, st.Article, "related", i, "the story "+quoted(name)+" is only there in "+o.ed.lang.Name, hint)
}

// folder is where the files of an edition lie.
func (ed *edition) folder() string { return "content" + ed.prefix + "/" }

// storyAt finds the story another one names, by path beside it, by path from the
// folder of its language or content/, or by URL. One that is not published yet is not
// another that is called so in another language.
func (s *Site) storyAt(from *story, name string) *story {
	for i, p := range s.pathsOf(from.Path, name) {
		if st := s.stories[p]; st != nil && !st.gone {
			return st
		} else if from.ed.prefix != "" && i < 4 && s.sources()[p] != nil {
			return nil
		}
	}
	for _, url := range []string{name, name + "/"} {
		if st := from.ed.byURL()[url]; st != nil && !st.gone {
			return st
		}
	}
	return nil
}

// hidden finds the file another one names that is not published.
func (s *Site) hidden(from *story, name string) *article.Article {
	for _, p := range s.pathsOf(from.Path, name) {
		if a := s.sources()[p]; a != nil {
			return a
		}
	}
	for _, url := range []string{name, name + "/"} {
		if st := from.ed.byURL()[url]; st != nil {
			return st.Article
		}
	}
	return nil
}

// pathsOf lists the source files a name may mean.
func (s *Site) pathsOf(from, name string) []string {
	name = strings.TrimSuffix(strings.TrimSuffix(name, "/"), ".md")
	var all []string
	bases := []string{path.Join(path.Dir(from), name), path.Join("content", strings.TrimPrefix(name, "content/"))}
	if ed, _ := s.editionOf(from); ed.prefix != "" && !strings.HasPrefix(name, "content/") {
		bases = slices.Insert(bases, 1, path.Join(ed.folder(), name))
	}
	for _, base := range bases {
		base = strings.TrimSuffix(base, "/index")
		all = append(all, base+".md", base+"/index.md")
	}
	return all
}

// nearStory names the story that may be meant by one of several paths from
// content/.
func (s *Site) nearStory(names ...string) string {
	for _, name := range names {
		if near := s.near(name); near != "" {
			return "did you mean " + quoted(near) + "?"
		}
	}
	return "write its path below content/, such as politics/harbour.md"
}

// near is the story with a name like this in the same folder, or one of the
// same name in another: not all of a large archive is looked through.
func (s *Site) near(name string) string {
	name = strings.TrimPrefix(name, "content/")
	all := s.names()
	if near := diag.NearestFile(name, within(all.paths, path.Dir(name))); near != "" {
		return near
	}
	return all.first[baseName(name)]
}

// storyNames are what stories may be called by.
type storyNames struct {
	paths []string          // below content/, sorted
	first map[string]string // the first of these by its last word
}

func (s *Site) storyNames() storyNames {
	all := storyNames{first: map[string]string{}}
	for p, st := range s.stories {
		if st.Kind == article.Story {
			all.paths = append(all.paths, strings.TrimPrefix(p, "content/"))
		}
	}
	slices.Sort(all.paths)
	for _, p := range all.paths {
		if base := baseName(p); all.first[base] == "" {
			all.first[base] = p
		}
	}
	return all
}

// within is the part of sorted paths that lies below a folder.
func within(paths []string, folder string) []string {
	from, _ := slices.BinarySearch(paths, folder+"/")
	to, _ := slices.BinarySearch(paths, folder+"0") // what follows the slash
	return paths[from:to]
}

// near is the next story of the same section, older or newer, that nobody paid
// for.
func (st *story) near(older bool) *story {
	if st.section == nil {
		return nil
	}
	in := st.section.stories
	i, step := st.in(in), 1
	switch {
	case !older:
		i, step = i-1, -1
	case i < len(in) && in[i] == st: // one that is gone is in no list
		i++
	}
	for ; i >= 0 && i < len(in); i += step {
		if in[i].Type != "sponsored" {
			return in[i]
		}
	}
	return nil
}

// in is where a story is in a list that is in the order of stories.
func (st *story) in(list []*story) int {
	return sort.Search(len(list), func(i int) bool {
		o := list[i]
		if c := st.date.Compare(o.date); c != 0 {
			return c > 0
		}
		return o.Path >= st.Path
	})
}

// reach is how many older stories of each topic are looked at as relatives, so
// that the cost stays the same however large the archive.
const reach = 8

// related finds up to n stories that belong to a story: those the desk chose,
// else those of its series, of its topics, with the same words in their headlines,
// else of its section. None is newer than the story, so that its page stays as it
// is when others are published, and only the desk can choose one that somebody paid
// for.
func (s *Site) related(st *story, n int) []*story {
	if st.NoRelated {
		return nil
	}
	var found []*story
	for _, name := range st.Related {
		if r := s.storyAt(st, name); r != nil && r != st && !slices.Contains(found, r) {
			found = append(found, r)
		}
	}
	for _, k := range st.kins() {
		if !slices.Contains(found, k.story) {
			found = append(found, k.story)
		}
	}
	return found[:min(n, len(found))]
}

// A kin is a story that has something in common with another.
type kin struct {
	*story
	weight int
	words  int // that both have
}

// What weighs how much: a series more than any number of topics, a topic more
// than words.
const (
	inSeries  = 1000
	inTopic   = 10
	ofWord    = 2
	mostWords = 4
	inSection = 1
)

// kins are stories that have something in common with one, the nearest first.
func (st *story) kins() (kins []kin) {
	give := func(o *story, weight, words int) {
		if o.Type == "sponsored" {
			return
		}
		i := slices.IndexFunc(kins, func(k kin) bool { return k.story == o })
		if i < 0 {
			i, kins = len(kins), append(kins, kin{story: o})
		}
		kins[i].weight += weight
		kins[i].words += words
	}
	look := func(l *list, weight int) {
		if l == nil {
			return
		}
		for _, o := range tail(l.stories, st.in(l.stories)+1, reach) {
			give(o, weight, 0)
		}
	}
	look(st.series, inSeries)
	for _, l := range st.tags {
		look(l, inTopic)
	}
	st.ed.wording().older(st.ed.stories, st.in(st.ed.stories), reach, func(o *story) { give(o, 0, 1) })
	look(st.section, inSection)
	for i := range kins {
		kins[i].weight += ofWord * min(kins[i].words, mostWords)
	}
	slices.SortStableFunc(kins, func(a, b kin) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), b.date.Compare(a.date), cmp.Compare(a.Path, b.Path))
	})
	return kins
}

func tail(list []*story, from, n int) []*story {
	from = min(from, len(list))
	return list[from:min(from+n, len(list))]
}
