package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/deploy"
	"stet/internal/diag"
)

// stet run does all that is to be done again and again, for cron and the timers of
// systemd: it says nothing where there is nothing to say.

type runFlags struct {
	siteFlags
	out, purge string
	verify     bool
}

func runCommand(s *system) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run TARGET [flags]",
		Short: "fetch comments, build, check and deploy: for cron and timers",
		Long: "Does in one go what a desk wants done every minute: fetches what readers said, if comments.service is in site.yaml and the\n" +
			"key of the service in the environment (STET_COMMENTS_KEY); builds for the target's base_url; checks, and stops at an error;\n" +
			"sends what changed. It says nothing if nothing did, else one line. Two runs never overlap: the second leaves at once.",
		Example: examples("stet run live", "stet run live -C /srv/my-paper --verify"),
		Args:    arguments("TARGET"),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args[0]) },
	}
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "", "make the edition in `DIR`; public, or public-TARGET if it is for another address than the site's, if not given")
	flags.BoolVar(&f.verify, "verify", false, "read what changed back from base_url, and compare")
	flags.StringVar(&f.purge, "purge-file", "", "write the addresses that changed into `FILE`, a line each, for a CDN")
	flags.StringVar(&f.cache, "cache", "", "keep what is kept between builds in `DIR`, not in your cache folder")
	flags.IntVar(&f.jobs, "jobs", 0, "do `N` things at a time; one for each core if not given")
	return cmd
}

// A ran is what the last run that went well has sent.
type ran struct {
	Edition, To, BaseURL string
	At                   time.Time
}

// looked is after what time a target is looked at again, though the edition is the
// one that was sent: assets that nobody names grow old there.
const looked = 24 * time.Hour

func (f *runFlags) run(ctx context.Context, s *system, name string) error {
	cfg, err := settings(f.dir)
	if err != nil {
		return err
	}
	target, err := (&deployFlags{dir: f.dir}).target(name)
	if err != nil {
		return err
	}
	if f.out == "" {
		f.out = "public"
		if target.NoIndex || target.BaseURL != cfg.BaseURL {
			f.out = "public-" + name
		}
	}
	free, err := f.lock(s)
	if err != nil || free == nil {
		return err
	}
	defer free()
	f.pull(ctx, s, cfg)
	rep, err := f.edition(ctx, s, target)
	if err != nil {
		return err
	}
	return f.send(ctx, s, target, rep)
}

// longest is how long a run may take before others say that it does.
const longest = time.Hour

// lock keeps other runs for the same edition out; free is nil if one is under way.
func (f *runFlags) lock(s *system) (free func(), err error) {
	dir := f.keep(s, f.inside(f.out)).Dir
	if dir == "" {
		return func() {}, nil // whoever keeps nothing
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "run.lock")
	l := flock.New(file)
	ok, err := l.TryLock()
	if err != nil {
		return nil, err
	}
	begun := file + "ed"
	if !ok {
		data, _ := os.ReadFile(begun)
		since, err := time.Parse(time.RFC3339, strings.TrimSpace(string(data)))
		if err == nil && s.now().Sub(since) > longest {
			return nil, diag.Problem{Severity: diag.Error, Text: "another run is under way since " + since.Format("2006-01-02 15:04 MST"), Hint: "see what keeps it: ps ax | grep \"stet run\""}
		}
		return nil, nil
	}
	if err := os.WriteFile(begun, []byte(s.now().Format(time.RFC3339)+"\n"), 0o644); err != nil {
		l.Unlock()
		return nil, err
	}
	return func() { l.Unlock() }, nil
}

// pull fetches what the desk let through. That the service does not answer keeps no
// news from readers.
func (f *runFlags) pull(ctx context.Context, s *system, cfg *config.Config) {
	if cfg.Comments.Service == "" || strings.TrimSpace(s.env(keyName)) == "" {
		return
	}
	from, err := newExport(s, cfg.Comments.Service)
	if err == nil {
		p := &puller{s: s, f: f.siteFlags, name: from.url, ask: from.changes}
		var got brought
		if got, err = p.once(ctx); err == nil {
			s.printer(true).Print(got.Problems)
		}
	}
	if err != nil {
		s.explain(err)
		s.note("what readers say is fetched at the next run")
	}
}

