package check

import (
	"bytes"
	"cmp"
	"html"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"stet/internal/diag"
)

// Links are all that the pages of an edition name. Add may be called by several
// workers at once; the rest when all pages were added.
type Links struct {
	base    string                 // "/" or "/news/"
	own     string                 // the same with scheme and host; "" if that is not known
	foreign bool                   // addresses of other sites are kept too
	there   func(file string) bool // of what is known before

	mu      sync.RWMutex
	written map[string]*target // by the address as it is written, if it counts from the root
	targets map[spot]*target
	entries map[string][]string // ids, by the path of the page
	ids     map[string]string   // each of them once, by how it is written
	others  map[string][]string // pages, by the address of another site
	forms   map[string][]string // how such an address is written, with its fragment and perhaps without its scheme
}

// A target is a place in an edition that pages name.
type target struct {
	spot
	written string  // as pages have it, the first in order of the alphabet
	known   bool    // the file is there
	whole   *target // the page of which it is a part, or itself
	led     atomic.Bool
	pages   []string // that name it, if it may be dead
}

type spot struct {
	file, fragment string
	outside        bool // it lacks the site's base path
}

// NewLinks makes a collection for an edition whose addresses begin with a base
// path such as "/news/" or, whole, with own, if that is not "". Of the files of
// which there tells that they are, none will be said to be missing.
func NewLinks(base, own string, foreign bool, there func(file string) bool) *Links {
	return &Links{base: base, own: own, foreign: foreign, there: there, written: map[string]*target{}, targets: map[spot]*target{},
		entries: map[string][]string{}, ids: map[string]string{}, others: map[string][]string{}, forms: map[string][]string{}}
}

// A mention is what one page names, until it is known where that leads.
type mention struct {
	how   reference
	value []byte
}

// A pass is one through a page: what it names, and its ids as they are written. It
// is used again.
type pass struct {
	named []mention
	ids   [][]byte
}

var passes = sync.Pool{New: func() any { return new(pass) }}

// Add takes in the page that will lie at a path. If it only leads on, as one at an
// old address does, it is no way to what it names. What the policy of pages may be
// against is looked for on the same way.
func (l *Links) Add(file string, page []byte, leadsOn bool, policy Blocked) {
	p := passes.Get().(*pass)
	defer passes.Put(p)
	p.named, p.ids = p.named[:0], p.ids[:0]
	name := func(how reference, value []byte) { p.named = append(p.named, mention{how, value}) }
	entry := func(id []byte) { p.ids = append(p.ids, id) }
	eachTag(page, func(t *tag) {
		t.names(name, entry)
		policy.tag(t)
	})
	rest := p.named[:0]
	l.mu.RLock()
	for _, m := range p.named {
		if own := len(m.value) > 1 && m.value[0] == '#' && slices.ContainsFunc(p.ids, func(id []byte) bool { return bytes.Equal(id, m.value[1:]) }); own {
			continue // within the page, to what it has
		}
		if t := l.written[string(m.value)]; t != nil && t.known && t.fragment == "" {
			t.lead(m.how, file, leadsOn)
		} else {
			rest = append(rest, m)
		}
	}
	l.mu.RUnlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	ids := l.kept(p.ids)
	l.entries[file] = ids
	for _, m := range rest {
		l.add(m, file, ids, leadsOn)
	}
}

// kept are the ids of a page. Most of them many pages have.
func (l *Links) kept(ids [][]byte) []string {
	if len(ids) == 0 {
		return nil
	}
	all := make([]string, len(ids))
	for i, id := range ids {
		name, known := l.ids[string(id)]
		if !known {
			as := string(id)
			name = html.UnescapeString(as)
			l.ids[as] = name
		}
		all[i] = name
	}
	return all
}

func (t *target) lead(how reference, from string, leadsOn bool) {
	if how == leads && !leadsOn && from != t.file && !t.whole.led.Load() {
		t.whole.led.Store(true)
	}
}

func (l *Links) add(m mention, file string, ids []string, leadsOn bool) {
	written := plain(m.value)
	t := l.written[string(m.value)]
	if t == nil {
		at, ours := l.resolve(written, file)
		if !ours {
			if at := foreignOf(written); l.foreign && at != "" && (m.how == leads || m.how == shows) {
				l.others[at] = appendOnce(l.others[at], file)
				if form := strings.TrimSpace(written); !slices.Contains(l.forms[at], form) {
					l.forms[at] = append(l.forms[at], form)
				}
			}
			return
		}
		t = l.target(at, written)
		if strings.HasPrefix(written, "/") || l.own != "" && strings.HasPrefix(written, l.own) {
			l.written[string(m.value)] = t
		}
	}
	t.lead(m.how, file, leadsOn)
	if t.fragment == "" && t.known || t.file == file && slices.Contains(ids, t.fragment) {
		return
	}
	if len(t.pages) == 0 || written < t.written { // whoever came first
		t.written = written
	}
	t.pages = appendOnce(t.pages, file)
}

// target is that of a spot, made when it is first named.
func (l *Links) target(at spot, written string) *target {
	t := l.targets[at]
	if t == nil {
		t = &target{spot: at, written: written, known: !at.outside && l.there(at.file)}
		if t.whole = t; at.fragment != "" {
			t.whole = l.target(spot{at.file, "", at.outside}, written)
		}
		l.targets[at] = t
	}
	return t
}

