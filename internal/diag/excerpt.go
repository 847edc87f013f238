package diag

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/width"
)

// An excerpt is one line of a file as a terminal can show it, with the faulty
// part marked. A line of a file is foreign text: what would steer a terminal
// is replaced, tabs become spaces, and widths are counted in columns of the
// terminal, where a Chinese character takes two and a combining mark none.
type excerpt struct {
	text   string
	marker string
}

const (
	excerptWidth = 100 // columns of a line that are shown
	tabWidth     = 4
)

// excerptOf marks length characters of line from column on, which counts from
// 1. A column of 0 marks nothing.
func excerptOf(line string, column, length int) excerpt {
	cells, from, to := cellsOf(line, column, length)
	cells, from, to = window(cells, from, to)
	e := excerpt{text: strings.TrimRight(join(cells), " ")}
	if column > 0 {
		e.marker = marker(cells, from, to)
	}
	return e
}

// A cell is what is shown for one character.
type cell struct {
	text  string
	width int
}

// cellsOf turns characters into cells and returns the cells' range to mark.
func cellsOf(line string, column, length int) (cells []cell, from, to int) {
	at := 0
	for _, r := range line {
		c := cellOf(r, at)
		at += c.width
		cells = append(cells, c)
	}
	from = min(max(column-1, 0), len(cells))
	to = min(from+max(length, 1), max(len(cells), from+1))
	return cells, from, to
}

func cellOf(r rune, at int) cell {
	switch {
	case r == '\t':
		n := tabWidth - at%tabWidth
		return cell{strings.Repeat(" ", n), n}
	case r < ' ':
		return cell{string('␀' + r), 1}
	case steers(r):
		return cell{"�", 1}
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return cell{string(r), 0}
	}
	if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
		return cell{string(r), 2}
	}
	return cell{string(r), 1}
}

// steers tells whether a character moves the cursor, changes colours or turns
// the direction of what follows.
func steers(r rune) bool {
	return r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// window cuts a long line around the part to mark.
func window(cells []cell, from, to int) ([]cell, int, int) {
	if widthOf(cells) <= excerptWidth {
		return cells, from, to
	}
	start := from
	for room := excerptWidth / 3; start > 0 && room > 0; start-- {
		room -= cells[start-1].width
	}
	if start < 3 {
		start = 0
	}
	end := start
	for room := excerptWidth - 2; end < len(cells) && room > 1; end++ {
		room -= cells[end].width
	}
	cut := append([]cell(nil), cells[start:end]...)
	if end < len(cells) {
		cut = append(cut, cell{"…", 1})
	}
	from, to = from-start, min(to-start, len(cut))
	if start > 0 {
		cut = append([]cell{{"…", 1}}, cut...)
		from, to = from+1, to+1
	}
	return cut, from, max(to, from+1)
}

// marker is the line below the excerpt. Where right-to-left text stands before
// the part or in it, no terminal agrees with another on the columns, so the
// part is repeated instead of underlined.
func marker(cells []cell, from, to int) string {
	shown := min(to, len(cells))
	if from < shown && rightToLeft(join(cells[:shown])) {
		return "here: \u2068" + strings.TrimSpace(join(cells[from:shown])) + "\u2069"
	}
	before := widthOf(cells[:min(from, len(cells))])
	marked := 1
	if from < shown {
		marked = max(widthOf(cells[from:shown]), 1)
	}
	return strings.Repeat(" ", before) + strings.Repeat("~", marked)
}

func rightToLeft(text string) bool {
	for _, r := range text {
		if r < 0x590 {
			continue
		}
		properties, _ := bidi.LookupRune(r)
		if class := properties.Class(); class == bidi.R || class == bidi.AL || class == bidi.AN {
			return true
		}
	}
	return false
}

func widthOf(cells []cell) (n int) {
	for _, c := range cells {
		n += c.width
	}
	return n
}

func join(cells []cell) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(c.text)
	}
	return b.String()
}

// safe is text of one line without what would steer a terminal.
func safe(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' {
			return '␀' + r
		}
		if steers(r) {
			return '�'
		}
		return r
	}, text)
}
