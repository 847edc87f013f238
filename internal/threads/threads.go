// Package threads keeps what readers have said and a desk has let through, as
// files of a site: data/comments/ has one file for the thread of each story, and
// data/ratings/ one for the tally of its answers.
//
// The service that takes comments writes these files, or a newspaper by hand; a
// build reads them, and nothing else of readers. A file is JSON with a comment a
// line, the oldest first, so that a new one is a new line wherever changes are
// looked at. It says what a page shows: name, time, text, and which comment is
// answered. Where a comment came from is known to the service alone.
//
// A file is named by the lasting name of its story, one to one (Name).
package threads

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"stet/internal/diag"
)

// A Comment is what a reader has said, as everybody may read it.
type Comment struct {
	ID     string    `json:"id"`   // as Good has it
	Time   time.Time `json:"time"` // when it was sent, in whole seconds of UTC
	Name   string    `json:"name"`
	Text   string    `json:"text"`             // plain, with \n between lines
	Parent string    `json:"parent,omitempty"` // the ID of the comment that is answered; it may be gone
}

// A Tally is how readers answered whether they like a story.
type Tally struct {
	Yes int `json:"yes"`
	No  int `json:"no"`
}

// Good tells whether an ID can stand in a file and in an address: 1 to 40 ASCII
// letters, digits, - and _.
func Good(id string) bool {
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return id != "" && len(id) <= 40
}

// Sort puts comments in the order in which a file has them: the oldest first, and
// of one second by their IDs.
func Sort(all []Comment) {
	slices.SortFunc(all, func(a, b Comment) int {
		return cmp.Or(a.Time.Compare(b.Time), strings.Compare(a.ID, b.ID))
	})
}

// Parse reads the file of a thread. What is wrong in it is said by line; the
// comments that are right are returned even so.
func Parse(path string, data []byte) ([]Comment, []diag.Problem) {
	r := &reader{path: path, data: data, d: json.NewDecoder(bytes.NewReader(data))}
	r.d.DisallowUnknownFields()
	if t, err := r.d.Token(); err != nil || t != json.Delim('[') {
		r.wrong(0, "a file of comments is a list: [ {\"id\": …}, … ]", "this is no list of comments")
		return nil, r.problems
	}
	var all []Comment
	lines := map[string]int{}
	for r.d.More() {
		var c Comment
		at := r.next()
		if err := r.d.Decode(&c); err != nil {
			r.wrong(at, "a comment has id, time, name and text, and may have a parent", "this comment cannot be read: %s", said(err))
			return all, r.problems
		}
		c.Time = c.Time.UTC().Truncate(time.Second)
		if first := lines[c.ID]; first > 0 {
			r.wrong(at, "give each comment its own id", "the id %q is that of line %d too", c.ID, first)
		} else if what, hint := lacks(c); what != "" {
			r.wrong(at, hint, "%s", what)
		} else {
			all, lines[c.ID] = append(all, c), r.line(at)
		}
	}
	if at := min(r.next(), len(r.data)); !r.closes() {
		r.wrong(at, "close the list with ]", "the list does not end")
		return all, r.problems
	}
	r.end()
	Sort(all)
	return all, r.problems
}

// lacks says what a comment lacks, and what to do.
func lacks(c Comment) (what, hint string) {
	switch {
	case !Good(c.ID):
		return fmt.Sprintf("%q is no id of a comment", c.ID), "write 1 to 40 letters, digits, - and _"
	case c.Parent != "" && !Good(c.Parent):
		return fmt.Sprintf("%q is no id of a comment", c.Parent), "parent is the id of the comment that is answered"
	case c.Parent == c.ID:
		return "this comment answers itself", "leave parent out"
	case c.Time.IsZero() || c.Time.UTC().Year() < 1 || c.Time.UTC().Year() > 9999: // JSON has no such years
		return "this comment has no time", `write "time": "2026-11-22T14:05:00Z"`
	case strings.TrimSpace(c.Name) == "":
		return "this comment has no name", `write "name": "Ada Marsh"`
	case strings.TrimSpace(c.Text) == "":
		return "this comment has no text", "take the whole line out to remove the comment"
	}
	return "", ""
}

// Format writes the file of a thread. Parse reads the same comments from it.
func Format(all []Comment) []byte {
	all = slices.Clone(all)
	Sort(all)
	var b bytes.Buffer
	for i, c := range all {
		b.WriteString([]string{",\n", "[\n"}[min(1, 1-min(i, 1))])
		c.Time = c.Time.UTC().Truncate(time.Second)
		b.Write(line(c))
	}
	if len(all) == 0 {
		b.WriteString("[")
	}
	b.WriteString("\n]\n")
	return b.Bytes()
}

// line is a value as one line of JSON, in which letters of all scripts are
// themselves.
func line(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // of texts, numbers and a time with a year of four digits
	}
	return bytes.TrimSpace(b.Bytes())
}

// ParseTally reads the file of a tally.
func ParseTally(path string, data []byte) (Tally, []diag.Problem) {
	r := &reader{path: path, data: data, d: json.NewDecoder(bytes.NewReader(data))}
	r.d.DisallowUnknownFields()
	var t Tally
	const hint = `write {"yes": 12, "no": 3}`
	if err := r.d.Decode(&t); err != nil {
		r.wrong(0, hint, "this tally cannot be read: %s", said(err))
		return Tally{}, r.problems
	}
	if t.Yes < 0 || t.No < 0 {
		r.wrong(0, hint, "a tally cannot be below 0")
		return Tally{}, r.problems
	}
	r.end()
	return t, r.problems
}

// FormatTally writes the file of a tally.
func FormatTally(t Tally) []byte { return append(line(t), '\n') }

// A reader reads JSON and knows where it is.
type reader struct {
	path     string
	data     []byte
	d        *json.Decoder
	problems []diag.Problem
}

// next is where the next value begins.
func (r *reader) next() int {
	at := int(r.d.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,"), r.data[at]) >= 0 {
		at++
	}
	return at
}

// closes tells whether what comes next closes the list.
func (r *reader) closes() bool {
	t, err := r.d.Token()
	return err == nil && t == json.Delim(']')
}

func (r *reader) line(at int) int { return 1 + bytes.Count(r.data[:at], []byte("\n")) }

func (r *reader) wrong(at int, hint, text string, args ...any) {
	start := bytes.LastIndexByte(r.data[:at], '\n') + 1
	r.problems = append(r.problems, diag.Problem{Severity: diag.Error, Path: r.path, Line: r.line(at), Column: 1 + utf8.RuneCount(r.data[start:at]),
		Text: fmt.Sprintf(text, args...), Hint: hint})
}

// end sees that nothing comes after the value.
func (r *reader) end() {
	at := min(r.next(), len(r.data))
	if _, err := r.d.Token(); err != io.EOF {
		r.wrong(at, "take it out", "something stands behind the end")
	}
}

// said is what a reader of JSON found wrong, without the words of Go.
func said(err error) string {
	text := strings.TrimPrefix(err.Error(), "json: ")
	if text == "EOF" || strings.Contains(text, "unexpected EOF") {
		return "the file ends within it"
	}
	if of, want, ok := strings.Cut(text, " into Go "); ok && strings.HasPrefix(of, "cannot unmarshal ") {
		field := want[strings.LastIndexByte(want, ' ')+1:]
		return strings.TrimPrefix(of, "cannot unmarshal ") + " is no value of " + field
	}
	return text
}
