package fields

import (
	"strings"
	"unicode/utf8"
)

// Nearly all front matter is written in a small part of YAML: keys of plain
// words, lists with dashes or in one pair of brackets, and texts on one line.
// A newspaper has ten thousand such pieces, and the library takes ten times as
// long for each as is needed. So this part is read here, and at the first sign
// of anything else, or of a slip, the library reads the whole again. That both
// give the same tree is what FuzzQuick is for.

// quick reads the plain part of YAML.
type quick struct {
	lines []string
	at    int // the line being read
	first int // number of the first line in the file
	spare []Value
	lost  bool // this is not the plain part
}

// quickYAML returns false if the text is anything but plain. The values are those
// of shelf, as far as it goes.
func quickYAML(text string, first int, shelf []Value) (*Value, bool) {
	if !plainText(text) {
		return nil, false
	}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if shelf == nil {
		shelf = make([]Value, 2*len(lines)+8)
	}
	q := quick{lines: lines, first: first, spare: shelf}
	q.blank()
	v := q.mapping(0, 0)
	return v, !q.lost && q.at == len(q.lines)
}

// plainText tells whether a text has no signs that YAML treats in a way of its
// own, such as tabs and the line breaks of Unicode.
func plainText(text string) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c < ' ' && c != '\n' || c == 0x7f {
			return false
		}
		if c < utf8.RuneSelf {
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
			return false
		}
		i += n - 1
	}
	return true
}

func (q *quick) new(kind Kind, column int) *Value {
	if len(q.spare) == 0 {
		q.spare = make([]Value, 32)
	}
	v := &q.spare[0]
	q.spare = q.spare[1:]
	v.Kind, v.Line, v.Column = kind, q.at+q.first, column
	return v
}

func (q *quick) lose() *Value {
	q.lost = true
	return nil
}

// blank skips empty lines.
func (q *quick) blank() {
	for q.at < len(q.lines) && q.lines[q.at] == "" {
		q.at++
	}
}

// indent is how deep the line being read is, -1 at the end.
func (q *quick) indent() int {
	if q.at >= len(q.lines) {
		return -1
	}
	line := q.lines[q.at]
	n := 0
	for n < len(line) && line[n] == ' ' {
		n++
	}
	return n
}

