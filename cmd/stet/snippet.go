package main

import (
	"cmp"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"stet/internal/config"
	"stet/internal/slug"
)

// What has a site built in time, ready to paste. All of them run stet build every
// few minutes: where nothing is due it makes nothing, and is done at once.
// @PLACES@ are filled in.

// snippets are the texts by whom they are for.
var snippets = map[string]string{
	"cron": `# crontab -e: @NAME@ is made again when something falls due (@ZONE@).
*/5 * * * * @STET@ @DO@ >>"$HOME"/@UNIT@.log 2>&1
`,
	"systemd": `# As root: run this, then
#   systemctl daemon-reload && systemctl enable --now @UNIT@.timer
cat >/etc/systemd/system/@UNIT@.service <<'END'
[Unit]
Description=Make @NAME@ again when something falls due (@ZONE@)

[Service]
Type=oneshot
User=@USER@
@DO@END
cat >/etc/systemd/system/@UNIT@.timer <<'END'
[Unit]
Description=Look every minute whether something of @NAME@ falls due

[Timer]
OnCalendar=minutely
AccuracySec=1s

[Install]
WantedBy=timers.target
END
`,
	"github": `# .github/workflows/build.yml: builds on each push, and every 10 minutes for what
# falls due (@ZONE@). What did not change is not published again.
name: Build
on:
  push:
  workflow_dispatch:
  schedule:
    - cron: "*/10 * * * *"
permissions: {contents: read, pages: write, id-token: write}
concurrency: {group: pages}
jobs:
  build:
    runs-on: ubuntu-latest
    environment: github-pages
    steps:
      - uses: actions/checkout@v4
      - uses: actions/cache@v4
        with:
          path: |
            @FOLDER@stet-cache
            @FOLDER@@EDITION@
          key: stet-${{ github.run_id }}
          restore-keys: stet-
      - uses: actions/setup-go@v5
        with: {go-version: "@GO@", cache: false}
      - id: stet
        run: |
          cache=@CACHE@
          @GET@
          "$stet" build -C @WITHIN@ --out @EDITION@ --cache stet-cache --json >report.json
          echo "changed=$(jq '.made + .removed' report.json)" >>"$GITHUB_OUTPUT"
      - if: steps.stet.outputs.changed != '0'
        uses: actions/upload-pages-artifact@v3
        with:
          path: @PUBLIC@
      - if: steps.stet.outputs.changed != '0'
        uses: actions/deploy-pages@v4
`,
	"gitlab": `# .gitlab-ci.yml: builds on each push, and when a schedule says so (Build > Pipeline
# schedules; every 10 minutes is */10 * * * *, whatever the zone; the site's is @ZONE@).
pages:
  image: golang:@GO@
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  cache:
    key: stet
    paths: [@KEPT@, @PUBLIC@]
  script:
    - |
      cache=@CACHE@
      @GET@
      "$stet" build -C @WITHIN@ --out @EDITION@ --cache stet-cache
  publish: @PUBLIC@
  artifacts:
    paths: [@PUBLIC@]
`,
}

// getting has a machine that has git and Go make the very Stet that is meant, and
// keep it in the folder $cache.
const getting = `stet="$cache/stet-@PIN@"
if ! test -x "$stet"; then
  rm -rf "$cache/source" && git clone -q @FROM@ "$cache/source"
  git -C "$cache/source" checkout -q @PIN@
  (cd "$cache/source" && go build -o "../stet-@PIN@" ./cmd/stet)
  rm -rf "$cache/source"
fi`

// homeless stands before it where nobody has said where Stet's repository is.
const homeless = `# Put the address of Stet's git repository in the place of
# ` + stetHome + ` below: that from which you have it (git remote
# get-url origin, in your clone), or a copy of your own that this machine may read.
`

// paste prints a snippet with the site's own places.
func (f *nextFlags) paste(s *system, cfg *config.Config) error {
	if _, ok := snippets[f.snippet]; !ok {
		return mistaken("there are: "+strings.Join(slices.Sorted(maps.Keys(snippets)), ", "), "--snippet: there is none for %q", f.snippet)
	}
	l := layer{&f.siteFlags, f.out, stetHome}
	text := l.fill(s, cfg, f.snippet, snippets[f.snippet])
	if strings.Contains(text, stetHome) {
		s.note("put the address of Stet's git repository in the place of %s; stet new host %s --stet URL writes it", stetHome, f.snippet)
	}
	_, err := io.WriteString(s.out, text)
	return err
}

