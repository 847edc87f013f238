package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// A command is one thing that the bench can do.
type command struct {
	name, about string
	run         func(args []string, stdout, stderr io.Writer) error
}

// commands are all that exist, in the order of the help.
var commands = []command{
	{"cold", "a first build, Stet and Hugo in turn  [-n 10000] [-dir /dev/shm] [-runs 3] [-seed 1] [-keep] [-json]", runCold},
	{"edits", "builds after a change, and what Hugo takes  [-n 10000] [-dir /dev/shm] [-runs 3] [-seed 1] [-keep] [-json] [-large]", runEdits},
	{"serve", "from an edit to the page that shows it, stet serve and hugo server  [-n 10000] [-dir /dev/shm] [-runs 20] [-seed 1] [-keep] [-json]", runServe},
	{"compare", "HUGO STET: whether two editions of the archive are the same", runCompare},
	{"corpus", "OUT N [-seed 1]: writes the archive of N articles alone", runCorpus},
	{"photos", "photographs of 24 megapixels to five widths: Stet, Hugo, libvips  [-n 60] [-dir /dev/shm] [-runs 3] [-seed 1] [-keep] [-json]", runPhotos},
	{"camera", "OUT N [-width 6000] [-seed 1]: writes such photographs alone", runCamera},
	{"deploy", "a first deploy and one of a single article to S3, stet deploy and rclone  [-n 10000] [-dir /dev/shm] [-runs 3] [-seed 1] [-keep] [-json]", runDeploy},
	{"soak", "the long versions of the tests  [-only fuzz,edits,kills] [-fuzztime 2m] [-steps 10000] [-kills 1000] [-seed 1] [-dir DIR]", runSoak},
}

// usageError is a call that cannot be understood: exit status 2.
type usageError string

// Error gives the text.
func (e usageError) Error() string { return string(e) }

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run does what the arguments say and gives the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		printUsage(stderr)
		return 2
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		err := c.run(args[1:], stdout, stderr)
		var usage usageError
		switch {
		case err == nil:
			return 0
		case errors.Is(err, flag.ErrHelp):
			return 0
		case errors.As(err, &usage):
			if usage != "" {
				fmt.Fprintln(stderr, usage)
			}
			return 2
		}
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		printUsage(stdout)
		return 0
	}
	fmt.Fprintf(stderr, "bench: there is no %q yet\n", args[0])
	printUsage(stderr)
	return 2
}

// printUsage lists what exists.
func printUsage(w io.Writer) {
	fmt.Fprintln(w, "usage: go run ./bench NAME [flags], NAME one of")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-8s %s\n", c.name, c.about)
	}
}

// parseAnywhere parses flags that may stand before, between or behind the
// other arguments, and gives these.
func parseAnywhere(flags *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := flags.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, usageError("") // flags has said what is wrong
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}
