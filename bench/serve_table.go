package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// previews is what was measured of an archive of n articles: of Stet's preview,
// and of its peer's.
type previews struct {
	n   int
	all []*contestant
}

// A promise is one line of the table and what is asked there of Stet.
type promise struct {
	name            string
	required, reach float64 // times faster than the peer; 0 if nothing is asked
	atMost          float64 // seconds; 0 if nothing is asked
}

const (
	promisedSize  = 10000 // articles from which on Stet must be so much better
	lessMemory    = 10.0  // times
	fasterBody    = 12.0  // times
	fasterToReach = 20.0
	firstWithin   = 1.0 // seconds
)

// promises are the lines of an archive's table.
func (p previews) promises() (lines []promise) {
	for _, e := range servedEdits {
		line := promise{name: e.name + untilServed}
		if e.change == &body && p.n >= promisedSize {
			line.required, line.reach = fasterBody, fasterToReach
		}
		lines = append(lines, line, promise{name: e.name + untilShown})
		if e.change == &partial {
			lines = append(lines, promise{name: e.name + farAway})
		}
	}
	return append(lines, promise{name: firstStart}, promise{name: laterStart, atMost: firstWithin})
}

// report prints the tables, or the object.
func (s *serving) report(tables []previews, stdout io.Writer) error {
	where := stdout
	if s.JSON {
		where = s.stderr
	}
	var rows []row
	for _, p := range tables {
		if err := s.print(where, p); err != nil {
			return err
		}
		rows = append(rows, p.rows()...)
	}
	if !s.JSON {
		return nil
	}
	return printJSON(stdout, rows)
}

// print prints the table of one archive.
func (s *serving) print(w io.Writer, p previews) error {
	stet, peer := p.all[0], p.all[1]
	fmt.Fprintln(w, s.title(fmt.Sprintf("serve, %d articles", p.n)))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "\t%s\tmin-max\t%s\tmin-max\ttimes\trequired\treach\t\t\n", stet.name, peer.name)
	for _, line := range p.promises() {
		mine, others := stet.took[line.name], peer.took[line.name]
		times := ratio(median(others.walls()), median(mine.walls()))
		required, result := timesOrNone(line.required), verdict(times, line.required, line.reach)
		if line.atMost > 0 {
			required, result = fmt.Sprintf("%s s", short(line.atMost)), "reached"
			if median(mine.walls()) > line.atMost {
				result = "MISSED"
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%.1f\t%s\t%s\t%s\t\n", line.name, secondsOf(mine), secondsOf(others), times, required, timesOrNone(line.reach), result)
	}
	required := 0.0
	if p.n >= promisedSize {
		required = lessMemory
	}
	times := ratio(float64(peer.peak), float64(stet.peak))
	fmt.Fprintf(t, "peak memory of the server\t%.0f MB\t\t%.0f MB\t\t%.1f\t%s\t-\t%s\t\n", float64(stet.peak)/1e6, float64(peer.peak)/1e6, times,
		timesOrNone(required), verdict(times, required, required))
	return t.Flush()
}

// secondsOf gives the table's two columns of one contestant.
func secondsOf(s series) string {
	walls := s.walls()
	return fmt.Sprintf("%.3f s\t%.3f-%.3f", median(walls), walls[0], walls[len(walls)-1])
}

// timesOrNone writes how many times better something must be.
func timesOrNone(times float64) string {
	if times == 0 {
		return "-"
	}
	return short(times)
}

// rows are the table's lines for the object; each has the peaks of the two
// servers, which are those of the whole run.
func (p previews) rows() (rows []row) {
	stet, peer := p.all[0], p.all[1]
	for _, line := range p.promises() {
		one := newRow(fmt.Sprintf("%s, %d articles", line.name, p.n), stet.took[line.name], peer.name, peer.took[line.name])
		one.StetMB, one.PeerMB = round(float64(stet.peak)/1e6, 0), round(float64(peer.peak)/1e6, 0)
		rows = append(rows, one)
	}
	return rows
}