// mapping reads keys that begin at an offset of their lines. The first stands
// there whatever is before it, because that may be the dash of a list.
func (q *quick) mapping(offset, depth int) *Value {
	if depth > MaxDepth || q.at >= len(q.lines) {
		return q.lose()
	}
	v := q.new(Map, offset+1)
	v.Pairs = make([]Pair, 0, 4+12*max(1-depth, 0))
	for first := true; first || q.indent() == offset; first = false {
		line := q.lines[q.at]
		n := wordLength(line[offset:])
		if n == 0 || len(v.Pairs) > 100 || v.Get(line[offset:offset+n]) != nil {
			return q.lose()
		}
		key := q.new(Text, offset+1)
		key.Text, key.Length = line[offset:offset+n], n
		key.Style = styleOf(key.Text)
		value := q.value(line, offset+n+1, offset, depth)
		if q.lost {
			return nil
		}
		value.Name = key.Text
		v.Pairs = append(v.Pairs, Pair{key, value})
		q.blank()
	}
	return v
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

// value reads what follows a key's colon, which is before offset at.
func (q *quick) value(line string, at, offset, depth int) *Value {
	if at < len(line) {
		v := q.scalar(line, at+1)
		q.at++
		q.ends(offset)
		return v
	}
	null := q.new(Null, at+1)
	q.at++
	q.blank()
	switch n := q.indent(); {
	case n > offset && strings.HasPrefix(q.lines[q.at][n:], "- "),
		n == offset && strings.HasPrefix(q.lines[q.at][n:], "- "):
		return q.list(n, depth+1)
	case n > offset:
		return q.mapping(n, depth+1)
	}
	return null
}

// ends makes sure that a text does not go on in deeper lines.
func (q *quick) ends(offset int) {
	q.blank()
	if q.indent() > offset {
		q.lost = true
	}
}

// list reads entries whose dashes stand at an offset.
func (q *quick) list(offset, depth int) *Value {
	v := q.new(List, offset+1)
	v.Items = make([]*Value, 0, 4)
	for q.indent() == offset && strings.HasPrefix(q.lines[q.at][offset:], "- ") {
		var item *Value
		if line := q.lines[q.at]; wordLength(line[offset+2:]) > 0 {
			item = q.mapping(offset+2, depth+1)
		} else {
			item = q.scalar(line, offset+2)
			q.at++
			q.ends(offset)
		}
		if q.lost {
			return nil
		}
		v.Items = append(v.Items, item)
		q.blank()
	}
	return v
}

// scalar reads a text, or a list in brackets, from an offset to the end of the
// line.
func (q *quick) scalar(line string, at int) *Value {
	if at >= len(line) || line[len(line)-1] == ' ' {
		return q.lose()
	}
	text := line[at:]
	column := at + 1
	if line[:at] != "" && !plainASCII(line[:at]) {
		return q.lose()
	}
	switch c := text[0]; {
	case c == '"' || c == '\'':
		if len(text) < 2 || text[len(text)-1] != c {
			return q.lose()
		}
		return q.quotation(text, column)
	case c == '[':
		return q.brackets(text, column)
	case !isLetter(c) && !isDigit(c) && c != '/' && c < utf8.RuneSelf,
		strings.Contains(text, ": "), strings.Contains(text, " #"), text[len(text)-1] == ':':
		return q.lose()
	}
	return q.words(text, column)
}

func (q *quick) words(text string, column int) *Value {
	v := q.new(Text, column)
	v.Text, v.Length = text, runes(text)
	v.classify()
	return v
}

// quotation reads a text in quotes with nothing inside that needs care.
func (q *quick) quotation(text string, column int) *Value {
	inside := text[1 : len(text)-1]
	if strings.IndexByte(inside, text[0]) >= 0 || text[0] == '"' && strings.IndexByte(inside, '\\') >= 0 {
		return q.lose()
	}
	v := q.new(Text, column)
	v.Text, v.Style, v.Length = inside, Quoted, runes(inside)+2
	return v
}

// brackets reads a list on one line, of words and quotations.
func (q *quick) brackets(text string, column int) *Value {
	if text[len(text)-1] != ']' {
		return q.lose()
	}
	v := q.new(List, column)
	at := 1
	for at < len(text)-1 {
		n := entryLength(text[at : len(text)-1])
		entry := text[at : at+n]
		if n == 0 || !entryPlain(entry) {
			return q.lose()
		}
		from := column + runes(text[:at])
		if entry[0] == '"' || entry[0] == '\'' {
			v.Items = append(v.Items, q.quotation(entry, from))
		} else {
			v.Items = append(v.Items, q.words(entry, from))
		}
		v.Items[len(v.Items)-1].Flow = true
		at += n
		if at < len(text)-1 {
			if !strings.HasPrefix(text[at:], ", ") || at+2 >= len(text)-1 {
				return q.lose()
			}
			at += 2
		}
	}
	if v.Items == nil {
		v.Items = []*Value{}
	}
	return v
}

// entryLength is how far the first entry of a list reaches. Of a quotation that
// is not closed it is 1.
func entryLength(s string) int {
	if s[0] == '"' || s[0] == '\'' {
		return 2 + strings.IndexByte(s[1:], s[0])
	}
	if n := strings.IndexByte(s, ','); n >= 0 {
		return n
	}
	return len(s)
}

// entryPlain tells whether an entry is a quotation or simple words.
func entryPlain(s string) bool {
	if s[0] == '"' || s[0] == '\'' {
		return len(s) > 1 && s[len(s)-1] == s[0] && (s[0] == '\'' || strings.IndexByte(s, '\\') < 0)
	}
	if !isLetter(s[0]) && !isDigit(s[0]) && s[0] < utf8.RuneSelf || s[len(s)-1] == ' ' {
		return false
	}
	return !strings.ContainsAny(s, "[]{}:#?\"'")
}
