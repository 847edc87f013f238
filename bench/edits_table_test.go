package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// runs makes a series of these milliseconds, each with 50 MB.
func runs(milliseconds ...int) (s series) {
	for _, ms := range milliseconds {
		s = append(s, usage{Wall: time.Duration(ms) * time.Millisecond, Peak: 50e6})
	}
	return s
}

// fixedEditing is a run of the edits with fixed durations.
func fixedEditing() (*editing, []bound) {
	p := &edited{name: "bench layouts"}
	e := &editing{options: options{N: 100, Runs: 3, Dir: "/dev/shm/"}, peers: runs(6000, 5000, 7000), trials: []*trial{
		{paper: p, change: &nothing, required: 60, reach: 100, took: runs(60, 50, 70)},
		{paper: p, change: &body, required: 50, reach: 80, took: runs(110, 100, 120), last: built{Made: 1, Written: []string{"a"}}},
		{paper: p, change: &partial, required: 4, reach: 8, took: runs(2000), last: built{Made: 100, Written: []string{"a"}}},
		{paper: p, change: &headline, took: runs(1000)},
		{paper: p, change: &publication, took: runs(200), most: built{Written: []string{"a.html", "b.html"}}},
	}}
	return e, []bound{e.publishing(),
		{name: "cold, 400 articles against 100", took: runs(8000), value: 4.21, unit: "times", atMost: 4.2, peer: "stet, 100 articles", peers: runs(1900)},
		{name: "cold, 1000 articles", took: runs(9000), value: 999.9, unit: "MB", atMost: 1000}}
}

const fixedReport = `
                                      wall s      min-max  peak MB  made  written  of hugo  required  reach
    hugo 0.165.0 after each, 3 times   6.000  5.000-7.000       50
      nothing changed, bench layouts   0.060  0.050-0.070       50     0        0    1/100      1/60  1/100      reached
      one body edited, bench layouts   0.110  0.100-0.120       50     1        1     1/55      1/50   1/80  as required
     a partial edited, bench layouts   2.000  2.000-2.000       50   100        1      1/3       1/4    1/8       MISSED
  one headline edited, bench layouts   1.000  1.000-1.000       50     0        0      1/6         -      -
  one story published, bench layouts   0.200  0.200-0.200       50     0        0     1/30         -      -
                                      wall s      min-max  peak MB    measured    at most
  one story published, bench layouts   0.200  0.200-0.200       50     2 files   60 files  reached
      cold, 400 articles against 100   8.000  8.000-8.000       50  4.21 times  4.2 times   MISSED
                 cold, 1000 articles   9.000  9.000-9.000       50     1000 MB    1000 MB  reached
one story published, bench layouts, wrote at most these 2 files:
  a.html
  b.html
`

// The report says what is reached, what is required and what is missed.
func TestEditsReport(t *testing.T) {
	e, bounds := fixedEditing()
	var out bytes.Buffer
	if err := e.report(bounds, &out); err != nil {
		t.Fatal(err)
	}
	title, rest, _ := strings.Cut(out.String(), "\n")
	if !strings.HasPrefix(title, "edits, 100 articles, 3 runs each in /dev/shm, ") {
		t.Errorf("title %q", title)
	}
	var lines []string
	for line := range strings.Lines(rest) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	if got := "\n" + strings.Join(lines, "\n") + "\n"; got != fixedReport {
		t.Errorf("got %s\nwant %s", got, fixedReport)
	}
}

// With -json stdout is one object of rows, and the tables are on stderr.
func TestEditsJSON(t *testing.T) {
	e, bounds := fixedEditing()
	var out, errs bytes.Buffer
	e.JSON, e.stderr = true, &errs
	if err := e.report(bounds, &out); err != nil {
		t.Fatal(err)
	}
	var object struct{ Rows []row }
	if err := json.Unmarshal(out.Bytes(), &object); err != nil {
		t.Fatal(err)
	}
	want := map[string]row{
		"nothing changed, bench layouts": {StetS: 0.06, Peer: "hugo " + hugoVersion, PeerS: 6, Ratio: 100, StetMB: 50, PeerMB: 50},
		"cold, 400 articles against 100": {StetS: 8, Peer: "stet, 100 articles", PeerS: 1.9, Ratio: 0.24, StetMB: 50, PeerMB: 50},
		"cold, 1000 articles":            {StetS: 9, StetMB: 50},
	}
	for _, got := range object.Rows {
		if w, ok := want[got.Case]; ok {
			w.Case = got.Case
			delete(want, got.Case)
			if got != w {
				t.Errorf("%+v, want %+v", got, w)
			}
		}
	}
	if len(want) > 0 || len(object.Rows) != 7 {
		t.Errorf("%d rows, without %v", len(object.Rows), want)
	}
	if !strings.Contains(errs.String(), "MISSED") {
		t.Errorf("stderr has no table: %q", &errs)
	}
}

// What cannot be measured is refused before anything is written.
func TestFlagsRefused(t *testing.T) {
	for _, args := range [][]string{
		{"edits", "-n", "9"}, {"edits", "-n", "100000000"}, {"edits", "-runs", "0"}, {"edits", "more"}, {"edits", "-what"},
		{"cold", "-n", "0"}, {"cold", "-large"}, {"serve", "-n", "9"}, {"serve", "-runs", "0"}, {"serve", "more"}, {"photos", "-n", "0"}, {"photos", "-n", "1001"}, {"photos", "-runs", "0"}, {"photos", "more"}, {"camera", "out"}, {"camera", "out", "none"}, {"soak", "-only", "fuzz,all"}, {"soak", "-steps", "0"}, {"soak", "-readers", "0"}, {"soak", "-fuzztime", "0s"}, {"soak", "more"},
	} {
		var out, errs bytes.Buffer
		if status := run(args, &out, &errs); status != 2 || errs.Len() == 0 || out.Len() > 0 {
			t.Errorf("%q: status %d, %q", args, status, &errs)
		}
	}
}

// Where there is no room, that is said, with how much is needed.
func TestNoRoom(t *testing.T) {
	const tooMuch = 1 << 60
	if _, known := freeBytes(t.TempDir()); !known {
		t.Skip("this system does not tell how much room there is")
	}
	o := options{Dir: t.TempDir()}
	var errs bytes.Buffer
	_, _, err := o.workFolder(tooMuch, &errs)
	if err == nil || !strings.Contains(err.Error(), "1152921504.6 GB are needed") || !strings.Contains(errs.String(), "GB free, which is not enough") {
		t.Errorf("%v, %q", err, &errs)
	}
}
