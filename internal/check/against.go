package check

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"stet/internal/diag"
)

// A Listed is a page of an edition, as its manifest lists it.
type Listed struct {
	Name   string // where it lies
	Source string // the story's file, of the edition that would be made
	*About        // nil if it is no story's
}

// Editions are the one that was published and the one that would be made now.
type Editions struct {
	Before, Now []Listed // the HTML pages
	Share       float64  // of the words of a text that may be others, which nobody is told
	Stamp       string   // the time, as front matter has it
	Languages   []string // the folders of languages that have one
	Archive     bool     // the site has an archive by years
	// Rules are those that hold for a file, "" for what has none, and whether one
	// is a "warn" or an "error".
	Rules func(source string) map[string]string
	Mark  func(source, key string) diag.Problem // as of a Story
	// Leads tells whether site.yaml leads an address elsewhere, or says that it is
	// gone, where no page does.
	Leads func(address string) bool
	// Unpublished finds the file of a story that is not in the edition now, and
	// says why; "" if there is none.
	Unpublished func(id, address, headline string) (source, reason string)
	// Veiled is the file of a story under embargo that would bring an address back,
	// so that what is said of it may be told as what is said of that story; "" if
	// there is none.
	Veiled func(address string) string
}

// slip is how many words of a text may always be others, however short it is.
const slip = 2

// Problems lists what became of what was published that readers are not told:
// texts that are others, addresses that lead nowhere, stories that are gone.
func (e Editions) Problems() []diag.Problem {
	c := &comparison{Editions: e, before: map[string]bool{}, now: map[string]*Listed{}, spans: spans(e.Before), byID: map[string][]*Listed{}, alike: map[string][]*Listed{}}
	for _, p := range e.Before {
		c.before[p.Name] = true
	}
	for i := range e.Now {
		p := &e.Now[i]
		c.now[p.Name] = p
		if p.About != nil {
			id := p.id(p.Name)
			c.byID[id], c.alike[p.Headline] = append(c.byID[id], p), append(c.alike[p.Headline], p)
		}
	}
	for i := range e.Before {
		if p := &e.Before[i]; p.About != nil {
			c.story(p)
		} else if !c.leads(p.Name) && !c.passing(p.Name) {
			at := Address(p.Name)
			c.say("url-gone", "", diag.Problem{Path: cmp.Or(c.Veiled(at), "site.yaml")}, "nothing is at "+at+" any more",
				"lead it to what comes nearest:\nredirects:\n  "+at+": /")
		}
	}
	return c.found
}

type comparison struct {
	Editions
	before map[string]bool      // where pages lay
	spans  map[string]bool      // of the archive that was
	now    map[string]*Listed   // by where they lie
	byID   map[string][]*Listed // stories by their lasting names
	alike  map[string][]*Listed // by their headlines
	found  []diag.Problem
}

func (c *comparison) say(rule, source string, at diag.Problem, text, hint string) {
	if how := c.Rules(source)[rule]; how != "" {
		c.found = append(c.found, Taken(how, rule, at, text, hint))
	}
}

// leads tells whether what lay at a path is found by those who have its address.
func (c *comparison) leads(name string) bool { return c.now[name] != nil || c.Leads(Address(name)) }

// passing tells of a page that time alone makes come and go: an older page of a
// list, or the archive of a day, a month or a year in which there were stories. A
// topic or a page may be named in digits too, and is none.
func (c *comparison) passing(name string) bool {
	dir, last := path.Split(strings.TrimSuffix(name, "/index.html"))
	if last == name {
		return false // of another name than index.html
	}
	if path.Base(dir) == "page" {
		return digits(last) && c.before[path.Join(path.Dir(path.Clean(dir)), "index.html")]
	}
	span := dir + last
	if first, rest, deep := strings.Cut(span, "/"); deep && slices.Contains(c.Languages, first) {
		span = rest
	}
	if strings.Contains(span, "/") || c.Archive {
		return c.spans[span]
	}
	return c.spans[span] && slices.ContainsFunc(c.Before, func(p Listed) bool { // with its months
		month, _ := strings.CutPrefix(path.Dir(p.Name), dir)
		return p.About == nil && strings.HasPrefix(month, span+"/") && c.spans[month]
	})
}

