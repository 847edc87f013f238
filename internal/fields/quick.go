package fields

import (
	"strings"
	"unicode/utf8"
)

// Nearly all front matter is written in a small part of YAML: keys of plain
// words, lists with dashes, lists and maps in brackets, texts on one line, and
// comments. A newspaper has ten thousand such pieces, and the library takes ten
// times as long for each as is needed. So this part is read here, and at the
// first sign of anything else, or of a slip, the library reads the whole again.
// That both give the same tree is what FuzzQuick is for.
//
// Lines that stand deeper than they may need no look of their own: no list or map
// that is being read begins there, so that none takes them, and what is left over
// at the end is not the plain part.

// quick reads the plain part of YAML, line by line.
type quick struct {
	*shelf
	rest   string // the lines below the one being read
	line   string // being read: neither empty nor a comment
	number int    // its number in the file
	indent int    // how many spaces it begins with; -1 at the end
	lost   bool   // this is not the plain part

	counted, columns int // of the line: bytes, and how many characters they are
}

// mostKeys is how many keys a map of the plain part has at most, as each is held
// against those before it.
const mostKeys = 100

// quickYAML returns false if the text is anything but plain. What the tree is made
// of is taken from the shelf, if there is one.
func quickYAML(text string, first int, from *shelf) (*Value, bool) {
	if !plainText(text) {
		return nil, false
	}
	if from == nil {
		from = new(shelf)
	}
	q := quick{shelf: from, rest: text, number: first - 1}
	q.next()
	v := q.mapping(0, 0)
	return v, !q.lost && q.indent < 0
}

// plainText tells whether a text has no signs that YAML treats in a way of its
// own, such as tabs and the line breaks of Unicode.
func plainText(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c >= ' ' && c < 0x7f || c == '\n' {
			continue
		}
		if c < utf8.RuneSelf {
			return false
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
			return false
		}
		i += n - 1
	}
	return true
}

func (q *quick) lose() *Value {
	q.lost = true
	return nil
}

// next goes to the next line that says something.
func (q *quick) next() {
	q.counted, q.columns = 0, 0
	for q.rest != "" {
		q.line, q.rest, _ = strings.Cut(q.rest, "\n")
		q.number++
		if q.indent = q.spaces(0); q.indent < len(q.line) && q.line[q.indent] != '#' {
			return
		}
	}
	q.line, q.indent = "", -1
}

// spaces is the first offset of the line, from another on, where there is none.
func (q *quick) spaces(at int) int {
	for at < len(q.line) && q.line[at] == ' ' {
		at++
	}
	return at
}

// column is that of an offset, which is never before the one asked for last.
func (q *quick) column(at int) int {
	q.columns += runes(q.line[q.counted:at])
	q.counted = at
	return q.columns + 1
}

// value makes one that begins at an offset of the line.
func (q *quick) value(kind Kind, at int) *Value {
	v := q.take()
	v.Kind, v.Line, v.Column = kind, q.number, q.column(at)
	return v
}

// mapping reads keys that begin at an offset of their lines. The first stands
// there whatever is before it, because that may be the dash of a list.
func (q *quick) mapping(offset, depth int) *Value {
	if depth >= MaxDepth {
		return q.lose()
	}
	v := q.value(Map, offset)
	from := len(q.pairs.open)
	for first := true; first || q.indent == offset; first = false {
		key := q.key(offset, from)
		if q.lost {
			return nil
		}
		value := q.below(key, offset, depth+1)
		if q.lost {
			return nil
		}
		value.Name = key.Text
		q.pairs.open = append(q.pairs.open, Pair{key, value})
	}
	v.Pairs = q.pairs.keep(from)
	return v
}

// key reads the key at an offset, of a map whose first pair is the one numbered from.
func (q *quick) key(offset, from int) *Value {
	n := wordLength(q.line[offset:])
	word := q.line[offset : offset+n]
	before := q.pairs.open[from:]
	if n == 0 || len(before) >= mostKeys {
		return q.lose()
	}
	for i := range before {
		if before[i].Key.Text == word {
			return q.lose()
		}
	}
	key := q.value(Text, offset)
	key.Text, key.Length, key.Style = word, n, styleOf(word)
	return key
}

