package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/config"
	"stet/internal/diag"
	"stet/internal/slug"
)

type articleFlags struct {
	dir, section, dateline string
	language, translates   string
	authors                []string
	bundle                 bool
}

func newArticleCommand(s *system) *cobra.Command {
	var f articleFlags
	cmd := &cobra.Command{
		Use:   "article HEADLINE --section SECTION [flags]",
		Short: "begin an article, as a draft",
		Long: "Writes a draft without a date and prints where it is. A draft is in the preview of stet serve, never in public/;\n" +
			"stet publish gives it a date and takes the line draft: true away.",
		Example: examples(`stet new article "Fire at the mill" --section news`,
			`stet new article "Fire at the mill" --section news --author "Ada Lovelace" --dateline Baghdad --bundle`,
			`stet new article "حريق في المطحنة" --language ar --translates content/news/fire-at-the-mill.md`),
		Args: arguments("headline"),
		RunE: func(_ *cobra.Command, args []string) error { return f.run(s, args[0]) },
	}
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	flags.StringVar(&f.section, "section", "", "the `SECTION` it is in, a folder of content/")
	flags.StringArrayVar(&f.authors, "author", nil, "the `AUTHOR`; may be given more than once")
	flags.StringVar(&f.dateline, "dateline", "", "the `PLACE` it is filed from")
	flags.BoolVar(&f.bundle, "bundle", false, "make it a folder, with room for its photos")
	flags.StringVar(&f.language, "language", "", "the `LANGUAGE` it is in, if not the site's first")
	flags.StringVar(&f.translates, "translates", "", "`PATH` of the article it is a translation of")
	return cmd
}

func (f *articleFlags) run(s *system, headline string) error {
	cfg, err := settings(f.dir)
	if err != nil {
		return err
	}
	headline = strings.Join(strings.Fields(headline), " ")
	word := slug.Make(headline)
	if word == "index" { // index.md makes a bundle of the folder it is in
		word = "index-1"
	}
	if word == "" {
		return mistaken("the file is named after the headline", "the headline %q has neither letters nor digits", headline)
	}
	folder, err := f.folder(cfg)
	if err != nil {
		return err
	}
	name, err := f.name(folder, word)
	if err != nil {
		return err
	}
	if err := create(f.dir, name, []byte(f.draft(headline, name, word))); err != nil {
		return err
	}
	fmt.Fprintln(s.out, filepath.Join(f.dir, filepath.FromSlash(name)))
	return nil
}

// folder is where the articles of the language lie.
func (f *articleFlags) folder(cfg *config.Config) (string, error) {
	if f.language == "" || f.language == cfg.Languages[0].Tag {
		return "content", nil
	}
	l, known := cfg.Language(f.language)
	if known {
		return "content/" + l.Prefix, nil
	}
	var tags []string
	for _, l := range cfg.Languages {
		tags = append(tags, l.Tag)
	}
	return "", mistaken("it is in "+strings.Join(tags, ", ")+"; site.yaml names its languages, such as\nlanguages: {"+tags[0]+": {}, "+f.language+": {}}",
		"the site is not in the language %q", f.language)
}

// name is the path of the new file: that of the original in the folder of the
// other language, or one made of section and headline.
func (f *articleFlags) name(folder, word string) (string, error) {
	name := ""
	if f.translates != "" {
		original, err := f.original()
		if err != nil {
			return "", err
		}
		if folder == "content" {
			return "", mistaken("say which it is in, such as --language ar", "a translation is in another language than the site's first")
		}
		name = folder + "/" + original
	} else {
		section, err := f.inSection(folder)
		if err != nil {
			return "", err
		}
		name = folder + "/" + section + "/" + word + ".md"
		if f.bundle {
			name = folder + "/" + section + "/" + word + "/index.md"
		}
	}
	if taken := f.taken(name); taken != "" {
		return "", alreadyThere(taken)
	}
	return name, nil
}

// original is the path of the translated article below content/.
func (f *articleFlags) original() (string, error) {
	name := strings.TrimPrefix(path.Clean(filepath.ToSlash(f.translates)), "./")
	if rel, err := filepath.Rel(absolute(f.dir), absolute(f.translates)); err == nil && filepath.IsLocal(rel) && exists(f.translates) {
		name = filepath.ToSlash(rel)
	}
	rest, inside := strings.CutPrefix(name, "content/")
	if !inside || path.Ext(rest) != ".md" || !exists(filepath.Join(f.dir, filepath.FromSlash(name))) {
		return "", mistaken("write it like --translates content/news/fire.md", "--translates: there is no article %s", f.translates)
	}
	return rest, nil
}

