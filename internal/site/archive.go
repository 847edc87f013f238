package site

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/diag"
)

// What `stet check` asks of the whole archive.

// Spelt says how an author or a topic that a story names is written: as its file
// has it, if it has one.
func (s *Site) Spelt(source, kind, name string) (as, lang string, filed bool) {
	ed, _ := s.editionOf(source)
	n := ed.topics
	if kind == "author" {
		n = ed.people
	}
	if own := n.slug(name); n.files[own] != nil {
		return n.spelling(own, name), ed.tag, true
	}
	return name, ed.tag, false
}

// An Orphan is a story or page that says or shows itself to be a translation, of
// what is not there.
type Orphan struct {
	At   diag.Problem
	Near string // the source path of what it probably is a translation of; "" if there is none
}

// Orphans lists those that are in the edition. What is there and not published yet
// counts as there.
func (s *Site) Orphans() (all []Orphan) {
	if len(s.editions) < 2 {
		return nil
	}
	keys, names, folders := map[string]int{}, map[string][]*article.Article{}, map[string]int{}
	for _, a := range s.sources() {
		if a.Kind != article.Story && a.Kind != article.Page {
			continue
		}
		ed, rest := s.editionOf(a.Path)
		if a.Translation != "" {
			keys[a.Translation]++
			continue
		}
		folders[keyOf(rest)]++
		name := ed.tag + " " + path.Base(keyOf(rest))
		names[name] = append(names[name], a)
	}
	for _, st := range s.stories {
		if st.gone {
			continue
		}
		switch {
		case st.Translation != "":
			if keys[st.Translation] == 1 {
				all = append(all, Orphan{At: s.Mark(st.Path, "translation")})
			}
		case st.ed != s.editions[0] && folders[st.key] == 1:
			if near := s.parted(st, names, folders); near != nil {
				all = append(all, Orphan{s.Mark(st.Path, "title"), near.Path})
			}
		}
	}
	slices.SortFunc(all, func(a, b Orphan) int { return cmp.Compare(a.At.Path, b.At.Path) })
	return all
}

// parted is the one story of the first language with the file name of a story, if
// neither has a partner: one of them was moved without the other. A story of a
// further language that has none at all is its own.
func (s *Site) parted(st *story, names map[string][]*article.Article, folders map[string]int) *article.Article {
	first, base := s.editions[0], path.Base(st.key)
	same := names[first.tag+" "+base]
	if len(same) != 1 || len(names[st.ed.tag+" "+base]) != 1 || s.stories[same[0].Path] == nil {
		return nil
	}
	if _, rest := s.editionOf(same[0].Path); folders[keyOf(rest)] != 1 || !strings.Contains(base, "-") {
		return nil // a word alone is easily chosen twice
	}
	return same[0]
}