func digits(word string) bool { return word != "" && strings.Trim(word, "0123456789") == "" }

// spans are the years, months and days in which stories were published, in any
// zone.
func spans(stories []Listed) map[string]bool {
	all := map[string]bool{}
	for _, p := range stories {
		if p.About == nil || p.Date.IsZero() {
			continue
		}
		for days := -1; days <= 1; days++ {
			at := p.Date.AddDate(0, 0, days)
			all[at.Format("2006")], all[at.Format("2006/01")], all[at.Format("2006/01/02")] = true, true, true
		}
	}
	return all
}

// story compares a story with what it is now.
func (c *comparison) story(was *Listed) {
	is := c.same(was)
	at, id := Address(was.Name), was.id(was.Name)
	switch {
	case is != nil && !c.leads(was.Name):
		lasting := ""
		if is.id(is.Name) != id {
			lasting = "\nid: " + id
		}
		c.say("url-gone", is.Source, c.place(is.Source, "slug", "url"), "nothing is at "+at+" any more, where the story was published; it is at "+Address(is.Name)+" now",
			"write its old address too, as `stet move` does:\naliases: ["+at+"]"+lasting)
	case is == nil && !c.leads(was.Name):
		c.gone(was)
	}
	if is != nil {
		c.text(was, is)
	}
}

// same is the story as it is now: the one of its name at its place, else the one
// of its name that has come to another place, else the one at its place, else one
// of its headline and date that has come.
func (c *comparison) same(was *Listed) *Listed {
	there := c.now[was.Name]
	if there != nil && there.About == nil {
		there = nil
	}
	id := was.id(was.Name)
	if there != nil && there.id(there.Name) == id {
		return there
	}
	came := func(p *Listed) bool { return !c.before[p.Name] }
	if i := slices.IndexFunc(c.byID[id], came); i >= 0 {
		return c.byID[id][i]
	}
	if there != nil {
		return there
	}
	alike := c.alike[was.Headline]
	if i := slices.IndexFunc(alike, func(p *Listed) bool { return came(p) && p.Date.Equal(was.Date) }); i >= 0 {
		return alike[i]
	}
	return nil
}

// place is where the first of these keys that a story has stands in its file.
func (c *comparison) place(source string, keys ...string) diag.Problem {
	for _, key := range append(keys, "title") {
		if at := c.Mark(source, key); at.Length > 0 {
			return at
		}
	}
	return diag.Problem{Path: source}
}

// whys say why a story is not published, and by which key of its file.
var whys = map[string][2]string{
	"draft":   {"it is a draft now", "draft"},
	"future":  {"its time has not come", "date"},
	"embargo": {"it is under embargo", "embargo"},
}

func (c *comparison) gone(was *Listed) {
	const rest = "status: killed\nso that a notice stands in its place"
	at := Address(was.Name)
	if source, reason := c.Unpublished(was.id(was.Name), at, was.Headline); source != "" {
		why := whys[reason]
		c.say("story-gone", source, c.place(source, why[1]), "the story is published at "+at+" and would be gone: "+why[0], "to take it back, publish it with\n"+rest)
		return
	}
	c.say("story-gone", "", diag.Problem{Path: c.Veiled(at)}, `the story "`+was.Headline+`" at `+at+" is gone", "put its file back with\n"+rest+", or lead its address elsewhere with redirects in site.yaml")
}

// text finds a text that is another, which no reader is told: the story was not
// updated since, and has no further note.
func (c *comparison) text(was, is *Listed) {
	words := max(was.Text.Words(), is.Text.Words())
	changed := was.Text.Changed(is.Text)
	if was.Text.Words() == 0 || is.Text.Words() == 0 || changed <= slip || float64(changed) <= c.Share*float64(words) {
		return
	}
	if is.Updated.After(was.Updated) || is.Corrections > was.Corrections {
		return
	}
	c.say("text-changed", is.Source, c.place(is.Source, "updated"), fmt.Sprintf("%d%% of the words are others than were published, and nothing tells readers so", 100*changed/words),
		"add a line such as\nupdated: "+c.Stamp+"\nor say what was wrong:\nstet update "+is.Source+` --correction "…"`)
}
