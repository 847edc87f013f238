package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stet/internal/comments"
	"stet/internal/diag"
	"stet/internal/source"
	"stet/internal/threads"
)

type forgetFlags struct {
	siteFlags
	db, export string
	yes        bool
}

func forgetCommand(s *system) *cobra.Command {
	var f forgetFlags
	cmd := &cobra.Command{
		Use:   "forget EMAIL [flags]",
		Short: "hand out what is known of a person, and erase it",
		Long: "Writes all comments that were sent with an e-mail address, and what is kept with them, as JSON to stdout or into a\n" +
			"file, asks whether to erase them, and does: in the service's store, and at once in data/comments/ of the site.\n" +
			"Other sites that pull from the store lose them at their next pull. Then it says where it cannot reach: commits of\n" +
			"git in which the comments are, editions that are published, feeds and backups.\n\n" +
			"If there is no site in the folder, only the store is changed.",
		Example: examples("stet comments forget ada@example.org --db comments.db --export ada.json", "stet comments forget ada@example.org --db comments.db --yes >ada.json"),
		Args:    arguments("e-mail address"),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args[0]) },
	}
	addDir(cmd, &f.dir)
	flags := cmd.Flags()
	addStore(cmd, &f.db)
	flags.StringVar(&f.export, "export", "", "write what is known into `EXPORT`, not to stdout")
	flags.BoolVar(&f.yes, "yes", false, "erase without asking")
	return cmd
}

func (f *forgetFlags) run(ctx context.Context, s *system, email string) error {
	switch {
	case f.db == "":
		return mistaken("write it like\nstet comments forget ada@example.org --db comments.db", "forget whom? --db does not say where comments are kept")
	case !strings.Contains(email, "@"):
		return mistaken("a person is known by the address that was given with a comment", "%q is no e-mail address", email)
	}
	db, err := openThere(ctx, f.stored(f.db))
	if err != nil {
		return err
	}
	defer db.Close()
	all, err := db.Person(ctx, email)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return diag.Problem{Severity: diag.Error, Text: "no comment was sent with the address " + email,
			Hint: "look at how it is written; comments that were imported without --db have no address, and are taken out of\ntheir files in data/comments/ by hand"}
	}
	if err := f.hand(s, email, all); err != nil {
		return err
	}
	if !f.yes {
		if err := f.ask(s, email, len(all)); err != nil {
			return err
		}
	}
	erased, err := db.Forget(ctx, "stet comments forget", email)
	if err != nil {
		return err
	}
	s.note("erased %s of %s in %s", count(len(erased), "comment"), oneLine(email), oneLine(storeName(f.stored(f.db))))
	return f.clean(ctx, s, erased)
}

// hand hands out what is known.
func (f *forgetFlags) hand(s *system, email string, all []comments.Comment) error {
	known := comments.KnownOf(email, s.now(), all)
	if f.export == "" {
		return known.Write(s.out)
	}
	w, err := os.OpenFile(f.inside(f.export), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return mistaken("give another name; nothing is replaced, and nothing was erased", "%s is already there", f.export)
	}
	if err == nil {
		err = errors.Join(known.Write(w), w.Sync(), w.Close())
	}
	if err != nil {
		return diag.Problem{Severity: diag.Error, Path: f.export, Text: "it cannot be written: " + unwrapped(err), Hint: "nothing was erased; the folder must be there and yours to write"}
	}
	s.note("what is known is in %s", oneLine(f.export))
	return nil
}

// ask asks whether to erase.
func (f *forgetFlags) ask(s *system, email string, n int) error {
	fmt.Fprintf(s.err, "Erase %s of %s for ever? Type yes: ", count(n, "comment"), oneLine(email))
	said := ""
	if s.in != nil {
		said, _ = bufio.NewReader(s.in).ReadString('\n')
	}
	if strings.EqualFold(strings.TrimSpace(said), "yes") {
		return nil
	}
	if !strings.HasSuffix(said, "\n") {
		fmt.Fprintln(s.err)
	}
	return diag.Problem{Severity: diag.Error, Text: "nothing was erased", Hint: "answer yes, or give --yes in a script"}
}

// clean takes the comments out of the files of the site, and says what cannot be
// reached.
func (f *forgetFlags) clean(ctx context.Context, s *system, erased []comments.Comment) error {
	if !exists(f.inside(source.Settings)) {
		s.note("there is no site in %s: the next pull takes the comments out of its files", oneLine(absolute(f.dir)))
		return nil
	}
	by := map[string][]string{}
	var ids []string
	for _, c := range erased {
		by[c.Story] = append(by[c.Story], c.ID)
		ids = append(ids, c.ID)
	}
	var changes threads.Changes
	for story, gone := range by {
		changes.Threads = append(changes.Threads, threads.Change{Story: story, Gone: gone})
	}
	slices.SortFunc(changes.Threads, func(a, b threads.Change) int { return strings.Compare(a.Story, b.Story) })
	t, err := openThreads(ctx, f.dir)
	if err != nil {
		return err
	}
	got, err := t.bring(ctx, changes, func(string) bool { return true })
	t.Close()
	if err != nil {
		return err
	}
	for _, name := range got.Changed {
		s.note("taken out of %s", oneLine(name))
	}
	s.printer(true).Print(got.Problems)
	f.reach(ctx, s, ids, len(got.Changed) > 0)
	if diag.AnyError(got.Problems) {
		return errTold
	}
	return nil
}

// reach says what cannot be reached from here.
func (f *forgetFlags) reach(ctx context.Context, s *system, ids []string, changed bool) {
	found, err := heldByGit(ctx, f.dir, ids)
	switch {
	case err != nil:
		s.note("git could not be asked which commits hold them: %s", oneLine(err.Error()))
	case len(found) > 0:
		s.note("the history of git still holds them:")
		for _, h := range found {
			s.note("  %s, in %s from %s (%s) on", oneLine(h.path), count(h.commits, "commit"), h.first, h.day)
		}
		s.note("  to rewrite it is up to you: docs/comments.md tells how")
	}
	if changed {
		s.note("now run stet build and publish the edition; what readers, search engines and archives have copied, and backups, cannot be reached")
	} else {
		s.note("copies that readers, search engines and archives have, and backups, cannot be reached")
	}
}

// gitPatience is how long git may look through its history.
const gitPatience = 2 * time.Minute
