package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"stet/internal/diag"
)

// How Stet speaks. What was asked for goes to stdout, everything else to
// stderr. What is wrong with the command begins with "stet:", what is wrong
// with the site with its place; both in lower case, without a full stop, and
// with what to do next on indented lines below.

// A mistake is a wrong use of the command.
type mistake struct{ text, hint string }

// Error is the mistake without its hint.
func (m mistake) Error() string { return m.text }

func mistaken(hint, format string, args ...any) error {
	return mistake{fmt.Sprintf(format, args...), hint}
}

// errTold ends a command that has said what is wrong.
var errTold = errors.New("the site has an error")

// explain says what ended a command and returns the exit status for it.
func (s *system) explain(err error) int {
	var m mistake
	var p diag.Problem
	switch {
	case err == nil:
		return done
	case errors.Is(err, errTold):
	case errors.As(err, &m):
		s.say(m.text, m.hint)
		return wrongUsage
	case errors.As(err, &p):
		s.say(p.Error(), p.Hint)
	default:
		s.say(err.Error(), "")
	}
	return siteError
}

// say writes a message about the command.
func (s *system) say(text, hint string) {
	var b strings.Builder
	b.WriteString("stet: " + oneLine(text) + "\n")
	for line := range strings.Lines(hint) {
		b.WriteString(strings.TrimRight("    "+oneLine(line), " ") + "\n")
	}
	io.WriteString(s.err, b.String())
}

// oneLine keeps foreign text from steering the terminal.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, strings.TrimRight(text, "\n"))
}

// note writes a line that is neither a problem nor what was asked for.
func (s *system) note(format string, args ...any) { fmt.Fprintf(s.err, format+"\n", args...) }

// printer prints the problems of a site.
func (s *system) printer(all bool) diag.Printer {
	return diag.Printer{Out: s.err, All: all, Color: s.colors()}
}

// colors tells whether stderr is a terminal that shows them.
func (s *system) colors() bool {
	return s.terminal() && s.env("NO_COLOR") == "" && (runtime.GOOS != "windows" || s.env("WT_SESSION") != "")
}

// terminal tells whether somebody watches stderr.
func (s *system) terminal() bool {
	f, ok := s.err.(*os.File)
	if !ok || s.env("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// count writes a number of things, with separators: "1 page", "10,010 pages".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return grouped(n) + " " + noun + "s"
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
