package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// soakParts are what can be soaked, in order.
var soakParts = []string{"fuzz", "edits", "kills", "faults", "saves", "looks", "readers", "deploys"}

// stepsAtLeast is how many random edits one process makes at least, if they
// are shared out: a short walk does not come to every kind of edit.
const stepsAtLeast = 2500

// A soaking is a run of the long versions of the tests.
type soaking struct {
	Fuzztime      time.Duration
	Steps, Kills  int
	Faults, Saves int
	Readers       int
	Deploys       int
	Seed          uint64
	parts         []string

	name, dir string // of the module
	tmp       string // where the tests work
	stderr    io.Writer
	mutex     sync.Mutex // of stderr
}

// errStopped is what comes of a test that the user broke off.
var errStopped = errors.New("stopped")

// An outcome is what came of one test.
type outcome struct {
	what, many string
	took       time.Duration
	err        error
}

// runSoak is `bench soak`: what is run before an issue is closed.
func runSoak(args []string, stdout, stderr io.Writer) error {
	s := &soaking{stderr: stderr}
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("only", strings.Join(soakParts, ","), "which of these parts")
	flags.DurationVar(&s.Fuzztime, "fuzztime", 2*time.Minute, "for each fuzz target; compiled layouts have five times that")
	flags.IntVar(&s.Steps, "steps", 10000, "random edits")
	flags.IntVar(&s.Kills, "kills", 1000, "builds that are killed")
	flags.IntVar(&s.Faults, "faults", 1000, "damages to the cache, and builds that meet")
	flags.IntVar(&s.Saves, "saves", 300, "edits beside a running preview")
	flags.IntVar(&s.Readers, "readers", 10000, "comments and answers of readers, with a kill for each thousand")
	flags.IntVar(&s.Deploys, "deploys", 10000, "files that are sent to each kind of target, over connections that break, by processes that are killed")
	flags.Uint64Var(&s.Seed, "seed", 1, "where the random edits begin")
	dir := flags.String("dir", os.TempDir(), "where the tests work")
	rest, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	s.parts = strings.Split(*only, ",")
	for _, part := range s.parts {
		if !slices.Contains(soakParts, part) {
			return usageError(fmt.Sprintf("there is no part %q to soak; there are %s", part, strings.Join(soakParts, ", ")))
		}
	}
	if len(rest) > 0 || s.Fuzztime <= 0 || min(s.Steps, s.Kills, s.Faults, s.Saves, s.Readers, s.Deploys) < 1 {
		return usageError("usage: go run ./bench soak [-only fuzz,edits,kills,faults,saves,looks,readers,deploys] [-fuzztime 2m] [-steps 10000] [-kills 1000] [-faults 1000] [-saves 300] [-readers 10000] [-deploys 10000] [-seed 1] [-dir DIR]")
	}
	if s.name, s.dir, err = findModule(); err != nil {
		return err
	}
	if s.tmp, err = os.MkdirTemp(*dir, "stet-soak-"); err != nil {
		return err
	}
	defer os.RemoveAll(s.tmp)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	outcomes, err := s.run(ctx)
	if err := printOutcomes(stdout, outcomes); err != nil {
		return err
	}
	return errors.Join(err, verdictOf(outcomes))
}

