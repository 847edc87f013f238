package main

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

// fixed is a contestant each of whose edits took so many milliseconds.
func fixed(name string, peak int64, ms ...int) *contestant {
	c := &contestant{name: name, peak: peak, took: map[string]series{}}
	for _, line := range (previews{}).promises() {
		for _, one := range ms {
			c.add(line.name, time.Duration(one)*time.Millisecond)
		}
	}
	return c
}

// The table has a line for each edit, its medians and ranges, and what is
// required of an archive that is large enough.
func TestServeTable(t *testing.T) {
	s := &serving{options: options{N: 10000, Runs: 3, Dir: "/dev/shm"}, stderr: io.Discard}
	for _, test := range []struct {
		what       string
		n          int
		stet, hugo *contestant
		lines      map[string]string
	}{
		{"reached", 10000, fixed("stet", 100e6, 90, 110, 100), fixed("hugo", 1600e6, 2000, 2100, 1900), map[string]string{
			"body edit, served":                     "0.100 s 0.090-0.110 2.000 s 1.900-2.100 20.0 12 20 reached",
			"body edit, shown":                      "0.100 s 0.090-0.110 2.000 s 1.900-2.100 20.0 - -",
			"layout edit, a page not yet looked at": "0.100 s 0.090-0.110 2.000 s 1.900-2.100 20.0 - -",
			"first page, started again":             "0.100 s 0.090-0.110 2.000 s 1.900-2.100 20.0 1 s - reached",
			"peak memory of the server":             "100 MB 1600 MB 16.0 10 - reached",
		}},
		{"as required", 10000, fixed("stet", 100e6, 100), fixed("hugo", 1600e6, 1300), map[string]string{
			"body edit, served": "0.100 s 0.100-0.100 1.300 s 1.300-1.300 13.0 12 20 as required",
		}},
		{"missed", 10000, fixed("stet", 200e6, 1100), fixed("hugo", 1600e6, 1200), map[string]string{
			"body edit, served":         "1.100 s 1.100-1.100 1.200 s 1.200-1.200 1.1 12 20 MISSED",
			"CSS edit, served":          "1.100 s 1.100-1.100 1.200 s 1.200-1.200 1.1 - -",
			"first page, nothing kept":  "1.100 s 1.100-1.100 1.200 s 1.200-1.200 1.1 - -",
			"first page, started again": "1.100 s 1.100-1.100 1.200 s 1.200-1.200 1.1 1 s - MISSED",
			"peak memory of the server": "200 MB 1600 MB 8.0 10 - MISSED",
		}},
		{"a small archive", 1000, fixed("stet", 200e6, 100), fixed("hugo", 300e6, 200), map[string]string{
			"body edit, served":         "0.100 s 0.100-0.100 0.200 s 0.200-0.200 2.0 - -",
			"peak memory of the server": "200 MB 300 MB 1.5 - -",
		}},
	} {
		var out bytes.Buffer
		if err := s.report([]previews{{test.n, []*contestant{test.stet, test.hugo}}}, &out); err != nil {
			t.Fatal(err)
		}
		for name, want := range test.lines {
			_, rest, _ := strings.Cut(out.String(), name+" ")
			line, _, _ := strings.Cut(rest, "\n")
			if got := strings.Join(strings.Fields(line), " "); got != want {
				t.Errorf("%s: %s %q, want %q", test.what, name, got, want)
			}
		}
	}
}

// The object has the rows of both archives, and the table goes to stderr.
func TestServeObject(t *testing.T) {
	var out, errs bytes.Buffer
	s := &serving{options: options{N: 10000, Runs: 1, JSON: true}, stderr: &errs}
	stet, hugo := fixed("stet", 100e6, 100), fixed("hugo 1", 1600e6, 2000)
	if err := s.report([]previews{{1000, []*contestant{stet, hugo}}, {10000, []*contestant{stet, hugo}}}, &out); err != nil {
		t.Fatal(err)
	}
	var object struct{ Rows []row }
	if err := json.Unmarshal(out.Bytes(), &object); err != nil {
		t.Fatal(err)
	}
	want := row{Case: "body edit, served, 1000 articles", StetS: 0.1, Peer: "hugo 1", PeerS: 2, Ratio: 20, StetMB: 100, PeerMB: 1600}
	if len(object.Rows) != 22 || object.Rows[0] != want || object.Rows[11].Case != "body edit, served, 10000 articles" {
		t.Errorf("%d rows, the first %+v", len(object.Rows), object.Rows[0])
	}
	if tables := regexp.MustCompile(`serve, 10{3,4} articles, 1 runs each`).FindAllString(errs.String(), -1); len(tables) != 2 {
		t.Errorf("stderr: %q", &errs)
	}
}
