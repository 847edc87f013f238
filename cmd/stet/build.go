package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/source"
)

type buildFlags struct {
	siteFlags
	out, baseURL string
	adopt        bool
	noindex      bool
	profile      bool
	watch        bool
}

func buildCommand(s *system) *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "build [flags]",
		Short: "make the edition in public/",
		Long: "Makes the site in public/, ready for any web host. What is as it was stands, what is gone is removed.\n" +
			"If the site has an error, it is named and public/ stays as it is.",
		Example: examples("stet build", "stet build -C my-paper --base-url https://example.org/news/", "stet build --at 2026-12-24 --out /tmp/christmas", "stet build --watch"),
		Args:    arguments(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	f.add(cmd)
	f.addCompile(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "public", "make the edition in `DIR`")
	flags.StringVar(&f.baseURL, "base-url", "", "the `URL` the edition will be at, instead of base_url in site.yaml")
	flags.BoolVar(&f.noindex, "noindex", false, "ask search engines to leave all of it out, for a copy that is not for readers")
	flags.BoolVar(&f.adopt, "adopt", false, "take over a folder that holds files stet did not write")
	flags.BoolVar(&f.watch, "watch", false, "make it again whenever files change, and when a story's time comes")
	flags.BoolVar(&f.profile, "profile", false, "say how long each step, layout, fragment and kind of question took")
	return cmd
}

func (f *buildFlags) run(ctx context.Context, s *system) error {
	if !f.watch {
		_, err := f.build(ctx, s, &before{first: true})
		return err
	}
	past := &before{first: true, memory: new(build.Memory)}
	r := rounds{s: s, f: &f.siteFlags, build: func(ctx context.Context) (time.Time, error) {
		rep, err := f.build(ctx, s, past)
		switch {
		case ctx.Err() != nil || past.first && err != nil && err != errTold:
			return time.Time{}, err
		case err != nil:
			s.explain(err)
		}
		if past.first {
			s.note("watching the site: %s is made again when files change%s (Ctrl-C ends)", f.out, f.falls(rep.Next))
		}
		past.first = false
		return rep.Next, nil
	}}
	if err := r.run(ctx); ctx.Err() == nil {
		return err
	}
	return nil // Ctrl-C is how it ends
}

// falls says that time alone may have a build made too.
func (f *buildFlags) falls(next time.Time) string {
	switch {
	case f.at != "":
		return ""
	case next.IsZero():
		return ", or when a story's time comes"
	}
	return ", and at " + next.Format("2006-01-02 15:04 MST")
}

// A before is what was said by the build before, in a row of them.
type before struct {
	first  bool
	said   string
	memory *build.Memory // nil if there will be no other build
}

// news tells whether a build has anything to say: the first has, one that did
// something, and one that found other things than the one before.
func (b *before) news(rep build.Report, problems []diag.Problem) bool {
	said := fmt.Sprint(problems, rep.Skipped)
	is := b.first || said != b.said || rep.Made > 0 || len(rep.Removed) > 0
	b.said = said
	return is
}

func (f *buildFlags) build(ctx context.Context, s *system, past *before) (build.Report, error) {
	start := s.now()
	batch.bound(0, 0) // until it is known how many files there are
	o, cfg, err := f.options(s)
	if err == nil {
		err = f.where(&o)
	}
	if err != nil {
		return build.Report{}, f.refused(s, err)
	}
	o.Cache, o.Started = f.keep(s, o.Out), start
	bar := newProgress(s)
	o.Progress, o.Listed = bar.tell, batch.bound
	if o.Memory = past.memory; o.Memory == nil {
		rush(&o)
	}
	if f.profile {
		o.Clock = s.now
	}
	o.Waiting = func() { s.note("another build is making %s: waiting for its end", f.out) }
	rep, problems := build.Run(ctx, o)
	bar.clear()
	if !past.news(rep, problems) {
		return rep, nil
	}
	t := told{s, &f.siteFlags, o.Now, rep, problems}
	if f.json {
		err = t.json(s.now().Sub(start))
	} else {
		t.skipped()
	}
	t.problems()
	if err != nil || diag.AnyError(problems) {
		if !rep.Half {
			s.note("nothing was put in place: %s is as it was", f.out)
		}
		return rep, errTold
	}
	if past.first {
		s.leftOut(cfg, o)
	}
	if !f.json {
		if f.profile {
			t.profile()
		}
		t.summary(s.now().Sub(start))
	}
	return rep, nil
}

// refused answers an error that came before the build. With --json even that
// is an object.
func (f *siteFlags) refused(s *system, err error) error {
	if p, ok := err.(diag.Problem); ok && f.json {
		told{s: s, f: f, found: []diag.Problem{p}}.json(0)
	}
	return err
}

// where says in which folder the edition is made and at which address it will
// be, and refuses folders that the site itself is in.
func (f *buildFlags) where(o *build.Options) error {
	o.Out, o.BaseURL, o.NoIndex, o.Adopt = f.inside(f.out), f.baseURL, f.noindex, f.adopt
	if err := config.New().SetBaseURL(f.baseURL); f.baseURL != "" && err != nil {
		return mistaken("write it like --base-url https://example.org/news/", "--base-url: %q is no address of a site: %s", f.baseURL, strings.Replace(err.Error(), "base_url", "it", 1))
	}
	site, out := absolute(f.dir), absolute(o.Out)
	if within(site, out) {
		return mistaken("leave --out away, and it is made in public/", "--out %s is where the site itself is", f.out)
	}
	for _, folder := range source.Folders {
		if within(out, filepath.Join(site, folder)) {
			return mistaken("leave --out away, and it is made in public/", "--out %s is inside of %s/, where the site's own files are", f.out, folder)
		}
	}
	return nil
}

// within tells whether a path is a folder or lies below it.
func within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// leftOut says what an edition lacks that does not know where it will be.
func (s *system) leftOut(cfg *config.Config, o build.Options) {
	if cfg.BaseURL == "" && o.BaseURL == "" {
		s.note("no base_url in site.yaml: canonical links, the sitemap and whole URLs in feeds are left out (--base-url https://example.org/ puts them in)")
	}
}
