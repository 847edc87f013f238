package site

import (
	"fmt"
	"strconv"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/page"
)

// Pages lists the pages of the edition in a fixed order: the sitemap, which keeps
// one worker busy longest, then what is read most.
func (s *Site) Pages() []page.Page {
	most := len(s.stories) + len(s.old)
	for _, ed := range s.editions {
		most += len(ed.stories)/s.set.Config.PerPage + 5*len(ed.order)
	}
	all := make(pages, 0, most)
	s.sitemapPages(&all)
	for _, ed := range s.editions {
		all.add(fileOf(ed.prefix+"/"), "front", ed.tag, "home")
		for _, st := range ed.stories {
			all.add(fileOf(st.url), "article", st.Path)
		}
		for _, st := range ed.pages {
			all.add(fileOf(st.url), "page", st.Path)
		}
		for _, st := range ed.gone {
			kind := "article"
			if st.Kind == article.Page {
				kind = "page"
			}
			all.add(fileOf(st.url), kind, st.Path)
			all.add(strings.TrimPrefix(st.url, "/")+goneFile, "gone", st.Path)
		}
		for _, l := range ed.order {
			s.listPages(&all, l)
		}
		for _, index := range ed.indexes() {
			if len(index.of.order) > 0 {
				all.add(fileOf(ed.prefix+"/"+index.name+"/"), "index", ed.tag, index.name)
			}
		}
		all.add(fileOf(ed.prefix+"/404.html"), "404", ed.tag)
	}
	s.feedPages(&all)
	s.wirePages(&all)
	s.readerPages(&all)
	s.smallPages(&all)
	return all
}

// goneFile is what follows the address of a notice in that of the file by which a
// web server knows it.
const goneFile = "410.txt"

type pages []page.Page

func (ps *pages) add(path, kind string, args ...string) {
	*ps = append(*ps, page.Page{Path: path, Kind: kind, Args: page.Args(args...)})
}

// An index lists the names of one kind.
type index struct {
	name  string // "authors"
	title string // key of its title among the language's words
	of    *names
}

func (ed *edition) indexes() []index {
	return []index{{"tags", "topics", ed.topics}, {"authors", "authors", ed.people}, {"series", "series", ed.series}}
}

func (s *Site) listPages(all *pages, l *list) {
	if l.kind == "all" {
		// The paper's front stands for page 0; its archive is a choice.
		if s.set.Config.Archive == config.ArchiveOff {
			return
		}
	} else {
		all.add(fileOf(l.url), l.kind, l.ed.tag, l.kind, l.name, "0")
	}
	for k := range l.pages(s.set.Config.PerPage) {
		all.add(fileOf(l.pageURL(k+1)), l.kind, l.ed.tag, l.kind, l.name, strconv.Itoa(k+1))
	}
}

func (s *Site) sitemapPages(all *pages) {
	if parts := s.sitemapParts(); s.set.Config.BaseURL != "" && parts > 0 {
		for n := range parts {
			all.add(fmt.Sprintf("sitemaps/%d.xml", n+1), "sitemappart", strconv.Itoa(n+1))
		}
		all.add("sitemap.xml", "sitemap")
		for n := range s.newsParts() {
			all.add(newsURL(n + 1)[1:], "newssitemap", strconv.Itoa(n+1))
		}
	}
}
