package deploy

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// back rolls back, once.
func (p place) back(t *testing.T) (Report, string) {
	t.Helper()
	j := p.job(t, Edition{})
	j.Rollback = true
	rep, problems := Send(context.Background(), j)
	if len(problems) > 0 {
		return rep, problems[0].Text
	}
	return rep, ""
}

// An earlier edition comes back as it was, and the one before that, five at most.
func TestRollback(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(12)
		var editions []Edition
		for _, change := range []func(){
			func() {},
			func() { p.stories["story-003"] = "Edited." },
			func() { p.stories["story-777"] = "New." },
			func() { p.style = "p{}" },
			func() { p.more["late/index.html"] = "a page" },
			func() { p.stories["story-003"] = "This is what story 3 says." },
			func() { p.more["photo.jpg"] = "\xff\xd8 another" },
			func() { p.style = "body{}" },
		} {
			change()
			editions = append(editions, p.edition())
			at.send(t, editions[len(editions)-1])
		}
		for i := len(editions) - 2; i >= len(editions)-1-earlier; i-- {
			if _, text := at.back(t); text != "" {
				t.Fatalf("back to edition %d: %s", i+1, text)
			}
			at.equals(t, editions[i])
			if missing := at.crawl(at.onDisk); len(missing) > 0 {
				t.Errorf("missing: %q", missing)
			}
			if i == len(editions)-3 {
				break // each rollback is an edition too, so that those before it go
			}
		}
		at.send(t, editions[len(editions)-1])
		p.stories["story-001"] = "Bad."
		at.send(t, p.edition())
		if _, text := at.back(t); text != "" {
			t.Fatal(text)
		}
		at.equals(t, editions[len(editions)-1])
		if kept, _ := filepath.Glob(filepath.Join(at.dir, Own, "editions", "*")); len(kept) != earlier {
			t.Errorf("%d editions are kept: %q", len(kept), kept)
		}
	})
}

func TestNothingToGoBackTo(t *testing.T) {
	at := aFolder(t)
	if _, text := at.back(t); text != "no earlier edition is kept there" {
		t.Error(text)
	}
	at.send(t, newPaper(2).edition())
	if _, text := at.back(t); text != "no earlier edition is kept there" {
		t.Error(text)
	}
}

// A story that has left is gone from all that is kept, and no rollback brings back
// its page or anything that names it. What comes back hangs together.
func TestRollbackAfterAKill(t *testing.T) {
	everywhere(t, func(t *testing.T, at place) {
		p := newPaper(25)
		at.send(t, p.edition())
		p.stories["story-005"] = `see <a href=/news/story-013/>the other</a>`
		p.stories["story-006"] = "Edited."
		at.send(t, p.edition())
		p.stories["story-005"] = "It says nothing of another."
		p.stories["story-006"] = "Edited badly."
		delete(p.stories, "story-013") // it is killed
		killed := p.edition()
		at.send(t, killed)
		for name, data := range at.everything(t) {
			if strings.Contains(name, "story-013") || bytes.Contains(data, []byte("story-013")) {
				t.Errorf("%s still has it", name)
			}
		}
		rep, text := at.back(t)
		if text != "" || !rep.Partly {
			t.Fatalf("back: %q, %+v", text, rep)
		}
		for name, data := range at.everything(t) {
			if strings.Contains(name, "story-013") || bytes.Contains(data, []byte("story-013")) {
				t.Errorf("%s has it again", name)
			}
		}
		there := at.seen(t)
		if !strings.HasSuffix(there[storyPath("story-006")], "Edited.") {
			t.Errorf("story 6 did not come back: %q", there[storyPath("story-006")])
		}
		if !strings.HasSuffix(there[storyPath("story-005")], "It says nothing of another.") {
			t.Errorf("story 5 came back with what it said of the killed one: %q", there[storyPath("story-005")])
		}
		if missing := at.crawl(at.onDisk); len(missing) > 0 {
			t.Errorf("missing: %q", missing)
		}
		at.send(t, killed)
	})
}

// The page of a story that has left goes before anything else is touched.
func TestKilledFirst(t *testing.T) {
	p := newPaper(3)
	e := p.edition()
	at := lying(e)
	delete(p.stories, "story-001")
	p.style = "p{}"
	p.stories["story-100"] = "New"
	todo := Plan(p.edition(), at, someday)
	if c := todo.List[0]; c.Path != storyPath("story-001") || c.File != nil {
		t.Errorf("first is %+v", c)
	}
	for i, c := range todo.List[1:] {
		if c.Phase < todo.List[i].Phase {
			t.Errorf("%s in phase %d after %d", c.Path, c.Phase, todo.List[i].Phase)
		}
	}
	if len(todo.Left) != 1 || todo.Left[0].ID != "story-001" {
		t.Errorf("left: %v", todo.Left)
	}
}

// everything is all that lies there, Stet's own too.
func (p place) everything(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(p.dir, func(full string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		all[strings.TrimPrefix(full, p.dir)], err = os.ReadFile(full)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func FuzzManifest(f *testing.F) {
	m := &Manifest{Format: 1, Edition: "x", Number: 3, Files: []Entry{{Path: "a/index.html", Size: 3, SHA256: strings.Repeat("ab", 32)}}, Stories: []Story{{ID: "a", Path: "a/index.html"}}, Cut: []string{"b"}}
	f.Add(m.Bytes())
	f.Add([]byte(`{"format":1,"files":[{"path":"../x"},{"path":".stet/lock.json"}]}`))
	f.Add([]byte(`{"format":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseManifest(data)
		if err != nil {
			return
		}
		for i, e := range m.Files {
			if !sendable(e.Path) || i > 0 && m.Files[i-1].Path >= e.Path {
				t.Errorf("path %q", e.Path)
			}
		}
		again, err := ParseManifest(m.Bytes())
		if err != nil || !bytes.Equal(again.Bytes(), m.Bytes()) {
			t.Errorf("%v: %s became %s", err, m.Bytes(), again.Bytes())
		}
	})
}