// run runs the parts that were asked for; an error ends it before its time.
func (s *soaking) run(ctx context.Context) (all []outcome, err error) {
	for _, part := range soakParts {
		if !slices.Contains(s.parts, part) {
			continue
		}
		switch part {
		case "fuzz":
			targets, err := s.fuzzTargets(ctx)
			if err != nil {
				return all, err
			}
			for _, t := range targets {
				all = append(all, s.fuzz(ctx, t))
				if ctx.Err() != nil {
					break
				}
			}
		case "edits":
			all = append(all, s.edits(ctx)...)
		case "kills":
			all = append(all, s.long(ctx, longTest{what: "kills", pkg: "./cmd/stet", test: "TestKilled", many: s.Kills, unit: "kills",
				env: []string{"STET_KILLS=" + strconv.Itoa(s.Kills)}}))
		case "faults":
			for _, test := range []string{"TestDamagedCache", "TestTogether"} {
				all = append(all, s.long(ctx, longTest{what: "faults, " + test, pkg: "./cmd/stet", test: test, many: s.Faults, unit: "faults",
					env: []string{"STET_FAULTS=" + strconv.Itoa(s.Faults)}}))
			}
		case "saves":
			all = append(all, s.long(ctx, longTest{what: "saves", pkg: "./cmd/stet", test: "TestGalley", many: s.Saves, unit: "saves",
				env: []string{"STET_SAVES=" + strconv.Itoa(s.Saves)}}))
		case "looks":
			for _, test := range []string{"TestLook", "TestLargeLetters", "TestAxe"} {
				all = append(all, s.long(ctx, longTest{what: "looks, " + test, pkg: "./internal/build", test: test, many: 1, unit: "round", env: []string{"STET_LOOK=all"}}))
			}
		case "readers":
			all = append(all, s.long(ctx, longTest{what: "readers", pkg: "./internal/comments", test: "TestReadersKilled", many: s.Readers, unit: "comments",
				env: []string{"STET_READERS=" + strconv.Itoa(s.Readers)}}))
		case "deploys":
			all = append(all, s.long(ctx, longTest{what: "deploys", pkg: "./internal/deploy", test: "TestDeploys", many: s.Deploys, unit: "files",
				env: []string{"CI=true", "STET_DEPLOYS=" + strconv.Itoa(s.Deploys)}}))
		}
		if ctx.Err() != nil {
			return all, errStopped
		}
	}
	return all, nil
}

// edits shares the random edits out: a walk runs on one core, so each core has
// one, with a seed of its own.
func (s *soaking) edits(ctx context.Context) []outcome {
	walks := shares(s.Steps, runtime.NumCPU())
	outcomes := make([]outcome, len(walks))
	var wg sync.WaitGroup
	for i, steps := range walks {
		seed := s.Seed + uint64(i)
		wg.Go(func() {
			outcomes[i] = s.long(ctx, longTest{what: fmt.Sprintf("random edits, seed %d", seed), pkg: "./internal/build", test: "TestRandomEdits",
				many: steps, unit: "steps", env: []string{fmt.Sprintf("STET_STEPS=%d", steps), fmt.Sprintf("STET_SEED=%d", seed)}})
		})
	}
	wg.Wait()
	return outcomes
}

// shares divides steps among cores, so that none has too few.
func shares(steps, cores int) []int {
	n := max(1, min(cores, steps/stepsAtLeast))
	all := make([]int, n)
	for i := range all {
		all[i] = steps / n
	}
	all[0] += steps % n
	return all
}

// A longTest is a test that does more if the environment says so.
type longTest struct {
	what, pkg, test string
	env             []string
	many            int
	unit            string
}

// long runs a test in its long version.
func (s *soaking) long(ctx context.Context, t longTest) outcome {
	said, took, err := s.goTest(ctx, t.what, t.env, "-run", "^"+t.test+"$", "-count=1", "-v", t.pkg)
	return outcome{what: t.what, many: fmt.Sprintf("%d %s", t.many, t.unit), took: took, err: t.fault(said, err)}
}

// fault says what went wrong, and how to see it again. A test that was skipped,
// or is no more, is wrong too.
func (t longTest) fault(said string, err error) error {
	switch {
	case err == nil && strings.Contains(said, "--- PASS: "+t.test+" "), err == errStopped:
		return err
	case err == nil && strings.Contains(said, "--- SKIP: "+t.test+" "):
		err = errors.New("it was skipped")
	case err == nil:
		err = errors.New("it did not run")
	}
	return fmt.Errorf("%w; again: %s go test -run '^%s$' -count=1 -timeout 0 %s", err, strings.Join(t.env, " "), t.test, t.pkg)
}

// verdictOf is an error if anything went wrong, or nothing was run.
func verdictOf(outcomes []outcome) error {
	failed := 0
	for _, o := range outcomes {
		if o.err != nil && o.err != errStopped {
			failed++
		}
	}
	switch {
	case len(outcomes) == 0:
		return errors.New("nothing was run")
	case failed > 0:
		return fmt.Errorf("%d of %d failed", failed, len(outcomes))
	}
	return nil
}

