package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
)

// coldOptions are the flags of `bench cold`.
type coldOptions struct {
	N, Runs    int
	Seed       uint64
	Dir        string
	Keep, JSON bool
}

// runCold is `bench cold`: first builds of the archive, Hugo and Stet in turn.
func runCold(args []string, stdout, stderr io.Writer) error {
	var o coldOptions
	flags := flag.NewFlagSet("cold", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.N, "n", 10000, "articles in the archive")
	flags.IntVar(&o.Runs, "runs", 3, "builds of each contestant")
	flags.Uint64Var(&o.Seed, "seed", 1, "another seed makes another archive")
	flags.StringVar(&o.Dir, "dir", "/dev/shm", "where to work")
	flags.BoolVar(&o.Keep, "keep", false, "leave the sites and editions there")
	flags.BoolVar(&o.JSON, "json", false, "print one JSON object")
	rest, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || o.N < 1 || o.N > archiveSeconds || o.Runs < 1 {
		return usageError("usage: go run ./bench cold [-n 10000] [-dir /dev/shm] [-runs 3] [-seed 1] [-keep] [-json]")
	}
	if _, err := os.Stat(o.Dir); err != nil {
		fmt.Fprintf(stderr, "there is no %s here: working in %s\n", o.Dir, os.TempDir())
		o.Dir = os.TempDir()
	}
	work, err := os.MkdirTemp(o.Dir, "stet-bench-")
	if err != nil {
		return err
	}
	if o.Keep {
		fmt.Fprintln(stderr, "working in", work)
	} else {
		defer os.RemoveAll(work)
		defer removeOnInterrupt(work)()
	}
	return cold(o, newSites(work), stdout, stderr)
}

// removeOnInterrupt clears the work folder, which may lie in memory, when the
// user breaks off; the function that it gives ends the watch.
func removeOnInterrupt(work string) (stop func()) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	go func() {
		if _, broken := <-interrupts; broken {
			os.RemoveAll(work)
			os.Exit(1)
		}
	}()
	return func() {
		signal.Stop(interrupts)
		close(interrupts)
	}
}

// cold builds, measures, compares and reports.
func cold(o coldOptions, s sites, stdout, stderr io.Writer) error {
	hugo, err := findHugo(stderr)
	if err != nil {
		return err
	}
	stet, err := buildStet(s.Bin, stderr)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "writing an archive of %d articles\n", o.N)
	if err := s.prepare(o.N, o.Seed); err != nil {
		return err
	}
	var stets, hugos, floors series
	for i := range o.Runs {
		for _, c := range []struct {
			name string
			run  func() (usage, error)
			took *series
		}{
			{"hugo", func() (usage, error) { return buildWithHugo(hugo, s) }, &hugos},
			{"stet", func() (usage, error) { return buildWithStet(stet, s) }, &stets},
			{"cp -r", func() (usage, error) { return copyEdition(s) }, &floors},
		} {
			took, err := c.run()
			if err != nil {
				return err
			}
			fmt.Fprintf(stderr, "run %d of %d: %-5s %6.2f s %5.0f MB\n", i+1, o.Runs, c.name, took.Wall.Seconds(), float64(took.Peak)/1e6)
			*c.took = append(*c.took, took)
		}
	}
	result, err := compareEditions(s.HugoOut, s.StetOut)
	if err != nil {
		return err
	}
	if err := reportCold(o, stets, hugos, floors, stdout, stderr); err != nil {
		return err
	}
	return result.report(stderr)
}

// reportCold prints the table, or the object.
func reportCold(o coldOptions, stets, hugos, floors series, stdout, stderr io.Writer) error {
	name, peer := fmt.Sprintf("cold build, %d articles", o.N), "hugo "+hugoVersion
	where := stdout
	if o.JSON {
		where = stderr
	}
	title := fmt.Sprintf("%s, %d runs each in %s, %d cores, %s/%s", name, o.Runs, filepath.Clean(o.Dir),
		runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	if err := printTable(where, title, []line{{"stet", stets}, {peer, hugos}, {"cp -r of stet's edition", floors}}); err != nil {
		return err
	}
	speed := ratio(median(hugos.walls()), median(stets.walls()))
	memory := ratio(median(hugos.peaks()), median(stets.peaks()))
	fmt.Fprintf(where, "stet is %.1f times faster than hugo, in 1/%.1f of its memory; copying takes 1/%.1f of stet's time\n",
		speed, memory, ratio(median(stets.walls()), median(floors.walls())))
	if !o.JSON {
		return nil
	}
	return printJSON(stdout, []row{newRow(name, stets, peer, hugos), newRow(name+", copying as the floor", stets, "cp -r", floors)})
}

// buildWithHugo makes Hugo's edition into an empty folder.
func buildWithHugo(hugo string, s sites) (usage, error) {
	cache := filepath.Join(s.Cache, "hugo")
	if err := emptyAll(s.HugoOut, cache); err != nil {
		return usage{}, err
	}
	return measure(s.Hugo, hugo, "--destination", s.HugoOut, "--cacheDir", cache)
}

// buildWithStet makes Stet's edition into an empty folder, knowing of no earlier one.
func buildWithStet(stet string, s sites) (usage, error) {
	cache := filepath.Join(s.Cache, "stet")
	if err := emptyAll(s.StetOut, cache); err != nil {
		return usage{}, err
	}
	return measure(s.Stet, stet, "build", "-C", s.Stet, "--out", s.StetOut, "--cache", cache)
}

// copyEdition copies Stet's edition: no build of these files can be faster.
func copyEdition(s sites) (usage, error) {
	if err := os.RemoveAll(s.FloorOut); err != nil {
		return usage{}, err
	}
	return measure(s.StetOut, "cp", "-r", s.StetOut, s.FloorOut)
}

// emptyAll empties several folders.
func emptyAll(dirs ...string) error {
	for _, dir := range dirs {
		if err := emptied(dir); err != nil {
			return err
		}
	}
	return nil
}
