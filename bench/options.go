package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
)

// options are the flags that every measured comparison takes.
type options struct {
	N, Runs    int
	Seed       uint64
	Dir        string
	Keep, JSON bool
}

const optionsUsage = "[-n 10000] [-dir /dev/shm] [-runs 3] [-seed 1] [-keep] [-json]"

// add declares the flags; n and runs are how many there are if nobody says.
func (o *options) add(flags *flag.FlagSet, n, runs int) {
	flags.IntVar(&o.N, "n", n, "articles")
	flags.IntVar(&o.Runs, "runs", runs, "how often each contestant is measured")
	flags.Uint64Var(&o.Seed, "seed", 1, "another seed makes another archive")
	flags.StringVar(&o.Dir, "dir", "/dev/shm", "where to work")
	flags.BoolVar(&o.Keep, "keep", false, "leave the sites and editions there")
	flags.BoolVar(&o.JSON, "json", false, "print one JSON object")
}

// workFolder makes a folder to work in. When all is done, or the user breaks
// off, the folder is removed.
func (o *options) workFolder(need int64, stderr io.Writer) (work string, done func(), err error) {
	work, remove, err := o.makeFolder(need, stderr)
	if err != nil || o.Keep {
		return work, remove, err
	}
	stop := removeOnInterrupt(work)
	return work, func() { stop(); remove() }, nil
}

// makeFolder makes a folder to work in, in the one that was named if it is
// there and has room, else in the system's temporary folder, and tells how to
// remove it.
func (o *options) makeFolder(need int64, stderr io.Writer) (work string, remove func(), err error) {
	if why := unfit(o.Dir, need); why != "" {
		fmt.Fprintf(stderr, "%s: working in %s\n", why, os.TempDir())
		o.Dir = os.TempDir()
		if why := unfit(o.Dir, need); why != "" {
			return "", nil, fmt.Errorf("%s; -dir DIR names another folder, -n a smaller archive", why)
		}
	}
	if work, err = os.MkdirTemp(o.Dir, "stet-bench-"); err != nil {
		return "", nil, err
	}
	if o.Keep {
		fmt.Fprintln(stderr, "working in", work)
		return work, func() {}, nil
	}
	return work, func() { os.RemoveAll(work) }, nil
}

// unfit says why so many bytes cannot be written in a folder, "" if they can.
func unfit(dir string, need int64) string {
	if _, err := os.Stat(dir); err != nil {
		return fmt.Sprintf("there is no %s here", dir)
	}
	if free, known := freeBytes(dir); known && free < need {
		return fmt.Sprintf("%s has %.1f GB free, which is not enough: about %.1f GB are needed", dir, float64(free)/1e9, float64(need)/1e9)
	}
	return ""
}

// removeOnInterrupt clears the work folder, which may lie in memory, when the
// user breaks off; the function that it gives ends the watch.
func removeOnInterrupt(work string) (stop func()) {
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	go func() {
		if _, broken := <-interrupts; broken {
			os.RemoveAll(work)
			os.Exit(1)
		}
	}()
	return func() {
		signal.Stop(interrupts)
		close(interrupts)
	}
}

// title says above a table what was measured and where.
func (o *options) title(name string) string {
	return fmt.Sprintf("%s, %d runs each in %s, %d cores, %s/%s", name, o.Runs, filepath.Clean(o.Dir),
		runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
}