// A fuzzTarget is a function that go test can fuzz.
type fuzzTarget struct{ pkg, name string }

var packageTested = regexp.MustCompile(`^ok\s+(\S+)`)

// fuzzTargets lists those of the whole module.
func (s *soaking) fuzzTargets(ctx context.Context) ([]fuzzTarget, error) {
	said, _, err := s.goTest(ctx, "list", nil, "-list", "^Fuzz", "./...")
	if err != nil {
		return nil, fmt.Errorf("listing the fuzz targets: %w", err)
	}
	targets := parseTargets(said)
	if len(targets) == 0 {
		return nil, errors.New("there is no fuzz target")
	}
	return targets, nil
}

// parseTargets reads what go test -list says: the names of a package, and then
// the package.
func parseTargets(said string) (targets []fuzzTarget) {
	var names []string
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "Fuzz") {
			names = append(names, line)
		} else if found := packageTested.FindStringSubmatch(line); found != nil {
			for _, name := range names {
				targets = append(targets, fuzzTarget{found[1], name})
			}
			names = nil
		}
	}
	return targets
}

// longer are targets that are given so many times the time of the others: of
// compiled layouts every page is made.
var longer = map[string]time.Duration{"FuzzCompiled": 5}

func (s *soaking) timeOf(t fuzzTarget) time.Duration { return s.Fuzztime * max(longer[t.name], 1) }

// fuzz fuzzes one target.
func (s *soaking) fuzz(ctx context.Context, t fuzzTarget) outcome {
	folder := strings.TrimPrefix(t.pkg, s.name+"/")
	o := outcome{what: "fuzz " + folder + " " + t.name}
	args := []string{"-run", "^$", "-fuzz", "^" + t.name + "$", "-fuzztime", s.timeOf(t).String(), "-fuzzminimizetime", "1x", t.pkg}
	said, took, err := s.goTest(ctx, o.what, nil, args...)
	o.took = took
	if err != nil && endedLate(said) {
		s.say(o.what, "the time's end was taken for a failure: once more")
		said, took, err = s.goTest(ctx, o.what, nil, args...)
		o.took += took
	}
	inputs := fuzzedInputs(said)
	o.many, o.err = fmt.Sprintf("%d inputs", inputs), err
	switch {
	case err == nil && inputs == 0:
		o.err = errors.New("no new input was tried: -fuzztime is too short for those that are known")
	case err != nil && err != errStopped:
		o.err = fmt.Errorf("%w; %s", err, failingInput(said, folder))
	}
	return o
}

var (
	lateLine  = regexp.MustCompile(`(?m)^ *context deadline exceeded\s*$`)
	realFault = regexp.MustCompile(`(?i)failing input|panic|hung|_test\.go:`)
	execsLine = regexp.MustCompile(`execs: (\d+)`)
	inputLine = regexp.MustCompile(`Failing input written to (\S+)`)
	seedLine  = regexp.MustCompile(`failure while testing seed corpus entry: (\S+)`)
)

// endedLate tells whether the time's end was all that went wrong: Go 1.26
// sometimes takes its own deadline for a failure (golang/go#75804, mended in
// 1.27). A failing input or a panic is never taken for that.
func endedLate(said string) bool { return lateLine.MatchString(said) && !realFault.MatchString(said) }

// fuzzedInputs is how many inputs were tried.
func fuzzedInputs(said string) int {
	all := execsLine.FindAllStringSubmatch(said, -1)
	if len(all) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(all[len(all)-1][1]) // digits
	return n
}

// failingInput says which input failed, and where it was written.
func failingInput(said, folder string) string {
	if found := inputLine.FindStringSubmatch(said); found != nil {
		return "the input is in " + filepath.ToSlash(filepath.Join(folder, found[1]))
	}
	if found := seedLine.FindStringSubmatch(said); found != nil {
		return "the input was there before: " + found[1]
	}
	return "no input was written"
}
