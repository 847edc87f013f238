package site

import (
	"stet/internal/language"
)

// The same page in several languages. What search engines are told of it holds
// in both directions: each version names itself and all others by the addresses
// that these call canonical, in the head of the page and in the sitemap alike.
// A version that they are not to list, or that is canonical elsewhere, is named to
// readers only.

// A version is the same page in one edition.
type version struct {
	ed     *edition
	rooted string
	lang   string // "" is the edition's
	listed bool   // search engines may list it
}

// alternates lists the versions of a page, if there is more than one; own is the
// edition of the page itself.
func (s *Site) alternates(own *edition, versions []version) []Alternate {
	if len(versions) < 2 {
		return nil
	}
	listed, known := 0, map[string]bool{}
	for i := range versions {
		v := &versions[i]
		if v.lang == "" {
			v.lang = v.ed.tag
		}
		v.listed = v.listed && !known[v.lang] // two texts in one language are no versions
		known[v.lang] = true
		if v.listed {
			listed++
		} else if v.ed == own {
			listed = -len(versions) // which is below two, whatever comes
		}
	}
	var all []Alternate
	first := true
	for _, v := range versions {
		a := Alternate{Lang: v.lang, Name: v.ed.lang.Name, URL: s.url(v.rooted), Locale: language.Locale(v.lang)}
		if v.listed && listed > 1 {
			a.Permalink, a.Default = s.absolute(v.rooted), first
			first = false
		}
		all = append(all, a)
	}
	return all
}

// versions are the story in the languages that have it.
func (s *Site) versions(st *story) []Alternate {
	if len(s.editions) == 1 {
		return nil
	}
	var all []version
	for _, ed := range s.editions {
		if o := ed.version(st); o != nil {
			all = append(all, version{ed, o.url, o.Language, o.inMap() && !o.gone})
		}
	}
	return s.alternates(st.ed, all)
}

// version is this edition's version of a story: the one with the same
// translation key, else with the same path. Of two, each is the other's, or
// neither is.
func (ed *edition) version(st *story) *story {
	if ed == st.ed {
		return st
	}
	if o := ed.counterpart(st); o != nil && st.ed.counterpart(o) == st {
		return o
	}
	return nil
}

func (ed *edition) counterpart(st *story) *story {
	if ed.byKey == nil {
		return nil
	}
	if st.Translation != "" {
		return ed.byKey["="+st.Translation]
	}
	return ed.byKey[st.key]
}

// listVersions are the front of a list in the languages that have it.
func (s *Site) listVersions(l *list) []Alternate {
	if len(s.editions) == 1 {
		return nil
	}
	var all []version
	for _, ed := range s.editions {
		if same := ed.lists[l.id()]; same != nil {
			all = append(all, version{ed: ed, rooted: same.url, listed: same.inMap()})
		}
	}
	return s.alternates(l.ed, all)
}

// indexVersions are index i of an edition in the languages that have it.
func (s *Site) indexVersions(own *edition, i int) []Alternate {
	if len(s.editions) == 1 {
		return nil
	}
	var all []version
	for _, ed := range s.editions {
		if index := ed.indexes()[i]; len(index.of.order) > 0 {
			all = append(all, version{ed: ed, rooted: ed.prefix + "/" + index.name + "/", listed: true})
		}
	}
	return s.alternates(own, all)
}

// frontVersions are the front page in all languages.
func (s *Site) frontVersions(own *edition) []Alternate {
	var all []version
	for _, ed := range s.editions {
		all = append(all, version{ed: ed, rooted: ed.prefix + "/", listed: true})
	}
	return s.alternates(own, all)
}
