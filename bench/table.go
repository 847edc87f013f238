package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

// A line is one contestant in the table.
type line struct {
	name string
	took series
}

// A row is one comparison in the JSON report: the shape is the contract's.
type row struct {
	Case   string  `json:"case"`
	StetS  float64 `json:"stet_s"`
	Peer   string  `json:"peer"`
	PeerS  float64 `json:"peer_s"`
	Ratio  float64 `json:"ratio"`
	StetMB float64 `json:"stet_mb"`
	PeerMB float64 `json:"peer_mb"`
}

// newRow compares the medians of Stet's runs with a peer's.
func newRow(name string, stet series, peer string, peers series) row {
	stetS, peerS := median(stet.walls()), median(peers.walls())
	return row{
		Case: name, Peer: peer,
		StetS: round(stetS, 3), PeerS: round(peerS, 3), Ratio: round(ratio(peerS, stetS), 2),
		StetMB: round(median(stet.peaks()), 0), PeerMB: round(median(peers.peaks()), 0),
	}
}

// ratio divides, and gives 0 where there is nothing to divide by.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// round keeps so many digits behind the point.
func round(x float64, digits int) float64 {
	p := math.Pow(10, float64(digits))
	return math.Round(x*p) / p
}

// printTable prints all contestants, each with its ratio to the first, which is Stet.
func printTable(w io.Writer, title string, lines []line) error {
	fmt.Fprintln(w, title)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\twall s\tmin-max\tCPU s\tpeak MB\tmin-max\ttime ×\tmemory ×\t")
	first := lines[0].took
	for _, l := range lines {
		walls, peaks := l.took.walls(), l.took.peaks()
		fmt.Fprintf(t, "%s\t%.2f\t%.2f-%.2f\t%.2f\t%.0f\t%.0f-%.0f\t%.2f\t%.2f\t\n", l.name,
			median(walls), walls[0], walls[len(walls)-1], median(l.took.cpus()),
			median(peaks), peaks[0], peaks[len(peaks)-1],
			ratio(median(walls), median(first.walls())), ratio(median(peaks), median(first.peaks())))
	}
	return t.Flush()
}

// printJSON prints the rows as one object.
func printJSON(w io.Writer, rows []row) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Rows []row `json:"rows"`
	}{rows})
}
