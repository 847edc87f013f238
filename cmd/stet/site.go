package main

import (
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet"
	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/source"
)

// siteFlags are the flags of every command that reads a site.
type siteFlags struct {
	dir, at, cache             string
	drafts, noCache, json, all bool
	noCompile                  bool
	jobs                       int
}

func (f *siteFlags) add(cmd *cobra.Command) {
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	flags.StringVar(&f.at, "at", "", "the edition as of this `TIME`, such as \"2026-11-22 14:05\"; now if not given")
	flags.BoolVar(&f.drafts, "drafts", false, "with drafts and stories whose time has not come")
	flags.StringVar(&f.cache, "cache", "", "keep what is kept between builds in `DIR`, not in your cache folder")
	flags.BoolVar(&f.noCache, "no-cache", false, "keep nothing between builds")
	flags.IntVar(&f.jobs, "jobs", 0, "do `N` things at a time; one for each core if not given")
	flags.BoolVar(&f.json, "json", false, "report as one JSON object on stdout")
	flags.BoolVar(&f.all, "all", false, "name every place of a problem, and embargoed stories too")
}

// addCompile is for the commands that tell of pages what people may doubt.
func (f *siteFlags) addCompile(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.noCompile, "no-compile", false, "have Go's html/template itself execute all layouts: the same pages, slower")
}

func addDir(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVarP(dir, "dir", "C", ".", "the site is in `DIR`; other paths of the command count from there")
}

// options are what the flags say, as a build wants to know it, and what
// site.yaml says. What is wrong with site.yaml itself is for the build to tell.
func (f *siteFlags) options(s *system) (build.Options, *config.Config, error) {
	o := build.Options{Dir: f.dir, Theme: stet.Theme(), Now: s.now(), Drafts: f.drafts, Jobs: f.jobs, Interpret: f.noCompile}
	if f.jobs < 0 {
		return o, nil, mistaken("--jobs 1 does one thing after the other", "--jobs is less than 0")
	}
	if f.cache != "" && f.noCache {
		return o, nil, mistaken("give one of them", "--cache and --no-cache contradict each other")
	}
	cfg, err := settings(f.dir)
	if err != nil {
		return o, nil, err
	}
	if f.at != "" {
		w, ok := fields.ParseWhen(f.at)
		if !ok {
			return o, nil, mistaken("write it like --at 2026-11-22, --at \"2026-11-22 14:05\" or --at 2026-11-22T14:05:00+03:00", "--at: %q is no time", f.at)
		}
		o.Now = w.In(cfg.Zone)
	}
	return o, cfg, nil
}

// inside is a path as it counts from the site's folder.
func (f *siteFlags) inside(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(f.dir, name)
}

// source is the path of a file of the site, which is named from here or from the
// site's folder, and a story perhaps without its ending; "" if there is none.
func (f *siteFlags) source(what string) string {
	if strings.Contains(what, "://") {
		return ""
	}
	for _, base := range []string{f.dir, "."} {
		full := what
		if !filepath.IsAbs(what) {
			full = filepath.Join(base, what)
		}
		name, err := filepath.Rel(absolute(f.dir), absolute(full))
		if err == nil && filepath.IsLocal(name) && isFile(full) && ofSite(filepath.ToSlash(name)) {
			return filepath.ToSlash(name)
		}
	}
	name := path.Clean(filepath.ToSlash(what))
	for _, more := range []string{"/index.md", ".md", "/_index.md"} { // a bundle, or an article without its ending
		if full := filepath.Join(f.dir, filepath.FromSlash(name+more)); filepath.IsLocal(name) && ofSite(name+more) && isFile(full) {
			return name + more
		}
	}
	return ""
}

// settings reads site.yaml.
func settings(dir string) (*config.Config, error) {
	data, err := os.ReadFile(filepath.Join(dir, source.Settings))
	if err == nil {
		cfg, _ := config.Parse(source.Settings, data)
		return cfg, nil
	}
	if exists(filepath.Join(dir, source.Settings)) {
		return nil, diag.Problem{Severity: diag.Error, Path: source.Settings, Text: "it cannot be read: " + unwrapped(err), Hint: "it must be a file that you may read"}
	}
	return nil, noSite(dir)
}

// noSite says where the site might be instead.
func noSite(dir string) diag.Problem {
	p := diag.Problem{Severity: diag.Error, Text: "there is no " + source.Settings + " in " + absolute(dir),
		Hint: "make a ready newspaper with\nstet new site my-paper"}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		p.Text = "there is no folder " + absolute(dir)
	}
	if near := nearSite(dir); near != "" {
		p.Hint = "did you mean -C " + shellWord(near) + "?"
	}
	return p
}

// siteAbove finds a site in a folder above.
func siteAbove(dir string) string {
	up := dir
	for range 20 {
		if up = filepath.Join(up, ".."); exists(filepath.Join(up, source.Settings)) {
			return filepath.ToSlash(up)
		}
		if absolute(up) == filepath.Dir(absolute(up)) {
			break
		}
	}
	return ""
}

// nearSite finds a site in a folder above, or in one just below.
func nearSite(dir string) string {
	if above := siteAbove(dir); above != "" {
		return above
	}
	below, _ := filepath.Glob(filepath.Join(dir, "*", source.Settings))
	if len(below) == 1 {
		return filepath.ToSlash(filepath.Dir(below[0]))
	}
	return ""
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

func inTheme(name string) bool {
	_, err := fs.Stat(stet.Theme(), name)
	return err == nil
}

// unescaped is a path of a URL as people read it.
func unescaped(name string) string {
	if plain, err := url.PathUnescape(name); err == nil {
		return plain
	}
	return name
}

func absolute(dir string) string {
	if a, err := filepath.Abs(dir); err == nil {
		return a
	}
	return dir
}

// ago is a time in words, counted from another: "in 5 hours".
func ago(from, until time.Time) string {
	d := until.Sub(from)
	switch {
	case d < time.Hour:
		return "in " + count(max(1, int(d.Round(time.Minute)/time.Minute)), "minute")
	case d < 48*time.Hour:
		return "in " + count(int(d.Round(time.Hour)/time.Hour), "hour")
	}
	return "in " + count(int(d.Round(24*time.Hour)/(24*time.Hour)), "day")
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
