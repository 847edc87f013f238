package deploy

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func paths(rep Report) (sent, removed []string) {
	for _, c := range rep.Changes {
		if c.File != nil {
			sent = append(sent, c.Path)
		} else {
			removed = append(removed, c.Path)
		}
	}
	slices.Sort(sent)
	return sent, removed
}

func alike(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// A life of a paper: each deploy sends what changed and nothing else.
func TestSend(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(120)
		if err := os.MkdirAll(filepath.Join(at.dir, "foreign"), 0o755); err != nil {
			t.Fatal(err)
		}
		first := at.send(t, p.edition())
		if sent, _ := first.Counts(); !first.First || sent != len(p.files()) || first.Number != 1 {
			t.Fatalf("first: %d sent as number %d, first %v", sent, first.Number, first.First)
		}
		if err := os.WriteFile(filepath.Join(at.dir, "foreign", "ads.txt"), []byte("not Stet's"), 0o644); err != nil {
			t.Fatal(err)
		}
		again := at.send(t, p.edition())
		if len(again.Changes) != 0 || again.Number != 1 || again.Same != len(p.files()) {
			t.Fatalf("the second deploy: %+v", again)
		}

		p.stories["story-050"] = "Another text."
		sent, removed := paths(at.send(t, p.edition()))
		alike(t, "an edit", sent, storyPath("story-050"))
		alike(t, "an edit removes", removed)

		p.stories["story-999"] = "New."
		sent, removed = paths(at.send(t, p.edition()))
		alike(t, "a new story", sent, storyPath("story-999"), "feed.xml", "index.html", "sitemap.xml")
		alike(t, "a new story removes", removed)

		p.stories["story-998"] = p.stories["story-999"]
		delete(p.stories, "story-999")
		rep := at.send(t, p.edition())
		sent, removed = paths(rep)
		alike(t, "a rename", sent, storyPath("story-998"), "feed.xml", "index.html", "sitemap.xml")
		alike(t, "a rename removes", removed, storyPath("story-999"))

		delete(p.stories, arabic)
		delete(p.stories, decomposed)
		at.send(t, p.edition())
		p.stories[arabic], p.stories[decomposed] = "عاد", "Again"
		at.send(t, p.edition())
		if data, err := os.ReadFile(filepath.Join(at.dir, "foreign", "ads.txt")); err != nil || string(data) != "not Stet's" {
			t.Errorf("a foreign file: %q, %v", data, err)
		}
		if missing := at.crawl(at.onDisk); len(missing) > 0 {
			t.Errorf("missing: %q", missing)
		}
	})
}

// A file may become a folder, and a folder a file.
func TestFileAndFolder(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(1)
		p.more["about"], p.more["old/index.html"] = "a file", "a page"
		at.send(t, p.edition())
		delete(p.more, "about")
		delete(p.more, "old/index.html")
		p.more["about/index.html"], p.more["old"] = "a page", "a file"
		at.send(t, p.edition())
	})
}

// Assets stay for a while, those that are named again for good.
func TestAssets(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(3)
		at.send(t, p.edition())
		p.style = "body{color:red}"
		if rep := at.send(t, p.edition()); rep.Staying != 1 {
			t.Errorf("%d assets stay", rep.Staying)
		}
		later := func(days int) []string {
			j := at.job(t, p.edition())
			j.Now = func() time.Time { return someday.AddDate(0, 0, days) }
			rep, problems := Send(context.Background(), j)
			clear(t, problems)
			_, removed := paths(rep)
			return removed
		}
		if removed := later(29); len(removed) > 0 {
			t.Errorf("after 29 days: %q", removed)
		}
		if removed := later(30); len(removed) != 1 || KindOf(removed[0], false) != Asset {
			t.Errorf("after 30 days: %q", removed)
		}
		if css, _ := filepath.Glob(filepath.Join(at.dir, "assets", "*")); len(css) != 1 {
			t.Errorf("there are %q", css)
		}
	})
}

