package comments

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"stet/internal/threads"
)

// Add stores a comment, waiting if it has no state, and makes an ID unless it has
// one. It returns the comment as it is stored, and whether it is new: the same
// key again stores nothing and gives what is stored already. A comment that
// threads could not write to a file is refused, and one of more than Most
// characters with ErrLong.
func (s *Store) Add(ctx context.Context, c Comment, key string) (Comment, bool, error) {
	if Length(c.Text) > Most {
		return Comment{}, false, ErrLong
	}
	if c.State == "" {
		c.State = Waiting
	}
	if err := c.lacks(); err != nil {
		return Comment{}, false, err
	}
	var kept Comment
	var isNew bool
	err := s.write(ctx, func(t tx) (err error) {
		kept, isNew, err = t.add(c, key)
		return err
	})
	if err != nil {
		return Comment{}, false, err
	}
	return kept, isNew, nil
}

// lacks says what a comment lacks to stand in a file of a site.
func (c Comment) lacks() error {
	switch {
	case c.ID != "" && !threads.Good(c.ID), c.Parent != "" && !threads.Good(c.Parent):
		return fmt.Errorf("%q is no ID of a comment", c.ID+c.Parent)
	case c.ID != "" && c.ID == c.Parent:
		return errors.New("the comment answers itself")
	case !decided(c.State):
		return fmt.Errorf("a comment cannot be %q", c.State)
	case c.Story == "":
		return errors.New("the comment has no story")
	case strings.TrimSpace(c.Name) == "":
		return errors.New("the comment has no name")
	case strings.TrimSpace(c.Text) == "":
		return errors.New("the comment has no text")
	}
	return nil
}

// add stores a comment once.
func (t tx) add(c Comment, key string) (Comment, bool, error) {
	if c.Sent.IsZero() {
		now, err := t.now()
		if err != nil {
			return c, false, err
		}
		c.Sent = now
	}
	named := c.ID != ""
	for range tries {
		if !named {
			c.ID = newID()
		}
		kept, err := t.insert(c, key)
		if err == nil {
			return kept, true, nil
		}
		if err != ErrNone {
			return c, false, err
		}
		if key != "" {
			kept, err := one(t, scanComment, "SELECT "+columns+" FROM comments WHERE once = $1", key)
			if err != ErrNone {
				return kept, false, err
			}
		}
		if named {
			return c, false, ErrTaken
		}
	}
	return c, false, ErrTaken
}

// insert stores a comment, and returns ErrNone if its ID or its key is there.
func (t tx) insert(c Comment, key string) (Comment, error) {
	var once any
	if key != "" {
		once = key
	}
	c.Text, c.Original = Normal(c.Text), Normal(c.Original)
	shown, seq := 0, 0
	if c.State == Approved {
		shown, seq = 1, changed
	}
	return one(t, scanComment, `INSERT INTO comments (`+columns+`, person, sought, same, once, shown, seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT DO NOTHING RETURNING `+columns,
		c.ID, c.Story, c.Parent, c.Lang, c.Name, c.Email, c.Text, c.State, c.Sent, c.Decided, c.By, c.Paper, c.Original, c.Flags, c.Source,
		person(c.Email), c.sought(), same(c.Text), once, shown, seq)
}

// newID is an ID of ten letters and digits, 50 random bits.
func newID() string { return strings.ToLower(rand.Text()[:10]) }

// sought is in what words are looked for.
func (c Comment) sought() string { return Fold(c.Name + "\n" + c.Email + "\n" + c.Text) }

// same is the same for texts that differ in case, marks, spaces and signs only.
// A text of nothing else is itself.
func same(text string) string {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(text))
	if letters == "" {
		letters = strings.TrimSpace(text)
	}
	sum := sha256.Sum256([]byte(letters))
	return hex.EncodeToString(sum[:16])
}

// Import stores comments of another system as approved ones, under their IDs;
// those that are there already stay as they are. It returns how many are new.
func (s *Store) Import(ctx context.Context, story string, all []threads.Comment) (added int, err error) {
	var some []Comment
	for _, from := range all {
		some = append(some, Comment{ID: from.ID, Parent: from.Parent, Name: from.Name, Text: from.Text, Sent: from.Time})
	}
	added, _, err = s.Bring(ctx, story, some)
	return added, err
}

// Bring is Import of comments of which more is known, such as the e-mail address.
// It also returns the IDs of those that were there and that readers are not to
// see: the desk has taken them out, or their author was forgotten.
func (s *Store) Bring(ctx context.Context, story string, all []Comment) (added int, gone []string, err error) {
	err = s.write(ctx, func(t tx) error {
		added, gone = 0, nil
		for _, c := range all {
			c.Story, c.State = story, Approved
			if err := c.lacks(); err != nil {
				return fmt.Errorf("%s: %w", c.ID, err)
			}
			_, err := t.insert(c, "")
			if err == nil {
				added++
				continue
			}
			if err != ErrNone {
				return err
			}
			var of string
			var state State
			if err := t.get([]any{&of, &state}, "SELECT story, state FROM comments WHERE id = $1", c.ID); err != nil {
				return err
			}
			if of != story {
				return fmt.Errorf("the ID %s is that of a comment on %s: %w", c.ID, of, ErrTaken)
			}
			if state != Approved {
				gone = append(gone, c.ID)
			}
		}
		return nil
	})
	if err != nil {
		return 0, nil, err
	}
	return added, gone, nil
}
