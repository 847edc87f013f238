package imports

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stet/internal/diag"
	"stet/internal/threads"
)

var update = flag.Bool("update", false, "write the golden files")

// town is a zone that is not UTC.
var town = time.FixedZone("town", 3*60*60)

// told is an export as it is read, as text.
func told(t testing.TB, kind, file string, r io.Reader) (string, error) {
	t.Helper()
	var b strings.Builder
	left, err := Read(context.Background(), kind, file, r, Options{Zone: town, Nameless: "Anonymous"}, func(p Page, c Comment) error {
		if what, _ := threads.Lacks(c.Comment); what != "" {
			t.Errorf("%+v: %s", c, what)
		}
		line, err := json.Marshal(c)
		fmt.Fprintf(&b, "%s %q %s\n%s\n%s\n\n", p.Address, p.Names, p.Title, line, c.Text)
		return err
	})
	for _, why := range slices.Sorted(maps.Keys(left)) {
		fmt.Fprintf(&b, "%d %s\n", left[why], why)
	}
	return b.String(), err
}

// isso makes the file of Isso that isso.sql describes.
func isso(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/isso.sql")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a ?%#comments.db")
	db, err := sql.Open("sqlite", strings.TrimSuffix(sqliteName(file), "?mode=ro"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(string(text)); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRead(t *testing.T) {
	for kind, files := range map[string][]string{"disqus": {"testdata/disqus.xml"}, "wordpress": {"testdata/wordpress.xml"}, "isso": {"testdata/isso.json", isso(t)}} {
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := told(t, kind, file, bytes.NewReader(data))
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
			golden := "testdata/" + strings.ReplaceAll(filepath.Base(file), "a ?%#comments.db", "isso.sql") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, _ := os.ReadFile(golden); got != string(want) {
				t.Errorf("%s is read as\n%s", file, got)
			}
			if filepath.Ext(file) == ".db" {
				continue
			}
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			w.Write(data)
			w.Close()
			if again, err := told(t, kind, file+".gz", &packed); err != nil || again != got {
				t.Errorf("%s packed is read as\n%s, %v", file, again, err)
			}
		}
	}
}

// What is wrong with a file is said, and what to do about it.
func TestReadWrong(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes.db")
	db, _ := sql.Open("sqlite", notes)
	if _, err := db.Exec("CREATE TABLE notes (id)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	database, _ := os.ReadFile(notes)
	for _, c := range []struct{ kind, data, want string }{
		{"disqus", "", "no element of XML is in it"},
		{"disqus", "<rss><channel/></rss>", "no export of Disqus"},
		{"wordpress", "<disqus/>", "no export of WordPress"},
		{"wordpress", "\n\n<rss><channel><item><wp:comment>", "ends before it is complete"},
		{"disqus", "<disqus>\n<post>\n</pst></disqus>", "this is no XML"},
		{"disqus", `<?xml version="1.0" encoding="ISO-8859-1"?><disqus/>`, "not written in UTF-8"},
		{"disqus", "<disqus>" + strings.Repeat("<a>", 100), "too deep"},
		{"disqus", "<disqus><post><message>" + strings.Repeat("x", longestText+1), "longer than 1 MB"},
		{"disqus", "<disqus><post " + strings.Repeat("x", longestPiece+9999), "more than 16 MB"},
		{"disqus", "\x1f\x8b", "cannot be unpacked"},
		{"isso", "{}", "neither a database nor JSON"},
		{"isso", `[{"id": "/a/"`, "ends before it is complete"},
		{"isso", `[{"id": 7}]`, "cannot be read near here"},
		{"isso", string(database), "not one of Isso"},
		{"isso", sqliteMagic + "x", "cannot be read"},
		{"usenet", "", "no kind"},
	} {
		file := filepath.Join(t.TempDir(), "export")
		if err := os.WriteFile(file, []byte(c.data), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := told(t, c.kind, file, strings.NewReader(c.data))
		var p diag.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Text, c.want) || p.Hint == "" {
			t.Errorf("%s %.60q: %v, not %q", c.kind, c.data, err, c.want)
		}
	}
}

// Who takes comments can end the reading.
func TestReadEnds(t *testing.T) {
	stop := errors.New("stop")
	data, _ := os.ReadFile("testdata/disqus.xml")
	if _, err := Read(context.Background(), "disqus", "", bytes.NewReader(data), Options{}, func(Page, Comment) error { return stop }); err != stop {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, "disqus", "", bytes.NewReader(data), Options{}, func(Page, Comment) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A many is an export of so many comments, which nobody ever has whole.
type many struct {
	head, foot string
	one        func(n int) string
	n, of      int
	rest       string
	read       int64
}

func (m *many) Read(p []byte) (int, error) {
	for m.rest == "" {
		switch {
		case m.n == 0:
			m.rest = m.head + m.one(m.n)
		case m.n < m.of:
			m.rest = m.one(m.n)
		case m.n == m.of:
			m.rest = m.foot
		default:
			return 0, io.EOF
		}
		m.n++
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	m.read += int64(n)
	return n, nil
}

// A large export is read in the memory of a small one: 200 MB with STET_IMPORT=200.
func TestReadMuch(t *testing.T) {
	size := 40
	if n, err := strconv.Atoi(os.Getenv("STET_IMPORT")); err == nil {
		size = n
	}
	text := "<p>" + strings.Repeat("The mill burnt, and the river was low. ", 120) + "</p>"
	r := &many{
		head: `<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"><thread dsq:id="1"><link>https://old.example/a/</link></thread>`,
		foot: "</disqus>", of: size << 20 / (len(text) + 230),
		one: func(n int) string {
			return fmt.Sprintf(`<post dsq:id="%d"><message><![CDATA[%s]]></message><createdAt>2026-11-20T10:31:07Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Ada</name></author><thread dsq:id="1"/></post>`, n, text)
		},
	}
	var most uint64
	var seen int
	_, err := Read(context.Background(), "disqus", "", r, Options{}, func(Page, Comment) error {
		if seen++; seen%2000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
		return nil
	})
	if err != nil || seen != r.of || r.read < int64(size-5)<<20 {
		t.Errorf("%d of %d comments, %d bytes, %v", seen, r.of, r.read, err)
	}
	if most > 24<<20 {
		t.Errorf("%d MB of memory were in use", most>>20)
	}
}
