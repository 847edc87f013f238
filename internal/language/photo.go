package language

import (
	"slices"
	"strings"
)

// PhotoNames are the names in a picture's credit, without what they stand with:
// "Ada Example" of "Photo by Ada Example/AFP", of "Illustration: Ada Example for
// The Paper" and of "© Ada Example". Where several seem to be named, the first is
// all of it, since a name may hold what lists are written with.
func (l *Language) PhotoNames(credit string) []string {
	text := strings.TrimSpace(credit)
	for _, sign := range []string{"©", "(c)", "(C)"} {
		text = strings.TrimSpace(strings.TrimPrefix(text, sign))
	}
	text = l.unlabelled(text)
	for _, from := range []string{"/", "／", "|", " (", " via ", between(l.Bylines["name_for"]), between(l.Bylines["name_of"])} {
		if from != "" {
			text, _, _ = strings.Cut(text, from)
		}
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	names := []string{text}
	for _, join := range []string{l.Last, l.Two, l.BeforeI, l.Middle} {
		if strings.TrimSpace(join) == "" {
			continue
		}
		var parts []string
		for _, name := range names {
			parts = append(parts, strings.Split(name, join)...)
		}
		names = parts
	}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" })
	if len(names) > 1 {
		names = append([]string{text}, names...)
	}
	return names
}

// unlabelled takes off what a credit says of the kind of picture: "Photo: ", or
// one of the language's patterns.
func (l *Language) unlabelled(text string) string {
	for _, colon := range []string{": ", "："} {
		if label, rest, found := strings.Cut(text, colon); found && !strings.Contains(label, "/") {
			text = strings.TrimSpace(rest)
		}
	}
	for _, pattern := range l.PhotoBy {
		before, after, _ := strings.Cut(pattern, "{name}")
		if len(text) > len(before)+len(after) && strings.EqualFold(text[:len(before)], before) && strings.EqualFold(text[len(text)-len(after):], after) {
			return strings.TrimSpace(text[len(before) : len(text)-len(after)])
		}
	}
	return text
}

// between is what stands between a name and what follows in a pattern such as
// "{name} for {for}"; "" if the name does not come first.
func between(pattern string) string {
	rest, first := strings.CutPrefix(pattern, "{name}")
	if !first {
		return ""
	}
	join, _, _ := strings.Cut(rest, "{")
	if strings.TrimSpace(join) == "" || !strings.HasPrefix(join, " ") {
		return ""
	}
	return join
}
