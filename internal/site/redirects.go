package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"stet/internal/diag"
	"stet/internal/page"
)

// An oldURL is one that has a page of its own, which leads on.
type oldURL struct {
	at int          // among all redirects
	in diag.Problem // where it is written
}

// redirects collects the old URLs of stories and those of site.yaml.
func (s *Site) redirects() {
	s.oldAt = map[string]oldURL{}
	for _, ed := range s.editions {
		for _, st := range slices.Concat(ed.stories, ed.pages, ed.gone) {
			for _, old := range st.Aliases {
				s.alias(st, old)
			}
		}
		if st := ed.heads; st != nil {
			for _, old := range st.Aliases {
				s.alias(st, old)
			}
		}
	}
	for _, r := range s.set.Config.Redirects {
		to := r.To
		if strings.HasPrefix(to, "/") {
			to = s.url(to)
		}
		red := Redirect{From: s.url(r.From), To: to, Status: r.Status}
		if r.Status == 410 {
			red.To = s.url("/404.html") // a file, for hosts that want one
		} else if !strings.ContainsAny(r.From, "*:") {
			red.Page = fileOf(tidyURL(r.From))
			at := diag.Problem{Severity: diag.Error, Path: "site.yaml", Line: r.Line, Column: r.Column, Length: r.Length}
			if other, taken := s.oldAt[red.Page]; taken {
				at.Text, at.Hint = "the old address "+quoted(r.From)+" is also one of "+other.in.Path+", line "+strconv.Itoa(other.in.Line), "remove it from one of them"
				s.problems = append(s.problems, at)
				continue
			}
			s.oldAt[red.Page] = oldURL{in: at}
		}
		s.old = append(s.old, red)
	}
	slices.SortStableFunc(s.old, func(a, b Redirect) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	for i, r := range s.old {
		if r.Page != "" {
			s.oldAt[r.Page] = oldURL{i, s.oldAt[r.Page].in}
		}
	}
}

// alias takes in an old URL of a story.
func (s *Site) alias(st *story, old string) {
	if isAbsolute(old) || strings.Contains(old, "..") || strings.ContainsAny(old, "?#\\*:") {
		s.reportEntry(diag.Warning, st.Article, "aliases", slices.Index(st.Aliases, old), "the old address "+quoted(old)+" is left out: no page can lie there", "write it as a path on this site, such as /2019/fire.html")
		return
	}
	from := tidyURL(old)
	r := Redirect{From: s.url(from), To: s.url(st.url), Status: 301, Page: fileOf(from)}
	if other, taken := s.oldAt[r.Page]; taken && other.in.Path != st.Path {
		s.reportEntry(diag.Error, st.Article, "aliases", slices.Index(st.Aliases, old), "the old address "+quoted(old)+" is also one of "+other.in.Path, "remove it from one of them")
		return
	} else if taken {
		return // written twice
	}
	s.oldAt[r.Page] = oldURL{in: s.Mark(st.Path, "aliases")}
	s.old = append(s.old, r)
}

// Redirects are all that lead from an old URL to a new one, sorted.
func (s *Site) Redirects() []Redirect { return s.old }

// answerRedirects answers "redirects".
func (s *Site) answerRedirects([]string) (page.Answer, error) {
	return page.Answer{Value: s.old}, nil
}

// answerRedirect answers "redirect FILE".
func (s *Site) answerRedirect(f []string) (page.Answer, error) {
	old, ok := s.oldAt[f[0]]
	if !ok {
		return none, nil
	}
	r := s.old[old.at]
	return page.Answer{Value: &r}, nil
}
