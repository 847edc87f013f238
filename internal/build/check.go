package build

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"stet/internal/article"
	"stet/internal/check"
	"stet/internal/diag"
	"stet/internal/images"
	"stet/internal/language"
	"stet/internal/page"
	"stet/internal/site"
	"stet/internal/source"
)

// What an editor would say is found while an edition is made in memory: each
// worker that has made the page of a story looks at that story, whose text it has
// just read, and at the pictures, of which every answer is known. So nothing is
// read for a check that a build would not read.

// Checking says what is looked at beside what config.Rules names.
type Checking struct {
	// Page, if not nil, is handed each HTML page as it will be published. Several
	// workers call it at once; the bytes are valid until it returns.
	Page func(pg page.Page, html []byte)
	// Against, if not "", is the folder of a published edition to compare with.
	Against string
	// Foreign wants the addresses of other sites.
	Foreign bool
	// Host, if not "", is one of check.Hosts, whose limits are looked at.
	Host string
}

// Checked is what Check looked at.
type Checked struct {
	Report
	Read    bool           // the site could be read, and was looked at
	Stories []string       // and pages, by source path, sorted
	Older   []diag.Problem // of stories from before Since: they are to be counted alone
	Since   string         // "2024-01-01"; "" if all are checked
	Foreign []string       // addresses of other sites, if they were wished for, sorted

	editors *editors
}

// Check makes in memory what a build would make now, puts nothing in place, and
// says all that is wrong with it: what a build would refuse or warn of, and what
// the rules of site.yaml find.
func Check(ctx context.Context, o Options, what Checking) (Checked, []diag.Problem) {
	if o.Jobs < 1 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	var done Checked
	tree, problems, err := source.Open(o.Dir, o.Theme)
	if err != nil {
		return done, append(problems, explain(o, noSite(o.Dir, err)))
	}
	defer tree.Close()
	if o.Listed != nil {
		o.Listed(len(tree.Files), 0)
	}
	p, found, err := open(o, tree, o.Memory.files(o))
	problems, done.Lines = append(problems, found...), tree.Lines()
	done.Secret, done.Hushed = p.embargoed()
	if err == nil && p.site != nil {
		done.Read = true
		found, err = p.check(ctx, what, &done)
		problems = append(problems, found...)
	}
	if err != nil {
		problems = append(problems, explain(o, err))
	}
	return done, diag.Sort(problems)
}

// check makes all pages and says what is found in them, and by comparing them.
func (p *press) check(ctx context.Context, what Checking, done *Checked) ([]diag.Problem, error) {
	p.plan, done.Skipped = true, p.site.Skipped
	e := newEditors(p, what)
	p.editors, done.editors = e, e
	var past *against
	var never error // why nothing can be compared
	put := e.weigh
	if p.abouts = what.Against != ""; p.abouts {
		if past, never = p.compare(what.Against); never == nil {
			put = func(r page.Result) error { return errors.Join(e.weigh(r), past.put(r)) }
		}
	}
	ledger, problems, err := p.make(ctx, new(page.Ledger), nil, put, &done.Report)
	if done.Ledger = ledger; err == nil {
		e.whole(ledger)
	}
	if past != nil && err == nil && !p.broken {
		found, older, wrong := past.problems()
		problems, never = append(problems, found...), wrong
		e.older = append(e.older, older...)
	}
	if never != nil {
		problems = append(problems, explain(p.o, never))
	}
	for _, st := range e.stories {
		done.Stories = append(done.Stories, st.name)
	}
	slices.Sort(done.Stories)
	done.Older, done.Foreign = diag.Sort(e.older), slices.Sorted(maps.Keys(e.links.Foreign()))
	if service := p.config.Comments.Service; service != "" { // which is no page to be looked at
		done.Foreign = slices.DeleteFunc(done.Foreign, func(address string) bool { return strings.HasPrefix(address, service) })
	}
	if since := p.config.Check.Since; !since.IsZero() {
		done.Since = since.In(p.config.Zone).Format("2006-01-02")
	}
	return append(problems, e.found...), err
}