// edition builds and checks it.
func (f *runFlags) edition(ctx context.Context, s *system, target config.Target) (build.Report, error) {
	b := buildFlags{siteFlags: f.siteFlags, out: f.out, baseURL: target.BaseURL, noindex: target.NoIndex}
	o, _, err := b.options(s)
	if err == nil {
		err = b.where(&o)
	}
	if err != nil {
		return build.Report{}, err
	}
	o.Cache, o.Started, o.Listed = f.keep(s, o.Out), s.now(), batch.bound
	rep, found := build.Run(ctx, o)
	if diag.AnyError(found) {
		f.told(s, o.Now, rep, found)
		s.note("nothing was sent to %s", target.Name)
		return rep, errTold
	}
	if f.sent(s).At.IsZero() || rep.Made+len(rep.Removed) > 0 || f.sent(s).Edition != f.id() {
		o.Listed = looking.bound
		done, found := build.Check(ctx, o, build.Checking{})
		if diag.AnyError(found) {
			f.told(s, o.Now, done.Report, found)
			s.note("nothing was sent to %s", target.Name)
			return rep, errTold
		}
	}
	return rep, nil
}

// told says what stops a run: errors alone.
func (f *runFlags) told(s *system, now time.Time, rep build.Report, found []diag.Problem) {
	found = slices.DeleteFunc(slices.Clone(found), func(p diag.Problem) bool { return p.Severity != diag.Error })
	told{s, &f.siteFlags, now, rep, found}.problems()
}

// id is that of the edition in the folder.
func (f *runFlags) id() string {
	e, err := readEdition(f.inside(f.out), f.out, config.Target{})
	if err != nil {
		return ""
	}
	return e.ID
}

// send deploys it, if the target is not known to have it.
func (f *runFlags) send(ctx context.Context, s *system, target config.Target, rep build.Report) error {
	is, was := ran{f.id(), target.To, target.BaseURL, s.now()}, f.sent(s)
	if is.Edition != "" && is.Edition == was.Edition && is.To == was.To && is.BaseURL == was.BaseURL && is.At.Sub(was.At) < looked && !is.At.Before(was.At) {
		return nil
	}
	d := deployFlags{dir: f.dir, out: f.out, purge: f.purge, verify: f.verify, wait: true, jobs: f.jobs}
	sent, _, problems := d.send(ctx, s, target)
	if len(problems) > 0 {
		s.printer(true).Print(problems)
	}
	if diag.AnyError(problems) {
		return errTold
	}
	f.note(s, is)
	if line := runLine(target.Name, sent, rep.Next); line != "" {
		fmt.Fprintln(s.out, line)
	}
	return nil
}

// runLine is what a run says that has sent something; "" of one that has not.
func runLine(name string, rep deploy.Report, next time.Time) string {
	sent, removed := rep.Counts()
	if sent+removed == 0 {
		return ""
	}
	line := fmt.Sprintf("%s: edition %d, sent %s (%s), removed %s", name, rep.Number, count(sent, "file"), size(int(rep.Bytes)), grouped(removed))
	if next.IsZero() {
		return line
	}
	return line + ", changes by itself at " + next.Format("2006-01-02 15:04 MST")
}

const ranFile = "ran"

// sent is what the last run has sent.
func (f *runFlags) sent(s *system) (was ran) {
	text, ok := f.keep(s, f.inside(f.out)).Read(ranFile)
	if !ok || json.Unmarshal([]byte(text), &was) != nil {
		return ran{}
	}
	return was
}

func (f *runFlags) note(s *system, is ran) {
	err := f.keep(s, f.inside(f.out)).Write(ranFile, func(w io.Writer) error { return json.NewEncoder(w).Encode(is) })
	if err != nil {
		s.note("that it was sent cannot be kept: the next run asks the target (%v)", err)
	}
}
