package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A build is killed at a random moment, and mostly while it puts the edition in
// place; then the edit before it is undone, or another made. The next build
// completes the edition: it is that of a clean build, with no path more.
// STET_KILLS says how often (40 if it is not set).
func TestKilled(t *testing.T) {
	s := newShell(t)
	s.run("build", "--cache", "../cache")
	for n := range times("STET_KILLS", 40) {
		whole := s.took
		was := s.edit(6*n + []int{0, 2, 4, 4}[s.IntN(4)])
		s.kill(s.IntN(4) > 0, time.Duration(s.Int64N(int64(whole))))
		if s.IntN(3) > 0 {
			s.write(was.name, was.text)
		} else {
			s.edit(6*(n+1000) + s.IntN(6))
		}
		s.run("build", "--cache", "../cache")
		s.compare(fmt.Sprintf("after kill %d", n))
	}
}

// kill kills a build after a while. If it is to be late, the while begins when
// something waits to be put in place.
func (s *shell) kill(late bool, after time.Duration) {
	s.Helper()
	cmd := s.command("build", "--cache", "../cache")
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	staged := filepath.Join(s.dir, "public", ".stet", "staging")
	for end := time.Now().Add(after); time.Now().Before(end); time.Sleep(50 * time.Microsecond) {
		if _, err := os.Lstat(staged); late && err == nil {
			late, end = false, time.Now().Add(after/8)
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
}
