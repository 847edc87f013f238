package main

import (
	"context"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/page"
)

type explainFlags struct {
	siteFlags
	out string
}

func explainCommand(s *system) *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use:   "explain PATH|URL [flags]",
		Short: "say where a file is in the edition and why, or why not",
		Long: "Says of a source file whether it is published and where, with which layout, when and why its page was made last,\n" +
			"whether a build would make it now, and what it asked of the site: when one of these answers changes, the page\n" +
			"is made again. Says of a URL which file it is made of. Nothing is put in place.",
		Example: examples("stet explain content/news/fire.md", "stet explain /news/2026/11/fire/", "stet explain layouts/article.html", "stet explain /feed.xml --json"),
		Args:    arguments("path or URL"),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args[0]) },
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.out, "out", "public", "the edition that was made in `DIR`")
	return cmd
}

func (f *explainFlags) run(ctx context.Context, s *system, what string) error {
	if strings.TrimSpace(what) == "" {
		return mistaken("give the path of a source file, such as content/news/fire.md, or a URL of the site, such as /news/", "explain what? There is no name")
	}
	if above := siteAbove(f.dir); f.dir == "." && above != "" && !exists("site.yaml") && isFile(what) {
		f.dir = above // a file of the site is asked for in its own folder
	}
	o, cfg, err := f.options(s)
	if err != nil {
		return err
	}
	o.Out, o.Started = f.inside(f.out), s.now()
	o.Cache = f.keep(s, o.Out)
	bar := newProgress(s)
	o.Progress = bar.tell
	rep, past, problems := build.Plan(ctx, o)
	bar.clear()
	if rep.Ledger == nil {
		told{s, &f.siteFlags, o.Now, rep, problems}.problems()
		return errTold
	}
	x := &explainer{f: f, cfg: cfg, rep: rep, past: past}
	e := x.explain(what)
	if e == nil {
		return mistaken(x.meant(what), "the site has no file and no page %q", what)
	}
	for _, p := range problems {
		if p.Path == e.Path {
			e.Problems = append(e.Problems, p)
		}
	}
	if f.json {
		return s.json(e)
	}
	told{s: s, f: &f.siteFlags, found: e.Problems}.problems()
	e.print(s, o.Now)
	return nil
}

// An explainer knows one edition that was made and not put in place.
type explainer struct {
	f    *explainFlags
	cfg  *config.Config
	rep  build.Report
	past *page.Ledger // of the edition that lies there
}

// explain finds what is meant: a file of the site, or a page of the edition.
func (x *explainer) explain(what string) *explanation {
	if name := x.source(what); name != "" {
		return x.file(name)
	}
	if p, ok := x.page(what); ok {
		e := &explanation{Path: x.made(p)}
		x.describe(e, p)
		return e
	}
	return nil
}

// source is the path of a file of the site or its theme, or "".
func (x *explainer) source(what string) string {
	if name := x.f.source(what); name != "" || strings.Contains(what, "://") {
		return name
	}
	if name := path.Clean(filepath.ToSlash(what)); path.Ext(name) != "" && inTheme(name) {
		return name
	}
	return ""
}

func ofSite(name string) bool {
	first, _, nested := strings.Cut(name, "/")
	switch first {
	case "content", "data", "layouts", "static":
		return nested
	}
	return name == "site.yaml"
}

// page finds the page at a URL, or the one whose file has this path.
func (x *explainer) page(what string) (page.PageNote, bool) {
	name := filepath.ToSlash(what)
	if u, err := url.Parse(what); err == nil {
		name = u.Path
	}
	if in, ok := strings.CutPrefix(name, unescaped(x.cfg.BasePath())); ok {
		name = in
	}
	name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "./"), "/"), "public/")
	for _, try := range []string{name, path.Join(name, "index.html")} {
		if p, ok := x.rep.Ledger.Note(try); ok {
			return p, true
		}
	}
	return page.PageNote{}, false
}

// file explains a source file.
func (x *explainer) file(name string) *explanation {
	e := &explanation{Path: name}
	for _, skip := range x.rep.Skipped {
		if skip.Path == name && skip.Reason != "expired" {
			e.Reason, e.Until, e.until = skip.Reason, stamp(skip.Until), skip.Until
			return e
		}
	}
	first := true
	for _, p := range x.rep.Ledger.Pages {
		if x.made(p) != name {
			continue
		}
		if first {
			x.describe(e, p)
			first = false
		} else {
			e.More = append(e.More, x.url(p.Path))
		}
	}
	if first {
		e.Users = x.users(name)
	}
	for _, p := range x.rep.Ledger.Pages {
		if f := page.Fields(p.Args, 4); first && p.Kind == "section" && f[3] == "0" && x.front(f[0], f[2]) == name {
			e.Users = append(e.Users, x.url(p.Path))
		}
	}
	return e
}

// meant guesses which file or page was meant.
func (x *explainer) meant(what string) string {
	files, urls := x.known()
	plain := strings.Trim(bare(filepath.ToSlash(what)), "/")
	for _, names := range [][]string{files, urls} {
		for _, name := range names { // a story is asked for by its slug
			if path.Base(bare(name)) == path.Base(plain) {
				return "did you mean " + name + "?"
			}
		}
	}
	shown := map[string]string{}
	var all []string
	for _, name := range append(files, urls...) {
		short := strings.Trim(bare(name), "/")
		shown[short] = name
		all = append(all, short)
	}
	if near := diag.Nearest(plain, all); near != "" {
		return "did you mean " + shown[near] + "?"
	}
	return "give the path of a source file, such as content/news/fire.md, or a URL of the site, such as /news/"
}

// known lists the files that are published or might be, stories first, and all
// URLs.
func (x *explainer) known() (files, urls []string) {
	var others []string
	secret := secrets(x.rep, &x.f.siteFlags)
	for _, skip := range x.rep.Skipped {
		if !secret(skip.Path) {
			files = append(files, skip.Path)
		}
	}
	for _, p := range x.rep.Ledger.Pages {
		urls = append(urls, x.url(p.Path))
		if from := x.made(p); p.Kind == "article" {
			files = append(files, from)
		} else if from != "" {
			others = append(others, from)
		}
	}
	return append(files, others...), urls
}

// bare is a path without what its file is called by rule.
func bare(name string) string {
	name = strings.TrimSuffix(name, "/")
	return strings.TrimSuffix(strings.TrimSuffix(name, ".md"), "/index")
}
