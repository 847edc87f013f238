package build

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"stet/internal/page"
)

// A newest asks whether the pages of stories depend on the newest story: each new
// one then has all of them made again, and sent to the host.
type newest struct {
	*editors
	ledger *page.Ledger
	known  map[int32]bool // questions, by whether their answer is another with each new story
}

// newestAsked says which lines of layouts make the pages of most stories depend on
// the newest.
func (e *editors) newestAsked(ledger *page.Ledger) {
	if e.taken("layout-newest") == "" {
		return
	}
	n := newest{e, ledger, map[int32]bool{}}
	stories, asking := 0, 0
	calls := map[[3]string]bool{} // the layout, the function, and what it is called with
	for _, note := range ledger.Pages {
		if note.Kind != "article" {
			continue
		}
		stories++
		some := false
		for _, q := range note.Note {
			if !n.asks(q) {
				continue
			}
			some = true
			function, first := ledger.Questions[q].Kind, ""
			if function == "fragment" {
				first = page.Fields(ledger.Questions[q].Args, 2)[1]
			}
			calls[[3]string{strings.TrimPrefix(e.layoutOf(note, ledger), "layouts/"), function, first}] = true
		}
		if some {
			asking++
		}
	}
	if 2*asking <= stories {
		return
	}
	all := slices.SortedFunc(maps.Keys(calls), func(a, b [3]string) int {
		return cmp.Or(strings.Compare(a[0], b[0]), strings.Compare(a[1], b[1]), strings.Compare(a[2], b[2]))
	})
	for _, c := range all {
		for _, at := range e.layouts.Calls(c[0], c[1], c[2]) {
			e.tell("layout-newest", at, "by this line each new story changes the pages of all others",
				"show the newest stories on fronts, and link to them from here; or have the reader's browser fetch them")
		}
	}
}

// asks tells whether the answer to a question is another with each new story: it
// lists the newest, or is a fragment that does.
func (n *newest) asks(q int32) bool {
	known, done := n.known[q]
	if done {
		return known
	}
	asked := n.ledger.Questions[q]
	n.known[q] = false // whatever asks itself
	is := asked.Kind == "latest" || asked.Kind == "front" || asked.Kind == "fragment" && slices.ContainsFunc(asked.Note, n.asks)
	n.known[q] = is
	return is
}
