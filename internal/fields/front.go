package fields

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"stet/internal/diag"
)

// A Front is an article's file in its two parts.
type Front struct {
	Fields   *Value // a map, never nil; empty if it could not be read
	Body     []byte // what follows, its lines ended by LF
	BodyLine int    // the line of the file on which Body begins
	Format   string // "yaml" or "toml"; "" without front matter

	shelf *shelf // that Fields was made of
}

// Free lets go of Fields, which is not to be used any more.
func (f *Front) Free() {
	if f.shelf != nil {
		f.shelf.back()
	}
	f.Fields, f.shelf = nil, nil
}

// SplitFront takes a file apart into front matter, between two lines of --- or
// +++, and body. A fence that is nearly right is an error, and what it
// encloses is read all the same, so that one run tells everything. Where there
// is no front matter, the lines of least are what the hint begins it with.
func SplitFront(path string, data []byte, least ...string) (Front, []diag.Problem) {
	r := &reader{path: path, first: 1, least: least}
	f := Front{BodyLine: 1}
	r.file(&f, data)
	if f.Fields == nil {
		f.Fields = &Value{Kind: Map, Line: 1, Column: 1}
	}
	return f, r.problems
}

func (r *reader) file(f *Front, data []byte) {
	if len(data) > MaxFront+MaxBody {
		r.fail(1, 1, 0, "split the story, and put pictures into files of their own", "the file is too large: %s, and at most %s are read", megabytes(len(data)), megabytes(MaxFront+MaxBody))
		return
	}
	text := r.checkText(data)
	if r.problems != nil {
		return
	}
	f.Body = text
	if len(bytes.TrimSpace(text)) == 0 {
		r.fail(1, 1, 0, r.minimal("Headline"), "the file is empty")
		return
	}
	r.split(f, text)
	if len(f.Body) > MaxBody {
		r.fail(f.BodyLine, 1, 0, "split the story, and put pictures into files of their own", "the body is too large: %s, and at most %s are read", megabytes(len(f.Body)), megabytes(MaxBody))
	}
}

// megabytes rounds up in tenths, so that a size above a limit never looks
// equal to it.
func megabytes(n int) string {
	tenths := (n*10 + 1<<20 - 1) >> 20
	return fmt.Sprintf("%d.%d MB", tenths/10, tenths%10)
}

// minimal is the least front matter there is.
func (r *reader) minimal(title string) string {
	if keyLength(title) > 0 || strings.ContainsAny(title[:1], "\"'[{@`%*&!|>#-?,") || strings.Contains(title, " #") {
		title = quote(title)
	}
	lines := []string{"title: " + title, "draft: true"}
	if r.least != nil {
		lines = slices.Clone(r.least)
		if strings.HasPrefix(lines[0], "title: ") && title != "Headline" {
			lines[0] = "title: " + title
		}
	}
	return "begin the file with\n---\n" + strings.Join(lines, "\n") + "\n---"
}

func (r *reader) split(f *Front, text []byte) {
	start := len(text) - len(bytes.TrimLeft(text, "\n"))
	opening := 1 + start
	fence := "---"
	rest, plain := bytes.CutPrefix(text[start:], []byte("---\n"))
	if !plain {
		var first string
		first, rest = cutLine(text[start:])
		if fence = r.open(first, opening); fence == "" {
			r.noFront(text, first, opening)
			return
		}
	}
	inside, body, closed := r.close(rest, fence, opening)
	f.Format = "yaml"
	if fence == "+++" {
		f.Format = "toml"
	}
	if !closed {
		return
	}
	f.Body, f.BodyLine = body, opening+2+bytes.Count(inside, []byte("\n"))
	if len(inside) > MaxFront {
		r.fail(opening, 1, 3, "put data into a file under data/", "the front matter is too large: %s, and at most %s are read", megabytes(len(inside)), megabytes(MaxFront))
		return
	}
	r.front(f, inside, opening)
}

func (r *reader) front(f *Front, inside []byte, opening int) {
	parse := (*reader).toml
	if f.Format == "yaml" {
		text := string(inside)
		f.shelf = shelves.Get().(*shelf)
		if v, plain := quickYAML(text, opening+1, f.shelf); plain {
			f.Fields = v
			return
		}
		parse = func(r *reader, data []byte) *Value { return r.anyYAML(string(data)) }
	}
	v, problems := read(r.path, inside, opening+1, parse)
	r.problems = append(r.problems, problems...)
	switch {
	case v == nil:
	case v.Kind == Map:
		f.Fields = v
	case v.Kind != Null:
		r.fail(v.Line, v.Column, v.Length, "write each line as key: value, such as\ntitle: Headline", "the front matter has no keys")
	}
}

// cutLine is the first line without its end, and what follows.
func cutLine(text []byte) (line string, rest []byte) {
	i := bytes.IndexByte(text, '\n')
	if i < 0 {
		return string(text), nil
	}
	return string(text[:i]), text[i+1:]
}

