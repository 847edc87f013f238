package main

import (
	"fmt"
	"strings"
	"time"
)

// story is one made-up article: where it goes and what its file holds.
type story struct {
	Section string
	Slug    string
	Date    time.Time
	Text    string
}

// File is the story's path below content/.
func (s story) File() string {
	return fmt.Sprintf("%s/%s/%s.md", s.Section, s.Date.Format("2006/01"), s.Slug)
}

// URL is the story's address on the site.
func (s story) URL() string {
	return fmt.Sprintf("/%s/%s/%s/", s.Section, s.Date.Format("2006/01"), s.Slug)
}

// sentence gives lo to hi words with a capital and a full stop.
func sentence(d *dice, lo, hi int) string {
	return phrase(d, lo, hi) + "."
}

// phrase gives lo to hi words with a capital.
func phrase(d *dice, lo, hi int) string {
	words := make([]string, d.between(lo, hi))
	for i := range words {
		words[i] = d.pick(bodyWords)
		for i > 0 && words[i] == words[i-1] { // nobody writes the same twice
			words[i] = d.pick(bodyWords)
		}
	}
	words[0] = strings.ToUpper(words[0][:1]) + words[0][1:]
	return strings.Join(words, " ")
}

// bodySentence is a sentence of an article's body, where one word in some is stressed.
func bodySentence(d *dice) string {
	words := strings.Fields(sentence(d, 9, 24))
	if d.chance(15) {
		i := d.below(len(words) - 1)
		words[i] = "*" + words[i] + "*"
	}
	return strings.Join(words, " ")
}

// paragraph is two or three sentences, some of them said by somebody.
func paragraph(d *dice) string {
	parts := make([]string, d.between(2, 3))
	for i := range parts {
		parts[i] = bodySentence(d)
	}
	text := strings.Join(parts, " ")
	if d.chance(30) {
		return fmt.Sprintf(`"%s" %s said.`, text, person(d))
	}
	return text
}

// person is a first and a last name.
func person(d *dice) string { return d.pick(firstNames) + " " + d.pick(lastNames) }

// longestTitle is what search engines show of one.
const longestTitle = 70

// newStory writes the n-th article; earlier are addresses it may link to.
func newStory(d *dice, n int, when time.Time, earlier []string) story {
	s := story{Section: sectionNames[d.weighted(sectionWeights)], Date: when}
	title := phrase(d, 5, 9)
	for len(title) > longestTitle {
		title = title[:strings.LastIndexByte(title, ' ')]
	}
	stem := strings.ReplaceAll(strings.ToLower(title), " ", "-")
	s.Slug = fmt.Sprintf("%s-%d", strings.Trim(stem[:min(len(stem), 50)], "-"), n)
	photo := fmt.Sprintf("/photos/%04d.jpg", n%photoCount)
	var b strings.Builder
	writeFrontMatter(&b, d, s, title, photo)
	writeBody(&b, d, n, photo, earlier)
	s.Text = b.String()
	return s
}

// writeFrontMatter writes the YAML head of an article.
func writeFrontMatter(b *strings.Builder, d *dice, s story, title, photo string) {
	fmt.Fprintf(b, "---\ntitle: \"%s\"\ndate: %s\nauthor:\n", title, s.Date.Format(time.RFC3339))
	names := []string{person(d)}
	if d.chance(15) {
		if second := person(d); second != names[0] {
			names = append(names, second)
		}
	}
	for _, name := range names {
		fmt.Fprintf(b, "  - \"%s\"\n", name)
	}
	kicker := d.pick(tagSubjects)
	fmt.Fprintf(b, "dateline: \"%s\"\nsection: %s\nkicker: \"%s\"\ntags:\n",
		d.pick(places), s.Section, strings.ToUpper(kicker[:1])+kicker[1:])
	for _, tag := range d.sample(tagNames, d.between(1, 4)) {
		fmt.Fprintf(b, "  - %s\n", tag)
	}
	fmt.Fprintf(b, "summary: \"%s\"\n", sentence(d, 18, 28))
	fmt.Fprintf(b, "image:\n  src: %s\n  alt: \"%s\"\n  caption: \"%s\"\n  credit: \"%s/Example Wire\"\n---\n",
		photo, sentence(d, 5, 8), sentence(d, 8, 14), person(d))
}

// writeBody writes twelve paragraphs with subheads, a list, links and, in one article of four, a figure.
func writeBody(b *strings.Builder, d *dice, n int, photo string, earlier []string) {
	for i := range 12 {
		if i == 3 || i == 6 || i == 9 {
			fmt.Fprintf(b, "## %s\n\n", phrase(d, 2, 4))
		}
		b.WriteString(paragraph(d))
		if (i == 4 || i == 10) && len(earlier) > 0 {
			fmt.Fprintf(b, " [Read more](%s).", d.pick(earlier))
		}
		b.WriteString("\n\n")
		if i == 5 && n%4 == 0 {
			fmt.Fprintf(b, "![%s](%s \"%s\")\n\n", sentence(d, 4, 6), photo, sentence(d, 6, 10))
		}
		if i == 7 {
			for range 3 {
				fmt.Fprintf(b, "- %s\n", sentence(d, 4, 8))
			}
			b.WriteString("\n")
		}
	}
}
