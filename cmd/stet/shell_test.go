package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A shell has a site, and stet to build it with in processes of its own.
type shell struct {
	*testing.T
	*rand.Rand
	dir, stet string
	took      time.Duration // by the last build
}

// newShell is a shell with a small site. Most stories have the same photo: to draw
// what is shared of those without one takes twice as long as all the rest.
func newShell(t *testing.T) *shell {
	s := emptyShell(t, 1)
	s.write("site.yaml", "format: 1\ntitle: The Test\ntimezone: UTC\nbase_url: https://test.example/\nper_page: 5\n")
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 60, 40)), nil); err != nil {
		t.Fatal(err)
	}
	s.write("static/p.jpg", photo.String())
	for i := range 60 {
		lead := "image: {src: /p.jpg, alt: A photo, credit: Ann}\n"
		if i%10 == 0 {
			lead = ""
		}
		s.write(fmt.Sprintf("content/news/s%d.md", i), fmt.Sprintf("---\ntitle: Story %d\ndate: 2026-01-%02d\nauthor: Ann\ntags: [t%d]\n%s---\nText %d.\n", i, 1+i%28, i%4, lead, i))
	}
	return s
}

// emptyShell is a shell without a site.
func emptyShell(t *testing.T, seed uint64) *shell {
	dir := t.TempDir()
	s := &shell{T: t, Rand: rand.New(rand.NewPCG(seed, 2)), dir: filepath.Join(dir, "site"), stet: filepath.Join(dir, "stet")}
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, s.stet) // by this name it is the program
	}
	if err != nil {
		t.Skip("the test cannot run itself as stet here: ", err)
	}
	return s
}

func (s *shell) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.stet, append(args, "--at", "2026-06-01")...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "TZ=UTC")
	return cmd
}

func (s *shell) run(args ...string) {
	s.Helper()
	start := time.Now()
	if out, err := s.command(args...).CombinedOutput(); err != nil {
		s.Fatalf("%v: %v\n%s", args, err, out)
	}
	s.took = time.Since(start)
}

// An edited is a file as it was before an edit; its text is "" if it is new.
type edited struct{ name, text string }

// edit makes one edit, of the kind that a number stands for.
func (s *shell) edit(n int) edited {
	s.Helper()
	stories, err := fs.Glob(os.DirFS(s.dir), "content/news/*.md")
	if err != nil || len(stories) == 0 {
		s.Fatal("there are no stories to edit: ", err)
	}
	name := stories[s.IntN(len(stories))]
	if n%6 == 4 {
		name = "site.yaml"
	}
	data, err := os.ReadFile(filepath.Join(s.dir, name))
	if err != nil {
		s.Fatal(err)
	}
	was := edited{name, string(data)}
	switch n % 6 {
	case 0, 4:
		s.write(name, strings.Replace(was.text, "title: ", fmt.Sprintf("title: %d ", n), 1))
	case 1:
		s.write(name, was.text+fmt.Sprintf("\nMore %d.\n", n))
	case 2:
		was = edited{fmt.Sprintf("content/news/new%d.md", n), ""}
		s.write(was.name, fmt.Sprintf("---\ntitle: New %d\ndate: 2026-02-01\n---\nNew.\n", n))
	case 3:
		s.write(name, strings.Replace(was.text, "date: 2026-01", "date: 2026-03", 1))
	case 5:
		s.write(name, "")
	}
	return was
}

// compare holds public/ against an edition that is made from nothing.
func (s *shell) compare(when string) {
	s.Helper()
	os.RemoveAll(filepath.Join(s.dir, "..", "clean"))
	s.run("build", "--no-cache", "--out", "../clean")
	if a, b := s.tree("public"), s.tree("../clean"); !slices.Equal(a, b) {
		s.Fatalf("%s the edition is another than a clean one: %s", when, firstDifference(a, b))
	}
}

// write writes a file of the site at once, as editors do, or removes it if its
// text is "".
func (s *shell) write(name, text string) {
	s.Helper()
	name = filepath.Join(s.dir, name)
	if text == "" {
		os.Remove(name)
		return
	}
	half := filepath.Join(s.dir, "..", "half")
	err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(half, []byte(text), 0o644), os.Rename(half, name))
	if err != nil {
		s.Fatal(err)
	}
}

// tree is the files of an edition with their bytes, without what Stet keeps
// there for itself.
func (s *shell) tree(dir string) (files []string) {
	s.Helper()
	root := os.DirFS(filepath.Join(s.dir, dir))
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if d != nil && name == ".stet" {
			return fs.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files = append(files, name+"\n"+string(data))
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return files
}

func firstDifference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			name, _, _ := strings.Cut(a[i], "\n")
			other, _, _ := strings.Cut(b[i], "\n")
			return name + ", where a clean one has " + other
		}
	}
	return fmt.Sprintf("%d files, not %d", len(a), len(b))
}

// times is how often something is tried: what the environment says, or so often.
func times(variable string, or int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return or
}
