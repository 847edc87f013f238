package diag

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Lines gives a line of a file, counted from 1, without its end. It returns
// false if there is no such line, or none to be shown.
type Lines func(path string, line int) (string, bool)

// A Printer tells problems to a person at a terminal. Its zero value needs
// only Out.
type Printer struct {
	Out   io.Writer
	Lines Lines // for excerpts; nil shows none
	Color bool
	All   bool // every place of a problem that is in many
}

// places is how many places of the same problem are listed.
const places = 3

// Print tells problems in order, the same problem in many places once, and
// counts them in a last line. It prints nothing if there are none. The marks
// of a problem are those of its first place.
func (p Printer) Print(problems []Problem) {
	problems = Sort(problems)
	if len(problems) == 0 {
		return
	}
	var b strings.Builder
	for _, same := range groups(problems) {
		p.group(&b, same)
	}
	b.WriteString(Count(problems) + "\n")
	io.WriteString(p.Out, b.String())
}

// Count is "2 errors, 1 warning".
func Count(problems []Problem) string {
	errors, warnings := 0, 0
	for _, problem := range problems {
		if problem.Severity == Error {
			errors++
		} else {
			warnings++
		}
	}
	var parts []string
	if errors > 0 {
		parts = append(parts, plural(errors, "error"))
	}
	if warnings > 0 {
		parts = append(parts, plural(warnings, "warning"))
	}
	if parts == nil {
		return "no problems"
	}
	return strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// groups gathers the problems that say the same, in the order of the first.
func groups(problems []Problem) [][]Problem {
	type saying struct {
		severity         Severity
		text, hint, rule string
	}
	where := map[saying]int{}
	var all [][]Problem
	for _, problem := range problems {
		key := saying{problem.Severity, problem.Text, problem.Hint, problem.Rule}
		i, known := where[key]
		if !known {
			i = len(all)
			where[key] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], problem)
	}
	return all
}

func (p Printer) group(b *strings.Builder, same []Problem) {
	first := same[0]
	if place := first.Place(); place != "" {
		b.WriteString(p.paint("1", safe(place)+":") + " ")
	}
	if first.Severity == Warning {
		b.WriteString(p.paint("33", "warning:") + " ")
	}
	b.WriteString(safe(first.Text))
	if first.Rule != "" {
		b.WriteString(" (" + safe(first.Rule) + ")")
	}
	b.WriteString("\n")
	p.excerpt(b, first)
	for line := range strings.Lines(first.Hint) {
		b.WriteString(strings.TrimRight("    "+safe(strings.TrimRight(line, "\n")), " ") + "\n")
	}
	made := whiles(same)
	if len(made) > 0 {
		b.WriteString("    while " + safe(made[0]))
		if len(made) > 1 {
			fmt.Fprintf(b, ", and %d more", len(made)-1)
		}
		b.WriteString("\n")
	}
	p.others(b, slices.CompactFunc(same, func(a, b Problem) bool { return a.Place() == b.Place() }))
}

// whiles lists what was being made when the same problem came up.
func whiles(same []Problem) []string {
	var all []string
	for _, problem := range same {
		if problem.While != "" {
			all = append(all, problem.While)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Excerpt is the line of a problem as Print shows it, with the mark below; ""
// if there is none to be shown.
func Excerpt(lines Lines, problem Problem) string {
	var b strings.Builder
	Printer{Lines: lines}.excerpt(&b, problem)
	return b.String()
}

func (p Printer) excerpt(b *strings.Builder, problem Problem) {
	if p.Lines == nil || problem.Line == 0 {
		return
	}
	line, known := p.Lines(problem.Path, problem.Line)
	if !known {
		return
	}
	e := excerptOf(line, problem.Column, problem.Length)
	number := fmt.Sprint(problem.Line)
	fmt.Fprintf(b, "%s\n", strings.TrimRight("    "+number+" │ "+e.text, " "))
	if e.marker != "" {
		fmt.Fprintf(b, "    %*s ╵ %s\n", len(number), "", p.paint("31", e.marker))
	}
}

// others lists where else the same problem is.
func (p Printer) others(b *strings.Builder, same []Problem) {
	if len(same) == 1 {
		return
	}
	fmt.Fprintf(b, "    the same in %s, also:\n", plural(len(same), "place"))
	shown := same
	if !p.All {
		shown = same[:min(len(same), places)]
	}
	for _, problem := range shown[1:] {
		b.WriteString("      " + safe(problem.Place()) + "\n")
	}
	if rest := len(same) - len(shown); rest > 0 {
		fmt.Fprintf(b, "      and %d more (--all lists them)\n", rest)
	}
}

func (p Printer) paint(code, text string) string {
	if !p.Color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
