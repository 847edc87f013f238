package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"stet/internal/comments"
	"stet/internal/service"
)

type commentsAccountFlags struct {
	db, role string
	remove   bool
}

func commentsAccountCommand(s *system) *cobra.Command {
	var f commentsAccountFlags
	cmd := &cobra.Command{
		Use:   "account NAME [flags]",
		Short: "let somebody decide about comments at the desk, or no longer",
		Long: "Makes an account for the desk at /desk/, or gives one that is there another password or role, and ends its\n" +
			"sessions. It asks for the password, or reads it from standard input if that is no terminal. A moderator decides\n" +
			"about comments; an editor also keeps block words, threads and accounts, and sees who did what. The first account\n" +
			"is made here and should be an editor, who adds the others at the desk.",
		Example: examples("stet comments account ada --role editor --db comments.db", "stet comments account ada --remove --db comments.db"),
		Args:    arguments("name"),
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd, s, args[0]) },
	}
	addStore(cmd, &f.db)
	cmd.Flags().StringVar(&f.role, "role", comments.Moderator, "the `ROLE` is moderator or editor; an account that is there keeps its own if none is given")
	cmd.Flags().BoolVar(&f.remove, "remove", false, "remove the account, and leave what it did in the log")
	return cmd
}

// byCommand is whom the desk's log names for what is done here.
const byCommand = "stet comments account"

func (f *commentsAccountFlags) run(cmd *cobra.Command, s *system, typed string) error {
	ctx := cmd.Context()
	name := service.AccountName(typed)
	if name == "" {
		return mistaken("such as ada, or ada.marsh", "%q is no name of an account: it has letters, digits, and . - _ between them, 40 at most", typed)
	}
	if f.role != comments.Moderator && f.role != comments.Editor {
		return mistaken("write --role moderator, or --role editor", "there is no role %q", f.role)
	}
	if f.remove && cmd.Flags().Changed("role") {
		return mistaken("leave one of them out", "--remove and --role do not go together")
	}
	if f.remove {
		there, err := openThere(ctx, f.db)
		if err != nil {
			return err
		}
		defer there.Close()
		return f.removed(ctx, s, there, name)
	}
	made := f.db != "" && !ofServer(f.db) && !exists(f.db)
	store, err := openStore(ctx, f.db)
	if err != nil {
		return err
	}
	defer store.Close()
	a, err := store.Account(ctx, name)
	isNew := errors.Is(err, comments.ErrNone)
	if err != nil && !isNew {
		return secretless(err, f.db)
	}
	if isNew || cmd.Flags().Changed("role") {
		a.Name, a.Role = name, f.role
	}
	password, err := s.password("password for " + name)
	if err != nil {
		return err
	}
	if a.Hash, err = service.Hash(password); err != nil {
		return mistaken("choose a longer one, such as four words that do not belong together", "%v", err)
	}
	if err := store.SaveAccount(ctx, byCommand, a); err != nil {
		return secretless(err, f.db)
	}
	role := "a moderator"
	if a.Role == comments.Editor {
		role = "an editor"
	}
	if isNew {
		fmt.Fprintf(s.out, "%s is %s at the desk\n", name, role)
		if made {
			fmt.Fprintf(s.out, "%s is new: it is the desk of a service that is started with --db %[1]s\n", f.db)
		}
	} else {
		fmt.Fprintf(s.out, "%s has another password, and is %s at the desk\n", name, role)
	}
	return nil
}

func (f *commentsAccountFlags) removed(ctx context.Context, s *system, store *comments.Store, name string) error {
	err := store.RemoveAccount(ctx, byCommand, name)
	if errors.Is(err, comments.ErrNone) {
		all, _ := store.Accounts(ctx)
		var names []string
		for _, a := range all {
			names = append(names, a.Name)
		}
		hint := "there is no account at all"
		if len(names) > 0 {
			hint = "there are " + strings.Join(names, ", ")
		}
		if len(names) == 1 {
			hint = "there is " + names[0] + " alone"
		}
		return mistaken(hint, "there is no account %q", name)
	}
	if err != nil {
		return secretless(err, f.db)
	}
	fmt.Fprintf(s.out, "%s has no account any more\n", name)
	return nil
}

// password asks for a password twice, at a terminal that does not show it, or reads
// it as the first line of what is not a terminal.
func (s *system) password(what string) (string, error) {
	if f, ok := s.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return s.askPassword(int(f.Fd()), what)
	}
	if s.in == nil {
		return "", mistaken("pipe it in, or type it at a terminal", "there is nobody to ask for the %s", what)
	}
	line, err := bufio.NewReader(io.LimitReader(s.in, 4<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("the %s cannot be read: %w", what, err)
	}
	line = strings.TrimPrefix(strings.TrimRight(line, "\r\n"), "\ufeff") // what a shell of Windows puts before it
	if line == "" {
		return "", mistaken("type it at a terminal, or pipe it in", "there is no %s", what)
	}
	return line, nil
}

func (s *system) askPassword(terminal int, what string) (string, error) {
	ask := func(text string) (string, error) {
		fmt.Fprint(s.err, text+": ")
		typed, err := term.ReadPassword(terminal)
		fmt.Fprintln(s.err)
		return string(typed), err
	}
	first, err := ask(what)
	if err != nil {
		return "", err
	}
	again, err := ask("once more")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", mistaken("try again", "these were two different passwords")
	}
	return first, nil
}
