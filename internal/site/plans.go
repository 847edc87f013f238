package site

import (
	"cmp"
	"html/template"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
)

// What the desk plans in content/fronts/, as of now. What it names that is not
// published yet is left out without a word: a message would tell of it.

// paperFront is the name of the file of the paper's own front.
const paperFront = "front"

// A plan is what stands where on a front now.
type plan struct {
	auto   bool // the places are those of the automatic front
	places []place
	blocks []*list
	bar    *Bar
}

// A place is a slot that is to be filled.
type place struct {
	name, title string
	count       int
	stories     []desired
	from        []*story // what may fill it, of which fill takes some
	fill        func(*story) bool
	latest      bool // any other may fill the rest
}

// Desired is a story that the desk wants in a place.
type desired struct {
	*story
	title string // instead of its headline
}

// A planner reads one file of content/fronts/.
type planner struct {
	*Site
	*config.Front
	ed    *edition
	whole *list // the list whose front it is
	in    map[*story]string
}

// FrontName is the name of the front that a file of content/ plans, false if it
// is none: "town" of content/fronts/town.yaml.
func (s *Site) FrontName(file string) (string, bool) {
	_, rest := s.editionOf(file)
	name, ok := strings.CutPrefix(rest, "fronts/")
	return strings.TrimSuffix(name, path.Ext(name)), ok && strings.HasPrefix(file, "content/")
}

// fronts makes the plans of all fronts that have a file.
func (s *Site) fronts() {
	for _, f := range s.set.Fronts {
		ed, _ := s.editionOf(f.Path)
		name, _ := s.FrontName(f.Path)
		l := ed.lists["section "+name]
		if name == paperFront {
			l = ed.lists["all "]
		}
		p := &planner{s, f, ed, l, map[*story]string{}}
		if l == nil {
			p.noFront(name)
			continue
		}
		if ed.plans == nil {
			ed.plans = map[*list]*plan{}
		}
		ed.plans[l] = p.plan(name == paperFront)
	}
}

// noFront reports a file that is named like no section. One of whose stories
// none is published yet is not told of.
func (p *planner) noFront(name string) {
	if len(within(p.set.Files, "content"+p.ed.prefix+"/"+name)) > 0 {
		return
	}
	hint := meant(name, append(p.ed.sectionNames(), paperFront))
	if l := p.ed.findSection(name); l != nil {
		hint = "did you mean " + quoted(l.name) + "?"
	} else if slices.Contains([]string{"home", "index", "main", "frontpage", "front-page", "homepage"}, name) {
		hint = "the file of the front page is " + path.Join(strings.TrimSuffix(p.Path, name+path.Ext(p.Path)), paperFront+path.Ext(p.Path))
	}
	p.problems = append(p.problems, diag.Problem{Severity: diag.Error, Path: p.Path, Text: "there is no section " + quoted(name) + " whose front this could be", Hint: hint})
}

func (p *planner) plan(paper bool) *plan {
	made := &plan{}
	if made.auto = paper && !p.Filled; made.auto {
		made.places = automatic
	}
	for _, slot := range p.Slots {
		made.places = append(made.places, p.place(slot))
	}
	switch {
	case !paper && len(p.Blocks) > 0:
		p.tell(diag.Error, p.Blocks[0], "only the front page has blocks", "remove it: the section's own list stands below its slots")
	case paper && len(p.Blocks) > 0:
		for _, n := range p.Blocks {
			if l := p.section(n, "blocks"); l != nil && !slices.Contains(made.blocks, l) {
				made.blocks = append(made.blocks, l)
			}
		}
	case paper && !p.NoBlocks:
		made.blocks = p.ed.sections
	}
	for _, b := range p.Bars {
		bar := p.line(b, paper)
		switch {
		case bar == nil:
		case !b.Everywhere && made.bar == nil:
			made.bar = bar
		case b.Everywhere && p.ed.bar == nil:
			p.ed.bar = bar
		}
	}
	return made
}

