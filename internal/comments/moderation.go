package comments

import (
	"context"
	"fmt"
	"strings"
)

// DecideSeen gives a comment another state, if it still has the one in which it was
// seen. So of two who decide at once one does, and the other is told: done is false,
// and the comment is as it is.
func (s *Store) DecideSeen(ctx context.Context, who, id string, seen, to State) (c Comment, done bool, err error) {
	if !decided(to) {
		return Comment{}, false, fmt.Errorf("a comment cannot be made %q", to)
	}
	err = s.write(ctx, func(t tx) error {
		done = false
		if c, err = t.held(id); err != nil || c.State != seen || c.State == to {
			return err
		}
		c, err = t.decide(who, c, to)
		done = err == nil
		return err
	})
	return c, done && err == nil, err
}

// decide gives a comment that is held another state.
func (t tx) decide(who string, c Comment, to State) (Comment, error) {
	now, err := t.now()
	if err != nil {
		return c, err
	}
	c, err = one(t, scanComment, `UPDATE comments SET state = $2, decided = $3, decider = $4,
		shown = CASE WHEN $5 = 1 THEN 1 ELSE shown END, seq = CASE WHEN $5 = 1 OR shown = 1 THEN -1 ELSE seq END
		WHERE id = $1 RETURNING `+columns, c.ID, to, now, who, to == Approved)
	if err != nil {
		return c, err
	}
	return c, t.note(who, string(to), c.ID, c.Story, "")
}

// Records counts, for each of these e-mail addresses, what became of the comments
// that were sent with it.
func (s *Store) Records(ctx context.Context, emails ...string) (map[string]map[State]int, error) {
	records := map[string]map[State]int{}
	spelt := map[string][]string{} // addresses as they were asked for, by person
	var marks []string
	var args []any
	for _, email := range emails {
		p := person(email)
		if _, known := records[email]; known || p == "" {
			continue
		}
		if spelt[p] == nil {
			args = append(args, p)
			marks = append(marks, fmt.Sprintf("$%d", len(args)))
		}
		spelt[p] = append(spelt[p], email)
		records[email] = map[State]int{}
	}
	if args == nil {
		return records, nil
	}
	type count struct {
		person string
		state  State
		n      int
	}
	counts, err := all(s.read(ctx), func(row scanner) (c count, err error) { return c, row.Scan(&c.person, &c.state, &c.n) },
		"SELECT person, state, COUNT(*) FROM comments WHERE person IN ("+strings.Join(marks, ", ")+") GROUP BY person, state", args...)
	for _, c := range counts {
		for _, email := range spelt[c.person] {
			records[email][c.state] = c.n
		}
	}
	return records, s.told(err)
}

// FeedKey returns the key by which an account's feed is read, or ErrNone if it has
// none yet.
func (s *Store) FeedKey(ctx context.Context, account string) (key string, err error) {
	err = s.read(ctx).get([]any{&key}, "SELECT secret FROM feeds WHERE account = $1", account)
	return key, s.told(err)
}

// SetFeedKey gives an account's feed another key; the one before opens nothing any
// more.
func (s *Store) SetFeedKey(ctx context.Context, account, key string) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(`INSERT INTO feeds (account, secret) SELECT name, $2 FROM accounts WHERE name = $1
			ON CONFLICT (account) DO UPDATE SET secret = excluded.secret`, account, key)
		if err == nil && n == 0 {
			return ErrNone
		}
		return err
	})
}

// FeedAccount returns the account whose feed has this key, or ErrNone.
func (s *Store) FeedAccount(ctx context.Context, key string) (Account, error) {
	a, err := one(s.read(ctx), scanAccount, "SELECT name, role, hash, made FROM accounts WHERE name = (SELECT account FROM feeds WHERE secret = $1)", key)
	return a, s.told(err)
}
