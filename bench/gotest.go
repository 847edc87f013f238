package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"text/tabwriter"
	"time"
)

// goTest runs go test in the module's folder without a bound on its time, shows
// what it says line by line, and gives it.
func (s *soaking) goTest(ctx context.Context, what string, env []string, args ...string) (said string, took time.Duration, err error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"test", "-timeout", "0"}, args...)...)
	cmd.Dir = s.dir
	cmd.Env = append(append(os.Environ(), "TMPDIR="+s.tmp, "TMP="+s.tmp, "TEMP="+s.tmp), env...)
	w := &lineWriter{show: func(line string) { s.say(what, line) }}
	cmd.Stdout, cmd.Stderr = w, w
	endTogether(cmd)
	cmd.WaitDelay = 5 * time.Second
	start := time.Now()
	err = cmd.Run()
	if ctx.Err() != nil {
		err = errStopped
	}
	return w.said.String(), time.Since(start), err
}

// say shows one line of what a test says; several tests may speak at once.
func (s *soaking) say(what, line string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	fmt.Fprintf(s.stderr, "%s: %s\n", what, line)
}

// A lineWriter shows whole lines, and keeps all.
type lineWriter struct {
	said  bytes.Buffer
	shown int // of what was said
	show  func(line string)
}

// Write keeps the bytes and shows each line that has come to its end.
func (w *lineWriter) Write(data []byte) (int, error) {
	w.said.Write(data)
	for {
		line, _, whole := bytes.Cut(w.said.Bytes()[w.shown:], []byte("\n"))
		if !whole {
			return len(data), nil
		}
		w.show(strings.TrimRight(string(line), "\r"))
		w.shown += len(line) + 1
	}
}

// printOutcomes prints the table at the end of a soak.
func printOutcomes(w io.Writer, outcomes []outcome) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "what\thow many\ttime\tresult")
	for _, o := range outcomes {
		result := "ok"
		if o.err == errStopped {
			result = "stopped"
		} else if o.err != nil {
			result = "FAILED: " + o.err.Error()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", o.what, o.many, o.took.Round(time.Second), result)
	}
	return t.Flush()
}
