package assets

import "strings"

// A reference is a place where a stylesheet names a file.
type reference struct {
	start, end int    // of what is to be replaced: url(…), or the string of @import
	bare       bool   // it is a string
	at         int    // where the URL begins
	length     int    // of the URL as it is written, in characters
	url        string // what it says
}

// references finds url(…) and @import "…" in CSS, outside comments and strings,
// by the rules of CSS Syntax as far as those matter here.
func references(css string) []reference { return scan(css).found }

func scan(css string) *scanner {
	s := &scanner{css: css}
	for s.at < len(css) {
		s.next()
	}
	return s
}

type scanner struct {
	css      string
	at       int
	found    []reference
	comments []span
}

// A span is a part of a stylesheet.
type span struct{ start, end int }

func (s *scanner) next() {
	switch c := s.css[s.at]; {
	case s.comment():
	case c == '"' || c == '\'':
		s.text()
	case c == '@' || c == '#':
		s.at++
		if word := s.word(); c == '@' && strings.EqualFold(word, "import") {
			s.imported()
		}
	case inWord(c):
		start := s.at
		if word := s.word(); strings.EqualFold(word, "url") && s.peek() == '(' {
			s.at++
			s.address(start)
		}
	default:
		s.at++
	}
}

func (s *scanner) peek() byte {
	if s.at < len(s.css) {
		return s.css[s.at]
	}
	return 0
}

// comment passes over a comment, if one begins here.
func (s *scanner) comment() bool {
	if !strings.HasPrefix(s.css[s.at:], "/*") {
		return false
	}
	if end := strings.Index(s.css[s.at+2:], "*/"); end >= 0 {
		s.comments = append(s.comments, span{s.at, s.at + end + 4})
		s.at += end + 4
	} else {
		s.at = len(s.css)
	}
	return true
}

func (s *scanner) space() {
	for s.at < len(s.css) && isSpace(s.css[s.at]) {
		s.at++
	}
}

// word passes over the letters of a name and returns them as they are written.
func (s *scanner) word() string {
	start := s.at
	for s.at < len(s.css) && inWord(s.css[s.at]) {
		if s.css[s.at] == '\\' {
			s.at++
		}
		s.at++
	}
	s.at = min(s.at, len(s.css))
	return s.css[start:s.at]
}

func inWord(c byte) bool {
	return c >= 0x80 || c == '-' || c == '_' || c == '\\' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }

// text passes over a string and returns what it says. A string that its line
// does not end is none.
func (s *scanner) text() (says string, ok bool) {
	quote := s.css[s.at]
	s.at++
	for start := s.at; s.at < len(s.css); s.at++ {
		switch s.css[s.at] {
		case quote:
			s.at++
			return unescape(s.css[start : s.at-1]), true
		case '\\':
			s.at++
		case '\n', '\r', '\f':
			return "", false
		}
	}
	s.at = len(s.css)
	return "", false
}

// imported looks for the string of an @import.
func (s *scanner) imported() {
	for s.space(); s.at < len(s.css) && s.comment(); {
		s.space()
	}
	if c := s.peek(); c != '"' && c != '\'' {
		return
	}
	start := s.at
	if says, ok := s.text(); ok {
		s.add(reference{start: start, end: s.at, bare: true, url: says}, start+1, s.at-1)
	}
}

// address reads what stands between url( and its bracket.
func (s *scanner) address(start int) {
	s.space()
	if c := s.peek(); c == '"' || c == '\'' {
		from := s.at
		says, ok := s.text()
		to := s.at
		s.space()
		if ok && s.peek() == ')' {
			s.at++
			s.add(reference{start: start, end: s.at, url: says}, from+1, to-1)
		}
		return
	}
	from := s.at
	for s.at < len(s.css) && s.css[s.at] != ')' {
		if s.css[s.at] == '\\' {
			s.at++
		}
		s.at++
	}
	if s.at >= len(s.css) {
		s.at = len(s.css)
		return
	}
	written := strings.TrimRight(s.css[from:s.at], " \t\n\r\f")
	s.at++
	if !strings.ContainsAny(written, "\"'( \t\n\r\f") || strings.Contains(written, `\`) {
		s.add(reference{start: start, end: s.at, url: unescape(written)}, from, from+len(written))
	}
}

func (s *scanner) add(r reference, from, to int) {
	r.at, r.length = from, len([]rune(s.css[from:to]))
	s.found = append(s.found, r)
}

// unescape reads the escapes of CSS: a backslash before a character, before a
// line's end, or before up to six hexadecimal digits and a space.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		code, n := 0, 0
		for n < 6 && i+n < len(s) && digit(s[i+n]) >= 0 {
			code = code<<4 + digit(s[i+n])
			n++
		}
		switch {
		case n > 0:
			b.WriteRune(rune(code))
			i += n - 1
			if i+1 < len(s) && isSpace(s[i+1]) {
				i++
			}
		case s[i] != '\n' && s[i] != '\f' && s[i] != '\r':
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// digit is the value of a hexadecimal digit, or -1.
func digit(c byte) int { return strings.IndexByte("0123456789abcdef", c|0x20*(c>>6&1)) }
