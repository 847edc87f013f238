package main

import (
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"stet"
)

func versionCommand(s *system) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "say which stet this is",
		Example: examples("stet version"),
		Args:    arguments(),
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(s.out, "stet %s\n%s %s/%s\nbuilt-in theme: %s\n",
				version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, count(layouts(stet.Theme()), "layout"))
			return nil
		},
	}
}

// version is what the build knows of itself: a release, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	var commit, date, dirty string
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = " " + s.Value[:min(len(s.Value), 12)]
		case "vcs.time":
			date, _, _ = strings.Cut(" "+s.Value, "T")
		case "vcs.modified":
			if s.Value == "true" {
				dirty = " with changes"
			}
		}
	}
	if v := info.Main.Version; v != "" && v != "(devel)" && !strings.Contains(v, "-0.") {
		return v
	}
	return "(devel)" + commit + date + dirty
}

func layouts(theme fs.FS) (n int) {
	fs.WalkDir(theme, "layouts", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".html") {
			n++
		}
		return nil
	})
	return n
}
