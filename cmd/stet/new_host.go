package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/config"
	"stet/internal/deploy"
	"stet/internal/diag"
)

// What a host is told, beside the site: how it builds, what it keeps between
// builds, headers and redirects. GitHub, GitLab and systemd have the texts that
// stet next --snippet prints.

// buildScript builds on a host that gives a machine with git.
const buildScript = `#!/bin/sh
# Builds @NAME@ into @EDITION@/ on a host that gives a machine with git. What is kept
# between builds lies in $STET_CACHE, if the host keeps that folder.
set -eu
cache=${STET_CACHE:-.stet-cache}
mkdir -p "$cache" && cache=$(cd "$cache" && pwd)
if ! command -v go >/dev/null; then
  curl -fsSL https://go.dev/dl/go@GO@.linux-amd64.tar.gz | tar -C "$cache" -xz
  PATH=$cache/go/bin:$PATH
fi
@GET@
"$stet" build --cache "$cache/kept" --out "$cache/edition"
rm -rf @EDITION@ && cp -R "$cache/edition" @EDITION@ && rm -rf @EDITION@/.stet
`

// A hostFile is one that a host reads, by its path in the site.
type hostFile struct{ name, text string }

// hostTexts are the files for each host but for those that are made of what an
// edition says.
var hostTexts = map[string][]hostFile{
	"netlify": {{"netlify.toml", `# Netlify builds on each push. For what falls due (@ZONE@) have a build hook asked
# every 10 minutes. Headers and redirects are in the edition.
[build]
  command = """
STET_CACHE=/opt/build/cache/stet sh build.sh
find @EDITION@ -name 410.txt | sed -E 's|^@EDITION@(.*)410\\.txt$|\\1 \\1 410!|' >>@EDITION@/_redirects
"""
  publish = "@EDITION@"

[build.environment]
  GO_VERSION = "@GO@"
`}, {"build.sh", buildScript}},
	"cloudflare": {{"wrangler.toml", `# Cloudflare Pages builds on each push; its build command, which is set where the
# project is made: sh build.sh
# For what falls due (@ZONE@) have a deploy hook asked every 10 minutes. Headers and
# redirects are in the edition. Cloudflare keeps no folder of Stet's between builds.
name = "@SLUG@"
compatibility_date = "2026-01-01"
pages_build_output_dir = "@EDITION@"
`}, {"build.sh", buildScript}},
	"vercel": {{"build.sh", buildScript}}, // and vercel.json
	"github": {{".github/workflows/build.yml", snippets["github"]}},
	"gitlab": {{".gitlab-ci.yml", snippets["gitlab"]}},
	"server": {{"", snippets["systemd"]}}, // two files, as a script writes them
	"nginx":  nil, "caddy": nil, "apache": nil,
}

// serverFiles are those that are made of what an edition says.
var serverFiles = map[string]string{"nginx": "nginx.conf", "caddy": "Caddyfile", "apache": "apache.conf", "vercel": "vercel.json"}

// hostNames are the hosts that are known.
func hostNames() []string { return slices.Sorted(maps.Keys(hostTexts)) }

type hostFlags struct {
	siteFlags
	out, stet, target string
	print             bool
}

func newHostCommand(s *system) *cobra.Command {
	var f hostFlags
	cmd := &cobra.Command{
		Use:   "host PLATFORM [flags]",
		Short: "write what a host or web server reads beside the site",
		Long: "Writes what a host is to be told: how it builds, what it keeps between builds, and what web servers do with headers\n" +
			"and redirects, which is taken from _headers and _redirects of the edition in public/. docs/hosting.md tells of each of\n" +
			strings.Join(hostNames(), ", ") + ".",
		Example: examples("stet new host netlify --stet https://git.example/stet.git", "stet new host nginx --print >/etc/nginx/sites-enabled/my-paper"),
		Args:    arguments("host"),
		RunE:    func(_ *cobra.Command, args []string) error { return f.run(s, args[0]) },
	}
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	flags.StringVar(&f.stet, "stet", stetHome, "where the host gets Stet: the `URL` of its git repository")
	flags.StringVar(&f.out, "out", "public", "the edition is in `DIR`")
	flags.StringVar(&f.target, "target", "", "of web servers: the edition is sent to `TARGET` of site.yaml; live, or the only one, if not given")
	flags.BoolVar(&f.print, "print", false, "print it, write no file")
	return cmd
}

// knownHost refuses a host that is not known.
func knownHost(flag, name string) error {
	if _, ok := hostTexts[name]; !ok {
		return mistaken(nearOf(name, hostNames(), flag), "nothing is known of the host %q", name)
	}
	return nil
}

func (f *hostFlags) run(s *system, host string) error {
	if err := knownHost("stet new host ", host); err != nil {
		return err
	}
	cfg, err := settings(f.dir)
	if err != nil {
		return err
	}
	edition := f.inside(f.out)
	if serverFiles[host] != "" && !exists(filepath.Join(edition, "_headers")) {
		return mistaken("make it with\nstet build", "there is no edition in %s, of which headers and redirects are taken", f.out)
	}
	files, err := f.files(s, cfg, host, edition)
	if err != nil {
		return err
	}
	if f.print {
		for _, file := range files {
			if len(files) > 1 {
				fmt.Fprintf(s.out, "# %s\n", file.name)
			}
			fmt.Fprint(s.out, file.text)
		}
		return nil
	}
	for _, file := range files { // all or none
		if exists(filepath.Join(f.dir, filepath.FromSlash(file.name))) {
			return mistaken("see what it would be with\nstet new host "+host+" --print", "%s is already there", file.name)
		}
	}
	for _, file := range files {
		if err := create(f.dir, file.name, []byte(file.text)); err != nil {
			return err
		}
		fmt.Fprintln(s.out, file.name)
	}
	f.noted(s, files)
	return nil
}

