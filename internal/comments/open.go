package comments

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Store is an open database. Its methods may be called by several goroutines.
type Store struct {
	// Now is the clock by which a desk's decisions are dated; nil is that of the
	// database, which all instances share. It is set before the store is used.
	Now func() time.Time

	where  string // as it may be shown
	base   *base
	reader *sql.DB
	writer *sql.DB // the same as reader, if many can write at once

	mutex   sync.Mutex // of what follows
	secrets map[string][]byte
	today   string
	dayKey  []byte
	allowed atomic.Int64 // how often Allow has said yes
}

// A base is what the two databases do not have in common.
type base struct {
	begin  *sql.TxOptions                      // how transactions that write begin
	text   string                              // the type of a text that is compared byte by byte
	lock   string                              // ends a SELECT whose rows nobody else may change
	now    string                              // asks for milliseconds since 1970
	guard  string                              // keeps other instances from migrating; "" if a transaction does
	tables string                              // lists the names of tables
	again  func(error) bool                    // whether a transaction that failed may be done again
	tell   func(where string, err error) error // says what is wrong, and what to do
	scrub  func(context.Context, *Store)       // overwrites what was erased
}

//go:embed schema/*.sql
var schemas embed.FS

// schema is the number of the newest schema. The file schema/N.sql makes it of
// the one before.
const schema = 1

// Open opens a database, a file or a postgres:// address, and brings its schema
// up to date; a file that is not there is made. ErrNewer is said of a database
// that was made by a later Stet.
func Open(ctx context.Context, where string) (*Store, error) {
	open := openSQLite
	if scheme, _, ok := strings.Cut(where, "://"); ok {
		if scheme != "postgres" && scheme != "postgresql" {
			return nil, problem(scheme+"://", nil, "name a file, such as comments.db, or postgres://USER@HOST/DATABASE", "there is no database of this kind")
		}
		open = openPostgres
	}
	s, err := open(ctx, where)
	if err != nil {
		return nil, err
	}
	s.secrets = map[string][]byte{}
	if err := s.migrate(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error {
	err := s.reader.Close()
	if s.writer != s.reader {
		err = firstOf(s.writer.Close(), err)
	}
	return err
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var n int64
	return s.told(s.read(ctx).get([]any{&n}, "SELECT value FROM stet WHERE name = 'schema'"))
}

// migrate makes the schema, or brings it up to date. Of several instances that
// start at once one does, and the others find it done.
func (s *Store) migrate(ctx context.Context) error {
	return s.write(ctx, func(t tx) error {
		if s.base.guard != "" {
			if _, err := t.exec(s.base.guard); err != nil {
				return err
			}
		}
		tables, err := all(t, func(row scanner) (name string, err error) { return name, row.Scan(&name) }, s.base.tables)
		if err != nil {
			return err
		}
		is, err := t.schema(tables)
		if err != nil {
			return err
		}
		for n := is + 1; n <= schema; n++ {
			text, err := schemas.ReadFile(fmt.Sprintf("schema/%d.sql", n))
			if err != nil {
				return err
			}
			if err := t.run(strings.ReplaceAll(string(text), "{text}", s.base.text)); err != nil {
				return fmt.Errorf("schema %d: %w", n, err)
			}
			if _, err := t.exec("UPDATE stet SET value = $1 WHERE name = 'schema'", n); err != nil {
				return err
			}
		}
		return nil
	})
}

// schema is which schema the database has, 0 if it is empty.
func (t tx) schema(tables []string) (is int, err error) {
	for _, name := range tables {
		if name == "stet" {
			err := t.get([]any{&is}, "SELECT value FROM stet WHERE name = 'schema'")
			if err == nil && is > schema {
				err = problem(t.s.where, ErrNewer, "run that Stet, or a newer one; this one knows schemas up to "+fmt.Sprint(schema),
					"the database was made by a later Stet: its schema is %d", is)
			}
			return is, err
		}
	}
	if len(tables) > 0 {
		return 0, problem(t.s.where, nil, "give Stet a database of its own", "the database is not one of Stet: it has a table %s", tables[0])
	}
	if err := t.run(strings.ReplaceAll("CREATE TABLE stet (name {text} PRIMARY KEY, value BIGINT NOT NULL)", "{text}", t.s.base.text)); err != nil {
		return 0, err
	}
	return 0, t.run("INSERT INTO stet (name, value) VALUES ('schema', 0), ('seq', 0), ('act', 0)")
}

// run runs statements that end with a semicolon at a line's end.
func (t tx) run(text string) error {
	for statement := range strings.SplitSeq(text, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := t.exec(statement); err != nil {
			return err
		}
	}
	return nil
}
