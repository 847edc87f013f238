package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	smallArchive = 1000                   // articles that are served first
	lull         = 300 * time.Millisecond // between edits, so that each is one
	spread       = 500 * time.Millisecond // more at most: Hugo sees twice a second what changed
	restarts     = 3                      // with what is kept of the run before
	firstMark    = 1001                   // edits are numbered from here, so that no mark is part of another
)

// The style sheet that the pages of both name.
const (
	styleFile = "static/css/site.css"
	stylePage = "/css/site.css"
)

// css is the change of that style sheet.
var css = change{name: "CSS edited", words: regexp.MustCompile(`(?m)^/\* (.+) \*/$`), with: "Edit %d.", file: func(*edited, int) string { return styleFile }}

// A served is a kind of edit whose way into the preview is measured.
type served struct {
	name   string
	change *change
}

// renamed is a headline with words of its own, which are looked for on the page.
var renamed = change{name: headline.name, words: headline.words, with: "Headline of edit %d", file: headline.file}

// servedEdits are all of them, in order. The pages that a layout makes are
// asked for a second time at a place where nobody has been.
var servedEdits = []served{{"body edit", &body}, {"headline edit", &renamed}, {"layout edit", &partial}, {"CSS edit", &css}}

// What is measured of each edit, and of a server; a series is known by its name.
const (
	untilServed = ", served"
	untilShown  = ", shown"
	farAway     = ", a page not yet looked at"
	firstStart  = "first page, nothing kept"
	laterStart  = "first page, started again"
)

// A contestant is one generator's preview of the archive.
type contestant struct {
	name    string
	site    *edited
	far     []string // pages that nobody looks at before
	command func(port string) []string
	listen  listener

	server   *server
	took     map[string]series
	peak     int64
	marks    map[string][]string // what pages must show at the end
	anywhere string              // what every page must show
}

// serving is a run of the bench's serve.
type serving struct {
	options
	hugo, stet string // the programs; without Hugo's, Stet is alone
	lull       time.Duration
	spread     time.Duration // of the lulls
	quiet      time.Duration
	d          *dice
	stderr     io.Writer
}

// runServe is `bench serve`: how long an edit takes into a preview, Stet's and
// Hugo's.
func runServe(args []string, stdout, stderr io.Writer) error {
	s := &serving{lull: lull, spread: spread, quiet: quiet, stderr: stderr}
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	s.add(flags, 10000, 20)
	rest, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || s.N < newestStories || s.N > archiveSeconds || s.Runs < 1 {
		return usageError(fmt.Sprintf("usage: go run ./bench serve %s; at least %d articles", strings.Replace(optionsUsage, "-runs 3", "-runs 20", 1), newestStories))
	}
	s.d = &dice{state: s.Seed}
	work, remove, err := s.makeFolder(spaceFor(s.N, 2, 2), stderr)
	if err != nil {
		return err
	}
	defer remove()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if s.hugo, s.stet, err = findBoth(newSites(work), stderr); err != nil {
		return err
	}
	var tables []previews
	for _, n := range s.sizes() {
		p, err := s.measure(ctx, filepath.Join(work, fmt.Sprint(n)), n)
		if ctx.Err() != nil {
			return errStopped
		}
		if err != nil {
			return err
		}
		tables = append(tables, p)
	}
	return s.report(tables, stdout)
}

// sizes are the archives that are served, the smallest first.
func (s *serving) sizes() []int {
	if s.N > smallArchive {
		return []int{smallArchive, s.N}
	}
	return []int{s.N}
}

