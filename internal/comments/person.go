package comments

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// person is an e-mail address as persons are looked for: mail servers know no
// case.
func person(email string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(valid(email))))
}

// errNobody is what comes of asking for the person without an address, who would
// be everybody whose comments were imported.
var errNobody = errors.New("a person is known by an e-mail address; this is none")

// Person returns all comments that were sent with an e-mail address, the oldest
// first.
func (s *Store) Person(ctx context.Context, email string) ([]Comment, error) {
	if person(email) == "" {
		return nil, errNobody
	}
	list, err := s.read(ctx).person(email)
	return list, s.told(err)
}

func (t tx) person(email string) ([]Comment, error) {
	return all(t, scanComment, "SELECT "+columns+" FROM comments WHERE person = $1 ORDER BY sent, id", person(email))
}

// A Known is what is known of a person, as it is handed out.
type Known struct {
	Email    string         `json:"email"`
	Exported string         `json:"exported"`
	Comments []KnownComment `json:"comments"`
}

// A KnownComment is one of the person's comments.
type KnownComment struct {
	ID       string `json:"id"`
	Story    string `json:"story"`
	Parent   string `json:"parent,omitempty"`
	Lang     string `json:"language,omitempty"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Text     string `json:"text"`
	Original string `json:"original,omitempty"` // before the desk shortened it
	State    State  `json:"state"`
	Sent     string `json:"sent"`
	Decided  string `json:"decided,omitempty"`
	Flags    string `json:"flags,omitempty"`
	Source   string `json:"source,omitempty"` // a keyed hash of the address that it came from
}

// KnownOf is what these comments tell of a person.
func KnownOf(email string, now time.Time, all []Comment) Known {
	k := Known{Email: email, Exported: stamp(now), Comments: []KnownComment{}}
	for _, c := range all {
		k.Comments = append(k.Comments, KnownComment{c.ID, c.Story, c.Parent, c.Lang, c.Name, c.Email, c.Text, c.Original, c.State, stamp(c.Sent), stamp(c.Decided), c.Flags, c.Source})
	}
	return k
}

// Write writes it as JSON that people can read.
func (k Known) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(k)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Forget erases a person: name, e-mail address, text, source and keys of all
// comments, their originals, and what the audit log says of them beyond who did
// what when. It returns the comments as they were. What stays is that there was a
// comment, so that replies keep their place and Changes says that it is gone.
//
// SQLite overwrites what is erased in its file, PostgreSQL sweeps it. Copies of the
// database cannot be reached from here.
func (s *Store) Forget(ctx context.Context, who, email string) (list []Comment, err error) {
	if person(email) == "" {
		return nil, errNobody
	}
	err = s.write(ctx, func(t tx) error {
		if list, err = t.person(email); err != nil || len(list) == 0 {
			return err
		}
		for _, c := range list {
			if _, err := t.exec(`UPDATE comments SET name = '', email = '', person = '', text = '', original = '', source = '', flags = '', sought = '', same = '',
				once = NULL, state = 'forgotten', seq = CASE WHEN shown = 1 THEN -1 ELSE seq END WHERE id = $1`, c.ID); err != nil {
				return err
			}
			if _, err := t.exec("UPDATE acts SET detail = '' WHERE comment = $1", c.ID); err != nil {
				return err
			}
		}
		if _, err := t.exec(`UPDATE acts SET detail = '' WHERE LOWER(detail) LIKE $1 ESCAPE '\'`, "%"+pattern(person(email))+"%"); err != nil {
			return err
		}
		return t.note(who, "forgot", "", "", fmt.Sprint(len(list)))
	})
	if err != nil {
		return nil, err
	}
	if len(list) > 0 {
		s.base.scrub(ctx, s)
	}
	return list, nil
}
