package language

import "strings"

// A Credit is one person of a byline.
type Credit struct {
	Name string
	URL  string // of the person's page; may be empty
	Role string // a key of the language's roles, or words of its own
	Of   string // an agency or another paper
	In   string // where this person filed, if not where the story was
}

// A Part is a piece of a line some of which are linked. The texts of all parts,
// one after another, are the whole line.
type Part struct {
	Text string
	URL  string
	Kind string // "author", "place", or "" for the words between
}

// Byline says who wrote a story and from where: "By A and B in Baghdad". Where
// authors filed from different places each group has its own: "By A in Tripoli
// and B in Baghdad". Without authors there is no byline.
func (l *Language) Byline(authors []Credit, place string) []Part {
	if len(authors) == 0 {
		return nil
	}
	groups := byPlace(authors, place)
	if len(groups) == 1 {
		names := l.names(groups[0].authors)
		if groups[0].place == "" {
			return l.pattern("plain", map[string][]Part{"authors": names})
		}
		return l.pattern("place", map[string][]Part{"authors": names, "place": {{Text: groups[0].place, Kind: "place"}}})
	}
	lists := make([][]Part, len(groups))
	for i, g := range groups {
		lists[i] = l.names(g.authors)
		if g.place != "" {
			lists[i] = l.pattern("group", map[string][]Part{"authors": lists[i], "place": {{Text: g.place, Kind: "place"}}})
		}
	}
	return l.pattern("plain", map[string][]Part{"authors": l.joined(lists)})
}

// A group is the authors who filed from one place.
type group struct {
	place   string
	authors []Credit
}

func byPlace(authors []Credit, place string) (groups []group) {
	at := map[string]int{}
	for _, author := range authors {
		from := author.In
		if from == "" {
			from = place
		}
		i, known := at[from]
		if !known {
			i = len(groups)
			at[from] = i
			groups = append(groups, group{place: from})
		}
		groups[i].authors = append(groups[i].authors, author)
	}
	return groups
}

func (l *Language) names(authors []Credit) []Part {
	lists := make([][]Part, len(authors))
	for i, author := range authors {
		lists[i] = l.name(author)
	}
	return l.joined(lists)
}

func (l *Language) name(author Credit) []Part {
	name := []Part{{Text: author.Name, URL: author.URL, Kind: "author"}}
	style := "name"
	if author.Role != "" {
		style += "_role"
	}
	if author.Of != "" {
		style += "_of"
	}
	if style == "name" {
		return name
	}
	return l.pattern(style, map[string][]Part{"name": name, "role": {{Text: l.Role(author.Role)}}, "of": {{Text: author.Of}}})
}

// Role is the language's word for a role, or the role as it was written.
func (l *Language) Role(role string) string {
	if word, known := l.Roles[strings.ToLower(role)]; known {
		return word
	}
	return role
}

func (l *Language) joined(lists [][]Part) (all []Part) {
	joins := l.Joins(len(lists))
	for i, list := range lists {
		if i > 0 {
			all = append(all, Part{Text: joins[i-1]})
		}
		all = append(all, list...)
	}
	return all
}

// pattern fills a byline's pattern with parts, and joins neighbours that are
// only words.
func (l *Language) pattern(style string, values map[string][]Part) (all []Part) {
	for _, piece := range pieces(l.Bylines[style]) {
		parts := values[piece.name]
		if piece.name == "" {
			parts = []Part{{Text: piece.text}}
		}
		for _, part := range parts {
			if last := len(all) - 1; last >= 0 && part.Kind == "" && all[last].Kind == "" {
				all[last].Text += part.Text
			} else {
				all = append(all, part)
			}
		}
	}
	return all
}