// measure writes an archive of n articles, serves it, edits it, and checks what
// is served in the end. Whatever happens, no server is left.
func (s *serving) measure(ctx context.Context, work string, n int) (p previews, err error) {
	fmt.Fprintf(s.stderr, "writing an archive of %d articles for each\n", n)
	all, err := s.contestants(work, n)
	if err != nil {
		return p, err
	}
	defer func() {
		for _, c := range all {
			if c.server != nil {
				c.server.stop()
			}
		}
		if !s.Keep {
			os.RemoveAll(work)
		}
	}()
	if err := pause(ctx, s.quiet); err != nil {
		return p, err
	}
	for _, c := range all {
		if err := c.start(ctx, firstStart); err != nil {
			return p, err
		}
		fmt.Fprintf(s.stderr, "%s: the first page after %.2f s\n", c.name, c.server.first.Seconds())
	}
	for run := range s.Runs {
		if err := s.round(ctx, all, run); err != nil {
			return p, err
		}
	}
	for _, c := range all {
		if err := c.check(ctx); err != nil {
			return p, fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Fprintf(s.stderr, "%s: the pages show all edits\n", c.name)
	}
	return previews{n: n, all: all}, s.restart(ctx, all)
}

// contestants writes each its own copy of the archive: of files that both had,
// each would be told what the other's author does.
func (s *serving) contestants(work string, n int) ([]*contestant, error) {
	at := newSites(work)
	if err := writeForStet(at.Stet.Dir, n, s.Seed); err != nil {
		return nil, err
	}
	newest, err := newestFiles(n, s.Seed)
	if err != nil {
		return nil, err
	}
	far, err := farPages(n, s.Runs, s.Seed)
	if err != nil {
		return nil, err
	}
	add := func(name string, p paper, l listener, command func(port string) []string) *contestant {
		return &contestant{name: name, site: &edited{paper: p, stories: n, newest: newest}, far: far, command: command, listen: l,
			took: map[string]series{}, marks: map[string][]string{}}
	}
	all := []*contestant{add("stet", at.Stet, listenEvents, func(port string) []string {
		return []string{s.stet, "serve", "-C", at.Stet.Dir, "--cache", at.Stet.Cache, "--addr", "127.0.0.1:" + port}
	})}
	if s.hugo == "" {
		return all, nil
	}
	if err := writeCorpus(at.Hugo.Dir, n, s.Seed); err != nil {
		return nil, err
	}
	if err := unpack("hugo", at.Hugo.Dir); err != nil {
		return nil, err
	}
	return append(all, add("hugo "+hugoVersion, at.Hugo, listenLivereload, func(port string) []string {
		return []string{s.hugo, "server", "--destination", at.Hugo.Out, "--cacheDir", at.Hugo.Cache, "--bind", "127.0.0.1", "--port", port}
	})), nil
}

// farPages gives so many pages of the older half of the archive, evenly spread.
func farPages(n, runs int, seed uint64) (pages []string, err error) {
	step := max(1, n/2/runs)
	i := 0
	err = eachStory(n, seed, func(s story) error {
		if i%step == 0 && len(pages) < runs && i < n/2 {
			pages = append(pages, s.URL())
		}
		i++
		return nil
	})
	return pages, err
}

// round makes each edit once at each contestant. Who begins changes from round
// to round, and Hugo, which collects what changed for half a second, is met at
// any moment of it.
func (s *serving) round(ctx context.Context, all []*contestant, run int) error {
	order := slices.Clone(all)
	if run%2 == 1 {
		slices.Reverse(order)
	}
	for i, e := range servedEdits {
		number := firstMark + run*len(servedEdits) + i
		for _, c := range order {
			if err := pause(ctx, s.lull+time.Duration(s.d.below(int(s.spread)))); err != nil {
				return err
			}
			if err := c.edit(ctx, e, run, number); err != nil {
				return fmt.Errorf("%s, %s: %w", c.name, e.name, err)
			}
			took := func(part string) float64 { t := c.took[e.name+part]; return t[len(t)-1].Wall.Seconds() }
			fmt.Fprintf(s.stderr, "run %d of %d: %-13s %-13s served after %.3f s, shown after %.3f s\n",
				run+1, s.Runs, e.name, c.name, took(untilServed), took(untilShown))
		}
	}
	return nil
}

// pause waits, unless the user breaks off.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// restart ends each server, which tells its peak, and starts it again, some
// times over.
func (s *serving) restart(ctx context.Context, all []*contestant) error {
	for _, c := range all {
		c.peak = c.server.stop()
	}
	for range restarts {
		for _, c := range all {
			if err := pause(ctx, s.lull); err != nil {
				return err
			}
			if err := c.start(ctx, laterStart); err != nil {
				return err
			}
			c.server.stop()
		}
	}
	return nil
}

// start starts the contestant's server and keeps how long that took.
func (c *contestant) start(ctx context.Context, what string) (err error) {
	server, err := startServer(ctx, c.site.Dir, c.command)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	c.server = server
	c.add(what, server.first)
	return nil
}

// add keeps what something took.
func (c *contestant) add(what string, took time.Duration) {
	c.took[what] = append(c.took[what], usage{Wall: took})
}

// edit changes a file under the eyes of somebody who looks at its page, and
// measures from the file's close.
func (c *contestant) edit(ctx context.Context, e served, run, number int) error {
	page := c.pageOf(e.change, run)
	mark := fmt.Sprintf(e.change.with, number)
	text, err := c.server.get(ctx, page)
	if err != nil {
		return err
	}
	if missingWords(text, []string{mark}) == "" {
		return fmt.Errorf("%s shows %q before it was written", page, mark)
	}
	ear, err := c.listen(ctx, c.server, page)
	if err != nil {
		return err
	}
	defer ear.stop()
	old, err := c.site.replace(e.change.file(c.site, run), e.change.words, mark)
	if err != nil {
		return err
	}
	closed := time.Now()
	at, err := c.server.await(ctx, page, mark)
	if err != nil {
		return err
	}
	c.add(e.name+untilServed, at.Sub(closed))
	if at, err = ear.wait(ctx); err != nil {
		return err
	}
	c.add(e.name+untilShown, at.Sub(closed))
	if e.change != &partial {
		c.marks[page] = append(slices.DeleteFunc(c.marks[page], func(one string) bool { return one == old }), mark)
		return nil
	}
	c.anywhere = mark
	if at, err = c.server.await(ctx, c.far[run%len(c.far)], mark); err != nil {
		return err
	}
	c.add(e.name+farAway, at.Sub(closed))
	return nil
}

// pageOf is the page that is looked at during an edit: that of the story, or one
// that a layout makes.
func (c *contestant) pageOf(what *change, run int) string {
	switch what {
	case &css:
		return stylePage
	case &partial:
		return storyPage(evenStory(c.site, run))
	}
	return storyPage(what.file(c.site, run))
}

// storyPage is the address of a story by its file.
func storyPage(file string) string {
	return strings.TrimSuffix(strings.TrimPrefix(file, "content"), ".md") + "/"
}

// check asks once more for every page that was edited, for the front page and
// for those far away: each must show all that was written.
func (c *contestant) check(ctx context.Context) error {
	pages := append([]string{"/"}, c.far...)
	for page := range c.marks {
		pages = append(pages, page)
	}
	slices.Sort(pages)
	var wrong []error
	for _, page := range slices.Compact(pages) {
		words := slices.Clone(c.marks[page])
		if isPage(page) && c.anywhere != "" {
			words = append(words, c.anywhere)
		}
		text, err := c.server.get(ctx, page)
		if missing := missingWords(text, words); err == nil && missing != "" {
			err = fmt.Errorf("%s does not show %q after all edits", page, missing)
		}
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}