// saying tells whether a line has an ASCII letter or digit, so that it neither is
// a fence nor was meant to be one.
func saying(line []byte) bool {
	for _, c := range line {
		if isLetter(c) && c != '_' || isDigit(c) {
			return true
		}
	}
	return false
}

// open says which fence a first line is or was meant to be, "" if none.
func (r *reader) open(line string, number int) string {
	bare := strings.TrimRight(line, " \t")
	if bare == "---" || bare == "+++" {
		return bare
	}
	fence := meant(line)
	if fence == "" && strings.HasPrefix(bare, "---") && len(bare) < 20 && !strings.Contains(bare, "|") {
		fence = "---" // ---yaml, --- # comment
	}
	if fence != "" {
		r.fail(number, 1, runes(bare), fence, "front matter must open with a line of %s and nothing else", fence)
	}
	return fence
}

// meant is the fence that a line resembles: too long, too short, indented,
// with a comment sign, or made of the dashes that editors put for hyphens.
func meant(line string) string {
	bare := strings.TrimSpace(Clean(line))
	for _, comment := range []string{";", "//", "<!--"} {
		bare = strings.TrimSpace(strings.TrimPrefix(bare, comment))
	}
	bare = strings.TrimSpace(strings.TrimSuffix(bare, "-->"))
	if bare == "" {
		return ""
	}
	kind := ""
	for _, c := range strings.ReplaceAll(bare, " ", "") {
		sign := "---"
		switch c {
		case '-', '–', '—', '―', '−', '‐', '‑', '─':
		case '+':
			sign = "+++"
		default:
			return ""
		}
		if kind != "" && kind != sign {
			return ""
		}
		kind = sign
	}
	if utf8.RuneCountInString(bare) == 1 && strings.ContainsAny(bare, "-+–") {
		return ""
	}
	return kind
}

// close finds the closing fence. Where there is none, it is looked for what
// was meant to be one.
func (r *reader) close(rest []byte, fence string, opening int) (inside, body []byte, closed bool) {
	var near candidate
	number := opening
	for at := 0; at < len(rest); {
		if n := bytes.IndexByte(rest[at:], '\n') + 1; saying(rest[at : at+n]) {
			number, at = number+1, at+n
			continue
		}
		line, after := cutLine(rest[at:])
		number++
		next := len(rest) - len(after)
		bare := strings.TrimRight(line, " \t")
		if bare == fence || bare == "..." && fence == "---" {
			return rest[:at], after, true
		}
		if near.line == 0 && meant(line) != "" && len(bare) < 20 {
			near = candidate{number, at, next, bare}
		}
		if near.line == number && line[0] != ' ' && line[0] != '\t' && bare != "-" {
			break
		}
		at = next
	}
	if near.line > 0 {
		r.fail(near.line, 1, runes(near.text), fence, "front matter must close with a line of %s and nothing else", fence)
		return rest[:near.start], rest[near.end:], true
	}
	r.unclosed(rest, fence, opening)
	return nil, nil, false
}

// A candidate is a line that may have been meant as the closing fence.
type candidate struct {
	line, start, end int
	text             string
}

// unclosed says before which line the closing fence was forgotten.
func (r *reader) unclosed(rest []byte, fence string, opening int) {
	separator := ":"
	if fence == "+++" {
		separator = "="
	}
	last := opening
	number := opening
	for line := range strings.Lines(string(rest)) {
		number++
		trimmed := strings.TrimSpace(line)
		belongs := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "- ") ||
			strings.HasPrefix(line, "[") || strings.Contains(line, separator) && !strings.Contains(beforeSign(line, separator), " ")
		if trimmed == "" || !belongs {
			break
		}
		last = number
	}
	r.fail(opening, 1, 3, fmt.Sprintf("put a line of %s after line %d, where the front matter ends", fence, last), "front matter that does not end")
}

func beforeSign(line, sign string) string {
	before, _, _ := strings.Cut(line, sign)
	return strings.TrimSpace(before)
}

// noFront says what to put at the start of a file that has only a body.
func (r *reader) noFront(text []byte, first string, opening int) {
	title := "Headline"
	if heading, found := strings.CutPrefix(first, "# "); found && strings.TrimSpace(heading) != "" {
		title = strings.TrimSpace(heading)
	}
	hint := r.minimal(title)
	switch bare := strings.TrimSpace(first); {
	case strings.HasPrefix(bare, "{"):
		hint = "front matter in JSON is not read; " + hint
	case keyLength(first) > 0 && !strings.Contains(beforeSign(first, ":"), " "):
		hint = "put a line of --- before line " + fmt.Sprint(opening) + " and another after the last key"
	case fenceBelow(text):
		hint = "the front matter must stand first: move what is above it below"
	}
	r.fail(opening, 1, 0, hint, "the file has no front matter")
}

// fenceBelow tells whether a line of --- with a key below stands further down.
func fenceBelow(text []byte) bool {
	fenced := false
	for line := range strings.Lines(string(text)) {
		if fenced {
			return keyLength(strings.TrimRight(line, "\n")) > 0
		}
		fenced = strings.TrimRight(line, " \t\n") == "---"
	}
	return false
}
