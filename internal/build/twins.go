package build

import (
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/output"
	"stet/internal/page"
	"stet/internal/site"
)

// places is where the pages of an edition lie, as the most forgetful disk sees
// it: capitals and small letters are equal there, and the forms of Unicode.
type places struct {
	pages []page.Page
	at    map[string]place // by folded path
	twins []diag.Problem
	sure  int // how many of the pages are there before any is made
	// waiting are pages that are not among these yet: the edition before had them
	// all, so that none is in the way of another.
	waiting []page.Page
}

// A place is a page, or a folder and the first page that needs it.
type place struct {
	page   int32
	folder bool
}

// listPages is the list of pages that there are before any is made.
func (p *press) listPages(old *page.Ledger) []page.Page {
	pages := p.pages()
	if hasAll(old, pages) {
		p.places.waiting = pages
		return pages
	}
	pages = p.apart(pages)
	p.places.sure = len(p.places.pages)
	return pages
}

// hasAll tells whether the edition before had all of these pages.
func hasAll(old *page.Ledger, pages []page.Page) bool {
	return !slices.ContainsFunc(pages, func(p page.Page) bool { return !old.Has(p) })
}

// apart is these pages without those that cannot lie beside the others: two at
// one path, or a file where another page needs a folder. Each is an error. They
// are found before anything is made, as they could not even be staged.
func (p *press) apart(pages []page.Page) []page.Page {
	l := p.places
	if l.at == nil { // most pages have a folder of their own
		n := len(pages) + len(l.waiting)
		l.at, l.pages = make(map[string]place, 2*n), make([]page.Page, 0, n)
	}
	if waiting := l.waiting; waiting != nil {
		l.waiting = nil
		for _, pg := range waiting {
			l.add(pg, folded(pg.Path))
		}
		l.sure = len(l.pages)
	}
	fit := pages[:0]
	for _, pg := range pages {
		key := folded(pg.Path)
		if first, _, _ := strings.Cut(key, "/"); first == output.Own {
			l.twins = append(l.twins, p.reserved(pg))
			continue
		}
		if other, taken := l.taken(key); !taken {
			l.add(pg, key)
			fit = append(fit, pg)
		} else if l.pages[other] != pg {
			a, b := l.pages[other], pg
			if b.Path < a.Path { // a file before what wants to be below it
				a, b = b, a
			}
			l.twins = append(l.twins, p.twin(a, b))
		}
	}
	return fit
}

// twin says what two pages are there for that cannot lie beside each other.
func (p *press) twin(a, b page.Page) diag.Problem {
	from := []site.Cause{p.site.Cause(a), p.site.Cause(b)}
	slices.SortFunc(from, func(a, b site.Cause) int { return strings.Compare(a.Name, b.Name) })
	both := from[0].Name + " and " + from[1].Name
	if from[0].Name == from[1].Name {
		both = "two pages of " + from[0].Name
	}
	text := both + " would both be " + b.Path
	if a.Path != b.Path {
		text = both + " would be " + a.Path + " and " + b.Path + ", which are one file on some disks"
	}
	if file, inside := a.Path, b.Path; strings.HasPrefix(folded(inside), folded(file)+"/") {
		text = both + " would be " + file + " and " + inside + ", but nothing is a file and a folder"
	}
	slices.SortFunc(from, site.Cause.Compare)
	at, hint := from[0].At, from[0].Remedy
	switch other := from[1].Remedy; {
	case from[0].Story && from[1].Story:
		hint = "give one of them another slug: or url:, or another file name"
	case hint == "":
		hint = other
	case other != "" && other != hint:
		hint += ", or " + other
	}
	at.Severity, at.Text, at.Hint = diag.Error, text, hint
	return at
}

// reserved says what a page is there for that would lie where no page may.
func (p *press) reserved(pg page.Page) diag.Problem {
	c := p.site.Cause(pg)
	at := c.At
	at.Severity, at.Text, at.Hint = diag.Error, c.Name+" would be "+pg.Path+", but in "+output.Own+"/ Stet keeps what it knows of the edition", c.Remedy
	return at
}

// forget lets go of what only making pages brought.
func (l *places) forget() {
	for _, pg := range l.pages[l.sure:] { // none, as long as some are waiting
		for d := folded(pg.Path); d != "" && int(l.at[d].page) >= l.sure; d = above(d) {
			delete(l.at, d)
		}
	}
	l.pages, l.twins = l.pages[:l.sure], nil
}

// taken finds the page that is in the way of one.
func (l *places) taken(key string) (int, bool) {
	if other, ok := l.at[key]; ok {
		return int(other.page), true
	}
	for d := above(key); d != ""; d = above(d) {
		if other, ok := l.at[d]; ok {
			return int(other.page), !other.folder // nothing lies at a folder
		}
	}
	return 0, false
}

func (l *places) add(pg page.Page, key string) {
	n := int32(len(l.pages))
	l.pages = append(l.pages, pg)
	l.at[key] = place{page: n}
	for d := above(key); d != ""; d = above(d) {
		if _, is := l.at[d]; is {
			break
		}
		l.at[d] = place{n, true}
	}
}

// above is the folder that a path lies in, or "".
func above(name string) string { return name[:max(0, strings.LastIndexByte(name, '/'))] }
