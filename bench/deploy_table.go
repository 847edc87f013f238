package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// A deployRow is one comparison in the JSON report, with what was asked of the
// store.
type deployRow struct {
	row
	StetRequests float64 `json:"stet_requests"`
	StetUp       float64 `json:"stet_up_bytes"`
	StetDown     float64 `json:"stet_down_bytes"`
	PeerRequests float64 `json:"peer_requests"`
	PeerUp       float64 `json:"peer_up_bytes"`
	PeerDown     float64 `json:"peer_down_bytes"`
}

// took gives what several deploys took as programs.
func took(all []sending) (s series) {
	for _, one := range all {
		s = append(s, one.usage)
	}
	return s
}

// middle is the median of one number of several deploys.
func middle(all []sending, of func(traffic) int64) float64 {
	var numbers []float64
	for _, one := range all {
		numbers = append(numbers, float64(of(one.traffic)))
	}
	slices.Sort(numbers)
	return median(numbers)
}

func requests(t traffic) int64 { return t.Requests }
func up(t traffic) int64       { return t.Up }
func down(t traffic) int64     { return t.Down }

// report prints the table, or the object.
func (d *deploying) report(all []*sender, stdout io.Writer) error {
	where := stdout
	if d.JSON {
		where = d.stderr
	}
	fmt.Fprintln(where, d.title(fmt.Sprintf("deploy, %d articles, %d files of %.1f MB", d.N, d.files, float64(d.bytes)/1e6)))
	t := tabwriter.NewWriter(where, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\trequests\tMB up\tMB down\twall s\tmin-max\tCPU s\tpeak MB\trequests ×\ttime ×\t")
	var rows []deployRow
	for _, part := range []struct {
		name string
		of   func(*sender) []sending
	}{{"first deploy", func(c *sender) []sending { return c.first }}, {"one article", func(c *sender) []sending { return c.edit }}} {
		mine := part.of(all[0])
		for i, c := range all {
			theirs := part.of(c)
			walls := took(theirs).walls()
			fmt.Fprintf(t, "%s, %s\t%.0f\t%.3f\t%.3f\t%.2f\t%.2f-%.2f\t%.2f\t%.0f\t%.2f\t%.2f\t\n", part.name, c.name,
				middle(theirs, requests), middle(theirs, up)/1e6, middle(theirs, down)/1e6, median(walls), walls[0], walls[len(walls)-1],
				median(took(theirs).cpus()), median(took(theirs).peaks()),
				ratio(middle(theirs, requests), middle(mine, requests)), ratio(median(walls), median(took(mine).walls())))
			if i > 0 {
				rows = append(rows, deployRow{newRow(fmt.Sprintf("%s, %d articles", part.name, d.N), took(mine), c.name, took(theirs)),
					middle(mine, requests), middle(mine, up), middle(mine, down), middle(theirs, requests), middle(theirs, up), middle(theirs, down)})
			}
		}
	}
	if err := t.Flush(); err != nil || !d.JSON {
		return err
	}
	e := json.NewEncoder(stdout)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Rows []deployRow `json:"rows"`
	}{rows})
}
