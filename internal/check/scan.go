package check

import "bytes"

// How a page names something else.
type reference uint8

const (
	leads    reference = iota // a reader follows it: a, area
	shows                     // it is part of the page: src, srcset, poster, a stylesheet
	sends                     // what is typed goes there: form
	foretold                  // machines alone are told of it: link
)

// A tag is a start tag as it stands in a page. What it has is valid as long as the
// page is.
type tag struct {
	name       []byte // in small letters
	written    []byte
	attributes []attribute // those that somebody looks at, in their order
}

type attribute struct {
	key     keyword
	again   bool   // of those that stand twice the first counts
	name    []byte // in small letters
	value   []byte // nil if it has none
	written []byte
}

// eachTag comes to each start tag of an HTML page. It goes over each byte once and
// makes nothing, since an archive has hundreds of megabytes of pages. The tag is
// another at the next call.
func eachTag(page []byte, see func(*tag)) {
	t := tag{attributes: make([]attribute, 0, 8)}
	for at := 0; ; {
		i := bytes.IndexByte(page[at:], '<')
		if i < 0 || at+i+1 >= len(page) {
			return
		}
		from := at + i
		at = from + 1
		switch c := page[at]; {
		case c == '/': // of two tags one
			if end := bytes.IndexByte(page[at:], '>'); end >= 0 {
				at += end + 1
			} else {
				return
			}
		case c == '!' && bytes.HasPrefix(page[at:], []byte("!--")):
			at = past(page, at+3, "-->")
		case c == '!' || c == '?':
			at = past(page, at, ">")
		case isLetter(c):
			at = t.read(page, from)
			if see(&t); raw(t.name) {
				at = closing(page, at, t.name)
			}
		}
	}
}

// past is where a text ends that stands at or behind a place.
func past(page []byte, at int, end string) int {
	if at >= len(page) {
		return len(page)
	}
	i := bytes.Index(page[at:], []byte(end))
	if i < 0 {
		return len(page)
	}
	return at + i + len(end)
}

// closing is where the end tag of an element begins that holds nothing but text.
func closing(page []byte, at int, name []byte) int {
	for {
		i := bytes.Index(page[at:], []byte("</"))
		if i < 0 {
			return len(page)
		}
		at += i
		if rest := page[at+2:]; len(rest) >= len(name) && bytes.EqualFold(rest[:len(name)], name) {
			return at
		}
		at += 2
	}
}

// raw tells whether an element holds text in which there are no tags.
func raw(name []byte) bool {
	switch string(name) {
	case "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes":
		return true
	}
	return false
}

