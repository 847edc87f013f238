package build

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/site"
)

// embargoed lists what is under embargo and not in this edition, and the words by
// which other files name it: even of a site that cannot be built nothing may be
// told of it.
func (p *press) embargoed() (names, words []string) {
	if p.config == nil || p.o.Drafts {
		return nil, nil
	}
	for i := range p.records {
		r := &p.records[i]
		if a := r.Said; a != nil && !a.Embargo.IsZero() && a.Embargo.In(p.config.Zone).After(p.o.Now) {
			names, words = append(names, r.Path), append(words, site.WordsOf(a)...)
			if a.Translation != "" {
				words = append(words, a.Translation)
			}
		}
	}
	return names, words
}

// secrets names the pictures in static/ that the texts of stories under embargo
// have: they are published at once. Nobody asks for these texts before their
// time, so that they are read here.
func (p *press) secrets() (problems []diag.Problem, err error) {
	if p.site == nil {
		return nil, nil
	}
	for _, name := range p.site.Embargoed() {
		i, ok := p.tree.Index(name)
		if !ok || p.records[i].Said == nil || !p.records[i].Said.HasBody {
			continue
		}
		data, err := p.again(name, nil)
		if err != nil {
			return problems, err
		}
		text := string(data)
		for _, pic := range picturesOf(name, data, p.records[i].Said.BodyLine) {
			found, ok := p.site.Exposed(site.SourceOf(name, pic.src), name)
			if !ok {
				continue
			}
			found.Line, found.Column, found.Length = pic.line, columnOf(text, pic.line, pic.written), utf8.RuneCountInString(pic.written)
			if !slices.Contains(problems, found) {
				problems = append(problems, found)
			}
		}
	}
	return problems, nil
}

// A reference is a picture as a text names it.
type reference struct {
	src, written string
	line         int
}

// picturesOf lists the pictures of a text, and links to such.
func picturesOf(name string, data []byte, first int) (all []reference) {
	add := func(dest string, line int) (article.Target, error) {
		src, _ := article.PathOf(dest)
		if dot := strings.LastIndexByte(src, '.'); dot >= 0 && pictureEndings[strings.ToLower(src[dot:])] && !strings.Contains(src, ":") {
			all = append(all, reference{src, dest, line})
		}
		return article.Target{URL: dest}, nil
	}
	article.Render(name, article.Body(data, first), article.Options{
		FirstLine: first, Trusted: true, Link: add, Picture: add,
		Figure: func(f article.Figure) (string, error) { _, err := add(f.Src, f.Line); return "", err },
		Block:  func(article.Block) (string, error) { return "", nil },
	})
	text := string(article.Body(data, first))
	for _, at := range rootedPicture().FindAllStringIndex(text, -1) { // of raw HTML, and of blocks of the site's own
		add(text[at[0]:at[1]], first+strings.Count(text[:at[0]], "\n"))
	}
	return all
}

// rootedPicture is what looks like the path of a picture in static/.
var rootedPicture = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)/[^\s"'<>(){}]+\.(?:jpe?g|png|gif|webp|avif|svg)`)
})

// columnOf is where a line has a text; 1 if it is not on it as it is written.
func columnOf(text string, line int, written string) int {
	for range line - 1 {
		_, text, _ = strings.Cut(text, "\n")
	}
	text, _, _ = strings.Cut(text, "\n")
	if at := strings.Index(text, written); at >= 0 {
		return utf8.RuneCountInString(text[:at]) + 1
	}
	return 1
}
