package comments

import (
	"context"
	"errors"

	"stet/internal/threads"
)

// A Voter is who answers, as far as it can be told. Cookie is the hash of a
// cookie that the browser has brought back, Address the hash of the address,
// with the key of the day. One of them may be empty.
//
// Who brings the cookie of an answer gave that answer. Who brings another cookie
// is another reader, even at the same address: a household has one. Who brings
// none is taken for whoever answered from that address that day.
type Voter struct{ Cookie, Address string }

// Rate counts an answer. A second answer of the same voter replaces the first;
// counted is false then.
func (s *Store) Rate(ctx context.Context, story string, yes bool, v Voter) (counted bool, err error) {
	if v == (Voter{}) || story == "" {
		return false, errors.New("an answer needs a voter and a story")
	}
	err = s.write(ctx, func(t tx) error {
		// Whoever holds the tally counts; the others wait.
		_, err := t.exec("INSERT INTO tallies (story, yes, no, seq) VALUES ($1, 0, 0, 0) ON CONFLICT (story) DO UPDATE SET yes = tallies.yes", story)
		if err != nil {
			return err
		}
		var was Voter
		var wasYes bool
		err = t.get([]any{&was.Cookie, &was.Address, &wasYes}, `SELECT cookie, address, yes FROM votes WHERE story = $1
			AND (cookie = $2 AND cookie <> '' OR address = $3 AND address <> '' AND (cookie = '' OR $4 = 1))
			ORDER BY CASE WHEN cookie = $2 THEN 0 ELSE 1 END, cookie LIMIT 1`, story, v.Cookie, v.Address, v.Cookie == "")
		switch {
		case err == ErrNone:
			counted = true
			if _, err := t.exec("INSERT INTO votes (story, cookie, address, yes) VALUES ($1, $2, $3, $4)", story, v.Cookie, v.Address, yes); err != nil {
				return err
			}
			return t.tally(story, yes, 1, 0)
		case err != nil:
			return err
		}
		counted = false
		now := was
		if now.Cookie == "" {
			now.Cookie = v.Cookie
		}
		if v.Address != "" {
			now.Address = v.Address
		}
		if now == was && wasYes == yes {
			return nil
		}
		if _, err := t.exec("UPDATE votes SET cookie = $4, address = $5, yes = $6 WHERE story = $1 AND cookie = $2 AND address = $3",
			story, was.Cookie, was.Address, now.Cookie, now.Address, yes); err != nil || wasYes == yes {
			return err
		}
		return t.tally(story, yes, 1, 1)
	})
	return counted, err
}

// tally adds to the answers of one side, and takes from those of the other.
func (t tx) tally(story string, yes bool, more, fewer int) error {
	query := "UPDATE tallies SET no = no + $2, yes = yes - $3, seq = -1 WHERE story = $1"
	if yes {
		query = "UPDATE tallies SET yes = yes + $2, no = no - $3, seq = -1 WHERE story = $1"
	}
	_, err := t.exec(query, story, more, fewer)
	return err
}

// Tally returns how readers have answered.
func (s *Store) Tally(ctx context.Context, story string) (threads.Tally, error) {
	var tally threads.Tally
	err := s.read(ctx).get([]any{&tally.Yes, &tally.No}, "SELECT yes, no FROM tallies WHERE story = $1", story)
	if err == ErrNone {
		return tally, nil
	}
	return tally, s.told(err)
}
