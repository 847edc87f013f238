package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/article"
	"stet/internal/desk"
	"stet/internal/diag"
	"stet/internal/source"
)

func moveCommand(s *system) *cobra.Command {
	f := deskFlags{}
	cmd := &cobra.Command{
		Use:   "move PATH NEW [flags]",
		Short: "move a story to another place or name, and keep its old address",
		Long: "Renames the file of a story, or the folder of a bundle with all that is in it. Where that changes the address of a\n" +
			"published story, the old one is written into aliases, and its id is kept, so that readers and feeds find it. Links\n" +
			"by path are put right, in the story and in others that name it. Pictures beside a story that is no bundle stay.\n\n" +
			"NEW is a path below content/, with or without content/ and .md; with a / at its end, a folder to move it into.\n" +
			"Nothing is replaced, and if anything fails all is as it was.",
		Example: examples("stet move content/news/fire.md news/mill-fire", "stet move content/news/fire.md business/", "stet move /news/2026/11/fire/ town/fire.md"),
		Args:    arguments("path", "new path"),
		RunE:    func(_ *cobra.Command, args []string) error { return f.move(s, args[0], args[1]) },
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.all, "all", false, "name embargoed stories whose links were changed, too")
	return cmd
}

// A moveReport is what --json reports of a story that was moved.
type moveReport struct {
	From     string         `json:"from"`
	Path     string         `json:"path"`
	Old      string         `json:"old_url,omitempty"`
	URL      string         `json:"url,omitempty"`
	Alias    string         `json:"alias,omitempty"`
	Files    []string       `json:"changed"`
	Secret   int            `json:"changed_embargoed,omitempty"` // stories that are not named among these
	Problems []diag.Problem `json:"problems"`
}

func (f *deskFlags) move(s *system, what, where string) error {
	here := f.dir
	name, err := f.read(s, what)
	if err != nil {
		return err
	}
	defer f.r.Close()
	to, err := f.target(name, where, here)
	if err != nil {
		return err
	}
	m, problems := desk.Move(f.r, name, to)
	if m == nil {
		return f.refuse(s, problems)
	}
	if err := f.save(m.From, m.To, m.Files); err != nil {
		return err
	}
	changed, secret := f.open(m)
	if f.json {
		return s.json(moveReport{name, m.Path, f.address(m.Was.URL), f.address(m.Is.URL), m.Alias, changed, secret, list(m.Notes)})
	}
	f.moved(s, name, m, changed, secret)
	return nil
}

// open are the files that were changed and may be named, and how many may not: those
// of other stories, under embargo.
func (f *deskFlags) open(m *desk.Moved) (changed []string, secret int) {
	changed = slices.DeleteFunc(paths(m.Files), func(name string) bool {
		return !f.all && name != m.Path && slices.Contains(f.r.Site.Embargoed(), name)
	})
	return changed, len(m.Files) - len(changed)
}

// moved says what was moved and which files were changed.
func (f *deskFlags) moved(s *system, name string, m *desk.Moved, changed []string, secret int) {
	line := name + ": moved to " + m.Path
	switch {
	case m.Is.URL == m.Was.URL:
		line += "; its address stays " + f.address(m.Is.URL)
	case m.Was.State != "published":
		line += "; readers have not seen it, and will at " + f.address(m.Is.URL)
	case m.Alias != "":
		line += "; its address is " + f.address(m.Is.URL) + ", and " + f.address(m.Alias) + " leads there"
	default:
		line += "; its address is " + f.address(m.Is.URL)
	}
	fmt.Fprintln(s.out, oneLine(line))
	for _, file := range changed {
		if file != m.Path {
			fmt.Fprintln(s.out, oneLine("changed: "+file))
		}
	}
	if secret > 0 {
		fmt.Fprintln(s.out, "changed: "+embargoedStories(secret)+" (--all names them)")
	}
	s.printer(true).Print(m.Notes)
}

