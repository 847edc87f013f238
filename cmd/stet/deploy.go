package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/config"
	"stet/internal/deploy"
	"stet/internal/diag"
	"stet/internal/output"
	"stet/internal/source"
)

type deployFlags struct {
	dir, out, purge                      string
	dryRun, json, verify, rollback, wait bool
	jobs                                 int
}

func deployCommand(s *system) *cobra.Command {
	var f deployFlags
	cmd := &cobra.Command{
		Use:   "deploy TARGET [flags]",
		Short: "send what changed to where readers are",
		Long: "Sends what changed since the last deploy to a target that site.yaml names: a folder, a store that speaks S3, SFTP or a git branch.\n" +
			"What is not there yet comes before what leads to it, and what is gone goes last; stories that were killed go first.\n" +
			"If it is interrupted, run it again: it goes on where it stopped.",
		Example: examples("stet deploy live", "stet deploy live --dry-run", "stet deploy live --verify --purge-file changed.txt", "stet deploy live --rollback"),
		Args:    arguments("TARGET"),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args[0]) },
	}
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "public", "send the edition in `DIR`")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would be done, and do nothing")
	flags.BoolVar(&f.verify, "verify", false, "read what changed back from base_url, and compare")
	flags.BoolVar(&f.rollback, "rollback", false, "bring the edition back that lay there before")
	flags.StringVar(&f.purge, "purge-file", "", "write the addresses that changed into `FILE`, a line each, for a CDN")
	flags.BoolVar(&f.wait, "wait", false, "wait while somebody else deploys")
	flags.IntVar(&f.jobs, "jobs", 0, "send `N` files at a time; 8 if not given")
	flags.BoolVar(&f.json, "json", false, "report as one JSON object on stdout")
	return cmd
}

// A deployReport is what --json reports. docs and scripts rely on it.
type deployReport struct {
	Target   string         `json:"target"`
	Edition  int            `json:"edition"` // counts those that were sent there
	Dry      bool           `json:"dry_run"`
	Back     int            `json:"rolled_back_to,omitempty"`
	Sent     []sentFile     `json:"sent"`
	Removed  []string       `json:"removed"`
	URLs     []string       `json:"urls"`
	Left     []string       `json:"left"` // addresses of stories that the site has no more
	Same     int            `json:"same"`
	Staying  int            `json:"staying"`
	Bytes    int64          `json:"bytes"`
	Retries  int            `json:"retries"`
	Verified *int           `json:"verified,omitempty"`
	Problems []diag.Problem `json:"problems"`
	Duration int64          `json:"duration_ms"`
}

type sentFile struct {
	Path string `json:"path"`
	Kind string `json:"kind"`
	Size int64  `json:"size"`
	New  bool   `json:"new"`
}

func (f *deployFlags) run(ctx context.Context, s *system, name string) error {
	start := s.now()
	target, err := f.target(name)
	if err != nil {
		return err
	}
	rep, read, problems := f.send(ctx, s, target)
	if f.json {
		err = s.json(f.report(rep, read, problems, s.now().Sub(start)))
	}
	if len(problems) > 0 {
		s.printer(true).Print(problems)
	}
	if err != nil || diag.AnyError(problems) {
		return errors.Join(err, errTold)
	}
	if !f.json {
		f.say(s, rep, read, len(problems) == 0, s.now().Sub(start))
	}
	return nil
}

// target is one that site.yaml names.
func (f *deployFlags) target(name string) (config.Target, error) {
	data, err := os.ReadFile(filepath.Join(f.dir, source.Settings))
	if err != nil {
		_, err := settings(f.dir)
		return config.Target{}, err
	}
	cfg, problems := config.Parse(source.Settings, data)
	for _, p := range problems {
		if p.Severity == diag.Error {
			return config.Target{}, p
		}
	}
	target, known := cfg.Deploy[name]
	if !known {
		hint := "write into site.yaml where it is, such as\ndeploy:\n  " + name + ": {to: /srv/www}"
		names := slices.Sorted(maps.Keys(cfg.Deploy))
		if near := diag.Nearest(name, names); near != "" {
			hint = "did you mean stet deploy " + shellWord(near) + "?"
		} else if len(names) > 0 {
			hint = "site.yaml has " + strings.Join(names, ", ")
		}
		return target, mistaken(hint, "there is no target of deploy %q in site.yaml", name)
	}
	if target.BaseURL == "" {
		target.BaseURL = cfg.BaseURL
	}
	return target, nil
}

