package site

import (
	"cmp"
	"path"
	"strings"
	"unicode"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/slug"
)

// names are the terms of one kind: all authors, topics or series of an edition.
// Names with one slug are one term, spelt as its file says or, without one, as
// in its newest story. A term may be named by its slug, its name or an alias.
type names struct {
	files   map[string]*article.Article // by slug
	aliases map[string]string           // folded name or alias -> slug of the file
	bases   map[string]string           // slug of the file's own name -> the same
	lists   map[string]*list            // by slug
	order   []*list                     // by slug
	called  map[string]*list            // by the names that stories have used
}

func newNames() *names {
	return &names{files: map[string]*article.Article{}, aliases: map[string]string{}, bases: map[string]string{}, lists: map[string]*list{}, called: map[string]*list{}}
}

// describe takes in the file that describes a term. The file's name is its slug
// unless it says another.
func (s *Site) describe(n *names, rest string, a *article.Article, name string) {
	base := baseName(rest)
	own := slug.Make(base)
	if a.Slug != "" {
		own = slug.Make(a.Slug)
	}
	if own == "" {
		s.report(diag.Error, a, "slug", "there is neither a letter nor a digit to make an address of", "add a line such as\nslug: "+string(a.Kind)+"-1")
		return
	}
	if other := n.files[own]; other != nil {
		s.report(diag.Error, a, "slug", "this and "+other.Path+" describe the same "+string(a.Kind)+", "+quoted(own), "put them together, or give one of them another slug:")
		return
	}
	n.file(own, base, a, append([]string{name}, a.Aliases...))
}

func (n *names) file(own, base string, a *article.Article, called []string) {
	n.files[own] = a
	n.aliases[slug.Make(base)], n.bases[slug.Make(base)] = own, own
	for _, c := range called {
		if s := folded(c); s != "" {
			if _, taken := n.aliases[s]; !taken {
				n.aliases[s] = own
			}
		}
	}
}

// slug is the slug of the term that is called so.
func (n *names) slug(called string) string {
	if l := n.called[called]; l != nil {
		return l.name
	}
	if own, ok := n.aliases[folded(called)]; ok {
		return own
	}
	s := slug.Make(called)
	return cmp.Or(n.bases[s], s)
}

// list is that of the term that is called so, nil if there is none.
func (n *names) list(called string) *list {
	if l := n.called[called]; l != nil {
		return l
	}
	return n.lists[n.slug(called)]
}

// folded is what names are told apart by: the word of their address, and such
// signs as that leaves out though they make another name, as in C, C++ and C#.
func folded(called string) string {
	s := slug.Make(called)
	if s == "" {
		return ""
	}
	for _, r := range strings.TrimLeft(called, " #") {
		if unicode.In(r, unicode.Sm, unicode.Sc) || strings.ContainsRune("#%&@", r) {
			s += string(r)
		}
	}
	return s
}

// merged reports a name that gets the address of another one, which differs
// from it by more than case and space.
func (s *Site) merged(st *story, n *names, l *list, called string) {
	f := folded(called)
	if f == folded(l.spelt) || n.aliases[f] == l.name {
		return
	}
	key, what, title := l.kind, l.kind, "title"
	switch l.kind {
	case "tag":
		key, what = "tags", "topic"
	case "author":
		title = "name"
	}
	s.report(diag.Warning, st.Article, key, quoted(called)+" and "+quoted(l.spelt)+", which "+l.stories[0].Path+" has, are one "+what+", as both get the address "+l.url,
		"make an address for one of them with a file, such as content"+path.Dir(path.Clean(l.url))+"/"+l.name+"-2.md with\n"+title+": "+called)
}

// spelling is how a term is written.
func (n *names) spelling(own, called string) string {
	if a := n.files[own]; a != nil {
		if a.Name != "" {
			return a.Name
		}
		if a.Title != "" {
			return a.Title
		}
	}
	return called
}

// known lists the names of all terms that have a file.
func (n *names) known() []string {
	var all []string
	for own := range n.files {
		all = append(all, n.spelling(own, own))
	}
	return all
}
