package comments

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// tables are those of the schema, each behind those that it refers to.
var tables = []string{"comments", "tallies", "votes", "stories", "closed", "settings", "secrets", "buckets", "accounts", "sessions", "feeds", "acts"}

// Copy copies everything into another store, in which nobody has stored anything
// yet: from SQLite to PostgreSQL, when a newspaper has outgrown one machine, or
// back. It copies all or nothing. Nobody may use either meanwhile.
func (s *Store) Copy(ctx context.Context, to *Store) error {
	return to.write(ctx, func(t tx) error {
		for _, table := range tables {
			var n int
			if err := t.get([]any{&n}, "SELECT COUNT(*) FROM "+table); err != nil {
				return err
			}
			if n > 0 {
				return problem(to.where, nil, "name a new one", "the database has something in it: a row in %s", table)
			}
			if err := s.copyTable(ctx, t, table); err != nil {
				return fmt.Errorf("copying %s: %w", table, err)
			}
		}
		for _, name := range []string{"seq", "act"} {
			var n int64
			if err := s.read(ctx).get([]any{&n}, "SELECT value FROM stet WHERE name = $1", name); err != nil {
				return err
			}
			if _, err := t.exec("UPDATE stet SET value = $1 WHERE name = $2", n, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// copyTable copies the rows of a table, some at a time.
func (s *Store) copyTable(ctx context.Context, to tx, table string) error {
	rows, err := s.reader.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	var args []any
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		var marks []string
		for row := range slices.Chunk(args, len(columns)) {
			var places []string
			for i := range row {
				places = append(places, fmt.Sprintf("$%d", len(marks)*len(columns)+i+1))
			}
			marks = append(marks, "("+strings.Join(places, ", ")+")")
		}
		_, err := to.exec("INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES "+strings.Join(marks, ", "), args...)
		args = args[:0]
		return err
	}
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if args = append(args, row...); len(args) >= 100*len(columns) {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return flush()
}
