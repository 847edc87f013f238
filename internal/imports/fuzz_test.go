package imports

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"stet/internal/threads"
)

// fuzzed reads an export whatever it is: what comes out can be written to a file of
// a site, and is read from it as the same.
func fuzzed(t *testing.T, kind, file string, data []byte) {
	var all []threads.Comment
	seen := map[string]bool{}
	_, _ = Read(context.Background(), kind, file, bytes.NewReader(data), Options{Nameless: "Anonymous"}, func(p Page, c Comment) error {
		if what, _ := threads.Lacks(c.Comment); what != "" {
			t.Errorf("%+v: %s", c, what)
		}
		if p.Address == "" && len(p.Names) == 0 {
			t.Errorf("%+v stands below no page", c)
		}
		if !seen[c.ID] {
			seen[c.ID], all = true, append(all, c.Comment)
		}
		return nil
	})
	back, problems := threads.Parse("x", threads.Format(all))
	if len(problems) > 0 || len(back) != len(all) {
		t.Errorf("%d comments are written as %d: %v", len(all), len(back), problems)
	}
}

func seed(f *testing.F, names ...string) {
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

func FuzzDisqus(f *testing.F) {
	seed(f, "testdata/disqus.xml")
	f.Add([]byte(`<disqus><thread id="1"><link>/a/</link></thread><post id="x y"><message>&lt;p>a</message><createdAt>9999-12-31T23:59:59-23:00</createdAt><thread id="1"/></post></disqus>`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, "disqus", "", data) })
}

func FuzzWordPress(f *testing.F) {
	seed(f, "testdata/wordpress.xml")
	f.Fuzz(func(t *testing.T, data []byte) { fuzzed(t, "wordpress", "", data) })
}

func FuzzIssoJSON(f *testing.F) {
	seed(f, "testdata/isso.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		if !bytes.HasPrefix(data, []byte(sqliteMagic)) {
			fuzzed(t, "isso", "", data)
		}
	})
}

// The file of Isso, damaged anywhere.
func FuzzIssoFile(f *testing.F) {
	data, err := os.ReadFile(isso(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(100, byte(0xff), 40)
	f.Add(4200, byte(0x07), 3)
	f.Fuzz(func(t *testing.T, at int, to byte, n int) {
		broken := bytes.Clone(data)
		for i := range n % 512 {
			broken[16+uint(at+i*31)%uint(len(broken)-16)] ^= to
		}
		file := filepath.Join(t.TempDir(), "x.db")
		if err := os.WriteFile(file, broken, 0o644); err != nil {
			t.Fatal(err)
		}
		fuzzed(t, "isso", file, broken)
	})
}

// The file of Isso, with any values in it.
func FuzzIssoValues(f *testing.F) {
	f.Add("/a/", "t", "text", "Ada", "ada@mail.example", 1795170667.25, 3)
	f.Add("\xff", "", "\x00", "", "", -1e300, 7)
	file := filepath.Join(f.TempDir(), "x.db")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { db.Close() })
	if _, err := db.Exec("CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title); CREATE TABLE comments (tid, id INTEGER PRIMARY KEY, parent, created, mode, text, author, email)"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, uri, title, text, author, email string, created float64, parent int) {
		if _, err := db.Exec("DELETE FROM threads; DELETE FROM comments"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("INSERT INTO threads VALUES (1, ?, ?)", uri, title); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("INSERT INTO comments VALUES (1, 1, ?, ?, 1, ?, ?, ?), (1, 2, ?, ?, 1, ?, ?, ?)", parent, created, text, author, email, created, text, []byte(text), []byte(author), email); err != nil {
			t.Fatal(err)
		}
		fuzzed(t, "isso", file, []byte(sqliteMagic))
	})
}
