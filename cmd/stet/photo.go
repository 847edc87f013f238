package main

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"stet"
	"stet/internal/diag"
	"stet/internal/fields"
	"stet/internal/images"
	"stet/internal/language"
	"stet/internal/photo"
	"stet/internal/source"
)

type photoFlags struct {
	dir, language                            string
	write, json                              bool
	caption, credit, creator, alt, copyright string
	changes                                  photo.Changes
}

func photoCommand(s *system) *cobra.Command {
	var f photoFlags
	cmd := &cobra.Command{
		Use:   "photo FILE… [flags]",
		Short: "say what a picture's file tells, and what readers will see of it",
		Long: "Says what a picture is, what its file and its sidecar tell of it and who says so (XMP, IIM or EXIF), what is\n" +
			"wrong with that, and the caption with its credit as readers will see them where the article says nothing else.\n" +
			"It also names what renditions will not carry: the place, serial numbers, the camera's own notes.\n\n" +
			"--write sets caption, credit, creator, alt text and copyright in the file itself; an empty text takes one\n" +
			"away. The picture stays as it is, to the byte.",
		Example: examples("stet photo content/town/mill-fire/mill.jpg", "stet photo --json *.jpg",
			`stet photo --write --credit "Ada Example/AFP" --alt "Smoke over a mill" mill.jpg`),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return arguments("file")(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, s, args) },
	}
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "report as one JSON object on stdout")
	flags.StringVar(&f.language, "language", "", "for readers of the language `TAG`; the site's first if not given")
	flags.BoolVar(&f.write, "write", false, "set in the files what these say:")
	flags.StringVar(&f.caption, "caption", "", "the caption is `TEXT`")
	flags.StringVar(&f.credit, "credit", "", "the credit is `TEXT`, without brackets")
	flags.StringVar(&f.creator, "creator", "", "whoever made it is `NAME`; several are parted by semicolons")
	flags.StringVar(&f.alt, "alt", "", "the alt text is `TEXT`")
	flags.StringVar(&f.copyright, "copyright", "", "the copyright notice is `TEXT`")
	return cmd
}

func (f *photoFlags) run(cmd *cobra.Command, s *system, names []string) error {
	wished := false
	for name, set := range map[string]**string{"caption": &f.changes.Caption, "credit": &f.changes.Credit, "creator": &f.changes.Creator, "alt": &f.changes.Alt, "copyright": &f.changes.Copyright} {
		if cmd.Flags().Changed(name) {
			text, _ := cmd.Flags().GetString(name)
			*set, wished = &text, true
		}
	}
	if wished != f.write {
		return mistaken("write it like\n"+`stet photo --write --credit "Ada Example/AFP" mill.jpg`, "--write, and what is to be written, go together")
	}
	if cfg, err := settings(f.dir); err == nil && len(cfg.Languages) > 0 {
		f.language = cmp.Or(f.language, cfg.Languages[0].Tag)
	}
	f.changes.Language = f.language
	var found []diag.Problem
	report := photoReport{Photos: []*seen{}}
	for _, name := range names {
		p, problems := f.look(name)
		found = append(found, problems...)
		if p != nil {
			p.Problems = list(problems)
			report.Photos = append(report.Photos, p)
		}
	}
	if f.json {
		report.Problems = list(found)
		if err := s.json(report); err != nil {
			return err
		}
	} else {
		for i, p := range report.Photos {
			p.print(s.out, i > 0)
		}
	}
	s.printer(true).Print(diag.Sort(found))
	if diag.AnyError(found) {
		return errTold
	}
	return nil
}

