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

// A store is that of the service, as pull, import and forget see it.
type store struct{ *comments.Store }

// ofServer tells whether a store is at a database server.
func ofServer(where string) bool { return strings.Contains(where, "://") }

// openThere opens a store that is there already: a slip makes none.
func openThere(ctx context.Context, where string) (*store, error) {
	if where != "" && !ofServer(where) && !exists(where) {
		return nil, diag.Problem{Severity: diag.Error, Path: where, Text: "there is no such file", Hint: "give the store of the service: what --db of stet comments serve names"}
	}
	db, err := openStore(ctx, where)
	return &store{db}, err
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

// changes are what changed since, as the service exports it.
func (s *store) changes(ctx context.Context, since int64) (threads.Changes, error) {
	return s.Changes(ctx, since, 0)
}

// bring stores imported comments, with the addresses of those who wrote them. It
// returns how many are new, and the IDs of those that the desk has taken out.
func (s *store) bring(ctx context.Context, story string, some []imports.Comment) (added int, gone []string, err error) {
	var all []comments.Comment
	for _, c := range some {
		all = append(all, comments.Comment{ID: c.ID, Parent: c.Parent, Name: c.Name, Email: c.Email, Text: c.Text, Sent: c.Time})
	}
	return s.Bring(ctx, story, all)
}
