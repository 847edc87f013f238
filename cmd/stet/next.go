package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/site"
)

type nextFlags struct {
	siteFlags
	out, snippet string
}

func nextCommand(s *system) *cobra.Command {
	var f nextFlags
	cmd := &cobra.Command{
		Use:   "next [flags]",
		Short: "say when the edition next changes by itself",
		Long: "Says when stet build is to run again though nobody changed a file, and why: a story is published or expires,\n" +
			"leaves the news sitemap, is a year older, or its comments close. Prints that time, or never.\n\n" +
			"With --snippet it prints what has stet build run in time on this machine or in CI, ready to paste.",
		Example: examples("stet next", "stet next --at 2026-12-24", "stet next --json", "stet next --snippet systemd"),
		Args:    arguments(),
		RunE:    func(*cobra.Command, []string) error { return f.run(s) },
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.out, "out", "public", "of --snippet: the edition is made in `DIR`")
	cmd.Flags().StringVar(&f.snippet, "snippet", "", "print what builds in time, for `WHOM`: "+strings.Join(slices.Sorted(maps.Keys(snippets)), ", "))
	return cmd
}

// A nextReport is what --json reports.
type nextReport struct {
	Next   *string      `json:"next_change"` // null: never
	Coming []comingFile `json:"coming"`
}

type comingFile struct {
	Path string `json:"path,omitempty"` // "" of an embargoed story
	What string `json:"what"`
}

func (f *nextFlags) run(s *system) error {
	o, cfg, err := f.options(s)
	if err != nil {
		return err
	}
	if f.snippet != "" {
		return f.paste(s, cfg)
	}
	at, coming, rep, problems := build.Next(o)
	if diag.AnyError(problems) {
		told{s, &f.siteFlags, o.Now, rep, problems}.problems()
		return errTold
	}
	if f.json {
		return s.json(f.report(at, coming))
	}
	if at.IsZero() {
		fmt.Fprintln(s.out, "never")
		return nil
	}
	fmt.Fprintf(s.out, "%s, %s\n", at.Format("2006-01-02 15:04 MST"), ago(o.Now, at))
	for _, line := range f.lines(coming) {
		fmt.Fprintln(s.out, "  "+line)
	}
	return nil
}

// happens says what happens to a story, in words and in one for programs.
var happens = map[string]struct{ text, word string }{
	"future":   {"%s is published", "published"},
	"embargo":  {"%s is published", "published"},
	"lifted":   {"the embargo of %s ends", "lifted"},
	"expires":  {"%s expires", "expires"},
	"draft":    {"%s, a draft without a date, is of another day", "draft"},
	"news":     {"%s leaves the news sitemap", "news"},
	"age":      {"%s is a year older, and says so", "age"},
	"comments": {"comments on %s close", "comments"},

	"correction": {"%s shows a correction", "correction"},
	"front":      {"%s changes what stands on its front", "changes"},
	"feed":       {"%s leaves a feed that names hours", "feed"},
	"update":     {"%s says that it was updated", "update"},
	"security":   {"%s: security.txt is out of date", "security"},
	"securing":   {"%s: security.txt expires within a year", "securing"},
	"since":      {"%s: stories are checked from that day on", "since"},
}

// alike is how many stories are named to which the same happens.
const alike = 3

// lines say what happens. Embargoed stories are not named, nor more than a few to
// which the same happens, unless all are wished for.
func (f *nextFlags) lines(coming []site.Coming) (lines []string) {
	times := map[string]int{}
	for _, c := range coming {
		times[c.What]++
	}
	named := map[string]int{}
	for _, c := range coming {
		n := named[c.What]
		named[c.What]++
		switch rest := times[c.What] - alike; {
		case f.hides(c):
			lines = append(lines, fmt.Sprintf(happens[c.What].text, map[string]string{"embargo": "an embargoed story", "lifted": "a story"}[c.What])+" (--all names it)")
		case f.all || n < alike:
			lines = append(lines, fmt.Sprintf(happens[c.What].text, oneLine(c.Path)))
		case n == alike:
			lines = append(lines, "and "+grouped(rest)+" more like that (--all names them)")
		}
	}
	return lines
}

// hides tells whether a story may not be named.
func (f *nextFlags) hides(c site.Coming) bool {
	return (c.What == "embargo" || c.What == "lifted") && !f.all
}

func (f *nextFlags) report(at time.Time, coming []site.Coming) nextReport {
	r := nextReport{Coming: []comingFile{}}
	if next := stamp(at); next != "" {
		r.Next = &next
	}
	for _, c := range coming {
		file := comingFile{c.Path, happens[c.What].word}
		if f.hides(c) {
			file.Path = ""
		}
		r.Coming = append(r.Coming, file)
	}
	return r
}