// editors look at stories while their pages are made.
type editors struct {
	*press
	what  Checking
	links *check.Links
	texts map[string]string // files that were looked through, once all was made

	mu           sync.Mutex
	bodies       map[string]*written // of stories that are being made; nil if one was looked at
	stories      []looked
	sizes        map[string]int64      // of files of the edition, if a host has limits
	blocked      map[blockage][]string // pages, by what browsers will not do with them
	found, older []diag.Problem
}

func newEditors(p *press, what Checking) *editors {
	e := &editors{press: p, what: what, bodies: map[string]*written{}, texts: map[string]string{}, sizes: map[string]int64{}, blocked: map[blockage][]string{}}
	p.listed = p.listPages(new(page.Ledger))
	files := make(map[string]bool, len(p.listed))
	for _, pg := range p.listed {
		files[pg.Path] = true
	}
	e.links = check.NewLinks(p.site.URL("/"), p.config.BaseURL, what.Foreign, func(file string) bool { return files[file] })
	return e
}

// whole says what can be said only when all pages were made. Where layouts are
// broken there are none.
func (e *editors) whole(ledger *page.Ledger) {
	slices.SortFunc(e.stories, func(a, b looked) int { return strings.Compare(a.name, b.name) })
	var stories sync.WaitGroup
	stories.Go(e.archive)
	defer stories.Wait()
	if e.broken || e.unset { // then links and menus are not as they will be
		return
	}
	e.linked(ledger)
	e.policy(ledger)
	e.pictures(ledger)
	e.newestAsked(ledger)
	e.hosted()
}

// written is what a story holds that is looked at.
type written struct {
	story    *site.Story // as its page has it
	shown    bool        // its text was rendered
	lang     string      // of that
	pictures []check.Picture
	text     []check.Paragraph
}

// gather has all noted that a text holds, while it is rendered.
func (w *written) gather(name string, o *article.Options) {
	o.Prose = func(p article.Prose) { w.text = append(w.text, check.Paragraph(p)) }
	show := o.Figure
	o.Figure = func(f article.Figure) (string, error) {
		src, _ := article.PathOf(f.Src)
		if src == "" {
			return show(f) // an embed of words alone
		}
		if !strings.Contains(src, ":") {
			src = site.SourceOf(name, src)
		}
		alt := f.Alt
		if f.Frame != nil {
			alt = cmp.Or(alt, f.Frame.Title)
		}
		w.pictures = append(w.pictures, check.Picture{Line: f.Line, Column: f.Column, Src: src, Alt: alt, Caption: f.CaptionText, Credit: f.Credit})
		return show(f)
	}
}

// look is a maker that looks at what another has made.
func (e *editors) look(m page.Maker) page.Maker {
	return func(ask *page.Ask, pg page.Page, to *page.Content) error {
		err := m(ask, pg, to)
		switch pg.Kind {
		case "article", "page", "text":
			err = cmp.Or(err, e.story(ask, page.Fields(pg.Args, 1)[0]))
		}
		if err == nil && to.Copy == "" && path.Ext(pg.Path) == ".html" {
			e.policed(pg.Path, func(b check.Blocked) { e.links.Add(pg.Path, to.Body.Bytes(), pg.Kind == "redirect", b) })
			if e.what.Page != nil {
				e.what.Page(pg, to.Body.Bytes())
			}
		}
		return err
	}
}

// waits tells whether a story is yet to be looked at. Feeds have texts rendered
// again.
func (e *editors) waits(name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	w, known := e.bodies[name]
	return w != nil || !known
}

// note notes something of a story that is yet to be looked at.
func (e *editors) note(name string, add func(*written)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w, known := e.bodies[name]
	if !known {
		w = new(written)
		e.bodies[name] = w
	}
	if w != nil {
		add(w)
	}
}

