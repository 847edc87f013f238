package main

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"stet/internal/article"
	"stet/internal/desk"
	"stet/internal/diag"
)

type updateFlags struct {
	deskFlags
	correction, kind string
}

func updateCommand(s *system) *cobra.Command {
	var f updateFlags
	cmd := &cobra.Command{
		Use:   "update PATH [flags]",
		Short: "say that a published story was changed, with a correction perhaps",
		Long: "Writes updated, the time of the last change of substance, into a published story. With --correction it also adds\n" +
			"a dated note to corrections, for readers to see. Nothing else of the file is changed.",
		Example: examples("stet update content/news/fire.md",
			`stet update content/news/fire.md --correction "An earlier version said 1886. It was 1868."`,
			`stet update content/news/fire.md --kind clarification --correction "The mill stood empty when it burned."`),
		Args: arguments("path"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(s, args[0], cmd.Flags().Changed("correction"), cmd.Flags().Changed("kind"))
		},
	}
	f.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.correction, "correction", "", "what was wrong and what is right: `TEXT` for readers, with inline Markdown")
	flags.StringVar(&f.kind, "kind", article.Notes[0], "the `KIND` of note: "+strings.Join(article.Notes, ", "))
	flags.StringVar(&f.at, "at", "", "it was changed at this `TIME`, such as \"2026-11-22 14:05\"; now if not given")
	return cmd
}

func (f *updateFlags) run(s *system, what string, noted, kind bool) error {
	note, err := f.note(noted, kind)
	if err != nil {
		return err
	}
	return f.change(s, what, func(name string, at, now desk.Moment) (*desk.Outcome, []diag.Problem) {
		return desk.Update(f.r, name, now, at, note)
	}, func(o *desk.Outcome, _ desk.Moment) string {
		with := ""
		if note.Text != "" {
			with = ", with " + map[string]string{"correction": "a correction", "clarification": "a clarification", "update": "an update", "editors-note": "an editor's note"}[note.Kind]
		}
		return "updated " + o.Date.Text + with + "; the next build shows it at " + f.address(o.Place.URL)
	})
}

// note is what is to be told to readers.
func (f *updateFlags) note(noted, kind bool) (n desk.Note, err error) {
	n.Text = strings.Join(strings.Fields(f.correction), " ")
	if !noted {
		if kind {
			return n, mistaken("write it like\n"+`stet update content/news/fire.md --kind clarification --correction "The mill stood empty."`, "--kind says of what kind the text of --correction is, and there is none")
		}
		return n, nil
	}
	switch {
	case n.Text == "":
		return n, mistaken("write it like --correction \"An earlier version said 1886. It was 1868.\"", "the text of --correction is empty")
	case !utf8.ValidString(n.Text):
		return n, mistaken("set the terminal to UTF-8, or write it into the file", "the text of --correction is not in UTF-8")
	case strings.ContainsFunc(n.Text, unicode.IsControl):
		return n, mistaken("write it without them", "the text of --correction has control characters")
	}
	n.Kind = strings.ToLower(strings.TrimSpace(f.kind))
	if slices.Contains(article.Notes, n.Kind) {
		return n, nil
	}
	hint := "it is " + strings.Join(article.Notes, ", ")
	near := diag.Nearest(n.Kind, article.Notes)
	if i := slices.IndexFunc(article.Notes, func(k string) bool { return n.Kind != "" && strings.HasPrefix(k, n.Kind) }); i >= 0 {
		near = article.Notes[i]
	}
	if near != "" {
		hint = "did you mean --kind " + near + "?"
	}
	return n, mistaken(hint, "there is no kind of note %q", f.kind)
}
