package imports

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Isso keeps its comments in a file of SQLite and exports nothing: the file itself
// is read, without writing to it. Its tables are
//
//	threads(id, uri, title)
//	comments(tid, id, parent, created, modified, mode, remote_addr, text, author, email, website, …)
//
// where mode is 1 of what is public, 2 of what waits and 4 of what was deleted and
// has answers. Texts are Markdown, with HTML where Isso itself has imported them.
//
// What Isso imports by itself as "generic" is read too: JSON, a list of threads
// {id, title, comments: [{id, author, email, website, created, text}]}, with times
// in no zone and numbers that only tell the comments of one thread apart.

const sqliteMagic = "SQLite format 3\x00"

// issoRows asks for what is wanted as what it should be: SQLite keeps any value in
// any column.
const issoRows = `SELECT CAST(ifnull(t.uri, '') AS TEXT), CAST(ifnull(t.title, '') AS TEXT),
	CAST(c.id AS TEXT), CAST(ifnull(c.parent, '') AS TEXT), CAST(ifnull(c.created, 0) AS REAL), CAST(ifnull(c.mode, 0) AS INTEGER),
	substr(CAST(ifnull(c.text, '') AS TEXT), 1, 1048577), substr(CAST(ifnull(c.author, '') AS TEXT), 1, 1000), substr(CAST(ifnull(c.email, '') AS TEXT), 1, 1000)
	FROM comments AS c LEFT JOIN threads AS t ON t.id = c.tid ORDER BY c.id`

func (x *taking) isso(ctx context.Context, file string) error {
	db, err := sql.Open("sqlite", sqliteName(file))
	if err != nil {
		return noIsso(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, issoRows)
	if err != nil {
		return noIsso(err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Page
		var c Comment
		var own, parent string
		var created float64
		var mode int
		if err := rows.Scan(&p.Address, &p.Title, &own, &parent, &created, &mode, &c.Text, &c.Name, &c.Email); err != nil {
			return noIsso(err)
		}
		if len(c.Text) > longestText {
			return broken(0, "take the comment "+own+" out of the file", "a text is longer than 1 MB")
		}
		if err := x.issoComment(p, c, own, parent, created, mode); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return noIsso(err)
	}
	return nil
}

func (x *taking) issoComment(p Page, c Comment, own, parent string, created float64, mode int) error {
	switch mode {
	case 1:
	case 2:
		x.left[Waiting]++
		return nil
	default:
		x.left[Deleted]++
		return nil
	}
	c.ID, c.Parent = id("isso", own), id("isso", parent)
	if created > 0 && created < 1e11 {
		sec, part := math.Modf(created)
		c.Time = time.Unix(int64(sec), int64(part*1e9))
	}
	c.Name, c.Text, c.Email = strings.ToValidUTF8(c.Name, ""), markdown(c.Text), strings.ToValidUTF8(c.Email, "")
	p.Title = strings.ToValidUTF8(p.Title, "")
	if c.ID == "" {
		c.ID = "isso-0"
	}
	return x.give(p, c)
}

// sqliteName is a file as SQLite opens it to read alone.
func sqliteName(file string) string {
	name := filepath.ToSlash(file)
	if filepath.VolumeName(file) != "" {
		name = "/" + name
	}
	return "file:" + (&url.URL{Path: name}).EscapedPath() + "?mode=ro"
}

// noIsso says why the file of Isso cannot be read.
func noIsso(err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return err
	case strings.Contains(text, "no such table"), strings.Contains(text, "no such column"):
		return broken(0, "it is the file that dbpath of Isso's settings names", "this is a database, but not one of Isso")
	case strings.Contains(text, "locked"), strings.Contains(text, "busy"):
		return broken(0, "stop Isso, or copy the file and read the copy", "Isso is writing to its file")
	}
	return broken(0, "stop Isso, copy its file anew and read the copy", "the file cannot be read: %s", text)
}

// An issoThread is a thread of Isso's JSON.
type issoThread struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Comments []struct {
		ID      any    `json:"id"`
		Author  string `json:"author"`
		Email   string `json:"email"`
		Created string `json:"created"`
		Text    string `json:"text"`
	} `json:"comments"`
}

// longestThread is how much JSON one thread may have.
const longestThread = 64 << 20

func (x *taking) issoJSON(r io.Reader) error {
	left := &allowance{r: r, n: longestThread}
	lines := &lineCount{r: left}
	d := json.NewDecoder(lines)
	d.UseNumber()
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return broken(1, "give Isso's comments.db, or a list of threads as JSON", "this is neither a database nor JSON of Isso")
	}
	for d.More() {
		left.n = longestThread
		var thread issoThread
		if err := d.Decode(&thread); err != nil {
			return noJSON(lines.n+1, err)
		}
		p := Page{Address: thread.ID, Title: thread.Title}
		for _, one := range thread.Comments {
			c := Comment{Email: one.Email}
			own := ""
			if one.ID != nil {
				own = fmt.Sprint(one.ID)
			}
			c.ID = id("isso-"+brief(thread.ID), own)
			if c.ID == "" {
				c.ID = "isso-" + brief(thread.ID) + "-" + brief(one.Created+one.Text)
			}
			c.Name, c.Text = one.Author, markdown(one.Text)
			if t, err := time.ParseInLocation(wordpressTime, one.Created, x.zone()); err == nil {
				c.Time = t
			}
			if err := x.give(p, c); err != nil {
				return err
			}
		}
	}
	if _, err := d.Token(); err != nil {
		return noJSON(lines.n+1, err)
	}
	return nil
}

func noJSON(line int, err error) error {
	text := strings.TrimPrefix(err.Error(), "json: ")
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		text = "it ends before it is complete"
	}
	if errors.Is(err, errLong) {
		text = "a thread has more than 64 MB"
	}
	return broken(line, "it is a list of threads: [{\"id\": \"/path/\", \"title\": \"…\", \"comments\": [{\"id\": 1, \"author\": …}]}]", "the JSON cannot be read near here: %s", text)
}

// A lineCount counts the lines that were read.
type lineCount struct {
	r io.Reader
	n int
}

func (l *lineCount) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.n += bytes.Count(p[:n], []byte("\n"))
	return n, err
}
