package site

import (
	"maps"
	"slices"
	"strings"

	"stet/internal/article"
	"stet/internal/config"
	"stet/internal/diag"
)

// Which of the rules of `stet check` hold for a story.

// Rules are those that hold for a file, and whether they are config.Warn or
// config.Fail. Of one that is old, from before the date that site.yaml says, what
// they find is only counted.
func (s *Site) Rules(source string) (rules map[string]string, old bool) {
	a := s.sources()[source]
	if a == nil {
		return nil, false
	}
	return s.rules.of(a, s.set.Config, false), s.unchecked(a)
}

// builtRules are those that a build goes by; nil if it goes by none.
func (s *Site) builtRules(a *article.Article) map[string]string {
	if s.unchecked(a) {
		return nil
	}
	return s.rules.of(a, s.set.Config, true)
}

// A ruling is how the rules are taken by every story that ignores none: all of
// them, and those that a build goes by. It is the same map for all these stories.
type ruling struct{ all, built map[string]string }

func newRuling(set *config.Config) ruling {
	return ruling{rulesOf(set, nil, false), rulesOf(set, nil, true)}
}

func (r *ruling) of(a *article.Article, set *config.Config, built bool) map[string]string {
	switch {
	case len(a.Ignore) > 0:
		return rulesOf(set, a, built)
	case built:
		return r.built
	}
	return r.all
}

// rulesOf are those that a story does not ignore, nil if there are none.
func rulesOf(set *config.Config, a *article.Article, built bool) (rules map[string]string) {
	for _, r := range config.Rules {
		taken := set.Check.Rules[r.Name]
		if taken == config.Off || built && !r.Built {
			continue
		}
		if a != nil {
			if _, ignored := a.Ignore[r.Name]; ignored {
				continue
			}
		}
		if rules == nil {
			rules = map[string]string{}
		}
		rules[r.Name] = taken
	}
	return rules
}

// unchecked tells whether a story is from before the date of which on stories are
// checked.
func (s *Site) unchecked(a *article.Article) bool {
	since, zone := s.set.Config.Check.Since, s.set.Config.Zone
	return !since.IsZero() && !a.Date.IsZero() && a.Date.In(zone).Before(since.In(zone))
}

// uncheckable reports that such a date is to come.
func (s *Site) uncheckable() {
	check := s.set.Config.Check
	at := check.Since.In(s.set.Config.Zone)
	if check.Since.IsZero() || !at.After(s.set.Now) {
		return
	}
	s.changes(at, Coming{settingsFile, "since"})
	s.problems = append(s.problems, diag.Problem{Severity: diag.Warning, Path: settingsFile, Line: check.At.Line, Column: check.At.Column, Length: check.At.Length,
		Text: "check.since is a day that is to come: all stories are older, and what is found in them is only counted", Hint: "write a day that has passed, or take the line away"})
}

// ignored reports names under `ignore` that no rule has.
func (s *Site) ignored(a *article.Article) {
	if len(a.Ignore) == 0 {
		return
	}
	for i, name := range slices.Sorted(maps.Keys(a.Ignore)) {
		if !config.IsRule(name) {
			s.reportEntry(diag.Warning, a, "ignore", i, "there is no rule "+quoted(name), config.MeantRule(name))
		}
	}
}

// opinions are the names of sections that hold nothing else.
var opinions = []string{"opinion", "opinions", "comment", "column", "columns", "editorial", "editorials"}

// fewOpinions is how many stories a section has at least for what most of them are
// to say what it is.
const fewOpinions = 3

// AmongOpinions tells whether a story stands in a section of opinions: by its name,
// or because most of its stories are.
func (s *Site) AmongOpinions(source string) bool {
	st := s.stories[source]
	return st != nil && st.section != nil && s.opinions()[st.section]
}

func (s *Site) allOpinions() map[*list]bool {
	are := map[*list]bool{}
	for _, ed := range s.editions {
		for _, l := range ed.sections {
			n := 0
			for _, st := range l.stories {
				if st.Type == "opinion" {
					n++
				}
			}
			named := slices.ContainsFunc(strings.Split(l.name, "/"), func(part string) bool { return slices.Contains(opinions, part) })
			are[l] = named || len(l.stories) >= fewOpinions && 2*n > len(l.stories)
		}
	}
	return are
}
