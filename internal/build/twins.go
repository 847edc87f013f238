package build

import (
	"path"

	"stet/internal/diag"
	"stet/internal/page"
)

// places is where the pages of an edition lie, as the most forgetful disk sees
// it: capitals and small letters are equal there, and the forms of Unicode.
type places struct {
	pages   []page.Page
	at      map[string]int // by folded path
	folders map[string]int // the first page that needs this folder
	twins   []diag.Problem
}

// apart is these pages without those that cannot lie beside the others: two at
// one path, or a file where another page needs a folder. Each is an error. They
// are found before anything is made, as they could not even be staged.
func (p *press) apart(pages []page.Page) []page.Page {
	l := &p.places
	if l.at == nil {
		l.at, l.folders = make(map[string]int, len(pages)), map[string]int{}
	}
	fit := pages[:0]
	for _, pg := range pages {
		key := folded(pg.Path)
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

// taken finds the page that is in the way of one.
func (l *places) taken(key string) (int, bool) {
	if other, ok := l.at[key]; ok {
		return other, true
	}
	if other, ok := l.folders[key]; ok {
		return other, true
	}
	for d := path.Dir(key); d != "." && d != "/"; d = path.Dir(d) {
		if _, is := l.folders[d]; is {
			break // so nothing lies there
		}
		if other, ok := l.at[d]; ok {
			return other, true
		}
	}
	return 0, false
}

func (l *places) add(pg page.Page, key string) {
	n := len(l.pages)
	l.pages = append(l.pages, pg)
	l.at[key] = n
	for d := path.Dir(key); d != "." && d != "/"; d = path.Dir(d) {
		if _, is := l.folders[d]; is {
			break
		}
		l.folders[d] = n
	}
}
