package main

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stet/internal/article"
	"stet/internal/check"
	"stet/internal/config"
	"stet/internal/schema"
	"stet/internal/source"
)

// What a shell offers when somebody presses Tab: files, sections, authors and so
// on, found by the names of files where that will do. Nothing here says a word
// if something is wrong: then there is nothing to offer.

// An offer lists what may stand in place of a word that is begun, in the site in
// a folder.
type offer func(dir, begun string) ([]string, cobra.ShellCompDirective)

// offers are what is offered for the placeholders of flags and arguments, as
// help shows them.
var offers = map[string]offer{
	"PATH":      storyFiles,
	"PATH|URL":  siteFiles,
	"NEW":       places,
	"FILE":      pictureFiles,
	"DIR":       folders,
	"FOLDER":    folders,
	"HOST":      known(func(string) []string { return check.HostNames() }),
	"SECTION":   known(func(dir string) []string { return (&articleFlags{dir: dir}).sections("content") }),
	"AUTHOR":    known(authors),
	"LANGUAGE":  known(languages),
	"LANGUAGES": known(languages),
	"TAG":       known(languages),
	"ZONE":      known(func(string) []string { return config.Zones() }),
	"KIND":      known(func(string) []string { return article.Notes }),
	"WHOM":      known(func(string) []string { return slices.Sorted(maps.Keys(snippets)) }),
	"FORMAT":    known(func(string) []string { return formats }),
	"WHAT":      known(func(string) []string { return schema.Whats }),
	"TARGET":    known(targets),
	"LAYOUT":    known(func(string) []string { return themeNames() }),

	// What only people know.
	"HEADLINE": nil, "TIME": nil, "URL": nil, "NAME": nil, "PLACE": nil, "TEXT": nil, "N": nil, "HOST:PORT": nil,
}

// completions has the shell offer something for each flag and argument.
func completions(root *cobra.Command) {
	for _, cmd := range commandsIn(root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if value, _ := pflag.UnquoteUsage(f); value != "" {
				_ = cmd.RegisterFlagCompletionFunc(f.Name, func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
					return offered(cmd, value, begun)
				})
			}
		})
		if cmd.ValidArgsFunction == nil && !cmd.HasSubCommands() {
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
				return offered(cmd, placeholder(cmd, len(args)), begun)
			}
		}
	}
}

// placeholder is what help calls an argument of a command; "" if it has none. One
// with … may come again.
func placeholder(cmd *cobra.Command, i int) string {
	words := strings.Fields(cmd.Use)[1:]
	if flags := slices.IndexFunc(words, func(w string) bool { return w == "[flags]" || strings.HasPrefix(w, "-") }); flags >= 0 {
		words = words[:flags]
	}
	if last := len(words) - 1; i > last && last >= 0 && strings.Contains(words[last], "…") {
		i = last
	}
	if i >= len(words) {
		return ""
	}
	return strings.TrimSuffix(strings.Trim(words[i], "[]"), "…")
}

func offered(cmd *cobra.Command, value, begun string) ([]string, cobra.ShellCompDirective) {
	give := offers[value]
	if give == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	dir := "."
	if f := cmd.Flags().Lookup("dir"); f != nil {
		dir = f.Value.String()
	}
	return give(dir, begun)
}

// known offers those names that begin as the word does, in any letter case.
func known(names func(dir string) []string) offer {
	return func(dir, begun string) (fit []string, _ cobra.ShellCompDirective) {
		for _, name := range names(dir) {
			if len(name) >= len(begun) && strings.EqualFold(name[:len(begun)], begun) {
				fit = append(fit, name)
			}
		}
		return fit, cobra.ShellCompDirectiveNoFileComp
	}
}

// folders has the shell offer folders, from the site's on.
func folders(dir, _ string) ([]string, cobra.ShellCompDirective) {
	return []string{dir}, cobra.ShellCompDirectiveFilterDirs
}

// languages are those of the site; of none, those of the theme.
func languages(dir string) (tags []string) {
	cfg, err := settings(dir)
	if err != nil {
		return []string{"en", "ar"}
	}
	for _, l := range cfg.Languages {
		tags = append(tags, l.Tag)
	}
	return tags
}

// authors are those that have a file: to know the others all stories would have
// to be read.
func authors(dir string) (names []string) {
	files, _ := filepath.Glob(filepath.Join(dir, "content", "authors", "*.md"))
	bundles, _ := filepath.Glob(filepath.Join(dir, "content", "authors", "*", "index.md"))
	for _, file := range append(files, bundles...) {
		data, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		name, _ := filepath.Rel(dir, file)
		if a, _ := article.Parse(filepath.ToSlash(name), data); a != nil && a.Name != "" && !a.Inactive {
			names = append(names, a.Name)
		}
	}
	slices.Sort(names)
	return names
}

// storyFiles offers stories and pages, folder by folder. The folder of a bundle is
// its story.
func storyFiles(dir, begun string) ([]string, cobra.ShellCompDirective) {
	fit := files(dir, begun, func(name string) bool { return path.Ext(name) == ".md" && path.Base(name) != "_index.md" }, "content")
	for i, name := range fit {
		if story := name + "index.md"; strings.Count(name, "/") > 2 && exists(filepath.Join(dir, filepath.FromSlash(story))) {
			fit[i] = story
		}
	}
	return further(fit)
}

// siteFiles offers all files that a site is made of.
func siteFiles(dir, begun string) ([]string, cobra.ShellCompDirective) {
	return further(files(dir, begun, func(name string) bool { return strings.Contains(name, "/") || name == source.Settings }, "content", "data", "layouts", "static"))
}

// pictureFiles offers pictures.
func pictureFiles(dir, begun string) ([]string, cobra.ShellCompDirective) {
	endings := []string{".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".heic", ".avif"}
	return further(files(dir, begun, func(name string) bool { return slices.Contains(endings, strings.ToLower(path.Ext(name))) }))
}

// places offers folders below content/, with or without that before them.
func places(dir, begun string) ([]string, cobra.ShellCompDirective) {
	if !strings.HasPrefix(begun, "content/") {
		dir = filepath.Join(dir, "content")
	}
	return further(files(dir, begun, func(string) bool { return false }, "content"))
}

// further has no space set behind a folder, in which one goes on.
func further(fit []string) ([]string, cobra.ShellCompDirective) {
	if slices.ContainsFunc(fit, func(name string) bool { return strings.HasSuffix(name, "/") }) {
		return fit, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	return fit, cobra.ShellCompDirectiveNoFileComp
}

// files lists the entries of one folder that begin as a path does: folders, with
// a / behind, and files that are wanted. At the root of a site only these tops
// are listed, if any are given.
func files(dir, begun string, want func(name string) bool, tops ...string) (fit []string) {
	begun = filepath.ToSlash(begun)
	above, _ := path.Split(begun)
	within := filepath.FromSlash(above)
	if !filepath.IsAbs(within) {
		within = filepath.Join(dir, within)
	}
	entries, _ := os.ReadDir(within)
	root := len(tops) > 0 && exists(filepath.Join(within, source.Settings))
	for _, e := range entries {
		name := above + e.Name()
		if !strings.HasPrefix(name, begun) || source.Dropping(e.Name()) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		switch folder := leadsOn(within, e); {
		case folder && (!root || slices.Contains(tops, e.Name())):
			fit = append(fit, name+"/")
		case !folder && want(name):
			fit = append(fit, name)
		}
	}
	return fit
}

// leadsOn tells whether an entry is a folder, or a link to one.
func leadsOn(within string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	return isFolder(filepath.Join(within, e.Name()))
}