// wordLength is how long the key at the start of s is: ASCII letters, digits,
// _ and -, then a colon and a space or the end.
func wordLength(s string) int {
	n := 0
	for n < len(s) && (isLetter(s[n]) || n > 0 && (isDigit(s[n]) || s[n] == '-')) {
		n++
	}
	if n == 0 || n >= len(s) || s[n] != ':' || n+1 < len(s) && s[n+1] != ' ' {
		return 0
	}
	return n
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// below reads what belongs to a key at an offset: what stands behind its colon,
// else what stands below.
func (q *quick) below(key *Value, offset, depth int) *Value {
	colon := offset + key.Length
	at := q.spaces(colon + 1)
	if at < len(q.line) && q.line[at] != '#' {
		return q.whole(at, depth)
	}
	if at > colon+100 { // at 512 spaces the library loses sight of a comment
		return q.lose()
	}
	nothing := q.value(Null, colon+1)
	key.Comment = q.line[at:]
	nothing.Comment = key.Comment
	q.next()
	switch {
	case q.indent >= offset && q.dashed():
		return q.list(q.indent, depth)
	case q.indent > offset:
		return q.mapping(q.indent, depth)
	}
	return nothing
}

// dashed tells whether the line is an entry of a list.
func (q *quick) dashed() bool { return strings.HasPrefix(q.line[q.indent:], "- ") }

// list reads entries whose dashes stand at an offset.
func (q *quick) list(offset, depth int) *Value {
	if depth >= MaxDepth {
		return q.lose()
	}
	v := q.value(List, offset)
	from := len(q.items.open)
	for q.indent == offset && q.dashed() {
		at := q.spaces(offset + 1)
		var item *Value
		if wordLength(q.line[at:]) > 0 {
			item = q.mapping(at, depth+1)
		} else {
			item = q.whole(at, depth+1)
		}
		if q.lost {
			return nil
		}
		q.items.open = append(q.items.open, item)
	}
	v.Items = q.items.keep(from)
	return v
}

// whole reads a value that takes the line from an offset to its end.
func (q *quick) whole(at, depth int) (v *Value) {
	if at == len(q.line) {
		return q.lose()
	}
	switch c := q.line[at]; {
	case c == '"' || c == '\'':
		v, at = q.quotation(at)
	case c == '[' || c == '{':
		v, at = q.bracket(at, depth)
	default:
		v, at = q.words(at)
	}
	if q.lost {
		return nil
	}
	if end := q.spaces(at); end < len(q.line) && (end == at || q.line[end] != '#') {
		return q.lose()
	}
	q.next()
	return v
}

// words reads words without quotes, up to the end of the line or a comment.
func (q *quick) words(at int) (*Value, int) {
	text, comment := q.line[at:], ""
	if !beginsWords(text) {
		return q.lose(), at
	}
	for i := 0; ; i++ {
		n := strings.IndexByte(text[i:], '#')
		if n < 0 {
			break
		}
		if i += n; i > 0 && text[i-1] == ' ' {
			text, comment = text[:i], text[i:]
			break
		}
	}
	text = strings.TrimRight(text, " ")
	for i := 0; ; i++ {
		n := strings.IndexByte(text[i:], ':')
		if n < 0 {
			break
		}
		if i += n; i+1 == len(text) || text[i+1] == ' ' {
			return q.lose(), at
		}
	}
	v := q.value(Text, at)
	v.Text, v.Length = text, runes(text)
	v.classify()
	if v.Comment = comment; comment != "" && v.Kind == Null {
		return q.lose(), at
	}
	return v, len(q.line)
}

// beginsWords tells whether words without quotes may begin so: not with a sign of
// YAML.
func beginsWords(s string) bool {
	if s[0] == '-' {
		return len(s) > 1 && (isLetter(s[1]) || isDigit(s[1]))
	}
	return strings.IndexByte("-?:,[]{}#&*!|>'\"%@`", s[0]) < 0
}
