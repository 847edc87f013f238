package comments

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stet/internal/threads"
)

// What is stored of a person can be shown and erased; replies stay, the edition
// is told what is gone, and the audit log keeps who did what.
func TestForget(t *testing.T) {
	both(t, func(t *testing.T, where string) {
		s := open(t, where)
		sent := Comment{ID: "c1", Story: "/fire/", Name: "Ada Marsh", Email: "Ada.Marsh@Example.com", Text: "I lived at the mill, and it burnt", Flags: "word mill", Source: "hash1", Sent: noon}
		if _, _, err := s.Add(ctx, sent, "key-of-ada"); err != nil {
			t.Fatal(err)
		}
		add(t, s, 2, Comment{ID: "c2", Name: "Ada", Email: " ada.marsh@example.com ", Text: "Never approved"})
		add(t, s, 3, Comment{ID: "c3", Name: "Bo", Email: "bo@example.com", Parent: "c1", Text: "A reply", State: Approved})
		add(t, s, 4, Comment{ID: "c4", Name: "Imported"})
		s.Decide(ctx, "desk", "c1", Approved)
		s.Edit(ctx, "desk", "c1", "I lived at the mill")
		first, err := s.Changes(ctx, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.write(ctx, func(t tx) error { return t.note("desk", "words", "", "", "ada.marsh@example.com") }); err != nil {
			t.Fatal(err)
		}
		before, err := s.Person(ctx, "ADA.marsh@example.com")
		if err != nil || ids(before) != "c1 c2" {
			t.Fatal(ids(before), err)
		}
		forgotten, err := s.Forget(ctx, "desk", "ada.marsh@EXAMPLE.com")
		if diff := cmp.Diff(before, forgotten); err != nil || diff != "" {
			t.Error(err, diff)
		}
		second, err := s.Changes(ctx, first.Seq, 0)
		if err != nil || said(second) != "/fire/ -c1; " {
			t.Error(said(second), err)
		}
		want := []string{"desk approved c1 /fire/", "desk edited c1 /fire/", "desk words", "desk forgot   2"}
		if diff := cmp.Diff(want, acts(t, s)); diff != "" {
			t.Error(diff)
		}
		for _, q := range []Query{{}, {Story: "/fire/"}, {OldestFirst: true, After: "c1"}} {
			if list, err := s.Find(ctx, q); err != nil || strings.Contains(ids(list), "c1") || strings.Contains(ids(list), "c2") {
				t.Error(ids(list), err)
			}
		}
		for id, want := range map[string]error{"c1": ErrNone, "c2": ErrNone, "c3": nil, "c4": nil} {
			if _, err := s.Comment(ctx, id); err != want {
				t.Errorf("%s: %v", id, err)
			}
		}
		if _, err := s.Decide(ctx, "desk", "c1", Approved); err != ErrNone {
			t.Error(err)
		}
		if _, _, err := s.Add(ctx, Comment{ID: "c1", Story: "/fire/", Name: "Eve", Text: "another"}, ""); err != ErrTaken {
			t.Error(err)
		}
		if n, err := s.Import(ctx, "/fire/", []threads.Comment{{ID: "c1", Time: noon, Name: "Ada", Text: "again"}}); n != 0 || err != nil {
			t.Error("who was forgotten comes back:", n, err)
		}
		if again, err := s.Forget(ctx, "desk", "ada.marsh@example.com"); len(again) != 0 || err != nil {
			t.Error(again, err)
		}
		if _, err := s.Forget(ctx, "desk", " "); err == nil {
			t.Error("all who have no address are forgotten")
		}
		if _, err := s.Person(ctx, ""); err == nil {
			t.Error("all who have no address are one person")
		}
		for table, columns := range tablesOf(t, s) {
			for _, column := range columns {
				var n int
				err := s.read(ctx).get([]any{&n}, "SELECT COUNT(*) FROM "+table+" WHERE LOWER(CAST("+column+" AS TEXT)) LIKE '%marsh%' OR CAST("+column+" AS TEXT) LIKE '%mill%' OR CAST("+column+" AS TEXT) IN ('key-of-ada', 'hash1')")
				if n > 0 || err != nil {
					t.Errorf("something of the person is in %s.%s: %v", table, column, err)
				}
			}
		}
	})
}

// tablesOf are the tables of a store with their columns.
func tablesOf(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	names, err := all(s.read(ctx), func(row scanner) (name string, err error) { return name, row.Scan(&name) }, s.base.tables)
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	tables := map[string][]string{}
	for _, name := range names {
		rows, err := s.reader.Query("SELECT * FROM " + name + " LIMIT 0")
		if err != nil {
			t.Fatal(err)
		}
		if tables[name], err = rows.Columns(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return tables
}

// Nothing of a person stays in the files of SQLite either, also where it lay
// before, and nobody else can read them.
func TestForgetFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "comments.db"))
	for n := range 300 {
		add(t, s, n, Comment{ID: "c" + newID(), Name: "Somebody", Email: "x@example.com", Text: strings.Repeat("Word ", 50)})
		if n%3 == 0 {
			add(t, s, n, Comment{ID: "p" + newID(), Name: "Ada Marsh", Email: "ada@marsh.example", Text: strings.Repeat("Millfire ", 100)})
		}
	}
	found := func() bool {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(file)
			if err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
				t.Errorf("%s: %v, %v", file, info.Mode(), err)
			}
			lower := bytes.ToLower(data)
			if bytes.Contains(lower, []byte("marsh")) || bytes.Contains(lower, []byte("millfire")) {
				return true
			}
		}
		return false
	}
	if !found() {
		t.Fatal("the person is not in the files before")
	}
	if list, err := s.Forget(ctx, "desk", "ada@marsh.example"); len(list) != 100 || err != nil {
		t.Fatal(len(list), err)
	}
	if found() {
		t.Error("something of the person is in the files")
	}
}
