// Package comments keeps what readers send until a desk has decided: comments,
// answers to "Do you like this article?", and what the desk has done with them,
// in SQLite or in PostgreSQL.
//
// [Open] takes a file, which is enough for a newspaper on one machine, or the
// address of a PostgreSQL server, which several instances of the service share.
// Both have the same schema (schema/1.sql) and keep the same promises:
//
//   - What a method has acknowledged by returning without an error is on disk.
//   - The same idempotency key stores once, whoever sends it how often where.
//   - What has changed is told by [Store.Changes] in an order that skips nothing,
//     also of transactions that ended in another order than they began. Changes
//     are only marked when they are made, and get their numbers when somebody
//     asks, so that readers never wait for each other.
//   - What a desk does is in the audit log, in the same transaction.
//   - [Store.Forget] leaves nothing of a person but that a comment was there.
//
// Nothing here is public. What everybody may read is written to files of a site
// by room threads, from what Changes says.
//
// The room reads no clock: who has none to hand in goes by that of the database.
package comments

import (
	"context"
	"errors"
	"time"

	"stet/internal/threads"
)

// A State is what has become of a comment.
type State string

// The states of a comment. Forgotten is what stays of a comment whose author
// has been forgotten; no method returns one.
const (
	Waiting   State = "waiting"
	Approved  State = "approved"
	Rejected  State = "rejected"
	Spam      State = "spam"
	Forgotten State = "forgotten"
)

// decisions are the states that a desk may give.
var decisions = []State{Waiting, Approved, Rejected, Spam}

// What a caller may ask an error for. Errors of the database itself are of type
// diag.Problem, with a hint.
var (
	ErrNone        = errors.New("it is not there")
	ErrLong        = errors.New("the text has more than 1500 characters")
	ErrTaken       = errors.New("another comment has this ID")
	ErrNotApproved = errors.New("the comment that is answered is not approved")
	ErrNewer       = errors.New("the database was made by a later Stet")
)

// A Comment is what a reader, or the newspaper, has said.
type Comment struct {
	ID, Story, Parent, Lang string // Parent is the ID of the comment that is answered
	Name, Email, Text       string
	State                   State
	Sent, Decided           time.Time // in whole milliseconds of UTC
	By                      string    // the account that decided
	Paper                   bool      // the newspaper's own
	Original                string    // the text before the desk shortened it; "" if it has not
	Flags                   string    // why rules hold it, with commas between
	Source                  string    // a keyed hash of the address it came from, of its day; "" if imported
}

// Thread is the comment as everybody may read it once it is approved.
func (c Comment) Thread() threads.Comment {
	return threads.Comment{ID: c.ID, Time: c.Sent.UTC().Truncate(time.Second), Name: c.Name, Text: c.Text, Parent: c.Parent}
}

// columns are those of a Comment, as scanComment reads them.
const columns = "id, story, parent, lang, name, email, text, state, sent, decided, decider, paper, original, flags, source"

func scanComment(row scanner) (c Comment, err error) {
	var sent, decided int64
	err = row.Scan(&c.ID, &c.Story, &c.Parent, &c.Lang, &c.Name, &c.Email, &c.Text, &c.State, &sent, &decided, &c.By, &c.Paper, &c.Original, &c.Flags, &c.Source)
	c.Sent, c.Decided = moment(sent), moment(decided)
	return c, err
}

// Comment returns one comment, or ErrNone.
func (s *Store) Comment(ctx context.Context, id string) (Comment, error) {
	c, err := s.read(ctx).comment(id)
	return c, s.told(err)
}

func (t tx) comment(id string) (Comment, error) {
	return one(t, scanComment, "SELECT "+columns+" FROM comments WHERE id = $1 AND state <> 'forgotten'", id)
}

// Ever tells whether there is, or was, a comment of this ID: also one whose author
// has been forgotten.
func (s *Store) Ever(ctx context.Context, id string) (bool, error) {
	var n int
	err := s.read(ctx).get([]any{&n}, "SELECT COUNT(*) FROM comments WHERE id = $1", id)
	return n > 0, s.told(err)
}

// held is the comment, which nobody else can change until the transaction ends.
func (t tx) held(id string) (Comment, error) {
	return one(t, scanComment, "SELECT "+columns+" FROM comments WHERE id = $1 AND state <> 'forgotten'"+t.s.base.lock, id)
}
