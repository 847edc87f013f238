package deploy

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// earlier is how many editions are kept beside the one that lies there.
const earlier = 5

func editionPath(n int) string { return fmt.Sprintf("%s%d.json", editionsPath, n) }

// keep keeps what is about to be replaced or removed, but nothing of a story that
// has left.
func (s *sender) keep(ctx context.Context, was, at *Manifest, todo Changes) error {
	if was.Number == 0 {
		return nil // nobody knows what lay there
	}
	if err := s.purge(ctx, todo.Left, was.Number); err != nil {
		return err
	}
	d := difference(was, &s.Edition)
	begun, err := s.read(ctx, editionPath(was.Number)) // by a deploy that was interrupted
	if err != nil {
		return err
	}
	if begun != nil {
		d.Cut, d.Erased = begun.Cut, begun.Erased
	}
	words := wordsOf(todo.Left)
	if f, ok := s.Target.(Fetcher); ok && len(words) > 0 {
		var names []string
		for _, e := range d.Files {
			if readable(e.Path) {
				names = append(names, e.Path)
			}
		}
		if err := s.try(ctx, func(ctx context.Context) error { return f.Fetch(ctx, names) }); err != nil {
			return err
		}
	}
	cut := make([]bool, len(d.Files))
	err = inParallel(ctx, s.Workers, numbers(len(d.Files)), func(ctx context.Context, i int) error {
		e := d.Files[i]
		if now, ok := at.find(e.Path); !ok || now.Moving || now.SHA256 != e.SHA256 {
			return nil // it was kept when that was interrupted
		}
		if slices.ContainsFunc(todo.Left, func(s Story) bool { return s.Path == e.Path }) {
			cut[i] = true
			return nil
		}
		var err error
		cut[i], err = s.keepFile(ctx, e, words)
		return err
	})
	if err != nil {
		return err
	}
	d.drop(todo.Left, func(e Entry) bool {
		i, _ := slices.BinarySearchFunc(d.Files, e, byPath)
		return cut[i] || slices.Contains(d.Cut, e.Path)
	})
	return s.write(ctx, editionPath(was.Number), d.Bytes())
}

