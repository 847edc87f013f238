package config

import (
	"maps"
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/fields"
)

// How a rule is taken.
const (
	Off  = "off"
	Warn = "warn"
	Fail = "error"
)

// A Rule is something that an editor would say, by the name that site.yaml, a
// story's `ignore` and each message have of it.
type Rule struct {
	Name    string
	Default string // Off, Warn or Fail
	Finds   string // in one line, without full stop
	Built   bool   // a build says it too, and not `stet check` alone
}

// Rules are all that there are. docs/check.md explains each.
var Rules = []Rule{
	{"credit-missing", Warn, "a picture of which nobody says whose it is", true},
	{"alt-missing", Warn, "a picture without a text for those who do not see it", true},
	{"alt-repeats-caption", Warn, "an alt text that says the same as the caption", false},
	{"caption-no-stop", Warn, "a caption that is a sentence and does not end like one", false},
	{"photo-data", Warn, "a photo whose file is broken, or says two things of the same", false},
	{"photo-filled", Off, "a caption, credit or alt text that only the photo's file says", false},
	{"headline-search", Warn, "a headline that search engines cut", false},
	{"headline-card", Warn, "a headline that is too long for a card", false},
	{"headline-share", Warn, "a headline that is cut where it is shared", false},
	{"deck-long", Warn, "a deck that is a paragraph", false},
	{"summary-long", Warn, "a summary that cards and search engines cut", false},
	{"summary-missing", Warn, "a story of which nothing tells what it is about", false},
	{"opinion-unlabelled", Warn, "a story among opinions that is not labelled as one", false},
	{"word-doubled", Warn, "the same word twice in a row", false},
	{"correction-typed", Warn, "a correction that is typed into the text", false},
	{"date-style", Off, "a date in the text that is not written in the paper's style", false},
	{"text-changed", Warn, "a text that is not the one that was published, which no reader is told", false},
	{"url-gone", Warn, "an address of the published edition that leads nowhere now", false},
	{"story-gone", Warn, "a story of the published edition that is gone without a notice", false},
	{"link-dead", Warn, "a link within the site that leads nowhere", false},
	{"anchor-dead", Warn, "a link to a part of a page that the page does not have", false},
	{"link-external", Warn, "a link to another site that is dead, with --external", false},
	{"picture-unused", Warn, "a picture that no page shows", false},
	{"picture-twice", Warn, "a picture that lies there twice", false},
	{"author-spellings", Warn, "an author who is nearly spelt as another", false},
	{"topic-spellings", Warn, "a topic that is nearly spelt as another", false},
	{"kicker-spellings", Warn, "a kicker that is nearly spelt as another", false},
	{"credit-spellings", Warn, "a credit that is nearly spelt as another", false},
	{"headline-twice", Warn, "a headline that another story has", false},
	{"text-twice", Warn, "a text that another story has", false},
	{"story-unlisted", Warn, "a story or page to which no page leads", false},
	{"translation-orphaned", Warn, "a translation of what is not there", false},
	{"layout-newest", Warn, "a layout by which each new story changes every story's page", false},
	{"inline-blocked", Warn, "a script or a style in a page that browsers neither run nor heed", false},
	{"host-blocked", Warn, "what a layout has browsers load of a host that is not allowed", false},
	{"host-limit", Warn, "what the host cannot take, with --host", false},
}

// RuleNames are the names of all rules.
func RuleNames() (names []string) {
	for _, r := range Rules {
		names = append(names, r.Name)
	}
	return names
}

// IsRule tells whether there is a rule of a name.
func IsRule(name string) bool {
	return slices.ContainsFunc(Rules, func(r Rule) bool { return r.Name == name })
}

// Holding are the rules that are not off, as a story has them that ignores none.
func (c *Check) Holding() map[string]string {
	rules := maps.Clone(c.Rules)
	maps.DeleteFunc(rules, func(_, how string) bool { return how == Off })
	return rules
}

// MeantRule is what to do about a name that no rule has: it says which was
// probably meant, or which there are.
func MeantRule(name string) string {
	names := RuleNames()
	near := diag.Nearest(name, names)
	if i := slices.IndexFunc(names, func(n string) bool { return len(name) > 2 && strings.HasPrefix(n, name) }); near == "" && i >= 0 {
		near = names[i]
	}
	if near != "" {
		return `did you mean "` + near + `"?`
	}
	return "there are: " + strings.Join(names, ", ")
}

func (p *parser) unknownRule(key *fields.Value) {
	p.Error(key, MeantRule(key.Text), "there is no rule %q", key.Text)
}

// usual is how rules are taken if site.yaml says nothing.
func usual() map[string]string {
	taken := make(map[string]string, len(Rules))
	for _, r := range Rules {
		taken[r.Name] = r.Default
	}
	return taken
}