// story looks at a story that was made.
func (e *editors) story(ask *page.Ask, name string) error {
	if _, err := ask.Digest("body", page.Args(name)); err != nil { // which a layout may do without
		return err
	}
	e.mu.Lock()
	w := e.bodies[name]
	e.bodies[name] = nil
	e.mu.Unlock()
	if w == nil || !w.shown {
		return nil // a notice stands in its place
	}
	about, err := w.story, error(nil)
	if about == nil { // with broken layouts it has no page
		about, err = page.Get[*site.Story](ask, "story", page.Args(name))
	}
	if err != nil || about == nil {
		return err
	}
	set, err := page.Get[images.Settings](ask, "imagesettings", "")
	if err != nil {
		return err
	}
	w.pictures = append(e.ofFront(name, about.Image, about.Gallery), w.pictures...)
	for i := range w.pictures {
		ph, err := page.Get[*images.Photo](ask, "photo", page.Args(w.pictures[i].Src))
		if err != nil {
			return err
		}
		if ph != nil {
			complete(&w.pictures[i], ph, w.lang, set.Language)
		}
	}
	found, old := e.saidOf(name, about, *w)
	l := e.lookedAt(name, about, *w)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stories = append(e.stories, l)
	if old {
		e.older = append(e.older, found...)
	} else {
		e.found = append(e.found, found...)
	}
	return nil
}

// lookedAt is what is to be remembered of a story.
func (e *editors) lookedAt(name string, about *site.Story, w written) looked {
	l := looked{name: name, said: e.said(name), lang: about.Lang, headline: about.Headline, since: about.Date.Unix(), article: about.Kind == "article"}
	if l.article && e.taken("text-twice") != "" {
		l.text = digestOf(w.text)
	}
	for _, p := range w.pictures {
		if p.Credit != "" {
			at := p.Place(func(key string) diag.Problem { return e.site.Mark(name, key) })
			l.credits = append(l.credits, credited{p.Credit, check.Place{Path: name, Line: int32(at.Line), Column: int32(at.Column), Length: int32(at.Length)}})
		}
	}
	return l
}

// saidOf is what the rules find in a story, and whether that is only counted.
func (p *press) saidOf(name string, about *site.Story, w written) (found []diag.Problem, old bool) {
	rules, old := p.site.Rules(name)
	s := check.Story{
		Story: about, Pictures: w.pictures, Text: w.text, Opinions: p.site.AmongOpinions(name), Notes: p.house().notes, Rules: rules,
		Mark: func(key string) diag.Problem { return p.site.Mark(name, key) },
	}
	if rules["date-style"] != "" {
		s.Dates = p.house().dates[about.Lang]
	}
	if a := p.said(name); a != nil {
		_, s.Deck = article.Inline(a.Deck, article.Quotes{})
		s.Written = a.Mark("summary").Length > 0
	}
	return s.Problems(), old
}

// said is what a file of content/ says, nil if that is not known.
func (p *press) said(name string) *article.Article {
	if i, ok := p.tree.Index(name); ok && i < len(p.records) {
		return p.records[i].Said
	}
	return nil
}

// A house is what the languages of the paper hold stories to.
type house struct {
	notes []string                // what corrections are called in any of them
	dates map[string]*check.Dates // by tag
}

func newHouse(languages map[string]*language.Language) *house {
	h := &house{notes: []string{"Correction", "Corrections", "Clarification", "Clarifications", "Editor’s note"}, dates: map[string]*check.Dates{}}
	for _, tag := range slices.Sorted(maps.Keys(languages)) {
		l := languages[tag]
		for _, kind := range []string{"correction", "clarification", "editors-note"} {
			if text, err := l.Text("correction_" + kind); err == nil && !slices.Contains(h.notes, text) {
				h.notes = append(h.notes, text)
			}
		}
		h.dates[tag] = check.NewDates(l.Months, l.MonthsShort, func(style string, day time.Time) (string, bool) {
			text, err := l.Date(style, day)
			return text, err == nil
		})
	}
	return h
}
