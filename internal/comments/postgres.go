package comments

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// PostgreSQL: a server, which several instances of the service share.

const (
	connections    = 16               // at most, of one instance
	connectTimeout = 10 * time.Second // unless the address says otherwise
)

var postgresBase = base{
	// Who waited for a row sees it as it has become, whatever the server's own default is.
	begin:  &sql.TxOptions{Isolation: sql.LevelReadCommitted},
	text:   `TEXT COLLATE "C"`,
	lock:   " FOR UPDATE",
	now:    "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
	guard:  "SELECT pg_advisory_xact_lock(8389772276738847604)", // any number, the same in all Stets
	tables: "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1",
	again:  againPostgres,
	tell:   tellPostgres,
	// Erased rows lie there until they are swept.
	scrub: func(ctx context.Context, s *Store) {
		for _, table := range []string{"comments", "acts"} {
			s.writer.ExecContext(ctx, "VACUUM "+table)
		}
	},
}

func openPostgres(ctx context.Context, where string) (*Store, error) {
	shown := hide(where)
	config, err := pgx.ParseConfig(where)
	if err != nil {
		return nil, problem(shown, nil, "write postgres://USER@HOST/DATABASE, and the password as %-escapes or in PGPASSWORD", "this is no address of a PostgreSQL database")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "stet"
	}
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(onDisk))
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	s := &Store{where: shown, base: &postgresBase, reader: db, writer: db}
	var encoding string
	if err := s.read(ctx).get([]any{&encoding}, "SHOW server_encoding"); err != nil {
		db.Close()
		return nil, s.told(err)
	}
	if encoding != "UTF8" {
		db.Close()
		return nil, problem(shown, nil, "make another: createdb --encoding UTF8 --template template0 NAME", "the database keeps texts as %s, which has not all letters", encoding)
	}
	return s, nil
}

// onDisk has the server answer a commit when it is on disk, where it was told to
// answer before.
func onDisk(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'")
	return err
}

// hide is the address without its password.
func hide(where string) string {
	u, err := url.Parse(where)
	if err != nil {
		return "postgres://…"
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if name := u.User.Username(); name != "" {
		shown.User = url.User(name)
	}
	return shown.String()
}

// codeOf is the SQLSTATE that an error tells of, "" if it tells of none.
func codeOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func againPostgres(err error) bool {
	code := codeOf(err)
	if code == "40001" || code == "40P01" { // they met, and this one was ended
		return true
	}
	var end errAtEnd
	var refused *pgconn.ConnectError
	if errors.As(err, &end) || errors.As(err, &refused) && code != "57P03" { // it may take long to be refused again
		return false
	}
	return lost(err)
}

// lost tells whether the connection was lost.
func lost(err error) bool {
	code := codeOf(err)
	return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P") || pgconn.SafeToRetry(err) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func tellPostgres(where string, err error) error {
	var refused *pgconn.ConnectError
	code := codeOf(err)
	switch {
	case code == "28P01":
		return problem(where, err, "put the right one into the address, or into PGPASSWORD", "the password is wrong")
	case code == "28000":
		return problem(where, err, "make the user: createuser NAME, and let it in by pg_hba.conf", "the server does not let this user in")
	case code == "3D000":
		return problem(where, err, "make it: createdb NAME", "the database is not there")
	case code == "42501":
		return problem(where, err, "make the user the owner: ALTER DATABASE NAME OWNER TO USER", "the user may not do this in the database: %s", message(err))
	case code == "53100":
		return problem(where, err, "make room on the server's disk; nothing that was stored is lost", "the server's disk is full")
	case code == "53300":
		return problem(where, err, "raise max_connections of the server; each instance of Stet takes up to 16", "the server has too many connections")
	case code == "57P03":
		return problem(where, err, "try again in a moment", "the server is starting or stopping")
	case code == "25006":
		return problem(where, err, "name the server that the others copy", "the server only lets read")
	case errors.As(err, &refused):
		return problem(where, err, "see that PostgreSQL runs and that host, port and network are right", "the server cannot be reached: %s", message(refused.Unwrap()))
	case lost(err):
		return problem(where, err, "see that PostgreSQL runs", "the connection to the server was lost")
	case code != "":
		return problem(where, err, "", "the database refuses: %s", message(err))
	}
	return err
}

// message is what the server said, in one line.
func message(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Message
	}
	if err == nil {
		return "no answer"
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}
