package main

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/build"
	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/diag"
)

type checkFlags struct {
	siteFlags
	format, against, host string
	external              bool
}

// formats are the ways in which a check reports.
var formats = []string{"text", "json", "sarif"}

func checkCommand(s *system) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [PATH…] [flags]",
		Short: "say what an editor would, and all that a build refuses",
		Long: "Looks at every story as readers will see it and says what an editor would: a picture without credit, a caption\n" +
			"without its stop, a headline that search engines cut. Each message names its rule, which site.yaml switches off\n" +
			"or makes an error, and a story does without: docs/check.md tells how. What a build would refuse is said too.\n" +
			"Nothing is put in place.\n\n" +
			"With --against it also compares with an edition that was published: texts that are others and nobody is told, addresses\n" +
			"that lead nowhere now, stories that are gone without a notice.\n\n" +
			"With paths it says only what is to be said of these files and folders. Warnings do not make it fail.",
		Example: examples("stet check", "stet check content/town/mill-fire.md", "stet check content/opinion --drafts", "stet check --against public", "stet check --format sarif >stet.sarif", "stet check --external --host github-pages"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("against") && f.against == "" { // as from a variable that nobody set
				return mistaken("write it like --against public", "--against says nothing")
			}
			return f.run(cmd.Context(), s, args)
		},
	}
	f.add(cmd)
	f.addCompile(cmd)
	cmd.Flags().StringVar(&f.format, "format", "text", "report as text, json or sarif: `FORMAT`")
	cmd.Flags().StringVar(&f.against, "against", "", "compare with the edition in a `FOLDER`, or of a target of deploy in site.yaml")
	cmd.Flags().BoolVar(&f.external, "external", false, "ask other sites whether links to them are dead")
	cmd.Flags().StringVar(&f.host, "host", "", "say what this `HOST` cannot take, which is one of "+strings.Join(check.HostNames(), ", "))
	return cmd
}

func (f *checkFlags) run(ctx context.Context, s *system, paths []string) error {
	switch {
	case !slices.Contains(formats, f.format):
		return mistaken(nearOf(f.format, formats, "--format "), "--format: there is no format %q", f.format)
	case f.host != "" && !slices.Contains(check.HostNames(), f.host):
		return mistaken(nearOf(f.host, check.HostNames(), "--host "), "--host: nothing is known of the host %q", f.host)
	case f.json && f.format == "sarif":
		return mistaken("give one of them", "--json and --format sarif contradict each other")
	case f.json || f.format == "json":
		f.json, f.format = true, "json"
	}
	if above := siteAbove(f.dir); f.dir == "." && above != "" && !exists("site.yaml") && len(paths) > 0 && exists(paths[0]) {
		f.dir = above // files of the site are asked for in its own folder
	}
	o, cfg, err := f.options(s)
	if err != nil {
		return f.refused(s, err)
	}
	what := build.Checking{Foreign: f.external, Host: f.host}
	if f.against != "" {
		if what.Against, err = f.compared(&o, cfg); err != nil {
			return err
		}
	}
	o.Out, o.Started = f.inside("public"), s.now()
	o.Cache = f.keep(s, o.Out)
	wanted, err := f.wanted(paths)
	if err != nil {
		return err
	}
	bar := newProgress(s)
	o.Progress, o.Listed = bar.tell, looking.bound
	done, found := build.Check(ctx, o, what)
	var q *inquiry
	if f.external && done.Read && cfg.Check.Rules[externalRule] != config.Off {
		q = newInquiry(s, o.Cache, cfg.BaseURL)
		q.told = bar.tell
		if wanted != nil {
			done.Foreign = slices.DeleteFunc(done.Foreign, func(address string) bool { return !slices.ContainsFunc(done.Written(address), wanted) })
		}
		found = append(found, q.links(ctx, &done)...)
		if ctx.Err() != nil {
			found = append(found, diag.Problem{Severity: diag.Error, Text: "stopped before all links were asked for", Hint: "what was asked is kept: the next check goes on from there"})
		}
	}
	bar.clear()
	c := &checkReport{f: f, s: s, done: done, asked: q, told: told{s: s, f: &f.siteFlags, now: o.Now, rep: done.Report, found: found}}
	if done.Read && wanted != nil { // else nothing could be looked at, and that must be said
		c.only(wanted)
	}
	if err := c.print(); err != nil {
		return err
	}
	if diag.AnyError(c.told.found) {
		return errTold
	}
	return nil
}

// refused answers an error that came before the check, in the format of a check.
func (f *checkFlags) refused(s *system, err error) error {
	if p, ok := err.(diag.Problem); ok && f.format != "text" {
		c := &checkReport{f: f, s: s, told: told{s: s, f: &f.siteFlags, found: []diag.Problem{p}}}
		if failed := c.print(); failed != nil {
			return failed
		}
	}
	return err
}

