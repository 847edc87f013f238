package comments

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/diag"
)

// Several that start at once find one schema, and what is stored is there the
// next time.
func TestOpenTogether(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				s, err := Open(ctx, where)
				if err != nil {
					t.Error(err)
					return
				}
				defer s.Close()
				if err := s.Ping(ctx); err != nil {
					t.Error(err)
				}
				if _, _, err := s.Add(ctx, Comment{Story: "/fire/", Name: "Ada", Text: fmt.Sprint(n)}, ""); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n, err := open(t, where).Count(ctx, Query{}); n != 8 || err != nil {
			t.Error(n, err)
		}
	})
}

// expect holds an error to be said kindly: lower case, no full stop, a hint, and
// nothing secret.
func expect(t *testing.T, err error, text, hint string) {
	t.Helper()
	var p diag.Problem
	if !errors.As(err, &p) {
		t.Errorf("%v (%T) has no hint; want %q", err, err, text)
		return
	}
	if !strings.Contains(p.Text, text) || !strings.Contains(p.Hint, hint) {
		t.Errorf("%q, %q; want %q, %q", p.Error(), p.Hint, text, hint)
	}
	all := fmt.Sprint(err, p.Path, p.Text, p.Hint)
	if strings.Contains(all, "p@ss") || strings.Contains(all, "p%40ss") || strings.Contains(all, "wrong one") || strings.HasSuffix(p.Text, ".") {
		t.Errorf("it says %q", all)
	}
	if p.Path == "" {
		t.Errorf("%q does not say of which database", all)
	}
}

func fails(t *testing.T, where, text, hint string) error {
	t.Helper()
	s, err := Open(ctx, where)
	if err == nil {
		s.Close()
		t.Errorf("%s can be opened; want %q", where, text)
		return nil
	}
	expect(t, err, text, hint)
	return err
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("These are notes, and no database.\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	fails(t, text, "this is no SQLite database", "name another file")
	fails(t, dir, "the database is a folder", "comments.db")
	fails(t, filepath.Join(dir, "a", "b", "comments.db"), "the folder of the database is not there", "mkdir -p "+filepath.Join(dir, "a", "b"))
	fails(t, filepath.Join(text, "comments.db"), "the database cannot be made: not a directory", "")
	fails(t, "mysql://root@localhost/comments", "there is no database of this kind", "comments.db")
	fails(t, "postgres://%zz", "this is no address of a PostgreSQL database", "postgres://USER@HOST/DATABASE")
	if _, err := Open(ctx, ""); err == nil || !strings.Contains(err.Error(), "the database has no name") {
		t.Error(err)
	}
	data, err := os.ReadFile(text)
	if err != nil || !strings.HasPrefix(string(data), "These are notes") {
		t.Errorf("the notes are changed: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("something was left behind: %q", left)
	}
}

// A database of something else, or of a later Stet, is let be.
func TestOpenForeign(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		set := func(query string) {
			t.Helper()
			if _, err := s.read(ctx).s.writer.Exec(query); err != nil {
				t.Fatal(err)
			}
		}
		set("UPDATE stet SET value = 99 WHERE name = 'schema'")
		if err := fails(t, where, "the database was made by a later Stet: its schema is 99", "run that Stet"); !errors.Is(err, ErrNewer) {
			t.Errorf("%v is not ErrNewer", err)
		}
		set("DROP TABLE stet")
		fails(t, where, "the database is not one of Stet: it has a table accounts", "a database of its own")
	})
}

