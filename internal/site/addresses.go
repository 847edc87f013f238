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
	nameless := s.storyAddresses()
	for _, ed := range s.editions {
		if len(nameless) > 0 {
			for _, st := range slices.Concat(ed.stories, ed.gone) {
				if nameless[st] {
					s.nameless(st)
				}
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

// storyAddresses does so for stories, and returns those of whose names no word can
// be made though their addresses need one. They are taken in the order in which
// they lie in memory: in that of lists each is far from the one before.
func (s *Site) storyAddresses() map[*story]bool {
	nameless, ways := map[*story]bool{}, map[*list]way{}
	for i := range s.room {
		st := &s.room[i]
		if st.section == nil {
			continue // a page, or not in the edition
		}
		w, known := ways[st.section]
		if !known {
			w = s.way(st.section)
			ways[st.section] = w
		}
		own := ""
		if st.URL == "" && w.named {
			if own = st.slug(); own == noWord {
				nameless[st] = true
			}
		}
		st.url = s.address(st, w, own)
	}
	return nameless
}

// noWord stands for a word of an address that cannot be made, which is an
// error: so all else that is wrong can still be found.
const noWord = "-"

func (st *story) slug() string {
	return cmp.Or(slug.Make(cmp.Or(st.Slug, baseName(st.key))), noWord)
}

// named is the last word of a page's address. It reports one of whose name none
// can be made.
func (s *Site) named(st *story) string {
	own := st.slug()
	if own == noWord {
		s.nameless(st)
	}
	return own
}

// nameless reports a story or page of whose name no word can be made.
func (s *Site) nameless(st *story) {
	s.report(diag.Error, st.Article, "slug", "there is neither a letter nor a digit to make an address of", "add a line such as\nslug: fire-at-the-mill")
}

// A way is what the addresses of a section's stories have in common.
type way struct {
	pattern, section string
	named            bool // each has a word of its own
}

func (s *Site) way(l *list) way {
	top := l
	for top.parent != nil {
		top = top.parent
	}
	pattern := s.pattern(l)
	return way{pattern, strings.Trim(strings.TrimPrefix(top.url, l.ed.prefix), "/"), strings.Contains(pattern, "{slug}")}
}

// address is that of a story. Its own word counts where the pattern asks for one.
func (s *Site) address(st *story, w way, own string) string {
	if st.URL != "" {
		return tidyURL(st.URL)
	}
	if w.pattern == config.DefaultPattern {
		return st.usual(w.section, own)
	}
	r := strings.NewReplacer(
		"{section}", w.section,
		"{path}", strings.Trim(strings.TrimPrefix(st.section.url, st.ed.prefix), "/"),
		"{year}", fmt.Sprintf("%04d", st.date.Year()),
		"{month}", fmt.Sprintf("%02d", st.date.Month()),
		"{day}", fmt.Sprintf("%02d", st.date.Day()),
		"{slug}", own,
		"{id}", slug.Make(st.ID),
	)
	return st.ed.prefix + tidyURL(r.Replace(w.pattern))
}

// usual is the address of a story by the pattern that most sites keep, so it is
// put together at once: /section/2026/01/slug/.
func (st *story) usual(section, own string) string {
	year, month, _ := st.date.Date()
	b := make([]byte, 0, 160)
	b = append(append(b, st.ed.prefix...), '/')
	b = append(append(b, section...), '/')
	b = append(digits(b, year, 1000), '/')
	b = append(digits(b, int(month), 10), '/')
	b = append(append(b, own...), '/')
	return string(b)
}

// digits appends a number with as many digits at least as another one has, which
// is a power of ten.
func digits(b []byte, n, least int) []byte {
	for ; n < least && least > 1; least /= 10 {
		b = append(b, '0')
	}
	return strconv.AppendInt(b, int64(n), 10)
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
