package main

import (
	"fmt"
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

// A build is killed at a random moment; then the edit before it is undone, or
// another made, or nothing. The next build completes the edition: it is that of
// a clean build, with no path more. STET_KILLS says how often (40 if it is not
// set).
func TestKilled(t *testing.T) {
	kills, err := strconv.Atoi(os.Getenv("STET_KILLS"))
	if err != nil {
		kills = 40
	}
	k := newKilled(t)
	k.run("build", "--cache", "../cache")
	whole := k.took
	for n := range kills {
		was := k.edit(n)
		k.kill(time.Duration(k.Int64N(int64(whole))))
		if n%3 == 0 {
			k.write(was.name, was.text)
		} else if n%3 == 1 {
			k.edit(n + 1000)
		}
		k.run("build", "--cache", "../cache")
		os.RemoveAll(filepath.Join(k.dir, "..", "clean"))
		k.run("build", "--no-cache", "--out", "../clean")
		if a, b := k.tree("public"), k.tree("../clean"); !slices.Equal(a, b) {
			t.Fatalf("after kill %d the edition is another than a clean one: %s", n, firstDifference(a, b))
		}
	}
}

// A killed is a site whose builds are killed.
type killed struct {
	*testing.T
	*rand.Rand
	dir, stet string
	took      time.Duration // by the last build
}

func newKilled(t *testing.T) *killed {
	dir := t.TempDir()
	k := &killed{T: t, Rand: rand.New(rand.NewPCG(1, 2)), dir: filepath.Join(dir, "site"), stet: filepath.Join(dir, "stet")}
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, k.stet) // by this name it is the program
	}
	if err != nil {
		t.Skip("the test cannot run itself as stet here: ", err)
	}
	k.write("site.yaml", "format: 1\ntitle: The Test\ntimezone: UTC\nbase_url: https://test.example/\nper_page: 5\n")
	for i := range 60 {
		k.write(fmt.Sprintf("content/news/s%d.md", i), fmt.Sprintf("---\ntitle: Story %d\ndate: 2026-01-%02d\nauthor: Ann\ntags: [t%d]\n---\nText %d.\n", i, 1+i%28, i%4, i))
	}
	return k
}

func (k *killed) command(args ...string) *exec.Cmd {
	cmd := exec.Command(k.stet, append(args, "--at", "2026-06-01")...)
	cmd.Dir = k.dir
	cmd.Env = append(os.Environ(), "TZ=UTC")
	return cmd
}

func (k *killed) run(args ...string) {
	k.Helper()
	start := time.Now()
	if out, err := k.command(args...).CombinedOutput(); err != nil {
		k.Fatalf("%v: %v\n%s", args, err, out)
	}
	k.took = time.Since(start)
}

func (k *killed) kill(after time.Duration) {
	k.Helper()
	cmd := k.command("build", "--cache", "../cache")
	if err := cmd.Start(); err != nil {
		k.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}

// An edited is a file as it was before an edit; its text is "" if it is new.
type edited struct{ name, text string }

func (k *killed) edit(n int) edited {
	name := fmt.Sprintf("content/news/s%d.md", k.IntN(60))
	data, err := os.ReadFile(filepath.Join(k.dir, name))
	if err != nil {
		k.Fatal(err)
	}
	was := edited{name, string(data)}
	switch n % 4 {
	case 0:
		k.write(name, strings.Replace(was.text, "title: ", fmt.Sprintf("title: %d ", n), 1))
	case 1:
		k.write(name, was.text+fmt.Sprintf("\nMore %d.\n", n))
	case 2:
		was = edited{fmt.Sprintf("content/news/new%d.md", n), ""}
		k.write(was.name, fmt.Sprintf("---\ntitle: New %d\ndate: 2026-02-01\n---\nNew.\n", n))
	case 3:
		k.write(name, strings.Replace(was.text, "date: 2026-01", "date: 2026-03", 1))
	}
	return was
}

func (k *killed) write(name, text string) {
	k.Helper()
	name = filepath.Join(k.dir, name)
	if text == "" {
		os.Remove(name)
		return
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		k.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		k.Fatal(err)
	}
}

// tree is the files of an edition with their bytes, without what Stet keeps
// there for itself.
func (k *killed) tree(dir string) (files []string) {
	k.Helper()
	root := os.DirFS(filepath.Join(k.dir, dir))
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
		k.Fatal(err)
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
