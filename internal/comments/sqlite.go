package comments

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// SQLite: one file, one connection that writes and some that read meanwhile.
// Several processes may have the file open.

// readers is how many read at once.
const readers = 4

// The results of SQLite that people can do something about, without their
// details in the higher bits (sqlite.org/rescode.html).
const (
	sqliteBusy     = 5
	sqliteReadOnly = 8
	sqliteIOError  = 10
	sqliteCorrupt  = 11
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteNotADB   = 26
)

var sqliteBase = base{
	text:   "TEXT",
	now:    "SELECT CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
	tables: `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
	again:  func(err error) bool { return resultOf(err) == sqliteBusy },
	tell:   tellSQLite,
	// Erased pages are overwritten (secure_delete), but the log may still have them.
	scrub: func(ctx context.Context, s *Store) { s.writer.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") },
}

// opening keeps a file from being opened while it is made: closing a file ends
// all locks that a process has on it.
var opening sync.Mutex

func openSQLite(ctx context.Context, where string) (*Store, error) {
	opening.Lock()
	defer opening.Unlock()
	if err := makeFile(where); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(where)
	if err != nil {
		return nil, err
	}
	// FULL: a commit is on disk when it returns. Transactions of the writer begin
	// as ones that write, so that they wait for each other at their beginning and
	// never fail at their end.
	reads := []string{"busy_timeout(10000)", "foreign_keys(1)"}
	writes := append([]string{"journal_mode(WAL)", "synchronous(FULL)", "secure_delete(1)"}, reads...)
	s := &Store{where: where, base: &sqliteBase}
	if s.writer, err = sql.Open("sqlite", address(path, "immediate", writes)); err != nil {
		return nil, tellSQLite(where, err)
	}
	s.writer.SetMaxOpenConns(1)
	for try := 0; ; try++ { // while another process puts the file into WAL mode
		if err = s.writer.PingContext(ctx); resultOf(err) != sqliteBusy || try == tries {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	if err != nil {
		s.writer.Close()
		return nil, tellSQLite(where, err)
	}
	if s.reader, err = sql.Open("sqlite", address(path, "deferred", append(reads, "query_only(1)"))); err != nil {
		s.writer.Close()
		return nil, tellSQLite(where, err)
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return s, nil
}

// makeFile makes the file if it is not there, readable for nobody else: readers'
// e-mail addresses are in it.
func makeFile(where string) error {
	f, err := os.OpenFile(where, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		return f.Close()
	}
	info, statErr := os.Stat(where)
	switch {
	case where == "":
		return problem("", nil, "name a file, such as comments.db, or postgres://USER@HOST/DATABASE", "the database has no name")
	case statErr == nil && info.IsDir():
		return problem(where, nil, "name a file in it, such as "+filepath.Join(where, "comments.db"), "the database is a folder")
	case statErr == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return problem(where, err, "make it: mkdir -p "+filepath.Dir(where), "the folder of the database is not there")
	case errors.Is(err, fs.ErrPermission):
		return problem(where, err, "let the account that runs Stet write in "+filepath.Dir(where), "the database cannot be made: Stet may not write there")
	}
	return problem(where, err, "", "the database cannot be made: %s", cause(err))
}

// cause is what the system said, without the path.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// address is the file as SQLite's driver takes it.
func address(path, begin string, pragmas []string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // of a drive
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_txlock": {begin}, "_pragma": pragmas}.Encode()}
	return u.String()
}

// resultOf is the result of SQLite that an error tells of, 0 if it tells of none.
func resultOf(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func tellSQLite(where string, err error) error {
	dir := filepath.Dir(where)
	switch resultOf(err) {
	case 0:
		return err
	case sqliteFull:
		return problem(where, err, "make room on the disk; nothing that was stored is lost", "the disk is full")
	case sqliteBusy:
		return problem(where, err, "see which other program has it open, and end that", "another program keeps the database locked")
	case sqliteReadOnly:
		return problem(where, err, "let the account that runs Stet write to it and in "+dir, "the database may not be written to")
	case sqliteCantOpen:
		return problem(where, err, "let the account that runs Stet read and write it, and write in "+dir, "the database cannot be opened")
	case sqliteNotADB:
		return problem(where, err, "name another file", "this is no SQLite database")
	case sqliteCorrupt:
		return problem(where, err, "put a backup in its place; sqlite3's .recover may save what came later", "the database is damaged")
	case sqliteIOError:
		return problem(where, err, "look at the disk", "the database cannot be read or written: %v", err)
	}
	return problem(where, err, "", "the database refuses: %v", err)
}
