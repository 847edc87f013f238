package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/desk"
	"stet/internal/diag"
)

func publishCommand(s *system) *cobra.Command {
	f := deskFlags{}
	cmd := &cobra.Command{
		Use:   "publish PATH [flags]",
		Short: "publish a draft, now or at a time to come",
		Long: "Writes the date into a draft and removes its line draft: true; the next build puts it into the edition. Without\n" +
			"--at the date is now, unless the story has one that is to come: that is its schedule, and stays. Nothing else of\n" +
			"the file is changed. PATH is a file, the folder of a bundle, or the address that the preview shows.",
		Example: examples("stet publish content/news/fire.md", `stet publish content/news/fire.md --at "2026-12-01 06:00"`, "stet publish content/news/fire.md --at now"),
		Args:    arguments("path"),
		RunE:    func(_ *cobra.Command, args []string) error { return f.publish(s, args[0]) },
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.at, "at", "", "publish it at this `TIME`, such as \"2026-11-22 14:05\"")
	return cmd
}

// A deskReport is what --json reports of a story that was published or updated.
type deskReport struct {
	Path  string   `json:"path"`
	State string   `json:"state"` // published, future or embargo
	Date  string   `json:"date"`  // that was written
	Until string   `json:"until,omitempty"`
	URL   string   `json:"url,omitempty"`
	Files []string `json:"changed"`
}

func (f *deskFlags) publish(s *system, what string) error {
	return f.change(s, what, func(name string, at, now desk.Moment) (*desk.Outcome, []diag.Problem) {
		if f.at == "" {
			return desk.Publish(f.r, name, now, nil)
		}
		return desk.Publish(f.r, name, now, &at)
	}, f.published)
}

// change has a story changed, writes it, and says what became of it.
func (f *deskFlags) change(s *system, what string, do func(name string, at, now desk.Moment) (*desk.Outcome, []diag.Problem), said func(o *desk.Outcome, now desk.Moment) string) error {
	name, err := f.read(s, what)
	if err != nil {
		return err
	}
	defer f.r.Close()
	at, now, err := f.moment(s)
	if err != nil {
		return err
	}
	o, problems := do(name, at, now)
	if o == nil {
		return f.refuse(s, problems)
	}
	if err := f.save("", "", o.Files); err != nil {
		return err
	}
	if f.json {
		return s.json(f.report(o))
	}
	fmt.Fprintln(s.out, oneLine(name+": "+said(o, now)))
	return nil
}

func (f *deskFlags) report(o *desk.Outcome) deskReport {
	return deskReport{o.Path, o.Place.State, stamp(o.Date.Time), stamp(o.Place.Until), f.address(o.Place.URL), paths(o.Files)}
}

// published says what became of a story.
func (f *deskFlags) published(o *desk.Outcome, now desk.Moment) string {
	var b strings.Builder
	url := f.address(o.Place.URL)
	if o.Place.State == "published" {
		if o.Already {
			return "already published, dated " + o.Date.Text + ", at " + url + "; nothing was changed"
		}
		b.WriteString("published, dated " + o.Date.Text)
		if o.Was != "" && o.Was != o.Date.Text {
			b.WriteString(" (was " + o.Was + ")")
		}
		return b.String() + "; the next build puts it at " + url
	}
	if o.Already {
		b.WriteString("already scheduled, and nothing was changed: ")
	}
	fmt.Fprintf(&b, "will be published %s, %s, at %s", o.Place.Until.Format("2006-01-02 15:04 MST"), ago(now.Time, o.Place.Until), url)
	switch {
	case o.Place.State == "embargo" && o.Place.Until.After(o.Date.Time):
		b.WriteString(`, when its embargo ends; "stet next" says when to build`)
	case o.Date.Text == o.Was:
		b.WriteString(`, the date it has (--at now publishes it at once); "stet next" says when to build`)
	default:
		b.WriteString(`; "stet next" says when to build`)
	}
	return b.String()
}