// send does what was asked for, and says how many addresses were read back.
func (f *deployFlags) send(ctx context.Context, s *system, target config.Target) (rep deploy.Report, read *int, problems []diag.Problem) {
	var e deploy.Edition
	out := inside(f.dir, f.out)
	if !f.rollback {
		var err error
		if e, err = readEdition(out, f.out, target); err != nil {
			return rep, nil, told1(err)
		}
		if problems = deploy.Check(e, target.BaseURL, target.NoIndex, f.out); len(problems) > 0 {
			return rep, nil, problems
		}
	}
	home, _ := os.UserHomeDir()
	to, err := deploy.Open(ctx, target.To, deploy.Means{Env: s.env, Home: home, Dir: f.dir})
	if err != nil {
		return rep, nil, deploy.Told(target.Name, err)
	}
	if c, ok := to.(io.Closer); ok { // a connection, or a repository for the time being
		defer c.Close()
	}
	bar := newProgress(s)
	job := deploy.Job{Edition: e, Target: to, Who: whoami(), Now: s.now, DryRun: f.dryRun, Rollback: f.rollback, Workers: f.jobs, Verify: f.verify,
		Progress: func(done, all int) { bar.tellOf(done, all, "file") }}
	if f.wait {
		job.Waiting = func(l *deploy.Locked) { s.note("%s: waiting for its end", l.Error()) }
	}
	rep, problems = deploy.Send(ctx, job)
	bar.clear()
	if len(problems) > 0 || f.dryRun {
		return rep, nil, problems
	}
	if scheme, _ := deploy.SchemeOf(target.To); scheme == "" {
		f.list(s, out, inside(f.dir, target.To))
	}
	if f.purge != "" {
		if err := os.WriteFile(inside(f.dir, f.purge), purgeList(rep), 0o644); err != nil {
			return rep, nil, told1(err)
		}
	}
	if f.verify {
		v := deploy.Verifier{Client: &http.Client{Timeout: time.Minute}}
		if scheme, _ := deploy.SchemeOf(target.To); strings.HasPrefix(scheme, "git") {
			v.Wait = publishing
		}
		n, wrong := v.Verify(ctx, rep)
		read, problems = &n, wrong
	}
	return rep, read, problems
}

// publishing is how long a host may take to publish a branch.
const publishing = 3 * time.Minute

// list puts the edition's own list beside what was sent to a folder, for stet check
// --against. One that does not fit any more goes.
func (f *deployFlags) list(s *system, out, to string) {
	name := filepath.Join(to, output.Own, "manifest")
	data, err := os.ReadFile(filepath.Join(out, output.Own, "manifest"))
	if err == nil && !f.rollback {
		if err = os.WriteFile(name+".tmp", data, 0o644); err == nil {
			err = os.Rename(name+".tmp", name)
		}
	} else if err = os.Remove(name); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		s.note("stet check --against cannot compare with what was sent: %v", err)
	}
}

// purgeList has a line for each address that a CDN is to forget.
func purgeList(rep deploy.Report) []byte {
	var b bytes.Buffer
	for _, u := range rep.Purge() {
		b.WriteString(u + "\n")
	}
	return b.Bytes()
}

func told1(err error) []diag.Problem {
	var p diag.Problem
	if !errors.As(err, &p) {
		p = diag.Problem{Severity: diag.Error, Text: err.Error()}
	}
	return []diag.Problem{p}
}

// whoami is how others are told who deploys.
func whoami() string {
	name := "somebody"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if host, err := os.Hostname(); err == nil {
		name += "@" + host
	}
	return name
}

// say is what a deploy says when it went well.
func (f *deployFlags) say(s *system, rep deploy.Report, read *int, well bool, took time.Duration) {
	sent, removed := rep.Counts()
	if f.dryRun {
		for _, c := range rep.Changes {
			verb := "send"
			if c.File == nil {
				verb = "remove"
			}
			fmt.Fprintf(s.out, "%-6s %s\n", verb, oneLine(c.Path))
		}
		s.note("would send %s (%s), remove %s, let %s stand", count(sent, "file"), size(int(rep.Bytes)), grouped(removed), grouped(rep.Same))
		return
	}
	if sent+removed == 0 {
		fmt.Fprintf(s.out, "%s is as it should be: %s\n", rep.Target, count(rep.Same, "file"))
	} else {
		fmt.Fprintf(s.out, "edition %d: sent %s (%s), removed %s, let %s stand, in %s\n", rep.Number, count(sent, "file"), size(int(rep.Bytes)), grouped(removed), grouped(rep.Same), duration(took))
	}
	if rep.Back > 0 {
		s.note("edition %d is back; the next stet deploy sends what you have built", rep.Back)
	}
	if rep.Partly {
		s.note("what named a story that has left the site since then stayed as it was")
	}
	switch {
	case read == nil:
	case !well:
		s.note("read %s back", count(*read, "file"))
	case sent+removed == 0:
		s.note("read %s of the last deploy back: all is there", count(*read, "file"))
	default:
		s.note("read %s back: all is there", count(*read, "file"))
	}
}

func (f *deployFlags) report(rep deploy.Report, read *int, problems []diag.Problem, took time.Duration) deployReport {
	r := deployReport{Target: rep.Target, Edition: rep.Number, Dry: f.dryRun, Back: rep.Back, Same: rep.Same, Staying: rep.Staying, Bytes: rep.Bytes,
		Retries: rep.Retries, Verified: read, Problems: list(problems), Duration: took.Milliseconds(), URLs: list(rep.URLs())}
	for _, c := range rep.Changes {
		if c.File == nil {
			r.Removed = append(r.Removed, c.Path)
			continue
		}
		r.Sent = append(r.Sent, sentFile{c.Path, c.File.Kind.String(), c.File.Size, c.Was == nil})
	}
	for _, story := range rep.Left {
		r.Left = append(r.Left, story.URL)
	}
	r.Sent, r.Removed, r.Left = list(r.Sent), list(r.Removed), list(r.Left)
	return r
}

// inside is a path as it counts from the site's folder.
func inside(dir, name string) string { return (&siteFlags{dir: dir}).inside(name) }

// targets offers those of site.yaml.
func targets(dir string) []string {
	cfg, err := settings(dir)
	if err != nil {
		return nil
	}
	return slices.Sorted(maps.Keys(cfg.Deploy))
}
