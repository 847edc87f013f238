package build

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/source"
)

// What is said of links, when all pages were made.

// guessed is for how many dead links it is told what was probably meant: each is
// compared with all pages.
const guessed = 50

// linked says which links lead nowhere, and to which stories none leads.
func (e *editors) linked(ledger *page.Ledger) {
	files := make(map[string]bool, len(ledger.Pages))
	var pages []string // that somebody may mean
	for _, p := range e.listed {
		files[p.Path] = true
	}
	for _, p := range ledger.Pages {
		files[p.Path] = true
		if p.Kind != "rendition" && p.Kind != "asset" {
			pages = append(pages, p.Path)
		}
	}
	folds := sync.OnceValue(func() map[string]string {
		all := map[string]string{}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			all[folded(name)] = name
		}
		return all
	})
	n := 0
	near := func(file string) string {
		if same := folds()[folded(file)]; same != "" {
			return same
		}
		if in, twice := strings.CutPrefix("/"+file, e.site.URL("/")); twice && files[in] {
			return in // its writer knows the base path, and Stet wrote it too
		}
		if n++; n > guessed {
			return ""
		}
		return diag.NearestFile(file, pages)
	}
	dead := e.links.Dead(func(file string) bool {
		return files[file] || e.site.LeadsOn("/"+file) || e.site.LeadsOn("/"+strings.TrimSuffix(file, "index.html"))
	}, near)
	for _, d := range dead {
		if !e.site.Tells("/" + d.File) {
			e.dead(d, ledger)
		}
	}
	if e.taken("story-unlisted") == "" {
		return
	}
	at := map[string]string{}
	for _, p := range e.listed {
		if p.Kind == "article" || p.Kind == "page" {
			at[page.Fields(p.Args, 1)[0]] = p.Path
		}
	}
	for i := range e.stories {
		st := &e.stories[i]
		if a := st.said; a != nil && !a.NoIndex && !e.links.Led(at[st.name]) {
			e.tell("story-unlisted", e.site.Mark(st.name, "title"), "no page leads here", "link to it from a story, a menu or a front, or keep search engines away from it too: index: false")
		}
	}
}

// dead says where a link is written that leads nowhere.
func (e *editors) dead(d check.Dead, ledger *page.Ledger) {
	rule, text, hint := "link-dead", "the link to "+quoted(d.Written)+" leads nowhere", "mend its address, or take it away"
	switch {
	case d.Fragment != "":
		rule, text = "anchor-dead", "the link to "+quoted(d.Written)+" leads to a part that "+d.File+" does not have"
	case d.Outside:
		text, hint = "the link to "+quoted(d.Written)+" lacks the base path of the site, and leads out of it", `in a layout, write {{ url "`+d.Written+`" }}`
		d.Near = ""
	}
	if d.Near != "" {
		hint = "did you mean " + quoted(d.Near) + "?"
		if d.Fragment == "" && strings.EqualFold(d.Near, d.Written) {
			hint += " Capitals and small letters differ in addresses"
		}
	}
	if e.taken(rule) == "" {
		return
	}
	for _, at := range e.whereWritten(d.Pages, e.finds(needles(d.Written, e.site.URL("/"), d.Fragment)), ledger) {
		said := text
		if at.on > 0 {
			if at.Path == source.Settings && e.inMenu(at.Line) {
				continue // of menus the build speaks
			}
			said += on(d.Pages, at.on)
		}
		e.tell(rule, at.Problem, said, hint)
	}
}

// inMenu tells whether an entry of a menu stands on a line of site.yaml.
func (e *editors) inMenu(line int) bool {
	menus := []map[string][]config.Link{e.config.Menus}
	for _, l := range e.config.Languages {
		menus = append(menus, l.Menus)
	}
	for _, named := range menus {
		for _, links := range named {
			if slices.ContainsFunc(links, func(l config.Link) bool { return l.Line == line }) {
				return true
			}
		}
	}
	return false
}

// on is " on 120 pages, such as world/index.html".
func on(pages []string, n int) string {
	if n == 1 {
		return ", on the page " + pages[0]
	}
	return fmt.Sprintf(", on %d pages, such as %s", n, pages[0])
}

// needles are the ways in which an address of a page may be written in a source
// file, the surest first.
func needles(written, base, fragment string) (all []string) {
	all = []string{written}
	if bare, err := url.PathUnescape(written); err == nil && bare != written {
		all = append(all, bare)
	}
	if in, ok := strings.CutPrefix(written, base); ok && base != "/" {
		all = append(all, "/"+in)
	}
	if fragment != "" {
		all = append(all, "#"+fragment)
	}
	return all
}

// A shownAt is where an address is written, and on how many pages it is, if these
// share that file.
type shownAt struct {
	diag.Problem
	on int
}

