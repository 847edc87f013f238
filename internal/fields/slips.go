package fields

import (
	"strings"
	"unicode"
)

// The slips that people make in YAML, found in the lines themselves once the
// library has refused the file: an apostrophe that opens a quotation, a colon
// in a headline, a tab. Each comes with the whole line as it should be.

// A slip is something wrong in a line, counted from 1, and the line as it
// should be. If more lines belong to it, the cure has as many.
type slip struct {
	line, column, length int
	text, hint, cure     string
}

// findSlip looks for the slip that made the library stop at a line. All lines
// up to there are looked at, because a quotation that is not closed is noticed
// far below.
func findSlip(lines []string, stopped, context int, message string) (slip, bool) {
	if stopped < 1 || stopped > len(lines) {
		stopped = len(lines)
	}
	for i := 0; i < stopped; {
		l := readLine(lines, i)
		if s, found := l.slip(lines); found {
			s.line = i + 1
			if s.hint == "" {
				s.hint = s.cure
			}
			return s, true
		}
		i = l.end
	}
	if s, found := blockSlip(lines, stopped); found {
		s.hint = s.cure
		return s, true
	}
	return layoutSlip(lines, stopped, context, message)
}

// A line is one line of YAML taken apart: `  - key: value`.
type line struct {
	number int    // from 0
	end    int    // the line after its value, which may have several
	indent string // with the dashes of a list
	key    string // with its quotes
	space  string // after the colon
	value  string // without trailing spaces
	whole  string
}

func readLine(lines []string, i int) line {
	l := line{number: i, end: i + 1, whole: strings.TrimRight(lines[i], " \t")}
	rest := strings.TrimLeft(l.whole, " \t")
	for strings.HasPrefix(rest, "- ") {
		rest = strings.TrimLeft(rest[2:], " \t")
	}
	l.indent = l.whole[:len(l.whole)-len(rest)]
	if strings.HasPrefix(rest, "#") {
		return l
	}
	l.value = rest
	if n := keyLength(rest); n > 0 {
		l.key = rest[:n]
		l.value = strings.TrimLeft(rest[n+1:], " \t")
		l.space = rest[n+1 : len(rest)-len(l.value)]
	}
	if strings.HasPrefix(l.value, "|") || strings.HasPrefix(l.value, ">") {
		for l.end < len(lines) && (strings.TrimSpace(lines[l.end]) == "" || indentOf(lines[l.end]) > l.depth()) {
			l.end++
		}
	}
	return l
}

// keyLength is how long the key at the start of s is, 0 if there is none.
func keyLength(s string) int {
	from := 0
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if from = closing(s); from < 0 {
			return 0
		}
	} else if s != "" && strings.IndexByte("[{", s[0]) >= 0 {
		return 0
	}
	for i := from; i < len(s); i++ {
		if s[i] == ':' && (i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\t') {
			return i
		}
	}
	return 0
}

func indentOf(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }

// depth is how far what belongs to this line must be indented at least.
func (l line) depth() int {
	if l.key == "" {
		return max(len(l.indent)-2, 0)
	}
	return indentOf(l.whole)
}

// slip looks for what is wrong in one line.
func (l line) slip(lines []string) (slip, bool) {
	if blank := l.whole[:indentOf(l.whole)]; strings.Contains(blank, "\t") {
		spaces := strings.ReplaceAll(blank, "\t", "  ")
		if above, found := keyAbove(lines, l.number); found && above.value != "" && len(spaces) > indentOf(above.whole) {
			spaces = spaces[:indentOf(above.whole)] // nothing may stand deeper than a key that has its value
		}
		return slip{
			column: strings.IndexByte(blank, '\t') + 1, length: 1,
			text: "a tab where YAML wants spaces",
			cure: spaces + l.whole[len(blank):],
		}, true
	}
	if l.value == "" {
		return slip{}, false
	}
	switch c := l.value[0]; c {
	case '"', '\'':
		return l.quoted(lines, c)
	case '[', '{':
		return l.bracketed(lines)
	case '@', '`', '%', ']', '}', ',':
		return l.at(l.value, 1, "a value that begins with "+string(c)+" must stand in quotes", l.with(quote(l.value)))
	case '*', '&':
		if len(l.value) > 1 && strings.ContainsAny(l.value[1:], string(c)+" ") {
			return l.at(l.value, 1, "a value that begins with "+string(c)+" must stand in quotes", l.with(quote(l.value)))
		}
		return slip{}, false
	case '|', '>', '#', '!':
		return slip{}, false
	}
	return l.colon()
}

// at makes a slip that begins with part, the rest of the line.
func (l line) at(part string, length int, text, cure string) (slip, bool) {
	before, _ := strings.CutSuffix(l.whole, part)
	return slip{column: runes(before) + 1, length: length, text: text, cure: cure}, true
}

// with is the line with another value.
func (l line) with(value string) string {
	if l.key == "" {
		return l.indent + value
	}
	return l.indent + l.key + ": " + value
}