// What lies at a target without a manifest is compared, and taken over.
func TestAdopt(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(30)
		at.send(t, p.edition())
		target := at.open(t)
		if err := target.Remove(context.Background(), []string{manifestPath}); err != nil {
			t.Fatal(err)
		}
		p.stories["story-007"] = "Changed meanwhile."
		rep := at.send(t, p.edition())
		sent, _ := paths(rep)
		alike(t, "adopted", sent, storyPath("story-007"))
		if !rep.First || rep.Same != len(p.files())-1 {
			t.Errorf("%+v", rep)
		}
	})
}

// A dry run says what would be done, and does nothing.
func TestDryRun(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(5)
		j := at.job(t, p.edition())
		j.DryRun = true
		rep, problems := Send(context.Background(), j)
		clear(t, problems)
		if sent, _ := rep.Counts(); sent != len(p.files()) || len(rep.URLs()) != sent {
			t.Errorf("%d would be sent", sent)
		}
		if there, _ := os.ReadDir(at.dir); len(there) > 0 {
			t.Errorf("it left %v", there)
		}
	})
}

// A second deploy is refused, or waits; a lock whose holder is gone expires.
func TestLock(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		ctx, target := context.Background(), at.open(t)
		bob := NewLock("bob@home", someday, 5*time.Minute)
		if err := target.Lock(ctx, bob); err != nil {
			t.Fatal(err)
		}
		j := at.job(t, newPaper(3).edition())
		_, problems := Send(ctx, j)
		if len(problems) != 1 || problems[0].Text != "bob@home deploys there since 2026-11-23 12:00:00 UTC" || !strings.Contains(problems[0].Hint, "until 12:05:00 UTC") {
			t.Fatalf("it was not refused: %q", problems)
		}
		var locked *Locked
		if err := target.Lock(ctx, NewLock("eve", someday.Add(4*time.Minute), time.Minute)); !errors.As(err, &locked) {
			t.Errorf("a second lock: %v", err)
		}
		if err := target.Lock(ctx, bob.Renewed(someday.Add(4*time.Minute), 5*time.Minute)); err != nil {
			t.Errorf("renewed: %v", err)
		}
		waited := make(chan *Locked, 1)
		j.Waiting = func(l *Locked) { waited <- l; target.Unlock(ctx, bob) }
		_, problems = Send(ctx, j)
		clear(t, problems)
		if l := <-waited; l.Who != "bob@home" {
			t.Errorf("it waited for %v", l)
		}
		if err := target.Lock(ctx, bob); err != nil {
			t.Fatal(err)
		}
		j.Waiting, j.Now = nil, func() time.Time { return someday.Add(5 * time.Minute) }
		_, problems = Send(ctx, j)
		clear(t, problems)
		if err := target.Unlock(ctx, bob); err != nil {
			t.Errorf("what is not one's own is let be: %v", err)
		}
	})
}

// A site that another tool has sent is crawled while the first deploy takes it
// over: its front changes when all is there that the new one leads to.
func TestTakeOver(t *testing.T) {
	p := newPaper(20)
	e := p.edition()
	at := &Manifest{Files: []Entry{{Path: "index.html", Moving: true, Before: true}, {Path: "news/story-001/index.html", Moving: true}}}
	phases := map[string]Phase{}
	for _, c := range Plan(e, at, someday).List {
		phases[c.Path] = c.Phase
	}
	if phases["index.html"] != Lists || phases["news/story-001/index.html"] != NewPages || phases["page/0/index.html"] != NewPages {
		t.Errorf("%v", phases)
	}
	everywhere(t, func(t *testing.T, at place) {
		older := newPaper(3)
		older.style = "p{}"
		at.send(t, older.edition())
		ctx, target := context.Background(), at.open(t)
		if err := target.Remove(ctx, []string{manifestPath}); err != nil {
			t.Fatal(err)
		}
		j := at.job(t, e)
		j.Workers = 3
		j.Progress = func(int, int) {
			if missing := at.crawl(at.onDisk); len(missing) > 0 {
				t.Errorf("missing: %q", missing)
			}
		}
		_, problems := Send(ctx, j)
		clear(t, problems)
		at.equals(t, e)
	})
}
