package comments

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// The roles of accounts: a moderator decides on comments, an editor on
// everything.
const (
	Moderator = "moderator"
	Editor    = "editor"
)

// An Account is somebody of the desk.
type Account struct {
	Name, Role string
	Hash       []byte // of the password
	Made       time.Time
}

func scanAccount(row scanner) (a Account, err error) {
	var hash string
	var made int64
	if err = row.Scan(&a.Name, &a.Role, &hash, &made); err != nil {
		return a, err
	}
	a.Made = moment(made)
	a.Hash, err = hex.DecodeString(hash)
	return a, err
}

// SaveAccount makes an account, or changes its role and password. Another
// password, or another role, ends all its sessions.
func (s *Store) SaveAccount(ctx context.Context, who string, a Account) error {
	if a.Role != Moderator && a.Role != Editor {
		return fmt.Errorf("there is no role %q; there are moderator and editor", a.Role)
	}
	if strings.TrimSpace(a.Name) == "" {
		return fmt.Errorf("the account has no name")
	}
	return s.write(ctx, func(t tx) error {
		if a.Made.IsZero() {
			now, err := t.now()
			if err != nil {
				return err
			}
			a.Made = now
		}
		if _, err := t.exec(`INSERT INTO accounts (name, role, hash, made) VALUES ($1, $2, $3, $4)
			ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash`, a.Name, a.Role, hex.EncodeToString(a.Hash), a.Made); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM sessions WHERE account = $1", a.Name); err != nil {
			return err
		}
		return t.note(who, "account", "", "", a.Name+", "+a.Role)
	})
}

// Account returns an account, or ErrNone.
func (s *Store) Account(ctx context.Context, name string) (Account, error) {
	a, err := one(s.read(ctx), scanAccount, "SELECT name, role, hash, made FROM accounts WHERE name = $1", name)
	return a, s.told(err)
}

// Accounts returns all accounts by name.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	list, err := all(s.read(ctx), scanAccount, "SELECT name, role, hash, made FROM accounts ORDER BY name")
	return list, s.told(err)
}

// RemoveAccount removes an account and ends its sessions. What it did stays in
// the audit log. One that is not there is ErrNone.
func (s *Store) RemoveAccount(ctx context.Context, who, name string) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec("DELETE FROM accounts WHERE name = $1", name)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNone
		}
		return t.note(who, "removed", "", "", name)
	})
}

// StartSession begins a session of an account; id is the hash of a cookie.
func (s *Store) StartSession(ctx context.Context, id []byte, account string, until time.Time) error {
	return s.write(ctx, func(t tx) error {
		now, err := t.now()
		if err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM sessions WHERE until <= $1", now); err != nil {
			return err
		}
		n, err := t.exec("INSERT INTO sessions (id, account, until) SELECT $1, name, $3 FROM accounts WHERE name = $2", hex.EncodeToString(id), account, until)
		if err == nil && n == 0 {
			return ErrNone
		}
		return err
	})
}

// Session returns whose session it is, or ErrNone if there is none, or none any
// more.
func (s *Store) Session(ctx context.Context, id []byte, now time.Time) (Account, error) {
	a, err := one(s.read(ctx), scanAccount, `SELECT name, role, hash, made FROM accounts
		WHERE name = (SELECT account FROM sessions WHERE id = $1 AND until > $2)`, hex.EncodeToString(id), now)
	return a, s.told(err)
}

// EndSession ends a session.
func (s *Store) EndSession(ctx context.Context, id []byte) error {
	return s.write(ctx, func(t tx) error {
		_, err := t.exec("DELETE FROM sessions WHERE id = $1", hex.EncodeToString(id))
		return err
	})
}
