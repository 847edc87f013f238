package main

import (
	"fmt"
	"text/tabwriter"
	"time"
)

// A cost is a line of --profile as --json has it.
type cost struct {
	What  string  `json:"what"` // step, layout, page, fragment or question
	Name  string  `json:"name"`
	Times int     `json:"times"`
	Own   float64 `json:"own_ms"` // without the questions asked meanwhile
	All   float64 `json:"all_ms"`
}

// costs are the lines of --profile for --json.
func (t told) costs() (all []cost) {
	for _, c := range t.rep.Profile {
		all = append(all, cost{c.What, c.Name, c.Times, milliseconds(c.Own), milliseconds(c.All)})
	}
	return all
}

// milliseconds are those of a duration, with three digits behind the point.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// profile prints what took how long.
func (t told) profile() {
	w := tabwriter.NewWriter(t.s.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	what := ""
	for _, c := range t.rep.Profile {
		if c.What != what {
			what = c.What
			w.Flush()
			fmt.Fprintf(w, "own ms\twith all asked\ttimes\t  %s\n", what)
		}
		fmt.Fprintf(w, "%.1f\t%.1f\t%s\t  %s\n", milliseconds(c.Own), milliseconds(c.All), grouped(c.Times), oneLine(c.Name))
	}
	if t.rep.Made > 0 {
		fmt.Fprintln(w, "\nlayouts, pages, fragments and questions are made side by side: their times together may be longer than the build's")
	}
}