// is tells whether a word is one that is given in small letters.
func is(word []byte, name string) bool {
	return len(word) == len(name) && (string(word) == name || bytes.EqualFold(word, []byte(name)))
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

// What a byte is within a tag.
const (
	blank = 1 << iota
	mark  // it ends a name, as a blank does
	equals

	capital = 'a' - 'A' // which makes it small
)

var signs = func() (all [256]uint8) {
	for c := 'A'; c <= 'Z'; c++ {
		all[c] = capital
	}
	for _, c := range " \t\r\n\f" {
		all[c] = blank
	}
	all['/'], all['>'], all['='] = mark, mark, equals
	return all
}()

// word is what stands at a place, in small letters, and where it ends. Its first
// byte is of it, whatever it is.
func word(page []byte, at int, ends uint8) ([]byte, int) {
	from, seen := at, signs[page[at]]
	for at++; at < len(page) && signs[page[at]]&ends == 0; at++ {
		seen |= signs[page[at]]
	}
	w := page[from:at]
	if seen&capital != 0 {
		w = bytes.Clone(w)
		for i, c := range w {
			w[i] = c | signs[c]&capital
		}
	}
	return w, at
}

// read reads the tag that stands at a place, and gives where it ends.
func (t *tag) read(page []byte, from int) (at int) {
	t.attributes = t.attributes[:0]
	t.name, at = word(page, from+1, blank|mark)
	var known uint32
	for {
		for at < len(page) && (signs[page[at]]&blank != 0 || page[at] == '/') {
			at++
		}
		if at >= len(page) || page[at] == '>' {
			at = min(at+1, len(page))
			t.written = page[from:at]
			return at
		}
		var a attribute
		a, at = readAttribute(page, at)
		if a.key > 0 {
			a.again = known&(1<<a.key) != 0
			known |= 1 << a.key
			t.attributes = append(t.attributes, a)
		}
	}
}

// readAttribute reads KEY, KEY=VALUE, KEY="VALUE" or KEY='VALUE', and gives where
// that ends.
func readAttribute(page []byte, from int) (a attribute, at int) {
	a.name, at = word(page, from, blank|mark|equals)
	a.key = keywordOf(a.name)
	at = skip(page, at)
	if at < len(page) && page[at] == '=' {
		if at = skip(page, at+1); at < len(page) {
			a.value, at = readValue(page, at)
		}
	}
	a.written = page[from:at]
	return a, at
}

func skip(page []byte, at int) int {
	for at < len(page) && signs[page[at]]&blank != 0 {
		at++
	}
	return at
}

func readValue(page []byte, at int) ([]byte, int) {
	if quote := page[at]; quote == '"' || quote == '\'' {
		from := at + 1
		i := bytes.IndexByte(page[from:], quote)
		if i < 0 {
			return nil, len(page) // it is never closed, and no tag
		}
		return page[from : from+i], from + i + 1
	}
	from := at
	for at < len(page) && signs[page[at]]&blank == 0 && page[at] != '>' {
		at++
	}
	return page[from:at], at
}

// A keyword is an attribute that somebody looks at; 0 is any other.
type keyword uint8

const (
	hrefKey keyword = 1 + iota
	linkedKey
	srcKey
	posterKey
	srcsetKey
	imagesrcsetKey
	actionKey
	formactionKey
	dataKey
	idKey
	namedKey
	relKey
	kindKey
	styleKey
	handlerKey // onclick and the like
)

// keywordOf knows the attributes by which [article.Loads] has something loaded.
func keywordOf(name []byte) keyword {
	switch string(name) {
	case "href":
		return hrefKey
	case "xlink:href":
		return linkedKey
	case "src":
		return srcKey
	case "poster":
		return posterKey
	case "srcset":
		return srcsetKey
	case "imagesrcset":
		return imagesrcsetKey
	case "action":
		return actionKey
	case "formaction":
		return formactionKey
	case "data":
		return dataKey
	case "id":
		return idKey
	case "name":
		return namedKey
	case "rel":
		return relKey
	case "type":
		return kindKey
	case "style":
		return styleKey
	}
	if len(name) > 2 && name[0] == 'o' && name[1] == 'n' && isLetter(name[2]) {
		return handlerKey
	}
	return 0
}

// names hands on what a tag names, and what it can be entered at.
func (t *tag) names(tell func(reference, []byte), entry func([]byte)) {
	var to, as []byte
	for i := range t.attributes {
		switch a := &t.attributes[i]; {
		case a.again:
		case a.key == hrefKey, a.key == linkedKey:
			to = a.value
		case a.key == relKey:
			as = a.value
		case len(a.value) > 0 && (a.key == idKey || a.key == namedKey && string(t.name) == "a"):
			entry(a.value)
		}
	}
	if to != nil {
		switch string(t.name) {
		case "a", "area":
			if !hasWord(as, "ugc") { // a reader wrote that, and nobody else will mend it
				tell(leads, to)
			}
		case "base":
		case "link":
			if how, told := linkedAs(as); told {
				tell(how, to)
			}
		default:
			tell(shows, to)
		}
	}
	for i := range t.attributes {
		switch a := &t.attributes[i]; {
		case a.again:
		case a.key == srcKey, a.key == posterKey, a.key == dataKey && string(t.name) == "object":
			tell(shows, a.value)
		case a.key == actionKey, a.key == formactionKey:
			tell(sends, a.value)
		case a.key == srcsetKey, a.key == imagesrcsetKey:
			for one, rest := firstSource(a.value); len(one) > 0; one, rest = firstSource(rest) {
				tell(shows, one)
			}
		}
	}
}

// linkedAs is how a <link> names something; it is false if it names none.
func linkedAs(rel []byte) (how reference, told bool) {
	switch {
	case hasWord(rel, "preconnect"), hasWord(rel, "dns-prefetch"):
		return 0, false
	case hasWord(rel, "stylesheet"), hasWord(rel, "icon"), hasWord(rel, "preload"), hasWord(rel, "modulepreload"), hasWord(rel, "manifest"):
		return shows, true
	}
	return foretold, true
}

func hasWord(list []byte, word string) bool {
	for w := range bytes.FieldsSeq(list) {
		if is(w, word) {
			return true
		}
	}
	return false
}

// firstSource is the first address of a srcset, and what follows it: an address
// ends with a space or with its last comma, its size with the next comma.
func firstSource(list []byte) (one, rest []byte) {
	list = bytes.TrimLeft(list, ", \t\r\n\f")
	end := bytes.IndexAny(list, " \t\r\n\f")
	if end < 0 {
		end = len(list)
	}
	one, rest = list[:end], list[end:]
	if bare := bytes.TrimRight(one, ","); len(bare) < len(one) {
		return bare, rest
	}
	comma := bytes.IndexByte(rest, ',')
	if comma < 0 {
		return one, nil
	}
	return one, rest[comma+1:]
}