// nearOf is what to do about a word that is none of those known.
func nearOf(word string, known []string, flag string) string {
	if near := diag.Nearest(word, known); near != "" {
		return "did you mean " + flag + near + "?"
	}
	return "there are: " + strings.Join(known, ", ")
}

// wanted tells of files whether they were asked for; it is nil if all are.
func (f *checkFlags) wanted(paths []string) (func(name string) bool, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	var names []string
	for _, what := range paths {
		name := f.source(what)
		if name == "" {
			name = f.folder(what)
		}
		if name == "" {
			return nil, mistaken("give the path of a file or folder of the site, such as content/news/fire.md or content/news", "the site has no file and no folder %q", what)
		}
		names = append(names, name)
	}
	return func(name string) bool {
		return slices.ContainsFunc(names, func(n string) bool {
			folder, bundle := strings.CutSuffix(n, "/index.md") // with what lies beside it
			return n == "." || name == n || strings.HasPrefix(name, n+"/") || bundle && strings.HasPrefix(name, folder+"/")
		})
	}, nil
}

// folder is the path of a folder of the site, as source is that of a file.
func (f *checkFlags) folder(what string) string {
	for _, base := range []string{f.dir, "."} {
		full := what
		if !filepath.IsAbs(what) {
			full = filepath.Join(base, what)
		}
		name, err := filepath.Rel(absolute(f.dir), absolute(full))
		name = filepath.ToSlash(name)
		if err == nil && filepath.IsLocal(name) && isFolder(full) && (name == "." || ofSite(path.Join(name, "x"))) {
			return name
		}
	}
	return ""
}

// A checkReport is what a check is to say.
type checkReport struct {
	f    *checkFlags
	s    *system
	done build.Checked
	told told

	asked *inquiry // nil if no other site was
}

// only leaves what is said of files that were asked for.
func (c *checkReport) only(wanted func(string) bool) {
	other := func(p diag.Problem) bool { return !wanted(p.Path) }
	c.told.found = slices.DeleteFunc(c.told.found, other)
	c.done.Older = slices.DeleteFunc(c.done.Older, other)
	c.done.Stories = slices.DeleteFunc(c.done.Stories, func(name string) bool { return !wanted(name) })
	secret := secrets(c.done.Report, &c.f.siteFlags)
	for _, skip := range c.done.Skipped {
		if wanted(skip.Path) && !secret(skip.Path) && !(skip.Reason == "embargo" && !c.f.all) {
			c.s.note("not checked: %s (%s); --drafts has it checked", oneLine(skip.Path), why(skip, c.told.now))
		}
	}
}

func (c *checkReport) print() error {
	found, _ := c.told.open()
	if c.f.format == "sarif" {
		return c.s.json(c.sarif(found))
	}
	if c.f.json {
		return c.s.json(c.json(found))
	}
	c.told.problems()
	if n := len(c.done.Older); n > 0 {
		c.s.note("%s more in stories before %s", grouped(n), c.done.Since)
	}
	if !c.done.Read {
		return nil
	}
	if c.asked != nil {
		for _, line := range c.external().lines(c.f.all) {
			c.s.note("%s", line)
		}
	}
	warnings, errors := counted(found)
	fmt.Fprintf(c.s.out, "checked %s: %s, %s\n", stories(len(c.done.Stories)), count(warnings, "warning"), count(errors, "error"))
	return nil
}

// external sums up what was asked of other sites. Files that may not be named are
// not, nor the links that only they have.
func (c *checkReport) external() externalSum {
	secret := secrets(c.done.Report, &c.f.siteFlags)
	return c.asked.counted(func(address string) []string {
		return slices.DeleteFunc(c.done.Written(address), secret)
	})
}

func stories(n int) string {
	if n == 1 {
		return "1 story"
	}
	return grouped(n) + " stories"
}

func counted(found []diag.Problem) (warnings, errors int) {
	for _, p := range found {
		if p.Severity == diag.Error {
			errors++
		} else {
			warnings++
		}
	}
	return warnings, errors
}

// A checkObject is what --json reports of a check. docs and scripts rely on it.
type checkObject struct {
	Stories  int            `json:"stories"`
	Warnings int            `json:"warnings"`
	Errors   int            `json:"errors"`
	Rules    map[string]int `json:"rules"` // how often each rule found something
	Problems []diag.Problem `json:"problems"`
	Older    int            `json:"older,omitempty"` // found in stories before Since, and not listed
	Since    string         `json:"since,omitempty"`
	External *externalSum   `json:"external,omitempty"`
}

func (c *checkReport) json(found []diag.Problem) checkObject {
	o := checkObject{Stories: len(c.done.Stories), Rules: map[string]int{}, Problems: list(found), Older: len(c.done.Older), Since: c.done.Since}
	o.Warnings, o.Errors = counted(found)
	if c.asked != nil {
		sum := c.external()
		o.External = &sum
	}
	for _, p := range found {
		if p.Rule != "" {
			o.Rules[p.Rule]++
		}
	}
	return o
}
