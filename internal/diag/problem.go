// Package diag says what is wrong, where, and what to do about it.
//
// Every room that reads something returns its result together with a list of
// problems, so that one broken article never hides the others. A [Problem] is
// plain data: the terminal, the preview's overlay and the JSON report show the
// same values. A [Printer] writes them for people, and [Nearest] finds the word
// somebody meant to write.
package diag

import "fmt"

// Severity tells whether a problem stops the edition.
type Severity uint8

// The severities, in rising order.
const (
	Warning Severity = iota // the edition is made all the same
	Error                   // nothing is put in place
)

// A Problem is one thing that is wrong, where, and what to do about it. Text
// is lower case and has no full stop. Hint says what to do next; it may have
// several lines, ready to paste.
type Problem struct {
	Severity Severity `json:"severity"`
	Path     string   `json:"path"`             // slash-separated, from the site's folder; "" if none
	Line     int      `json:"line,omitempty"`   // from 1; 0 if unknown
	Column   int      `json:"column,omitempty"` // from 1, in characters; 0 if unknown
	Length   int      `json:"length,omitempty"` // of the faulty part, in characters; 0 if unknown
	Text     string   `json:"text"`
	Hint     string   `json:"hint,omitempty"`
	Rule     string   `json:"rule,omitempty"`  // of config.Rules, by which it was found; "" of what is wrong by itself
	While    string   `json:"while,omitempty"` // what was being made, such as "making world/index.html"; "" if it does not matter
}

// Error lets a problem travel as an error.
func (p Problem) Error() string {
	if at := p.Place(); at != "" {
		return at + ": " + p.Text
	}
	return p.Text
}

// String is the word for a severity.
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// MarshalText writes a severity as its word, in JSON too.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word of a severity.
func (s *Severity) UnmarshalText(text []byte) error {
	switch string(text) {
	case "error":
		*s = Error
	case "warning":
		*s = Warning
	default:
		return fmt.Errorf("unknown severity %q", text)
	}
	return nil
}

// Place is where a problem is, as path:line:column, as far as it is known.
func (p Problem) Place() string {
	switch {
	case p.Line == 0:
		return p.Path
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.Path, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.Path, p.Line, p.Column)
}
