package watch

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"stet/internal/source"
)

// Watching is tested by what it is for: whoever looks at the files each time he
// is woken has at last seen them as they are. How often he was woken on the way
// is not asked, so that a slow machine breaks no test.

// given is how long a wake may take before a test fails.
const given = 30 * time.Second

// A site is a site's folder on the disk. It does what editors do.
type site struct {
	t   *testing.T
	dir string
}

// newSite has the watched folders content and static, shared beside them, which
// only links lead to, and outside around it, where no link may lead.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t, filepath.Join(t.TempDir(), "site")}
	for _, name := range []string{
		"site.yaml", "content/index.md", "content/world/fire.md", "content/world/asia/flood.md", "static/site.css",
		"shared/box/note.md", "shared/single.md", "public/index.html", "notes.txt",
	} {
		s.write(name, "first "+name)
	}
	s.write("../outside/x.md", "first outside")
	s.link("content/out", "../../outside")
	s.link("content/far", s.at("../outside"))
	return s
}

func (s *site) at(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) write(name, text string) {
	s.t.Helper()
	s.mkdir(filepath.Dir(name))
	s.must(os.WriteFile(s.at(name), []byte(text), 0o644))
}

func (s *site) mkdir(name string) {
	s.t.Helper()
	s.must(os.MkdirAll(s.at(name), 0o755))
}

func (s *site) rename(from, to string) {
	s.t.Helper()
	s.must(os.Rename(s.at(from), s.at(to)))
}

func (s *site) remove(name string) {
	s.t.Helper()
	s.must(os.RemoveAll(s.at(name)))
}

func (s *site) link(name, target string) {
	s.t.Helper()
	if err := os.Symlink(filepath.FromSlash(target), s.at(name)); err != nil {
		s.t.Skip("no links here:", err)
	}
}

// A snapshot is the site as a build sees it: what its files hold, and what is
// wrong.
type snapshot map[string]string

func (s *site) snapshot() snapshot {
	tree, problems, err := source.Open(s.dir, nil)
	if err != nil {
		return snapshot{"": "there is no site"}
	}
	defer tree.Close()
	seen := snapshot{}
	for _, f := range tree.Files {
		data, err := os.ReadFile(s.at(f.Path))
		if seen[f.Path] = string(data); err != nil {
			seen[f.Path] = "cannot be read"
		}
	}
	for _, p := range problems {
		seen[p.Path] += p.Text
	}
	return seen
}

func (s *site) options() Options {
	return Options{Dir: s.dir, Folders: source.Folders, Files: []string{source.Settings}, Ignore: source.Unseen}
}

// A reader looks at the site whenever it is woken.
type reader struct {
	t    *testing.T
	site *site
	w    *Watcher
	seen chan snapshot
}

// read starts a reader, which ends with the test.
func (s *site) read(t *testing.T, o Options) *reader {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w, err := Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{t, s, w, make(chan snapshot)}
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for range w.Changed() {
			select {
			case r.seen <- s.snapshot():
			case <-ctx.Done():
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return r
}

// agrees waits until the reader has seen the site as it is now.
func (r *reader) agrees(after string) {
	r.t.Helper()
	is := r.site.snapshot()
	late := time.After(given)
	saw := snapshot{}
	for !maps.Equal(saw, is) {
		select {
		case saw = <-r.seen:
		case <-late:
			r.t.Fatalf("after %s the site is\n%v\nand was last seen as\n%v", after, is, saw)
		}
	}
}

// sleeps fails if the reader is woken within a while. That is no measure: a
// machine that is too slow to wake it passes.
func (r *reader) sleeps(after string, while time.Duration) {
	r.t.Helper()
	select {
	case <-r.seen:
		r.t.Errorf("%s wakes", after)
	case <-time.After(while):
	}
}
