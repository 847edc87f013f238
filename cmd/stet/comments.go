package main

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"stet/internal/comments"
)

// commentsCommand leads to the commands for what readers say.
func commentsCommand(s *system) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "comments",
		Short:   "take comments of readers, and bring them into the edition",
		Example: examples("stet comments serve --db comments.db --paper https://news.example --url https://comments.example/", "stet comments pull --from https://comments.example/"),
		Args:    noSuchCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commentsServeCommand(s), commentsAccountCommand(s), pullCommand(s), importCommand(s), forgetCommand(s), commentsCopyCommand(s))
	return cmd
}

// addStore adds the flag that names the store of comments.
func addStore(cmd *cobra.Command, where *string) {
	cmd.Flags().StringVar(where, "db", "", "comments are in this `DATABASE`: a file, which is made if it is not there, or postgres://USER@HOST/NAME")
}

// openStore opens the store of comments. A password in its address is in no message.
func openStore(ctx context.Context, where string) (*comments.Store, error) {
	if where == "" {
		return nil, mistaken("such as --db comments.db, or --db postgres://stet@127.0.0.1/comments", "--db is missing, which says where the comments are")
	}
	store, err := comments.Open(ctx, where)
	if err != nil {
		return nil, secretless(err, where)
	}
	return store, nil
}

// secretless is an error without the password that an address holds.
func secretless(err error, address string) error {
	u, bad := url.Parse(address)
	if bad != nil || u.User == nil {
		return err
	}
	password, given := u.User.Password()
	text := err.Error()
	for _, secret := range []string{password, url.QueryEscape(password), url.PathEscape(password)} {
		if given && secret != "" && strings.Contains(text, secret) {
			text = strings.ReplaceAll(text, secret, "xxxxx")
			err = errors.New(text)
		}
	}
	return err
}
