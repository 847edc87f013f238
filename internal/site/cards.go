package site

import (
	"cmp"
	"html/template"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"weak"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/language"
	"stet/internal/page"
)

// headlines makes the headlines of lists.
func (s *Site) headlines() {
	for _, ed := range s.editions {
		for _, l := range ed.order {
			title, headline := article.Inline(l.headline, quotes(ed.lang))
			l.title, l.headline = template.HTML(title), headline
		}
	}
}

// A shown is what lists show of a story, made when it is first asked for: a
// build that lets most pages stand asks for few. It is not held, only lent: that
// of 10,000 stories would be a quarter of the memory, and to make it once more
// for who comes late costs less than to have the collector walk it.
type shown struct {
	mu     sync.Mutex
	lent   weak.Pointer[Card]
	digest digest // of the card
	summed atomic.Bool
}

// card is what lists show of a story. It must not be asked for before all lists
// are made.
func (st *story) card() *Card {
	sh := &st.shown
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if c := sh.lent.Value(); c != nil {
		return c
	}
	c := st.ed.site.card(st)
	if !sh.summed.Load() {
		sh.digest = page.Sum(c)
		sh.summed.Store(true)
	}
	sh.lent = weak.Make(c)
	return c
}

// digest is that of its card.
func (st *story) digest() digest {
	if st.shown.summed.Load() {
		return st.shown.digest
	}
	st.card()
	return st.shown.digest
}

// anchors are links in a headline. It is itself shown as a link, and links in
// links are not HTML.
var anchors = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`</?a\b[^>]*>`) })

func unlinked(title string) string {
	if !strings.Contains(title, "<") { // as nearly all
		return title
	}
	return anchors().ReplaceAllString(title, "")
}

// quotes are the quotation marks of a language.
func quotes(l *language.Language) article.Quotes {
	return article.Quotes{Open: l.Quotes[0], Close: l.Quotes[1], OpenSingle: l.Quotes[2], CloseSingle: l.Quotes[3], Space: l.Space}
}

// footnotes are the names of footnotes in a language, as far as it has them.
func footnotes(l *language.Language) (n article.Footnotes) {
	n.List, _ = l.Text("footnotes")
	n.Back, _ = l.Text("back_to_text")
	return n
}

// noticeCard is the card of a story that was killed or has expired: what the
// notice in its place needs.
func (s *Site) noticeCard(st *story) *Card {
	title, _ := st.ed.lang.Text(st.farewell() + "_title")
	c := &Card{
		Path: st.Path, ID: st.url, URL: s.url(st.url), Permalink: s.absolute(st.url), Lang: st.ed.tag, Dir: st.ed.lang.Dir,
		Type: "news", Title: plainHTML(title), Headline: title, Short: title, Date: st.date, DayOnly: !st.Article.Date.Clock,
	}
	if l := st.listed(); l != nil {
		c.Section = s.link(l)
	}
	return c
}

// farewell is how a story went that is gone.
func (st *story) farewell() string {
	if st.Status == "killed" {
		return "killed"
	}
	return "expired"
}

func (s *Site) card(st *story) *Card {
	if st.gone {
		return s.noticeCard(st)
	}
	a, ed := st.Article, st.ed
	q := quotes(ed.lang)
	title, headline := article.Inline(a.Title, q)
	deck, _ := article.Inline(a.Deck, q)
	c := &Card{
		Path: a.Path, ID: a.ID, URL: s.url(st.url), Permalink: s.absolute(st.url),
		Lang: ed.tag, Dir: ed.lang.Dir, Type: a.Type,
		Title: template.HTML(unlinked(title)), Headline: headline, Short: cmp.Or(q.Set(a.Titles.Short), headline),
		Deck: s.linked(a, deck), Summary: q.Set(a.Summary),
		Date: st.date, DayOnly: !a.Date.Clock, Byline: s.byline(st), Place: a.Dateline.Place,
		Image: s.image(ed, a, leadOf(a)), Part: a.Series.Number,
		Corrected: s.corrected(st), Draft: a.Draft, Coming: st.coming,
	}
	if a.Language != "" && a.Language != ed.tag {
		c.Lang, c.Dir = a.Language, language.Direction(a.Language)
	}
	if c.ID == "" {
		c.ID = st.url
	}
	c.Updated, c.UpdatedDayOnly = st.updated()
	if st.section != nil {
		c.Section = s.link(st.section)
	}
	c.Authors = s.writers(st)
	if len(st.tags) > 0 {
		c.Tags = make([]Link, 0, len(st.tags))
		for _, l := range st.tags {
			c.Tags = append(c.Tags, s.link(l))
		}
	}
	if st.series != nil {
		c.Series = s.link(st.series)
	}
	c.Kicker = s.kicker(st)
	if a.Sponsor.Name != "" {
		c.Sponsor = Link{Title: a.Sponsor.Name, URL: a.Sponsor.URL}
	}
	return c
}

func (s *Site) link(l *list) Link { return Link{Title: l.headline, URL: s.url(l.url), Name: l.name} }

// kicker is the label above the headline: its own, else the series, else the
// first topic that has a file. It leads to the topic of its name, if there is
// one, and is left out where it would repeat the section.
func (s *Site) kicker(st *story) Link {
	var k Link
	switch {
	case st.Kicker != "":
		k = st.ed.label(st.Kicker)
	case st.series != nil:
		k = s.link(st.series)
	default:
		for _, l := range st.tags {
			if l.source != nil {
				k = s.link(l)
				break
			}
		}
	}
	if st.section != nil && strings.EqualFold(k.Title, st.section.headline) {
		return Link{}
	}
	return k
}

