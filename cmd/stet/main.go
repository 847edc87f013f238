// Stet makes the website of a newspaper from a folder of Markdown files.
//
// This package is the command line, and the one place that prints, exits and
// reads the clock, the environment and flags. What a command does is done in
// the rooms under internal; what it says is said here. There is one file a
// command, speak.go has the rules of speech, and usage.go what is said to
// somebody who mistyped.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // the zones of site.yaml, on machines that have none
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], &system{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv, now: time.Now})
	stop()
	os.Exit(status)
}

// A system is what the program has of the machine it runs on.
type system struct {
	in       io.Reader // what somebody types; nil if nobody does
	out, err io.Writer
	env      func(name string) string
	now      func() time.Time
}

// The exit statuses.
const (
	done       = 0
	siteError  = 1 // the site has an error, which was named
	wrongUsage = 2
)

// run runs one command and returns its exit status.
func run(ctx context.Context, args []string, s *system) int {
	root := newRoot(s)
	root.SetArgs(args)
	root.SetOut(s.out)
	root.SetErr(s.err)
	return s.explain(root.ExecuteContext(ctx))
}
