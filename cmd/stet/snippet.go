package main

import (
	"cmp"
	"maps"
	"os"
	"path"
	"path/filepath"
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
*/5 * * * * @STET@ build -C @DIR@ --out @OUT@ >>"$HOME"/@UNIT@.log 2>&1
`,
	"systemd": `# As root: run this, then
#   systemctl daemon-reload && systemctl enable --now @UNIT@.timer
cat >/etc/systemd/system/@UNIT@.service <<'END'
[Unit]
Description=Make @NAME@ again when something falls due (@ZONE@)

[Service]
Type=oneshot
User=@USER@
ExecStart=@STET@ build -C @DIR@ --out @OUT@
# What sends it to the host, if that is another machine:
#ExecStartPost=/usr/bin/rsync -a --delete @OUT@/ host:/srv/www/
END
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
      - run: echo "put stet into the PATH here" && stet version
      - id: stet
        run: |
          stet build -C @WITHIN@ --out @EDITION@ --cache stet-cache --json >report.json
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
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  cache:
    key: stet
    paths: [@KEPT@, @PUBLIC@]
  script:
    - echo "put stet into the PATH here" && stet version
    - |
      stet build -C @WITHIN@ --out @EDITION@ --cache stet-cache
  publish: @PUBLIC@
  artifacts:
    paths: [@PUBLIC@]
`,
}

// paste prints a snippet with the site's own places.
func (f *nextFlags) paste(s *system, cfg *config.Config) error {
	text, ok := snippets[f.snippet]
	if !ok {
		return mistaken("there are: "+strings.Join(slices.Sorted(maps.Keys(snippets)), ", "), "--snippet: there is none for %q", f.snippet)
	}
	dir := absolute(f.dir)
	name := slug.Make(cfg.Title)
	if name == "" {
		name = "paper"
	}
	stet, err := os.Executable()
	if err != nil {
		stet = "stet"
	}
	word, title := shellWord, oneLine(cfg.Title)
	switch f.snippet {
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
	zone := cfg.Timezone
	if zone == "" {
		zone = "UTC"
	}
	places := []string{
		"@NAME@", title, "@UNIT@", "stet-" + name, "@ZONE@", zone, "@USER@", cmp.Or(s.env("USER"), "www-data"),
		"@STET@", word(stet), "@DIR@", word(dir), "@OUT@", word(absolute(f.inside(f.out))),
		"@FOLDER@", folder, "@EDITION@", edition, "@WITHIN@", shellWord(within),
		"@PUBLIC@", yamlWord(folder + edition), "@KEPT@", yamlWord(folder + "stet-cache"),
	}
	_, err = strings.NewReplacer(places...).WriteString(s.out, text)
	return err
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
func (f *nextFlags) withinRepository(dir string) string {
	for up := dir; filepath.Dir(up) != up; up = filepath.Dir(up) {
		if exists(filepath.Join(up, ".git")) {
			if rel, err := filepath.Rel(up, dir); err == nil {
				return path.Clean(filepath.ToSlash(rel))
			}
		}
	}
	return "."
}
