package language

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Credit is one person of a byline.
type Credit struct {
	Name string
	URL  string // of the person's page; may be empty
	Role string // a key of the language's credits or roles, or words of its own
	Of   string // an agency or another paper
	For  string // the paper this was written for
	In   string // where this person filed, if not where the story was

	Organisation bool // and no person
}

// A Part is a piece of a line some of which are linked. The texts of all parts,
// one after another, are the whole line.
type Part struct {
	Text string
	URL  string
	Kind string // "author", "organisation", "place", or "" for the words between
	Role string // of an author or organisation who did not write it: a key of the language's credits
}

// Byline says who wrote a story and from where, and then who did what else for
// it: "By A and B in Baghdad; photographs by C". Where authors filed from
// different places each group has its own: "By A in Tripoli and B in Baghdad".
// Without authors there is no byline.
func (l *Language) Byline(authors []Credit, place string) []Part {
	writers, others := l.apart(authors)
	line := l.written(writers, place)
	if len(writers) > 0 {
		place = ""
	}
	for i, same := range others {
		said := l.credited(same, place)
		switch {
		case i == 0 && len(line) == 0 && said[0].Kind == "":
			said[0].Text = l.sentence(said[0].Text)
		case len(line) > 0:
			line = append(line, Part{Text: l.Then})
		}
		line = together(line, said)
		place = ""
	}
	return line
}

// apart puts those who wrote a story on one side, and on the other whoever did
// something that the language has words for, together where it is the same.
func (l *Language) apart(authors []Credit) (writers []Credit, others [][]Credit) {
	if !slices.ContainsFunc(authors, func(c Credit) bool { return l.Credited(c.Role) }) {
		return authors, nil
	}
	for _, author := range authors {
		if !l.Credited(author.Role) {
			writers = append(writers, author)
			continue
		}
		i := slices.IndexFunc(others, func(o []Credit) bool { return strings.EqualFold(o[0].Role, author.Role) })
		if i < 0 {
			i, others = len(others), append(others, nil)
		}
		others[i] = append(others[i], author)
	}
	return writers, others
}

// Credited tells whether a role is another than writing, which the language has
// words for: such names stand behind those who wrote the story.
func (l *Language) Credited(role string) bool {
	return role != "" && l.Credits[strings.ToLower(role)] != ""
}

// credited is what several did alike: "photographs by A and B".
func (l *Language) credited(same []Credit, place string) []Part {
	role := strings.ToLower(same[0].Role)
	var lists [][]Part
	for _, g := range byPlace(same, place) {
		for i := range g.authors {
			g.authors[i].Role = ""
		}
		lists = append(lists, l.group(g))
	}
	said := filled(l.Credits[role], filling{"names", l.joined(lists)})
	for i := range said {
		if said[i].Kind == "author" || said[i].Kind == "organisation" {
			said[i].Role = role
		}
	}
	return said
}

// sentence is a text as it begins a sentence.
func (l *Language) sentence(text string) string {
	_, n := utf8.DecodeRuneInString(text)
	if !l.Capitals {
		return text
	}
	return l.Upper(text[:n]) + text[n:]
}

func (l *Language) written(authors []Credit, place string) []Part {
	if len(authors) == 0 {
		return nil
	}
	if from, all := onePlace(authors, place); all {
		names := l.names(authors)
		if from == "" {
			return l.pattern("plain", filling{"authors", names})
		}
		return l.pattern("place", filling{"authors", names}, filling{"place", []Part{{Text: from, Kind: "place"}}})
	}
	groups := byPlace(authors, place)
	lists := make([][]Part, len(groups))
	for i, g := range groups {
		lists[i] = l.group(g)
	}
	return l.pattern("plain", filling{"authors", l.joined(lists)})
}

// group is the names of those who filed from one place.
func (l *Language) group(g group) []Part {
	names := l.names(g.authors)
	if g.place == "" {
		return names
	}
	return l.pattern("group", filling{"authors", names}, filling{"place", []Part{{Text: g.place, Kind: "place"}}})
}

// onePlace is the place from which authors filed, if that was one, as it nearly
// always is.
func onePlace(authors []Credit, place string) (from string, all bool) {
	from = cmp.Or(authors[0].In, place)
	for i := range authors {
		if cmp.Or(authors[i].In, place) != from {
			return "", false
		}
	}
	return from, true
}

// A group is the authors who filed from one place.
type group struct {
	place   string
	authors []Credit
}

func byPlace(authors []Credit, place string) (groups []group) {
	for _, author := range authors {
		from := cmp.Or(author.In, place)
		i := slices.IndexFunc(groups, func(g group) bool { return g.place == from })
		if i < 0 {
			i, groups = len(groups), append(groups, group{place: from})
		}
		groups[i].authors = append(groups[i].authors, author)
	}
	return groups
}

func (l *Language) names(authors []Credit) []Part {
	if len(authors) == 1 {
		return l.name(authors[0])
	}
	lists := make([][]Part, len(authors))
	for i, author := range authors {
		lists[i] = l.name(author)
	}
	return l.joined(lists)
}

func (l *Language) name(author Credit) []Part {
	name := []Part{{Text: author.Name, URL: author.URL, Kind: "author"}}
	if author.Organisation {
		name[0].Kind = "organisation"
	}
	style := "name"
	if author.Role != "" {
		style += "_role"
	}
	if author.Of != "" {
		style += "_of"
	}
	if style != "name" {
		name = l.pattern(style, filling{"name", name}, filling{"role", []Part{{Text: l.Role(author.Role)}}}, filling{"of", []Part{{Text: author.Of}}})
	}
	if author.For != "" {
		name = l.pattern("name_for", filling{"name", name}, filling{"for", []Part{{Text: author.For}}})
	}
	return name
}

// Role is the language's word for a role, or the role as it was written.
func (l *Language) Role(role string) string {
	if word, known := l.Roles[strings.ToLower(role)]; known {
		return word
	}
	return role
}

func (l *Language) joined(lists [][]Part) (all []Part) {
	if len(lists) == 1 {
		return lists[0]
	}
	texts := make([]string, len(lists))
	for i, list := range lists {
		if len(list) > 0 {
			texts[i] = list[0].Text
		}
	}
	joins := l.Joins(texts)
	for i, list := range lists {
		if i > 0 {
			all = append(all, Part{Text: joins[i-1]})
		}
		all = append(all, list...)
	}
	return all
}

// A filling is what stands in a pattern for a placeholder.
type filling struct {
	name  string
	parts []Part
}

// pattern fills a byline's pattern with parts.
func (l *Language) pattern(style string, with ...filling) []Part {
	return filled(l.Bylines[style], with...)
}

func filled(pattern string, with ...filling) (all []Part) {
	n := 0
	for _, f := range with {
		n += len(f.parts) + 1
	}
	all = make([]Part, 0, n)
	for _, piece := range pieces(pattern) {
		if piece.name == "" {
			all = together(all, []Part{{Text: piece.text}})
		}
		for _, f := range with {
			if f.name == piece.name {
				all = together(all, f.parts)
			}
		}
	}
	return all
}

// together joins parts, and neighbours that are only words.
func together(all, more []Part) []Part {
	for _, part := range more {
		if last := len(all) - 1; last >= 0 && part.Kind == "" && all[last].Kind == "" {
			all[last].Text += part.Text
		} else {
			all = append(all, part)
		}
	}
	return all
}
