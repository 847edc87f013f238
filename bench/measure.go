package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// usage is what one run of a program took.
type usage struct {
	Wall time.Duration
	CPU  time.Duration // user and system
	Peak int64         // bytes; 0 is unknown
}

// String is how a run is told while the bench goes on.
func (u usage) String() string {
	return fmt.Sprintf("%6.2f s %5.0f MB", u.Wall.Seconds(), float64(u.Peak)/1e6)
}

// measure runs a program to its end. A child's peak memory is never less than
// its parent's at the start (Linux counts what is shared until exec), so what
// needs much memory in the bench itself comes after all measuring.
func measure(dir string, command ...string) (usage, error) {
	took, _, err := measureAnswer(dir, command...)
	return took, err
}

// measureAnswer does that too, and gives what the program wrote to stdout.
func measureAnswer(dir string, command ...string) (usage, []byte, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	var answer, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answer, &said
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return usage{}, nil, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, lastLines(answer.String()+said.String(), 20))
	}
	state := cmd.ProcessState
	return usage{Wall: wall, CPU: state.UserTime() + state.SystemTime(), Peak: peakBytes(state)}, answer.Bytes(), nil
}

// lastLines gives the last n lines of a program's output.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// emptied removes a folder with all in it and makes it again.
func emptied(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o755)
}

// series is what several runs of one contestant took.
type series []usage

// pick gives one number of each run, in ascending order.
func (s series) pick(of func(usage) float64) []float64 {
	out := make([]float64, len(s))
	for i, u := range s {
		out[i] = of(u)
	}
	slices.Sort(out)
	return out
}

// walls, cpus and peaks give seconds, seconds and megabytes (of a million bytes).
func (s series) walls() []float64 { return s.pick(func(u usage) float64 { return u.Wall.Seconds() }) }
func (s series) cpus() []float64  { return s.pick(func(u usage) float64 { return u.CPU.Seconds() }) }
func (s series) peaks() []float64 {
	return s.pick(func(u usage) float64 { return float64(u.Peak) / 1e6 })
}

// median gives the middle of numbers in ascending order.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		return 0
	}
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