// look reads a picture, and writes it before if that is wished for. It is nil if
// there is none.
func (f *photoFlags) look(name string) (*seen, []diag.Problem) {
	at := name
	if inside := (&siteFlags{dir: f.dir}).inside(name); exists(inside) {
		at = inside
	}
	shown := filepath.ToSlash(name)
	data, err := os.ReadFile(at)
	if err != nil {
		return nil, []diag.Problem{unread(shown, err)}
	}
	var problems []diag.Problem
	if f.write {
		data, err = f.set(at, data)
		if err != nil {
			problems = append(problems, unwritten(shown, err))
		}
	}
	beside, err := os.ReadFile(images.Beside(at))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		problems = append(problems, unread(images.Beside(shown), err))
	}
	ph, wrong := images.Inspect(shown, data, beside)
	problems = append(append(problems, wrong...), ph.Damage(shown, data)...)
	p := &seen{Path: shown, Type: ph.Type, Width: ph.Width, Height: ph.Height, Bytes: len(data), Orientation: max(1, ph.Orientation), Sidecar: list(ph.Sidecar)}
	said, troubles, err := photo.Read(bytes.NewReader(data))
	if err == nil {
		p.Location, p.Serial, p.Thumbnail, p.MakerNotes = photo.Locates(data), said.Serial, said.Thumbnail, said.MakerNotes
		p.tell(data, troubles)
	}
	p.show(f, ph)
	return p, problems
}

// set writes the changes into a file, under a name of its own first. It returns
// what the file then holds.
func (f *photoFlags) set(name string, data []byte) ([]byte, error) {
	next, err := photo.Write(data, f.changes)
	if err != nil || bytes.Equal(next, data) {
		return data, err
	}
	if name, err = filepath.EvalSymlinks(name); err != nil {
		return data, err
	}
	info, err := os.Stat(name)
	if err != nil {
		return data, err
	}
	if info.Mode().Perm()&0o200 == 0 {
		return data, &fs.PathError{Op: "write", Path: name, Err: fs.ErrPermission}
	}
	w, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.tmp")
	if err != nil {
		return data, err
	}
	_, err = w.Write(next)
	err = errors.Join(err, w.Chmod(info.Mode().Perm()), w.Sync(), w.Close())
	if err == nil {
		err = os.Rename(w.Name(), name)
	}
	if err != nil {
		os.Remove(w.Name())
		return data, err
	}
	return next, nil
}

func unread(name string, err error) diag.Problem {
	p := diag.Problem{Severity: diag.Error, Path: name, Text: "it cannot be read: " + unwrapped(err), Hint: "it must be a file that you may read"}
	switch info, is := os.Stat(name); {
	case errors.Is(err, fs.ErrNotExist):
		p.Text, p.Hint = "there is no such file", "give the path of a picture, from here or from the site's folder"
	case is == nil && info.IsDir():
		p.Text, p.Hint = "this is a folder", "name its pictures:\nstet photo "+shellWord(strings.TrimSuffix(name, "/"))+"/*.jpg"
	}
	return p
}

func unwritten(name string, err error) diag.Problem {
	p := diag.Problem{Severity: diag.Error, Path: name, Text: "nothing was written: " + unwrapped(err), Hint: "the file and its folder must be yours to write"}
	switch {
	case errors.Is(err, photo.ErrFormat):
		p.Hint = "say it in a sidecar, " + filepath.Base(images.Beside(name)) + ":\ncredit: NAME"
	case errors.Is(err, photo.ErrDamaged):
		p.Hint = "open it in a picture editor and save it again, or fetch it from where it came"
	case errors.Is(err, photo.ErrText), errors.Is(err, photo.ErrLarge):
		p.Hint = "write a shorter and plainer text"
	}
	return p
}

// courtesy is a credit as the language says it of pictures that were given.
func (f *photoFlags) courtesy(name string) string {
	base, _, _ := strings.Cut(f.language, "-")
	for _, tag := range []string{f.language, base, "en"} {
		file := "layouts/languages/" + tag + ".yaml"
		data, err := source.ReadFile(f.dir, stet.Theme(), file)
		if err != nil {
			continue
		}
		v, _ := fields.YAML(file, data, 1)
		l, _ := language.Parse(tag, v, file)
		if l == nil {
			continue
		}
		if text, err := l.Text("image_courtesy", "name", name); err == nil {
			return text
		}
	}
	return name
}