func TestPostgresFails(t *testing.T) {
	p := postgres(t)
	fails(t, p.address("stet", "the wrong one", "postgres"), "the password is wrong", "PGPASSWORD")
	fails(t, p.address("stet", password, "none"), "the database is not there", "createdb")
	fails(t, "postgres://stet@127.0.0.1:1/comments?sslmode=disable", "the server cannot be reached", "see that PostgreSQL runs")
	fails(t, "postgres://stet@nowhere.invalid/comments", "the server cannot be reached", "see that PostgreSQL runs")
	p.psql(t, "postgres", "CREATE ROLE guest LOGIN PASSWORD 'p@ss'")
	p.psql(t, "postgres", "CREATE DATABASE guests")
	p.psql(t, "guests", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	fails(t, p.address("guest", "p@ss", "guests"), "the user may not do this in the database: permission denied for schema public", "OWNER TO")
	p.psql(t, "postgres", "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
	fails(t, p.address("stet", password, "latin"), "the database keeps texts as LATIN1", "--encoding UTF8")
	if shown := hide(p.address("stet", password, "t")); strings.Contains(shown, "ss") || !strings.HasPrefix(shown, "postgres://stet@127.0.0.1:") {
		t.Error(shown)
	}
}

// The server may be told to answer before a comment is on disk; Stet wants to
// know.
func TestPostgresOnDisk(t *testing.T) {
	p := postgres(t)
	where := p.database(t)
	name := where[strings.LastIndex(where, "/")+1 : strings.Index(where, "?")]
	for set, want := range map[string]string{"off": "on", "remote_apply": "remote_apply", "local": "local"} {
		p.psql(t, "postgres", "ALTER DATABASE "+name+" SET synchronous_commit = "+set)
		s := open(t, where)
		var is string
		if err := s.read(ctx).get([]any{&is}, "SHOW synchronous_commit"); err != nil || is != want {
			t.Errorf("of %s comes %s, %v", set, is, err)
		}
	}
}

// When the disk is full the sender is told, what was stored stays, and once
// there is room it goes on.
func TestDiskFull(t *testing.T) {
	where := filepath.Join(t.TempDir(), "comments.db")
	s := open(t, where)
	if _, err := s.writer.Exec("PRAGMA max_page_count = 60"); err != nil {
		t.Fatal(err)
	}
	n := 0
	for ; n < 10000; n++ {
		_, _, err := s.Add(ctx, Comment{Story: "/fire/", Name: "Ada", Text: strings.Repeat("long ", 200)}, fmt.Sprint(n))
		if err != nil {
			expect(t, err, "the disk is full", "make room")
			break
		}
	}
	if kept, err := s.Count(ctx, Query{}); kept != n || n == 0 || err != nil {
		t.Errorf("%d of %d, %v", kept, n, err)
	}
	if _, err := s.writer.Exec("PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if _, isNew, err := s.Add(ctx, Comment{Story: "/fire/", Name: "Ada", Text: "short"}, fmt.Sprint(n)); !isNew || err != nil {
		t.Error(isNew, err)
	}
}

// What SQLite acknowledges is on disk, also after a connection was lost because
// somebody did not wait.
func TestSQLiteOnDisk(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "a comment's ?#%.db"))
	for range 3 {
		var mode string
		var synchronous, keys int
		if err := firstOf(s.writer.QueryRow("PRAGMA journal_mode").Scan(&mode), s.writer.QueryRow("PRAGMA synchronous").Scan(&synchronous),
			s.writer.QueryRow("PRAGMA foreign_keys").Scan(&keys)); err != nil || mode != "wal" || synchronous != 2 || keys != 1 {
			t.Errorf("%s, %d, %d, %v", mode, synchronous, keys, err)
		}
		short, stop := context.WithTimeout(ctx, 20*time.Millisecond)
		_, err := s.writer.ExecContext(short, "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT COUNT(*) FROM n")
		stop()
		if err == nil {
			t.Fatal("it has counted to the end")
		}
	}
}

// Who does not wait until a comment is stored may send it again: it is there once.
func TestImpatient(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		const many = 100
		var wg sync.WaitGroup
		for n := range many {
			wg.Go(func() {
				for try := 0; ; try++ {
					short, stop := context.WithTimeout(ctx, time.Duration(try)*200*time.Microsecond)
					_, _, err := s.Add(short, Comment{Story: "/fire/", Name: "Ada", Text: fmt.Sprint("comment ", n)}, fmt.Sprint(n))
					stop()
					if err == nil {
						return
					}
				}
			})
		}
		wg.Wait()
		if n, err := s.Count(ctx, Query{}); n != many || err != nil {
			t.Error(n, err)
		}
	})
}
