package comments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Cut is what stands in a comment that the desk has shortened.
const Cut = "[…]"

// Decide gives a comment another state. One that has it already stays as it is.
func (s *Store) Decide(ctx context.Context, who, id string, to State) (c Comment, err error) {
	if !decided(to) {
		return Comment{}, fmt.Errorf("a comment cannot be made %q", to)
	}
	err = s.write(ctx, func(t tx) error {
		c, err = t.held(id)
		if err != nil || c.State == to {
			return err
		}
		c, err = t.decide(who, c, to)
		return err
	})
	return c, err
}

// Edit gives a comment another text. A reader's text says by Cut that it was
// shortened, at its end unless the desk has put it somewhere; what the reader
// wrote is kept as its original, which is what counts if the desk goes back to it.
func (s *Store) Edit(ctx context.Context, who, id, text string) (c Comment, err error) {
	text = strings.TrimSpace(Normal(text))
	if Length(text) > Most {
		return Comment{}, ErrLong
	}
	if text == "" {
		return Comment{}, errors.New("the comment has no text")
	}
	err = s.write(ctx, func(t tx) error {
		if c, err = t.held(id); err != nil {
			return err
		}
		was := c
		if c.Original == "" {
			c.Original = c.Text
		}
		c.Text = text
		switch {
		case text == strings.TrimSpace(c.Original):
			c.Text, c.Original = c.Original, ""
		case !c.Paper && !strings.Contains(text, Cut):
			c.Text += " " + Cut
		}
		if c.Text == was.Text {
			c = was
			return nil
		}
		c, err = one(t, scanComment, `UPDATE comments SET text = $2, original = $3, sought = $4, same = $5, seq = CASE WHEN shown = 1 THEN -1 ELSE seq END
			WHERE id = $1 RETURNING `+columns, id, c.Text, c.Original, c.sought(), same(c.Text))
		if err != nil {
			return err
		}
		return t.note(who, "edited", id, c.Story, fmt.Sprintf("%d → %d", Length(was.Text), Length(c.Text)))
	})
	return c, err
}

// Reply has the newspaper answer an approved comment, under a name of its own.
// The reply is approved. The same reply again stores nothing and gives what is
// stored.
func (s *Store) Reply(ctx context.Context, who, parent, name, text string) (c Comment, err error) {
	text = strings.TrimSpace(Normal(text))
	if Length(text) > Most {
		return Comment{}, ErrLong
	}
	err = s.write(ctx, func(t tx) error {
		to, err := t.held(parent)
		if err != nil {
			return err
		}
		if to.State != Approved {
			return ErrNotApproved
		}
		c, err = one(t, scanComment, "SELECT "+columns+" FROM comments WHERE story = $1 AND parent = $2 AND paper = 1 AND name = $3 AND text = $4 AND state = 'approved'",
			to.Story, parent, name, text)
		if err != ErrNone {
			return err
		}
		now, err := t.now()
		if err != nil {
			return err
		}
		c = Comment{Story: to.Story, Parent: parent, Lang: to.Lang, Name: name, Text: text, State: Approved, Sent: now, Decided: now, By: who, Paper: true}
		if err := c.lacks(); err != nil {
			return err
		}
		if c, _, err = t.add(c, ""); err != nil {
			return err
		}
		return t.note(who, "replied", c.ID, c.Story, "to "+parent)
	})
	return c, err
}

// CloseThread ends a conversation, or opens it again, whatever the edition says.
func (s *Store) CloseThread(ctx context.Context, who, story string, closed bool) error {
	return s.write(ctx, func(t tx) error {
		query, what := "INSERT INTO closed (story) VALUES ($1) ON CONFLICT DO NOTHING", "closed"
		if !closed {
			query, what = "DELETE FROM closed WHERE story = $1", "opened"
		}
		n, err := t.exec(query, story)
		if err != nil || n == 0 {
			return err
		}
		return t.note(who, what, "", story, "")
	})
}

// Closed tells whether a desk has ended the conversation on a story.
func (s *Store) Closed(ctx context.Context, story string) (bool, error) {
	var n int
	err := s.read(ctx).get([]any{&n}, "SELECT COUNT(*) FROM closed WHERE story = $1", story)
	return n > 0, s.told(err)
}

// Words returns the words that a desk has comments held for, in their order.
func (s *Store) Words(ctx context.Context) ([]string, error) {
	var words string
	err := s.read(ctx).get([]any{&words}, "SELECT value FROM settings WHERE name = 'words'")
	if err == ErrNone || err == nil && words == "" {
		return nil, nil
	}
	if err != nil {
		return nil, s.told(err)
	}
	return strings.Split(words, "\n"), nil
}

// SetWords replaces the words that comments are held for. Empty ones and those
// that are there twice are left out.
func (s *Store) SetWords(ctx context.Context, who string, words []string) error {
	var list []string
	for _, word := range words {
		if word = strings.Join(strings.Fields(valid(word)), " "); word != "" {
			list = append(list, word)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(`INSERT INTO settings (name, value) VALUES ('words', $1)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE settings.value <> excluded.value`, strings.Join(list, "\n"))
		if err != nil || n == 0 {
			return err
		}
		return t.note(who, "words", "", "", fmt.Sprint(len(list)))
	})
}
