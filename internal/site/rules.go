package site

import (
	"maps"
	"slices"

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
	return s.rules(a, func(config.Rule) bool { return true }), s.unchecked(a)
}

// builtRules are those that a build goes by; nil if it goes by none.
func (s *Site) builtRules(a *article.Article) map[string]string {
	if s.unchecked(a) {
		return nil
	}
	return s.rules(a, func(r config.Rule) bool { return r.Built })
}

func (s *Site) rules(a *article.Article, wanted func(config.Rule) bool) (rules map[string]string) {
	for _, r := range config.Rules {
		taken := s.set.Config.Check.Rules[r.Name]
		if _, ignored := a.Ignore[r.Name]; ignored || taken == config.Off || !wanted(r) {
			continue
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

// ignored reports names under `ignore` that no rule has.
func (s *Site) ignored(a *article.Article) {
	for i, name := range slices.Sorted(maps.Keys(a.Ignore)) {
		if _, known := config.RuleOf(name); !known {
			s.reportEntry(diag.Warning, a, "ignore", i, "there is no rule "+quoted(name), config.MeantRule(name))
		}
	}
}
