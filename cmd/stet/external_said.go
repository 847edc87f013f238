package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"stet/internal/build"
	"stet/internal/diag"
)

// What is said of links to other sites.

// externalRule is by which dead links to other sites are told.
const externalRule = "link-external"

// links asks for all addresses of other sites that a check has found, and says
// which are dead or lead on for good.
func (q *inquiry) links(ctx context.Context, done *build.Checked) (all []diag.Problem) {
	q.ask(ctx, done.Foreign)
	for _, address := range done.Foreign {
		a := q.answers[address]
		text, hint := "", ""
		switch a.Fate {
		case "dead":
			text, hint = "the link to "+address+" is dead: "+a.Says, "mend it, link to a copy in an archive of the web, or take it away"
		case "moved":
			text, hint = "the link to "+address+" leads on for good", "write "+a.Says
		default:
			continue
		}
		found, older := done.Told(address, text, hint)
		all, done.Older = append(all, found...), append(done.Older, older...)
	}
	return all
}

// An externalSum is how --json counts the links to other sites.
type externalSum struct {
	Asked   int `json:"asked"`
	Known   int `json:"known"` // were asked before
	Dead    int `json:"dead"`
	Moved   int `json:"moved"`
	Unknown int `json:"unknown"` // gave no clear answer
	Unasked int `json:"unasked"` // let be, because their sites were busy
	Private int `json:"private"` // of this machine or a private network, and not asked
	// Open are those of which it is not known whether they are dead.
	Open []openLink `json:"open,omitempty"`
}

// An openLink is one of which it is not known whether it is dead.
type openLink struct {
	URL  string   `json:"url"`
	Fate string   `json:"fate"` // "unknown", "unasked" or "private"
	Why  string   `json:"why"`
	In   []string `json:"in,omitempty"` // files in which it is written
}

// counted counts what is known of the links; in says in which files one is written
// that may be named.
func (q *inquiry) counted(in func(address string) []string) externalSum {
	sum := externalSum{Asked: q.asked, Known: q.known}
	counts := map[string]*int{"dead": &sum.Dead, "moved": &sum.Moved, "private": &sum.Private, "unknown": &sum.Unknown, "unasked": &sum.Unasked}
	for address, a := range q.answers {
		n := counts[a.Fate]
		if n == nil {
			continue
		}
		*n++
		if a.Fate == "dead" || a.Fate == "moved" {
			continue
		}
		if files := in(address); len(files) > 0 {
			sum.Open = append(sum.Open, openLink{address, a.Fate, a.Says, files})
		}
	}
	slices.SortFunc(sum.Open, func(x, y openLink) int {
		return cmp.Or(cmp.Compare(x.Fate, y.Fate), cmp.Compare(x.URL, y.URL))
	})
	return sum
}

// openWords say what became of links of which nothing is known.
var openWords = map[string]string{"unknown": "no clear answer from", "unasked": "not asked for", "private": "not asked for"}

// shownOpen is how many links of a fate are named, without --all.
const shownOpen = 3

// lines say what was asked of other sites, and of which links nothing is known.
func (sum externalSum) lines(all bool) (lines []string) {
	text := fmt.Sprintf("links to other sites: asked for %s, knew %s from before", count(sum.Asked, "link"), grouped(sum.Known))
	for _, part := range []struct {
		n    int
		what string
	}{{sum.Unknown, "gave no clear answer"}, {sum.Unasked, "not asked, because their sites are busy"}, {sum.Private, "in a private network, not asked"}} {
		if part.n > 0 {
			text += fmt.Sprintf("; %s %s", grouped(part.n), part.what)
		}
	}
	lines = append(lines, text)
	named, left := map[string]int{}, 0
	for _, l := range sum.Open {
		if named[l.Fate]++; named[l.Fate] > shownOpen && !all {
			left++
			continue
		}
		lines = append(lines, fmt.Sprintf("    %s %s, in %s: %s", openWords[l.Fate], oneLine(l.URL), oneLine(l.In[0]), oneLine(l.Why)))
	}
	if left > 0 {
		lines = append(lines, fmt.Sprintf("    and %s more (--all names them)", grouped(left)))
	}
	return lines
}
