package fields

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"stet/internal/diag"
)

// TOML reads one TOML document. The library's syntax tree keeps numbers and
// dates as written; that a key or a table may be there only once is seen to
// here.
func TOML(path string, data []byte, firstLine int) (*Value, []diag.Problem) {
	return read(path, data, firstLine, (*reader).toml)
}

func (r *reader) toml(data []byte) *Value {
	d := document{reader: r, data: data, sealed: map[*Value]bool{}, headed: map[*Value]bool{}, index: map[*Value]map[string]*Value{}}
	d.root = &Value{Kind: Map, Line: r.first, Column: 1}
	d.table = d.root
	if !d.shallow() {
		return nil
	}
	d.parser.Reset(data)
	for d.parser.NextExpression() {
		d.expression(d.parser.Expression())
	}
	if err := d.parser.Error(); err != nil {
		d.syntax(err)
	}
	return d.root
}

// A document is a TOML file being read.
type document struct {
	*reader
	parser unstable.Parser
	data   []byte
	root   *Value
	table  *Value          // that key = value lines go into
	sealed map[*Value]bool // written inline: nothing may be added
	headed map[*Value]bool // had its [header]
	lost   Value           // takes what follows a header that is refused

	index map[*Value]map[string]*Value // of large tables

	at, line, column int // how far places were counted
}

// get is the value under a key of a table.
func (d *document) get(table *Value, key string) *Value {
	if known := d.index[table]; known != nil {
		return known[key]
	}
	return table.Get(key)
}

// put adds a pair to a table unless its key is there already.
func (d *document) put(table, key, value *Value) {
	known := d.index[table]
	if known == nil {
		d.add(table, key, value)
		if len(table.Pairs) > 32 {
			d.index[table] = map[string]*Value{}
			for _, pair := range table.Pairs {
				d.index[table][pair.Key.Text] = pair.Value
			}
		}
		return
	}
	if before := known[key.Text]; before != nil {
		d.duplicate(key, before)
		return
	}
	known[key.Text], value.Name = value, key.Text
	table.Pairs = append(table.Pairs, Pair{key, value})
}

// locate counts lines and columns, from where it last was if it can.
func (d *document) locate(offset int) (line, column int) {
	if offset < d.at || d.line == 0 {
		d.at, d.line, d.column = 0, 1, 1
	}
	for _, c := range string(d.data[d.at:offset]) {
		d.column++
		if c == '\n' {
			d.line, d.column = d.line+1, 1
		}
	}
	d.at = offset
	return d.line, d.column
}

// shallow refuses brackets that stand too deep, before the library follows
// them down. Brackets in quotations count too; nobody has fifty there.
func (d *document) shallow() bool {
	depth := 0
	for i, c := range d.data {
		switch c {
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		case '\n':
			if i+1 < len(d.data) && d.data[i+1] == '[' {
				depth = 0
			}
		}
		if depth > MaxDepth {
			line, column := position(d.data, i)
			d.fail(line, column, 1, "write it flatter", "lists and maps stand more than %d deep in one another", MaxDepth)
			return false
		}
	}
	return true
}

func (d *document) expression(n *unstable.Node) {
	switch n.Kind {
	case unstable.Table:
		d.table = d.header(d.keys(n), false)
	case unstable.ArrayTable:
		d.table = d.header(d.keys(n), true)
	case unstable.KeyValue:
		d.assign(d.table, d.keys(n), n.Value(), 0)
	}
}

func (d *document) keys(n *unstable.Node) (keys []*Value) {
	for it := n.Key(); it.Next() && len(keys) <= MaxDepth; {
		key := d.place(it.Node(), Text)
		key.Text = Clean(string(it.Node().Data))
		keys = append(keys, key)
	}
	return keys
}

// place makes a value that stands where a node does.
func (d *document) place(n *unstable.Node, kind Kind) *Value {
	if n.Raw.Length == 0 {
		return &Value{Kind: kind, Line: d.line + d.first - 1, Column: d.column}
	}
	line, column := d.locate(int(n.Raw.Offset))
	raw := d.parser.Raw(n.Raw)
	return &Value{Kind: kind, Line: line + d.first - 1, Column: column, Length: runes(string(raw))}
}

// header finds or makes the table of a [header], or adds one to the list of a
// [[header]].
func (d *document) header(keys []*Value, list bool) *Value {
	parent := d.descend(d.root, keys[:len(keys)-1])
	last := keys[len(keys)-1]
	d.lost = Value{Kind: Map}
	if parent == nil {
		return &d.lost
	}
	found := d.get(parent, last.Text)
	switch {
	case found == nil:
		table := &Value{Kind: Map, Line: last.Line, Column: last.Column, Length: last.Length}
		d.headed[table] = true
		if list {
			d.put(parent, last, &Value{Kind: List, Items: []*Value{table}, Line: last.Line, Column: last.Column})
		} else {
			d.put(parent, last, table)
		}
		return table
	case list && found.Kind == List && !d.sealed[found]:
		table := &Value{Kind: Map, Line: last.Line, Column: last.Column, Length: last.Length}
		found.Items = append(found.Items, table)
		return table
	case !list && found.Kind == Map && !d.sealed[found] && !d.headed[found]:
		d.headed[found] = true
		return found
	}
	d.duplicate(last, found)
	return &d.lost
}

