package site

import (
	"cmp"

	"stet/internal/article"
	"stet/internal/diag"
	"stet/internal/page"
)

// A Cause is what a page is there for, for messages about its path.
type Cause struct {
	Name   string       // the path of a file, or what it is
	At     diag.Problem // where that is written; without a path if nowhere
	Remedy string       // how the page comes to lie elsewhere; "" if it cannot
	Story  bool         // it is a story or a page
}

// Cause says what a page is there for.
func (s *Site) Cause(p page.Page) Cause {
	f := page.Fields(p.Args, 4)
	switch p.Kind {
	case "article", "page":
		return s.causeOf(s.stories[f[0]].Article)
	case "file":
		return Cause{f[0], diag.Problem{Path: f[0]}, "rename " + f[0], false}
	case "section", "tag", "author", "series", "archive", "corrections":
		if l := s.edition(f[0]).lists[f[1]+" "+f[2]]; l != nil {
			return s.causeOfList(l)
		}
	case "front":
		return Cause{Name: "the front page"}
	case "redirect":
		at := s.oldAt[f[0]].in
		return Cause{at.Path, at, "remove the old address from " + at.Path, false}
	}
	return Cause{Name: "the page " + p.Path}
}

// causeOf points at what gives a story its address; a file's name is on no line.
func (s *Site) causeOf(a *article.Article) Cause {
	c := Cause{a.Path, diag.Problem{Path: a.Path}, "give " + a.Path + " a slug: or url:, or another file name", true}
	for _, key := range []struct{ name, given string }{{"url", a.URL}, {"slug", a.Slug}} {
		if key.given != "" {
			return Cause{a.Path, s.Mark(a.Path, key.name), "give " + a.Path + " another " + key.name + ":", true}
		}
	}
	return c
}

func (s *Site) causeOfList(l *list) Cause {
	c := Cause{Name: "the " + l.kind + " " + quoted(l.name)}
	folder := "content" + l.ed.prefix + "/" + l.name
	switch {
	case l.source != nil:
		c = s.causeOf(l.source)
		c.Name, c.Remedy, c.Story = l.source.Path, "give "+l.source.Path+" another slug:", false
	case l.kind == "corrections":
		c.Name, c.Remedy = "the page of corrections", "add content"+l.ed.prefix+"/corrections.md with slug:"
	case l.kind != "section":
	case len(within(s.set.Files, folder)) > 0:
		c.At.Path, c.Remedy = folder, "rename "+folder+"/, or give it an _index.md with title: and slug:"
	case len(l.stories) > 0:
		c.At, c.Remedy = s.Mark(l.stories[0].Path, "section"), "name another section in "+l.stories[0].Path
	}
	return c
}

// Compare puts what says more about where it is written first.
func (c Cause) Compare(o Cause) int {
	return cmp.Or(cmp.Compare(min(o.At.Line, 1), min(c.At.Line, 1)), cmp.Compare(min(len(o.At.Path), 1), min(len(c.At.Path), 1)), cmp.Compare(c.Name, o.Name))
}