// label is a kicker that stories have themselves. Few words serve many stories,
// so that each is looked up once.
func (ed *edition) label(kicker string) Link {
	if known, ok := ed.labels.Load(kicker); ok {
		return known.(Link)
	}
	k := Link{Title: quotes(ed.lang).Set(kicker)}
	if l := cmp.Or(ed.topics.list(kicker), ed.series.list(kicker)); l != nil {
		k.URL, k.Name = ed.site.url(l.url), l.name
	}
	ed.labels.Store(kicker, k)
	return k
}

// writers are the authors who have a page: those who wrote the story, or all of
// them if nobody did.
func (s *Site) writers(st *story) []Link { return s.people(st, true) }

// people are those who wrote the story, or who did something else for it, as far
// as they have a page.
func (s *Site) people(st *story, wrote bool) (links []Link) {
	lang := st.ed.lang
	written := slices.ContainsFunc(st.Authors, func(by article.Byliner) bool { return !lang.Credited(by.Role) })
	for _, by := range st.Authors {
		if wrote == (written && lang.Credited(by.Role)) {
			continue
		}
		if l := st.ed.people.list(by.Name); l != nil && !slices.Contains(links, s.link(l)) {
			links = append(links, s.link(l))
		}
	}
	return links
}

// byline is who wrote the story and where, put together by the language's
// rules.
func (s *Site) byline(st *story) []language.Part {
	place := ""
	if s.showDateline(st) == "byline" {
		place = st.Dateline.Place
	}
	credits := make([]language.Credit, 0, len(st.Authors))
	for _, by := range st.Authors {
		c := language.Credit{Name: by.Name, Role: by.Role, Of: by.Of, For: by.For, In: by.In}
		if l := st.ed.people.list(by.Name); l != nil {
			c.Name, c.URL = l.headline, s.url(l.url)
			c.Organisation = l.author != nil && l.author.Organisation
		}
		if !slices.Contains(credits, c) { // under two names, which was told
			credits = append(credits, c)
		}
	}
	return st.ed.lang.Byline(credits, place)
}

func (s *Site) showDateline(st *story) string {
	return cmp.Or(st.Dateline.Show, s.set.Config.Style.Dateline, "byline")
}

// image is a picture with the path of its file: beside the article, or in
// static/ if it begins with a slash.
func (s *Site) image(ed *edition, a *article.Article, im *article.Image) *Image {
	if im == nil || im.Src == "" {
		return nil
	}
	src := sourceOf(a.Path, im.Src)
	if s.isSealed(src) && !s.isEmbargoed(a) {
		return nil
	}
	q := quotes(ed.lang)
	caption, text := article.Inline(im.Caption, q)
	return &Image{
		Src: src, Alt: q.Set(im.Alt), Caption: s.linked(a, caption), Text: text,
		Credit: q.Set(im.Credit), Courtesy: im.Courtesy, Size: im.Size, Focus: im.Focus, Reserved: im.Reserved,
	}
}

// leadOf is the picture of a story; that of a gallery is its first if it names
// none.
func leadOf(a *article.Article) *article.Image {
	if a.Image == nil && a.Type == "gallery" && len(a.Gallery) > 0 {
		return &a.Gallery[0]
	}
	return a.Image
}

// linked is HTML of an article's front matter. Its links from the root have the
// base path, those of what somebody paid for say so, and those to something under
// embargo lead nowhere yet.
func (s *Site) linked(a *article.Article, html string) template.HTML {
	if s.base == "/" && a.Type != "sponsored" && len(s.embargoed) == 0 {
		return trustedHTML(html)
	}
	return trustedHTML(article.Anchored(html, func(href, rel string) (string, string) {
		if s.Tells(href) {
			return "", ""
		}
		if strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
			href = s.url(href)
		}
		if a.Type == "sponsored" {
			rel = article.Sponsored(href, rel, s.set.Config.BaseURL)
		}
		return href, rel
	}))
}

// sourceOf is the path of a file as an article names it.
func sourceOf(from, src string) string {
	if isAbsolute(src) {
		return src
	}
	if rest, ok := strings.CutPrefix(src, "/"); ok {
		return "static/" + strings.TrimPrefix(rest, "static/")
	}
	return path.Join(path.Dir(from), src)
}

// pictures reports pictures of the front matter that no file stands for, and those
// of hosts that site.yaml does not allow.
func (s *Site) pictures(a *article.Article) {
	for im := range allPictured(a) {
		if isAbsolute(im.Src) {
			s.foreignPicture(a, im)
		} else if p := sourceOf(a.Path, im.Src); s.set.Has != nil && !s.set.Has(p) {
			s.problems = append(s.problems, diag.Problem{Severity: diag.Error, Path: a.Path, Line: im.Line, Column: im.Column,
				Length: len([]rune(im.Src)), Text: "there is no picture " + p, Hint: s.nearFile(p)})
		}
	}
}

func pointers(images []article.Image) []*article.Image {
	var all []*article.Image
	for i := range images {
		all = append(all, &images[i])
	}
	return all
}

// nearFile names a picture that may be meant.
func (s *Site) nearFile(p string) string {
	var beside []string
	for _, f := range within(s.set.Files, path.Dir(p)) {
		if path.Dir(f) == path.Dir(p) && !strings.HasSuffix(f, ".md") {
			beside = append(beside, path.Base(f))
		}
	}
	if near := diag.NearestFile(path.Base(p), beside); near != "" {
		return "did you mean " + quoted(near) + "?"
	}
	return "put the file there, or correct the path"
}

// trail is a list and what is above it, the topmost first, without itself.
func (l *list) trail() []*list {
	var up []*list
	for p := l.parent; p != nil; p = p.parent {
		up = append([]*list{p}, up...)
	}
	return up
}
