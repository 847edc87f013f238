package main

import (
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stet"
	"stet/internal/build"
	"stet/internal/desk"
	"stet/internal/diag"
	"stet/internal/fields"
)

// deskFlags are those of the commands that change the file of a story: publish,
// update and move.
type deskFlags struct {
	siteFlags
	r *build.Reading
}

func (f *deskFlags) add(cmd *cobra.Command) {
	addDir(cmd, &f.dir)
	cmd.Flags().BoolVar(&f.json, "json", false, "report as one JSON object on stdout")
}

// read reads the site and finds the file of the story that is meant. The reading
// is to be closed.
func (f *deskFlags) read(s *system, what string) (string, error) {
	if strings.TrimSpace(what) == "" {
		return "", mistaken("give its path, such as content/news/fire.md, or its address, such as /news/2026/11/fire/", "which story? There is no name")
	}
	if above := siteAbove(f.dir); f.dir == "." && above != "" && !exists("site.yaml") && exists(what) {
		f.dir = above // a file of the site is named in its own folder
	}
	if _, err := settings(f.dir); err != nil {
		return "", err
	}
	o := build.Options{Dir: f.dir, Theme: stet.Theme(), Now: s.now(), Out: f.inside("public")}
	o.Cache = f.keep(s, o.Out)
	var problems []diag.Problem
	if f.r, problems = build.Read(o); f.r == nil {
		told{s: s, f: &f.siteFlags, found: problems}.problems()
		return "", errTold
	}
	if name := f.story(what); name != "" {
		return name, nil
	}
	return "", mistaken(f.meant(what), "the site has no story %q", what)
}

// story is the file that is meant by a path, from here, from the site's folder
// or below content/, or by an address.
func (f *deskFlags) story(what string) string {
	plain := strings.TrimSuffix(filepath.ToSlash(what), "/")
	for _, form := range []string{what, plain + "/index.md", plain + ".md", "content/" + plain} {
		if name := f.source(form); path.Ext(name) == ".md" {
			return name
		}
	}
	if u, err := url.Parse(what); err == nil {
		return f.r.Site.SourceAt(u.Path)
	}
	return ""
}

// meant guesses which story was meant, if it is not under embargo.
func (f *deskFlags) meant(what string) string {
	plain := strings.TrimPrefix(strings.Trim(bare(filepath.ToSlash(what)), "/"), "content/")
	shown := map[string]string{}
	var all []string
	for _, name := range f.r.Files() {
		if !strings.HasPrefix(name, "content/") || path.Ext(name) != ".md" || slices.Contains(f.r.Site.Embargoed(), name) {
			continue
		}
		short := strings.TrimPrefix(bare(name), "content/")
		if path.Base(short) == path.Base(plain) {
			return "did you mean " + name + "?"
		}
		shown[short] = name
		all = append(all, short)
	}
	if near := diag.Nearest(plain, all); near != "" {
		return "did you mean " + shown[near] + "?"
	}
	return "give its path, such as content/news/fire.md, or its address, such as /news/2026/11/fire/"
}

// moment is the time that --at names, now if it names none.
func (f *deskFlags) moment(s *system) (at, now desk.Moment, err error) {
	now = desk.Now(s.now(), f.r.Config.Zone)
	if f.at == "" || strings.EqualFold(strings.TrimSpace(f.at), "now") {
		return now, now, nil
	}
	w, ok := fields.ParseWhen(f.at)
	if !ok {
		return now, now, mistaken("write it like --at 2026-11-22, --at \"2026-11-22 14:05\", --at 2026-11-22T14:05:00+03:00 or --at now", "--at: %q is no time", f.at)
	}
	return desk.At(w, f.r.Config.Zone), now, nil
}

// refuse tells what is wrong, and that nothing was changed.
func (f *deskFlags) refuse(s *system, problems []diag.Problem) error {
	p := s.printer(true)
	p.Lines = f.r.Lines
	p.Print(problems)
	return errTold
}

// save writes what was proposed.
func (f *deskFlags) save(from, to string, files []desk.File) error {
	return save(f.dir, from, to, files)
}

// address is a URL of the site as readers have it.
func (f *deskFlags) address(rooted string) string {
	if rooted == "" {
		return ""
	}
	return unescaped(f.r.Site.URL(rooted))
}

func paths(files []desk.File) []string {
	names := []string{}
	for _, file := range files {
		names = append(names, file.Path)
	}
	return names
}
