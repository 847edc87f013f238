package layout

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"sync"

	"stet/internal/diag"
)

// text/template names only the line of a mistake in the syntax. Its place is
// found by parsing the file up to each of its actions: the first action with
// which parsing fails is the one.

// A span is one {{ action }} of a text.
type span struct {
	from, to int
	comment  bool
	closed   bool
}

// spans finds the actions of a text. Inside of quotes }} does not end one.
func spans(text string) (all []span) {
	for at := 0; ; {
		i := strings.Index(text[at:], "{{")
		if i < 0 {
			return all
		}
		s := span{from: at + i}
		inside := s.from + 2
		if body := strings.TrimPrefix(text[inside:], "- "); strings.HasPrefix(body, "/*") {
			s.comment = true
			inside = len(text)
			if end := strings.Index(body, "*/"); end >= 0 {
				inside = len(text) - len(body) + end + 2
			}
		}
		s.to, s.closed = actionEnd(text, inside)
		all = append(all, s)
		at = s.to
	}
}

// actionEnd is the offset behind the }} that ends an action, or of the next
// line if it has none.
func actionEnd(text string, at int) (end int, closed bool) {
	for i := at; i < len(text); i++ {
		switch c := text[i]; c {
		case '}':
			if strings.HasPrefix(text[i:], "}}") {
				return i + 2, true
			}
		case '"', '\'', '`':
			close := quoteEnd(text, i)
			if close < 0 {
				return lineEnd(text, i), false
			}
			i = close
		}
	}
	return lineEnd(text, at), false
}

// quoteEnd is the offset of the quote that closes the one at i, or -1. Only
// between backquotes a text may go over several lines.
func quoteEnd(text string, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch {
		case text[j] == text[i]:
			return j
		case text[i] == '`':
		case text[j] == '\\':
			j++
		case text[j] == '\n':
			return -1
		}
	}
	return -1
}

func lineEnd(text string, at int) int {
	at = min(at, len(text))
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

// spanAt is the action around an offset.
func spanAt(text string, pos int) span {
	for _, s := range spans(text) {
		if s.from <= pos && pos < s.to {
			return s
		}
	}
	return span{from: pos, to: pos}
}

// syntaxProblem finds the place of what the parser said.
func (f *file) syntaxProblem(err error) diag.Problem {
	said := parserSaid(f.name, err)
	all := spans(f.text)
	if said == "unexpected EOF" {
		if open, hint := lastOpen(f.text, all); open != nil {
			return f.spanProblem(*open, fmt.Sprintf("%s is never closed", f.text[open.from:open.to]), hint)
		}
	}
	i := sort.Search(len(all), func(i int) bool {
		_, err := parseText(f.name, f.text[:all[i].to])
		return err != nil && parserSaid(f.name, err) != "unexpected EOF"
	})
	if i == len(all) {
		return f.problem(len(f.text), 0, said, "")
	}
	if !all[i].closed || strings.Contains(f.text[all[i].from+2:all[i].to], "{{") && !strings.ContainsAny(f.text[all[i].from:all[i].to], "\"`") {
		return f.spanProblem(all[i], "the action is not closed", "end it with }}")
	}
	text, hint := explainSyntax(said, f.text[all[i].from:all[i].to])
	return f.spanProblem(all[i], text, hint)
}

func (f *file) spanProblem(s span, text, hint string) diag.Problem {
	length := len([]rune(f.text[s.from:min(s.to, lineEnd(f.text, s.from))]))
	return f.problem(s.from, length, text, hint)
}

var parserPlace = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^:\d+: `) })

func parserSaid(name string, err error) string {
	said := strings.TrimPrefix(err.Error(), "template: "+name)
	return parserPlace().ReplaceAllString(said, "")
}

var keyword = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\{\{(?:- )?\s*(if|range|with|block|define|end|else)\b`)
})

