package comments

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A newspaper moves from SQLite to PostgreSQL and back, and finds everything.
func TestCopy(t *testing.T) {
	one := open(t, filepath.Join(t.TempDir(), "one.db"))
	two := open(t, postgres(t).database(t))
	three := open(t, filepath.Join(t.TempDir(), "three.db"))
	one.Now = func() time.Time { return noon }
	for n := range 250 {
		add(t, one, n, Comment{ID: fmt.Sprintf("c%d", n), Text: "حريق 😀 " + fmt.Sprint(n), State: []State{Waiting, Approved}[n%2]})
	}
	one.Add(ctx, Comment{Story: "/fire/", Name: "Ada", Text: "keyed"}, "key")
	one.Rate(ctx, "/fire/", true, Voter{Cookie: "ada"})
	one.Changes(ctx, 0, 0)
	one.Decide(ctx, "bo", "c0", Approved)
	one.SaveAccount(ctx, "shell", Account{Name: "bo", Role: Editor, Hash: []byte{1, 2}})
	one.SetFeedKey(ctx, "bo", "feed")
	one.StartSession(ctx, []byte{3}, "bo", noon.Add(time.Hour))
	one.SetStories(ctx, []Story{{"/fire/", "/fire/", "Fire", "en", true, true}})
	one.CloseThread(ctx, "bo", "/fire/", true)
	one.SetWords(ctx, "bo", []string{"word"})
	one.Allow(ctx, "bucket", 1, time.Hour, noon)
	for _, step := range []struct{ from, to *Store }{{one, two}, {two, three}} {
		if err := step.from.Copy(ctx, step.to); err != nil {
			t.Fatal(err)
		}
		expect(t, step.from.Copy(ctx, step.to), "the database has something in it: a row in comments", "name a new one")
	}
	if got := len(tablesOf(t, one)); got != len(tables)+1 {
		t.Errorf("there are %d tables, %d are copied", got, len(tables)+1)
	}
	if diff := cmp.Diff(everything(t, one), everything(t, three)); diff != "" {
		t.Error(diff)
	}
	if c, isNew, err := three.Add(ctx, Comment{Story: "/fire/", Name: "Ada", Text: "again"}, "key"); isNew || c.Text != "keyed" || err != nil {
		t.Error(c, isNew, err)
	}
	if a, err := three.Session(ctx, []byte{3}, noon); a.Name != "bo" || err != nil {
		t.Error(a, err)
	}
}

// everything is what all tables hold.
func everything(t *testing.T, s *Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for name, columns := range tablesOf(t, s) {
		rows, err := s.reader.Query("SELECT * FROM " + name + " ORDER BY 1, 2")
		if len(columns) == 1 {
			rows, err = s.reader.Query("SELECT * FROM " + name + " ORDER BY 1")
		}
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			row, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				into[i] = &row[i]
			}
			if err := rows.Scan(into...); err != nil {
				t.Fatal(err)
			}
			all[name] = append(all[name], fmt.Sprint(row...))
		}
		rows.Close()
	}
	return all
}
