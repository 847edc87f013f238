// Package imports reads the comments that other systems have exported: Disqus
// (its XML), WordPress (WXR) and Isso (its SQLite file, and the JSON that it
// imports itself).
//
// Each reader goes through a file once and hands out one comment after the other,
// with the page below which it stands; it keeps no texts, so that an export may
// have any size. Only what readers of the old site saw is handed out. All else is
// counted under a word that says why (Left): spam, deleted, waiting, and so on.
//
// The HTML of a text becomes plain text. An ID is made of the system's name and the
// ID that the comment had there, so that what is read twice is known the second time.
//
// Stories finds the story of this site that a page of the old one has become.
package imports

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"stet/internal/diag"
	"stet/internal/threads"
)

// A Page is what the other system knows of the page below which comments stand.
type Page struct {
	Address string   // a whole URL or a path
	Names   []string // other addresses and names of it
	Title   string
}

// A Comment is one that was public in the other system.
type Comment struct {
	threads.Comment
	Email string // for the service's store alone; "" if it has none
}

// Options are what an export does not say.
type Options struct {
	Zone     *time.Location // of times without one
	Nameless string         // the name of those who gave none
}

// Left counts what was left out, by the reason.
type Left map[string]int

// The reasons for which comments are left out.
const (
	Spam     = "spam"
	Deleted  = "deleted"
	Waiting  = "waiting for approval"
	Pingback = "pingbacks"
	Empty    = "without text"
	Timeless = "without a time"
	Pageless = "without a page"
)

// An Each takes a comment with its page. The first error ends the reading.
type Each func(Page, Comment) error

// Kinds are the systems that are known.
var Kinds = []string{"disqus", "isso", "wordpress"}

// Read reads an export of one of these kinds. What is wrong with it is a
// diag.Problem that lacks its path.
func Read(ctx context.Context, kind, file string, r io.Reader, o Options, each Each) (Left, error) {
	x := &taking{o: o, left: Left{}, each: func(p Page, c Comment) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return each(p, c)
	}}
	in := bufio.NewReader(r)
	if head, _ := in.Peek(2); string(head) == "\x1f\x8b" { // as Disqus sends it
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, broken(0, "unpack it first, with\ngunzip "+file, "the file cannot be unpacked: %s", err)
		}
		in = bufio.NewReader(unpacked)
	}
	switch kind {
	case "disqus":
		return x.left, x.disqus(in)
	case "wordpress":
		return x.left, x.wordpress(in)
	case "isso":
		if head, _ := in.Peek(len(sqliteMagic)); string(head) == sqliteMagic {
			return x.left, x.isso(ctx, file)
		}
		return x.left, x.issoJSON(in)
	}
	return nil, broken(0, "there are: "+strings.Join(Kinds, ", "), "there is no kind %q", kind)
}

// broken is an error at a line of an export.
func broken(line int, hint, text string, args ...any) error {
	return diag.Problem{Severity: diag.Error, Line: line, Text: fmt.Sprintf(text, args...), Hint: hint}
}

// A taking is one reading of an export.
type taking struct {
	o    Options
	left Left
	each Each
}

// longestName is how many letters a name may have, as at the service.
const longestName = 80

// give hands out a comment, or counts why not.
func (x *taking) give(p Page, c Comment) error {
	c.Name = strings.Join(strings.Fields(strings.Map(plainRune, c.Name)), " ")
	if name := []rune(c.Name); len(name) > longestName {
		c.Name = string(name[:longestName-1]) + "…"
	}
	if c.Name == "" {
		c.Name = x.o.Nameless
	}
	c.Email = strings.TrimSpace(c.Email)
	c.Time = c.Time.UTC().Truncate(time.Second)
	switch {
	case p.Address == "" && len(p.Names) == 0:
		x.left[Pageless]++
	case c.Text == "":
		x.left[Empty]++
	case c.Time.Year() < 1970 || c.Time.Year() > 9999:
		x.left[Timeless]++
	default:
		if c.Parent == c.ID {
			c.Parent = ""
		}
		return x.each(p, c)
	}
	return nil
}

// id is the ID of a comment that had one in another system; "" of none.
func id(system, theirs string) string {
	theirs = strings.TrimSpace(theirs)
	if theirs == "" || theirs == "0" {
		return ""
	}
	if own := system + "-" + theirs; threads.Good(own) {
		return own
	}
	return fmt.Sprintf("%s-%x", system, sha256.Sum256([]byte(theirs)))[:len(system)+17]
}

// brief tells things with the same IDs apart, in few letters.
func brief(of string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(of)))[:6] }

// names lists what is there, each once.
func names(all ...string) (some []string) {
	for _, name := range all {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(some, name) {
			some = append(some, name)
		}
	}
	return some
}

// plainRune drops what controls a terminal.
func plainRune(r rune) rune {
	switch {
	case r == '\t' || r == '\n':
		return r
	case unicode.IsControl(r), r == '\ufeff', r == unicode.ReplacementChar:
		return -1
	}
	return r
}
