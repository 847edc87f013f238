package deploy

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zeebo/xxh3"
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

// A file may become a folder, and a folder a file, and a rollback has it be as it was.
func TestFileAndFolder(t *testing.T) {
	andGit(t, func(t *testing.T, at place) {
		p := newPaper(3)
		p.more["about"], p.more["old/index.html"], p.more["old/deep/er/a.txt"] = "a file", "a page", "deep"
		p.more["news/x"], p.more["kept.html"] = strings.Repeat("<p>a page at an odd address", 100), "a page"
		first := p.edition()
		at.send(t, first)
		for _, name := range []string{"about", "old/index.html", "old/deep/er/a.txt", "news/x", "kept.html"} {
			delete(p.more, name)
		}
		p.more["about/index.html"], p.more["old"] = "a page", "a file"
		p.more["news/x/y/index.html"], p.more["kept.html/index.html"] = "a page below it", "a page"
		p.more["news/x.br"] = "as if it were beside the one that was"
		second := p.edition()
		at.send(t, second)
		if _, text := at.back(t); text != "" {
			t.Fatal(text)
		}
		at.equals(t, first)
		if again := at.send(t, second); len(again.Left) > 0 {
			t.Errorf("stories have left: %v", again.Left)
		}
		at.send(t, first)
		if missing := at.crawl(at.onDisk); len(missing) > 0 {
			t.Errorf("missing: %q", missing)
		}
	})
}

// A story's page becomes the folder of others, and the other way round: an odd
// address such as /a.html may have pages below it.
func TestStoryBecomesFolder(t *testing.T) {
	andGit(t, func(t *testing.T, at place) {
		with := func(stories ...string) Edition {
			p := newPaper(2)
			e := p.edition()
			tree := e.FS.(fstest.MapFS)
			for _, name := range stories {
				data := "<!doctype html><a href=/>home</a>" + name
				tree[name] = &fstest.MapFile{Data: []byte(data)}
				f := File{Path: name, Size: int64(len(data)), Sum: xxh3.HashString128(data).Bytes(), Kind: Page}
				f.Header = HeaderOf(name, Page, nil)
				f.Story = &Story{ID: name, URL: "/" + name, Path: name, Headline: "Headline of " + name}
				e.Files = append(e.Files, f)
			}
			slices.SortFunc(e.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
			e.ID = strings.Join(stories, " ")
			return e
		}
		flat, deep := with("x.html", "y"), with("x.html/z/index.html", "y/"+arabic+"/"+decomposed+"/index.html")
		for _, e := range []Edition{flat, deep, flat, deep} {
			at.send(t, e)
		}
		rep, text := at.back(t) // what has left does not come back
		if text == "" && !rep.Partly {
			t.Errorf("all of it came back: %+v", rep.Changes)
		}
		at.equals(t, deep)
	})
}

// Names in other letters, and in the form that a Mac writes, are sent, renamed to
// the other form, and removed.
func TestLetters(t *testing.T) {
	andGit(t, func(t *testing.T, at place) {
		p := newPaper(2)
		p.more["صور/طاحونة 1.jpg"], p.more[decomposed+".txt"], p.more["a b+c%20&#?.txt"] = "a picture", "form D", "signs"
		at.send(t, p.edition())
		composed := "caf\u00e9"
		p.stories[composed], p.more[composed+".txt"] = "Coffee, in the other form", "form C"
		at.send(t, p.edition())
		delete(p.stories, decomposed)
		delete(p.more, decomposed+".txt")
		delete(p.more, "صور/طاحونة 1.jpg")
		p.stories[arabic+"-2"] = p.stories[arabic]
		delete(p.stories, arabic)
		sent, removed := paths(at.send(t, p.edition()))
		slices.Sort(removed)
		alike(t, "a rename", sent, storyPath(arabic+"-2"), "feed.xml", "index.html", "sitemap.xml")
		alike(t, "a rename removes", removed, storyPath(arabic), storyPath(decomposed), decomposed+".txt", "صور/طاحونة 1.jpg")
		if again := at.send(t, p.edition()); len(again.Changes) > 0 {
			t.Errorf("again %d changes", len(again.Changes))
		}
		if missing := at.crawl(at.onDisk); len(missing) > 0 {
			t.Errorf("missing: %q", missing)
		}
	})
}

// A file that is renamed to other capitals, or another form of Unicode, is removed
// before it is sent: to a disk that takes them for equal they are one. So is what lies
// there in the way of a folder, or of a file, to such a disk alone.
func TestOtherLetters(t *testing.T) {
	for _, c := range []struct{ was, is string }{
		{"Map.svg", "map.svg"},
		{"Assets/App.0123456789.css", "assets/app.0123456789.css"},
		{decomposed + ".txt", "caf\u00e9.txt"},
		{"Map", "map/index.html"},
		{"Maps/a.svg", "maps"},
	} {
		p := newPaper(2)
		p.more[c.was] = "the same"
		at := lying(p.edition())
		delete(p.more, c.was)
		p.more[c.is] = "the same"
		order := ""
		for _, change := range Plan(p.edition(), at, someday).List {
			if change.File == nil && change.Path == c.was {
				order += "removed "
			}
			if change.Path == c.is {
				order += "sent "
			}
		}
		if order != "removed sent " {
			t.Errorf("%s: %q", c.was, order)
		}
	}
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

// A forgetful target is one that has its lock given back only after some tries.
type forgetful struct {
	Target
	fails int
}

// Unlock fails at first.
func (f *forgetful) Unlock(ctx context.Context, l Lock) error {
	if f.fails--; f.fails >= 0 {
		return errors.New("the connection broke")
	}
	return f.Target.Unlock(ctx, l)
}

// A lock is given back though that does not go well at once; one that is not is
// told.
func TestUnlockAgain(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		for _, fails := range []int{tries - 1, tries} {
			j := at.job(t, newPaper(2).edition())
			j.Target = &forgetful{j.Target, fails}
			rep, problems := Send(context.Background(), j)
			_, err := at.open(t).Get(context.Background(), lockPath)
			if fails < tries && (len(problems) > 0 || !errors.Is(err, ErrNone) || rep.Retries != fails) {
				t.Errorf("%d retries, the lock: %v, %v", rep.Retries, err, problems)
			}
			if fails == tries && (err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0].Text, "the lock could not be given back, and keeps others out until 12:05:00 UTC")) {
				t.Errorf("the lock: %v, %v", err, problems)
			}
		}
	})
}

