package fields

import (
	"bytes"
	"encoding/json"
	"strings"

	"stet/internal/diag"
)

// JSON reads one JSON value. It is read by hand, because encoding/json tells
// neither where a value stands nor that a key is there twice.
func JSON(path string, data []byte, firstLine int) (*Value, []diag.Problem) {
	return read(path, data, firstLine, (*reader).json)
}

func (r *reader) json(data []byte) *Value {
	s := scanner{reader: r, data: data, line: 1}
	s.space()
	if s.at == len(data) {
		s.stop("{}", "the file is empty")
		return nil
	}
	v := s.value(0)
	s.space()
	if !s.stopped && s.at < len(data) {
		s.stop("remove it", "text after the end of the data")
	}
	if s.stopped {
		return nil
	}
	return v
}

// A scanner goes through JSON once, counting lines as it passes them.
type scanner struct {
	*reader
	data      []byte
	at        int
	line      int
	lineStart int
	stopped   bool
}

// stop reports an error here and ends the reading.
func (s *scanner) stop(hint, text string) {
	if s.stopped {
		return
	}
	s.stopped = true
	s.fail(s.line, s.column(), 1, hint, "%s", text)
}

func (s *scanner) column() int {
	return 1 + runes(string(s.data[s.lineStart:min(s.at, len(s.data))]))
}

func (s *scanner) space() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case '\n':
			s.line, s.lineStart = s.line+1, s.at+1
		case ' ', '\t':
		default:
			return
		}
		s.at++
	}
}

// peek is the next byte that is not space, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.stopped || s.at >= len(s.data) {
		return 0
	}
	return s.data[s.at]
}

func (s *scanner) new(kind Kind) *Value {
	return &Value{Kind: kind, Line: s.line + s.first - 1, Column: s.column(), Length: 1}
}

func (s *scanner) value(depth int) *Value {
	if depth > MaxDepth {
		s.stop("write it flatter", "lists and maps stand more than 50 deep in one another")
		return s.new(Null)
	}
	switch c := s.peek(); {
	case c == '{':
		return s.object(depth)
	case c == '[':
		return s.array(depth)
	case c == '"':
		return s.text()
	case c == 0:
		s.stop("close what is open with ] or }", "the data ends too early")
	case c == '\'':
		s.stop(`write it in "double quotes"`, "JSON has no single quotes")
	case c == '/' || c == '#':
		s.stop("remove it, or make the file YAML", "JSON has no comments")
	default:
		return s.word()
	}
	return s.new(Null)
}

func (s *scanner) object(depth int) *Value {
	v := s.new(Map)
	seen := map[string]*Value{}
	s.at++
	for s.peek() != '}' {
		if s.peek() != '"' {
			s.stop(`write it as "key": value`, "here a key in double quotes must stand")
			return v
		}
		key := s.text()
		key.Text = Clean(key.Text)
		if s.peek() != ':' {
			s.stop(`write it as "key": value`, "the colon after a key is missing")
			return v
		}
		s.at++
		value := s.value(depth + 1)
		if before := seen[key.Text]; before != nil {
			s.duplicate(key, before)
		} else {
			seen[key.Text], value.Name = key, key.Text
			v.Pairs = append(v.Pairs, Pair{key, value})
		}
		if !s.more('}') {
			return v
		}
	}
	s.at++
	return v
}

func (s *scanner) array(depth int) *Value {
	v := s.new(List)
	s.at++
	for s.peek() != ']' {
		v.Items = append(v.Items, s.value(depth+1))
		if !s.more(']') {
			return v
		}
	}
	s.at++
	return v
}

// more takes the comma before another entry. It is false once reading stopped.
func (s *scanner) more(end byte) bool {
	switch s.peek() {
	case end:
		return true
	case ',':
		s.at++
		if s.peek() == end {
			s.stop("remove the comma before it", "JSON has no comma before "+string(end))
		}
	case 0:
		s.stop("close what is open with ] or }", "the data ends too early")
	default:
		s.stop("put a comma before it", "a comma is missing here")
	}
	return !s.stopped
}

func (s *scanner) text() *Value {
	v := s.new(Text)
	v.Style = Quoted
	n := 1
	for s.at+n < len(s.data) && s.data[s.at+n] != '"' && s.data[s.at+n] != '\n' {
		if s.data[s.at+n] == '\\' {
			n++
		}
		n++
	}
	if s.at+n >= len(s.data) || s.data[s.at+n] != '"' {
		s.stop(`close it with "`, "a quotation that is not closed")
		return v
	}
	raw := s.data[s.at : s.at+n+1]
	v.Length = runes(string(raw))
	if bytes.IndexByte(raw, '\\') < 0 && bytes.IndexByte(raw, '\t') < 0 {
		v.Text = string(raw[1:n])
	} else if json.Unmarshal(raw, &v.Text) != nil {
		s.stop(`write a backslash twice (\\), a tab as \t`, "a backslash or an invisible character that JSON does not know")
	}
	s.at += n + 1
	return v
}

// word reads a number, true, false or null.
func (s *scanner) word() *Value {
	v := s.new(Text)
	n := 0
	for s.at+n < len(s.data) && strings.IndexByte(" \t\n,:]}[{\"", s.data[s.at+n]) < 0 {
		n++
	}
	v.Text = string(s.data[s.at : s.at+n])
	v.Length = runes(v.Text)
	switch {
	case v.Text == "null":
		v.Kind = Null
	case v.Text == "true" || v.Text == "false":
		v.Style = Bool
	case n > 0 && json.Valid(s.data[s.at:s.at+n]):
		v.Style = Number
	default:
		s.stop(`write it in "double quotes"`, "text must stand in double quotes in JSON")
	}
	s.at += n
	return v
}
