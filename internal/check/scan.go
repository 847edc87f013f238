package check

import "bytes"

// How a page names something else.
type reference uint8

const (
	leads    reference = iota // a reader follows it: a, area
	shows                     // it is part of the page: src, poster, a stylesheet
	listed                    // the same in several sizes, as srcset has them
	sends                     // what is typed goes there: form
	foretold                  // machines alone are told of it: link
)

// scan finds in an HTML page what it names and what it can be entered at. It goes
// over each byte once and makes nothing, since an archive has hundreds of
// megabytes of pages; what it hands on is as it is written, and valid as long as
// the page is.
func scan(page []byte, named func(how reference, value []byte), entry func(id []byte)) {
	var t tag
	eachTag(page, func(from int) ([]byte, int) {
		at := t.read(page, from+1, entry)
		t.tell(named)
		return t.name, at
	})
}

// eachTag comes to each tag of a page, where its < stands. What reads it gives its
// name and where it ends.
func eachTag(page []byte, read func(from int) (name []byte, end int)) {
	var name []byte
	for at := 0; ; {
		i := bytes.IndexByte(page[at:], '<')
		if i < 0 || at+i+1 >= len(page) {
			return
		}
		from := at + i
		at = from + 1
		switch c := page[at]; {
		case c == '!' && bytes.HasPrefix(page[at:], []byte("!--")):
			at = past(page, at+3, "-->")
		case c == '!' || c == '/' || c == '?':
			at = past(page, at, ">")
		case isLetter(c):
			if name, at = read(from); raw(name) {
				at = closing(page, at, name)
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
	return is(name, "script") || is(name, "style") || is(name, "title") || is(name, "textarea") || is(name, "xmp") || is(name, "iframe") || is(name, "noembed") || is(name, "noframes")
}

func is(word []byte, name string) bool {
	return len(word) == len(name) && (string(word) == name || bytes.EqualFold(word, []byte(name)))
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

// A tag is one as it is being read, with those of its attributes that count.
type tag struct {
	name, rel []byte
	href      []byte
	values    []attribute
}

type attribute struct {
	how   reference
	value []byte
}

// read reads a tag from its name on, and gives where it ends.
func (t *tag) read(page []byte, at int, entry func([]byte)) int {
	from := at
	for at < len(page) && !isSpace(page[at]) && page[at] != '\f' && page[at] != '/' && page[at] != '>' {
		at++
	}
	t.name, t.rel, t.href, t.values = page[from:at], nil, nil, t.values[:0]
	var first uint16 // of attributes that stand twice the first counts
	for {
		for at < len(page) && (isSpace(page[at]) || page[at] == '\f' || page[at] == '/') {
			at++
		}
		if at >= len(page) || page[at] == '>' {
			return min(at+1, len(page))
		}
		var key, value []byte
		key, value, at = readAttribute(page, at)
		if n := keyOf(key); n > 0 && first&(1<<n) == 0 {
			first |= 1 << n
			t.take(attributeKeys[n], value, entry)
		}
	}
}

// readAttribute reads KEY, KEY=VALUE, KEY="VALUE" or KEY='VALUE'.
func readAttribute(page []byte, at int) (key, value []byte, end int) {
	from := at
	for at++; at < len(page) && !isSpace(page[at]) && page[at] != '\f' && page[at] != '/' && page[at] != '>' && page[at] != '='; {
		at++
	}
	key = page[from:at]
	for at < len(page) && (isSpace(page[at]) || page[at] == '\f') {
		at++
	}
	if at >= len(page) || page[at] != '=' {
		return key, nil, at
	}
	for at++; at < len(page) && (isSpace(page[at]) || page[at] == '\f'); {
		at++
	}
	if at >= len(page) {
		return key, nil, at
	}
	if quote := page[at]; quote == '"' || quote == '\'' {
		from = at + 1
		i := bytes.IndexByte(page[from:], quote)
		if i < 0 {
			return key, nil, len(page) // it is never closed, and no tag
		}
		return key, page[from : from+i], from + i + 1
	}
	for from = at; at < len(page) && !isSpace(page[at]) && page[at] != '\f' && page[at] != '>'; {
		at++
	}
	return key, page[from:at], at
}

// attributeKeys are the attributes that count.
var attributeKeys = []string{"", "href", "src", "id", "srcset", "rel", "poster", "action", "formaction", "data", "imagesrcset", "name", "xlink:href"}

func keyOf(key []byte) int {
	for n := 1; n < len(attributeKeys); n++ {
		if is(key, attributeKeys[n]) {
			return n
		}
	}
	return 0
}

func (t *tag) take(key string, value []byte, entry func([]byte)) {
	add := func(how reference) { t.values = append(t.values, attribute{how, value}) }
	switch key {
	case "href", "xlink:href":
		t.href = value
	case "rel":
		t.rel = value
	case "src", "poster":
		add(shows)
	case "srcset", "imagesrcset":
		add(listed)
	case "action", "formaction":
		add(sends)
	case "data":
		if is(t.name, "object") {
			add(shows)
		}
	case "id":
		if len(value) > 0 {
			entry(value)
		}
	case "name":
		if is(t.name, "a") && len(value) > 0 {
			entry(value)
		}
	}
}

// tell hands on what a tag names, once all of it was read.
func (t *tag) tell(named func(reference, []byte)) {
	if t.href != nil {
		switch {
		case is(t.name, "a") && hasWord(t.rel, "ugc"): // a reader wrote it, and nobody else will mend it
		case is(t.name, "a"), is(t.name, "area"):
			named(leads, t.href)
		case is(t.name, "base"):
		case !is(t.name, "link"):
			named(shows, t.href)
		case hasWord(t.rel, "preconnect"), hasWord(t.rel, "dns-prefetch"):
		case hasWord(t.rel, "stylesheet"), hasWord(t.rel, "icon"), hasWord(t.rel, "preload"), hasWord(t.rel, "modulepreload"), hasWord(t.rel, "manifest"):
			named(shows, t.href)
		default:
			named(foretold, t.href)
		}
	}
	for _, a := range t.values {
		if a.how != listed {
			named(a.how, a.value)
			continue
		}
		for rest := a.value; ; {
			var one []byte
			if one, rest = firstSource(rest); len(one) == 0 {
				break
			}
			named(shows, one)
		}
	}
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
