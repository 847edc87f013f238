package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"stet/internal/build"
	"stet/internal/config"
	"stet/internal/diag"
)

// compared says in which folder the published edition is that the flag names, and
// at which address it is if that is not the site's.
func (f *checkFlags) compared(o *build.Options, cfg *config.Config) (folder string, err error) {
	name := f.against
	target, known := cfg.Deploy[name]
	if !known {
		if folder = f.inside(name); isFolder(folder) {
			return folder, nil
		}
		hint := "give the folder of an edition that `stet build` made, such as --against public, or a target of deploy in site.yaml"
		if near := diag.Nearest(name, slices.Collect(maps.Keys(cfg.Deploy))); near != "" {
			hint = "did you mean --against " + shellWord(near) + "?"
		}
		if strings.Contains(name, "://") {
			hint = fetched
		}
		return "", mistaken(hint, "--against: there is no folder and no target of deploy %q", name)
	}
	to := target.To
	switch {
	case to == "":
		return "", mistaken(fmt.Sprintf("write into site.yaml where it is, such as\ndeploy:\n  %s: {to: /srv/www}", name), "--against: the target %q does not say where it is", name)
	case strings.Contains(to, ":") && !filepath.IsAbs(to):
		return "", mistaken(fetched, "--against: the target %q is at %s, and stet compares with folders of this machine alone", name, to)
	}
	o.BaseURL = target.BaseURL
	return f.inside(to), nil
}

// fetched is what to do about an edition that is elsewhere.
const fetched = "copy what is there into a folder, with the hidden folder .stet, and give that: --against FOLDER"
