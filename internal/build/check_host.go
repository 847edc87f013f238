package build

import (
	"strings"

	"stet/internal/check"
	"stet/internal/diag"
	"stet/internal/page"
	"stet/internal/source"
)

// weigh notes how large a file of the edition would be. Pictures that are made
// smaller are not made for a check: how large they are is not known.
func (e *editors) weigh(r page.Result) error {
	if e.what.Host == "" || r.Content == nil {
		return nil
	}
	size := int64(r.Content.Body.Len())
	if r.Content.Copy != "" {
		if i, ok := e.tree.Index(r.Content.Copy); ok {
			size = e.tree.Files[i].Stat.Size
		}
	}
	if r.Kind == "rendition" {
		size = -1
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sizes[r.Path] = size
	return nil
}

// hosted says what the host cannot take of the edition.
func (e *editors) hosted() {
	if e.what.Host == "" {
		return
	}
	ed := check.Edition{Files: e.sizes, RuleBytes: max(0, e.sizes["_redirects"])}
	ed.Headers = e.tree.Has("static/_headers") // Stet's own says what is good to have, and is missed by nobody
	for _, r := range e.site.Redirects() {
		if strings.ContainsAny(r.From, "*:") {
			ed.Patterns++
		} else {
			ed.Rules++
		}
	}
	for _, found := range check.Hosts[e.what.Host].Takes(ed) {
		at := diag.Problem{Path: source.Settings}
		if static := "static/" + found.Path; found.Path != "" && e.tree.Has(static) {
			at = diag.Problem{Path: static}
		}
		e.tell("host-limit", at, found.Text, found.Hint)
	}
}