// target is the path of the file when it is moved to where NEW says. here is
// from where ./ and ../ count.
func (f *deskFlags) target(name, where, here string) (string, error) {
	to := filepath.ToSlash(where)
	if strings.HasPrefix(to, "./") || strings.HasPrefix(to, "../") || filepath.IsAbs(where) {
		rel, err := filepath.Rel(absolute(f.dir), absolute(filepath.Join(map[bool]string{true: "", false: here}[filepath.IsAbs(where)], where)))
		if err != nil || !strings.HasPrefix(filepath.ToSlash(rel), "content/") {
			return "", mistaken("give a path below content/, such as news/mill-fire", "%s is not in the site's content/", where)
		}
		to = filepath.ToSlash(rel) + strings.Repeat("/", strings.Count(to[len(to)-1:], "/"))
	}
	into := strings.HasSuffix(to, "/")
	to = strings.TrimPrefix(path.Clean("/"+to), "/")
	to = strings.Trim(strings.TrimPrefix(to+"/", "content/"), "/")
	bundle := path.Base(name) == "index.md" && path.Dir(name) != "content"
	own := name
	if bundle {
		own = path.Dir(name)
	}
	if info, err := os.Stat(f.inside("content/" + to)); err == nil && info.IsDir() && !exists(f.inside("content/"+to+"/index.md")) {
		into = true
	}
	if into {
		to = path.Join(to, path.Base(own))
	}
	if bundle {
		to = strings.TrimSuffix(strings.TrimSuffix(to, ".md"), "/index") + "/index.md"
	} else {
		to = strings.TrimSuffix(to, ".md") + ".md"
	}
	to = "content/" + to
	return to, f.free(name, to, where)
}

// free refuses places that are taken, and those where no story can be.
func (f *deskFlags) free(name, to, where string) error {
	base := bare(to)
	switch word := path.Base(base); {
	case to == name:
		return mistaken("give it another name or folder", "%s is there already", name)
	case word == "" || word == "." || word == "_index" || source.Dropping(word) || strings.HasPrefix(word, "."):
		return mistaken("give a path below content/, such as news/mill-fire", "%q is no name for a story", where)
	}
	for _, taken := range []string{base + ".md", base + "/index.md"} {
		if exists(f.inside(taken)) && !f.same(taken, name) {
			return mistaken("give another name; nothing is replaced", "%s is already there", taken)
		}
	}
	if was, is := article.LanguageOf(name), article.LanguageOf(to); was != is && (f.speaks(was) || f.speaks(is)) {
		hint := "content/"
		if f.speaks(was) {
			hint += was + "/"
		}
		if f.speaks(is) {
			to = "content/" + strings.TrimPrefix(to, "content/"+is+"/")
		}
		return mistaken("did you mean "+hint+strings.TrimPrefix(to, "content/")+"?", "%q is in the folder of another language", where)
	}
	return f.inSection(to)
}

func (f *deskFlags) speaks(tag string) bool {
	for i, l := range f.r.Config.Languages {
		if i > 0 && l.Prefix == tag && tag != "" {
			return true
		}
	}
	return false
}

// same tells whether two names are of one file, as on a disk that takes capitals
// for small letters.
func (f *deskFlags) same(a, b string) bool {
	one, err := os.Stat(f.inside(a))
	other, wrong := os.Stat(f.inside(b))
	return err == nil && wrong == nil && os.SameFile(one, other)
}

// inSection refuses a section that is not there: a slip would begin a new one.
func (f *deskFlags) inSection(to string) error {
	folder, top := "content", strings.TrimPrefix(to, "content/")
	if tag := article.LanguageOf(to); f.speaks(tag) {
		folder, top = "content/"+tag, strings.TrimPrefix(top, tag+"/")
	}
	section, _, nested := strings.Cut(top, "/")
	if nested && (&articleFlags{dir: f.dir}).reserved(section) {
		return mistaken("stories lie in the folder of a section, such as content/news", "%s/%s holds no stories", folder, section)
	}
	if !nested || exists(f.inside(folder+"/"+section)) {
		return nil
	}
	known := (&articleFlags{dir: f.dir}).sections(folder)
	if slices.Contains(known, section) {
		return nil
	}
	hint := "make the folder " + folder + "/" + section + " first, to begin a new section"
	if near := diag.Nearest(section, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	return mistaken(hint, "there is no section %q", section)
}
