package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stet"
	"stet/internal/article"
	"stet/internal/diag"
)

func ejectCommand(s *system) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "eject [LAYOUT] [flags]",
		Short: "copy a layout of the built-in theme into the site, to change it there",
		Long: "Copies LAYOUT out of the built-in theme to its place in layouts/ or static/ and prints where that is: from then\n" +
			"on the site's copy counts, and all else stays built-in. Without LAYOUT it lists all there are, with what each\n" +
			"decides. A file of the site is never overwritten. To change colours, fonts or the logo no layout is needed:\n" +
			"docs/site.md tells of theme.",
		Example: examples("stet eject article", "stet eject partials/header", "stet eject site.css", "stet eject"),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return arguments("layout")(cmd, args)
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listTheme(s)
			}
			return eject(s, dir, args[0])
		},
	}
	addDir(cmd, &dir)
	return cmd
}

// themeFiles are the files of the built-in theme by the names that they are
// ejected by. The fonts of share cards are no layouts.
func themeFiles() map[string]string {
	files := map[string]string{}
	fs.WalkDir(stet.Theme(), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") && path.Dir(name) != "layouts/fonts" {
			files[themeName(name)] = name
		}
		return err
	})
	return files
}

// themeName is the name by which a file of the theme is ejected.
func themeName(file string) string {
	name := strings.TrimPrefix(strings.TrimPrefix(file, "layouts/"), "static/")
	return strings.TrimSuffix(strings.TrimPrefix(name, "assets/"), ".html")
}

// themeNames are these names: layouts first, then what is in folders.
func themeNames() (names []string) {
	for name := range themeFiles() {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(a, "/")+strings.Count(path.Ext(a), "."), strings.Count(b, "/")+strings.Count(path.Ext(b), ".")), cmp.Compare(a, b))
	})
	return names
}

func listTheme(s *system) error {
	files := themeFiles()
	for _, name := range themeNames() {
		fmt.Fprintf(s.out, "%-26s %s\n", name, decides(files[name]))
	}
	return nil
}

// eject copies a file of the theme into a site.
func eject(s *system, dir, asked string) error {
	if _, err := settings(dir); err != nil {
		return err
	}
	files := themeFiles()
	name := themeName(path.Clean(filepath.ToSlash(asked)))
	file := files[name]
	if file == "" {
		names := themeNames()
		hint := `"stet eject" lists all there are`
		if near := diag.Nearest(name, names); near != "" {
			hint = "did you mean " + near + "?"
		} else if i := slices.IndexFunc(names, func(n string) bool { return strings.TrimSuffix(path.Base(n), path.Ext(n)) == path.Base(name) }); i >= 0 {
			hint = "did you mean " + names[i] + "?"
		}
		return mistaken(hint, "the built-in theme has no %q", asked)
	}
	if exists(filepath.Join(dir, filepath.FromSlash(file))) {
		return mistaken("change that one; the built-in one counts again once it is gone", "%s is already there", file)
	}
	data, err := fs.ReadFile(stet.Theme(), file)
	if err != nil {
		return err
	}
	if err := create(dir, file, data); err != nil {
		return err
	}
	fmt.Fprintln(s.out, filepath.Join(dir, filepath.FromSlash(file)))
	s.note("it now decides: %s", decides(file))
	if kinds := overtaken(dir); file == "layouts/article.html" && len(kinds) > 0 {
		s.note("so it does for these kinds of story, until the site has their layouts too: %s\n    stet eject %s", strings.Join(kinds, ", "), kinds[0])
	}
	return nil
}

// overtaken are the kinds of story whose layout is the theme's: a site's own
// article.html goes before it.
func overtaken(dir string) (kinds []string) {
	for _, kind := range article.Types {
		file := "layouts/" + kind + ".html"
		if _, err := fs.Stat(stet.Theme(), file); err == nil && !exists(filepath.Join(dir, filepath.FromSlash(file))) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// pages are what layouts are for that need not say it.
var pages = map[string]string{
	"404": "the page that is shown where there is none", "archive": "years, months and days", "author": "the page of an author", "front": "the front page",
	"index": "the lists of all topics, authors and series", "page": "pages without a date", "section": "the page of a section", "series": "the page of a series",
	"tag": "the page of a topic", "partials/label": "the label above a headline", "site.css": "how all pages look", "lists.css": "how fronts and lists look", "lightbox.js": "the script that opens pictures on the page", "lightbox.css": "how a picture that was opened looks",
	"page.js": "the script of all pages: tables by the keyboard, next pages sooner, other scripts when they are scrolled to", "embed.js": "the script that shows what another site has, on a click",
	"comments.js": "the script that sends comments and answers without leaving the story",
	"favicon.svg": "the sign of the site in browsers",
}

// saying is what the first comment of a layout says first.
var saying = regexp.MustCompile(`(?s)^\{\{-? ?/\* (.+?)(?:[.:;]\s| \*/)`)

// decides says what a file of the theme decides.
func decides(file string) string {
	name := themeName(file)
	data, _ := fs.ReadFile(stet.Theme(), file)
	folder := path.Dir(name)
	switch m := saying.FindSubmatch(data); {
	case pages[name] != "":
		return pages[name]
	case m != nil:
		said := strings.Join(strings.Fields(string(m[1])), " ")
		return strings.ToLower(said[:1]) + said[1:]
	case folder == "embeds":
		return "what :::" + path.Base(name) + " in a text makes"
	case folder == "languages":
		return "the words of the theme in the language " + strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	return "a part of pages"
}