// place is a slot with those of its stories whose time it is.
func (p *planner) place(slot config.Slot) place {
	_, title := article.Inline(slot.Title, quotes(p.ed.lang))
	made := place{name: slot.Name, title: title, count: slot.Count}
	i := slices.IndexFunc(automatic, func(a place) bool { return a.name == slot.Name })
	switch {
	case made.count > 0:
	case i >= 0:
		made.count = automatic[i].count
	default:
		made.count = max(1, len(slot.Stories))
	}
	// Below a title stands nothing that the desk has not put there.
	made.latest = title == "" || slot.Fill.IsZero() && (i >= 0 || len(slot.Stories) == 0)
	for _, want := range slot.Stories {
		now, past := p.times(want.Times)
		if past {
			continue
		}
		st := p.find(want.Story, now)
		if st == nil || !now || len(made.stories) == made.count {
			continue
		}
		if other := p.in[st]; other != "" {
			p.tell(diag.Warning, want.Story, "this story is in the slot "+quoted(other)+" already", "a front shows a story once: name another one here, or none")
			continue
		}
		p.in[st] = slot.Name
		made.stories = append(made.stories, desired{st, want.Title})
	}
	if !slot.Fill.IsZero() {
		made.from, made.fill = p.filled(slot.Fill)
	}
	return made
}

// times tells whether it is time for something, or past it, and notes when that
// changes.
func (p *planner) times(t config.Times) (now, past bool) {
	zone := p.set.Config.Zone
	from, until := t.From.In(zone), t.Until.In(zone)
	for _, odd := range []struct{ is, key string }{{t.From.Odd(zone), "from"}, {t.Until.Odd(zone), "until"}} {
		at, when := t.FromAt, from
		if odd.key == "until" {
			at, when = t.UntilAt, until
		}
		if odd.is != "" {
			text, hint := oddClock(odd.key, odd.is, when)
			p.tell(diag.Warning, at, text, hint)
		}
	}
	began, ends := t.From.IsZero() || !from.After(p.set.Now), !t.Until.IsZero()
	if !t.From.IsZero() && ends && !until.After(from) {
		p.tell(diag.Error, t.UntilAt, "it ends before it begins: until is not later than from", "write a later time, such as\nuntil: "+from.Add(24*time.Hour).Format("2006-01-02 15:04"))
	}
	if !began {
		p.changes(from, Coming{p.Path, "front"})
	}
	if ends {
		p.changes(until, Coming{p.Path, "front"})
		past = !until.After(p.set.Now)
	}
	return began && !past, past
}

// find is the published story of a name, and reports what the desk must know: a
// name of nothing at any time, a story that is gone if it is to be shown now.
func (p *planner) find(n config.Named, now bool) *story {
	var a *article.Article
	var gone *story
	for _, file := range p.files(n.Name) {
		if st := p.stories[file]; st != nil && st.Kind == article.Story {
			if !st.gone {
				return st
			}
			gone = st
		}
		a = cmp.Or(a, p.sources()[file])
	}
	switch {
	case a == nil:
		p.tell(diag.Error, n, "there is no story "+quoted(n.Name), p.meantBy(n.Name))
	case a.Kind != article.Story:
		p.tell(diag.Error, n, a.Path+" is no story", "a front shows stories: what has a date, and lies in a section")
	case now && gone != nil:
		how := map[string]string{"killed": " was killed", "expired": " has expired"}[gone.farewell()]
		p.tell(diag.Warning, n, "the story "+quoted(n.Name)+how, "it is left out, and its slot fills itself; name another")
	}
	return nil
}

// meantBy is the hint for the name of a story that there is not.
func (p *planner) meantBy(name string) string {
	near := p.near(p.files(name)[0])
	if st := p.ed.byURL()[name]; st != nil {
		near = strings.TrimPrefix(st.Path, "content/")
	}
	if near == "" {
		return "write its path below content" + p.ed.prefix + "/, such as politics/harbour.md"
	}
	if rest, ok := strings.CutPrefix("/"+near, p.ed.prefix+"/"); ok {
		return "did you mean " + quoted(rest) + "?"
	}
	return "did you mean " + quoted("content/"+near) + "?"
}

// files are those that a name may mean: below the folder of the language, or
// anywhere if it begins with content/.
func (p *planner) files(name string) []string {
	name = strings.TrimSuffix(strings.TrimSuffix(strings.Trim(name, "/"), ".md"), "/index")
	if !strings.HasPrefix(name, "content/") {
		name = path.Join("content"+p.ed.prefix, name)
	}
	return []string{name + ".md", name + "/index.md"}
}

