package main

import (
	"cmp"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stet"
	"stet/internal/article"
	"stet/internal/build"
	"stet/internal/diag"
	"stet/internal/schema"
	"stet/internal/slug"
	"stet/internal/source"
)

// The most names of a kind that a schema offers: an archive has thousands of
// topics, and an editor reads all of it at each start.
const mostNames = 200

func schemaCommand(s *system) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "schema [WHAT] [flags]",
		Short: "print the JSON Schema by which an editor completes and checks keys",
		Long: "Prints the JSON Schema (draft 7) of WHAT: story, the front matter of stories and pages, if not given; author;\n" +
			"section, which is that of topics and series too; site, of site.yaml; or front, of the files of content/fronts/.\n" +
			"In a site it offers the names of its sections, authors, topics, series, layouts and languages; others are no\n" +
			"mistake. Names that only a story under embargo has are not in it. docs/editors.md says what to do with it.",
		Example: examples("stet schema", "stet schema site > .vscode/stet-site.json", "stet schema -C my-paper author"),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return arguments("what")(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			what := schema.Whats[0]
			if len(args) > 0 {
				what = args[0]
			}
			return printSchema(s, dir, what, cmd.Flags().Changed("dir"))
		},
	}
	addDir(cmd, &dir)
	return cmd
}

// printSchema prints a schema. Without a site it has no names, unless one was
// named.
func printSchema(s *system, dir, what string, named bool) error {
	if !slices.Contains(schema.Whats, what) {
		hint := "there are " + strings.Join(schema.Whats, ", ")
		if near := diag.Nearest(what, schema.Whats); near != "" {
			hint = "did you mean " + near + "?"
		} else if slices.Contains([]string{"topic", "tag", "series"}, what) {
			hint = "that of topics and series is the schema of a section"
		}
		return mistaken(hint, "there is no schema of %q", what)
	}
	if above := siteAbove(dir); !named && above != "" && !exists(source.Settings) {
		dir = above
	}
	var names schema.Names
	if _, err := settings(dir); err == nil {
		r, _ := build.Read(build.Options{Dir: dir, Theme: stet.Theme(), Now: s.now(), Out: filepath.Join(dir, "public")})
		if r == nil { // the schema may be what helps to mend it
			s.note("the names of this site are left out, because it cannot be read; %s says why", quoted("stet build"))
		} else {
			defer r.Close()
			names = namesOf(r, dir)
		}
	} else if named {
		return err
	}
	sch, err := schema.Of(what, stet.Docs(), names)
	if err != nil {
		return err
	}
	data, err := sch.Write()
	if err == nil {
		_, err = s.out.Write(data)
	}
	return err
}

// A tally counts how often names are used. Names that make one address are one,
// in the spelling of its file, else in that of most stories.
type tally map[string]map[string]int

func (t tally) add(name string, weight int) {
	word := slug.Make(name)
	if word == "" {
		return
	}
	if t[word] == nil {
		t[word] = map[string]int{}
	}
	t[word][name] += weight
}

// The weight of a name that has a file, and of another name for the same.
const (
	filed = 1 << 30
	alias = -2 * filed
)

// describe adds what a file says of a name.
func (t tally) describe(name string, others []string) {
	t.add(name, filed)
	for _, other := range others {
		if slug.Make(other) != slug.Make(name) {
			t.add(other, alias)
		}
	}
}

// names are those used most, sorted.
func (t tally) names() (names []string) {
	total := map[string]int{}
	for _, spellings := range t {
		best := ""
		for name, n := range spellings {
			if n > spellings[best] || n == spellings[best] && name < best {
				best = name
			}
		}
		sum := 0
		for _, n := range spellings {
			sum += n
		}
		if sum > 0 {
			names, total[best] = append(names, best), sum
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(total[b], total[a]), strings.Compare(a, b)) })
	names = names[:min(len(names), mostNames)]
	slices.Sort(names)
	return names
}

// namesOf are the names that a site uses, but for those that stories under
// embargo alone have.
func namesOf(r *build.Reading, dir string) schema.Names {
	authors, tags, series, layouts := tally{}, tally{}, tally{}, map[string]bool{}
	secret := r.Site.Embargoed()
	for _, name := range r.Files() {
		if dir, file := path.Split(name); dir == "layouts/" && path.Ext(file) == ".html" && file != "base.html" {
			layouts[strings.TrimSuffix(file, ".html")] = true
		}
		a := r.Article(name)
		if a == nil || slices.Contains(secret, name) {
			continue
		}
		switch a.Kind {
		case article.Author:
			authors.describe(a.Name, a.Aliases)
		case article.Topic:
			tags.describe(a.Title, a.Aliases)
		case article.Series:
			series.describe(a.Title, a.Aliases)
		}
		for _, who := range a.Authors {
			authors.add(who.Name, 1)
		}
		for _, tag := range a.Tags {
			tags.add(tag, 1)
		}
		series.add(a.Series.Name, 1)
	}
	n := schema.Names{
		Sections: (&articleFlags{dir: dir}).sections("content"), Layouts: slices.Sorted(maps.Keys(layouts)),
		Authors: authors.names(), Tags: tags.names(), Series: series.names(),
	}
	for _, l := range r.Config.Languages {
		n.Languages = append(n.Languages, l.Tag)
	}
	return n
}