// appendOnce appends what is not the last already.
func appendOnce(all []string, one string) []string {
	if n := len(all); n > 0 && all[n-1] == one {
		return all
	}
	return append(all, one)
}

// plain is an attribute's value as it is meant.
func plain(value []byte) string { return html.UnescapeString(string(value)) }

// resolve says what an address means on a page; false if it leads to another site,
// or nowhere that could be missing.
func (l *Links) resolve(written, page string) (t spot, ours bool) {
	at := strings.TrimSpace(written)
	if l.own != "" && (strings.HasPrefix(at, l.own) || at == strings.TrimSuffix(l.own, "/")) {
		at = l.base + strings.TrimPrefix(at[len(l.own)-1:], "/")
	}
	if at == "" || strings.HasPrefix(at, "//") || schemeOf(at) != "" {
		return t, false
	}
	at, fragment, _ := strings.Cut(at, "#")
	fragment, _, _ = strings.Cut(fragment, ":~:") // a text to be found
	at, query, _ := strings.Cut(at, "?")
	t.fragment = unescaped(fragment)
	if strings.EqualFold(t.fragment, "top") || strings.HasPrefix(t.fragment, "/") || strings.HasPrefix(t.fragment, "!") {
		t.fragment = "" // the top of every page, and what scripts read
	}
	at = unescaped(at)
	switch {
	case at == "" && t.fragment == "" && query == "":
		return t, false
	case at == "":
		t.file = page
		return t, true
	case !strings.HasPrefix(at, "/"):
		at = l.base + path.Dir("/" + page)[1:] + "/" + at
	}
	folder := strings.HasSuffix(at, "/") || strings.HasSuffix(at, "/.") || strings.HasSuffix(at, "/..")
	at = path.Clean(at)
	in, within := strings.CutPrefix(at+"/", l.base)
	if in = strings.TrimSuffix(in, "/"); !within {
		in, t.outside = strings.TrimPrefix(at, "/"), true
	}
	if folder || in == "" {
		in = path.Join(in, "index.html")
	}
	t.file = in
	return t, true
}

// schemeOf is what stands before the colon of an address, "" if it has none.
func schemeOf(at string) string {
	i := strings.IndexByte(at, ':')
	if i <= 0 || strings.ContainsAny(at[:i], "/?#") {
		return ""
	}
	return strings.ToLower(at[:i])
}

// foreignOf is the address of another site, without its fragment; "" if it is none
// that can be asked for.
func foreignOf(written string) string {
	at := strings.TrimSpace(written)
	if strings.HasPrefix(at, "//") {
		at = "https:" + at
	}
	if s := schemeOf(at); s != "http" && s != "https" {
		return ""
	}
	at, _, _ = strings.Cut(at, "#")
	return at
}

func unescaped(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// A Dead is a link that leads nowhere.
type Dead struct {
	Written  string // as pages have it, the first in order of the alphabet
	File     string // where it leads, from the root of the edition
	Fragment string // that the page there lacks; "" if there is no file
	Near     string // what was probably meant, to be written instead; "" if that is not known
	Outside  bool   // a page of this site is there, but it is written without the site's base path
	Pages    []string
}

// Dead lists what leads nowhere, sorted. There tells of all that the edition holds
// and leads on to, near gives the most similar file.
func (l *Links) Dead(there func(file string) bool, near func(file string) string) (all []Dead) {
	var named []*target
	for _, t := range l.targets {
		if len(t.pages) > 0 {
			named = append(named, t)
		}
	}
	slices.SortFunc(named, func(a, b *target) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.fragment, b.fragment), cmp.Compare(a.written, b.written))
	})
	for _, t := range named {
		d := Dead{Written: t.written, File: t.file, Pages: t.pages}
		file := t.file
		if !there(file) && there(path.Join(file, "index.html")) {
			file = path.Join(file, "index.html") // as hosts lead on to it
		}
		switch ids, read := l.entries[file]; {
		case t.outside:
			if d.Outside = there(file); !d.Outside {
				continue // whatever else lies on that host
			}
			d.Near = l.base + Address(file)[1:]
		case !there(file):
			if to := near(file); to != "" {
				d.Near = l.base + Address(to)[1:]
			}
		case t.fragment == "" || !read || slices.Contains(ids, t.fragment):
			continue
		default:
			d.Fragment, d.Near = t.fragment, nearEntry(ids, t.fragment)
		}
		slices.Sort(d.Pages)
		d.Pages = slices.Compact(d.Pages)
		all = append(all, d)
	}
	return all
}

// nearEntry is the id that was probably meant.
func nearEntry(ids []string, fragment string) string {
	if near := diag.Nearest(fragment, slices.Compact(slices.Sorted(slices.Values(ids)))); near != "" {
		return "#" + near
	}
	return ""
}

// Led tells whether a page other than itself leads to the page at a path.
func (l *Links) Led(file string) bool {
	t := l.targets[spot{file: file}]
	return t != nil && t.led.Load()
}

// Named tells whether a page names the file at a path.
func (l *Links) Named(file string) bool { return l.targets[spot{file: file}] != nil }

// Foreign are the addresses of other sites, with the pages that name them.
func (l *Links) Foreign() map[string][]string { return l.others }

// Forms are the ways in which pages write the address of another site, sorted.
func (l *Links) Forms(address string) []string { return slices.Sorted(slices.Values(l.forms[address])) }
