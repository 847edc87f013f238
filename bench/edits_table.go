package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// A bound is what was measured where so much is allowed, whatever Hugo takes.
type bound struct {
	name   string
	took   series
	value  float64
	unit   string
	atMost float64
	files  []string // that were written, if they are counted
	peer   string   // what it is measured against, or ""
	peers  series
}

// report prints the tables, or the object.
func (e *editing) report(bounds []bound, stdout io.Writer) error {
	where := stdout
	if e.JSON {
		where = e.stderr
	}
	if err := e.printTrials(where); err != nil {
		return err
	}
	if err := printBounds(where, bounds); err != nil {
		return err
	}
	if !e.JSON {
		return nil
	}
	var rows []row
	for _, t := range e.trials {
		rows = append(rows, newRow(t.name(), t.took, "hugo "+hugoVersion, e.peers))
	}
	for _, b := range bounds {
		if b.files == nil { // else it is a trial too
			rows = append(rows, newRow(b.name, b.took, b.peer, b.peers))
		}
	}
	return printJSON(stdout, rows)
}

// printTrials prints what each change took, and how that is to Hugo's time.
func (e *editing) printTrials(w io.Writer) error {
	fmt.Fprintln(w, e.title(fmt.Sprintf("edits, %d articles", e.N)))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\twall s\tmin-max\tpeak MB\tmade\twritten\tof hugo\trequired\treach\t\t")
	fmt.Fprintf(t, "hugo %s after each, %d times\t%s\t\t\t\t\t\t\t\n", hugoVersion, len(e.peers), timesOf(e.peers))
	hugo := median(e.peers.walls())
	for _, trial := range e.trials {
		times := ratio(hugo, median(trial.took.walls()))
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\t\n", trial.name(), timesOf(trial.took), trial.last.Made, len(trial.last.Written),
			part(times), part(trial.required), part(trial.reach), verdict(times, trial.required, trial.reach))
	}
	return t.Flush()
}

// timesOf gives the table's three columns of wall time and memory.
func timesOf(s series) string {
	walls := s.walls()
	return fmt.Sprintf("%.3f\t%.3f-%.3f\t%.0f", median(walls), walls[0], walls[len(walls)-1], median(s.peaks()))
}

// part says how small a part of Hugo's time something is.
func part(times float64) string {
	if times == 0 {
		return "-"
	}
	return "1/" + short(times)
}

// short writes a number with two or three digits that say something.
func short(x float64) string {
	if x >= 10 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// verdict says whether what is required, and what is to be reached, is.
func verdict(times, required, reach float64) string {
	switch {
	case required == 0:
		return ""
	case times >= reach:
		return "reached"
	case times >= required:
		return "as required"
	}
	return "MISSED"
}

// printBounds prints what has a bound of its own, and the files that are counted.
func printBounds(w io.Writer, bounds []bound) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\twall s\tmin-max\tpeak MB\tmeasured\tat most\t\t")
	for _, b := range bounds {
		result := "reached"
		if b.value > b.atMost {
			result = "MISSED"
		}
		fmt.Fprintf(t, "%s\t%s\t%s %s\t%s %s\t%s\t\n", b.name, timesOf(b.took), short(b.value), b.unit, short(b.atMost), b.unit, result)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, b := range bounds {
		if b.files == nil {
			continue
		}
		fmt.Fprintf(w, "%s, wrote at most these %d files:\n", b.name, len(b.files))
		for _, path := range b.files {
			fmt.Fprintln(w, "  "+path)
		}
	}
	return nil
}
