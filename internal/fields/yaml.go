package fields

import (
	"errors"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"stet/internal/diag"
)

// YAML reads one YAML document. firstLine is the line of the file on which the
// data begins, so that front matter counts as the file does.
//
// The library says where it stopped; why, and what to write instead, is worked
// out from the lines themselves (see slips.go). A slip with an obvious cure is
// reported and cured in memory, and reading begins again, so that one run finds
// every slip and the rest of the fields are known all the same.
func YAML(path string, data []byte, firstLine int) (*Value, []diag.Problem) {
	return read(path, data, firstLine, func(r *reader, data []byte) *Value {
		text := string(data)
		if v, plain := quickYAML(text, r.first, nil); plain {
			return v
		}
		return r.anyYAML(text)
	})
}

// maxSlips is how many slips of one file are cured.
const maxSlips = 20

// anyYAML reads all of YAML, with the library.
func (r *reader) anyYAML(text string) *Value {
	if blank(text) {
		return &Value{Line: r.first, Column: 1}
	}
	for range maxSlips {
		var root yaml.Node
		err := yaml.Load([]byte(text), &root)
		if err == nil {
			t := tree{reader: r, text: text}
			return t.document(&root)
		}
		cured, known := r.explain(text, err)
		if !known || cured == text {
			return nil
		}
		text = cured
	}
	return nil
}

// blank tells whether there is nothing but space and comments.
func blank(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return false
		}
	}
	return true
}

// explain reports why YAML cannot be read and returns the text with the slip
// cured, if it has a cure.
func (r *reader) explain(text string, err error) (cured string, known bool) {
	line, column, context, message := whatFailed(err)
	switch {
	case strings.Contains(message, "multiple"):
		r.severalDocuments(text)
		return "", false
	case strings.Contains(message, "control characters"):
		r.controlCharacter(text)
		return "", false
	}
	lines := strings.Split(text, "\n")
	if s, found := findSlip(lines, line, context, message); found {
		r.fail(s.line, s.column, s.length, s.hint, "%s", s.text)
		if s.cure == "" {
			return "", false
		}
		for i, cured := range strings.Split(s.cure, "\n") {
			lines[s.line-1+i] = cured
			r.cure(s.line + i)
		}
		return strings.Join(lines, "\n"), true
	}
	says, hint := inOurWords(message)
	r.fail(max(line, 1), column, 1, hint, "%s", says)
	return "", false
}

// cure notes that a line is not read as it is written.
func (r *reader) cure(line int) {
	if r.cured == nil {
		r.cured = map[int]bool{}
	}
	r.cured[line] = true
}

func whatFailed(err error) (line, column, context int, message string) {
	var one *yaml.LoadError
	var many *yaml.LoadErrors
	if errors.As(err, &many) && len(many.Errors) > 0 {
		one = many.Errors[0]
	}
	if one == nil && !errors.As(err, &one) {
		return 1, 1, 0, err.Error()
	}
	return one.Mark.Line, one.Mark.Column, one.ContextMark.Line, one.Message
}

// inOurWords says what the library says. It is the last resort, for what no
// slip explains.
func inOurWords(message string) (says, hint string) {
	switch {
	case strings.Contains(message, "unknown anchor"):
		return "a value that begins with * stands for another one, which is not there", `put the value in quotes: "*…"`
	case strings.Contains(message, "depth"):
		return "lists and maps stand too deep in one another", "write it flatter"
	case strings.Contains(message, "document start"):
		return "this line does not belong to what is above it", "indent it like the lines above"
	case strings.Contains(message, "YAML document"), strings.Contains(message, "directive"):
		return "a line that begins with % is not read", "remove it"
	case strings.Contains(message, "escape"):
		return `a backslash in "double quotes" has a meaning of its own`, `write it twice (\\), or use 'single quotes'`
	case strings.Contains(message, "alias"):
		return "values that stand for one another grow too large", "write them out"
	}
	return "this line cannot be read as YAML", "write it as key: value, and put the value in quotes if it has signs such as : # [ ] { } * & ! | > % @"
}

func (r *reader) severalDocuments(text string) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		if n > 1 && strings.HasPrefix(line, "---") {
			r.fail(n, 1, 3, "remove it, or put what follows into a file of its own", "a second document begins here")
			return
		}
	}
	r.fail(1, 1, 0, "keep one", "several documents in one file")
}

func (r *reader) controlCharacter(text string) {
	at := strings.IndexFunc(text, func(c rune) bool {
		return c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c >= 0x80 && c < 0xa0 && c != 0x85 || c == 0xfffe || c == 0xffff
	})
	line, column := position([]byte(text), at)
	r.fail(line, column, 1, "delete it, or the whole word, and write it again", "an invisible control character")
}

// A tree is made from the library's nodes.
type tree struct {
	*reader
	text   string
	spare  []Value // values not yet used, made in one go
	copies int     // values made by following aliases
}

// maxCopies is how many values aliases may stand for: enough for menus that
// share a part, too few for a bomb.
const maxCopies = 10_000

func (t *tree) document(n *yaml.Node) *Value {
	if n.Kind != yaml.DocumentNode || len(n.Content) == 0 {
		return &Value{Line: t.first, Column: 1}
	}
	v := t.value(n.Content[0], 0, false)
	if t.copies > 2*maxCopies {
		return nil
	}
	return v
}

