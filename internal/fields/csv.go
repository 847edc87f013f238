package fields

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"

	"stet/internal/diag"
)

// CSV reads a table whose first row names the columns, as a list of maps. The
// cells may be parted by commas, semicolons or tabs; the first row tells.
func CSV(path string, data []byte, firstLine int) (*Value, []diag.Problem) {
	return read(path, data, firstLine, (*reader).csv)
}

func (r *reader) csv(data []byte) *Value {
	rows := csv.NewReader(bytes.NewReader(data))
	rows.Comma = comma(data)
	rows.FieldsPerRecord = -1
	v := &Value{Kind: List, Line: r.first, Column: 1}
	t := table{reader: r, rows: rows, lines: bytes.Split(data, []byte("\n"))}
	if t.header() {
		for t.row(v) {
		}
	}
	return v
}

// comma is what parts the cells of the first row.
func comma(data []byte) rune {
	first, _ := cutLine(data)
	best, most := ',', 0
	for _, sign := range []rune{',', ';', '\t'} {
		if n := bytes.Count([]byte(first), []byte(string(sign))); n > most {
			best, most = sign, n
		}
	}
	return best
}

// A table is CSV being read.
type table struct {
	*reader
	rows  *csv.Reader
	lines [][]byte
	names []string
}

func (t *table) header() bool {
	cells, more := t.read()
	if !more {
		return false
	}
	seen := map[string]bool{}
	for i, cell := range cells {
		name := Clean(cell)
		line, column := t.position(i)
		switch {
		case name == "":
			t.fail(line, column, 1, "give it a name in the first row", "column %d has no name", i+1)
		case seen[name]:
			t.fail(line, column, runes(cell), "give one of them another name", "two columns are named %q", name)
		}
		seen[name] = true
		t.names = append(t.names, name)
	}
	return t.problems == nil
}

// read is the next row; false at the end or after an error.
func (t *table) read() ([]string, bool) {
	cells, err := t.rows.Read()
	if err == nil {
		return cells, true
	}
	if errors.Is(err, io.EOF) {
		return nil, false
	}
	var failure *csv.ParseError
	line, column := 1, 1
	if errors.As(err, &failure) {
		line, column = failure.Line, t.column(failure.Line, failure.Column)
	}
	t.fail(line, column, 1, `put the whole cell into quotes, and write each quote inside it twice: "He said ""no"""`, "a quote that is not closed, or stands inside a cell without quotes")
	return nil, false
}

func (t *table) position(i int) (line, column int) {
	line, column = t.rows.FieldPos(i)
	return line, t.column(line, column)
}

// column counts in characters what the library counts in bytes.
func (t *table) column(line, column int) int {
	if line < 1 || line > len(t.lines) {
		return column
	}
	text := t.lines[line-1]
	return 1 + runes(string(text[:min(max(column-1, 0), len(text))]))
}

func (t *table) row(v *Value) bool {
	cells, more := t.read()
	if !more {
		return false
	}
	line, column := t.position(0)
	if len(cells) > len(t.names) {
		at, from := t.position(len(t.names))
		t.fail(at, from, 1, "put a cell that holds the separator into quotes", "this row has %d cells, the first has %d", len(cells), len(t.names))
		return true
	}
	row := &Value{Kind: Map, Line: line + t.first - 1, Column: column, Pairs: make([]Pair, 0, len(cells))}
	for i, name := range t.names {
		cell := &Value{Kind: Null, Name: name, Line: row.Line, Column: column}
		if i < len(cells) {
			t.cell(cell, cells[i], i)
		}
		key := &Value{Kind: Text, Text: name, Line: cell.Line, Column: cell.Column}
		row.Pairs = append(row.Pairs, Pair{key, cell})
	}
	v.Items = append(v.Items, row)
	return true
}

func (t *table) cell(v *Value, text string, i int) {
	line, column := t.position(i)
	v.Line, v.Column, v.Length = line+t.first-1, column, runes(text)
	v.Text = text
	if text != "" {
		v.Kind, v.Style = Text, styleOf(text)
	}
	if v.Style == Bool && text != "true" && text != "false" {
		v.Style = Plain
	}
}
