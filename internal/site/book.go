package site

import (
	"fmt"
	"html/template"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/page"
)

// Book says who answers questions about content. None of these answers asks
// further: each is read off the site.
func (s *Site) Book() page.Book {
	book := page.Book{}
	for kind, answer := range map[string]func(f []string) (page.Answer, error){
		"story":        s.answerStory,
		"card":         s.answerCard,
		"list":         s.answerList,
		"latest":       s.answerLatest,
		"section":      s.answerSection,
		"sections":     s.answerSections,
		"indexes":      s.answerIndexes,
		"author":       s.answerAuthor,
		"tag":          s.answerTerm,
		"series":       s.answerSeries,
		"related":      s.answerRelated,
		"near":         s.answerNear,
		"front":        s.answerFront,
		"bar":          s.answerBar,
		"index":        s.answerIndex,
		"plainpage":    s.answerPlain,
		"link":         s.answerLink,
		"withheld":     s.answerWithheld,
		"bodysettings": s.answerBodySettings,
		"url":          s.answerURL,
		"absolute":     s.answerAbsolute,
		"config":       s.answerConfig,
		"menu":         s.answerMenu,
		"feed":         s.answerFeed,
		"sitemaps":     s.answerSitemaps,
		"sitemap":      s.answerSitemap,
		"newssitemap":  s.answerNews,
		"redirects":    s.answerRedirects,
		"redirect":     s.answerRedirect,
		"shown":        s.answerShown,
		"picture":      s.answerPicture,
		"smallfiles":   s.answerSmallFiles,
		"manifest":     s.answerManifest,
		"policy":       s.answerPolicy,
		"wire":         s.answerWire,
		"wirefeed":     s.answerWireFeed,
		"commenting":   s.answerCommenting,
		"commentable":  s.answerCommentable,
		"said":         s.answerSaid,
		"threads":      s.answerThreads,
	} {
		// These few are asked by every page, most of them if a layout does without
		// fragments.
		keep := kind == "config" || kind == "menu" || kind == "sections" || kind == "indexes"
		book[kind] = page.Answerer{Keep: keep, Answer: func(_ *page.Ask, args string) (page.Answer, error) {
			return answer(page.Fields(args, 4))
		}}
	}
	return book
}

var none page.Answer

// refused is the answer to a question that makes no sense: the layout is wrong
// that asked it.
func refused(text, hint string) (page.Answer, error) {
	return page.Answer{Value: diag.Problem{Severity: diag.Error, Text: text, Hint: hint}}, nil
}

