package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/source"
)

type newSiteFlags struct {
	title, timezone string
	languages       []string
	empty           bool
	host, stet      string
}

func newSiteCommand(s *system) *cobra.Command {
	var f newSiteFlags
	cmd := &cobra.Command{
		Use:   "site DIR [flags]",
		Short: "make a ready newspaper in a new folder",
		Long:  "Makes a site that builds as it is: settings, two sections, an author and a few sample stories to replace.",
		Example: examples("stet new site my-paper", `stet new site my-paper --title "The Valley Post" --language en,ar --timezone Asia/Baghdad`,
			"stet new site my-paper --empty"),
		Args: arguments("folder"),
		RunE: func(_ *cobra.Command, args []string) error { return f.run(s, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.title, "title", "", "the paper's `NAME`; that of the folder if not given")
	flags.StringSliceVar(&f.languages, "language", []string{"en"}, "its `LANGUAGES`, the main one first, such as en,ar")
	flags.StringVar(&f.timezone, "timezone", "", "the `ZONE` of its dates, such as Asia/Baghdad; this machine's if not given")
	flags.BoolVar(&f.empty, "empty", false, "settings and folders only, no samples")
	flags.StringVar(&f.host, "host", "", "with what this `PLATFORM` reads, as stet new host writes it: "+strings.Join(hostNames(), ", "))
	flags.StringVar(&f.stet, "stet", stetHome, "of --host: the `URL` of the git repository from which the host gets Stet")
	return cmd
}

func (f *newSiteFlags) run(s *system, dir string) error {
	if f.host != "" {
		if err := knownHost("--host ", f.host); err != nil {
			return err
		}
	}
	if err := free(dir); err != nil {
		return err
	}
	files, err := f.files(s, dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, file := range files {
		if err := create(dir, file.name, []byte(file.text)); err != nil {
			return err
		}
	}
	if f.host != "" {
		if err := f.hosted(s, dir); err != nil {
			return err
		}
	}
	enter := ""
	if filepath.Clean(dir) != "." {
		enter = "    cd " + shellWord(dir) + "\n"
	}
	fmt.Fprintf(s.out, "a new site is in %s\n\nsee it:\n%s    stet serve\n\nthen write:\n    %s\n", dir, enter, f.next())
	return nil
}

// hosted writes what the host reads. Of a site that is new the edition is made for
// that, elsewhere.
func (f *newSiteFlags) hosted(s *system, dir string) error {
	h := hostFlags{siteFlags: siteFlags{dir: dir, noCache: true}, out: "public", stet: f.stet}
	cfg, err := settings(dir)
	if err != nil {
		return err
	}
	edition, err := os.MkdirTemp("", "stet-new-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(edition)
	if serverFiles[f.host] != "" {
		o, _, err := h.options(s)
		if err != nil {
			return err
		}
		o.Out, o.Started = filepath.Join(edition, "public"), s.now()
		if _, problems := build.Run(context.Background(), o); diag.AnyError(problems) {
			s.printer(false).Print(problems)
			return errTold
		}
	}
	files, err := h.files(s, cfg, f.host, filepath.Join(edition, "public"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := create(dir, file.name, []byte(file.text)); err != nil {
			return err
		}
	}
	h.noted(s, files)
	return nil
}

func (f *newSiteFlags) next() string {
	if f.empty {
		return "mkdir content/news\n    stet new article \"A first headline\" --section news"
	}
	return `stet new article "A first headline" --section news`
}

// free refuses a folder with files in it. A fresh git checkout is empty enough.
func free(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return mistaken("give the name of a new folder", "%s cannot be used: %s", dir, unwrapped(err))
	}
	if exists(filepath.Join(dir, source.Settings)) {
		return mistaken("see it with\nstet serve -C "+shellWord(dir), "there is a site in %s already", dir)
	}
	for _, e := range entries {
		if e.Name() != ".git" {
			return mistaken("give the name of a new folder", "%s is not empty", dir)
		}
	}
	return nil
}

// A newFile is one file of a new site.
type newFile struct{ name, text string }

// files are all files of the new site, checked before the first is written.
func (f *newSiteFlags) files(s *system, dir string) ([]newFile, error) {
	set := f.settings(s, dir)
	cfg, problems := config.Parse(source.Settings, []byte(set))
	for _, p := range problems {
		if p.Severity == diag.Error {
			if zone, isZone := strings.CutPrefix(p.Hint, "timezone: "); isZone {
				p.Hint = "did you mean --timezone " + shellWord(zone) + "?"
			}
			return nil, mistaken(p.Hint, "%s", p.Text)
		}
	}
	ignored := "/public/\n"
	if f.host != "" {
		ignored += "/stet-cache/\n/.stet-cache/\n" // of builds there, tried out here
	}
	files := []newFile{{source.Settings, set}, {".gitignore", ignored}}
	for i, l := range cfg.Languages {
		more, err := f.language(s, l, i == 0, cfg.Zone)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	if f.empty {
		files = append(files, newFile{"content/.gitkeep", ""}, newFile{"layouts/.gitkeep", ""}, newFile{"static/.gitkeep", ""})
	}
	slices.SortFunc(files, func(a, b newFile) int { return strings.Compare(a.name, b.name) })
	return files, nil
}

// settings is the text of site.yaml.
func (f *newSiteFlags) settings(s *system, dir string) string {
	title := strings.Join(strings.Fields(f.title), " ")
	if title == "" {
		title = named(filepath.Base(absolute(dir)))
	}
	zone, remark := f.timezone, ""
	if zone == "" {
		if zone = machineZone(s.env); zone == "" {
			zone, remark = "UTC", ", such as Europe/Berlin"
		}
	}
	var b strings.Builder
	b.WriteString("# The settings of the site. A key that is not known here is named when the site is built.\nformat: 1\n")
	fmt.Fprintf(&b, "title: %s\ndescription: \"\"\n\n", yaml(title))
	b.WriteString("# Where the site will be. Until it is set, canonical links, the sitemap and whole URLs in feeds are left out.\n# base_url: https://www.example.org/\n\n")
	b.WriteString(f.spoken())
	fmt.Fprintf(&b, "\n# The zone in which dates are read and shown%s.\ntimezone: %s\n\n", remark, yaml(zone))
	fmt.Fprintf(&b, "publisher:\n  name: %s\n\nper_page: 20\n", yaml(title))
	if slices.Contains([]string{"server", "nginx", "caddy", "apache"}, f.host) {
		fmt.Fprintf(&b, "\n# Where \"stet deploy live\" and \"stet run live\" send the edition to.\ndeploy:\n  live: {to: %s}\n", yaml("/srv/www/"+slugOf(title)))
	}
	if !f.empty {
		b.WriteString("\n# At the foot of each page. A menu called main would stand at its head, in the place of the sections.\nmenus:\n  footer:\n")
		fmt.Fprintf(&b, "    - %s\n", yaml(aboutURL(f.languages[0])))
	}
	return b.String()
}

func (f *newSiteFlags) spoken() string {
	if len(f.languages) == 1 {
		return "language: " + yaml(f.languages[0]) + "\n"
	}
	text := "# The first is at the root of the site, the others are below their own folder, such as content/ar/ and /ar/.\nlanguages:\n"
	for _, tag := range f.languages {
		text += "  " + yaml(strings.TrimSpace(tag)) + ": {}\n"
	}
	return text
}

// named makes the name of a paper of that of its folder.
func named(folder string) string {
	words := strings.FieldsFunc(folder, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + w[size:]
	}
	if len(words) == 0 {
		return "My Paper"
	}
	return strings.Join(words, " ")
}

// machineZone is the zone of this machine by its name, or "".
func machineZone(env func(string) string) string {
	zone := strings.TrimPrefix(env("TZ"), ":")
	if zone == "" {
		if link, err := os.Readlink("/etc/localtime"); err == nil {
			zone = link
		}
	}
	if _, name, ok := strings.Cut(filepath.ToSlash(zone), "zoneinfo/"); ok {
		zone = name
	}
	zone = strings.TrimPrefix(strings.TrimPrefix(zone, "Etc/"), "posix/")
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		return ""
	}
	return zone
}
