package comments

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// tries is how often a transaction is begun again that met another one.
const tries = 20

// A tx is a transaction, or the database itself for a single reading statement.
type tx struct {
	ctx context.Context
	db  interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}
	s *Store
}

type scanner interface{ Scan(...any) error }

// errAtEnd is what went wrong when a transaction was to end: nobody knows
// whether it did.
type errAtEnd struct{ error }

func (e errAtEnd) Unwrap() error { return e.error }

// read reads outside of a transaction, or with one statement.
func (s *Store) read(ctx context.Context) tx { return tx{ctx, s.reader, s} }

// write does something in one transaction. If it meets another one, or the
// connection was lost before its end, it is done again from the beginning.
func (s *Store) write(ctx context.Context, do func(tx) error) error {
	for try := 0; ; try++ {
		err := s.once(ctx, do)
		if err == nil || try == tries || !s.base.again(err) {
			return s.told(err)
		}
		select {
		case <-ctx.Done():
			return s.told(err)
		case <-time.After(time.Duration(try) * 5 * time.Millisecond):
		}
	}
}

func (s *Store) once(ctx context.Context, do func(tx) error) error {
	db, err := s.writer.BeginTx(ctx, s.base.begin)
	if err != nil {
		return err
	}
	defer db.Rollback()
	if err := do(tx{ctx, db, s}); err != nil {
		return err
	}
	if err := db.Commit(); err != nil {
		return errAtEnd{err}
	}
	return nil
}

// exec returns how many rows a statement has changed.
func (t tx) exec(query string, args ...any) (int64, error) {
	result, err := t.db.ExecContext(t.ctx, query, stored(args)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// get reads one row into what is handed in; none is ErrNone.
func (t tx) get(into []any, query string, args ...any) error {
	return none(t.db.QueryRowContext(t.ctx, query, stored(args)...).Scan(into...))
}

// one reads one row.
func one[T any](t tx, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	v, err := scan(t.db.QueryRowContext(t.ctx, query, stored(args)...))
	if err != nil {
		var nothing T
		return nothing, none(err)
	}
	return v, nil
}

// all reads all rows.
func all[T any](t tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.db.QueryContext(t.ctx, query, stored(args)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

func none(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNone
	}
	return err
}

// stored are values as both databases take them.
func stored(args []any) []any {
	values := make([]any, len(args))
	for i, arg := range args {
		switch v := arg.(type) {
		case string:
			values[i] = valid(v)
		case State:
			values[i] = valid(string(v))
		case bool:
			values[i] = int64(0)
			if v {
				values[i] = int64(1)
			}
		case time.Time:
			values[i] = milli(v)
		default:
			values[i] = arg
		}
	}
	return values
}

// milli is a moment as it is stored; 0 is none.
func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// now is the time by Store.Now, or by the database's clock.
func (t tx) now() (time.Time, error) {
	if t.s.Now != nil {
		return moment(milli(t.s.Now())), nil
	}
	var n int64
	err := t.get([]any{&n}, t.s.base.now)
	return moment(n), err
}