func (s *Site) edition(tag string) *edition {
	for _, ed := range s.editions {
		if ed.tag == tag {
			return ed
		}
	}
	return s.editions[0]
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// answerCard answers "card LANG PATH".
func (s *Site) answerCard(f []string) (page.Answer, error) {
	st, ed := s.stories[f[1]], s.edition(f[0])
	switch {
	case st == nil:
		return none, nil
	case ed.foreign(st):
		return page.Answer{Value: ed.card(st)}, nil
	}
	return page.Answer{Value: st.card(), Digest: st.digest()}, nil
}

// Counts tells whether the words of a file's text are counted: it is a story
// that readers see.
func (s *Site) Counts(path string) bool {
	st := s.stories[path]
	return st != nil && !st.gone
}

// cardList is an answer of cards; its digest is that of the cards' digests.
func (ed *edition) cardList(stories []*story) page.Answer {
	return page.Answer{Value: ed.cards(stories), Digest: ed.sum(digest{}, stories)}
}

// answerLatest answers "latest LANG SECTION N"; the section "*" is the paper.
func (s *Site) answerLatest(f []string) (page.Answer, error) {
	ed, n := s.edition(f[0]), number(f[2])
	from := ed.lists["all "].shown()
	if f[1] != "*" && f[1] != "" {
		l := ed.findSection(f[1])
		if l == nil {
			return refused("there is no section "+quoted(f[1]), meant(f[1], ed.sectionNames()))
		}
		from = l.shown()
	}
	var newest []*story
	for _, st := range from {
		if len(newest) >= n {
			break
		}
		if st.unpaid() {
			newest = append(newest, st)
		}
	}
	return ed.cardList(newest), nil
}

// answerRelated answers "related LANG PATH N".
func (s *Site) answerRelated(f []string) (page.Answer, error) {
	st := s.stories[f[1]]
	if st == nil || st.Kind != article.Story {
		return none, nil
	}
	return st.ed.cardList(s.related(st, number(f[2]))), nil
}

// answerNear answers "near LANG WAY PATH", where WAY is older or newer in the
// section, previous-part or next-part in the series.
func (s *Site) answerNear(f []string) (page.Answer, error) {
	st := s.stories[f[2]]
	if st == nil || st.Kind != article.Story {
		return none, nil
	}
	if n := st.neighbour(f[1]); n != nil {
		return page.Answer{Value: n.card(), Digest: n.digest()}, nil
	}
	return none, nil
}

// neighbour is the story next to one in this way, nil if there is none.
func (st *story) neighbour(way string) *story {
	switch way {
	case "older", "newer":
		return st.near(way == "older")
	case "previous-part", "next-part":
		return st.part(way == "next-part")
	}
	return nil
}

// answerSections answers "sections LANG".
func (s *Site) answerSections(f []string) (page.Answer, error) {
	links := []Link{}
	for _, l := range s.edition(f[0]).sections {
		links = append(links, s.link(l))
	}
	return page.Answer{Value: links}, nil
}

// answerIndexes answers "indexes LANG": the pages that list all topics, authors
// and series, the corrections, and the newest year, as far as there are any.
func (s *Site) answerIndexes(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	links := []Link{}
	for _, index := range ed.indexes() {
		if len(index.of.order) == 0 {
			continue
		}
		title, err := ed.lang.Text(index.title)
		if err != nil {
			return none, err
		}
		links = append(links, Link{Title: title, URL: s.url(ed.prefix + "/" + index.name + "/"), Name: index.name})
	}
	if l := ed.lists["corrections "]; l != nil {
		link := s.link(l)
		link.Name = "corrections"
		links = append(links, link)
	}
	if len(ed.stories) == 0 {
		return page.Answer{Value: links}, nil
	}
	l := ed.lists[fmt.Sprintf("archive %04d", ed.stories[0].date.Year())]
	if l == nil {
		return page.Answer{Value: links}, nil
	}
	title, err := ed.lang.Text("archive")
	return page.Answer{Value: append(links, Link{Title: title, URL: s.url(l.url), Name: "archive"})}, err
}

// answerSection answers "section LANG NAME".
func (s *Site) answerSection(f []string) (page.Answer, error) {
	l := s.edition(f[0]).findSection(f[1])
	if l == nil {
		return none, nil
	}
	sec := &Section{Link: s.link(l), Feed: s.url(l.url + "feed.xml")}
	if l.source != nil {
		sec.Description = l.source.Description
	}
	if l.parent != nil {
		sec.Parent = s.link(l.parent)
	}
	for _, sub := range l.subs {
		sec.Subs = append(sec.Subs, s.link(sub))
	}
	return page.Answer{Value: sec}, nil
}

// answerAuthor answers "author LANG NAME".
func (s *Site) answerAuthor(f []string) (page.Answer, error) {
	people := s.edition(f[0]).people
	if l := people.list(f[1]); l != nil {
		return page.Answer{Value: l.author}, nil
	}
	return none, nil
}

// answerTerm answers "tag LANG NAME".
func (s *Site) answerTerm(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	return s.term(ed.topics, f[1])
}

// answerSeries answers "series LANG NAME": the stories in the order of their
// parts, the oldest first.
func (s *Site) answerSeries(f []string) (page.Answer, error) {
	n := s.edition(f[0]).series
	l := n.list(f[1])
	if l == nil {
		return none, nil
	}
	return l.ed.cardList(l.parts()), nil
}

func (s *Site) term(n *names, name string) (page.Answer, error) {
	if l := n.list(name); l != nil {
		return page.Answer{Value: s.link(l)}, nil
	}
	return none, nil
}

// answerFront answers "front LANG".
func (s *Site) answerFront(f []string) (page.Answer, error) {
	return page.Answer{Value: s.front(s.edition(f[0]))}, nil
}

// answerBar answers "bar LANG": the bar that stands on all pages.
func (s *Site) answerBar(f []string) (page.Answer, error) {
	if bar := s.edition(f[0]).bar; bar != nil {
		return page.Answer{Value: bar}, nil
	}
	return none, nil
}

// A Target is where a link leads: the answer to "link FROM DEST". Of URL and
// Hidden one is set, or neither if there is nothing of the kind.
type Target struct {
	URL    string
	Hidden bool   // a story that is not published
	Secret bool   // nor may it be named
	Near   string // what may be meant
}

// answerLink answers "link FROM DEST", where DEST is the path of a Markdown
// file as the file FROM names it.
func (s *Site) answerLink(f []string) (page.Answer, error) {
	dest := f[1]
	for _, p := range linkPaths(f[0], dest) {
		if t := s.target(p); t != nil {
			return page.Answer{Value: t}, nil
		}
	}
	t := &Target{}
	if near := s.near(sourceOf(f[0], dest)); near != "" {
		if rel, err := filepath.Rel(path.Dir(f[0]), "content/"+near); err == nil {
			t.Near = "did you mean " + quoted(filepath.ToSlash(rel)) + "?"
		}
	}
	return page.Answer{Value: t}, nil
}

func (s *Site) target(source string) *Target {
	if st := s.stories[source]; st != nil {
		return &Target{URL: s.url(st.url)}
	}
	a := s.sources()[source]
	if a == nil {
		return nil
	}
	if url := s.listOf(a); url != "" {
		return &Target{URL: url}
	}
	return &Target{Hidden: true, Secret: s.isEmbargoed(a)}
}

// listOf is the URL of what a file of sections, authors, topics or series
// describes.
func (s *Site) listOf(a *article.Article) string {
	ed, _ := s.editionOf(a.Path)
	if l := ed.about[a]; l != nil {
		return s.url(l.url)
	}
	return ""
}

// answerURL answers "url /PATH".
func (s *Site) answerURL(f []string) (page.Answer, error) {
	if !strings.HasPrefix(f[0], "/") {
		return page.Answer{Value: f[0]}, nil
	}
	return page.Answer{Value: s.url(f[0])}, nil
}

// answerAbsolute answers "absolute URL", where URL has the base path already. It
// is percent-encoded, as the same address in a href is.
func (s *Site) answerAbsolute(f []string) (page.Answer, error) {
	if isAbsolute(f[0]) {
		return page.Answer{Value: EscapeURL(f[0])}, nil
	}
	rest, ok := strings.CutPrefix(f[0], s.base)
	if !ok {
		rest = strings.TrimPrefix(f[0], "/")
	}
	return page.Answer{Value: EscapeURL(s.absolute("/" + rest))}, nil
}

// answerConfig answers "config LANG KEY" with a value of site.yaml.
func (s *Site) answerConfig(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	switch f[1] {
	case "title":
		return page.Answer{Value: ed.title}, nil
	case "description":
		return page.Answer{Value: s.description(ed)}, nil
	}
	v, ok := s.set.Config.Value(ed.tag, f[1])
	if address, isText := v.(string); isText && strings.HasPrefix(f[1], "publisher.") && s.Tells(address) {
		return none, nil // a policy under embargo, as an entry of a menu is left out
	}
	if file, isText := v.(string); isText && strings.HasPrefix(f[1], "theme.fonts.") && !strings.HasSuffix(f[1], ".name") && s.set.Has != nil && !s.set.Has(fontFolder+file) {
		return none, nil // a font that is not there, as is told where it is named
	}
	top, _, _ := strings.Cut(f[1], ".")
	if !ok && slices.Contains(config.Keys(), top) {
		return none, nil // a key it may have
	}
	if !ok {
		return refused("site.yaml has no key "+quoted(f[1]), meant(f[1], config.Keys()))
	}
	return page.Answer{Value: v}, nil
}

// answerMenu answers "menu LANG NAME".
func (s *Site) answerMenu(f []string) (page.Answer, error) {
	var links []Link
	for _, m := range s.set.Config.Menu(f[0], f[1]) {
		if s.Tells(m.URL) {
			continue
		}
		l := Link{Title: m.Title, URL: m.URL}
		if strings.HasPrefix(m.URL, "/") {
			l.URL = s.url(m.URL)
			if l.Title == "" {
				l.Title = s.titleAt(s.edition(f[0]), m.URL)
			}
		}
		links = append(links, l)
	}
	return page.Answer{Value: links}, nil
}

// titleAt is the name of what lies at a URL: a menu of the site may lead to what
// another edition has.
func (s *Site) titleAt(ed *edition, url string) string {
	for _, ed := range append([]*edition{ed}, s.editions...) {
		for _, l := range ed.order {
			if l.url == url {
				return l.headline
			}
		}
		for _, st := range ed.pages {
			if st.url == url {
				return st.card().Headline
			}
		}
	}
	return strings.Trim(url, "/")
}

func (s *Site) description(ed *edition) string {
	for _, l := range s.set.Config.Languages {
		if l.Tag == ed.tag && l.Description != "" {
			return l.Description
		}
	}
	return s.set.Config.Description
}

// trustedHTML is HTML that the article room has made, which escapes what it
// takes from a file.
func trustedHTML(html string) template.HTML { return template.HTML(html) }

func plainHTML(text string) template.HTML { return template.HTML(template.HTMLEscapeString(text)) }