// lastOpen is the innermost action that waits for its {{ end }}, and what to
// do about it: the {{ end }} that is missing is often that of something inside.
func lastOpen(text string, all []span) (last *span, hint string) {
	var open []*span
	var ended, end *span
	for i, s := range all {
		m := keyword().FindStringSubmatch(text[s.from:s.to])
		switch {
		case m == nil || m[1] == "else":
		case m[1] != "end":
			open = append(open, &all[i])
		case len(open) > 0:
			ended, end = open[len(open)-1], &all[i]
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return nil, ""
	}
	last, hint = open[len(open)-1], "add {{ end }} where it ends"
	if ended != nil && ended.from > last.from {
		from, _ := position(text, ended.from)
		to, _ := position(text, end.from)
		hint += fmt.Sprintf("; the {{ end }} of line %d ends the %s of line %d", to, text[ended.from:ended.to], from)
	}
	return last, hint
}

// A saying is what a package of Go says of a mistake, and what we say instead.
// $1 and so on are the groups of the expression.
type saying struct {
	said       *regexp.Regexp
	text, hint string
}

// sayings reads a table when it is wanted: most builds have no mistakes.
func sayings(table [][3]string) func() []saying {
	return sync.OnceValue(func() (all []saying) {
		for _, row := range table {
			all = append(all, saying{regexp.MustCompile(`^(?s:` + row[0] + `)$`), row[1], row[2]})
		}
		return all
	})
}

// translate says it in our words. What is not in the table stays as it is.
func translate(table func() []saying, said string) (text, hint string) {
	for _, s := range table() {
		if m := s.said.FindStringSubmatchIndex(said); m != nil {
			return string(s.said.ExpandString(nil, s.text, said, m)), string(s.said.ExpandString(nil, s.hint, said, m))
		}
	}
	return said, ""
}

var parserSayings = sayings([][3]string{
	{`unexpected "=" in operand`, `"=" does not compare here`, `write {{ if eq .A .B }}; the others are ne, lt, le, gt, ge, and, or, not`},
	{`unexpected "/.*" in (?:operand|input|command)`, `"/" cannot stand here`, "a comment has no space after the braces: {{/* … */}} or {{- /* … */ -}}; for numbers there are add and sub"},
	{`unexpected "(?:[!<>+*/%&]|==).*" in (?:operand|input|command)`, `there are no operators in a template`, `write {{ if eq .A .B }}, {{ add 1 2 }}; the others are ne, lt, le, gt, ge, and, or, not, sub`},
	{`unrecognized character in action: U\+00(?:21|26|2A|2B|2F|3C|3E|25) '(.)'`, `"$1" cannot stand here: there are no operators in a template`, `write {{ if eq .A .B }}, {{ add 1 2 }}; the others are ne, lt, le, gt, ge, and, or, not, sub`},
	{`unrecognized character in action: U\+20[0-9A-F]{2} '(.)'`, `a typographic quote $1 does not quote anything here`, `write straight quotes: "text"`},
	{`unrecognized character in action: \S+ '(.)'`, `"$1" cannot stand in an action`, `put text between straight quotes: "text"`},
	{`bad character \S+ '(.)'`, `"$1" cannot stand in a name`, `names have letters, digits and _; for another key write {{ index .Params "the-key" }} or {{ param "the-key" }}`},
	{`unexpected bad character \S+ '(.)'.*`, `"$1" cannot stand here`, `names have letters, digits and _; for another key write {{ index .Params "the-key" }} or {{ param "the-key" }}`},
	{`unterminated quoted string`, `a text is not closed`, `end it with " on the same line`},
	{`unterminated raw quoted string`, "a text is not closed", "end it with `"},
	{`unterminated character constant`, `a text stands between single quotes, or is not closed`, `write "text"`},
	{`malformed character constant: (.*)`, `$1 is no text`, `write it between double quotes`},
	{`unclosed action.*`, `the action is not closed`, `end it with }}`},
	{`unexpected unclosed action in .*`, `the action is not closed`, `end it with }}`},
	{`unclosed comment`, `the comment is not closed`, `end it with */}}`},
	{`comment ends before closing delimiter`, `the comment does not end with */}}`, `a comment fills its action: {{/* like this */}}`},
	{`unclosed left paren`, `a bracket is not closed`, `add ) where it ends`},
	{`unexpected right paren`, `a bracket is closed that was never opened`, `remove the )`},
	{`unexpected \{\{end\}\}`, `there is nothing to end here`, `remove it, or open what it ends: each if, range, with, block and define has one {{ end }}`},
	{`unexpected \{\{else\}\}`, `there is nothing that could be else here`, `{{ else }} belongs between {{ if … }} and {{ end }}, once`},
	{`expected end; found \{\{else\}\}`, `this is the second {{ else }}`, `one if has one {{ else }}; for more ways write {{ else if .Condition }}`},
	{`undefined variable "(.*)"`, `there is no variable $1 here`, `give it a value first, inside of the same {{ define }}: {{ $1 := … }}`},
	{`missing value for (.*)`, `$1 has nothing to decide by`, `write {{ $1 .Something }}`},
	{`template: multiple definition of template (.*)`, `the file defines $1 twice`, `remove one of them`},
	{`unexpected "(.*)" in template clause`, `the name of a template stands between quotes`, `write {{ template "NAME" . }}`},
	{`unexpected (.*) in (?:define|block) clause`, `{{ $1 cannot stand here`, `write {{ define "NAME" }}, and {{ block "NAME" . }} with a dot`},
	{`unexpected \{\{define\}\}`, `{{ define }} stands inside of something else`, `put it at the top of the file, outside of if, range and with`},
	{`unexpected <define> in command`, `{{ define }} stands inside of something else`, `put it at the top of the file, outside of if, range and with`},
	{`\{\{(break|continue)\}\} outside \{\{range\}\}`, `{{ $1 }} stands outside of a {{ range }}`, `it ends a turn of a {{ range }}`},
	{`empty command`, `the action is empty`, `remove it, or write what it is to print`},
	{`non executable command in pipeline stage \d+`, `nothing can be piped into a value`, `behind | stands a function`},
	{`unexpected "(.*)" in (?:operand|input|command)`, `"$1" cannot stand here`, ``},
	{`unexpected (.*) in (?:operand|input|command)`, `$1 cannot stand here`, ``},
})

// explainSyntax says what is wrong with an action in our words.
func explainSyntax(said, action string) (text, hint string) {
	text, hint = translate(parserSayings, said)
	if strings.Contains(strings.TrimSuffix(action, "}}"), "}}") {
		return "a text is not closed", "put its closing quote before the }}"
	}
	if strings.ContainsAny(action, "“”„‟«»") && !strings.Contains(action, `"`) {
		return "a typographic quote does not quote anything here", `write straight quotes: "text"`
	}
	if hint == "" {
		hint = "the action is " + action
	}
	return text, hint
}
