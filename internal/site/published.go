package site

import (
	"cmp"
	"path"
	"strings"

	"stet/internal/article"
	"stet/internal/slug"
)

// What became of the addresses of an edition that was published before.

// Leads tells whether site.yaml leads an address, from the root of the site,
// elsewhere or says that it is gone, without a page for it.
func (s *Site) Leads(address string) bool {
	for _, r := range s.old {
		if r.Page == "" && covers(r.From, s.url(address)) {
			return true
		}
	}
	return false
}

// covers tells whether a redirect is one of an address. Its :names stand for a
// part, and a * at the end for all that follows.
func covers(from, address string) bool {
	want, have := strings.Split(strings.TrimSuffix(from, "/"), "/"), strings.Split(strings.TrimSuffix(address, "/"), "/")
	for i, w := range want {
		switch {
		case i == len(want)-1 && strings.HasSuffix(w, "*"):
			return w == "*" || i < len(have) && strings.HasPrefix(have[i], strings.TrimSuffix(w, "*"))
		case i >= len(have):
			return false
		case w != have[i] && !strings.HasPrefix(w, ":"):
			return false
		}
	}
	return len(want) == len(have)
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