// quote puts a value into quotes that need no escapes, if there are such.
func quote(value string) string {
	if strings.Contains(value, "'") && !strings.ContainsAny(value, `"\`) {
		return `"` + value + `"`
	}
	return "'" + strings.ReplaceAll(value, "'", "''") + "'"
}

// colon finds a second colon in `title: Mayor: "No"`.
func (l line) colon() (slip, bool) {
	value := l.value
	if comment := strings.Index(value, " #"); comment >= 0 {
		value = strings.TrimRight(value[:comment], " ")
	}
	if l.key == "" {
		return slip{}, false
	}
	n := keyLength(value)
	if n == 0 {
		return slip{}, false
	}
	return l.at(l.value[n:], 1, "a colon inside a value that is not in quotes", l.with(quote(l.value)))
}

// quoted finds a quotation that is not closed, or closed too early.
func (l *line) quoted(lines []string, mark byte) (slip, bool) {
	end := closing(l.value)
	if end < 0 {
		if l.continues(lines, func(text string) bool { return closing(text) > 0 }) {
			return slip{}, false
		}
		cure := l.with(l.value + string(mark))
		if mark == '\'' && strings.Count(l.value, "'") == 1 && l.value != "'" && unicode.IsUpper([]rune(l.value)[1]) {
			cure = l.with(`"` + l.value + `"`) // 'Tis the season
			if strings.ContainsAny(l.value, `"\`) {
				cure = l.with(quote(l.value))
			}
		}
		return l.at(l.value, 1, "a quotation that is not closed", cure)
	}
	after := strings.TrimLeft(l.value[end:], " \t")
	if after == "" || strings.HasPrefix(after, "#") && after != l.value[end:] || l.key == "" && after[0] == ':' {
		return slip{}, false
	}
	inner := l.value
	if n := len(inner); n > 2 && inner[n-1] == mark {
		inner = inner[1 : n-1]
		if mark == '"' {
			inner = strings.ReplaceAll(inner, `\"`, `"`)
		}
	}
	return l.at(l.value[end:], runes(l.value[end:]), "text after the end of a quotation", l.with(quote(inner)))
}

// closing is the offset after the quotation that s begins with, -1 if it is
// not closed.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[0] == '"' && s[i] == '\\':
			i++
		case s[i] != s[0]:
		case s[0] == '\'' && i+1 < len(s) && s[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return -1
}

// maxContinued is over how many lines a value may go on before it is taken for
// one that was not closed.
const maxContinued = 100

// continues tells whether a value that is not complete on its line is so with
// the deeper lines below, and takes them as its own.
func (l *line) continues(lines []string, complete func(string) bool) bool {
	text := l.value
	for i := l.number + 1; i < min(len(lines), l.number+maxContinued); i++ {
		if strings.TrimSpace(lines[i]) != "" && indentOf(lines[i]) <= l.depth() && !strings.ContainsAny(strings.TrimSpace(lines[i])[:1], "]}") {
			return false
		}
		text += "\n" + lines[i]
		if complete(text) {
			l.end = i + 1
			return true
		}
	}
	return false
}

// bracketed finds a list or map in brackets that is not closed, or a headline
// that begins with a bracket.
func (l *line) bracketed(lines []string) (slip, bool) {
	end := bracketEnd(l.value)
	if end < 0 {
		if l.continues(lines, func(text string) bool { return bracketEnd(text) > 0 }) {
			return slip{}, false
		}
		closer := map[byte]string{'[': "]", '{': "}"}[l.value[0]]
		closed := strings.TrimRight(l.value, ", ") + closer
		if bracketEnd(closed) < 0 {
			closed = strings.TrimRight(l.value, ", ]}") + closer
		}
		s, _ := l.at(l.value, 1, "a bracket that is not closed", l.with(closed))
		if bracketEnd(closed) < 0 || closer == "}" && !strings.Contains(l.value, ": ") {
			s.cure = l.with(quote(l.value))
		} else if closer == "]" && l.key != "" && !strings.Contains(l.value, ",") {
			s.hint = s.cure + "\nor, if it is a text that begins with a bracket,\n" + l.with(quote(l.value))
		}
		return s, true
	}
	after := strings.TrimLeft(l.value[end:], " \t")
	if after == "" || strings.HasPrefix(after, "#") || l.key == "" && after[0] == ':' {
		return slip{}, false
	}
	return l.at(after, runes(after), "text after the closing bracket", l.with(quote(l.value)))
}

// bracketEnd is the offset after the bracket that closes the first one.
func bracketEnd(s string) int {
	var open []byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '[', '{':
			open = append(open, c+2)
		case ']', '}':
			if open[len(open)-1] != c {
				return -1
			}
			if open = open[:len(open)-1]; len(open) == 0 {
				return i + 1
			}
		case '"', '\'':
			if strings.IndexByte("[{,: \n", s[i-1]) < 0 {
				continue
			}
			n := closing(s[i:])
			if n < 0 {
				return -1
			}
			i += n - 1
		}
	}
	return -1
}