// keepFile copies what lies at a path to where it is kept, unless it names a story
// that has left.
func (s *sender) keepFile(ctx context.Context, e Entry, words [][]byte) (cut bool, err error) {
	to := keptPath + e.SHA256
	if c, ok := s.Target.(Copier); ok && (len(words) == 0 || !readable(e.Path)) {
		err := s.try(ctx, func(ctx context.Context) error { return c.Copy(ctx, e.Path, to) })
		if errors.Is(err, ErrNone) {
			err = nil // somebody removed it
		}
		return false, err
	}
	data, err := s.get(ctx, e.Path)
	if errors.Is(err, ErrNone) || err == nil && hasAny(data, words) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, s.write(ctx, to, data)
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// difference is what an edition had that the next has not so.
func difference(was *Manifest, next *Edition) *Manifest {
	d := &Manifest{Format: format, Edition: was.Edition, Number: was.Number, BaseURL: was.BaseURL, Sent: was.Sent, Back: was.Back}
	files, stories := map[string]*File{}, map[string]Story{}
	for i := range next.Files {
		files[next.Files[i].Path] = &next.Files[i]
		if s := next.Files[i].Story; s != nil {
			stories[s.ID] = *s
		}
	}
	had, told := map[string]bool{}, map[string]bool{}
	for _, e := range was.Files {
		if e.Gone != "" {
			continue // of an edition before
		}
		had[e.Path] = true
		if f := files[e.Path]; f == nil || !e.same(f) {
			d.Files = append(d.Files, e)
		}
	}
	for _, f := range next.Files {
		if !had[f.Path] {
			d.Added = append(d.Added, f.Path)
		}
	}
	for _, s := range was.Stories {
		told[s.ID] = true
		if other, ok := stories[s.ID]; !ok || !other.equal(s) {
			d.Stories = append(d.Stories, s)
		}
	}
	for _, s := range next.Stories() {
		if !told[s.ID] {
			d.NewStories = append(d.NewStories, s.ID)
		}
	}
	return d
}

func (s Story) equal(o Story) bool {
	same := s.Date.Equal(o.Date)
	s.Date, o.Date = time.Time{}, time.Time{}
	return same && s == o
}

// drop takes stories that have left out of an earlier edition, and files.
func (m *Manifest) drop(left []Story, cut func(Entry) bool) {
	ids, pages := map[string]bool{}, map[string]bool{}
	for _, s := range left {
		ids[s.ID], pages[s.Path] = true, true
	}
	for _, s := range m.Stories {
		if ids[s.ID] {
			pages[s.Path] = true
		}
	}
	var files []Entry
	for _, e := range m.Files {
		if !pages[e.Path] && !cut(e) {
			files = append(files, e)
			continue
		}
		m.Erased = true
		if !pages[e.Path] && !slices.Contains(m.Cut, e.Path) {
			m.Cut = append(m.Cut, e.Path)
		}
	}
	n := len(m.Stories)
	m.Files, m.Stories = files, slices.DeleteFunc(m.Stories, func(s Story) bool { return ids[s.ID] })
	m.Erased = m.Erased || len(m.Stories) < n
}

// purge erases what earlier editions have of stories that have left: their pages,
// and whatever names them.
func (s *sender) purge(ctx context.Context, left []Story, newest int) error {
	if len(left) == 0 {
		return nil
	}
	for n := newest; n > max(0, newest-earlier-1); n-- {
		d, err := s.read(ctx, editionPath(n))
		if err != nil || d == nil {
			if err != nil {
				return err
			}
			continue
		}
		words := wordsOf(left)
		for _, old := range d.Stories {
			if slices.ContainsFunc(left, func(s Story) bool { return s.ID == old.ID }) {
				words = append(words, wordsOf([]Story{old})...)
			}
		}
		cut := make([]bool, len(d.Files))
		err = inParallel(ctx, s.Workers, numbers(len(d.Files)), func(ctx context.Context, i int) error {
			if !readable(d.Files[i].Path) {
				return nil
			}
			data, err := s.get(ctx, keptPath+d.Files[i].SHA256)
			if errors.Is(err, ErrNone) {
				return nil
			}
			cut[i] = hasAny(data, words)
			return err
		})
		if err != nil {
			return err
		}
		before := d.Files
		d.drop(left, func(e Entry) bool {
			i, _ := slices.BinarySearchFunc(before, e, byPath)
			return cut[i]
		})
		if !d.Erased {
			continue
		}
		var erased []string
		for _, e := range before {
			if _, stays := d.find(e.Path); !stays {
				erased = append(erased, keptPath+e.SHA256)
			}
		}
		if err := errors.Join(s.write(ctx, editionPath(n), d.Bytes()), s.remove(ctx, erased...)); err != nil {
			return err
		}
	}
	return nil
}

// wordsOf are what a page names a story by.
func wordsOf(stories []Story) (words [][]byte) {
	for _, s := range stories {
		for _, w := range []string{s.URL, escaped(s.URL), strings.ReplaceAll(s.URL, "/", `\/`)} {
			if strings.Trim(w, "/") != "" {
				words = append(words, []byte(w))
			}
		}
		if utf8.RuneCountInString(s.Headline) >= 8 {
			words = append(words, []byte(s.Headline), []byte(html.EscapeString(s.Headline)))
		}
	}
	return words
}

func hasAny(data []byte, words [][]byte) bool {
	return slices.ContainsFunc(words, func(w []byte) bool { return bytes.Contains(data, w) })
}

// readable tells whether a file is of text, which may name a story.
func readable(name string) bool {
	t := TypeOf(name)
	return strings.Contains(t, "charset=") && !strings.HasPrefix(t, "text/css") && path.Ext(name) != ".svg"
}

// prune removes what is kept of editions that are too old.
func (s *sender) prune(ctx context.Context, number int) error {
	for n := number - earlier - 1; n > 0; n-- {
		d, err := s.read(ctx, editionPath(n))
		if err != nil || d == nil {
			return err
		}
		needed := map[string]bool{}
		for k := n + 1; k < number && len(d.Files) > 0; k++ {
			later, err := s.read(ctx, editionPath(k))
			if err != nil {
				return err
			}
			for i := 0; later != nil && i < len(later.Files); i++ {
				needed[later.Files[i].SHA256] = true
			}
		}
		var old []string
		for _, e := range d.Files {
			if !needed[e.SHA256] {
				old = append(old, keptPath+e.SHA256)
			}
		}
		for names := range slices.Chunk(old, removedAtOnce) {
			if err := s.remove(ctx, names...); err != nil {
				return err
			}
		}
		if err := s.remove(ctx, editionPath(n)); err != nil {
			return err
		}
	}
	return nil
}

func md5Of(r io.Reader) (string, error) {
	h := md5.New()
	_, err := io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), err
}
