package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/site"
)

type nextFlags struct{ siteFlags }

func nextCommand(s *system) *cobra.Command {
	var f nextFlags
	cmd := &cobra.Command{
		Use:   "next [flags]",
		Short: "say when the edition next changes by itself",
		Long: "Says when a story will be published or expire: the time at which stet build is to run again though nobody\n" +
			"changed a file. Prints that time, or never.",
		Example: examples("stet next", "stet next --at 2026-12-24", "stet next --json"),
		Args:    arguments(),
		RunE:    func(*cobra.Command, []string) error { return f.run(s) },
	}
	f.add(cmd)
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
	o, _, err := f.options(s)
	if err != nil {
		return err
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
	for _, c := range coming {
		fmt.Fprintln(s.out, "  "+f.told(c))
	}
	return nil
}

// told says what happens to a story. Embargoed ones are not named.
func (f *nextFlags) told(c site.Coming) string {
	switch {
	case c.What == "embargo" && !f.all:
		return "an embargoed story is published (--all names it)"
	case c.What == "expires":
		return oneLine(c.Path) + " expires"
	case c.What == "correction":
		return oneLine(c.Path) + " shows a correction"
	case c.What == "front":
		return oneLine(c.Path) + " changes what stands on its front"
	case c.What == "draft":
		return oneLine(c.Path) + ", a draft without a date, is of another day"
	}
	return oneLine(c.Path) + " is published"
}

func (f *nextFlags) report(at time.Time, coming []site.Coming) nextReport {
	r := nextReport{Coming: []comingFile{}}
	if next := stamp(at); next != "" {
		r.Next = &next
	}
	for _, c := range coming {
		file := comingFile{c.Path, map[string]string{"future": "published", "embargo": "published", "expires": "expires", "draft": "draft", "correction": "correction", "front": "changes"}[c.What]}
		if c.What == "embargo" && !f.all {
			file.Path = ""
		}
		r.Coming = append(r.Coming, file)
	}
	return r
}
