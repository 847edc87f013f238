package comments

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"time"
)

// secretSize is how many bytes a secret has.
const secretSize = 32

// day is the name of the key of a day, but for the date.
const day = "day "

// Secret returns 32 random bytes under a name, made when they are first asked
// for and the same for ever and in all instances.
func (s *Store) Secret(ctx context.Context, name string) ([]byte, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if kept, ok := s.secrets[name]; ok {
		return kept, nil
	}
	secret, err := s.secret(ctx, name)
	if err != nil {
		return nil, err
	}
	s.secrets[name] = secret
	return secret, nil
}

// DayKey returns 32 random bytes of a day in UTC. Keys older than two days are
// erased: nobody can tell any more from which address something came then.
func (s *Store) DayKey(ctx context.Context, now time.Time) ([]byte, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	today := day + now.UTC().Format(time.DateOnly)
	if s.today == today {
		return s.dayKey, nil
	}
	key, err := s.secret(ctx, today)
	if err != nil {
		return nil, err
	}
	oldest := day + now.UTC().AddDate(0, 0, -2).Format(time.DateOnly)
	err = s.write(ctx, func(t tx) error {
		_, err := t.exec("DELETE FROM secrets WHERE name LIKE '"+day+"%' AND name < $1", oldest)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.today, s.dayKey = today, key
	return key, nil
}

// secret reads a secret, or makes it.
func (s *Store) secret(ctx context.Context, name string) ([]byte, error) {
	var value string
	err := s.read(ctx).get([]any{&value}, "SELECT value FROM secrets WHERE name = $1", name)
	if err == ErrNone {
		err = s.write(ctx, func(t tx) error {
			random := make([]byte, secretSize)
			rand.Read(random)
			if _, err := t.exec("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, hex.EncodeToString(random)); err != nil {
				return err
			}
			return t.get([]any{&value}, "SELECT value FROM secrets WHERE name = $1", name)
		})
	}
	if err != nil {
		return nil, s.told(err)
	}
	return hex.DecodeString(value)
}