// descend follows keys down from a table, making the tables that are missing.
// It returns nil, with a problem, where something else is in the way.
func (d *document) descend(table *Value, keys []*Value) *Value {
	if len(keys) >= MaxDepth {
		d.fail(keys[0].Line-d.first+1, keys[0].Column, 1, "write it flatter", "lists and maps stand more than %d deep in one another", MaxDepth)
		return nil
	}
	for _, key := range keys {
		next := d.get(table, key.Text)
		switch {
		case next == nil:
			next = &Value{Kind: Map, Line: key.Line, Column: key.Column, Length: key.Length}
			d.put(table, key, next)
		case next.Kind == List && len(next.Items) > 0 && !d.sealed[next]:
			next = next.Items[len(next.Items)-1]
		}
		if next.Kind != Map || d.sealed[next] {
			d.duplicate(key, next)
			return nil
		}
		table = next
	}
	return table
}

func (d *document) assign(table *Value, keys []*Value, n *unstable.Node, depth int) {
	parent := d.descend(table, keys[:len(keys)-1])
	if parent == nil {
		return
	}
	last := keys[len(keys)-1]
	value := d.value(n, depth+1)
	if n.Kind == unstable.Array || n.Kind == unstable.InlineTable {
		value.Line, value.Column = last.Line, last.Column
	}
	d.put(parent, last, value)
}

func (d *document) value(n *unstable.Node, depth int) *Value {
	switch n.Kind {
	case unstable.Array:
		v := d.place(n, List)
		d.sealed[v] = true
		for it := n.Children(); it.Next(); {
			if it.Node().Kind != unstable.Comment {
				item := d.value(it.Node(), depth+1)
				item.Flow = true
				v.Items = append(v.Items, item)
			}
		}
		if len(v.Items) > 0 {
			v.Line, v.Column = v.Items[0].Line, v.Items[0].Column
		}
		return v
	case unstable.InlineTable:
		v := d.place(n, Map)
		for it := n.Children(); it.Next(); {
			if child := it.Node(); child.Kind == unstable.KeyValue {
				d.assign(v, d.keys(child), child.Value(), depth+1)
			}
		}
		for _, pair := range v.Pairs {
			pair.Value.Flow = true
		}
		d.sealed[v] = true
		return v
	}
	v := d.place(n, Text)
	v.Text, v.Style = string(n.Data), tomlStyle(n.Kind)
	return v
}

func tomlStyle(kind unstable.Kind) Style {
	switch kind {
	case unstable.Bool:
		return Bool
	case unstable.Integer, unstable.Float:
		return Number
	case unstable.LocalDate, unstable.LocalTime, unstable.LocalDateTime, unstable.DateTime:
		return Time
	}
	return Quoted
}

// syntax reports where the library stopped, in our words.
func (d *document) syntax(err error) {
	var failure *unstable.ParserError
	if !errors.As(err, &failure) {
		d.fail(1, 1, 0, "write each line as key = \"value\"", "the TOML cannot be read")
		return
	}
	offset := len(d.data)
	if len(failure.Highlight) > 0 {
		offset = int(d.parser.Range(failure.Highlight).Offset)
	}
	line, column := position(d.data, offset)
	whole := strings.Split(string(d.data)+"\n", "\n")[line-1]
	says, hint := tomlSlip(whole, failure.Message)
	d.fail(line, column, 1, hint, "%s", says)
}

func tomlSlip(line, message string) (says, hint string) {
	key, value, assigned := strings.Cut(line, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	if !assigned {
		key, value, assigned = strings.Cut(line, ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if assigned && key != "" && !strings.ContainsAny(key, " [\"") {
			return "TOML wants = between key and value", key + " = " + tomlQuote(strings.Trim(value, `"'`))
		}
		return "this line cannot be read as TOML", `write it as key = "value"`
	}
	switch {
	case strings.Contains(message, "new line"), strings.Contains(message, "not terminated"), strings.Contains(message, "unterminated"):
		return "a quotation that is not closed", key + " = " + tomlQuote(strings.Trim(value, `"'`))
	case strings.Contains(message, "escape"):
		return `a backslash in "double quotes" has a meaning of its own`, `write it twice (\\), or use 'single quotes'`
	case value == "":
		return "a key without a value", key + ` = ""`
	case strings.Contains(message, "expected newline") && strings.HasPrefix(value, `"`):
		return "text after the end of a quotation", key + " = " + tomlQuote(strings.TrimSuffix(value[1:], `"`))
	case !strings.ContainsAny(value[:1], "\"'[{") && !strings.ContainsAny(key, " \""):
		return "text must stand in quotes in TOML", key + " = " + tomlQuote(strings.Trim(value, `"'`))
	}
	return "this line cannot be read as TOML", `write it as key = "value"`
}

func tomlQuote(s string) string {
	if strings.ContainsAny(s, `"\`) && !strings.Contains(s, "'") {
		return "'" + s + "'"
	}
	return fmt.Sprintf(`"%s"`, strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s))
}
