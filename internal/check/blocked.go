package check

import (
	"bytes"
	"strings"

	"stet/internal/article"
)

// What a page holds and no browser does: the policy of all pages lets nothing be
// run or styled that is written into them, and nothing be loaded of hosts that are
// not allowed.

// A Blocked is handed what is found in a page that the policy may be against. The
// zero Blocked looks at nothing.
type Blocked struct {
	// Inline gets what is written into the page: a "script", a "style", the attribute
	// "style", or one such as "onclick"; with how it is written.
	Inline func(what, written string)
	// Loads gets an address, and what is loaded from it: a "frame", a "script", a
	// "style", an "image", "media", a "plug-in", or what a "form" sends to.
	Loads func(kind, address string)
}

// Find looks through an HTML page.
func (b Blocked) Find(page []byte) { eachTag(page, b.tag) }

// tag looks at a tag.
func (b Blocked) tag(t *tag) {
	if b.Inline == nil {
		return
	}
	var as, kind, href []byte
	sourced := false
	for i := range t.attributes {
		switch a := &t.attributes[i]; a.key {
		case styleKey, handlerKey:
			b.Inline(strings.ToLower(string(a.name)), string(a.written))
		case relKey:
			as = a.value
		case kindKey:
			kind = a.value
		case hrefKey:
			href = a.value
		case idKey, namedKey, linkedKey:
		default:
			sourced = sourced || a.key == srcKey
			b.loads(t, a)
		}
	}
	switch {
	case string(t.name) == "style":
		b.Inline("<style>", string(t.written))
	case string(t.name) == "script" && !sourced && runs(plain(kind)):
		b.Inline("<script>", string(t.written))
	case string(t.name) == "link" && hasWord(as, "stylesheet"):
		b.Loads("style", plain(href))
	case !harmless(href) && schemeOf(strings.TrimSpace(plain(href))) == "javascript":
		b.Inline("javascript:", string(href))
	}
}

// harmless tells of most addresses that nothing is run by them, without reading
// them.
func harmless(href []byte) bool {
	return len(href) == 0 || href[0] == '/' || href[0] == '#' || bytes.HasPrefix(href, []byte("https:"))
}

// runs tells whether a script of a type is run; others are data.
func runs(kind string) bool {
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "", "module", "importmap", "speculationrules", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript":
		return true
	}
	return false
}

func (b Blocked) loads(t *tag, a *attribute) {
	what := article.Loads(string(t.name), string(a.name))
	switch {
	case what == "":
	case a.key != srcsetKey:
		b.Loads(what, plain(a.value))
	default:
		for one, rest := firstSource(a.value); len(one) > 0; one, rest = firstSource(rest) {
			b.Loads(what, plain(one))
		}
	}
}
