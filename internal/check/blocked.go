package check

import (
	"strings"

	"stet/internal/article"
)

// What a page holds and no browser does: the policy of all pages lets nothing be
// run or styled that is written into them, and nothing be loaded of hosts that are
// not allowed.

// A Blocked is handed what is found in a page that the policy may be against.
type Blocked struct {
	// Inline gets what is written into the page: a "script", a "style", the attribute
	// "style", or one such as "onclick"; with how it is written.
	Inline func(what, written string)
	// Loads gets an address, and what is loaded from it: a "frame", a "script", a
	// "style", an "image", "media", a "plug-in", or what a "form" sends to.
	Loads func(kind, address string)
}

// Find looks through an HTML page.
func (b Blocked) Find(page []byte) {
	eachTag(page, func(from int) ([]byte, int) { return b.tag(page, from) })
}

// tag looks at a tag, and gives its name and where it ends.
func (b Blocked) tag(page []byte, from int) (name []byte, at int) {
	at = from + 1
	for at < len(page) && !isSpace(page[at]) && page[at] != '\f' && page[at] != '/' && page[at] != '>' {
		at++
	}
	name = page[from+1 : at]
	var rel, kind, href []byte
	src := false
	for {
		for at < len(page) && (isSpace(page[at]) || page[at] == '\f' || page[at] == '/') {
			at++
		}
		if at >= len(page) || page[at] == '>' {
			at = min(at+1, len(page))
			break
		}
		start := at
		var key, value []byte
		key, value, at = readAttribute(page, at)
		switch {
		case is(key, "style"), len(key) > 2 && is(key[:2], "on") && isLetter(key[2]):
			b.Inline(strings.ToLower(string(key)), string(page[start:at]))
		case is(key, "rel"):
			rel = value
		case is(key, "type"):
			kind = value
		case is(key, "href"):
			href = value
		case is(key, "src"):
			src = true
			b.loads(name, key, value)
		default:
			b.loads(name, key, value)
		}
	}
	switch {
	case is(name, "style"):
		b.Inline("<style>", string(page[from:at]))
	case is(name, "script") && !src && runs(plain(kind)):
		b.Inline("<script>", string(page[from:at]))
	case is(name, "link") && hasWord(rel, "stylesheet"):
		b.Loads("style", plain(href))
	case schemeOf(strings.TrimSpace(plain(href))) == "javascript":
		b.Inline("javascript:", string(href))
	}
	return name, at
}

// runs tells whether a script of a type is run; others are data.
func runs(kind string) bool {
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "", "module", "importmap", "speculationrules", "text/javascript", "application/javascript", "text/ecmascript", "application/ecmascript":
		return true
	}
	return false
}

// longestTag and longestKey are the lengths of the longest tag and attribute that load something.
const longestTag, longestKey = len("iframe"), len("formaction")

func (b Blocked) loads(name, key, value []byte) {
	if len(name) > longestTag || len(key) > longestKey {
		return
	}
	kind := article.Loads(strings.ToLower(string(name)), strings.ToLower(string(key)))
	switch {
	case kind == "":
	case !is(key, "srcset"):
		b.Loads(kind, plain(value))
	default:
		for rest := value; ; {
			var one []byte
			if one, rest = firstSource(rest); len(one) == 0 {
				break
			}
			b.Loads(kind, plain(one))
		}
	}
}
