package site

import (
	"html/template"
	"slices"

	"stet/internal/article"
	"stet/internal/language"
	"stet/internal/page"
)

// Whose pictures stories show. A credit in a front matter or in a text says it;
// of a picture that has none its file may, which is for others to read.

// A Use is a picture where a story shows it.
type Use struct {
	Story string   // path of the story's source file
	N     int      // which of its pictures it is; see "picture"
	Src   string   // of the picture's file
	By    []string // slugs of those who are credited; empty if nothing is said
}

// Shown are the pictures that published stories show, the newest story's first,
// as far as they may be by somebody who has a page: the answer to "shown LANG".
type Shown struct {
	Uses   []Use
	People map[string]string // slugs of those who have a page, by name as NameKey has it; none if all is said
}

// A Pictured is a picture by somebody, with the story that shows it.
type Pictured struct {
	Image Image
	Story *Card
}

// NameKey is what the name of somebody is told apart by, as those of bylines are.
func NameKey(name string) string { return folded(name) }

// PhotoNames are the names in a picture's credit, in the words of an edition.
func (s *Site) PhotoNames(lang, credit string) []string {
	return s.edition(lang).lang.PhotoNames(credit)
}

// answerShown answers "shown LANG".
func (s *Site) answerShown(f []string) (page.Answer, error) {
	ed := s.edition(f[0])
	shown := &Shown{}
	if len(ed.people.lists) == 0 {
		return page.Answer{Value: shown}, nil
	}
	who := &credited{lang: ed.lang, people: ed.people.keys(), known: map[string][]string{}}
	for _, st := range ed.stories {
		n := 0
		for im := range pictures(st.Article) {
			if n++; n == 1 && inGallery(st.Article) {
				continue // which says more of it
			}
			if im.Src == "" || isAbsolute(im.Src) || im.Courtesy {
				continue
			}
			use := Use{Story: st.Path, N: n, Src: sourceOf(st.Path, im.Src)}
			if im.Credit == "" {
				shown.People = who.people
			} else if use.By = who.are(im.Credit); len(use.By) == 0 {
				continue
			}
			shown.Uses = append(shown.Uses, use)
		}
	}
	return page.Answer{Value: shown}, nil
}

// inGallery tells whether the picture of a story is one of its gallery too.
func inGallery(a *article.Article) bool {
	return a.Image != nil && slices.ContainsFunc(a.Gallery, func(im article.Image) bool { return im.Src == a.Image.Src })
}

// pictures are those of a story: its own, those of its gallery, those of its text.
func pictures(a *article.Article) func(yield func(article.Picture) bool) {
	return func(yield func(article.Picture) bool) {
		own := func(im *article.Image) bool {
			return yield(article.Picture{Src: im.Src, Credit: im.Credit, Courtesy: im.Courtesy})
		}
		if a.Image != nil && !own(a.Image) {
			return
		}
		for i := range a.Gallery {
			if !own(&a.Gallery[i]) {
				return
			}
		}
		for _, p := range a.Shown {
			if !yield(p) {
				return
			}
		}
	}
}

// answerPicture answers "picture PATH N" with what a story says of one of its
// pictures.
func (s *Site) answerPicture(f []string) (page.Answer, error) {
	st := s.stories[f[0]]
	n := number(f[1]) - 1
	if st == nil || n < 0 {
		return none, nil
	}
	a := st.Article
	if a.Image != nil {
		if n == 0 {
			return page.Answer{Value: s.image(st.ed, a, a.Image)}, nil
		}
		n--
	}
	if n < len(a.Gallery) {
		return page.Answer{Value: s.image(st.ed, a, &a.Gallery[n])}, nil
	}
	if n -= len(a.Gallery); n >= len(a.Shown) {
		return none, nil
	}
	return page.Answer{Value: st.pictured(a.Shown[n])}, nil
}

// pictured is a picture of a story's text.
func (st *story) pictured(p article.Picture) *Image {
	q := quotes(st.ed.lang)
	text := q.Set(p.Caption)
	return &Image{
		Src: sourceOf(st.Path, p.Src), Alt: q.Set(p.Alt), Caption: template.HTML(template.HTMLEscapeString(text)), Text: text,
		Credit: q.Set(p.Credit), Courtesy: p.Courtesy, Focus: p.Focus,
	}
}

// shownIn are the pictures that stand alone in a story's text, without those that
// lie elsewhere or are under embargo.
func (s *Site) shownIn(st *story) (all []Image) {
	for _, p := range st.Article.Shown {
		if p.Src == "" || isAbsolute(p.Src) || s.isSealed(sourceOf(st.Path, p.Src)) && !s.isEmbargoed(st.Article) {
			continue
		}
		all = append(all, *st.pictured(p))
	}
	return all
}

// A credited finds who is meant by credits, of which few are many times.
type credited struct {
	lang   *language.Language
	people map[string]string
	known  map[string][]string
}

func (c *credited) are(credit string) []string {
	by, known := c.known[credit]
	if !known {
		for _, name := range c.lang.PhotoNames(credit) {
			if own := c.people[folded(name)]; own != "" && !slices.Contains(by, own) {
				by = append(by, own)
			}
		}
		c.known[credit] = by
	}
	return by
}

// keys are the slugs of all terms by the names they go by, folded: those of
// their files and those that stories use.
func (n *names) keys() map[string]string {
	all := make(map[string]string, len(n.lists)+len(n.aliases))
	for _, from := range []map[string]string{n.aliases, n.bases} {
		for key, own := range from {
			if all[key] == "" {
				all[key] = own
			}
		}
	}
	for own := range n.lists {
		if all[own] == "" {
			all[own] = own
		}
	}
	for called, l := range n.called {
		if key := folded(called); all[key] == "" {
			all[key] = l.name
		}
	}
	return all
}
