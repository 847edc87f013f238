package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/comments"
	"stet/internal/threads"
)

// A pull that goes on reads the site once, and then when a story is not as it was,
// when one is not known, and every five minutes: not for every comment.
func TestPullReads(t *testing.T) {
	p := newPulls(t)
	for _, name := range []string{"site.yaml", "content/town/mill-fire.md", "content/town/harbour.md"} {
		old := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		if err := os.Chtimes(filepath.Join(p.dir, filepath.FromSlash(name)), old, old); err != nil {
			t.Fatal(err)
		}
	}
	s := p.system()
	now := s.now()
	s.now = func() time.Time { return now }
	w := &puller{s: s, f: siteFlags{dir: p.dir, cache: t.TempDir()}, name: "test", ask: changesOf(p.store)}
	said := 0
	add := func(story string) {
		t.Helper()
		said++
		c, _, err := p.store.Add(t.Context(), comments.Comment{Story: story, Name: "Ada", Email: "ada@mail.example", Text: strings.Repeat("So. ", said), Sent: now}, "")
		if err == nil {
			_, err = p.store.Decide(t.Context(), "desk", c.ID, comments.Approved)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	round := func(what string, read int, changed ...string) {
		t.Helper()
		b, err := w.once(t.Context())
		if err != nil || w.read != read || strings.Join(b.Changed, " ") != strings.Join(changed, " ") {
			t.Fatalf("%s: it has read the site %d times, not %d; changed are %q, not %q; %v", what, w.read, read, b.Changed, changed, err)
		}
	}
	const harbour = "/town/2026/11/harbour/"
	fire, froze := threads.Path(millStory), threads.Path(harbour)
	round("nothing was said", 0)
	add(millStory)
	round("the first comment", 1, fire)
	add(millStory)
	round("another", 1, fire)
	add(harbour)
	round("on another story", 1, froze)

	from, to := filepath.Join(p.dir, "content", "town", "harbour.md"), filepath.Join(p.dir, "content", "town", "port.md")
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	add(harbour)
	round("on one that was renamed", 2)
	add(harbour)
	round("again", 2)
	round("nothing more", 2)
	now = now.Add(pullAnew)
	round("after a while", 3)
	if err := os.Rename(to, from); err != nil {
		t.Fatal(err)
	}
	round("it has its name again", 3)
	now = now.Add(pullAnew)
	round("and that is seen", 4, froze)
	if got := p.file(froze); strings.Count(got, "So.") != 3+4+5 {
		t.Errorf("the thread is\n%s", got)
	}
	round("that was all", 4)
}
