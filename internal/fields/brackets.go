package fields

import "strings"

// What stands in quotes and brackets on one line, in the plain part of YAML.

// quotation reads a text in quotes. Like all below it returns the offset behind
// what it read.
func (q *quick) quotation(at int) (*Value, int) {
	inside, end := "", -1
	if q.line[at] == '"' {
		inside, end = doubleQuoted(q.line[at+1:])
	} else {
		inside, end = singleQuoted(q.line[at+1:])
	}
	if end < 0 {
		return q.lose(), at
	}
	v := q.value(Text, at)
	v.Text, v.Style, v.Length = inside, Quoted, runes(inside)+2
	return v, at + 1 + end
}

// singleQuoted is the text up to the quote that closes it, and the offset behind
// that; -1 if there is none.
func singleQuoted(s string) (inside string, end int) {
	for {
		n := strings.IndexByte(s[end:], '\'')
		if n < 0 {
			return "", -1
		}
		if end += n + 1; end == len(s) || s[end] != '\'' {
			break
		}
		end++
	}
	if inside = s[:end-1]; strings.IndexByte(inside, '\'') >= 0 {
		inside = strings.ReplaceAll(inside, "''", "'")
	}
	return inside, end
}

// doubleQuoted does the same, for a text that has no escapes but \" and \\.
func doubleQuoted(s string) (inside string, end int) {
	end = strings.IndexByte(s, '"')
	if end < 0 {
		return "", -1
	}
	if strings.IndexByte(s[:end], '\\') < 0 {
		return s[:end], end + 1
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"':
			return b.String(), i + 1
		case '\\':
			if i++; i == len(s) || s[i] != '"' && s[i] != '\\' {
				return "", -1
			}
		}
		b.WriteByte(s[i])
	}
	return "", -1
}

// bracket reads a list or a map in brackets.
func (q *quick) bracket(at, depth int) (*Value, int) {
	if depth >= MaxDepth {
		return q.lose(), at
	}
	if q.line[at] == '{' {
		return q.braces(at, depth)
	}
	v := q.value(List, at)
	from := len(q.items.open)
	for at = q.spaces(at + 1); at < len(q.line) && q.line[at] != ']'; {
		var item *Value
		if item, at = q.entry(at, ']', depth+1); q.lost {
			return nil, at
		}
		q.items.open = append(q.items.open, item)
	}
	if at == len(q.line) {
		return q.lose(), at
	}
	v.Items = q.items.keep(from)
	return v, at + 1
}

// braces reads a map, whose keys are plain words.
func (q *quick) braces(at, depth int) (*Value, int) {
	v := q.value(Map, at)
	from := len(q.pairs.open)
	for at = q.spaces(at + 1); at < len(q.line) && q.line[at] != '}'; {
		key := q.key(at, from)
		if q.lost {
			return nil, at
		}
		var value *Value
		if value, at = q.entry(q.spaces(at+key.Length+1), '}', depth+1); q.lost {
			return nil, at
		}
		value.Name = key.Text
		q.pairs.open = append(q.pairs.open, Pair{key, value})
	}
	if at == len(q.line) {
		return q.lose(), at
	}
	v.Pairs = q.pairs.keep(from)
	return v, at + 1
}

// entry reads a value within brackets, and the comma behind it unless the bracket
// is closed there.
func (q *quick) entry(at int, closer byte, depth int) (v *Value, end int) {
	if at == len(q.line) {
		return q.lose(), at
	}
	switch c := q.line[at]; {
	case c == '"' || c == '\'':
		v, at = q.quotation(at)
	case c == '[' || c == '{':
		v, at = q.bracket(at, depth)
	default:
		v, at = q.wordsWithin(at)
	}
	if q.lost {
		return nil, at
	}
	v.Flow = true
	at = q.spaces(at)
	switch {
	case at == len(q.line):
		return q.lose(), at
	case q.line[at] == closer:
		return v, at
	case q.line[at] != ',':
		return q.lose(), at
	}
	if at = q.spaces(at + 1); at == len(q.line) || q.line[at] == ',' || q.line[at] == closer {
		return q.lose(), at
	}
	return v, at
}

// wordsWithin reads words without quotes, up to a comma or a bracket.
func (q *quick) wordsWithin(at int) (*Value, int) {
	if !beginsWords(q.line[at:]) {
		return q.lose(), at
	}
	end := at
	for ; end < len(q.line) && !closes[q.line[end]]; end++ {
		switch q.line[end] {
		case '#':
			if q.line[end-1] == ' ' {
				return q.lose(), at
			}
		case ':':
			if end+1 == len(q.line) || q.line[end+1] == ' ' || closes[q.line[end+1]] {
				return q.lose(), at
			}
		}
	}
	v := q.value(Text, at)
	v.Text = strings.TrimRight(q.line[at:end], " ")
	v.Length = runes(v.Text)
	v.classify()
	return v, end
}

// closes are the signs that end words within brackets.
var closes = [256]bool{',': true, '[': true, ']': true, '{': true, '}': true}