// filled is what may fill a slot: a list, and what its stories must be.
func (p *planner) filled(f config.Fill) ([]*story, func(*story) bool) {
	from, known := p.whole.shown(), true
	var lists []*list
	if f.Section.Name != "" {
		from = nil
		if l := p.section(f.Section, "fill"); l != nil {
			from = l.shown()
		}
	}
	for _, by := range []struct {
		config.Named
		of   *names
		what string
		has  func(*article.Article) []string
	}{
		{f.Tag, p.ed.topics, "topic", func(a *article.Article) []string { return a.Tags }},
		{f.Series, p.ed.series, "series", func(a *article.Article) []string { return []string{a.Series.Name} }},
		{f.Author, p.ed.people, "author", authorNames},
	} {
		if by.Name == "" {
			continue
		}
		slug := by.of.slug(by.Name)
		if l := by.of.lists[slug]; l != nil {
			lists = append(lists, l)
			continue
		}
		known = false
		if by.of.files[slug] == nil && !p.coming(func(a *article.Article) bool {
			return slices.ContainsFunc(by.has(a), func(name string) bool { return by.of.slug(name) == slug })
		}) {
			var all []string
			for _, l := range by.of.order {
				all = append(all, l.headline)
			}
			hint := "the slot is not filled by it until there is one"
			if near := diag.Nearest(by.Name, all); near != "" {
				hint = "did you mean " + quoted(near) + "?"
			}
			p.tell(diag.Warning, by.Named, "there is no "+by.what+" "+quoted(by.Name), hint)
		}
	}
	return from, func(st *story) bool {
		return known && (f.Kind == "" && st.unpaid() || st.Type == f.Kind) && !slices.ContainsFunc(lists, func(l *list) bool { return !l.has(st) })
	}
}

func authorNames(a *article.Article) (names []string) {
	for _, by := range a.Authors {
		names = append(names, by.Name)
	}
	return names
}

// has tells whether a story is in a list that is in the order of stories.
func (l *list) has(st *story) bool {
	i := st.in(l.stories)
	return i < len(l.stories) && l.stories[i] == st
}

// coming tells whether something is true of a story that readers do not see.
func (p *planner) coming(is func(*article.Article) bool) bool {
	return slices.ContainsFunc(p.Unpublished, func(u Skipped) bool {
		a := p.sources()[u.Path]
		return a != nil && is(a)
	})
}

// section is the one of a name; one without a published story is none, and told
// of only if it has no file at all.
func (p *planner) section(n config.Named, where string) *list {
	l := p.ed.findSection(n.Name)
	if l == nil && len(within(p.set.Files, "content"+p.ed.prefix+"/"+n.Name)) == 0 {
		p.tell(diag.Error, n, where+" names the section "+quoted(n.Name)+", which the site does not have", meant(n.Name, p.ed.sectionNames()))
	}
	return l
}

// line is a bar, if it is its time and that of its story.
func (p *planner) line(b config.Bar, paper bool) *Bar {
	if b.Everywhere && !paper {
		p.tell(diag.Error, b.ShowAt, "only the bar of the front page can be on all pages", "remove show: all, or put the bar into "+paperFront+".yaml")
		return nil
	}
	now, past := p.times(b.Times)
	if past {
		return nil
	}
	text, _ := article.Inline(b.Text, quotes(p.ed.lang))
	bar := &Bar{Label: b.Label, Text: template.HTML(unlinked(text)), URL: b.URL.Name}
	if bar.Label == "" {
		bar.Label, _ = p.ed.lang.Text("breaking")
	}
	if strings.HasPrefix(bar.URL, "/") {
		bar.URL = p.url(bar.URL)
	}
	if p.Tells(b.URL.Name) {
		p.problems = append(p.problems, diag.Problem{Path: p.Path, Text: "the bar on line " + strconv.Itoa(b.URL.Line) + " leads to something under embargo", Hint: "it is not shown until that is published"})
		return nil
	}
	if b.Story.Name != "" {
		st := p.find(b.Story, now)
		if st == nil {
			return nil
		}
		bar.URL = p.url(st.url)
	}
	if !now {
		return nil
	}
	return bar
}

func (p *planner) tell(severity diag.Severity, at config.Named, text, hint string) {
	p.problems = append(p.problems, diag.Problem{Severity: severity, Path: p.Path, Line: at.Line, Column: at.Column, Length: at.Length, Text: text, Hint: hint})
}
