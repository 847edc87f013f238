package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"stet/internal/diag"
	"stet/internal/threads"
)

// The files of a site in which a build finds what readers said. Whoever writes
// them, a pull, an import, forget or a service on the same machine, does it here.
// Each file is read, changed and put in its place while nobody else does so, and
// only if it then says something else.

// A threadFolder is a site whose threads and tallies are being changed.
type threadFolder struct {
	root   *os.Root
	unlock func()
}

// openThreads waits until nobody else changes them.
func openThreads(ctx context.Context, dir string) (*threadFolder, error) {
	unlock, err := lockFolder(ctx, dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		unlock()
		return nil, err
	}
	return &threadFolder{root, unlock}, nil
}

// Close lets others change them.
func (t *threadFolder) Close() {
	t.root.Close()
	t.unlock()
}

// thread reads the thread of a story. A file that cannot be read is a problem: it
// is not written over.
func (t *threadFolder) thread(story string) (all []threads.Comment, was []byte, err error) {
	name := threads.Path(story)
	was, err = t.root.ReadFile(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, unchanged(name, err)
	}
	all, problems := threads.Parse(name, was)
	if len(problems) > 0 {
		p := problems[0]
		p.Text += "; the file was not changed"
		return nil, nil, p
	}
	return all, was, nil
}

// put writes a file, or removes it if there is nothing to be in it. It tells
// whether that changed anything.
func (t *threadFolder) put(name string, was, data []byte) (changed bool, err error) {
	if bytes.Equal(was, data) && (was == nil) == (data == nil) {
		return false, nil
	}
	local := filepath.FromSlash(name)
	if data == nil {
		if err := t.root.Remove(local); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false, unchanged(name, err)
		}
		for dir := path.Dir(name); strings.Count(dir, "/") > 1; dir = path.Dir(dir) {
			if t.root.Remove(filepath.FromSlash(dir)) != nil {
				break // it has other files
			}
		}
		return true, nil
	}
	if err := t.root.MkdirAll(filepath.Dir(local), 0o755); err != nil {
		return false, unchanged(name, err)
	}
	// As others see it a file is what it was or what it becomes.
	beside := filepath.Join(filepath.Dir(local), ".stet-"+short(name)+".tmp")
	w, err := t.root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return false, unchanged(name, err)
	}
	_, err = w.Write(data)
	if err = errors.Join(err, w.Sync(), w.Close()); err == nil {
		err = t.root.Rename(beside, local)
	}
	if err != nil {
		t.root.Remove(beside)
		return false, unchanged(name, err)
	}
	return true, nil
}

func unchanged(name string, err error) error {
	return diag.Problem{Severity: diag.Error, Path: name, Text: "it was not changed: " + unwrapped(err), Hint: "the file and its folder must be yours to write, with room on the disk"}
}

// change changes the thread of a story.
func (t *threadFolder) change(story string, to func(all []threads.Comment) []threads.Comment) (changed bool, err error) {
	all, was, err := t.thread(story)
	if err != nil {
		return false, err
	}
	var data []byte
	if all = to(all); len(all) > 0 {
		data = threads.Format(all)
	}
	return t.put(threads.Path(story), was, data)
}

// rate changes the tally of a story.
func (t *threadFolder) rate(story string, tally threads.Tally) (changed bool, err error) {
	name := threads.RatingPath(story)
	was, err := t.root.ReadFile(filepath.FromSlash(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, unchanged(name, err)
	}
	var data []byte
	if tally != (threads.Tally{}) {
		data = threads.FormatTally(tally)
	}
	return t.put(name, was, data)
}

// What was brought into a site.
type brought struct {
	Threads  int            `json:"threads"` // files that were changed
	Tallies  int            `json:"tallies"`
	Changed  []string       `json:"changed"`
	Held     []string       `json:"held"` // stories that the site has not, whose comments wait at the service
	Problems []diag.Problem `json:"problems"`
}

// bring writes changes into the files of a site. For stories that are not known
// nothing is put, as a build would refuse it.
func (t *threadFolder) bring(ctx context.Context, c threads.Changes, known func(story string) bool) (b brought, err error) {
	took := func(changed bool, err error, name string, n *int) {
		var p diag.Problem
		switch {
		case errors.As(err, &p):
			b.Problems = append(b.Problems, p)
		case err != nil:
			b.Problems = append(b.Problems, diag.Problem{Severity: diag.Error, Path: name, Text: err.Error()})
		case changed && !slices.Contains(b.Changed, name):
			*n++
			b.Changed = append(b.Changed, name)
		}
	}
	for _, one := range c.Threads {
		if ctx.Err() != nil {
			return b, ctx.Err()
		}
		one.Put = b.sound(one)
		if len(one.Put) > 0 && !known(one.Story) {
			b.Held, one.Put = append(b.Held, one.Story), nil
		}
		changed, err := t.change(one.Story, func(all []threads.Comment) []threads.Comment { return threads.Merge(all, one) })
		took(changed, err, threads.Path(one.Story), &b.Threads)
	}
	for _, one := range c.Ratings {
		if !known(one.Story) && one.Tally != (threads.Tally{}) {
			b.Held = append(b.Held, one.Story)
			continue
		}
		one.Yes, one.No = max(0, one.Yes), max(0, one.No)
		changed, err := t.rate(one.Story, one.Tally)
		took(changed, err, threads.RatingPath(one.Story), &b.Tallies)
	}
	return b, nil
}

// sound are the comments that a file can hold. Others are told of.
func (b *brought) sound(c threads.Change) (fit []threads.Comment) {
	for _, one := range c.Put {
		if what, _ := threads.Lacks(one); what != "" {
			b.Problems = append(b.Problems, diag.Problem{Severity: diag.Warning, Path: threads.Path(c.Story),
				Text: fmt.Sprintf("the comment %q was left out: %s", one.ID, what), Hint: "reject it at the desk, or write it anew"})
			continue
		}
		fit = append(fit, one)
	}
	return fit
}
