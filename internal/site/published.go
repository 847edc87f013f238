package site

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/slug"
)

// What became of the addresses of an edition that was published before.

// Leads tells whether site.yaml leads an address, from the root of the site,
// elsewhere or says that it is gone, without a page for it.
func (s *Site) Leads(address string) bool {
	return slices.ContainsFunc(s.old, func(r Redirect) bool {
		return r.Page == "" && fits(strings.TrimSuffix(r.From, "/"), strings.TrimSuffix(s.url(address), "/"))
	})
}

// LeadsOn tells whether a link to an address, from the root of the site, is led
// on by site.yaml, without a page for it: what is gone is no place to link to.
func (s *Site) LeadsOn(address string) bool {
	return slices.ContainsFunc(s.old, func(r Redirect) bool {
		from, _, _ := strings.Cut(r.From, "?")
		return r.Page == "" && r.Status != 410 && fits(from, s.url(address))
	})
}

// fits tells whether an address fits a pattern, in which :NAME stands for a part,
// and * at its end for all that follows.
func fits(pattern, address string) bool {
	parts, given := strings.Split(pattern, "/"), strings.Split(address, "/")
	for i, part := range parts {
		switch {
		case part == "*" && i == len(parts)-1:
			return true
		case i >= len(given):
			return false
		case strings.HasPrefix(part, ":"):
		case strings.HasSuffix(part, "*") && i == len(parts)-1:
			return strings.HasPrefix(given[i], strings.TrimSuffix(part, "*"))
		case part != given[i]:
			return false
		}
	}
	return len(parts) == len(given)
}

// Missing finds the file of a story that was published by a lasting name, at an
// address from the root of the site, and is not now, and says why as Skipped does.
// What has no address now is known by that name, else by the last word of the
// address and its headline.
func (s *Site) Missing(id, address, headline string) (source, reason string) {
	last := strings.TrimSuffix(path.Base(address), ".html")
	for _, k := range s.Skipped {
		a := s.sources()[k.Path]
		if a == nil || k.Reason == "expired" {
			continue
		}
		if a.ID == id {
			return k.Path, k.Reason
		}
		ed, rest := s.editionOf(k.Path)
		if slug.Make(cmp.Or(a.Slug, baseName(rest))) == last && source == "" {
			if _, is := article.Inline(a.Title, quotes(ed.lang)); is == headline {
				source, reason = k.Path, k.Reason
			}
		}
	}
	return source, reason
}