func (t *tree) make(n *yaml.Node, kind Kind) *Value {
	if len(t.spare) == 0 {
		t.spare = make([]Value, 32)
	}
	v := &t.spare[0]
	t.spare = t.spare[1:]
	v.Kind, v.Line, v.Column = kind, n.Line+t.first-1, n.Column
	v.Cured = t.cured[n.Line]
	return v
}

func (t *tree) value(n *yaml.Node, depth int, copying bool) *Value {
	if copying {
		t.copies++
	}
	if depth > MaxDepth {
		t.fail(n.Line, n.Column, 1, "write it flatter", "lists and maps stand more than %d deep in one another", MaxDepth)
		return t.make(n, Null)
	}
	if n.Style&yaml.TaggedStyle != 0 && !harmlessTag(n.Tag) {
		t.fail(n.Line, n.Column, runes(n.Tag), "put the value in quotes if the ! belongs to it, else remove the tag", "the tag %q is not read", n.Tag)
	}
	switch n.Kind {
	case yaml.SequenceNode:
		v := t.make(n, List)
		v.Items = make([]*Value, len(n.Content))
		for i, item := range n.Content {
			v.Items[i] = t.value(item, depth+1, copying)
			v.Items[i].Flow = n.Style&yaml.FlowStyle != 0
		}
		return v
	case yaml.MappingNode:
		return t.mapping(n, depth, copying)
	case yaml.AliasNode:
		return t.alias(n, depth)
	}
	return t.scalar(n)
}

func harmlessTag(tag string) bool {
	switch tag {
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!timestamp", "!!map", "!!seq", "!":
		return true
	}
	return false
}

func (t *tree) alias(n *yaml.Node, depth int) *Value {
	if n.Alias == nil || t.copies > maxCopies || depth >= MaxDepth {
		if t.copies <= 2*maxCopies {
			t.copies = 2*maxCopies + 1
			t.fail(n.Line, n.Column, runes(n.Value)+1, "write the values out", "values that stand for one another grow too large")
		}
		return t.make(n, Null)
	}
	v := t.value(n.Alias, depth+1, true)
	v.Line, v.Column, v.Length = n.Line+t.first-1, n.Column, runes(n.Value)+1
	return v
}

func (t *tree) mapping(n *yaml.Node, depth int, copying bool) *Value {
	v := t.make(n, Map)
	v.Pairs = make([]Pair, 0, len(n.Content)/2)
	var seen map[string]*Value
	if len(n.Content) > 64 {
		seen = make(map[string]*Value, len(n.Content)/2)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Kind != yaml.ScalarNode {
			t.fail(n.Content[i].Line, n.Content[i].Column, 1, "put it in quotes if it is one", "a key must be a text")
			continue
		}
		key := t.scalar(n.Content[i])
		if key.Kind, key.Text = Text, Clean(key.Text); key.Text == "" && key.Style != Quoted {
			t.fail(n.Content[i].Line, n.Content[i].Column, 1, "write a key before it, or remove the line", "a colon without a key")
			continue
		}
		if key.Text == "<<" && key.Style == Plain {
			t.fail(n.Content[i].Line, n.Content[i].Column, 2, "write the keys out", "merging maps with << is not read")
			continue
		}
		value := t.value(n.Content[i+1], depth+1, copying)
		value.Flow = n.Style&yaml.FlowStyle != 0
		if value.Kind == Null {
			value.Comment = n.Content[i].LineComment
		}
		if seen == nil {
			t.add(v, key, value)
			continue
		}
		if before := seen[key.Text]; before != nil {
			t.duplicate(key, before)
			continue
		}
		seen[key.Text], value.Name = key, key.Text
		v.Pairs = append(v.Pairs, Pair{key, value})
	}
	return v
}

func (t *tree) scalar(n *yaml.Node) *Value {
	v := t.make(n, Text)
	v.Text, v.Length = n.Value, runes(n.Value)
	switch {
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		v.Style = Quoted
		v.Length += 2
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		v.Style, v.Length = Block, 1
	default:
		v.Comment = n.LineComment
		v.classify()
	}
	return v
}

// classify says what plain words are.
func (v *Value) classify() {
	if v.Text == "" || v.Text == "~" || len(v.Text) == 4 && strings.EqualFold(v.Text, "null") {
		v.Kind = Null
		return
	}
	v.Style = styleOf(v.Text)
}

// styleOf is what plain words of YAML look like.
func styleOf(s string) Style {
	switch c := s[0]; {
	case c >= '0' && c <= '9', c == '-', c == '+', c == '.':
		return numberOrTime(s)
	case len(s) <= 5 && isTruth(s):
		return Bool
	}
	return Plain
}

func numberOrTime(s string) Style {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && strings.IndexByte("+-.:eETZ ", c) < 0 {
			return Plain
		}
	}
	if _, fits := ParseWhen(s); fits { // no number is a date, and what is none takes long
		return Time
	}
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return Number
	}
	return Plain
}

func isTruth(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off":
		return true
	}
	return false
}

func truth(s string) bool {
	switch strings.ToLower(s) {
	case "true", "yes", "on":
		return true
	}
	return false
}
