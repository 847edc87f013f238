package main

import (
	"flag"
	"fmt"
	"io"
	"os"
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
	work, done, err := o.workFolder(spaceFor(o.N, 2, 3), stderr)
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
	if err := s.prepare(o.N, o.Seed); err != nil {
		return err
	}
	var stets, hugos, floors, checks series
	for i := range o.Runs {
		for _, c := range []struct {
			name string
			run  func() (usage, error)
			took *series
		}{
			{"hugo", func() (usage, error) { return s.Hugo.first(withHugo(hugo)) }, &hugos},
			{"stet", func() (usage, error) { return s.Stet.first(withStet(stet)) }, &stets},
			{"cp -r", func() (usage, error) { return copyEdition(s) }, &floors},
			{"check", func() (usage, error) { return checkSite(stet, s.Stet) }, &checks},
		} {
			took, err := c.run()
			if err != nil {
				return err
			}
			fmt.Fprintf(stderr, "run %d of %d: %-5s %s\n", i+1, o.Runs, c.name, took)
			*c.took = append(*c.took, took)
		}
	}
	result, err := compareEditions(s.Hugo.Out, s.Stet.Out)
	if err != nil {
		return err
	}
	if err := reportCold(o, stets, hugos, floors, checks, stdout, stderr); err != nil {
		return err
	}
	return result.report(stderr)
}

// reportCold prints the table, or the object.
func reportCold(o options, stets, hugos, floors, checks series, stdout, stderr io.Writer) error {
	name, peer := fmt.Sprintf("cold build, %d articles", o.N), "hugo "+hugoVersion
	where := stdout
	if o.JSON {
		where = stderr
	}
	if err := printTable(where, o.title(name), []line{{"stet", stets}, {peer, hugos}, {"cp -r of stet's edition", floors}, {"stet check", checks}}); err != nil {
		return err
	}
	speed := ratio(median(hugos.walls()), median(stets.walls()))
	memory := ratio(median(hugos.peaks()), median(stets.peaks()))
	fmt.Fprintf(where, "stet is %.1f times faster than hugo, in 1/%.1f of its memory; copying takes 1/%.1f of stet's time\n",
		speed, memory, ratio(median(stets.walls()), median(floors.walls())))
	fmt.Fprintf(where, "stet check takes %.2f of a cold build\n", ratio(median(checks.walls()), median(stets.walls())))
	if !o.JSON {
		return nil
	}
	return printJSON(stdout, []row{newRow(name, stets, peer, hugos), newRow(name+", copying as the floor", stets, "cp -r", floors), newRow(name+", stet check beside it", stets, "stet check", checks)})
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
