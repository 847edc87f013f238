package main

import (
	"context"
	"net/url"
	"strings"

	"stet/internal/comments"
	"stet/internal/diag"
	"stet/internal/imports"
	"stet/internal/threads"
)

// ofServer tells whether a store is at a database server.
func ofServer(where string) bool { return strings.Contains(where, "://") }

// openThere opens a store that is there already: a slip makes none.
func openThere(ctx context.Context, where string) (*comments.Store, error) {
	if where != "" && !ofServer(where) && !exists(where) {
		return nil, diag.Problem{Severity: diag.Error, Path: where, Text: "there is no such file", Hint: "give the store of the service: what --db of stet comments serve names"}
	}
	return openStore(ctx, where)
}

// stored is where a store is, from the site's folder.
func (f *siteFlags) stored(where string) string {
	if ofServer(where) {
		return where
	}
	return f.inside(where)
}

// storeName tells one store from another, without secrets.
func storeName(where string) string {
	if !ofServer(where) {
		return absolute(where)
	}
	u, err := url.Parse(where)
	if err != nil {
		return "postgres " + short(where)
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// changesOf asks a store for what changed since, as the service exports it.
func changesOf(db *comments.Store) func(context.Context, int64) (threads.Changes, error) {
	return func(ctx context.Context, since int64) (threads.Changes, error) { return db.Changes(ctx, since, 0) }
}

// bringInto stores imported comments, with the addresses of those who wrote them. It
// returns how many are new, and the IDs of those that the desk has taken out.
func bringInto(ctx context.Context, db *comments.Store, story string, some []imports.Comment) (added int, gone []string, err error) {
	var all []comments.Comment
	for _, c := range some {
		all = append(all, comments.Comment{ID: c.ID, Parent: c.Parent, Name: c.Name, Email: c.Email, Text: c.Text, Sent: c.Time})
	}
	return db.Bring(ctx, story, all)
}
