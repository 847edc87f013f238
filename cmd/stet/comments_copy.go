package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"stet/internal/comments"
)

type commentsCopyFlags struct{ db, to string }

func commentsCopyCommand(s *system) *cobra.Command {
	var f commentsCopyFlags
	cmd := &cobra.Command{
		Use:   "copy --db DATABASE --to DATABASE",
		Short: "copy all that the service keeps into another database",
		Long: "Copies comments, ratings, accounts, sessions and the log into a new database: from a file to PostgreSQL, when a\n" +
			"newspaper has outgrown one machine, or back. All of it arrives or nothing. End the service first; what readers\n" +
			"send meanwhile would stay behind.",
		Example: examples("stet comments copy --db comments.db --to postgres://stet@db.example/comments"),
		Args:    arguments(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, s) },
	}
	addStore(cmd, &f.db)
	cmd.Flags().StringVar(&f.to, "to", "", "copy into this `DATABASE`, in which nothing is yet")
	return cmd
}

func (f *commentsCopyFlags) run(cmd *cobra.Command, s *system) error {
	if f.to == "" {
		return mistaken("such as --to postgres://stet@127.0.0.1/comments", "--to is missing, which says where the comments go")
	}
	from, err := openThere(cmd.Context(), f.db)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := openStore(cmd.Context(), f.to)
	if err != nil {
		return err
	}
	defer to.Close()
	if err := from.Copy(cmd.Context(), to); err != nil {
		return secretless(err, f.to)
	}
	n, err := to.Count(cmd.Context(), comments.Query{})
	if err := errors.Join(err, to.Close()); err != nil {
		return secretless(err, f.to)
	}
	fmt.Fprintf(s.out, "copied %s\n", count(n, "comment"))
	return nil
}
