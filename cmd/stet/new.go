package main

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/fields"
)

func newCommand(s *system) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "new",
		Short:   "begin a site or an article, or what a host reads",
		Example: examples("stet new site my-paper", `stet new article "Fire at the mill" --section news`),
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSiteCommand(s), newArticleCommand(s), newHostCommand(s))
	return cmd
}

// yaml writes a text as a value of YAML: as it is if that is read back as the
// same text, else in quotes.
func yaml(text string) string { return fields.Scalar("yaml", text, false) }

// create writes a new file below a folder and refuses to replace one.
func create(dir, name string, data []byte) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	local := filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(local), 0o755); err != nil {
		return err
	}
	w, err := root.OpenFile(local, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return alreadyThere(name)
	}
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return errors.Join(err, w.Close())
}

func alreadyThere(name string) error {
	return mistaken("open it, or give the new one another name", "%s is already there", path.Clean(name))
}

// shellWord is a word as it is written in a shell.
func shellWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n'\"\\$`&;|<>()*?[]#~!{}", r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// unwrapped is an error without the name of the file, which is said already.
func unwrapped(err error) string {
	var p *fs.PathError
	var l *os.LinkError
	var c *os.SyscallError
	switch {
	case errors.As(err, &p):
		return p.Err.Error()
	case errors.As(err, &l):
		return l.Err.Error()
	case errors.As(err, &c): // of the network: what it was about is said already
		return c.Err.Error()
	}
	return err.Error()
}