// noted says what people have to fill in.
func (f *hostFlags) noted(s *system, files []hostFile) {
	for _, file := range files {
		if strings.Contains(file.text, stetHome) {
			s.note("write into %s where Stet's repository is, in the place of %s, or nothing is built there (--stet URL writes it)", file.name, stetHome)
		}
		if strings.Contains(file.text, "stet-main") {
			s.note("this stet does not know its commit: write one into %s, in the place of main, so that each build has the same", file.name)
		}
	}
}

// files are what a host reads, filled in.
func (f *hostFlags) files(s *system, cfg *config.Config, host, edition string) (all []hostFile, err error) {
	whom := map[string]string{"server": "systemd"}[host]
	l := layer{&f.siteFlags, f.out, f.stet}
	for _, file := range hostTexts[host] {
		text := l.fill(s, cfg, whom, file.text)
		if file.name == "" {
			all = append(all, units(text)...)
			continue
		}
		all = append(all, hostFile{file.name, text})
	}
	name := serverFiles[host]
	if name == "" {
		return all, nil
	}
	target, err := f.targeted(cfg)
	if err != nil {
		return nil, err
	}
	served := f.served(cfg, target, host)
	rules, err := deploy.ReadRules(os.DirFS(edition), served.Base)
	if err != nil {
		return nil, err
	}
	if host == "vercel" {
		return append(all, hostFile{name, f.vercel(rules)}), nil
	}
	return append(all, hostFile{name, deploy.Servers[host](rules, served)}), nil
}

// units takes the files out of a script that writes them.
func units(script string) (all []hostFile) {
	for _, m := range hereDocument.FindAllStringSubmatch(script, -1) {
		all = append(all, hostFile{"systemd/" + m[1], m[2]})
	}
	return all
}

var hereDocument = regexp.MustCompile(`(?ms)^cat >/etc/systemd/system/(\S+) <<'END'\n(.*?)^END\n`)

// targeted is the target that is meant; the zero one if none is.
func (f *hostFlags) targeted(cfg *config.Config) (config.Target, error) {
	name := cmp.Or(f.target, mainTarget(cfg))
	target, ok := cfg.Deploy[name]
	if !ok && f.target != "" {
		return target, noTarget(cfg, f.target)
	}
	return target, nil
}

// noTarget answers the name of a target that site.yaml has not.
func noTarget(cfg *config.Config, name string) error {
	known := slices.Sorted(maps.Keys(cfg.Deploy))
	hint := fmt.Sprintf("write into site.yaml where it is, such as\ndeploy:\n  %s: {to: /srv/www}", name)
	switch near := diag.Nearest(name, known); {
	case near != "":
		hint = "did you mean " + near + "?"
	case len(known) > 0:
		hint = "there are: " + strings.Join(known, ", ")
	}
	return mistaken(hint, "site.yaml has no target %q", name)
}

// served is how a web server on a machine serves the site.
func (f *hostFlags) served(cfg *config.Config, target config.Target, host string) deploy.Served {
	word := strings.ReplaceAll(slugOf(cfg.Title), "-", "_")
	if strings.ContainsFunc(word, func(r rune) bool { return r != '_' && (r < '0' || r > 'z') }) {
		word = "paper" // names of variables are ASCII
	}
	served := deploy.Served{Name: cfg.Title, Word: word, Base: "/", Root: absolute(f.inside(f.out)), Compress: target.Compress, Cache: target.Cache,
		How: "stet new host " + host + " --print"}
	if u, err := url.Parse(cmp.Or(target.BaseURL, cfg.BaseURL)); err == nil && u.Host != "" {
		served.Host, served.Base = u.Hostname(), "/"+strings.TrimLeft(strings.TrimSuffix(u.Path, "/")+"/", "/")
	}
	if target.To != "" && !strings.Contains(target.To, "://") {
		served.Root = absolute(f.inside(target.To))
	} else if u, err := url.Parse(target.To); err == nil && u.Scheme == "sftp" {
		served.Root = u.Path
	}
	// The edition lies below its base path.
	served.Root = strings.TrimSuffix(filepath.ToSlash(served.Root), strings.TrimSuffix(served.Base, "/"))
	served.Root = cmp.Or(served.Root, "/")
	return served
}

// vercel is vercel.json.
func (f *hostFlags) vercel(rules deploy.Rules) string {
	headers, redirects := deploy.Vercel(rules)
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	e.Encode(struct { // plain data, which is written always
		Framework     *string         `json:"framework"`
		Install       string          `json:"installCommand"`
		Build         string          `json:"buildCommand"`
		Output        string          `json:"outputDirectory"`
		TrailingSlash bool            `json:"trailingSlash"`
		Headers       json.RawMessage `json:"headers"`
		Redirects     json.RawMessage `json:"redirects"`
	}{nil, "true", "STET_CACHE=node_modules/.cache/stet sh build.sh", filepath.ToSlash(f.out), true, headers, redirects})
	return b.String()
}
