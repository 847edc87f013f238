package site

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/slug"
)

// addresses gives each story and page its URL.
func (s *Site) addresses() {
	for _, ed := range s.editions {
		for _, st := range slices.Concat(ed.stories, ed.gone) {
			if st.Kind != article.Page {
				st.url = s.address(st)
			}
		}
		ed.byURL = sync.OnceValue(func() map[string]*story {
			all := make(map[string]*story, len(ed.stories)+len(ed.gone))
			for _, st := range slices.Concat(ed.stories, ed.gone) {
				all[st.url] = st
			}
			return all
		})
		for _, st := range slices.Concat(ed.pages, ed.gone) {
			if st.Kind != article.Page {
				continue
			}
			if st.URL != "" {
				st.url = tidyURL(st.URL)
			} else {
				st.url = ed.prefix + "/" + s.named(st) + "/"
			}
			if st.key == "index" && st.URL == "" && st.Slug == "" {
				s.report(diag.Warning, st.Article, "title", "this is no front page but a page at "+st.url+", because of its name",
					"the front page fills itself: its title and description stand in site.yaml, its layout is layouts/front.html; for a page, rename the file, or write slug: index to have it so")
			}
		}
	}
}

// noWord stands for a word of an address that cannot be made, which is an
// error: so all else that is wrong can still be found.
const noWord = "-"

func (st *story) slug() string {
	return cmp.Or(slug.Make(cmp.Or(st.Slug, baseName(st.key))), noWord)
}

// named is the last word of a story's address. It reports a story of whose name
// none can be made.
func (s *Site) named(st *story) string {
	own := st.slug()
	if own == noWord {
		s.report(diag.Error, st.Article, "slug", "there is neither a letter nor a digit to make an address of", "add a line such as\nslug: fire-at-the-mill")
	}
	return own
}

func (s *Site) address(st *story) string {
	if st.URL != "" {
		return tidyURL(st.URL)
	}
	top := st.section
	for top.parent != nil {
		top = top.parent
	}
	section := strings.Trim(strings.TrimPrefix(top.url, st.ed.prefix), "/")
	pattern := s.pattern(st.section)
	if pattern == config.DefaultPattern {
		year, month, _ := st.date.Date()
		return st.ed.prefix + "/" + section + "/" + digits(year, 4) + "/" + digits(int(month), 2) + "/" + s.named(st) + "/"
	}
	own := ""
	if strings.Contains(pattern, "{slug}") {
		own = s.named(st)
	}
	r := strings.NewReplacer(
		"{section}", section,
		"{path}", strings.Trim(strings.TrimPrefix(st.section.url, st.ed.prefix), "/"),
		"{year}", fmt.Sprintf("%04d", st.date.Year()),
		"{month}", fmt.Sprintf("%02d", st.date.Month()),
		"{day}", fmt.Sprintf("%02d", st.date.Day()),
		"{slug}", own,
		"{id}", slug.Make(st.ID),
	)
	return st.ed.prefix + tidyURL(r.Replace(pattern))
}

// digits writes a number with so many digits at least.
func digits(n, least int) string {
	if least == 4 && n >= 1000 || least == 2 && n >= 10 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%0*d", least, n)
}

// pattern is the one of the section, or of a section above it.
func (s *Site) pattern(l *list) string {
	for ; l != nil; l = l.parent {
		if p := s.set.Config.URLs[l.name]; p != "" {
			return p
		}
	}
	return s.set.Config.URLs["default"]
}

// tidyURL makes a path begin with one slash, hold no double ones, and end in a
// slash unless it names a file.
func tidyURL(url string) string {
	url = path.Clean("/" + url)
	if !strings.HasSuffix(url, ".html") && url != "/" {
		url += "/"
	}
	return url
}

// url puts the site's base path before a path from its root.
func (s *Site) url(rooted string) string {
	if rooted == "" {
		return ""
	}
	if s.base == "/" && rooted[0] == '/' {
		return rooted // a site has a hundred thousand of them
	}
	return s.base + strings.TrimPrefix(rooted, "/")
}

// absolute is a path from the root as a whole URL, or "" without base_url.
func (s *Site) absolute(rooted string) string {
	if s.set.Config.BaseURL == "" || rooted == "" {
		return ""
	}
	return strings.TrimSuffix(s.set.Config.BaseURL, "/") + "/" + strings.TrimPrefix(rooted, "/")
}

// fileOf is where the page of a URL lies in the edition.
func fileOf(rooted string) string {
	p := strings.TrimPrefix(rooted, "/")
	if p == "" || strings.HasSuffix(p, "/") {
		return p + "index.html"
	}
	return p
}

func isAbsolute(url string) bool {
	return strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "//")
}
