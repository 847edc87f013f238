package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// runCold is `bench cold`: first builds of the archive, Hugo and Stet in turn.
func runCold(args []string, stdout, stderr io.Writer) error {
	var o options
	flags := flag.NewFlagSet("cold", flag.ContinueOnError)
	flags.SetOutput(stderr)
	o.add(flags, 10000, 3)
	rest, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || o.N < 1 || o.N > archiveSeconds || o.Runs < 1 {
		return usageError("usage: go run ./bench cold " + optionsUsage)
	}
	work, done, err := o.workFolder(spaceFor(o.N, 3, 5), stderr)
	if err != nil {
		return err
	}
	defer done()
	return cold(o, newSites(work), stdout, stderr)
}

// cold builds, measures, compares and reports.
func cold(o options, s sites, stdout, stderr io.Writer) error {
	hugo, stet, err := findBoth(s, stderr)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "writing an archive of %d articles\n", o.N)
	theme := newPaper(filepath.Dir(s.Stet.Dir), "theme")
	if err := errors.Join(s.prepare(o.N, o.Seed), writeForTheme(theme.Dir, o.N, o.Seed)); err != nil {
		return err
	}
	var took coldTimes
	for i := range o.Runs {
		for _, c := range []struct {
			name string
			run  func() (usage, error)
			took *series
		}{
			{"hugo", func() (usage, error) { return s.Hugo.first(withHugo(hugo)) }, &took.hugo},
			{"stet --no-compile", func() (usage, error) { return s.Stet.first(withStet(stet, "--no-compile")) }, &took.uncompiled},
			{"stet", func() (usage, error) { return s.Stet.first(withStet(stet)) }, &took.stet},
			{"cp -r", func() (usage, error) { return copyEdition(s) }, &took.floor},
			{"check", func() (usage, error) { return checkSite(stet, s.Stet) }, &took.check},
			{"stet, theme", func() (usage, error) { return theme.first(withStet(stet)) }, &took.theme},
			{"check, theme", func() (usage, error) { return checkSite(stet, theme) }, &took.themeCheck},
		} {
			one, err := c.run()
			if err != nil {
				return err
			}
			fmt.Fprintf(stderr, "run %d of %d: %-17s %s\n", i+1, o.Runs, c.name, one)
			*c.took = append(*c.took, one)
		}
	}
	result, err := compareEditions(s.Hugo.Out, s.Stet.Out)
	if err != nil {
		return err
	}
	if err := reportCold(o, took, stdout, stderr); err != nil {
		return err
	}
	return result.report(stderr)
}

// coldTimes are what was measured of each contestant.
type coldTimes struct{ stet, hugo, uncompiled, floor, check, theme, themeCheck series }

// reportCold prints the table, or the object.
func reportCold(o options, took coldTimes, stdout, stderr io.Writer) error {
	name, peer := fmt.Sprintf("cold build, %d articles", o.N), "hugo "+hugoVersion
	where := stdout
	if o.JSON {
		where = stderr
	}
	lines := []line{{"stet", took.stet}, {peer, took.hugo}, {"stet --no-compile", took.uncompiled}, {"cp -r of stet's edition", took.floor}, {"stet check", took.check},
		{"stet, built-in theme", took.theme}, {"stet check, built-in theme", took.themeCheck}}
	if err := printTable(where, o.title(name), lines); err != nil {
		return err
	}
	wall := func(of series) float64 { return median(of.walls()) }
	fmt.Fprintf(where, "stet is %.1f times faster than hugo, in 1/%.1f of its memory; copying takes 1/%.1f of stet's time\n",
		ratio(wall(took.hugo), wall(took.stet)), ratio(median(took.hugo.peaks()), median(took.stet.peaks())), ratio(wall(took.stet), wall(took.floor)))
	fmt.Fprintf(where, "stet check takes %.2f of a cold build, and in the built-in theme %.2f; without compiled layouts a build takes %.2f times as long\n",
		ratio(wall(took.check), wall(took.stet)), ratio(wall(took.themeCheck), wall(took.theme)), ratio(wall(took.uncompiled), wall(took.stet)))
	if !o.JSON {
		return nil
	}
	return printJSON(stdout, []row{newRow(name, took.stet, peer, took.hugo), newRow(name+", layouts not compiled beside it", took.stet, "stet --no-compile", took.uncompiled),
		newRow(name+", copying as the floor", took.stet, "cp -r", took.floor), newRow(name+", stet check beside it", took.stet, "stet check", took.check),
		newRow(name+", built-in theme, stet check beside it", took.theme, "stet check", took.themeCheck)})
}

// copyEdition copies Stet's edition: no build of these files can be faster.
func copyEdition(s sites) (usage, error) {
	if err := os.RemoveAll(s.FloorOut); err != nil {
		return usage{}, err
	}
	return measure(s.Stet.Out, "cp", "-r", s.Stet.Out, s.FloorOut)
}

// checkSite has Stet say what an editor would, of the same site, with nothing kept.
func checkSite(stet string, p paper) (usage, error) {
	return measure(p.Dir, stet, "check", "--no-cache")
}