// A CDN is told each address once; of what is gone, those of all its forms.
func TestPurge(t *testing.T) {
	at := aFolder(t)
	p := aLongPaper()
	at.verified(t, p.edition(), "http://127.0.0.1:1")
	delete(p.stories, "story-011")
	p.stories["story-003"] += " Edited."
	p.more["a b.txt"] = "new"
	e := p.edition()
	e.Compressed([]string{"br", "gzip"})
	rep, problems := Send(context.Background(), at.job(t, e))
	clear(t, problems)
	all := rep.Purge()
	slices.Sort(all)
	alike(t, "to be forgotten", all, base, base+"a%20b.txt", base+"feed.xml", base+"sitemap.xml", base+"news/story-003/",
		base+"news/story-011/", base+"news/story-011/index.html", base+"news/story-011/index.html.br", base+"news/story-011/index.html.gz")
}

// A site that another tool has sent is crawled while the first deploy takes it
// over: its front changes when all is there that the new one leads to.
func TestTakeOver(t *testing.T) {
	at := &Manifest{Files: []Entry{{Path: "index.html", Moving: true, Before: true}, {Path: "news/story-001/index.html", Moving: true}}}
	phases := map[string]Phase{}
	for _, c := range Plan(newPaper(20).edition(), at, someday).List {
		phases[c.Path] = c.Phase
	}
	if phases["index.html"] != Lists || phases["news/story-001/index.html"] != NewPages || phases["page/0/index.html"] != NewPages {
		t.Errorf("%v", phases)
	}
	everywhere(t, func(t *testing.T, at place) {
		e, older := newPaper(20).edition(), newPaper(3)
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
