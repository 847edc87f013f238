package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// A deploying measures how an edition comes to a store that speaks S3.
type deploying struct {
	options
	stet, rclone string // programs; rclone is "" if it is not here
	paper        paper
	store        *store
	stderr       io.Writer
	files        int
	bytes        int64
}

// A sender is a contestant.
type sender struct {
	name    string
	command func(s *deploying, prefix string) []string
	first   []sending // of the whole edition
	edit    []sending // after one article was edited
}

// A sending is one deploy.
type sending struct {
	usage
	traffic
}

// senders are the contestants.
func (d *deploying) senders() []*sender {
	all := []*sender{{name: "stet deploy", command: func(d *deploying, prefix string) []string {
		return []string{d.stet, "deploy", prefix, "-C", d.paper.Dir, "--out", d.paper.Out}
	}}}
	if d.rclone == "" {
		return all
	}
	sync := func(more ...string) func(d *deploying, prefix string) []string {
		return func(d *deploying, prefix string) []string {
			return append([]string{d.rclone, "sync", "--exclude", "/.stet/**", d.paper.Out, "bench:" + storeBucket + "/" + prefix}, more...)
		}
	}
	return append(all, &sender{name: "rclone sync", command: sync()}, &sender{name: "rclone sync --checksum", command: sync("--checksum")})
}

const deployUsage = "usage: go run ./bench deploy " + optionsUsage

// runDeploy is `bench deploy`: what a first deploy and one of a single article take,
// beside rclone.
func runDeploy(args []string, stdout, stderr io.Writer) error {
	d := &deploying{stderr: stderr}
	flags := flag.NewFlagSet("deploy", flag.ContinueOnError)
	flags.SetOutput(stderr)
	d.add(flags, 10000, 3)
	rest, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || d.N < newestStories || d.N > archiveSeconds || d.Runs < 1 {
		return usageError(fmt.Sprintf("%s; at least %d articles", deployUsage, newestStories))
	}
	if d.rclone, err = exec.LookPath("rclone"); err != nil {
		fmt.Fprintln(stderr, "rclone is not here and is left out: apt-get install rclone")
		d.rclone = ""
	}
	work, done, err := d.workFolder(spaceFor(d.N, 1, 1+4*d.Runs), stderr) // objects lie beside what is said of them
	if err != nil {
		return err
	}
	defer done()
	s := newSites(work)
	d.paper = s.Stet
	program, err := findVersitygw(stderr)
	if err == nil {
		d.stet, err = buildStet(s.Bin, stderr)
	}
	if err == nil {
		d.store, err = startStore(program, filepath.Join(work, "store"))
	}
	if err != nil {
		return err
	}
	defer d.store.stop()
	all := d.senders()
	if err := d.prepare(work, all); err != nil {
		return err
	}
	for run := range d.Runs {
		if err := d.round(all, run); err != nil {
			return err
		}
	}
	return d.report(all, stdout)
}

// place is where a contestant sends to in a run.
func place(contestant, run int) string { return fmt.Sprintf("s%d-%d", contestant, run+1) }

// prepare writes the archive and builds it, and tells all where the store is.
func (d *deploying) prepare(work string, all []*sender) error {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": storeKey, "AWS_SECRET_ACCESS_KEY": storeSecret, "RCLONE_CONFIG": filepath.Join(work, "none.conf"),
		"RCLONE_CONFIG_BENCH_TYPE": "s3", "RCLONE_CONFIG_BENCH_PROVIDER": "Other", "RCLONE_CONFIG_BENCH_ENDPOINT": d.store.url,
		"RCLONE_CONFIG_BENCH_ACCESS_KEY_ID": storeKey, "RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY": storeSecret, "RCLONE_CONFIG_BENCH_NO_CHECK_BUCKET": "true",
	} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Unsetenv("AWS_CA_BUNDLE"), writeFile(filepath.Join(work, "none.conf"), "")); err != nil { // of which rclone 1.60 fails
		return err
	}
	fmt.Fprintf(d.stderr, "writing an archive of %d articles\n", d.N)
	if err := writeForStet(d.paper.Dir, d.N, d.Seed); err != nil {
		return err
	}
	targets := "deploy:\n"
	for run := range d.Runs {
		targets += fmt.Sprintf("  %[1]s: {to: \"s3://%[2]s/%[1]s?endpoint=%[3]s\"}\n", place(0, run), storeBucket, d.store.url)
	}
	if err := writeFile(filepath.Join(d.paper.Dir, "site.yaml"), siteYAML+targets); err != nil {
		return err
	}
	if _, err := d.paper.first(withStet(d.stet)); err != nil {
		return err
	}
	return eachFile(d.paper.Out, func(path string) error {
		info, err := os.Stat(filepath.Join(d.paper.Out, filepath.FromSlash(path)))
		if err == nil {
			d.files++
			d.bytes += info.Size()
		}
		return err
	})
}

// round has each send the edition to an empty place, and once more after an article
// was edited. What then lies there must be the edition.
func (d *deploying) round(all []*sender, run int) error {
	newest, err := newestFiles(d.N, d.Seed)
	if err != nil {
		return err
	}
	site := &edited{paper: d.paper, stories: d.N, newest: newest}
	for i, c := range all {
		one, err := d.send(c, i, run, "first deploy")
		if err != nil {
			return err
		}
		c.first = append(c.first, one)
	}
	if _, err := site.replace(body.file(site, run), body.words, fmt.Sprintf(body.with, run+1)); err != nil {
		return err
	}
	if _, err := withStet(d.stet)(d.paper); err != nil {
		return err
	}
	for i, c := range all {
		one, err := d.send(c, i, run, "one article")
		if err != nil {
			return err
		}
		c.edit = append(c.edit, one)
	}
	for i := range all { // they take room in memory
		if err := os.RemoveAll(filepath.Join(d.store.root, place(i, run))); err != nil {
			return err
		}
	}
	return nil
}

// send has one contestant send, and compares.
func (d *deploying) send(c *sender, i, run int, what string) (one sending, err error) {
	at := place(i, run)
	one.traffic, err = d.store.count(func() error {
		one.usage, err = measure(d.paper.Dir, c.command(d, at)...)
		return err
	})
	if err != nil {
		return one, fmt.Errorf("%s: %w", c.name, err)
	}
	if _, err := sameEdition(filepath.Join(d.store.root, at), d.paper.Out); err != nil {
		return one, fmt.Errorf("%s, what lies in the store: %w", c.name, err)
	}
	fmt.Fprintf(d.stderr, "run %d of %d: %-12s %-22s %s, %d requests, %.2f MB up, %.2f MB down\n", run+1, d.Runs, what, c.name, one.usage,
		one.Requests, float64(one.Up)/1e6, float64(one.Down)/1e6)
	return one, nil
}
