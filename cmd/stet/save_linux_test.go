package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A move that fails on its way leaves every file as it was: while what is new is
// written, at the rename, and at the last file. Each is named for its reason.
func TestMoveFails(t *testing.T) {
	mount := func(t *testing.T, from, to, kind string, flags uintptr, data string) {
		if err := syscall.Mount(from, to, kind, flags, data); err != nil {
			t.Skip("nothing can be mounted here:", err)
		}
		t.Cleanup(func() { syscall.Unmount(to, 0) })
	}
	for reason, spoil := range map[string]func(t *testing.T, s *shell){
		"invalid cross-device link": func(t *testing.T, s *shell) {
			mount(t, "tmpfs", filepath.Join(s.dir, "content/town"), "tmpfs", 0, "size=1m")
			write(t, filepath.Join(s.dir, "content/town/_index.md"), "---\ntitle: Town\n---\n")
		},
		"device or resource busy": func(t *testing.T, s *shell) {
			last := filepath.Join(s.dir, "content/news/zebra.md")
			mount(t, last, last, "", syscall.MS_BIND, "")
		},
		"permission denied": func(t *testing.T, s *shell) {
			if err := os.Chmod(filepath.Join(s.dir, "content/news/zebra.md"), 0o444); err != nil {
				t.Fatal(err)
			}
		},
		"no space left on device": func(t *testing.T, s *shell) {
			last := filepath.Join(s.dir, "content/last")
			if err := os.Mkdir(last, 0o755); err != nil {
				t.Fatal(err)
			}
			mount(t, "tmpfs", last, "tmpfs", 0, "size=16k")
			write(t, filepath.Join(last, "_index.md"), "---\ntitle: Last\n---\n")
			write(t, filepath.Join(last, "z.md"), "---\ntitle: Z\ndate: 2026-01-03\n---\n[x](../news/fire/index.md)\n"+strings.Repeat("x", 6000))
		},
	} {
		t.Run(reason, func(t *testing.T) {
			s := emptyShell(t, 1)
			s.write("site.yaml", "format: 1\ntitle: T\ntimezone: UTC\n")
			for _, dir := range []string{"content/news/fire", "content/town"} {
				if err := os.MkdirAll(filepath.Join(s.dir, dir), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			s.write("content/town/_index.md", "---\ntitle: Town\n---\n")
			s.write("content/news/fire/index.md", "---\ntitle: Fire\ndate: 2026-01-01\n---\n[z](../zebra.md)\n")
			s.write("content/news/fire/note.txt", "A note.\n")
			s.write("content/news/apple.md", "---\ntitle: Apple\ndate: 2026-01-01\n---\n[fire](fire/index.md)\n")
			s.write("content/news/zebra.md", "---\ntitle: Zebra\ndate: 2026-01-02\nrelated: [news/fire]\n---\n")
			spoil(t, s)
			was := s.tree("content")
			var out, wrong bytes.Buffer
			args := []string{"move", "-C", s.dir, "news/fire", "content/town/deep/er/fire"}
			t.Setenv("XDG_CACHE_HOME", t.TempDir())
			status := run(context.Background(), args, &system{out: &out, err: &wrong, env: os.Getenv, now: time.Now})
			if status != siteError || !strings.Contains(wrong.String(), "nothing was changed: "+reason) {
				t.Errorf("it ends with %d\n%s%s", status, &out, &wrong)
			}
			if is := s.tree("content"); !slices.Equal(was, is) {
				t.Errorf("something is not as it was: %s", firstDifference(is, was))
			}
			if exists(filepath.Join(s.dir, "content/town/deep")) {
				t.Error("a folder was left behind")
			}
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What is changed keeps its rights, and a link stays a link.
func TestSaveKeeps(t *testing.T) {
	s := emptyShell(t, 1)
	if err := os.MkdirAll(filepath.Join(s.dir, "content/news"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.write("site.yaml", "format: 1\ntitle: T\ntimezone: UTC\n")
	s.write("content/real.txt", "---\ntitle: Fire\ndraft: true\n---\n")
	name := filepath.Join(s.dir, "content/news/fire.md")
	if err := os.Symlink("../real.txt", name); err != nil {
		t.Skip(err)
	}
	if err := os.Chmod(name, 0o664); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var out, wrong bytes.Buffer
	sys := &system{out: &out, err: &wrong, env: os.Getenv, now: time.Now}
	if status := run(context.Background(), []string{"publish", "-C", s.dir, "content/news/fire.md", "--at", "2026-01-01"}, sys); status != 0 {
		t.Fatal(status, wrong.String())
	}
	data, err := os.ReadFile(filepath.Join(s.dir, "content/real.txt"))
	if err != nil || string(data) != "---\ntitle: Fire\ndate: 2026-01-01\n---\n" {
		t.Errorf("%q, %v", data, err)
	}
	link, err := os.Lstat(name)
	info, wrongInfo := os.Stat(name)
	if err != nil || wrongInfo != nil || link.Mode()&os.ModeSymlink == 0 || info.Mode().Perm() != 0o664 {
		t.Error(link, info, err, wrongInfo)
	}
	if status := run(context.Background(), []string{"move", "-C", s.dir, "news/fire", "news/smoke"}, sys); status != siteError || !strings.Contains(wrong.String(), "it is a link") {
		t.Error(status, wrong.String())
	}
}
