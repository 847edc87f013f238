package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// What is kept between builds is damaged in every way there is, then the site is
// edited. The build goes well all the same, and the edition is that of a clean
// build. STET_FAULTS says how often (40 if it is not set).
func TestDamagedCache(t *testing.T) {
	s := newShell(t)
	c := &kept{shell: s, dir: filepath.Join(s.dir, "..", "cache")}
	s.run("build", "--cache", "../cache")
	names := slices.Sorted(maps.Keys(faults))
	for n := range times("STET_FAULTS", 40) {
		c.remember()
		var done []string
		for range 1 + s.IntN(2) {
			name := names[s.IntN(len(names))]
			faults[name](c)
			done = append(done, name)
		}
		if n%7 != 0 {
			s.edit(n)
		}
		s.run("build", "--cache", "../cache")
		s.compare(fmt.Sprintf("after fault %d, %q,", n, done))
		c.repair()
	}
}

// A kept is the cache folder of a shell, with what was in it, and in the site,
// before each fault.
type kept struct {
	*shell
	dir  string
	past []moment
}

// A moment is the files of a cache and of a site, by their paths.
type moment struct{ cache, site map[string]string }

// files are those in the cache.
func (c *kept) files() map[string]string { return read(filepath.Join(c.dir, "*", "*")) }

func (c *kept) remember() {
	site := read(filepath.Join(c.dir, "..", "site", "content", "news", "*"))
	maps.Copy(site, read(filepath.Join(c.dir, "..", "site", "site.yaml")))
	c.past = append(c.past, moment{c.files(), site})
}

// read reads the files that fit a pattern.
func read(pattern string) map[string]string {
	files := map[string]string{}
	names, _ := filepath.Glob(pattern)
	for _, name := range names {
		if data, err := os.ReadFile(name); err == nil {
			files[name] = string(data)
		}
	}
	return files
}

// one picks a file.
func (c *kept) one() (name, text string) {
	files := c.files()
	if len(files) == 0 {
		return "", ""
	}
	names := slices.Sorted(maps.Keys(files))
	name = names[c.IntN(len(names))]
	return name, files[name]
}

// put writes a file, as far as it can be written.
func (c *kept) put(name, text string) {
	if name != "" {
		os.MkdirAll(filepath.Dir(name), 0o755)
		os.WriteFile(name, []byte(text), 0o600)
	}
}

// repair takes away what keeps stet from writing.
func (c *kept) repair() {
	for _, pattern := range []string{"", "*", "*/*"} {
		names, _ := filepath.Glob(filepath.Join(c.dir, pattern))
		for _, name := range names {
			os.Chmod(name, 0o700)
		}
	}
	names, _ := filepath.Glob(filepath.Join(c.dir, "*", "*"))
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			os.RemoveAll(name)
		}
	}
	if info, err := os.Stat(c.dir); err == nil && !info.IsDir() {
		os.Remove(c.dir)
	}
}

// faults are the ways in which a cache is damaged.
var faults = map[string]func(c *kept){
	"a bit is another": func(c *kept) {
		if name, text := c.one(); text != "" {
			data := []byte(text)
			data[c.IntN(len(data))] ^= 1 << c.IntN(8)
			c.put(name, string(data))
		}
	},
	"a file is cut": func(c *kept) {
		if name, text := c.one(); text != "" {
			c.put(name, text[:c.IntN(len(text))])
		}
	},
	"a file is empty": func(c *kept) {
		name, _ := c.one()
		c.put(name, "")
	},
	"a file is an older one": func(c *kept) {
		name, _ := c.one()
		if old, ok := c.past[c.IntN(len(c.past))].cache[name]; ok {
			c.put(name, old)
		}
	},
	"all files are older ones": func(c *kept) {
		for name, text := range c.past[c.IntN(len(c.past))].cache {
			c.put(name, text)
		}
	},
	"all files are older ones, those of the site too": func(c *kept) {
		now, then := c.past[len(c.past)-1], c.past[c.IntN(len(c.past))]
		for name := range now.site {
			os.Remove(name)
		}
		for _, files := range []map[string]string{then.cache, then.site} {
			for name, text := range files {
				c.put(name, text)
			}
		}
	},
	"two files are exchanged": func(c *kept) {
		a, x := c.one()
		b, y := c.one()
		c.put(a, y)
		c.put(b, x)
	},
	"a file is gone":         func(c *kept) { name, _ := c.one(); os.Remove(name) },
	"all is gone":            func(c *kept) { os.RemoveAll(c.dir) },
	"a file may not be read": func(c *kept) { name, _ := c.one(); os.Chmod(name, 0) },
	"nothing may be written": func(c *kept) {
		if name, _ := c.one(); name != "" {
			os.Chmod(filepath.Dir(name), 0o500)
		}
	},
	"a folder is where a file is": func(c *kept) {
		if name, _ := c.one(); name != "" {
			os.Remove(name)
			os.MkdirAll(filepath.Join(name, "x"), 0o755)
		}
	},
	"a file is where the folder is": func(c *kept) {
		os.RemoveAll(c.dir)
		c.put(c.dir, "x")
	},
	"another version of stet built": func(c *kept) {
		cmd := c.command("build", "--cache", "../cache")
		cmd.Path = c.another()
		if out, err := cmd.CombinedOutput(); err != nil {
			c.Fatalf("%v\n%s", err, out)
		}
	},
	"all goes while a build is at work": func(c *kept) {
		c.edit(c.IntN(1000))
		cmd, out := c.start("build", "--cache", "../cache")
		time.Sleep(time.Duration(c.Int64N(int64(c.took))))
		os.RemoveAll(c.dir)
		if err := cmd.Wait(); err != nil {
			c.Fatalf("%v\n%s", err, out)
		}
	},
}

// start begins a build and returns what it will have said.
func (s *shell) start(args ...string) (*exec.Cmd, *bytes.Buffer) {
	s.Helper()
	cmd, out := s.command(args...), new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	return cmd, out
}

// another is stet as a program of another version.
func (s *shell) another() string {
	name := filepath.Join(s.dir, "..", "another", "stet")
	if _, err := os.Stat(name); err == nil {
		return name
	}
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err != nil {
		s.Fatal(err)
	}
	from, err := os.Open(s.stet)
	if err != nil {
		s.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		s.Fatal(err)
	}
	defer to.Close()
	if _, err := io.Copy(to, io.MultiReader(from, strings.NewReader("another"))); err != nil {
		s.Fatal(err)
	}
	return name
}

// Two or three builds are made into one folder at the same time, and the site is
// edited between the beginning of the one and that of the next. All go well, and
// the edition is that of the last edit.
func TestTogether(t *testing.T) {
	s := newShell(t)
	s.run("build", "--cache", "../cache")
	whole := int64(s.took)
	for n := range times("STET_FAULTS", 40) / 2 {
		if n%5 == 4 {
			os.RemoveAll(filepath.Join(s.dir, "public"))
		}
		var builds []*exec.Cmd
		var said []*bytes.Buffer
		for range 2 + n%2 {
			s.edit(s.IntN(1000))
			cmd, out := s.start("build", "--cache", "../cache")
			builds, said = append(builds, cmd), append(said, out)
			time.Sleep(time.Duration(s.Int64N(whole)))
		}
		for i, cmd := range builds {
			if err := cmd.Wait(); err != nil {
				t.Errorf("build %d of round %d: %v\n%s", i, n, err, said[i])
			}
		}
		s.compare(fmt.Sprintf("after round %d", n))
	}
}