// inSection checks that there is such a section, in this language or in the
// first, whose folders the others mirror.
func (f *articleFlags) inSection(folder string) (string, error) {
	known := f.sections(folder)
	list := "there are " + strings.Join(known, ", ")
	if len(known) == 0 {
		list = "there is none yet: make the folder content/news"
	}
	if f.section == "" {
		return "", mistaken("write --section and its folder; "+list, "an article needs a section")
	}
	section := strings.Trim(strings.TrimPrefix(filepath.ToSlash(f.section), folder+"/"), "/")
	if slices.Contains(known, section) {
		return section, nil
	}
	if near := diag.Nearest(section, known); near != "" {
		list = "did you mean --section " + shellWord(near) + "?"
	} else if s := f.fresh(section); s != "" {
		list += "\nto begin a new section, make the folder " + folder + "/" + s
		if strings.Contains(s, "/") {
			list += " with an _index.md in it"
		}
	}
	return "", mistaken(list, "there is no section %q", f.section)
}

// sections lists the folders of content/ that hold stories, with those below.
func (f *articleFlags) sections(folder string) (known []string) {
	for _, base := range slices.Compact([]string{folder, "content"}) {
		top, err := os.ReadDir(filepath.Join(f.dir, filepath.FromSlash(base)))
		if err != nil {
			continue
		}
		for _, d := range top {
			name := d.Name()
			if !d.IsDir() || strings.HasPrefix(name, ".") || f.reserved(name) {
				continue
			}
			known = append(known, name)
			below, _ := os.ReadDir(filepath.Join(f.dir, filepath.FromSlash(base), name))
			for _, b := range below { // a folder of ten thousand stories is not looked into
				if b.IsDir() && exists(filepath.Join(f.dir, filepath.FromSlash(base), name, b.Name(), "_index.md")) {
					known = append(known, name+"/"+b.Name())
				}
			}
		}
	}
	slices.Sort(known)
	return slices.Compact(known)
}

// fresh is the folder that a new section would have, and "" for what can be
// none.
func (f *articleFlags) fresh(section string) string {
	if !filepath.IsLocal(section) {
		return ""
	}
	var parts []string
	for _, part := range strings.Split(path.Clean(section), "/") {
		if part = slug.Make(part); part == "" {
			return ""
		}
		parts = append(parts, part)
	}
	if f.reserved(parts[0]) || len(parts) > 2 {
		return ""
	}
	return strings.Join(parts, "/")
}

// reserved is a folder of content/ that holds something else than stories.
func (f *articleFlags) reserved(folder string) bool {
	return slices.Contains([]string{"authors", "tags", "series", "fronts"}, folder) || f.isLanguage(folder)
}

func (f *articleFlags) isLanguage(folder string) bool {
	cfg, err := settings(f.dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(cfg.Languages, func(l config.Language) bool { return l.Prefix == folder })
}

// taken is the file that has the article's place already, be it a file or a
// bundle.
func (f *articleFlags) taken(name string) string {
	plain, _ := strings.CutSuffix(strings.TrimSuffix(name, ".md"), "/index")
	for _, n := range []string{plain + ".md", plain + "/index.md"} {
		if exists(filepath.Join(f.dir, filepath.FromSlash(n))) {
			return n
		}
	}
	return ""
}

// draft is the text of the new file.
func (f *articleFlags) draft(headline, name, word string) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, yaml(value))
		}
	}
	b.WriteString("---\n")
	line("title", headline)
	if base := strings.TrimSuffix(strings.TrimSuffix(name, ".md"), "/index"); path.Base(base) != word {
		line("slug", word)
	}
	if len(f.authors) == 1 {
		line("author", f.authors[0])
	} else if len(f.authors) > 1 {
		b.WriteString("author:\n")
		for _, a := range f.authors {
			b.WriteString("  - " + yaml(a) + "\n")
		}
	}
	line("dateline", f.dateline)
	b.WriteString("draft: true\n---\n\n")
	return b.String()
}
