// Package diag says what is wrong, where, and what to do about it.
//
// Every room that reads something returns its result together with a list of
// problems, so that one broken article never hides the others. A [Problem] is
// plain data: the terminal, the preview's overlay and the JSON report show the
// same values.
package diag

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
	Severity Severity
	Path     string // slash-separated, from the site's folder; "" if none
	Line     int    // from 1; 0 if unknown
	Column   int    // from 1, in characters; 0 if unknown
	Length   int    // of the faulty part, in characters; 0 if unknown
	Text     string
	Hint     string
}
