package fields

import (
	"regexp"
	"strings"
	"sync"
)

// Slips between lines: what stands too far left or right, and lines that lack
// their colon.

// keyAbove is the nearest line above that has a key.
func keyAbove(lines []string, below int) (line, bool) {
	for i := below - 1; i >= 0; i-- {
		if l := readLine(lines, i); l.key != "" {
			return l, true
		} else if strings.TrimSpace(l.whole) != "" {
			break
		}
	}
	return line{}, false
}

var blockSign = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[|>][+-]?( +#.*)?$`) })

// blockSlip looks for a text below | or > that is not indented, or whose lines
// stand further left than its first.
func blockSlip(lines []string, stopped int) (slip, bool) {
	for i := 0; i < min(stopped, len(lines)); {
		l := readLine(lines, i)
		i = l.end
		if !blockSign().MatchString(l.value) {
			continue
		}
		first, last := l.number+1, l.end
		for first < len(lines) && strings.TrimSpace(lines[first]) == "" {
			first++
		}
		for last < len(lines) && onlyWords(lines, last) {
			last++
		}
		if i = last; first >= last {
			continue
		}
		if s, found := indented(lines[first:last], l.depth()); found {
			s.line += first
			return s, true
		}
	}
	return slip{}, false
}

// onlyWords tells whether a line has neither key nor dash nor comment sign.
func onlyWords(lines []string, i int) bool {
	l := readLine(lines, i)
	return l.key == "" && l.value != "" && l.indent == l.whole[:indentOf(l.whole)]
}

// indented cures the lines of a text so that all stand as deep as the first,
// which stands deeper than what it belongs to.
func indented(text []string, depth int) (slip, bool) {
	deep := indentOf(text[0])
	if deep <= depth {
		deep = depth + 2
	}
	cured, wrong := make([]string, len(text)), 0
	for i, line := range text {
		if cured[i] = line; strings.TrimSpace(line) != "" && indentOf(line) < deep {
			cured[i] = strings.Repeat(" ", deep) + strings.TrimSpace(line)
			if wrong == 0 {
				wrong = i + 1
			}
		}
	}
	if wrong == 0 {
		return slip{}, false
	}
	cure := strings.Join(cured[wrong-1:], "\n")
	return slip{
		line: wrong, column: 1, length: max(indentOf(text[wrong-1]), 1),
		text: "this line must be indented as the text that it belongs to", cure: strings.TrimRight(cure, "\n"),
	}, true
}

// layoutSlip looks for what is wrong between lines: indentation, a key without
// its colon, a list that begins on the line of its key.
func layoutSlip(lines []string, stopped, context int, message string) (slip, bool) {
	at := stopped
	if strings.Contains(message, "expected ':'") && context > 0 {
		at = context
	}
	l := readLine(lines, at-1)
	s := slip{line: at, column: runes(l.indent) + 1, length: max(runes(strings.TrimSpace(l.whole)), 1)}
	content := strings.TrimSpace(l.whole)
	switch {
	case strings.Contains(message, "block sequence entries") && l.key != "" && strings.HasPrefix(l.value, "-"):
		s.text = "a list begins on the line below its key"
		s.hint = l.indent + l.key + ":\n" + l.indent + "  " + l.value
		s.cure = l.with("[" + quote(strings.TrimSpace(l.value[1:])) + "]")
	case strings.Contains(message, "escape") && l.key != "" && closing(l.value) == len(l.value):
		s.column, s.length = runes(l.whole)-runes(l.value)+1, runes(l.value)
		s.text = `a backslash in "double quotes" has a meaning of its own`
		s.cure = l.with("'" + strings.ReplaceAll(l.value[1:len(l.value)-1], "'", "''") + "'")
	case strings.Contains(message, "expected ':'"):
		s.text = "a line without key: value"
		s.cure = withColon(l)
		if s.cure == "" {
			s.hint = "write it as key: value, or indent it if it goes on from the line above"
		}
	case content == "":
		return slip{}, false
	case misplaced(message) && strings.HasPrefix(content, "- ") && l.key == "":
		s.text = "a list entry that belongs to no key"
		s.hint = "put its key on a line above, without a value, such as\ntags:\n  " + content
	case misplaced(message):
		depth := expectedIndent(lines, at-1)
		if depth == indentOf(l.whole) {
			return keyless(lines, at-1)
		}
		s.column, s.length = 1, max(indentOf(l.whole), 1)
		s.text = "this line is indented differently from those it belongs to"
		s.cure = strings.Repeat(" ", depth) + content
	default:
		return slip{}, false
	}
	if s.hint == "" {
		s.hint = s.cure
	}
	return s, true
}

// keyless finds the line above that has no colon, so that YAML takes it for the
// start of the key below it: title:Fire.
func keyless(lines []string, below int) (slip, bool) {
	for i := below - 1; i >= 0; i-- {
		l := readLine(lines, i)
		content := strings.TrimSpace(l.whole)
		if content == "" || content[0] == '#' {
			continue
		}
		if !onlyWords(lines, i) {
			break
		}
		s := slip{line: i + 1, column: runes(l.indent) + 1, length: runes(content), text: "a line without key: value", cure: withColon(l)}
		if s.hint = s.cure; s.cure == "" {
			s.hint = "write it as key: value"
		}
		return s, true
	}
	return slip{}, false
}

func misplaced(message string) bool {
	return strings.Contains(message, "mapping values") || strings.Contains(message, "expected key") ||
		strings.Contains(message, "document start") || strings.Contains(message, "'-' indicator")
}

// withColon is the line `title Fire`, `title:Fire` or `title = Fire` as it
// should be, "" if that cannot be guessed.
func withColon(l line) string {
	content := strings.TrimPrefix(l.whole, l.indent)
	for _, sign := range []string{"：", " = ", "=", ":"} {
		key, value, found := strings.Cut(content, sign)
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if found && key != "" && !strings.ContainsAny(key, " \"'[{") && !strings.HasPrefix(value, "//") {
			if keyLength(value) > 0 {
				value = quote(value)
			}
			return l.indent + key + ": " + value
		}
	}
	return ""
}

// expectedIndent is the indentation, among those of the lines above, that is
// nearest to a line's own.
func expectedIndent(lines []string, i int) int {
	own := indentOf(lines[i])
	best := 0
	for j := i - 1; j >= 0; j-- {
		above := readLine(lines, j)
		if above.key == "" {
			continue
		}
		depth := indentOf(above.whole)
		if distance(depth, own) < distance(best, own) || j == i-1 {
			best = depth
		}
		if depth == 0 {
			break
		}
	}
	return best
}

func distance(a, b int) int { return max(a-b, b-a) }