// A layer fills texts in.
type layer struct {
	*siteFlags
	out  string // the edition's folder
	from string // Stet's repository
}

// stetHome stands for Stet's repository, which is said by --stet.
const stetHome = "https://git.example/stet.git"

// fill puts the site's own places into what is written for cron, systemd or a host.
func (f *layer) fill(s *system, cfg *config.Config, whom, text string) string {
	dir := absolute(f.dir)
	stet, err := os.Executable()
	if err != nil {
		stet = "stet"
	}
	word, title := shellWord, oneLine(cfg.Title)
	switch whom {
	case "cron":
		word = func(s string) string { return strings.ReplaceAll(shellWord(s), "%", `\%`) }
	case "systemd":
		word, title = unitWord, strings.ReplaceAll(title, "%", "%%")
	}
	within := f.withinRepository(dir)
	folder, edition := "", filepath.ToSlash(f.out)
	if within != "." {
		folder = within + "/"
	}
	if filepath.IsAbs(f.out) {
		edition = "public" // another machine has other folders
	}
	zone := cmp.Or(cfg.Timezone, "UTC")
	out := word(absolute(f.inside(f.out)))
	do := "build -C " + word(dir) + " --out " + out
	target := mainTarget(cfg)
	if target != "" {
		do = "run " + word(target) + " -C " + word(dir)
	}
	if whom == "systemd" {
		do = "ExecStart=" + word(stet) + " " + do + "\n"
		if target == "" {
			do += "# With a target in site.yaml that sends it too: stet run NAME\n"
		}
	}
	places := []string{
		"@NAME@", title, "@UNIT@", "stet-" + slugOf(cfg.Title), "@ZONE@", zone, "@USER@", cmp.Or(s.env("USER"), "www-data"),
		"@STET@", word(stet), "@DO@", do, "@SLUG@", slugOf(cfg.Title),
		"@FOLDER@", folder, "@EDITION@", edition, "@WITHIN@", shellWord(within), "@CACHE@", shellWord(folder + "stet-cache"),
		"@PUBLIC@", yamlWord(folder + edition), "@KEPT@", yamlWord(folder + "stet-cache"),
		"@GO@", strings.TrimPrefix(strings.Fields(runtime.Version())[0], "go"), "@PIN@", pin(), "@FROM@", shellWord(f.from),
	}
	get := getting
	if f.from == stetHome {
		get = homeless + getting
	}
	text = indented.ReplaceAllStringFunc(text, func(line string) string {
		before := strings.TrimSuffix(line, "@GET@")
		return before + strings.ReplaceAll(get, "\n", "\n"+before)
	})
	return strings.NewReplacer(places...).Replace(text)
}

var indented = regexp.MustCompile(`(?m)^ *@GET@`)

// slugOf is a short name of a site.
func slugOf(title string) string { return cmp.Or(slug.Make(title), "paper") }

// mainTarget is the target that is meant if none is named: live, or the only one.
func mainTarget(cfg *config.Config) string {
	if _, ok := cfg.Deploy["live"]; ok {
		return "live"
	}
	if len(cfg.Deploy) == 1 {
		return slices.Collect(maps.Keys(cfg.Deploy))[0]
	}
	return ""
}

// pin is the release or the commit that this program was made of, as git knows it.
func pin() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "main"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" && !strings.Contains(v, "-0.") && !strings.Contains(v, "+") {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return "main"
}

// unitWord is a word of a line in a unit of systemd.
func unitWord(s string) string {
	s = strings.NewReplacer("%", "%%", "$", "$$").Replace(s)
	if !strings.ContainsAny(s, " \t\"'\\;") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// yamlWord is a text in YAML, in quotes if it would be taken for more.
func yamlWord(s string) string {
	if strings.ContainsAny(s, ",#:[]{}&*!|>'\"%@`\\") || s != strings.TrimLeft(s, "-? ") {
		return strconv.Quote(s)
	}
	return s
}

// withinRepository is the site's folder as it counts from that of its repository.
func (f *layer) withinRepository(dir string) string {
	for up := dir; filepath.Dir(up) != up; up = filepath.Dir(up) {
		if exists(filepath.Join(up, ".git")) {
			if rel, err := filepath.Rel(up, dir); err == nil {
				return path.Clean(filepath.ToSlash(rel))
			}
		}
	}
	return "."
}