// whereWritten finds where something stands that pages have: in the files that
// these are made of, or in what many share: site.yaml, layouts, data.
func (e *editors) whereWritten(pages []string, find func(name string) (diag.Problem, bool), ledger *page.Ledger) (all []shownAt) {
	places, known := make([]diag.Problem, len(pages)), make([]bool, len(pages))
	for i, file := range pages {
		note, _ := ledger.Note(file)
		places[i] = e.origin(note)
		known[i] = places[i].Line > 0 && note.Kind == "redirect"
	}
	sideBySide(len(pages), e.o.Jobs, func(i int) {
		if !known[i] {
			places[i], known[i] = find(places[i].Path)
		}
	})
	rest, first, told := 0, "", map[diag.Problem]bool{}
	for i, at := range places {
		if !known[i] {
			if rest++; first == "" {
				first = pages[i]
			}
			continue
		}
		if at.Text, at.Hint = "", ""; !told[at] {
			told[at] = true
			all = append(all, shownAt{at, 0})
		}
	}
	if rest == 0 {
		return all
	}
	for _, name := range e.shared() {
		if at, ok := find(name); ok {
			return append(all, shownAt{at, rest})
		}
	}
	at := diag.Problem{Path: first}
	note, _ := ledger.Note(first)
	if at.Path = e.layoutOf(note, ledger); at.Path == "" {
		at.Path = e.origin(note).Path
	}
	return append(all, shownAt{at, rest})
}

// origin is what a page is made of.
func (e *editors) origin(note page.PageNote) (at diag.Problem) {
	switch note.Kind {
	case "article", "page", "file":
		return diag.Problem{Path: page.Fields(note.Args, 1)[0]}
	case "section", "tag", "author", "series", "redirect", "corrections":
		at = e.site.Cause(note.Page).At
	}
	return at
}

// layoutOf is the layout that a page was made with, "" if that is not known.
func (e *editors) layoutOf(note page.PageNote, ledger *page.Ledger) string {
	for _, n := range note.Note {
		if q := ledger.Questions[n]; q.Kind == "lookup" {
			if name, ok := e.layouts.Lookup(page.Fields(q.Args, 3)...); ok {
				return "layouts/" + name
			}
		}
	}
	return ""
}

// shared are the files that many pages are made of, those of the site before those
// of the theme.
func (e *editors) shared() (names []string) {
	var theme []string
	for _, f := range e.tree.Files {
		switch {
		case f.Path != source.Settings && !strings.HasPrefix(f.Path, "layouts/") && !strings.HasPrefix(f.Path, "data/") && !strings.HasPrefix(f.Path, "content/fronts/"):
		case f.Theme:
			theme = append(theme, f.Path)
		default:
			names = append(names, f.Path)
		}
	}
	return append(names, theme...)
}

// sideBySide does so many things, several at a time.
func sideBySide(n, jobs int, do func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, jobs) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wg.Wait()
}

// text is what a file holds. What many pages have in common is kept; of stories
// there may be too many.
func (e *editors) text(name string) string {
	e.mu.Lock()
	text, known := e.texts[name]
	e.mu.Unlock()
	if known {
		return text
	}
	data, err := e.tree.Read(name)
	if err != nil { // it is another now, or the tree was closed
		data, _ = source.ReadFile(e.o.Dir, e.o.Theme, name) // what cannot be read has nothing
	}
	text = string(data)
	if e.said(name) == nil {
		e.mu.Lock()
		e.texts[name] = text
		e.mu.Unlock()
	}
	return text
}

// finds finds one of these words in a file that it is given.
func (e *editors) finds(needles []string) func(name string) (diag.Problem, bool) {
	return func(name string) (diag.Problem, bool) { return e.find(name, needles) }
}

// find finds one of these words in a file, whole.
func (e *editors) find(name string, needles []string) (at diag.Problem, found bool) {
	if name == "" || path.Ext(name) == "" {
		return at, false
	}
	text := e.text(name)
	for _, needle := range needles {
		if from := wordIn(text, needle); from >= 0 {
			return placed(name, text, from, needle), true
		}
	}
	return at, false
}

// placed marks words that stand at a place of a file.
func placed(name, text string, from int, words string) diag.Problem {
	before := text[:from]
	line := strings.LastIndexByte(before, '\n') + 1
	return diag.Problem{Path: name, Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1, Length: utf8.RuneCountInString(words)}
}

// wordIn is where a text has an address that does not go on on either side.
func wordIn(text, address string) int {
	const ends = "\"'`()<>[]{} \t\r\n,|"
	for from := 0; address != ""; {
		i := strings.Index(text[from:], address)
		if i < 0 {
			break
		}
		i += from
		after := i + len(address)
		begins := i == 0 || strings.ContainsRune(ends, rune(text[i-1])) || address[0] == '#' || text[i-1] == '='
		if begins && (after == len(text) || strings.ContainsRune(ends, rune(text[after]))) {
			return i
		}
		from = i + 1
	}
	return -1
}

// Told is what is said of a link to another site, at each place at which it is
// written; older is what is only counted.
func (c Checked) Told(address, text, hint string) (found, older []diag.Problem) {
	e := c.editors
	e.found, e.older = nil, nil
	pages := e.links.Foreign()[address]
	slices.Sort(pages)
	var words []string
	for _, form := range e.links.Forms(address) {
		words = append(words, needles(form, "/", "")...)
	}
	for _, at := range e.whereWritten(slices.Compact(pages), e.finds(words), c.Ledger) {
		said := text
		if at.on > 0 {
			said += on(pages, at.on)
		}
		e.tell("link-external", at.Problem, said, hint)
	}
	return e.found, e.older
}

// Written are the files at which something may be told of a link to another site:
// not those that ignore it.
func (c Checked) Written(address string) (files []string) {
	found, older := c.Told(address, "", "")
	for _, p := range append(found, older...) {
		files = append(files, p.Path)
	}
	slices.Sort(files)
	return slices.Compact(files)
}
