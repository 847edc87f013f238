package build_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// A reader without scripts, styles and pictures has the links of the pages alone:
// from the front they lead to every story and every page.
func TestLinksReachAll(t *testing.T) {
	if testing.Short() {
		t.Skip("all pictures of the newspaper are made")
	}
	for name, ed := range map[string]*edition{"demo": demoPaper.read(t), "stress": stressPaper.read(t)} {
		reached := ed.reached()
		base, _ := url.Parse(ed.base)
		stories, last := 0, ""
		for _, page := range slices.Sorted(maps.Keys(ed.pages)) {
			_, is := ed.pages[page].story()
			if is {
				stories, last = stories+1, page
			}
			withdrawn := len(ed.pages[page].all("p", "notice")) > 0
			if !reached[page] && !withdrawn && !strings.HasSuffix(page, "404.html") {
				t.Errorf("%s: no link leads to %s", name, page)
			}
		}
		if stories < 15 {
			t.Errorf("%s: only %d stories", name, stories)
		}

		// Nothing leads to a story whose links are cut.
		cut := ed.spoilt(func(files map[string]string) {
			for page, text := range files {
				files[page] = strings.ReplaceAll(text, `href="`+base.Path+strings.TrimSuffix(last, "index.html")+`"`, ``)
			}
		})
		if cut == nil || len(cut.reached()) != len(reached)-1 {
			t.Errorf("%s: %s is reached by links that are not there", name, last)
		}
	}
}

// reached are the pages to which links that can be seen lead from the front.
func (ed *edition) reached() map[string]bool {
	reached, next := map[string]bool{}, []string{"index.html"}
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		p := ed.pages[name]
		if p == nil || reached[name] {
			continue
		}
		reached[name] = true
		base, _ := url.Parse(ed.base)
		from, err := base.Parse(strings.TrimSuffix(name, "index.html"))
		if err != nil {
			continue
		}
		for _, a := range p.all("a", "") {
			to, err := from.Parse(attr(a, "href"))
			if err != nil || attr(a, "href") == "" || to.Host != base.Host {
				continue
			}
			if path, below := strings.CutPrefix(to.Path, base.Path); below {
				if path == "" || strings.HasSuffix(path, "/") {
					path += "index.html"
				}
				next = append(next, path)
			}
		}
	}
	return reached
}
