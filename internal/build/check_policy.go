package build

import (
	"maps"
	"path"
	"slices"
	"strings"

	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/page"
)

// What pages hold that their Content-Security-Policy keeps browsers from. Of
// addresses in texts and front matter the build speaks; of what is written into
// pages, and of addresses in layouts, nobody else does.

// A blockage is one of these, with what is said of it.
type blockage struct {
	rule, what, written string
}

// policed notes what the policy is against in a page, which look looks through.
func (e *editors) policed(file string, look func(check.Blocked)) {
	inline, host := e.taken("inline-blocked") != "", e.taken("host-blocked") != ""
	if !inline && !host {
		look(check.Blocked{})
		return
	}
	var found map[blockage]bool // most pages have none
	note := func(b blockage) {
		if found == nil {
			found = map[blockage]bool{}
		}
		found[b] = true
	}
	look(check.Blocked{
		Inline: func(what, written string) {
			if inline {
				note(blockage{"inline-blocked", what, written})
			}
		},
		Loads: func(kind, address string) {
			if host && e.refused(kind, address) != nil {
				note(blockage{"host-blocked", kind, address})
			}
		},
	})
	if len(found) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for b := range found {
		e.blocked[b] = append(e.blocked[b], file)
	}
}

// refused is what is wrong with an address that a page loads, nil if nothing is.
func (e *editors) refused(kind, address string) *diag.Problem {
	if config.Own(e.config.BaseURL, address) {
		return nil
	}
	switch kind {
	case "plug-in":
		return &diag.Problem{Text: "browsers load nothing here that needs a plug-in", Hint: "show it with <iframe> or :::embed, or link to it"}
	case "style":
		if host := config.HostOf(address); host != "" {
			return &diag.Problem{Text: "no style may come from " + host + ": browsers load the site's own alone", Hint: "put it into static/assets/, with the fonts that it names"}
		}
		return nil
	}
	return config.Refusal(e.config.Allow, e.config.BaseURL, kind, address)
}

// policy says what browsers will not do, where it is written. Pages of static/ are
// looked through too: _headers has the policy for them.
func (e *editors) policy(ledger *page.Ledger) {
	for _, p := range ledger.Pages {
		if p.Kind == "file" && path.Ext(p.Path) == ".html" {
			text := []byte(e.text(page.Fields(p.Args, 1)[0]))
			e.policed(p.Path, func(b check.Blocked) { b.Find(text) })
		}
	}
	said := map[diag.Problem]bool{}
	all := slices.SortedFunc(maps.Keys(e.blocked), func(a, b blockage) int {
		return strings.Compare(a.rule+" "+a.what+" "+a.written, b.rule+" "+b.what+" "+b.written)
	})
	for _, b := range all {
		text, hint := inlineText[b.what], inlineHints[b.what]
		if b.rule == "host-blocked" {
			wrong := e.refused(b.what, b.written)
			text, hint = wrong.Text, wrong.Hint
		} else if text == "" {
			text, hint = "browsers do not run what stands in "+b.what, "listen for it in a script of static/assets/"
		}
		pages := slices.Sorted(slices.Values(e.blocked[b]))
		for _, at := range e.whereWritten(pages, func(name string) (diag.Problem, bool) { return e.seek(name, b) }, ledger) {
			if b.rule == "host-blocked" && strings.HasSuffix(at.Path, ".md") {
				continue // the build has said it
			}
			told := text
			if at.on > 0 {
				told += on(pages, at.on)
			}
			if same := (diag.Problem{Path: at.Path, Line: at.Line, Column: at.Column, Text: text}); !said[same] {
				said[same] = true
				e.tell(b.rule, at.Problem, told, hint)
			}
		}
	}
}

var inlineText = map[string]string{
	"<script>":    "browsers do not run a script that is written into a page of this site",
	"<style>":     "browsers do not heed a style that is written into a page of this site",
	"style":       "browsers do not heed a style that is written into a page of this site",
	"javascript:": "browsers do not run a script that is written into a link of this site",
}

var inlineHints = map[string]string{
	"<script>":    `put it into a file of static/assets/ and write <script type="module" src="{{ asset "NAME.js" }}"></script>`,
	"<style>":     "write it into a stylesheet of static/assets/",
	"style":       "use class, and write the style into a stylesheet of static/assets/",
	"javascript:": "use a button, and listen for it in a script of static/assets/",
}

// seek finds where something blocked is written in a file: as it stands in the page,
// else the name of the attribute, whose value a layout may have made.
func (e *editors) seek(name string, b blockage) (at diag.Problem, found bool) {
	if b.rule == "host-blocked" {
		return e.find(name, []string{b.written})
	}
	text, needle := e.text(name), b.written
	from := strings.Index(text, needle)
	if from < 0 && !strings.HasPrefix(b.what, "<") {
		needle = " " + b.what + "="
		if from = strings.Index(text, needle); from >= 0 {
			from, needle = from+1, needle[1:]
		}
	}
	if from < 0 {
		return at, false
	}
	first, _, _ := strings.Cut(needle, "\n")
	return placed(name, text, from, first), true
}
