package comments

import (
	"context"
	"time"
)

// An Act is an entry of the audit log: who did what when, to which comment or
// story. What is approved, rejected, spam, waiting, edited, replied, closed,
// opened, words, account, removed or forgot. Detail says no more of a person than
// lengths, numbers and IDs: lengths before and after of edited, the comment that
// is answered of replied, how many there are of words and forgot, name and role
// of account, the name of removed.
type Act struct {
	N              int64 // rises from 1
	At             time.Time
	Who, What      string
	Comment, Story string
	Detail         string
}

// note writes into the audit log.
func (t tx) note(who, what, comment, story, detail string) error {
	now, err := t.now()
	if err != nil {
		return err
	}
	n, err := t.next("act")
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO acts (n, at, who, what, comment, story, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)", n, now, who, what, comment, story, detail)
	return err
}

// next counts on. Until the transaction ends nobody else can.
func (t tx) next(name string) (n int64, err error) {
	err = t.get([]any{&n}, "UPDATE stet SET value = value + 1 WHERE name = $1 RETURNING value", name)
	return n, err
}

// Acts returns the audit log, the newest first: those before that number, all if
// it is 0, and no more than the limit, 100 if it is 0.
func (s *Store) Acts(ctx context.Context, limit int, before int64) ([]Act, error) {
	if limit <= 0 {
		limit = usualLimit
	}
	list, err := all(s.read(ctx), func(row scanner) (a Act, err error) {
		var at int64
		err = row.Scan(&a.N, &at, &a.Who, &a.What, &a.Comment, &a.Story, &a.Detail)
		a.At = moment(at)
		return a, err
	}, "SELECT n, at, who, what, comment, story, detail FROM acts WHERE n < $1 OR $1 = 0 ORDER BY n DESC LIMIT $2", before, int64(min(limit, mostLimit)))
	return list, s.told(err)
}
